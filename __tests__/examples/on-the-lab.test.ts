/** An example on the lab, from the example's own folder: the lab is where its env.sh says. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SITE } from "../site-fixture";

const PROGRAM = join(__dirname, "../../examples/on-the-lab.ts");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-on-the-lab-"));
  writeFileSync(join(folder, "providers.tf"), 'provider "cucm" {\n  clusters = {}\n}\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function onTheLab(environment: { readonly [name: string]: string }) {
  const { LAB_SITE: _, NODE_OPTIONS: __, ...env } = process.env;
  const args = ["--import", require.resolve("tsx"), PROGRAM];
  return spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...env, ...environment },
    encoding: "utf8",
  });
}

test("LAB_SITE leads to the lab", () => {
  const site = join(folder, "site.json");
  writeFileSync(site, JSON.stringify(SITE));
  const { status, stderr } = onTheLab({ LAB_SITE: site });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { provider } = JSON.parse(readFileSync(join(folder, "lab_override.tf.json"), "utf8"));
  expect(provider.cucm.clusters.source.publisher).toBe(SITE.source.publisher);
}, 30_000);

test("without a lab it says in one line what to do", () => {
  const { status, stderr } = onTheLab({});
  expect(status).toBe(1);
  expect(stderr).toMatch(/^No lab to declare .*npx phone-migration lab up.*\.lab\/env\.sh.*LAB_SITE.*\n$/);
}, 30_000);
