/** What `phone-migration status` makes of declaration, state and RIS; the core is a script. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command";

const [ONE, TWO, THREE] = ["SEP001122334401", "SEP001122334402", "SEP001122334403"] as const;
const SINCE = "2026-11-02T08:00:00.000Z";

const wave = (name: string, phones: readonly string[], registered_on: string, scope: string) => ({
  "//": { metadata: { path: `headquarters/move/${name}/registration` } },
  source: "old",
  destination: "new",
  phones,
  registered_on,
  depends_on: [`dhcp_option_150.${scope}`],
});
const declaration = (more: { hq?: string; old?: object } = {}) => ({
  terraform: { backend: { s3: {} }, required_providers: { cucm: { source: "x/y/cucm" } } },
  provider: { cucm: [{ clusters: { old: more.old ?? {}, new: {} } }], dhcp: [{}] },
  resource: {
    cucm_phone_registration: {
      pilot: wave("pilot", [ONE], "destination", "first"),
      hq: wave("hq", [TWO, THREE], more.hq ?? "destination", "second"),
    },
    dhcp_option_150: { first: { server: "kea" }, second: { server: "kea" } },
  },
});

const resource = (type: string, name: string, attributes: object) => ({
  mode: "managed",
  type,
  name,
  instances: [{ attributes }],
});
const registration = (name: string, phones: readonly string[], registered_on: string, more: object = {}) =>
  resource("cucm_phone_registration", name, {
    source: "old",
    destination: "new",
    phones,
    registered_on,
    failed: [],
    ...more,
  });
const option = (name: string, serve: string, subnet: string) =>
  resource("dhcp_option_150", name, { server: "kea", scope: { subnet, pool: null, global: null }, serve });
const memberships = (cluster: string, stores: readonly (readonly string[])[], more: object = {}) =>
  resource("cucm_trust_memberships", cluster, {
    cluster,
    certificates: Object.fromEntries(stores.map((each, i) => [`${i}`, { pem: "", stores: each }])),
    superseded: {},
    keep_until: null,
    ...more,
  });
const SIGNER = ["CallManager-trust", "Phone-SAST-trust"];
const CAPF = ["CAPF-trust", "CallManager-trust"];
const BEHIND = "did not follow the reset: still registered on the source, node 10.10.0.12";
const deployed = (hq: string) => [
  registration("pilot", [ONE], "destination"),
  registration("hq", [TWO, THREE], hq, { failed: [{ name: THREE, reason: BEHIND }] }),
  option("first", "destination", "10.1.21.0/24"),
  option("second", hq, "10.1.22.0/24"),
  memberships("old", [SIGNER, SIGNER], { keep_until: "2027-03-01" }),
  memberships("new", [SIGNER, CAPF]),
];

const at = (name: string, on: string | null, reason: string | null, node = "10.20.0.12") => ({
  name,
  on,
  node,
  since: SINCE,
  reason,
});
const answer = (whereabouts: readonly object[], more: object = {}) => ({
  source: "old",
  destination: "new",
  registered_on: "destination",
  whereabouts,
  unread: [],
  ...more,
});
const MOVED = [at(ONE, "destination", null), at(TWO, "destination", null)];

let folder: string;
const before = process.env;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pm-status-")));
  mkdirSync(join(folder, "stack/.terraform"), { recursive: true });
  process.env = { ...before, TERRAFORM_BINARY_NAME: join(folder, "core") };
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

/** Keeps what it is told to do in the stack's folder, and answers with a prepared state and a prepared plan. */
const CORE = `#!/bin/sh
here=$(dirname "$0")
if [ -e asked.tf.json ]; then cp asked.tf.json "$here/laid.json"; else echo "$@" >> "$here/commands"; fi
case "$1" in
state)
  if [ -e "$here/half" ]; then rm "$here/half"; printf '{"resou'; else cat "$here/state.json"; fi ;;
show) cat "$here/plan.json" ;;
esac
`;

interface World {
  readonly declared?: object;
  readonly resources?: readonly object[];
  readonly answers: readonly object[];
  readonly half?: boolean;
}

async function status(
  { declared = declaration(), resources = deployed("destination"), answers, half }: World,
  ...args: string[]
) {
  const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  write("stack/cdk.tf.json", declared);
  write("state.json", { version: 4, resources });
  const outputs = Object.fromEntries(answers.map((value, i) => [`question_${i}`, { value }]));
  write("plan.json", { planned_values: { outputs } });
  if (half) writeFileSync(join(folder, "half"), "");
  writeFileSync(join(folder, "core"), CORE, { mode: 0o755 });
  return run("status", "--folder", join(folder, "stack"), ...args);
}
const commands = () => readFileSync(join(folder, "commands"), "utf8").trim().split("\n");

