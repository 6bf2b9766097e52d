import { setTimeout as sleep } from "node:timers/promises";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { draw } from "../options";
import { BULK_COMMANDS } from "./bulk";
import { CERTIFICATE_COMMANDS } from "./certificates";
import { CTL_COMMANDS } from "./ctl";
import { SYSTEM_COMMANDS } from "./system";
import { Interrupted, SessionClosed, type Terminal } from "./terminal";

export interface CommandContext {
  readonly cluster: LabCluster;
  readonly node: LabNode;
  readonly terminal: Terminal;
  /** Bytes that this node's TFTP serves, or null. */
  readonly served: (name: string) => Buffer | null;
  /** What a command on certificates takes of its time. */
  readonly work: () => Promise<void>;
}

export interface Command {
  /** Of the whole line, white space collapsed. */
  readonly pattern: RegExp;
  readonly run: (context: CommandContext, groups: { readonly [name: string]: string }) => Promise<void>;
}

/** Said to the user; the command ends. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

const COMMANDS: readonly Command[] = [
  ...CERTIFICATE_COMMANDS,
  ...BULK_COMMANDS,
  ...CTL_COMMANDS,
  ...SYSTEM_COMMANDS,
];

/** readline's answer to a vt100: a mode switch and a colour reset around the prompt. */
const PROMPT = "\x1b[?1034h\x1b[madmin:";

const WELCOME = `
   Welcome to the Platform Command Line Interface

VMware Installation:
	2 vCPU: Intel(R) Xeon(R) CPU E5-4669 v4 @ 2.20GHz
	Disk 1: 110GB, Partitions aligned
	6144 Mbytes RAM
`;

/** One administrator at the OS CLI, from the start-up message to the end of the connection. */
export async function runSession(
  context: CommandContext,
  record: (command: string) => boolean,
): Promise<void> {
  const { terminal, cluster } = context;
  try {
    await terminal.print("Command Line Interface is starting up, please wait ...");
    await sleep(draw(cluster.delays.cliBanner));
    await terminal.print(WELCOME);
    for (;;) {
      terminal.prompt(PROMPT);
      const line = await readCommand(terminal);
      if (line === "") continue;
      if (line === "quit" || line === "exit") return;
      if (!record(line)) return;
      terminal.beginCommand();
      await execute(line, context);
    }
  } catch (error) {
    if (!(error instanceof SessionClosed)) throw error;
  }
}

async function readCommand(terminal: Terminal): Promise<string> {
  try {
    return (await terminal.readLine()).trim().replace(/\s+/g, " ");
  } catch (error) {
    if (error instanceof Interrupted) return "";
    throw error;
  }
}

async function execute(line: string, context: CommandContext): Promise<void> {
  const { terminal } = context;
  for (const { pattern, run } of COMMANDS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    try {
      await run(context, match.groups ?? {});
    } catch (error) {
      if (error instanceof Interrupted) return;
      if (!(error instanceof CommandError)) throw error;
      await terminal.print(`${error.message}\nExecuted command unsuccessfully`);
    }
    return;
  }
  await terminal.print("Executed command unsuccessfully\nNo valid command entered");
}
