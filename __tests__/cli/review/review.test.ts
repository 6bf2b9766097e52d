/** What a review must never do: print a secret, let a name format the comment, or hide what it did not understand. */
import fc from "fast-check";
import { asMarkdown } from "../../../cli/review/markdown/render";
import { PlanError, parsePlan, readPlan } from "../../../cli/review/plan-json";
import { POLICY_NAMES } from "../../../cli/review/policies";
import { reviewOf } from "../../../cli/review/review";
import { identity, name } from "../../trust/authority";
import { changeOf, changesOf, type Json, type Plan, plan } from "./plans";

const review = (of: Plan) => reviewOf(readPlan(of), new Map(), POLICY_NAMES);
const markdown = (of: Plan) => asMarkdown(review(of), "Phone migration");
const both = (of: Plan) => markdown(of) + JSON.stringify(review(of));

test("the word that changed is told with its wave, its phones and both clusters", () => {
  const [move] = review(plan("flip")).moves;
  expect(move).toMatchObject({
    wave: "hq",
    because: "word",
    from: "source",
    to: "destination",
    clusters: { source: "source", destination: "destination" },
    forecast: { counts: { registers: 4 }, evidence: { "registered-since-lists": 4 } },
  });
  expect(move!.phones).toHaveLength(4);
  expect(move!.scopes).toEqual(["dhcp_option_150.move_hq_option-150-hq_3E20B1C0"]);
});

test.each([
  ["new on the destination", "new", 4],
  ["phones were added", "joined", 1],
  ["phones of the last deploy are not there yet", "rest", 1],
] as const)("phones move without a word that changed: %s", (_, because, phones) => {
  const made = plan("flip");
  const wave = changeOf(made, "cucm_phone_registration");
  const before = { ...wave.change.before!, registered_on: "destination" };
  if (because === "new") wave.change.before = null;
  if (because === "joined")
    wave.change.before = { ...before, phones: (wave.change.before!.phones as Json[]).slice(1) };
  if (because === "rest")
    wave.change.before = { ...before, failed: [{ name: "SEP001122334402", reason: "is missing" }] };
  const [move] = review(made).moves;
  expect([move!.because, move!.phones.length]).toEqual([because, phones]);
});

test("phones that did not follow at the last deploy are told beside the forecast, also when the refresh has forgotten them", () => {
  const behind = "still registered on the source, node 10.10.0.12";
  const failed = [
    { name: "SEP001122334402", reason: `did not follow the reset: ${behind}` },
    { name: "SEP001122334403", reason: `not reset, since too many of the wave do not follow: ${behind}` },
  ];
  const made = plan("flip");
  const wave = changeOf(made, "cucm_phone_registration");
  expect(review(made).moves[0]!.forecast!.didNotFollow).toEqual([]);
  const said = `did not follow at the last deploy: ${behind}`;

  const { before } = wave.change;
  wave.change.before = { ...before!, failed };
  expect(review(made).moves[0]!.forecast!.didNotFollow).toEqual([{ name: "SEP001122334402", reason: said }]);
  expect(markdown(made)).toContain(`\`SEP001122334402\` ${said}`);

  wave.change.before = before;
  const drifted = { ...wave, change: { ...wave.change, before: { ...before!, failed }, after: before } };
  const { moves } = review({ ...made, resource_drift: [drifted] as unknown as Json });
  expect(moves[0]!.forecast!.didNotFollow).toEqual([{ name: "SEP001122334402", reason: said }]);
});

test("a new wave on the source, and one that stays, move nothing", () => {
  const made = plan("no-change");
  expect(review(made).staying).toMatchObject([{ wave: "hq", on: "source", phones: 4 }]);
  const wave = changeOf(made, "cucm_phone_registration");
  wave.change.before = null;
  wave.change.actions = ["create"];
  expect(review(made).moves).toEqual([]);
});