test("all is as declared: status 0, and what still needs the source is told", async () => {
  const ran = await status({ answers: [answer([...MOVED, at(THREE, "destination", null)])] });
  expect(ran.status).toBe(0);
  expect(ran.out.split("\n")).toEqual([
    "Wave hq: declared destination, state destination",
    "  0 on the source, 2 on the destination, 0 missing; last registration in place: 2026-11-02T08:00:00Z",
    "",
    "Wave pilot: declared destination, state destination",
    "  0 on the source, 1 on the destination, 0 missing; last registration in place: 2026-11-02T08:00:00Z",
    "",
    "What still needs the source (scopes and trust as in the state):",
    "",
    "KIND            WHAT                        SINCE    WHY",
    "trust           cucm_trust_memberships.old  unknown  2 certificates in the stores of cluster old, kept until 2027-03-01: for phones that have yet to leave it",
    "way back        cucm_trust_memberships.new  unknown  1 certificates in the stores of cluster new: only for phones that are to come back",
    "issuer of LSCs  cucm_trust_memberships.new  unknown  1 certificates in the stores of cluster new: for phones that show an LSC of the source's CAPF, wherever they are",
  ]);
});

test("the state is read without its lock, and nothing is initialised where a deploy may run", async () => {
  await status({ answers: [answer(MOVED)] });
  expect(commands()).toEqual(["state pull"]);
});

test("a state that a deploy is just writing is read again", async () => {
  const ran = await status({ answers: [answer([...MOVED, at(THREE, "destination", null)])], half: true });
  expect(ran.status).toBe(0);
  expect(commands()).toEqual(["state pull", "state pull"]);
});

test("stragglers, with what the deploy found of them, and a scope that serves the source", async () => {
  const still = "still registered on the source, node 10.10.0.12";
  const ran = await status(
    {
      resources: deployed("source"),
      answers: [answer([...MOVED, at(THREE, "source", still, "10.10.0.12")])],
    },
    "--json",
  );
  expect(ran.status).toBe(1);
  expect(ran.err).toContain("Not deployed as declared: hq. 1 phone is not where the wave's word says.");
  const { waves, source_needed_by, unread } = JSON.parse(ran.out);
  expect(waves[0]).toMatchObject({
    name: "hq",
    address: "cucm_phone_registration.hq",
    scopes: ["dhcp_option_150.second"],
    declared: "destination",
    state: "source",
    counts: { source: 1, destination: 1, missing: 0 },
    stragglers: [{ name: THREE, on: "source", since: SINCE, reason: BEHIND }],
  });
  expect(source_needed_by.slice(0, 2)).toEqual([
    { kind: "phone", what: THREE, detail: "wave hq, registered on node 10.10.0.12", since: SINCE },
    {
      kind: "scope",
      what: "dhcp_option_150.second",
      detail: "subnet 10.1.22.0/24 on DHCP server kea serves the source",
      since: null,
    },
  ]);
  expect(unread).toEqual([]);
});

test("what the deploy saw of a straggler stays beside where it is now", async () => {
  const now = "still registered on the source, node 10.10.0.13";
  const there = [...MOVED, at(THREE, "source", now, "10.10.0.13")];
  const { out } = await status({ answers: [answer(there)] });
  expect(out).toContain(
    `${now}; did not follow at the last deploy: still registered on the source, node 10.10.0.12`,
  );
});

test("phones that are left on the source are one line a wave, since the first of them", async () => {
  const names = [1, 2, 3, 4, 5, 6, 7].map((i) => `SEP00112233441${i}`);
  const declared = {
    ...declaration(),
    resource: { cucm_phone_registration: { hq: wave("hq", names, "source", "second") } },
  };
  const found = names.map((name, i) => ({
    ...at(name, "source", null),
    since: `2026-11-0${9 - i}T08:00:00.000Z`,
  }));
  const ran = await status({
    declared,
    resources: [registration("hq", names, "source")],
    answers: [answer(found, { registered_on: "source" })],
  });
  expect(ran.out).toContain("last registration in place: 2026-11-09T08:00:00Z");
  expect(ran.out).toMatch(
    /^phones {2}wave hq {2}2026-11-03T08:00:00Z {2}7 phones registered there: SEP001122334411, .*SEP001122334415, and 2 more$/m,
  );
});

