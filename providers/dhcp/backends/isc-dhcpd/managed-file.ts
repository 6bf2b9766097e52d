/** The files that are ours: their names, what they say, and what becomes of them when a scope's answer changes. */
import type { Answer, Scope } from "../backend";
import { parseStatements, type Statement, StatementError } from "./statements";

/** What the files of every scope are called, in the include directory. */
export function fileNameOf(scope: Exclude<Scope, { kind: "reservation" }>): string {
  switch (scope.kind) {
    case "subnet":
      return `option150-${scope.subnet.replace("/", "-")}.conf`;
    case "pool":
      return `option150-${scope.pool}.conf`;
    case "shared-network":
      return `option150-network-${encodeURIComponent(scope.network)}.conf`;
    case "global":
      return "option150-global.conf";
  }
}
/** Within a host declaration that somebody else wrote. */
export const hostFileName = (mac: string) => `option150-${mac.replaceAll(":", "-")}.conf`;
/** Host declarations of our own. */
export const PILOTS_FILE = "pilots.conf";

const HEADER = "# Option 150 for Cisco phones. Written by phone-migration: do not edit.\n";
/** Larger ones are not ours. */
const LARGEST = 1024 * 1024;

/** How a scope's answer is kept in one file; texts are null where there is no file. */
export interface Keeping {
  /** The file's next text, with this answer. */
  write(before: string | null, name: string, answer: Answer): string;
  /** The file's next text, with this scope's part as it was. */
  restore(before: string | null, original: Original): string;
  original(text: string | null): Original;
  /** The words of the statements in the scope's part of a text that is ours. */
  options(text: string): readonly (readonly string[])[];
  /** Whether all of the file is ours to write. `isOption` tells a statement for option 150. */
  ours(text: string, isOption: (words: readonly string[]) => boolean): boolean;
}

/** The text of the scope's part; null when there was none. No more than that: what others write is not kept. */
export type Original = string | null;

const optionLine = (name: string, answer: Answer, indent = "") =>
  answer === "inherited" ? "" : `${indent}option ${name} ${answer.join(", ")};\n`;

/** A file of its own, included in the scope: one statement, or none. */
export const ownFile: Keeping = {
  write: (_before, name, answer) => HEADER + optionLine(name, answer),
  // dhcpd does not start without the file: where there was none, an empty one is as good.
  restore: (_before, original) => original ?? HEADER,
  original: (text) => text,
  options: (text) => (statementsOrNull(text) ?? []).map(({ words }) => words),
  ours: (text, isOption) =>
    statementsOrNull(text)?.every(({ words, block }) => block === null && isOption(words)) ?? false,
};

/** `host` declarations in a file that all phones share, each added and removed as a piece of text. */
export function pilotHost(mac: string): Keeping {
  const replaced = (before: string | null, part: string) => {
    const text = before ?? HEADER;
    const at = hostText(text, mac);
    if (at) return text.slice(0, at.start) + part + text.slice(at.end);
    return text === "" || text.endsWith("\n") ? text + part : `${text}\n${part}`;
  };
  return {
    write: (before, name, answer) =>
      replaced(
        before,
        answer === "inherited"
          ? ""
          : `host ${pilotName(mac)} {\n  hardware ethernet ${mac};\n${optionLine(name, answer, "  ")}}\n`,
      ),
    restore: (before, original) => replaced(before, original ?? ""),
    original(text) {
      const at = text === null ? null : hostText(text, mac);
      return at && text !== null ? text.slice(at.start, at.end) : null;
    },
    options: (text) =>
      (statementsOrNull(text) ?? [])
        .filter(({ words }) => words[1] === pilotName(mac))
        .flatMap(({ block }) => block ?? [])
        .map(({ words }) => words),
    ours: (text, isOption) => statementsOrNull(text)?.every((each) => isPilot(each, isOption)) ?? false,
  };
}

const pilotName = (mac: string) => `option150-${mac.replaceAll(":", "")}`;

/** Where our declaration of this phone stands, with the rest of its last line. */
function hostText(text: string, mac: string): { readonly start: number; readonly end: number } | null {
  const found = new RegExp(`^host ${pilotName(mac)}\\s*\\{[^{}]*\\}[ \\t]*\\n?`, "m").exec(text);
  return found && { start: found.index, end: found.index + found[0].length };
}

function isPilot({ words, block }: Statement, isOption: (words: readonly string[]) => boolean): boolean {
  const [host, name, ...more] = words;
  if (host !== "host" || !/^option150-[0-9a-f]{12}$/.test(name ?? "") || more.length > 0 || !block)
    return false;
  const [hardware, option, ...others] = block;
  if (!hardware || !option || others.length > 0 || hardware.block || option.block) return false;
  return (
    hardware.words.slice(0, 2).join(" ") === "hardware ethernet" &&
    pilotName(hardware.words[2] ?? "") === name &&
    isOption(option.words)
  );
}

function statementsOrNull(text: string): readonly Statement[] | null {
  if (text.length > LARGEST) return null;
  try {
    return parseStatements(text);
  } catch (error) {
    if (error instanceof StatementError) return null;
    throw error;
  }
}
