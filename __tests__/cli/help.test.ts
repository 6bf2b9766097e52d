/** Every command explains itself, and docs/command-line.md says the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { explanationOf, STATUSES } from "../../cli/explained";
import { commandLine } from "../../cli/main";
import { commandLinePage } from "../../cli/page";

interface Found {
  readonly path: string;
  readonly command: Command;
}

const below = (path: string, command: Command): readonly Found[] => [
  { path, command },
  ...command.commands.flatMap((one) => below(`${path} ${one.name()}`, one)),
];
const COMMANDS = below("phone-migration", commandLine());
const LEAVES = COMMANDS.filter(({ command }) => command.commands.length === 0);

/** As `--help` prints it. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.replaceAll(/\s+/g, " ");
}

test("all commands are found", () => {
  expect(LEAVES.length).toBeGreaterThan(11);
  expect(COMMANDS.length - LEAVES.length).toBe(3);
});

describe.each(COMMANDS)("$path", ({ path, command }) => {
  const explanation = explanationOf(command)!;
  const help = helpOf(command);

  test("says what it does, what it reads and leaves alone, and when it ends with which status", () => {
    expect(command.description().length).toBeGreaterThan(20);
    const { about, statuses } = explanation;
    for (const part of [...about, ...Object.values(statuses), ...Object.values(STATUSES)])
      expect(help).toContain(part);
    if (command.commands.length === 0)
      expect(about.join(" ")).toMatch(/no device is changed|nothing is changed|nothing else is reached/i);
  });

  test("describes each argument and each option, and what counts without it", () => {
    const { options, registeredArguments } = command;
    for (const argument of registeredArguments) {
      expect([argument.name(), argument.description.length > 4]).toEqual([argument.name(), true]);
      if (!argument.required) expect(argument.description).toContain("(default: ");
    }
    for (const option of options) {
      expect([option.flags, option.description.length > 4]).toEqual([option.flags, true]);
      const said = command.createHelp().optionDescription(option);
      if (!option.isBoolean() && !option.mandatory)
        expect([option.flags, said]).toEqual([
          option.flags,
          expect.stringMatching(/\(default: [^[\])]+.*\)/),
        ]);
      expect(help).toContain(option.flags);
    }
  });

  test("has examples that call it, with options that there are", () => {
    expect(explanation.examples.length).toBeGreaterThan(0);
    for (const [line, says] of explanation.examples) {
      expect(line).toContain("npx phone-migration ");
      expect(help).toContain(`${line} ${says}`.replaceAll(/\s+/g, " "));
      if (command.commands.length > 0) continue;
      expect(line).toContain(`npx ${path}`);
      const known = command.options.map(({ long }) => long);
      expect(known).toEqual(expect.arrayContaining(line.match(/--[a-z0-9-]+/g) ?? []));
    }
  });
});

test("times and sizes have their unit", () => {
  const values = LEAVES.flatMap(({ path, command }) =>
    command.options.map((option) => ({ flags: `${path} ${option.flags}`, description: option.description })),
  );
  const measured = values.filter(({ flags }) => /<(seconds|percentage|number|time|bytes)>/.test(flags));
  expect(measured.length).toBeGreaterThan(5);
  expect(
    measured.filter(({ description }) => !/seconds|hundred|how many|clock|up to this one/.test(description)),
  ).toEqual([]);
});

test("docs/command-line.md is made of it", () => {
  const page = readFileSync(join(__dirname, "../../docs/command-line.md"), "utf8");
  expect(page).toBe(commandLinePage(commandLine()));
  for (const { path } of LEAVES) expect(page).toContain(`\n## ${path.replace("phone-migration ", "")}\n`);
});