test("one question for the waves of one word, in a folder without resources and backend", async () => {
  const answers = [
    answer([at(TWO, "source", null), at(THREE, "source", null)], { registered_on: "source" }),
    answer([at(ONE, "destination", null)]),
  ];
  const ran = await status({
    declared: declaration({ hq: "source" }),
    resources: deployed("source"),
    answers,
  });
  expect(ran.status).toBe(0);
  const laid = JSON.parse(readFileSync(join(folder, "laid.json"), "utf8"));
  expect(Object.values(laid.data.cucm_phone_whereabouts)).toEqual([
    { source: "old", destination: "new", registered_on: "source", phones: [TWO, THREE] },
    { source: "old", destination: "new", registered_on: "destination", phones: [ONE] },
  ]);
  expect(laid).not.toHaveProperty("resource");
  expect(laid.terraform).not.toHaveProperty("backend");
});

test("who does not answer is told, and does not hide the rest", async () => {
  const unread = ['Cluster "old": Cannot connect to 10.10.0.11.'];
  const ran = await status({
    answers: [answer([...MOVED, at(THREE, null, "not to be found while RIS has no answer")], { unread })],
  });
  expect(ran.status).toBe(1);
  expect(ran.out).toMatch(new RegExp(`${THREE}\\s+missing\\s+2026-11-02T08:00:00Z\\s+not to be found`));
  expect(ran.out).toMatch(/Not read:\n {2}- Cluster "old": Cannot connect to 10\.10\.0\.11\./);
  expect(ran.err).toContain("Not everybody answered (see above).");
});

test("nothing deployed yet: what is declared, and where the phones are", async () => {
  rmSync(join(folder, "stack/.terraform"), { recursive: true });
  const ran = await status({
    resources: [],
    answers: [answer([at(ONE, "source", "still there"), ...MOVED.slice(1), at(THREE, "destination", null)])],
  });
  expect(ran.status).toBe(1);
  expect(commands()).toEqual(["init -input=false -no-color", "state pull"]);
  expect(ran.out).toContain("Wave pilot: declared destination, state nothing yet");
  expect(ran.out.trim().split("\n").at(-1)).toBe("Nothing is deployed.");
});

test("a wave that is declared and not deployed: of its scope nothing is known", async () => {
  const ran = await status({
    resources: deployed("destination").filter((one) => one.name === "pilot"),
    answers: [answer([...MOVED, at(THREE, "destination", null)])],
  });
  expect(ran.err).toContain("Not deployed as declared: hq.");
  expect(ran.out).toContain("not deployed yet, so nothing is known of it");
});

test("after the last destroy nothing is deployed, and nothing is said to need the source", async () => {
  const world = {
    // A data source may be left.
    resources: [{ ...resource("cucm_cluster", "old", {}), mode: "data" }],
    answers: [answer([at(ONE, "source", STILL), ...MOVED.slice(1), at(THREE, "destination", null)])],
  };
  const { status: exit, out, err } = await status(world);
  expect(exit).toBe(1);
  expect(err).toContain("phone-migration: Nothing is deployed. 1 phone is not where the wave's word says.");
  expect(err).not.toContain("Not deployed as declared");
  expect(out.trim().split("\n").at(-1)).toBe("Nothing is deployed.");
  expect(out).not.toContain("needs the source");
  expect(JSON.parse((await status(world, "--json")).out)).toMatchObject({
    deployed: false,
    source_needed_by: [],
  });
});

test("where another stack keeps the trust, nothing of this one is not nothing at all", async () => {
  const { out } = await status({
    resources: deployed("destination").filter(({ type }) => type !== "cucm_trust_memberships"),
    answers: [answer([...MOVED, at(THREE, "destination", null)])],
  });
  expect(out.trim().split("\n").at(-1)).toBe(
    "Nothing of this stack needs the source any more. Other stacks are not looked at.",
  );
});

test("a wave that is in the state alone, and one that was stopped", async () => {
  const declared = declaration();
  const { hq } = declared.resource.cucm_phone_registration;
  const ran = await status({
    declared: { ...declared, resource: { cucm_phone_registration: { hq } } },
    resources: [
      registration("pilot", [ONE], "source"),
      registration("hq", [TWO, THREE], "destination", { stopped: true }),
    ],
    answers: [
      answer([MOVED[1]!, at(THREE, "destination", null)]),
      answer([at(ONE, "source", null)], { registered_on: "source" }),
    ],
  });
  expect(ran.out).toContain("Wave cucm_phone_registration.pilot: declared no more, state source");
  expect(ran.out).toContain("Wave hq: declared destination, state destination, stopped");
});

