/** What `phone-migration select` asks a core, and the list that it writes; the core is a script. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csv } from "../../constructs";
import { run } from "./command";

const [ONE, TWO, THREE] = ["SEP001122334401", "SEP001122334402", "SEP001122334403"] as const;

const wave = (source: string) => ({
  "//": { metadata: { path: "headquarters/move/hq/registration" } },
  source,
  destination: "new",
  phones: [ONE],
  registered_on: "source",
});
const DECLARED = {
  terraform: { required_providers: { cucm: { source: "x/y/cucm", version: "1" } } },
  provider: { cucm: [{ clusters: { old: { publisher: `\${var.publisher}` }, new: {} } }] },
  variable: { publisher: {}, other: {} },
  resource: { cucm_phone_registration: { hq: wave("old") } },
};

let folder: string;
const env = process.env;
const at = (name: string) => join(folder, name);
const declare = (declared: object) => writeFileSync(at("stack/cdk.tf.json"), JSON.stringify(declared));
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pm-select-")));
  mkdirSync(at("stack"));
  declare(DECLARED);
  process.env = { ...env, TERRAFORM_BINARY_NAME: at("core") };
});
afterEach(() => {
  process.env = env;
  rmSync(folder, { recursive: true });
});

const CORE = `#!/bin/sh
here=$(dirname "$0")
cp asked.tf.json "$here/laid.json"
if [ "$1" = show ]; then cat "$here/plan.json"; fi
`;
const AGE = /^This is the declaration in .*stack, .* old; run `npx cdktf synth` to refresh it\.\n?/;

async function selected(names: readonly string[], more: object, ...args: string[]) {
  const value = { names, unplaced: [], unfit: [], silent: [], ...more };
  writeFileSync(at("plan.json"), JSON.stringify({ planned_values: { outputs: { selection: { value } } } }));
  writeFileSync(at("core"), CORE, { mode: 0o755 });
  const ran = await run("select", "--folder", at("stack"), ...args);
  return { ...ran, err: ran.err.replace(AGE, "") };
}
const laid = () => JSON.parse(readFileSync(at("laid.json"), "utf8"));
const asked = () => laid().data.cucm_phones.selection;

test("asks the cluster that the waves leave, with what is given and nothing else", async () => {
  writeFileSync(at("pilot.csv"), `# pilots\n${TWO}\n`);
  writeFileSync(at("other.csv"), `${THREE}, second floor\n`);
  const given = [
    "--device-pool",
    "HQ",
    "--device-pool",
    "Lobby",
    "--model",
    "Cisco 8861",
    "--subnet",
    "10.1.20.0/24",
  ];
  const lists = ["--exclude", at("pilot.csv"), at("other.csv")];
  const { status, err } = await selected(
    [ONE],
    {},
    ...given,
    "--name",
    "SEP*",
    "--percentage",
    "10",
    ...lists,
  );
  expect([status, err]).toEqual([0, ""]);
  expect(laid()).toEqual({
    terraform: DECLARED.terraform,
    provider: DECLARED.provider,
    variable: { publisher: {} },
    data: {
      cucm_phones: {
        selection: {
          cluster: "old",
          device_pools: ["HQ", "Lobby"],
          models: ["Cisco 8861"],
          subnets: ["10.1.20.0/24"],
          name: "SEP*",
          percentage: 10,
          exclude: [TWO, THREE],
        },
      },
    },
    output: { selection: { value: `\${data.cucm_phones.selection}` } },
  });
  await selected([ONE], {}, "--cluster", "new");
  expect(asked()).toEqual({ cluster: "new" });
});

test("what it prints is a list that csv() reads, with how it was made and no time", async () => {
  const args = ["--device-pool", "HQ's pool", "--subnet", "10.1.20.0/24"];
  const { out } = await selected([TWO, ONE], {}, ...args);
  expect(out.split("\n")).toEqual([
    "# Written by phone-migration select, which may write it again: what is added by hand is lost then.",
    "# phone-migration select --cluster old --device-pool 'HQ'\\''s pool' --subnet 10.1.20.0/24",
    '# 2 phones of cluster "old".',
    ONE,
    TWO,
  ]);
  writeFileSync(at("list.csv"), out);
  expect(csv(at("list.csv"))).toEqual([ONE, TWO]);
});

test("no argument reaches a line of its own", async () => {
  const { out } = await selected([ONE], {}, "--device-pool", "HQ\nSEP0011223344FF");
  expect(out.split("\n")).toHaveLength(4);
});

test("phones that the list lacks are told by number and name, beside it", async () => {
  const { out, err, status } = await selected(
    [ONE],
    { unplaced: [TWO, THREE], unfit: ["SEPTEMPLATE"], silent: ["old-sub1"] },
    "--subnet",
    "10.1.20.0/24",
  );
  expect(status).toBe(0);
  expect(out.split("\n").slice(3)).toEqual([ONE]);
  expect(err.split("\n")).toEqual([
    `Not in the list: 2 phones are not registered with cluster "old", so nobody knows the address: ${TWO}, ${THREE}.`,
    "RIS has no answer from old-sub1: phones that are registered there count as not registered.",
    "Not in the list: 1 phone is named without a MAC address, so no wave can have them: SEPTEMPLATE.",
  ]);
});

test("writes a file, and writes its own again: the same bytes", async () => {
  const list = at("hq.csv");
  const first = await selected([ONE, TWO], {}, "--exclude", at("stack/none.csv"), "--output", list);
  expect(first.status).toBe(2);
  expect(existsSync(list)).toBe(false);
  const { out, err, status } = await selected([ONE, TWO], {}, "--output", list);
  expect([out, err, status]).toEqual(["", `2 phones written to ${list}.`, 0]);
  const before = readFileSync(list, "utf8");
  // A pattern for all lists has this one, too.
  await selected([ONE, TWO], {}, "--output", list, "--exclude", list);
  expect(asked()).toEqual({ cluster: "old" });
  expect(readFileSync(list, "utf8")).toBe(before);
});

test("does not write over what it did not write, unless it is told to", async () => {
  const list = at("hq.csv");
  writeFileSync(list, `# by hand\n${THREE}\n`);
  const refused = await selected([ONE], {}, "--output", list);
  expect(refused).toMatchObject({
    status: 2,
    err: expect.stringContaining("was not written by this command"),
  });
  expect(existsSync(at("laid.json"))).toBe(false);
  expect(readFileSync(list, "utf8")).toContain(THREE);
  expect((await selected([ONE], {}, "--output", list, "--force")).status).toBe(0);
  expect(csv(list)).toEqual([ONE]);
});

test("an empty list is none", async () => {
  const { status, err, out } = await selected([], {}, "--output", at("hq.csv"));
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(err).toContain('No phone of cluster "old" meets all of that.');
  expect(existsSync(at("hq.csv"))).toBe(false);
});

test("which cluster: the waves' one, or the only one, or it has to be named", async () => {
  declare({ ...DECLARED, resource: {} });
  expect(await selected([ONE], {})).toMatchObject({
    status: 2,
    err: expect.stringContaining("Name the cluster with --cluster: new, old."),
  });
  declare({ ...DECLARED, resource: {}, provider: { cucm: [{ clusters: { sole: {} } }] } });
  await selected([ONE], {});
  expect(asked()).toEqual({ cluster: "sole" });
  declare({ ...DECLARED, resource: { cucm_phone_registration: { a: wave("old"), b: wave("new") } } });
  expect((await selected([ONE], {})).status).toBe(2);
  expect(await selected([ONE], {}, "--cluster", "third")).toMatchObject({
    status: 2,
    err: expect.stringContaining("There is no cluster third. Declared are: new, old."),
  });
});

test.each(["0", "101", "-1", "ten", ""])("--percentage %j is not understood", async (percentage) => {
  const { status, err } = await selected([ONE], {}, `--percentage=${percentage}`);
  expect(status).toBe(2);
  expect(err).toContain("Write a number above 0, and up to 100.");
});

test("there has to be a folder for the file", async () => {
  const { status, err } = await selected([ONE], {}, "--output", at("none/hq.csv"));
  expect(status).toBe(2);
  expect(err).toContain("There is no folder for");
});
