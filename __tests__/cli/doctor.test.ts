/** What `phone-migration doctor` lays out for a core, and what it makes of the answer; the core is a script. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command";

const DECLARED = {
  terraform: {
    backend: { s3: { bucket: "state" } },
    required_providers: { cucm: { source: "x/y/cucm", version: "1" }, dhcp: { source: "x/y/dhcp" } },
  },
  provider: { cucm: [{ clusters: { old: { publisher: `\${var.publisher}` }, new: {} } }], dhcp: [{}] },
  variable: { publisher: {}, other: {} },
  resource: { cucm_trust_memberships: { out: { cluster: "old" } } },
};

const finding = (assumption: string, verdict: string, more: object = {}) => ({
  assumption,
  node: null as string | null,
  verdict,
  detail: `${assumption} was looked at`,
  settings: null as string | null,
  ...more,
});
const GOOD = [
  finding("Login", "holds", { node: "old-pub" }),
  finding("Login", "holds", { node: "old-sub" }),
  finding("Reset", "not tried", { detail: "only phones show it" }),
  finding("Time to boot", "not tried", { detail: "only phones show it" }),
];
const LINES = 'Set for cluster "old":\n  spellings = { rollback_parameter = "Other" }\nIn constructs: x.';

const SETTINGS = JSON.stringify({ spellings: { rollback_parameter: "Other" } });
const BAD = finding("Rollback parameter", "deviates", { settings: SETTINGS });

let folder: string;
const env = process.env;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pm-doctor-")));
  mkdirSync(join(folder, "stack"));
  writeFileSync(join(folder, "stack/cdk.tf.json"), JSON.stringify(DECLARED));
  process.env = { ...env, TERRAFORM_BINARY_NAME: join(folder, "core") };
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

/** What every run says first that asks something. */
const AGE = /^This is the declaration in .*stack, .* old; run `npx cdktf synth` to refresh it\.\n?/;

type Findings = readonly ReturnType<typeof finding>[];
async function asked(answers: { readonly [cluster: string]: Findings }, ...args: string[]) {
  const toSet = (findings: Findings) => (findings.some(({ settings }) => settings !== null) ? LINES : null);
  const outputs = Object.entries(answers).map(([cluster, findings], i) => [
    `cluster_${i}`,
    {
      value: {
        cluster,
        findings,
        lines_to_set: toSet(findings),
        transcript: JSON.stringify({ format: 1, exchanges: [] }),
      },
    },
  ]);
  writeFileSync(
    join(folder, "plan.json"),
    JSON.stringify({ planned_values: { outputs: Object.fromEntries(outputs) } }),
  );
  writeFileSync(join(folder, "core"), CORE, { mode: 0o755 });
  const ran = await run("doctor", "--folder", join(folder, "stack"), ...args);
  return { ...ran, aged: AGE.test(ran.err), err: ran.err.replace(AGE, "") };
}
const laid = () => JSON.parse(readFileSync(join(folder, "laid.json"), "utf8"));

test("asks every cluster, with the variables that the provider refers to and nothing else", async () => {
  const { status, out, aged } = await asked({ new: GOOD, old: GOOD });
  expect(aged).toBe(true);
  expect(laid()).toEqual({
    terraform: { required_providers: { cucm: DECLARED.terraform.required_providers.cucm } },
    provider: { cucm: DECLARED.provider.cucm },
    variable: { publisher: {} },
    data: {
      cucm_assumptions: {
        cluster_0: { cluster: "new", record: false },
        cluster_1: { cluster: "old", record: false },
      },
    },
    output: {
      cluster_0: { value: `\${data.cucm_assumptions.cluster_0}` },
      cluster_1: { value: `\${data.cucm_assumptions.cluster_1}` },
    },
  });
  expect(status).toBe(0);
  expect(out).toContain("Cluster old");
  // Nodes that show the same share a row, and what was not tried a line.
  expect(out).toMatch(/holds +Login +old-pub, old-sub +Login was looked at/);
  expect(out).toContain("Not tried, only phones show it: Reset, Time to boot");
  expect(out).toMatch(/\nThe names are rows of docs\/assumptions\.md\.$/);
});

test("one cause is told once, above the table, and rows refer to it; JSON repeats it", async () => {
  const refused = "AXL of 10.10.0.11 refuses the credentials: HTTP 401.";
  const closed = "Cannot reach SSH of 10.10.0.12";
  const findings = [
    finding("AXL versions", "unknown", { detail: refused }),
    finding("RIS", "unknown", { detail: refused }),
    // By one assumption on two nodes is no cause of several.
    finding("Login", "unknown", { node: "old-pub", detail: closed }),
    finding("Login", "unknown", { node: "old-sub", detail: closed }),
    finding("Pages", "not tried", { detail: `certificate_transport is not "web", and ${refused}` }),
  ];
  const { out } = await asked({ old: findings }, "--cluster", "old");
  const seen = (text: string) => out.split("\n").filter((line) => line.includes(text));
  expect(seen(refused)).toEqual([`[1] ${refused}`]);
  expect(out.indexOf("[1]")).toBeLessThan(out.indexOf("VERDICT"));
  expect(seen("see [1]")).toEqual([
    expect.stringMatching(/^unknown +AXL versions +cluster +see \[1\]$/),
    expect.stringMatching(/^unknown +RIS +cluster +see \[1\]$/),
  ]);
  expect(seen(closed)).toEqual([expect.stringMatching(/^unknown +Login +old-pub, old-sub /)]);
  expect(out).toContain('Not tried, certificate_transport is not "web", and [1]: Pages');
  const [{ findings: told }] = JSON.parse((await asked({ old: findings }, "--cluster", "old", "--json")).out);
  expect(told).toEqual(findings);
});

