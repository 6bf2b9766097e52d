import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { synthAge } from "../../cli/synth-age";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-age-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("it says how old the declaration is, and warns when what it was made from is newer", () => {
  const stack = join(folder, "project/cdktf.out/stacks/hq");
  const project = (name: string, text: string, minutes: number) => {
    const path = join(folder, "project", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const at = new Date(Date.now() - minutes * 60_000);
    utimesSync(path, at, at);
  };
  project("cdktf.out/stacks/hq/cdk.tf.json", "{}", 90);
  project("cdktf.json", JSON.stringify({ app: "node --import tsx site.ts" }), 1);
  project("site.ts", 'import { hq } from "./sites/hq";\nimport "cdktf";', 100);
  project("sites/hq.ts", 'export const hq = csv("waves/hq.csv");', 100);
  project("waves/hq.csv", "SEP001122334401", 100);
  project("main.ts", "", 1);
  const age = () => synthAge(stack, join(folder, "project"));
  const says =
    "This is the declaration in cdktf.out/stacks/hq, 1 hour old; run `npx cdktf synth` to refresh it.";
  expect(age()).toEqual([says]);
  project("waves/hq.csv", "SEP001122334401", 80);
  project("sites/hq.ts", 'export const hq = csv("waves/hq.csv");', 80);
  expect(age()).toEqual([says, "Warning: sites/hq.ts, waves/hq.csv are newer than that declaration."]);
  project("waves/hq.csv", "SEP001122334401", 100);
  project("sites/hq.ts", 'import { readSite } from "../lab/site";', 100);
  project("lab/site.ts", "", 100);
  project(".lab/site.json", "{}", 80);
  expect(age()).toEqual([says, "Warning: .lab/site.json is newer than that declaration."]);
});

test("a file beside the declaration makes it no younger, and of HCL nothing is said", () => {
  const stack = join(folder, "cdktf.out/stacks/hq");
  mkdirSync(stack, { recursive: true });
  const file = (path: string, minutes: number) => {
    writeFileSync(path, "{}");
    const at = new Date(Date.now() - minutes * 60_000);
    utimesSync(path, at, at);
  };
  file(join(stack, "cdk.tf.json"), 90);
  file(join(folder, "main.ts"), 80);
  file(join(stack, "lab_override.tf.json"), 1);
  expect(synthAge(stack, folder).at(-1)).toBe("Warning: main.ts is newer than that declaration.");
  rmSync(join(stack, "cdk.tf.json"));
  file(join(stack, "providers.tf"), 90);
  expect(synthAge(stack, folder)).toEqual([]);
});
