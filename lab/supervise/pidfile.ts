/** Which processes a lab consists of, on disk, so that another process can end them: `lab.pid`. */
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A number alone may belong to another process by now; with its start time it is that one. */
export interface ProcessMark {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

export interface PidFile {
  readonly supervisor: ProcessMark;
  readonly children: readonly ProcessMark[];
  /** Directories outside the lab's own that go when it ends. */
  readonly temporary: readonly string[];
}

const FILE = "lab.pid";

export function mark(name: string, pid: number): ProcessMark {
  return { name, pid, started: startOf(pid) ?? "" };
}

export function isAlive(one: ProcessMark): boolean {
  const started = startOf(one.pid);
  return started !== null && started === one.started;
}

export function readPidFile(directory: string): PidFile | null {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), "utf8")) as PidFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new Error(`${join(directory, FILE)} cannot be read: ${(error as Error).message}`);
  }
}

export function writePidFile(directory: string, content: PidFile): void {
  const file = join(directory, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removePidFile(directory: string): void {
  rmSync(join(directory, FILE), { force: true });
}

/** Asks with SIGTERM, insists with SIGKILL; returns when it is gone. Only ever that very process. */
export async function endProcess(one: ProcessMark, patience = 10_000): Promise<void> {
  const until = Date.now() + patience;
  for (let signal: NodeJS.Signals | null = "SIGTERM"; isAlive(one); ) {
    if (signal !== null) send(one.pid, signal);
    signal = null;
    await new Promise((wait) => setTimeout(wait, 50));
    if (Date.now() > until) {
      send(one.pid, "SIGKILL");
      await new Promise((wait) => setTimeout(wait, 200));
      return;
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** When a process started, in the system's own words; null when there is none (or it has ended and is not collected). */
function startOf(pid: number): string | null {
  try {
    // The name in the second field may hold spaces and parentheses; the fields after it do not.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? null : fields[19]!;
  } catch {
    if (process.platform === "linux") return null;
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}
