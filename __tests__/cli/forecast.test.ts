/** What `phone-migration forecast` lays out for a core, and what it makes of the answer; the core is a script. */
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
import { run } from "./command";

const [ONE, TWO, THREE] = ["SEP001122334401", "SEP001122334402", "SEP001122334403"] as const;

const at = (path: string) => ({ "//": { metadata: { path: `headquarters/${path}` } } });
const wave = (name: string, phones: readonly string[], registered_on: string) => ({
  ...at(`move/${name}/registration`),
  source: "old",
  destination: "new",
  phones,
  registered_on,
});
/** What the constructs record of a wave. */
const TOLD = {
  switches: { first_ctl_with_itl: "trust" },
  models: { "Cisco 8861": { sha512: true } },
  alternate_tftp: [THREE],
  accept_lockouts: [THREE],
  require_evidence: "tvs-log",
};
const DECLARED = {
  terraform: {
    backend: { s3: { bucket: "state" } },
    required_providers: { cucm: { source: "x/y/cucm", version: "1" }, dhcp: { source: "x/y/dhcp" } },
  },
  provider: { cucm: [{ clusters: { old: {}, new: {} } }], dhcp: [{}] },
  data: {
    cucm_signers: { new: { cluster: "new" } },
    cucm_trust_forecast: {
      move_pilot_forecast_0A1B2C3D: {
        ...at("move/pilot/forecast"),
        source: "old",
        destination: "new",
        phones: [ONE],
        assume_trusted: { source: `\${imports}` },
        accept_lockouts: [ONE],
        switches: { ctl_404: "keep" },
      },
    },
  },
  resource: {
    cucm_trust_memberships: {
      out: { cluster: "old", certificates: `\${signers}` },
      in: { cluster: "new", certificates: `\${capf}` },
    },
    cucm_phone_registration: {
      move_pilot_registration_AAAAAAAA: wave("pilot", [ONE], "destination"),
      move_hq_registration_BBBBBBBB: {
        ...wave("hq", [TWO, THREE], "source"),
        "//": { ...at("move/hq/registration")["//"], forecast: TOLD },
        depends_on: ["dhcp_option_150.first", "dhcp_option_150.second"],
      },
    },
    dhcp_option_150: {
      first: {
        server: "kea",
        source_addresses: ["10.10.0.12"],
        destination_addresses: ["10.20.0.12"],
      },
      second: {
        server: "kea",
        source_addresses: `\${data.cucm_cluster.old.tftp_addresses}`,
        destination_addresses: `\${data.cucm_cluster.new.tftp_addresses}`,
      },
      other: { server: "kea", destination_addresses: ["10.20.0.99"] },
    },
  },
};

const phone = (name: string, outcome: string, reason = "") => ({
  name,
  outcome,
  expected: outcome,
  evidence: "registered-over-tls",
  because: "inferred: it is registered over TLS now",
  against: [] as readonly string[],
  reason,
  notes: [] as readonly string[],
  rests_on: [] as readonly string[],
  nodes: [] as readonly object[],
});
const forecast = (phones: readonly ReturnType<typeof phone>[], more: object = {}) => {
  const of = (outcome: string) => phones.filter((one) => one.outcome === outcome).length;
  return {
    counts: {
      registers: of("registers"),
      follows: of("follows"),
      "locked out": of("locked out"),
      uncertain: of("uncertain"),
    },
    evidence_counts: phones.length === 0 ? {} : { "registered-over-tls": phones.length },
    moved: 0,
    no_phone_at_risk: true,
    evidence_suffices: true,
    accept_lockouts: [],
    weak_evidence: [],
    cannot_follow: [],
    within_limits: true as boolean | null,
    missing_issuers: {},
    assumed: ["each phone took the lists"],
    looked_at: [],
    not_looked_at: [],
    unread: [],
    forecasts: phones.map(({ rests_on: _, nodes: __, ...one }, chain) => ({ ...one, chain })),
    chains: phones.map(({ rests_on, nodes }) => ({ rests_on, nodes })),
    ...more,
  };
};
const GOOD = [
  forecast([phone(TWO, "registers"), phone(THREE, "registers")]),
  forecast([phone(ONE, "registers")]),
];

