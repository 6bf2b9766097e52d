/** From a clone to a reviewed plan, a move and the way back, by what the README says under "By hand, on the lab". */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Newcomer, type Said } from "./support/newcomer";

jest.setTimeout(600_000);

const ROOT = join(__dirname, "../..");
const TRANSCRIPT = join(ROOT, "docs/transcript.md");
const PAGE = readFileSync(join(ROOT, "README.md"), "utf8");
/** Up to where it goes back; the paths after that have journeys of their own. */
const SECTION = /^## By hand, on the lab\n(.*?)\*\*Or to the end\*\*/ms.exec(PAGE)![1]!;

type Step =
  | { readonly command: string }
  | { readonly leave: string }
  | { readonly insert: string }
  | { readonly words: string; readonly all: boolean };

/** Commands of blocks, edits of blocks, and what the sentences between them ask for, in their order. */
function steps(): Step[] {
  const PATTERN =
    /^```(?<language>\w+)\n(?<block>.*?)^```$|take `(?<out>SEP\w+)` out of `(?<list>[\w/.]+)`|write `"(?<word>\w+)"`(?<both> in both waves)?|`(?<inline>npx cdktf (?:deploy|destroy))`/gms;
  return [...SECTION.matchAll(PATTERN)].flatMap(({ groups }): Step[] => {
    const { language, block, out, word, both, inline } = groups!;
    if (out !== undefined) return [{ leave: out }];
    if (word !== undefined) return [{ words: word, all: both !== undefined }];
    if (inline !== undefined) return [{ command: inline }];
    const lines = block!.split("\n").filter((line) => line !== "");
    return language === "diff"
      ? lines.map((line) => ({ insert: line.slice(2) }))
      : lines.map((line) => ({ command: line.replace(/\s+#.*$/, "") }));
  });
}

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
      // There is nobody to type "yes".
      const asks = /cdktf (deploy|destroy)$/.test(step.command);
      const said = await newcomer.type(asks ? `${step.command} --auto-approve` : step.command);
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

test("docs/transcript.md is of these commands", () => {
  const written = [...readFileSync(TRANSCRIPT, "utf8").matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
  expect(written).toEqual(newcomer.transcript.map(({ command }) => command));
});

const HEAD = `# A newcomer's transcript

From a clone to a reviewed plan, a move and the way back, by what the [README](../README.md#by-hand-on-the-lab) says under "By hand, on the lab" and nothing else. A test types these commands into a copy of this repository (\`npm run test:journey -- newcomer\`), which also wrote this page; \`TRANSCRIPT=write\` writes it anew. Long answers are shortened.
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