test("of a destroy: what leaves the stores, but what was there before and what is to be kept", () => {
  const destroy = (more: Plan, memberships = "source-memberships") => {
    const made = plan("no-change");
    const trust = changesOf(made).find(({ address }) => address.includes(memberships))!;
    trust.change.before = { ...trust.change.before!, ...more };
    trust.change.after = null;
    trust.change.actions = ["delete"];
    return review(made);
  };
  const all = destroy({});
  expect(all.clusters[1]!.leaves).toHaveLength(10);
  expect(all.clusters[1]!.restarts.map(({ service }) => service)).toEqual([
    "Cisco Trust Verification Service",
  ]);
  expect(all.violated).toContain("destroy");
  expect(all.irreversible.join()).toContain("declare and import it again");
  const sha256 = all.clusters[1]!.leaves[0]!.certificate.sha256;
  expect(destroy({ already_present: [`Phone-SAST-trust/${sha256}`] }).clusters[1]!.leaves).toHaveLength(9);
  const lscs = "issuers of phones' LSCs leave it";
  expect(destroy({}, "destination-memberships").irreversible.join()).toContain(
    `Cluster destination: ${lscs}`,
  );
  expect(all.irreversible.join()).not.toContain(lscs);
  const kept = destroy({ retain_on_destroy: true }).clusters[1]!;
  expect([kept.leaves, kept.restarts]).toEqual([[], []]);
});

test("what a switch leaves in `observed` is no drift; another answer is", () => {
  expect(review(plan("back")).drift).toEqual([]);
  const made = plan("back");
  const [drifted] = made.resource_drift as unknown as ReturnType<typeof changesOf>;
  drifted!.change.after!.observed = ["192.0.2.1"];
  expect(review(made).drift[0]!.what).toEqual(["it serves 192.0.2.1, and not what the last deploy left"]);
});

test("findings that our own pilot brings about are no drift; the same of another phone is", () => {
  const made = plan("back");
  const option = changeOf(made, "dhcp_option_150");
  const [phone, stranger] = ["00:11:22:33:44:01", "00:11:22:33:44:99"];
  const finding = (kind: string, scope: string) => ({
    kind,
    severity: "warning",
    scope,
    value: "x",
    advice: "",
  });
  const reservation = (mac: string) =>
    finding("shadowed", `reservation hw-address ${mac} of subnet 10.1.20.0/24`);
  const values: { [name: string]: unknown } = { ...option.change.after!, findings: [] };
  const pilot = {
    ...option,
    change: { ...option.change, after: { ...values, scope: { subnet: "10.1.20.0/24", phone } } },
  };
  const drifted = (findings: readonly object[], before: object = values) => {
    const drift = { ...option, change: { ...option.change, before, after: { ...values, findings } } };
    const changes = [...(made.resource_changes as unknown as object[]), pilot];
    const json = { ...made, resource_changes: changes, resource_drift: [drift] };
    return review(json as unknown as Plan).drift.flatMap(({ what }) => what);
  };
  expect(drifted([reservation(phone)])).toEqual([]);
  // What keeps the pilot from its answer is not ours.
  expect(drifted([{ ...reservation(phone), severity: "error" }])).toEqual([
    expect.stringContaining(`new finding shadowed at reservation hw-address ${phone}`),
  ]);
  expect(drifted([reservation(stranger)])).toEqual([
    expect.stringContaining(`new finding shadowed at reservation hw-address ${stranger}`),
  ]);
  const inherits = finding("inherited-value", `phone ${phone}`);
  const declared = values.serve === "destination" ? values.destination_addresses : values.source_addresses;
  values.observed = declared;
  expect(drifted([], { ...values, observed: ["192.0.2.1"], findings: [inherits] })).toEqual([]);
  expect(drifted([], { ...values, findings: [inherits] })).toEqual([
    expect.stringContaining("finding gone: inherited-value"),
  ]);
});

