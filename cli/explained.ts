/** What the help of a command says behind its options. `docs/command-line.md` is made of the same (page.ts). */
import type { Command } from "commander";

export interface Explanation {
  /** What it reads, what it needs for that, and what it leaves alone. A paragraph each. */
  readonly about: readonly string[];
  /** Words of an option or of the output, with what they mean. */
  readonly words?: { readonly title: string; readonly rows: readonly (readonly [string, string])[] };
  readonly examples: readonly (readonly [line: string, says: string])[];
  /** When it ends with 0 and with 1; what is the same for all commands is in {@link STATUSES}. */
  readonly statuses: { readonly 0: string; readonly 1: string };
}

/** Exit statuses that mean the same whatever the command is. */
export const STATUSES = {
  2: "nothing was asked or written: the command line was not understood, or what the command needs is not there (where only some credentials are not set, others may have been used to read)",
  130: "ended by Ctrl-C (143: by SIGTERM, 129: by SIGHUP)",
} as const;

const explanations = new WeakMap<Command, Explanation>();

/** Adds it to the help of that command. */
export function explain(command: Command, explanation: Explanation): Command {
  explanations.set(command, explanation);
  return command.addHelpText("after", () => asText(command, explanation));
}

export const explanationOf = (command: Command): Explanation | undefined => explanations.get(command);

/** In the order of the numbers. */
const statusesOf = ({ statuses }: Explanation): readonly (readonly [string, string])[] =>
  Object.entries({ ...statuses, ...STATUSES });

/** Columns where nobody says how many there are, as for the options above it. */
const WIDTH = 80;

function asText(command: Command, explanation: Explanation): string {
  const { about, words, examples } = explanation;
  const help = command.createHelp();
  const width = process.stdout.isTTY ? process.stdout.columns : WIDTH;
  help.prepareContext({ helpWidth: width });
  const rows = (pairs: readonly (readonly [string, string])[]) => {
    const term = Math.max(...pairs.map(([name]) => name.length));
    return pairs.map(([name, meaning]) => help.formatItem(name, term, meaning, help));
  };
  return [
    ...about.flatMap((paragraph) => ["", help.boxWrap(paragraph, width)]),
    ...(words === undefined ? [] : ["", `${words.title}:`, ...rows(words.rows)]),
    "",
    "Examples:",
    ...examples.flatMap(([line, says]) => [`  ${line}`, `      ${says}`]),
    "",
    "Exit status:",
    ...rows(statusesOf(explanation)),
  ].join("\n");
}