let folder: string;
const before = { directory: process.cwd(), env: process.env };
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pm-forecast-")));
  mkdirSync(join(folder, "stack/terraform.d/plugins"), { recursive: true });
  writeFileSync(join(folder, "stack/terraform.d/plugins/launcher"), "here");
  // A core was there.
  mkdirSync(join(folder, "stack/.terraform"));
  declare({});
  process.env = { ...before.env, TERRAFORM_BINARY_NAME: join(folder, "core") };
});
afterEach(() => {
  process.env = before.env;
  rmSync(folder, { recursive: true });
});

const declare = (more: object) =>
  writeFileSync(join(folder, "stack/cdk.tf.json"), JSON.stringify({ ...DECLARED, ...more }));

/** Keeps what it finds, and answers with a prepared state and a prepared plan. */
const CORE = `#!/bin/sh
here=$(dirname "$0")
if [ ! -e asked.tf.json ]; then
  if [ -e "$here/locked" ]; then echo "no credentials" >&2; exit 1; fi
  if [ "$1" = state ] && [ -e "$here/state.json" ]; then cat "$here/state.json"; fi
  exit 0
fi
cp asked.tf.json "$here/laid.json"
ls -A > "$here/files"
env | grep ^TF_VAR_ > "$here/variables"
if [ "$1" = show ]; then cat "$here/plan.json"; fi
`;

/** What every run says first. */
const AGE = /^This is the declaration in .*stack, .* old; run `npx cdktf synth` to refresh it\.\n?/;

async function asked(answers: readonly object[], ...args: string[]) {
  const outputs = Object.fromEntries(answers.map((value, i) => [`wave_${i}`, { value }]));
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ planned_values: { outputs } }));
  writeFileSync(join(folder, "core"), CORE, { mode: 0o755 });
  const ran = await run("forecast", "--folder", join(folder, "stack"), ...args);
  return { ...ran, age: AGE.exec(ran.err)?.[0] ?? "", err: ran.err.replace(AGE, "") };
}
const laid = () => JSON.parse(readFileSync(join(folder, "laid.json"), "utf8"));

test("a core is given the clusters, the data sources and a forecast of each wave, and nothing that it could change", async () => {
  expect((await asked(GOOD)).status).toBe(0);
  const { data, output, ...rest } = laid();
  expect(rest).toEqual({
    terraform: { required_providers: { cucm: DECLARED.terraform.required_providers.cucm } },
    provider: { cucm: DECLARED.provider.cucm },
  });
  expect(Object.keys(output)).toEqual(["wave_0", "wave_1"]);
  expect(data.cucm_signers).toEqual(DECLARED.data.cucm_signers);
  expect(data.cucm_trust_forecast).toEqual({
    wave_0: {
      source: "old",
      destination: "new",
      phones: [TWO, THREE],
      destination_tftp: `\${distinct(concat(["10.20.0.12"], data.cucm_cluster.new.tftp_addresses))}`,
      source_tftp: `\${distinct(concat(["10.10.0.12"], data.cucm_cluster.old.tftp_addresses))}`,
      assume_trusted: { source: `\${signers}`, destination: `\${capf}` },
      ...TOLD,
      detail: true,
    },
    wave_1: {
      source: "old",
      destination: "new",
      phones: [ONE],
      assume_trusted: { source: `\${imports}` },
      accept_lockouts: [ONE],
      alternate_tftp: [],
      switches: { ctl_404: "keep" },
      detail: true,
    },
  });
  expect(readFileSync(join(folder, "files"), "utf8")).toContain("terraform.d");
});

