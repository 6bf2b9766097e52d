/** Programs and pieces of them on the other pages than the guide: they compile, and what is whole is synthesised. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { asStack, blocksOf, compiled, programFolder, ROOT, read, withPins } from "./pages";

/** docs/guide.md and the framework's README have tests of their own. */
const PAGES = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "guide.md")
    .map((name) => `docs/${name}`),
  ...readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `examples/${name}`),
];
const shown = PAGES.flatMap((page) =>
  blocksOf(read(page))
    .filter(({ language }) => language === "ts" || language === "typescript")
    .map(({ text }, i) => ({ name: `${page.replaceAll(/\W+/g, "-")}-${i}`, text: withPins(text) })),
);
const whole = shown.filter(({ text }) => text.includes("new App("));
const pieces = shown.filter(({ text }) => !text.includes("new App("));

let folder: string;
beforeAll(() => {
  // What synth lays has to be there.
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "terraform-provider"], {
    stdio: "ignore",
  });
  folder = programFolder();
  for (const { name, text } of whole) writeFileSync(join(folder, `${name}.ts`), text);
  for (const { name, text } of pieces) writeFileSync(join(folder, `${name}.ts`), asStack(text));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the program of the README is among them, and pieces of other pages", () => {
  expect(whole.map(({ name }) => name)).toEqual(["README-md-0"]);
  expect(pieces.map(({ name }) => name)).toEqual([
    "docs-ios-xe-md-0",
    "docs-isc-dhcpd-md-0",
    "docs-review-md-0",
  ]);
});

test("all of them compile, as strictly as ours", () => {
  expect(compiled(folder)).toEqual({ stdout: "", status: 0 });
}, 60_000);

test.each(pieces)("$name is accepted", ({ name }) => {
  const { Headquarters } = require(join(folder, `${name}.ts`)) as {
    Headquarters: new (...args: ConstructorParameters<typeof TerraformStack>) => TerraformStack;
  };
  const declared = name.startsWith("docs-review") ? '"dynamodb_table"' : '"dhcp"';
  expect(Testing.synth(new Headquarters(Testing.app(), "headquarters"), true)).toContain(declared);
});

test.each(whole)(
  "$name is synthesised as it stands",
  ({ name, text }) => {
    for (const [i, [, list]] of [...text.matchAll(/csv\("(.+?)"\)/g)].entries()) {
      mkdirSync(dirname(join(folder, list!)), { recursive: true });
      writeFileSync(join(folder, list!), `SEP00000000000${i}\n`);
    }
    for (const [, file] of text.matchAll(/readFileSync\("(.+?)"/g)) writeFileSync(join(folder, file!), "CA");
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", `${name}.ts`], {
      cwd: folder,
      env: { PATH: process.env.PATH, CDKTF_OUTDIR: "out" },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [stack] = readdirSync(join(folder, "out/stacks"));
    const json = readFileSync(join(folder, "out/stacks", stack!, "cdk.tf.json"), "utf8");
    expect(Object.keys(JSON.parse(json).resource.cucm_phone_registration)).toHaveLength(2);
    expect(existsSync(join(folder, "out/stacks", stack!, "terraform.d/plugins"))).toBe(true);
  },
  60_000,
);