test("rows of an assumption are together, whichever nodes they are about", async () => {
  const findings = ["old-pub", "old-sub"].flatMap((node, i) => [
    finding("Login", "holds", { node }),
    finding("Paging", "holds", { node, detail: `${13 + i} lines` }),
    finding("Fields", "holds", { node }),
  ]);
  const { out } = await asked({ old: findings }, "--cluster", "old");
  const rows = out.split("\n").slice(2, 6);
  expect(rows.map((row) => row.split(/ +/)[1])).toEqual(["Login", "Paging", "Paging", "Fields"]);
});

test("a deviation comes first, with the line to set, and is no success", async () => {
  const bad = [...GOOD, BAD];
  const { status, out, err } = await asked({ old: bad }, "--cluster", "old");
  expect(status).toBe(1);
  expect(out.split("\n")[2]).toMatch(/^deviates +Rollback parameter +cluster/);
  expect(out).toContain(LINES);
  expect(err).toContain("1 finding deviates.");
});

test("what could not be found out is no success either", async () => {
  const { status, err } = await asked({ old: [finding("RIS", "unknown")] }, "--cluster", "old");
  expect([status, err]).toEqual([1, "phone-migration: 1 finding is unknown."]);
});

test("the total counts what the tables show: nodes that show the same are one row, each cluster has its own", async () => {
  const findings = [
    finding("RIS", "unknown", { node: "old-pub", detail: "silent" }),
    finding("RIS", "unknown", { node: "old-sub", detail: "silent" }),
    finding("RIS", "unknown", { node: "old-sub2", detail: "closed" }),
    finding("Login", "deviates", { node: "old-pub" }),
  ];
  const { out, err } = await asked({ new: findings, old: findings });
  expect(out.match(/^unknown /gm)).toHaveLength(4);
  expect(out.match(/^deviates /gm)).toHaveLength(2);
  expect(err).toBe("phone-migration: 2 findings deviate. 4 findings are unknown.");
});

test("prints JSON", async () => {
  const { out } = await asked({ new: GOOD, old: [...GOOD, BAD] }, "--json");
  expect(JSON.parse(out)).toEqual([
    { cluster: "new", findings: GOOD, lines_to_set: null },
    { cluster: "old", findings: [...GOOD, { ...BAD, settings: JSON.parse(SETTINGS) }], lines_to_set: LINES },
  ]);
});

test("writes what was answered for the owner alone, and only into a new file", async () => {
  const file = join(folder, "fixture.json");
  const { status, err } = await asked({ old: GOOD }, "--cluster", "old", "--fixture", file);
  expect([status, err]).toEqual([0, expect.stringContaining("Read it before you pass it on")]);
  expect(laid().data.cucm_assumptions.cluster_0).toEqual({ cluster: "old", record: true });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([{ format: 1, exchanges: [] }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  rmSync(join(folder, "laid.json"));
  const again = await asked({ old: GOOD }, "--cluster", "old", "--fixture", file);
  expect([again.status, again.err]).toEqual([2, expect.stringContaining("is there already")]);
  const nowhere = await asked(
    { old: GOOD },
    "--cluster",
    "old",
    "--fixture",
    join(folder, "none/fixture.json"),
  );
  expect([nowhere.status, nowhere.err]).toEqual([2, expect.stringContaining("There is no folder for")]);
  expect(existsSync(join(folder, "laid.json"))).toBe(false);
});

test("a cluster that is switched off for good is not asked, and is none to name", async () => {
  const provider = { cucm: [{ clusters: { old: { decommissioned: true }, new: {} } }] };
  writeFileSync(join(folder, "stack/cdk.tf.json"), JSON.stringify({ ...DECLARED, provider }));
  const { err } = await asked({}, "--cluster", "old");
  expect(err).toBe("phone-migration: There is no cluster old. Declared are: new.");
});

test("says which clusters there are", async () => {
  const { status, err } = await asked({}, "--cluster", "third");
  expect([status, err]).toEqual([2, "phone-migration: There is no cluster third. Declared are: new, old."]);
  const reference = { ...DECLARED, provider: { cucm: { clusters: `\${local.clusters}` } } };
  writeFileSync(join(folder, "stack/cdk.tf.json"), JSON.stringify(reference));
  expect((await asked({})).err).toContain("Name each with --cluster");
  expect((await asked({ old: GOOD }, "--cluster", "old")).status).toBe(0);
});