test("the command line narrows and settles", async () => {
  const args = ["--wave", "hq", "--phone", TWO, "--back", "--accept", TWO, "--alternate-tftp", TWO];
  const more = ["--switch", "ctl_404=erase", "--require-evidence", "web-status", "--evidence", "web"];
  more.push("--evidence", "tvs-log");
  await asked([forecast([phone(TWO, "registers")])], ...args, ...more);
  expect(laid().data.cucm_trust_forecast).toEqual({
    wave_0: expect.objectContaining({
      phones: [TWO],
      to: "source",
      accept_lockouts: [THREE, TWO],
      alternate_tftp: [THREE, TWO],
      switches: { first_ctl_with_itl: "trust", ctl_404: "erase" },
      require_evidence: "web-status",
      evidence: ["web", "tvs_log"],
    }),
  });
});

const step = (name: string, words: string, reason: string | null = null) => ({
  step: name,
  result: reason === null ? "accepted" : "rejected",
  reason,
  certificate: null,
  words,
});
const node = (address: string, decides: boolean, steps: readonly object[], more: object = {}) => ({
  address,
  outcome: "registers",
  expected: "registers",
  decides,
  to_do: "",
  steps,
  ...more,
});

test("--phone tells the whole chain by each TFTP node, and where they differ; programs get it always", async () => {
  const ctl = step("ctl", "CTL: vouched for by TVS");
  const refused = [ctl, step("configuration", "configuration: refused, TVS does not know it", "tvs-miss")];
  const bad = node("10.20.0.13", true, refused, { outcome: "locked out", to_do: "import it" });
  const good = [ctl, step("configuration", "configuration: known by the phone's ITL")];
  const nodes = [node("10.20.0.11", false, good), node("10.20.0.12", false, good), bad];
  const one = {
    ...phone(TWO, "locked out", "by 10.20.0.13: refused"),
    rests_on: ["Cisco 8861 has Security By Default: documented"],
    notes: ["it knows one TVS server only"],
    nodes,
  };
  const answer = [forecast([one], { missing_issuers: { ab12: { subject: "CN=CAPF-1", serial: "0F" } } })];
  const { out } = await asked(answer, "--phone", TWO);
  expect(out.split("\n").slice(5)).toEqual([
    "",
    `${TWO}: locked out (inferred: it is registered over TLS now)`,
    "  by 10.20.0.13: refused",
    "  by TFTP node 10.20.0.11, 10.20.0.12: registers",
    "      CTL: vouched for by TVS",
    "  *   configuration: known by the phone's ITL",
    "  by TFTP node 10.20.0.13: locked out, which counts",
    "      CTL: vouched for by TVS",
    "  *   configuration: refused, TVS does not know it",
    "      to do: import it",
    "  rests on: Cisco 8861 has Security By Default: documented",
    "  note: it knows one TVS server only",
    "",
    expect.stringMatching(/^\* differs between the TFTP nodes.*the worst one is its outcome, "which counts"/),
    "",
    "Former CAPF certificates that the phones may need, and that are not trusted there:",
    "  - CN=CAPF-1 (serial 0F, SHA-256 ab12)",
    "",
    "Taken for granted:",
    "  - each phone took the lists",
  ]);
  expect((await asked(answer, "--wave", "hq")).out).not.toContain("TFTP node");
  const alike = [forecast([{ ...one, nodes: nodes.slice(0, 2) }])];
  expect((await asked(alike, "--phone", TWO)).out).not.toContain("differs");
  const [line] = (await asked(answer, "--wave", "hq", "--jsonl")).out.split("\n");
  expect(JSON.parse(line!)).toMatchObject({ nodes, rests_on: one.rests_on });
  const [wave] = JSON.parse((await asked(answer, "--wave", "hq", "--json")).out);
  expect(wave).toMatchObject({
    assumed: ["each phone took the lists"],
    missing_issuers: { ab12: { serial: "0F" } },
    phones: [{ nodes }],
  });
});

