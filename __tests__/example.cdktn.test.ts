/** The example of the repository, synthesised by cdktf and by its fork cdktn. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { version as ofFork } from "cdktn/package.json";
import { SITE } from "./site-fixture";

const ROOT = join(__dirname, "..");

let folder: string;
const { env } = process;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-cdktn-"));
  jest.spyOn(process, "cwd").mockReturnValue(ROOT);
});
afterAll(() => {
  process.env = env;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** @returns what it made: the declaration without its metadata, and those */
function synthesised(library: "cdktf" | "cdktn") {
  const outdir = join(folder, library);
  process.env = { ...env, LAB_SITE: join(folder, "site.json"), CDKTF_OUTDIR: outdir };
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify({ nullStandIn: "true" });
  delete process.env.TERRAFORM_BINARY_NAME;
  writeFileSync(join(folder, "site.json"), JSON.stringify(SITE));
  jest.isolateModules(() => {
    jest.doMock("cdktf", () => jest.requireActual(join(ROOT, "node_modules", library)));
    require("../main");
  });
  const stack = join(outdir, "stacks/headquarters");
  const { "//": about, ...declared } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8"));
  return { about, declared, lock: readFileSync(join(stack, ".terraform.lock.hcl"), "utf8") };
}

test("the tests of this suite have cdktn where they say `cdktf` (npm run test:cdktn)", () => {
  expect(new App({ outdir: join(folder, "app") }).node.tryGetContext("cdktfVersion")).toBe(ofFork);
});

test("both declare the same and lay the same lock; only the version of the tool differs", () => {
  const [ours, fork] = [synthesised("cdktf"), synthesised("cdktn")];
  expect(Object.keys(ours.declared).sort()).toEqual(["data", "provider", "resource", "terraform"]);
  expect(fork.declared).toEqual(ours.declared);
  expect(fork.lock).toBe(ours.lock);
  const versions = [ours, fork].map(({ about }) => about.metadata.version);
  expect(versions[0]).not.toBe(versions[1]);
  const rest = ({ metadata: { version: _, ...metadata }, ...about }: typeof ours.about) => ({
    ...about,
    metadata,
  });
  expect(rest(fork.about)).toEqual(rest(ours.about));
});