test("sensitive values are masked wherever they stand", () => {
  const made = plan("flip");
  const scope = changeOf(made, "dhcp_option_150");
  for (const values of [scope.change.before, scope.change.after]) values!.server = "geheim-server";
  Object.assign(scope.change, { before_sensitive: { server: true }, after_sensitive: { server: true } });
  const trust = changeOf(made, "cucm_trust_memberships");
  const certificates = trust.change.after!.certificates as Plan;
  const [sha256] = Object.keys(certificates);
  (certificates[sha256!] as Plan).pem = "geheim-pem";
  Object.assign(trust.change, {
    after_sensitive: { certificates: { [sha256!]: { pem: true } } },
    before: null,
  });
  const data = (
    ((made.prior_state as Plan).values as Plan).root_module as unknown as {
      resources: { type: string; values: Plan; sensitive_values: Json }[];
    }
  ).resources.find(({ type }) => type === "cucm_trust_forecast")!;
  data.values.assumed = ["geheim-satz"];
  data.sensitive_values = { assumed: [true] };
  expect(both(made)).not.toContain("geheim");
  expect(markdown(made)).toContain("(sensitive value)");
  // Masked is not analysed, and that is told.
  const gaps = review(made).gaps.map(({ sentence }) => sentence);
  expect(gaps).toContain(`${scope.address}: server is sensitive, and not looked at.`);
  expect(gaps).toContain(
    "data.cucm_trust_forecast.move_hq_forecast_2DC58D0F: assumed is sensitive, and not looked at.",
  );
  expect(gaps.join()).toContain(`${sha256} cannot be read`);
});

const HOSTILE = [
  "`; @octocat",
  "``` \n# big",
  "a | b | c",
  "<img src=x onerror=alert(1)>",
  "</details><script>",
  "[here](https://evil.example)",
  "https://evil.example www.evil.example",
  "![x](//evil.example/x.png)",
  "--> <b>",
  "*bold* _it_ ~~x~~ #12 GH-12",
  '"]; click c0 "https://evil.example"',
  "\u202eevil\u0007",
  "1. one\n2) two",
  ":tada: x :+1:",
  "line\r\n# big\u2028- [x] done",
];

const MARKUP =
  /@octocat|(?:www\.|\/\/)evil|\]\(|onerror|<script|<img|<b>|#12|GH-12|\*bold|# big|\u202e|^[-* ]*(?:1\.|2\)) |:tada:|:\+1:|\[x\]/m;

/** What GitHub would still look at: without code, the diagram and the marker. */
const visible = (text: string) =>
  text
    .replace(/^<!--.*-->\n/, "")
    .replace(/^```mermaid\n[^`]*\n```$/m, "")
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "")
    .replace(/<code>[^<>]*<\/code>/g, "");

test.each(HOSTILE)("names and sentences of devices format nothing: %j", (hostile) => {
  const made = plan("shadowed");
  const wave = changeOf(made, "cucm_phone_registration");
  wave.address = `cucm_phone_registration.${hostile}`;
  wave.change.after = { ...wave.change.after!, source: hostile, phones: [hostile] };
  (wave.change.after.go_if as Plan)[hostile] = true;
  const scope = changeOf(made, "dhcp_option_150");
  scope.change.after = {
    ...scope.change.after!,
    server: hostile,
    observed: [hostile],
    findings: [{ kind: hostile, severity: "error", scope: hostile, value: hostile, advice: hostile }],
  };
  const trust = changeOf(made, "cucm_trust_memberships");
  trust.change.after = {
    ...trust.change.after!,
    cluster: hostile,
    nodes: { [hostile]: true },
    method: hostile,
  };
  trust.change.before = null;
  const text = asMarkdown(review(made), hostile);
  const seen = visible(text);
  expect(seen).not.toMatch(MARKUP);
  // One comment, one marker; every element that is opened is closed.
  expect(text.match(/<!--/g)).toHaveLength(1);
  expect(text.split("\n")[0]).toMatch(/^<!-- phone-migration review: [^<>]* -->$/);
  expect(seen.match(/<details/g)!.length).toBe(seen.match(/<\/details>/g)!.length);
  // Every row of a table has the cells of its head.
  const cells = (line: string) => line.split("|").length;
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  for (const row of rows.filter((line) => line.includes("shadow") || line.startsWith("| `kea`")))
    expect(cells(row)).toBe(9);
  // The diagram stays one block, whose labels have no quote of their own.
  const [, diagram] = /```mermaid\n([\s\S]*?)\n```/.exec(text)!;
  for (const line of diagram!.split("\n")) expect((line.match(/"/g) ?? []).length % 2).toBe(0);
  expect(diagram).not.toMatch(/^\s*click|:\/\/|[`<]/m);
});