test("a scope that inherits its answer on the source is not told of", async () => {
  const [first, second] = [
    { ...DECLARED.resource.dhcp_option_150.first },
    DECLARED.resource.dhcp_option_150.second,
  ];
  const { source_addresses: _, ...inherits } = first;
  declare({ resource: { ...DECLARED.resource, dhcp_option_150: { first: inherits, second } } });
  await asked(GOOD);
  expect(laid().data.cucm_trust_forecast.wave_0).not.toHaveProperty("source_tftp");
});

test("how old the declaration is comes first, and not between what programs read", async () => {
  const { age, out } = await asked(GOOD, "--json");
  expect(age).toContain("less than a minute old");
  expect(JSON.parse(out)).toHaveLength(2);
});

test("a table for each wave, with what is taken for granted and what was not read", async () => {
  const risky = forecast([phone(TWO, "locked out", "TVS does not know it"), phone(THREE, "registers")], {
    moved: 3,
    unread: ["AXL does not answer"],
  });
  const { out, err, status } = await asked([risky, GOOD[1]!]);
  expect(status).toBe(1);
  expect(err.split("\n")).toEqual([
    "Not read: AXL does not answer",
    "phone-migration: 1 phone is at risk. Not everything was read (see above), so the forecast is not complete.",
  ]);
  expect(out.split("\n")).toEqual([
    "Wave hq: 1 registers, 0 follows, 1 locked out, 0 uncertain; 3 on the destination already",
    "By evidence: 2 registered-over-tls",
    "",
    "PHONE            OUTCOME     EVIDENCE             WHY",
    `${TWO}  locked out  registered-over-tls  TVS does not know it`,
    `${THREE}  registers   registered-over-tls`,
    "",
    "Taken for granted:",
    "  - each phone took the lists",
    "",
    "Not read:",
    "  - AXL does not answer",
    "",
    "Wave pilot: 1 registers, 0 follows, 0 locked out, 0 uncertain",
    "By evidence: 1 registered-over-tls",
    "",
    "PHONE            OUTCOME    EVIDENCE             WHY",
    `${ONE}  registers  registered-over-tls`,
    "",
    "Taken for granted:",
    "  - each phone took the lists",
  ]);
});

test("the table tells what speaks against a phone's evidence, once", async () => {
  const other = "its trust-list page shows other lists";
  const old = "it last registered before";
  const told = forecast([
    { ...phone(TWO, "uncertain", `it holds other lists: ${other}`), against: [old, other] },
    phone(THREE, "registers"),
  ]);
  const { out } = await asked([told, GOOD[1]!]);
  expect(out).toContain(`registered-over-tls  it holds other lists: ${other} but ${old}\n`);
});

/** A state in which the last deploy of the wave `hq` ended like this. */
function deployed(failed: readonly { readonly name: string; readonly reason: string }[]) {
  const resource = {
    mode: "managed",
    type: "cucm_phone_registration",
    name: "move_hq_registration_BBBBBBBB",
    instances: [{ attributes: { phones: [TWO, THREE], registered_on: "source", failed } }],
  };
  writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 4, resources: [resource] }));
}

test("what the last deploy saw of a phone speaks against what is inferred of it", async () => {
  const behind = "still registered on the source, node 10.10.0.12";
  deployed([
    { name: TWO, reason: `did not follow the reset: ${behind}` },
    { name: THREE, reason: `not reset, since too many of the wave do not follow: ${behind}` },
  ]);
  const { out, err, status } = await asked(GOOD);
  expect({ err, status }).toEqual({ err: "", status: 0 });
  expect(out).toContain("\nBy the state: 1 did not follow at the last deploy\n");
  expect(out).toContain(
    `${TWO}  registers  registered-over-tls  but observed in the state: did not follow at the last deploy: ${behind}\n`,
  );
  expect(out).toContain(`${THREE}  registers  registered-over-tls\n`);
  const [hq] = JSON.parse((await asked(GOOD, "--json")).out);
  expect(hq.phones.map(({ against }: { readonly against: readonly string[] }) => against)).toEqual([
    [`observed in the state: did not follow at the last deploy: ${behind}`],
    [],
  ]);
  // Of the way back it says nothing.
  expect((await asked(GOOD, "--back")).out).not.toContain("in the state");
  deployed([{ name: TWO, reason: "did not come back after its reset: registered nowhere" }]);
  expect((await asked(GOOD, "--back")).out).toContain(
    "did not come back at the last deploy: registered nowhere",
  );
});

