/** Ends the lab of a directory, also one whose supervisor was killed and left its children behind. */
import { rmSync } from "node:fs";
import { forgetLab } from "./supervise/directory";
import { endProcess, isAlive, readPidFile, removePidFile } from "./supervise/pidfile";

/** @returns the names of the processes that were still there; empty when there was no lab */
export async function takeDown(directory: string): Promise<string[]> {
  const found = readPidFile(directory);
  if (found === null) return [];
  const all = [found.supervisor, ...found.children];
  const alive = all.filter(isAlive).map((one) => one.name);
  // The supervisor ends its children itself; afterwards nothing should be left.
  for (const one of all) await endProcess(one);
  for (const place of found.temporary) rmSync(place, { recursive: true, force: true });
  forgetLab(directory);
  removePidFile(directory);
  return alive;
}
