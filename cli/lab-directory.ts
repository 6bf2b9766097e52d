/** Where a lab keeps its files, and what is running there. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { isAlive, type PidFile, readPidFile } from "../lab/supervise/pidfile";
import { CommandError } from "./command-error";

export function directoryOption(command: Command): Command {
  return command.option("--dir <directory>", "the lab's directory; several labs can run at once", ".lab");
}

/** @throws CommandError when no lab runs there. */
export function runningLab(directory: string): PidFile {
  const found = readPidFile(resolve(directory));
  if (found === null || !isAlive(found.supervisor)) {
    throw new CommandError(`No lab runs in ${directory}. Start one with \`${upCommand(directory)}\`.`, 2);
  }
  return found;
}

export function upCommand(directory: string): string {
  return `npx phone-migration lab up${directory === ".lab" ? "" : ` --dir ${directory}`}`;
}
