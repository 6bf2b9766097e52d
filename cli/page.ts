/** `docs/command-line.md`, made of the declarations that make the help. */
import type { Command } from "commander";
import { type Explanation, explanationOf, STATUSES } from "./explained";

export function commandLinePage(program: Command): string {
  const commands = leavesOf(program, []);
  const all = explanationOf(program)!;
  return `${[
    "# The command line",
    "",
    "Made by `npm run generate` from what `npx phone-migration COMMAND --help` is made from. Never edit it.",
    "",
    ...all.about.flatMap((paragraph) => [escaped(paragraph), ""]),
    "| Command | |",
    "|---|---|",
    ...commands.map(({ name, command }) => row(`[\`${name}\`](#${anchor(name)})`, says(command))),
    "",
    "## Exit status",
    "",
    "| Command | 0 | 1 |",
    "|---|---|---|",
    ...commands.map(({ name, explanation: { statuses } }) =>
      row(code(name), said(statuses[0]), said(statuses[1])),
    ),
    "",
    ...Object.entries(STATUSES).map(
      ([status, meaning]) => `- ${status}, of every command: ${escaped(meaning)}.`,
    ),
    "",
    ...commands.flatMap(section),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

interface Documented {
  /** Without the program's. */
  readonly name: string;
  readonly command: Command;
  readonly explanation: Explanation;
}

function leavesOf(command: Command, path: readonly string[]): readonly Documented[] {
  if (command.commands.length > 0)
    return command.commands.flatMap((one) => leavesOf(one, [...path, one.name()]));
  return [{ name: path.join(" "), command, explanation: explanationOf(command)! }];
}

function section({ name, command, explanation }: Documented): string[] {
  const { about, words, examples } = explanation;
  const help = command.createHelp();
  const of = (title: string, rows: readonly string[]) =>
    rows.length === 0 ? [] : [`| ${title} | |`, "|---|---|", ...rows, ""];
  return [
    `## ${name}`,
    "",
    `${capital(escaped(command.description()))}.`,
    "",
    "```sh",
    `phone-migration ${name} ${command.usage()}`,
    "```",
    "",
    ...of(
      "Argument",
      command.registeredArguments.map((one) =>
        row(code(help.argumentTerm(one)), said(help.argumentDescription(one))),
      ),
    ),
    ...of(
      "Option",
      command.options.map((one) => row(code(help.optionTerm(one)), said(help.optionDescription(one)))),
    ),
    ...about.flatMap((paragraph) => [escaped(paragraph), ""]),
    ...(words === undefined
      ? []
      : of(
          words.title,
          words.rows.map(([word, meaning]) => row(code(word), said(meaning))),
        )),
    "```sh",
    ...examples.flatMap(([line, meaning]) => [`# ${meaning}`, line]),
    "```",
    "",
  ];
}

const says = (command: Command) => said(command.description());
const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const code = (text: string) => `\`${text}\``;
const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase());
const anchor = (name: string) => name.replaceAll(" ", "-");

/** Text for a cell. */
const said = (text: string) => escaped(text).replaceAll("|", "\\|");

/** What would be markup, outside code. */
const escaped = (text: string) =>
  text.replace(/`[^`]*`|[<*_]/g, (found) => (found.length > 1 ? found : `\\${found}`));