/** Texts of a plan by their kind: keys and numbers in lists do not matter, so hundreds of texts are some dozens of kinds. */
function kindsOfText(
  value: Json,
  path: readonly string[] = [],
  kinds = new Map<string, (readonly string[])[]>(),
) {
  if (typeof value === "string") {
    const kind = path.map((key) => key.replace(/^\d+$|^[0-9a-f]{64}$|^SEP.*|^cucm1.*/, "*")).join("/");
    kinds.set(kind, [...(kinds.get(kind) ?? []), path]);
  } else if (typeof value === "object" && value !== null)
    for (const [key, part] of Object.entries(value)) kindsOfText(part, [...path, key], kinds);
  return kinds;
}

const LANGUAGE = ["format_version", "terraform_version", "mode", "type", "actions"];
const PLANS = ["shadowed", "lockouts", "drift", "trust-only"];
/** One with markup of every sort, and one of harmless characters. */
const ANYWHERE = [
  "| `<script> @octocat \n# big [here](https://evil.example) *bold* | ``` <b>",
  "www.evil.example",
];

/** In every plan: what one of them does not show, another does. */
const everyKindOfText = () =>
  PLANS.flatMap((name) =>
    [...kindsOfText(plan(name))]
      .filter(([kind]) => /^(resource_|prior_state)/.test(kind))
      .filter(([kind]) => !LANGUAGE.includes(kind.split("/").findLast((key) => key !== "*")!))
      .map(([kind, places]) => ({ name, kind, places })),
  );

test("whatever text of a plan is hostile, no place of a review lets it through", () => {
  const kinds = everyKindOfText();
  expect(kinds.length).toBeGreaterThan(120);
  let shown = 0;
  for (const { name, kind, places } of kinds)
    for (const hostile of ANYWHERE) {
      const made = plan(name);
      for (const path of places) {
        const parent = path.slice(0, -1).reduce<Json>((part, key) => (part as Plan)[key]!, made);
        (parent as Plan)[path.at(-1)!] = hostile;
      }
      const text = asMarkdown(reviewOf(readPlan(made), new Map(), POLICY_NAMES), "Phone migration");
      if (/octocat|evil/.test(text)) shown++;
      const rows = text.split("\n").map((line) => (line.startsWith("| ") ? line.split("|").length : 0));
      // A row has as many cells as the one before it.
      const ragged = rows.filter((cells, i) => cells > 0 && rows[i - 1]! > 0 && rows[i - 1] !== cells);
      expect([kind, visible(text).match(MARKUP), text.match(/<!--/g)!.length, ragged]).toEqual([
        kind,
        null,
        1,
        [],
      ]);
    }
  // Most of a plan is not for a review; a good part is.
  expect(shown).toBeGreaterThan(60);
});

test("names in a certificate are hostile as well", () => {
  const key = identity({ key: "P-256" }).privateKey;
  for (const hostile of HOSTILE) {
    const made = plan("trust-only");
    const trust = changeOf(made, "cucm_trust_memberships");
    const { certificate } = identity({
      key: "P-256",
      subject: name({ CN: hostile }),
      issuer: { name: name({ O: hostile }), key },
    });
    trust.change.after = {
      ...trust.change.after!,
      certificates: { [certificate.sha256]: { pem: certificate.pem, stores: ["CallManager-trust"] } },
    };
    const text = markdown(made);
    expect(text).toContain(certificate.sha256.slice(0, 12));
    expect([hostile, visible(text).match(MARKUP)]).toEqual([hostile, null]);
    const [row] = text.split("\n").filter((line) => line.includes(certificate.sha256.slice(0, 12)));
    expect(row!.split("|")).toHaveLength(8);
  }
});

test("warnings of the core and paths of constructs are hostile as well", () => {
  for (const hostile of HOSTILE) {
    const made = plan("shadowed");
    const paths = new Map(changesOf(made).map(({ address }) => [address, `${hostile}/${hostile}/x`]));
    const text = asMarkdown(reviewOf(readPlan(made), paths, POLICY_NAMES, [hostile]), "Phone migration");
    expect([hostile, visible(text).match(MARKUP)]).toEqual([hostile, null]);
  }
});

