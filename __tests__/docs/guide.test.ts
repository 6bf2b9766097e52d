/** What docs/guide.md shows: declarations that compile and synthesise, output that is real, commands that exist. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { run } from "../cli/command";
import { asStack, blocksOf, compiled, programFolder, ROOT, read, withPins } from "./pages";

const PAGE = read("docs/guide.md");
const of = (language: string) => blocksOf(PAGE).filter((block) => block.language === language);

/** The program after each block: a statement takes the place of the one before it that declares the same. */
function programs(): readonly string[] {
  const statements = new Map<string, string>();
  return of("ts").map(({ text }) => {
    for (const statement of text.split(/^(?=const |new )/m)) {
      const [name] = /^(const \w+|new \w+)/.exec(statement)!;
      statements.set(name, statement);
    }
    return withPins([...statements.values()].join(""));
  });
}

let folder: string;
beforeAll(() => {
  folder = programFolder();
  for (const [i, program] of programs().entries())
    writeFileSync(join(folder, `program-${i}.ts`), asStack(program));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("its declarations compile, as strictly as ours", () => {
  expect(compiled(folder)).toEqual({ stdout: "", status: 0 });
}, 60_000);

test.each(programs().map((_, i) => i))("the declaration after piece %i is accepted", (i) => {
  jest.spyOn(process, "cwd").mockReturnValue(ROOT);
  const { Headquarters } = require(join(folder, `program-${i}.ts`)) as {
    Headquarters: new (...args: ConstructorParameters<typeof TerraformStack>) => TerraformStack;
  };
  expect(Testing.synth(new Headquarters(Testing.app(), "headquarters"), true)).toContain('"cucm_cluster"');
  jest.restoreAllMocks();
});

test("its output is that of the demo, of the golden reviews, of the other pages and of the tests of status", () => {
  const golden = readdirSync(join(ROOT, "__tests__/cli/review/golden"));
  const real = [
    "README.md",
    "docs/verify.md",
    "docs/review.md",
    "__tests__/cli/status.test.ts",
    ...golden.map((name) => `__tests__/cli/review/golden/${name}`),
  ].flatMap((path) => read(path).split("\n"));
  const shown = of("text").flatMap(({ text }) => text.trimEnd().split("\n"));
  expect(shown.length).toBeGreaterThan(20);
  // A row of a table may end early.
  const cut = (line: string) => (line.startsWith("| ") ? line.replace(/ \|$/, "") : line);
  expect(shown.filter((line) => !real.some((one) => one.includes(cut(line))))).toEqual([]);
});

test("its commands exist, with the options that it gives them", async () => {
  const commands = [...PAGE.matchAll(/npx phone-migration ((?:[a-z-]+ ?)+)([^`\n]*)/g)].map(
    ([, words, rest]) => ({
      words: words!.trim().split(" "),
      options: `${words}${rest}`.match(/--[a-z-]+/g) ?? [],
    }),
  );
  expect(commands.length).toBeGreaterThan(8);
  for (const { words, options } of commands) {
    const out: string[] = [];
    const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      out.push(String(text));
      return true;
    });
    const path = words.slice(0, words[0] === "tvs" ? 2 : 1);
    const { status } = await run(...path, "--help");
    write.mockRestore();
    expect({ words, status }).toEqual({ words, status: 0 });
    expect(out.join("")).toContain(`Usage: phone-migration ${path.join(" ")} `);
    expect(options.filter((option) => !out.join("").includes(option))).toEqual([]);
  }
});

test("the options that its sentences name are options of the constructs", () => {
  const constructs = readdirSync(join(ROOT, "constructs"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => read(`constructs/${name}`))
    .join("\n");
  const prose = PAGE.replaceAll(/^```.*?^```$/gms, "");
  const named = [...prose.matchAll(/`([a-z]+[A-Z]\w*|method|evidence|limits)(?:: [^`]*)?`/g)].map(
    ([, name]) => name!,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !new RegExp(`readonly ${name}\\??:`).test(constructs))).toEqual([]);
});

test("its links lead somewhere", () => {
  const anchors = (path: string) =>
    [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
  const links = [...PAGE.matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)];
  expect(links.length).toBeGreaterThan(5);
  for (const [link, path, anchor] of links) {
    const target = path === "" ? "docs/guide.md" : join("docs", path!);
    expect([link, ...anchors(target)]).toEqual(expect.arrayContaining(anchor === "" ? [] : [anchor]));
  }
});
