/** From a clone to a reviewed plan, a move and the way back, by what the README says under "By hand, on the lab". */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { steps, typed } from "./support/by-hand";
import { Newcomer, type Said } from "./support/newcomer";

jest.setTimeout(900_000);

const ROOT = join(__dirname, "../..");
const TRANSCRIPT = join(ROOT, "docs/transcript.md");

/** What must be in the answer to a command the nth time that it is given. */
const EXPECTED: { readonly [command: string]: readonly string[] } = {
  "npx cdktf plan": ["Plan: 6 to add", "(move/pilot/option-150-", "will be updated in-place"],
  "npx cdktf deploy": ["6 added", "Apply complete!", "Apply complete!", "Apply complete!"],
  "npx phone-migration forecast": ["21 registers, 0 uncertain"],
  "npx phone-migration review": ["20 phones of wave hq move from the source to the destination"],
  "npx phone-migration status": ["did not follow"],
  "npx cdktf destroy": ["Phones are still on the destination", "Destroy complete!"],
};

const newcomer = new Newcomer();
afterAll(() => newcomer.close("npx phone-migration lab down"));

test("each of its lines does what it says", async () => {
  newcomer.clone();
  const given = new Map<string, number>();
  for (const step of steps()) {
    if ("leave" in step) newcomer.edit("waves/hq.csv", (text) => text.replace(`${step.leave}\n`, ""));
    else if ("insert" in step)
      newcomer.edit("main.ts", (text) => text.replace(/^( +)\{\n +name: "hq"/m, `$1${step.insert}\n$&`));
    else if ("words" in step)
      newcomer.edit("main.ts", (text) =>
        step.all
          ? text.replaceAll(/(registeredOn: )"\w+"/g, `$1"${step.words}"`)
          : text.replace(/(registeredOn: )"source"/, `$1"${step.words}"`),
      );
    else if (step.command.endsWith("lab up"))
      await newcomer.leaveRunning(step.command, "Ctrl-C ends the lab.");
    else {
      const said = await newcomer.type(typed(step.command));
      const nth = given.get(step.command) ?? 0;
      given.set(step.command, nth + 1);
      const expected = EXPECTED[step.command]?.[nth];
      process.stderr.write(`${new Date().toISOString()} ${step.command} ${said.status}\n`);
      if (expected !== undefined) expect(said.output).toContain(expected);
    }
  }
  // Nothing that the README names, and that is expected here, was left out.
  for (const [command, answers] of Object.entries(EXPECTED))
    expect([command, given.get(command)]).toEqual([command, answers.length]);
  if (process.env.TRANSCRIPT === "write") writeFileSync(TRANSCRIPT, page(newcomer.transcript));
});

const HEAD = `# A newcomer's transcript

From a clone to a reviewed plan, a move and the way back, by what the [README](../README.md#by-hand-on-the-lab) says under "By hand, on the lab" and nothing else. A test types these commands into a copy of this repository (\`npm run test:newcomer\`), which also wrote this page; \`TRANSCRIPT=write\` writes it anew. Long answers are shortened.
`;
const FIRST = 4;
const LAST = 26;

function page(transcript: readonly Said[]): string {
  const shown = transcript.map(({ command, output }) => {
    const lines = output
      .split("\n")
      .map((line) => line.replace(/^headquarters {2}|^ {14}/, "").trimEnd())
      .filter((line) => line !== "");
    const left = lines.length - FIRST - LAST;
    if (left > 1) lines.splice(FIRST, left, `... (${left} lines)`);
    return `\`\`\`console\n$ ${command}\n${lines.map((line) => `${line}\n`).join("")}\`\`\`\n`;
  });
  return [HEAD, ...shown].join("\n");
}