test("what could not be analysed is listed", () => {
  const made = plan("flip");
  made.format_version = "1.9";
  made.errored = true;
  made.complete = false;
  made.output_changes = { phones: { actions: ["update"] } };
  const [gate] = changesOf(made).filter(({ type }) => type === "null_resource");
  made.resource_changes = [
    ...(made.resource_changes as Json[]),
    { ...gate, address: "aws_instance.x", type: "aws_instance" } as unknown as Json,
    {
      address: "data.cucm_signers.late",
      mode: "data",
      type: "cucm_signers",
      change: { actions: ["read"], before: null, after: {}, after_unknown: {} },
    },
  ];
  const wave = changeOf(made, "cucm_phone_registration");
  Object.assign(wave.change, { after_unknown: { phones: true } });
  Object.assign(changeOf(made, "dhcp_option_150").change, { after_unknown: { destination_addresses: true } });
  Object.assign(changeOf(made, "cucm_trust_memberships").change, { after_unknown: { certificates: true } });
  const { resources } = ((made.prior_state as Plan).values as Plan).root_module as unknown as {
    resources: { type: string; values: Plan }[];
  };
  for (const { type, values } of resources) {
    if (type === "cucm_signers" && values.cluster === "source") values.unread = ["10.10.0.13"];
    if (type === "cucm_cluster" && values.cluster === "source")
      Object.assign(values, { version: null, nodes: {} });
    if (type === "cucm_trust_forecast") values.unread = ["RIS of 10.10.0.11"];
  }
  const { gaps, violated } = review(made);
  const of = (policy: string) => gaps.filter((gap) => gap.policy === policy).map(({ sentence }) => sentence);
  expect(of("unknown")).toEqual([
    "The core could not finish this plan (errored).",
    "The core leaves changes of this plan for a later one (deferred).",
    "The plan has format_version 1.9, newer than 1.2: it may hold more than is told here.",
    "aws_instance.x (create) is of a type that a review does not know.",
    "data.cucm_signers.late is read only at apply: what it tells is not known here.",
    "Output phones changes; outputs are not looked at.",
    `phones of ${wave.address} is known only at apply: which phones move is not told here.`,
    expect.stringMatching(/^Which certificates cucm_trust_memberships\S+ imports is known only at apply\.$/),
    expect.stringMatching(/^destination_addresses of dhcp_option_150\S+ is known only at apply/),
  ]);
  expect(of("unread")).toEqual([
    "Cluster source could not be read.",
    "Node 10.10.0.13 of cluster source did not show its signers.",
    "Forecast of wave hq: not read: RIS of 10.10.0.11",
  ]);
  expect(violated).toEqual(expect.arrayContaining(["unread", "unknown"]));
  for (const { sentence } of gaps.slice(0, 2)) expect(markdown(made)).toContain(sentence);
});

test("what TVS answered is shown also where another stack keeps the trust", () => {
  const made = plan("flip");
  made.resource_changes = changesOf(made).filter(
    ({ type }) => type !== "cucm_trust_memberships",
  ) as unknown as Json[];
  const { after } = changeOf(made, "cucm_tvs_proof").change;
  Object.assign(after!, { proven: false, answers: { "cucm10-sub1": "does not know CN=x (serial 1)" } });
  expect(markdown(made)).toContain(`Cluster ${after!.cluster}: trust stores are not of this plan`);
  expect(markdown(made)).toContain("TVS of `cucm10-sub1` does not know CN=x (serial 1)");
});

test("a forward wave without a forecast in the plan is told, and a proof that is asked at apply is unproven", () => {
  const made = plan("flip");
  const module = ((made.prior_state as Plan).values as Plan).root_module as unknown as {
    resources: { type: string }[];
  };
  module.resources = module.resources.filter(({ type }) => type !== "cucm_trust_forecast");
  const proof = changeOf(made, "cucm_tvs_proof");
  Object.assign(proof.change, { after_unknown: { proven: true } });
  const { gaps, findings } = review(made);
  expect(gaps).toEqual([
    {
      policy: "unknown",
      sentence: "Wave hq moves to the destination, and the plan has no forecast of its phones.",
    },
  ]);
  expect(findings.unproven).toEqual(["TVS of cluster destination is asked only at apply"]);
});

