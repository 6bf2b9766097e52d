import { existsSync, readFileSync } from "node:fs";

/** What one process has used. */
export interface Usage {
  /** Milliseconds of processor time, start included. */
  readonly cpu: number;
  /** Greatest resident memory, in megabytes. */
  readonly megabytes: number;
}

/** A program that is another one, and notes what it has used when it ends. */
export const noting = (program: string, notes: string): string => `
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1000, megabytes: maxRSS / 1000 };
  require("node:fs").appendFileSync(${JSON.stringify(notes)}, JSON.stringify(usage) + "\\n");
});
require(${JSON.stringify(program)});
`;

export function usagesIn(notes: string): Usage[] {
  if (!existsSync(notes)) throw new Error("No process has noted what it used.");
  return readFileSync(notes, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Usage);
}