test("a folder where no core was is left alone, and that its state was not looked at is told", async () => {
  rmSync(join(folder, "stack/.terraform"), { recursive: true });
  const { err, status } = await asked(GOOD);
  expect(status).toBe(0);
  expect(err).toMatch(/^Not looked at: the state, .* is not initialised\./);
  expect(existsSync(join(folder, "stack/.terraform"))).toBe(false);
});

test("a state that cannot be read is told, and no failure", async () => {
  writeFileSync(join(folder, "locked"), "");
  const { err, status } = await asked(GOOD);
  expect(status).toBe(0);
  expect(err).toMatch(/^Not looked at: the state, for what the last deploy saw of phones: .*no credentials/s);
});

test("phones that cannot follow, against the limits of the whole wave", async () => {
  const lost = { cannot_follow: [{ name: TWO, reason: "registered nowhere" }] };
  const [hq] = GOOD;
  const within = await asked([{ ...hq!, ...lost }, GOOD[1]!]);
  expect(within).toMatchObject({ err: "", status: 0 });
  expect(within.out).toContain(`\nCannot follow:\n  - ${TWO}: registered nowhere\n`);

  const beyond = { ...hq!, ...lost, within_limits: false };
  const { out, err, status } = await asked([beyond, GOOD[1]!]);
  expect({ err, status }).toEqual({
    err: "phone-migration: More phones cannot follow than the limits allow in hq.",
    status: 1,
  });
  expect(out).toContain(`\nCannot follow, and the limits of the wave allow fewer:\n  - ${TWO}: registered`);
  expect((await asked([beyond], "--phone", TWO)).status).toBe(0);

  declare({
    resource: {
      cucm_phone_registration: {
        hq: { ...wave("hq", [TWO], "source"), limits: { max_failure_ratio: 0.1, batch_size: 5 } },
      },
    },
  });
  await asked([hq!]);
  expect(laid().data.cucm_trust_forecast.wave_0.limits).toEqual({
    max_failures: null,
    max_failure_ratio: 0.1,
  });
});

test("JSON Lines: one phone a line; accepted ones are no failure", async () => {
  const accepted = forecast([phone(TWO, "uncertain", "hangs on something"), phone(THREE, "registers")], {
    accept_lockouts: [TWO],
  });
  const { out, status } = await asked([accepted, GOOD[1]!], "--jsonl");
  expect(status).toBe(0);
  const lines = out.split("\n").map((line) => JSON.parse(line));
  expect(lines).toHaveLength(3);
  expect(lines[0]).toEqual({
    wave: "hq",
    ...phone(TWO, "uncertain", "hangs on something"),
    accepted: true,
    cannot_follow: null,
    assumed: ["each phone took the lists"],
  });
  expect(lines[2]).toMatchObject({ wave: "pilot", name: ONE, accepted: false });
});

test("JSON has every wave; evidence that does not suffice is a failure", async () => {
  const weak = forecast([phone(TWO, "registers"), phone(THREE, "registers")], {
    evidence_suffices: false,
    weak_evidence: [{ name: TWO, reason: "rests on too little" }],
  });
  const { out, err, status } = await asked([weak, GOOD[1]!], "--json");
  expect({ err, status }).toEqual({
    err: "phone-migration: The evidence does not suffice in hq.",
    status: 1,
  });
  expect(JSON.parse(out)).toMatchObject([
    {
      wave: "hq",
      registered_on: "source",
      evidence_suffices: false,
      evidence_counts: { "registered-over-tls": 2 },
      phones: [{ name: TWO }, { name: THREE }],
    },
    { wave: "pilot", registered_on: "destination" },
  ]);
});

