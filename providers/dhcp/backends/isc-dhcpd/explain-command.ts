import { decoded } from "../shown-text";
import type { CommandResult } from "./session";

/**
 * Why a command failed, in words. What dhcpd prints repeats lines of its configuration, which may hold keys: only
 * places are taken from it, and what it says of files that are ours.
 */
export function explainCommand({ status, output }: CommandResult, ours: readonly string[]): string {
  const ended = status === null ? "it was ended by a signal" : `it ended with status ${status}`;
  const lines = output.split("\n").map((line) => decoded(line.trim()));
  const said = [...new Set(lines.flatMap((line) => spoken(line, ours) ?? []))].slice(0, 5);
  return said.length === 0
    ? `${ended} (the log of that machine may say why)`
    : `${ended}: ${said.join("; ")}`;
}

const SAFE: readonly RegExp[] = [
  /^Can't open [^\s"]{1,200}: [A-Za-z ]{1,60}\.?$/,
  /^sudo: [\w ,.'():/-]{1,200}$/,
  /^Sorry, user \S{1,64} is not allowed to execute/,
  /^(?:\S{1,40} )?(?:line )?(?:\d+: )?\S{1,60}: (?:command )?not found$/,
  /^Failed to [\w ,.'():@-]{1,200}$/,
  /^(?:inactive|failed|activating|deactivating|unknown)$/,
];

function spoken(line: string, ours: readonly string[]): string | null {
  const [, file, number, message = ""] = /^(\/\S{1,200}) line (\d{1,9}): (.*)$/.exec(line) ?? [];
  if (file !== undefined)
    return ours.includes(file)
      ? `${file} line ${number}: ${message.slice(0, 100)}`
      : `${file} line ${number}`;
  if (/password is required/i.test(line))
    return "sudo asks for a password: sudoers must allow exactly this command without one (NOPASSWD)";
  return SAFE.some((safe) => safe.test(line)) ? line.slice(0, 200).replace(/\.$/, "") : null;
}
