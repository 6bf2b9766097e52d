/** What a mistake in a declaration looks like to who runs `cdktf synth`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { ConfigurationError, DeclarationError } from "../../constructs/configuration-error";

const ROOT = join(__dirname, "../..");
const PRELOAD = join(ROOT, "scripts/plain-errors.mjs");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-plain-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function thrown(error: string) {
  const file = join(folder, "main.mjs");
  writeFileSync(file, `throw ${error}`);
  const { status, stderr } = spawnSync(process.execPath, ["--import", PRELOAD, file], { encoding: "utf8" });
  return { status, said: stderr.trimEnd() };
}

test("the stack of a mistake is only its message", () => {
  const stack = new TerraformStack(new App(), "hq");
  const error = new ConfigurationError(
    stack,
    'Wave "a": registeredOn is "destinaton".',
    "Write one of the two.",
  );
  const message = '[hq] Wave "a": registeredOn is "destinaton". Write one of the two.';
  expect(error).toMatchObject({ message, stack: `ConfigurationError: ${message}` });
  expect(new DeclarationError("a.csv, line 3: no")).toMatchObject({
    stack: "DeclarationError: a.csv, line 3: no",
  });
});

test("it is printed alone; any other error with its stack", () => {
  const plain = thrown(
    'Object.assign(new Error("[hq] no."), { name: "ConfigurationError", stack: "ConfigurationError: [hq] no." })',
  );
  expect(plain).toEqual({ status: 1, said: "[hq] no." });
  const other = thrown('new TypeError("a bug")');
  expect(other.status).toBe(1);
  expect(other.said).toMatch(/^TypeError: a bug\n\s+at /);
});

test("cdktf loads it before the declaration", () => {
  const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8"));
  expect(app).toMatch(/--import \.\/scripts\/plain-errors\.mjs main\.ts$/);
});