test("waves of one name in two migrations are told apart by their path, each with what is declared for it", async () => {
  const [here, there] = ["move/hq", "again/hq"] as const;
  const registration = (path: string, phones: readonly string[]) => ({
    ...wave("hq", phones, "destination"),
    ...at(`${path}/registration`),
  });
  const settled = (path: string, ctl_404: string) => ({ ...at(`${path}/forecast`), switches: { ctl_404 } });
  declare({
    data: { cucm_trust_forecast: { a: settled(here, "keep"), b: settled(there, "erase") } },
    resource: {
      cucm_phone_registration: { c: registration(here, [ONE]), d: registration(there, [TWO]) },
    },
  });
  const both = [forecast([phone(TWO, "registers")]), forecast([phone(ONE, "registers")])];
  const { out } = await asked(both, "--jsonl");
  expect(out.split("\n").map((line) => JSON.parse(line).wave)).toEqual([
    "headquarters/again/hq",
    "headquarters/move/hq",
  ]);
  expect(laid().data.cucm_trust_forecast).toMatchObject({
    wave_0: { phones: [TWO], switches: { ctl_404: "erase" } },
    wave_1: { phones: [ONE], switches: { ctl_404: "keep" } },
  });
  await asked([both[1]!], "--wave", "headquarters/move/hq");
  expect(laid().data.cucm_trust_forecast).toMatchObject({ wave_0: { phones: [ONE] } });
});

test("a setting that is a reference is not told of a wave on the source, and that is said", async () => {
  const one = { ...wave("hq", [ONE], "source"), "//": { known_at_plan: ["switches"] } };
  declare({ data: {}, resource: { cucm_phone_registration: { hq_registration: one } } });
  const { err, status } = await asked([forecast([phone(ONE, "registers")])]);
  expect(status).toBe(1);
  expect(err).toMatch(/^Not read: switches of wave hq, a reference, which is told only on the destination\n/);
});

test.each([{ args: [] }, { args: ["--json"] }, { args: ["--jsonl"] }])(
  "what was not read is said, and is a failure: $args",
  async ({ args }) => {
    const half = { unread: ["node old-sub does not answer"] };
    const answers = [
      forecast([phone(TWO, "registers"), phone(THREE, "registers")], half),
      forecast([phone(ONE, "registers")], half),
    ];
    const { err, status } = await asked(answers, ...args);
    expect({ status, said: err.split("\n") }).toEqual({
      status: 1,
      said: [
        "Not read: node old-sub does not answer",
        "phone-migration: Not everything was read (see above), so the forecast is not complete.",
      ],
    });
  },
);

test.each([{ args: [] }, { args: ["--json"] }, { args: ["--jsonl"] }])(
  "evidence that could not be read is said, and no failure by itself: $args",
  async ({ args }) => {
    const gap = { looked_at: ["2 web pages"], not_looked_at: ["TVS log of node old-sub: no answer"] };
    const answers = [GOOD[0]!, forecast([phone(ONE, "registers")])].map((one) => ({ ...one, ...gap }));
    const { out, err, status } = await asked(answers, ...args);
    expect({ err, status }).toEqual({ err: "Not looked at: TVS log of node old-sub: no answer", status: 0 });
    if (args.length === 0)
      expect(out).toContain(
        "\nLooked at:\n  - 2 web pages\n\nNot looked at:\n  - TVS log of node old-sub: no answer",
      );
  },
);

