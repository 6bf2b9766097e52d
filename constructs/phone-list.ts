import { readFileSync } from "node:fs";
import { DeclarationError } from "./configuration-error";

const DEVICE_NAME = /^(SEP|ATA)[0-9A-F]{12}$/;

/** What is wrong with a device name, and what to write; undefined when nothing is. */
export function deviceNameProblem(name: string): string | undefined {
  if (DEVICE_NAME.test(name)) return undefined;
  if (DEVICE_NAME.test(name.toUpperCase()))
    return `"${name}" has to be in upper case: ${name.toUpperCase()}.`;
  return `"${name}" is no device name. Write SEP and the twelve hex digits of the MAC address, e.g. SEP001122334455.`;
}

/**
 * A committed list of device names: the first field of every line, `#` starts a comment. Sorted.
 *
 * @throws DeclarationError that names the file and the line.
 */
export function csv(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new DeclarationError(
      missing
        ? `csv("${file}"): there is no such file, seen from ${process.cwd()}. Correct the path, or write the list of device names: npx phone-migration select --help.`
        : `csv("${file}"): cannot read the list of device names: ${error instanceof Error ? error.message : error}`,
    );
  }
  const lines = new Map<string, number>();
  text.split(/\r?\n/).forEach((line, i) => {
    const name = line.replace(/#.*/, "").split(/[,;]/)[0]!.trim();
    if (name === "") return;
    const problem = deviceNameProblem(name);
    if (problem) throw new DeclarationError(`${file}, line ${i + 1}: ${problem}`);
    const first = lines.get(name);
    if (first !== undefined)
      throw new DeclarationError(
        `${file}, line ${i + 1}: ${name} is listed twice, first in line ${first}. Remove one.`,
      );
    lines.set(name, i + 1);
  });
  return [...lines.keys()].sort();
}
