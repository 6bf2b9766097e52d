/** Runs of a core that end in `kill -9` right after a write, and what they leave behind. Linux: reads /proc. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Output } from "../../../providers/framework/testing/run";
import type { Workspace } from "../../../providers/framework/testing/workspace";
import type { Write, WriteLog } from "./recording-proxy";

/** `provider` is the process that made the write; `core` leaves its providers orphaned. */
export type Victim = "provider" | "core";

export interface Interrupted {
  /** The write after which it was killed; null when it ran to its end. */
  readonly after: Write | null;
  /** All that were made, also by an orphan after the kill. */
  readonly writes: readonly Write[];
  readonly output: Output;
  /** Whether the core left the file that says who holds the state's lock. */
  readonly lockInfo: boolean;
}

export interface Interruption {
  readonly args: readonly string[];
  readonly victim: Victim;
  /** Whether this write is the last one that is to happen. */
  readonly when: (write: Write, index: number) => boolean;
  /** At each write, before its answer goes back. */
  readonly look: (write: Write) => Promise<void>;
}

/** How long an orphan may need to notice, on a busy machine. */
const ORPHAN_MS = 10_000;

/** @throws Error when a provider still runs some seconds after its core is gone */
export async function interrupt(
  workspace: Workspace,
  log: WriteLog,
  { args, victim, when, look }: Interruption,
): Promise<Interrupted> {
  await workspace.init();
  const running = workspace.start(args);
  let after: Write | null = null;
  let problem: unknown = null;
  log.restart(async (write, index) => {
    try {
      await look(write);
      if (after !== null || !when(write, index)) return;
      after = write;
      const pids = victim === "core" ? [running.process.pid!] : providersOf(workspace, write.by);
      if (pids.length === 0) throw new Error(`no process to kill after ${write.words}`);
      for (const pid of pids) process.kill(pid, "SIGKILL");
      if (victim === "provider") log.bury(write.by);
      // The answer must find nobody.
      await gone(() => pids.filter(isAlive), 5000);
    } catch (error) {
      problem ??= error;
    }
  });
  const output = await running.output;
  await gone(() => providersOf(workspace), ORPHAN_MS);
  if (problem !== null) throw problem;
  const lockInfo = existsSync(join(workspace.folder, ".terraform.tfstate.lock.info"));
  return { after, writes: log.list, output, lockInfo };
}

async function gone(alive: () => readonly number[], patience: number): Promise<void> {
  for (const until = Date.now() + patience; alive().length > 0; await sleep(10))
    if (Date.now() > until) throw new Error(`still running after ${patience} ms: ${alive().join(", ")}`);
}

/** Providers run in the folder of the core that starts them, also when it has gone. */
export function providersOf(workspace: Workspace, name = ""): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (!command.includes(`terraform-provider-${name}`)) return false;
        return readlinkSync(`/proc/${pid}/cwd`) === workspace.folder;
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return false;
      }
    })
    .map(Number);
}

/** A process that has ended but was not collected yet is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