test("variables and locals that are referred to come along, with their values", async () => {
  declare({
    provider: { cucm: [{ clusters: { old: { publisher: `\${var.publisher}` }, new: `\${local.new}` } }] },
    variable: { publisher: { type: "string" }, domain: { default: "example.org" }, elsewhere: {} },
    locals: { new: { publisher: `\${local.name}.\${var.domain}` }, name: "pub", other: `\${x_y.z.id}` },
  });
  const values = ["terraform.tfvars", "terraform.tfvars.json", "site.auto.tfvars", "site.auto.tfvars.json"];
  for (const name of values) writeFileSync(join(folder, "stack", name), "");
  process.env.TF_VAR_publisher = "10.10.0.11";
  expect((await asked(GOOD)).status).toBe(0);
  expect(laid()).toMatchObject({ provider: { cucm: [{ clusters: { new: `\${local.new}` } }] } });
  expect(laid().variable).toEqual({
    publisher: { type: "string" },
    domain: { default: "example.org" },
  });
  expect(laid().locals).toEqual({ new: { publisher: `\${local.name}.\${var.domain}` }, name: "pub" });
  expect(readFileSync(join(folder, "files"), "utf8").split("\n")).toEqual(expect.arrayContaining(values));
  expect(readFileSync(join(folder, "variables"), "utf8")).toBe("TF_VAR_publisher=10.10.0.11\n");
});

test("a declaration may be in several files", async () => {
  const more = {
    terraform: { required_version: ">= 1.6" },
    data: { cucm_signers: { old: { cluster: "old" } }, cucm_cluster: { old: { cluster: "old" } } },
    resource: { cucm_phone_registration: { late: wave("late", ["SEP001122334404"], "source") } },
  };
  writeFileSync(join(folder, "stack/more.tf.json"), JSON.stringify(more));
  expect((await asked([...GOOD, forecast([])])).status).toBe(0);
  expect(laid().data).toMatchObject({
    cucm_signers: { new: { cluster: "new" }, old: { cluster: "old" } },
    cucm_cluster: { old: { cluster: "old" } },
    cucm_trust_forecast: {
      wave_0: { phones: [TWO, THREE] },
      wave_1: {},
      wave_2: { switches: { ctl_404: "keep" } },
    },
  });
});

test.each([
  [["--wave", "nowhere"], /There is no wave nowhere\. Declared are: hq, pilot\./],
  [["--phone", "sep00000000dead"], /--phone SEP00000000DEAD: no such phone is in any wave\./],
  [["--phone", "ata00000000dead"], /--phone ATA00000000DEAD: no such phone is in any wave\./],
  ...["--phone", "--accept", "--alternate-tftp"].map((option): [string[], RegExp] => [
    [option, "SEP0"],
    /"SEP0" is no device name\. Write SEP and the twelve hex digits/,
  ]),
  [["--accept", "sep00000000dead"], /--accept SEP00000000DEAD: no such phone is in any wave\./],
  [
    ["--alternate-tftp", "sep00000000dead"],
    /--alternate-tftp SEP00000000DEAD: no such phone is in any wave\./,
  ],
  [["--wave", "pilot", "--phone", TWO], /no such phone is in the waves pilot\./],
  [["--switch", "ctl_40=keep"], /There is no switch ctl_40\. There are: tvs_try_next_on_miss, /],
  [["--json", "--jsonl"], /Choose one of/],
  [["--switch", "ctl404"], /Write name=setting/],
  [["--switch", "ctl404=lose"], /ctl_404 is keep or erase\./],
  [["--switch", "ctl_404=keep", "--switch", "ctl404=erase"], /ctl_404 is given twice\./],
  [
    ["--require-evidence", "web-status"],
    /needs --evidence web( or --evidence \w+)*: nothing else shows it\./,
  ],
  [["--fone"], /unknown option '--fone'[\s\S]*\(`phone-migration forecast --help` explains its options\)/],
  [["--require-evidence", "hearsay"], /Allowed choices are served/],
  [["--evidence", "hearsay"], /It may be web, tvs_log, itl_status\./],
])("%j is not understood", async (args, said) => {
  const { status, err } = await asked(GOOD, ...args);
  expect(status).toBe(2);
  expect(err).toMatch(said);
});

test("a folder without a declaration says so", async () => {
  rmSync(join(folder, "stack/cdk.tf.json"));
  const { status, err } = await asked(GOOD);
  expect(status).toBe(2);
  expect(err).toMatch(/holds no declaration in Terraform's JSON syntax/);
});