test("a null_resource that is no gate may run anything, and what is imported was not looked at before", () => {
  const made = plan("flip");
  const gate = changeOf(made, "null_resource");
  expect(review(made).gaps).toEqual([]);
  gate.change.after = { triggers: { always: "x" } };
  Object.assign(changeOf(made, "cucm_tvs_proof").change, { importing: { id: "{}" } });
  expect(review(made).gaps.map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/^null_resource\S+ \(create\) is of a type that a review does not know\.$/),
    expect.stringMatching(/^cucm_tvs_proof\S+ is imported into the state/),
  ]);
});

test("of many waves the first line counts, and tells the worst of their forecasts", () => {
  const made = plan("lockouts");
  expect(review(made).verdict).toBe(
    "4 phones of wave hq move from the source to the destination (forecast: 1 locked out).",
  );
  const wave = changeOf(made, "cucm_phone_registration");
  const more = [1, 2, 3].map((i) => ({ ...wave, address: `cucm_phone_registration.w${i}` }));
  made.resource_changes = [...(made.resource_changes as Json[]), ...(more as unknown as Json[])];
  expect(review(made).verdict).toBe("16 phones of 4 waves move to the destination (forecast: 4 locked out).");
});

test("a certificate that is in its store and that TVS has not loaded is not put back", () => {
  const made = plan("drift");
  const trust = changesOf(made).find(({ address }) => address.includes("source-memberships"))!;
  const lines = trust.change.before!.missing as string[];
  expect(lines.length).toBeGreaterThan(0);
  trust.change.before!.missing = lines.map((line) => line.replace(": ", ": TVS has not loaded "));
  const source = review(made).clusters.find(({ cluster }) => cluster === "source")!;
  expect([source.enters, source.restarts.length]).toEqual([[], 1]);
});

test("what was there before is known from the state while an update does not tell", () => {
  const made = plan("renewed");
  const trust = changesOf(made).find(({ address }) => address.includes("source-memberships"))!;
  trust.change.before!.already_present = ["Phone-SAST-trust/00"];
  expect(review(made).clusters.find(({ cluster }) => cluster === "source")!.alreadyPresent).toBe(1);
});

test("resources in modules and with keys belong to their waves too", () => {
  const made = plan("flip");
  const text = JSON.stringify(made.resource_changes)
    .replaceAll('"address":"cucm_phone', '"address":"module.site[\\"a.b\\"].cucm_phone')
    .replaceAll('"address":"dhcp_', '"address":"module.site[\\"a.b\\"].dhcp_');
  made.resource_changes = JSON.parse(text);
  made.configuration = {
    root_module: { module_calls: { site: { module: (made.configuration as Plan).root_module! } } },
  };
  expect(review(made).scopes[0]!.wave).toBe("hq");
});

test.each([
  ["not JSON", "Plan: 1 to add"],
  ["a state", JSON.stringify({ format_version: "1.0", values: {} })],
  ["another JSON", "[]"],
  ["a newer format", JSON.stringify({ format_version: "2.0", resource_changes: [] })],
])("%s is no plan", (_, text) => {
  expect(() => parsePlan(text)).toThrow(PlanError);
});

/** Every place in a value. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]))];
}

test("nothing in a plan is believed to have its shape", () => {
  const places = placesIn(plan("drift")).filter(
    ([first]) => first !== undefined && first !== "format_version",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.constantFrom(null, 7, "x", [], {}, [null], true),
      (path, odd) => {
        const made = plan("drift");
        const last = path.at(-1)!;
        const parent = path.slice(0, -1).reduce<Json>((part, key) => (part as Plan)[key]!, made);
        (parent as Plan)[last] = structuredClone(odd) as Json;
        if (made.resource_changes === undefined) return;
        expect(markdown(made)).toMatch(/^<!-- phone-migration review: /);
      },
    ),
    { numRuns: 300 },
  );
});

test("a plan of odd shape is read as far as it goes", () => {
  const odd = {
    format_version: "1.2",
    resource_changes: [null, {}, { type: "dhcp_option_150", change: { after: 1 } }],
  };
  expect(() => markdown(odd as unknown as Plan)).not.toThrow();
});