const guarded = (more: object = {}, old: object = {}) => {
  const { resource, ...rest } = declaration({ old });
  const { pilot, hq } = resource.cucm_phone_registration;
  return {
    ...rest,
    resource: { ...resource, cucm_phone_registration: { pilot, hq: { ...hq, on_stop: "report", ...more } } },
  };
};
/** Of a wave of three that was stopped, since the last one did not follow. */
const stopped = (more: object = {}) => [
  registration("pilot", [], "destination"),
  registration("hq", [ONE, TWO, THREE], "destination", {
    stopped: true,
    failed: [{ name: THREE, reason: BEHIND }],
    ...more,
  }),
  option("first", "destination", "10.1.21.0/24"),
  option("second", "destination", "10.1.22.0/24"),
];
const STILL = "still registered on the source, node 10.10.0.12";
const trio = { phones: [ONE, TWO, THREE] };

test("a wave that was stopped with a guard: its scopes serve the source, whatever the state has of them", async () => {
  const world = {
    declared: guarded(trio),
    resources: stopped(),
    answers: [answer([...MOVED, at(THREE, "source", STILL)])],
  };
  const { status: exit, out, err } = await status(world);
  expect(exit).toBe(1);
  expect(err).toContain("Stopped, and their scopes were put back: hq.");
  expect(out).toContain(
    "  its scopes were put back: the 2 phones on the destination come back at their next restart unless the wave is deployed again",
  );
  expect(out).toMatch(
    /^scope +dhcp_option_150\.second +unknown +subnet 10\.1\.22\.0\/24 on DHCP server kea was put back on the source when wave hq was stopped/m,
  );
  expect(out).not.toContain("dhcp_option_150.first");
  expect(out).toContain(BEHIND);
  const { waves } = JSON.parse((await status(world, "--json")).out);
  expect(waves.map((one: { put_back: boolean }) => one.put_back)).toEqual([true, false]);
});

test("the way back of such a wave is declared, and not deployed yet", async () => {
  const ran = await status({
    declared: guarded({ ...trio, registered_on: "source", on_stop: undefined }),
    resources: stopped({ on_stop: "report" }),
    answers: [
      answer([at(ONE, "destination", "still there"), at(TWO, "source", null)], { registered_on: "source" }),
      answer([]),
    ],
  });
  expect(ran.out).toMatch(
    /its scopes were put back: the phone on the destination comes back at its next restart$/m,
  );
});

test.each([
  ["without a guard", declaration(), {}],
  ["that was deployed again", guarded(), { stopped: false }],
])("a wave %s has its scopes where the state says", async (_, declared, more) => {
  const ran = await status({ declared, resources: stopped(more), answers: [answer(MOVED)] });
  expect(ran.out).not.toContain("put back");
  expect(ran.out).not.toContain("dhcp_option_150.second");
});

test("a phone that moved and came back when its scope did; one that never moved; one that joined since", async () => {
  const joined = "SEP001122334404";
  const ran = await status(
    {
      declared: guarded({ phones: [ONE, TWO, THREE, joined] }),
      resources: stopped(),
      answers: [answer([ONE, TWO, THREE, joined].map((name) => at(name, "source", STILL)))],
    },
    "--json",
  );
  expect(JSON.parse(ran.out).waves[0].stragglers.map((one: { reason: string }) => one.reason)).toEqual([
    "came back; its scope serves the source, node 10.10.0.12",
    "came back; its scope serves the source, node 10.10.0.12",
    BEHIND,
    STILL,
  ]);
});

test("a source that is switched off: its stores need it no more", async () => {
  const ran = await status({
    declared: declaration({ old: { decommissioned: true } }),
    answers: [answer([...MOVED, at(THREE, "destination", null)])],
  });
  expect(ran.status).toBe(0);
  expect(ran.out).toContain("Cluster old is decommissioned and was not asked.");
  expect(ran.out).not.toContain("yet to leave it");
  expect(ran.out).toContain("only for phones that are to come back");
});

test("of phones that may be on a source that is switched off, what the state last knew is told", async () => {
  const nowhere = "registered nowhere; no cluster has seen it";
  const gone = "registered nowhere; last seen on node 10.20.0.12 as UnRegistered (was reset)";
  const joined = "SEP001122334404";
  const { out, status: exit } = await status({
    declared: guarded({ phones: [ONE, TWO, THREE, joined], on_stop: undefined }, { decommissioned: true }),
    resources: stopped({ stopped: false }),
    answers: [
      answer([
        at(ONE, null, nowhere),
        at(TWO, null, gone),
        at(THREE, null, nowhere),
        at(joined, null, nowhere),
      ]),
    ],
  });
  expect(exit).toBe(1);
  const why = (name: string) =>
    out
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.split(`${SINCE.replace(".000", "")}  `)[1];
  const unasked = "the source is decommissioned and was not asked";
  expect(why(ONE)).toBe(`not on the destination; ${unasked}; the state last knew it on the destination`);
  expect(why(TWO)).toBe(
    `not on the destination; last seen on node 10.20.0.12 as UnRegistered (was reset); ${unasked}; the state last knew it on the destination`,
  );
  expect(why(THREE)).toBe(`not on the destination; ${unasked}; the state last knew: ${BEHIND}`);
  expect(why(joined)).toBe(`not on the destination; ${unasked}; the state does not know it`);
  expect(out).toContain("  0 on the destination, 4 not; last");
  expect(out).not.toContain("missing");
});

describe("a stack that keeps the trust, and has no wave", () => {
  const proof = (proven: boolean) => resource("cucm_tvs_proof", "old", { cluster: "old", proven });
  const kept = (old: object = {}) => {
    const { resource: _, ...rest } = declaration({ old });
    const [of, to] = [{ cluster: "old" }, { cluster: "new" }];
    return {
      ...rest,
      resource: { cucm_trust_memberships: { old: of, new: to }, cucm_tvs_proof: { old: of } },
    };
  };
  const [old, there] = [
    memberships("old", [SIGNER, SIGNER], { keep_until: "2027-03-01" }),
    memberships("new", [SIGNER, CAPF]),
  ];

  test("lists it by the state, and asks nobody", async () => {
    const ran = await status({ declared: kept(), resources: [old, there, proof(true)], answers: [] });
    expect(ran.status).toBe(0);
    expect(ran.out.split("\n")).toEqual([
      "This stack has no wave: it was looked at for the trust that it keeps.",
      "",
      "What still needs the source (scopes and trust as in the state):",
      "",
      "KIND            WHAT                        SINCE    WHY",
      "trust           cucm_trust_memberships.old  unknown  2 certificates in the stores of cluster old, kept until 2027-03-01: for phones that are yet to move, or to come back",
      "trust           cucm_trust_memberships.new  unknown  1 certificates in the stores of cluster new: for phones that are yet to move, or to come back",
      "issuer of LSCs  cucm_trust_memberships.new  unknown  1 certificates in the stores of cluster new: for phones that show an LSC of the source's CAPF, wherever they are",
    ]);
    expect(commands()).toEqual(["state pull"]);
  });

  test.each([
    [
      "not every node holds it",
      [memberships("old", [SIGNER], { missing: ["cm-sub1: x"] }), there, proof(true)],
      "By the state a node lacks certificates: cucm_trust_memberships.old.",
    ],
    [
      "not every TVS node vouches",
      [old, there, proof(false)],
      "By the state not every TVS node vouches: cucm_tvs_proof.old.",
    ],
    ["half of it is deployed", [old, proof(true)], "Not deployed as declared: cucm_trust_memberships.new."],
    ["nothing is", [], "Nothing is deployed."],
  ])("%s: status 1", async (_, resources, sentence) => {
    const ran = await status({ declared: kept(), resources, answers: [] });
    expect(ran).toMatchObject({ status: 1, err: expect.stringContaining(sentence) });
  });

  test("trust that is declared no more, in the state alone", async () => {
    const declared = { provider: { cucm: [{ clusters: { old: {}, new: {} } }] } };
    const ran = await status({ declared, resources: [old], answers: [] }, "--json");
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({
      waves: [],
      source_needed_by: [{ kind: "trust", what: "cucm_trust_memberships.old" }],
      trust_problems: ["Not deployed as declared: cucm_trust_memberships.old."],
    });
  });

  test("of a cluster that is switched off nothing counts", async () => {
    const gone = [memberships("old", [SIGNER], { missing: ["cm-sub1: x"] }), there, proof(false)];
    const ran = await status({ declared: kept({ decommissioned: true }), resources: gone, answers: [] });
    expect(ran.status).toBe(0);
    expect(ran.out).not.toContain("cucm_trust_memberships.old");
  });
});

test("no wave anywhere", async () => {
  const ran = await status({ declared: { provider: { cucm: [{}] } }, resources: [], answers: [] });
  expect(ran).toMatchObject({ status: 2, err: expect.stringContaining("There is no wave") });
});
