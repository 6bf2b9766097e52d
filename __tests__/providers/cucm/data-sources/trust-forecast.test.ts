import type { ClusterNode } from "../../../../providers/cucm/cluster/cluster";
import { trustForecastDataSource } from "../../../../providers/cucm/data-sources/trust-forecast";
import { boot } from "../../../../trust/forecast/boot";
import { Role } from "../../../../trust/roles";
import { buildTrustList } from "../../../../trust/trust-list";
import { certificateOf } from "../certificates";
import { FakeCore } from "../fake-core";
import {
  type Config,
  type ForecastCluster,
  forecastClusters,
  imports,
  OTHER,
  PHONE,
  readForecast,
} from "./forecast-clusters";

// Counts the boots that are thought through.
jest.mock("../../../../trust/forecast/boot", () => {
  const real = jest.requireActual<typeof import("../../../../trust/forecast/boot")>(
    "../../../../trust/forecast/boot",
  );
  return { ...real, boot: jest.fn(real.boot) };
});

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
});

const read = (config: Config = {}) =>
  readForecast(source, destination, { assume_trusted: imports(source, destination), ...config });

test("phones register when the plan imports what they need; nothing is written, nothing warned", async () => {
  const { state, said } = await read({ phones: [OTHER, PHONE] });
  expect(said).toEqual([]);
  expect(state).toMatchObject({
    counts: { registers: 2, follows: 0, "locked out": 0, uncertain: 0 },
    moved: 0,
    at_risk: [],
    at_risk_unlisted: 0,
    no_phone_at_risk: true,
    weak_evidence: [],
    evidence_suffices: true,
    unread: [],
    forecasts: null,
  });
  expect([...source.writes, ...destination.writes]).toEqual([]);
});

test("it says what every outcome takes for granted", async () => {
  const { state } = await read();
  expect(state.assumed).toEqual([
    "Alternate TFTP is off, except on the phones that alternate_tftp names: CUCM does not show it",
    "CallManager and CAPF of every node that answers take phones",
    'a phone with a secure profile shows an LSC that CAPF-source, the CAPF of "source", issued, unless the database names another issuer or says that CAPF never enrolled it',
    "each TFTP node has a configuration for every phone of its database, signed like the one that was looked at",
    "each phone took the lists that TFTP serves for it now: no interface of CUCM shows what a phone holds",
    "the certificates that the declaration imports are in the stores of every node, and TVS knows them",
  ]);
  const { state: nothing } = await read({ assume_trusted: null });
  expect(nothing.assumed.join()).not.toContain("imports");
});

test("without the imports TVS knows no signer: locked out, with the reason and what to do", async () => {
  const { state, said } = await read({ assume_trusted: null });
  expect(state.counts).toEqual({ registers: 0, follows: 0, "locked out": 1, uncertain: 0 });
  expect(state.no_phone_at_risk).toBe(false);
  expect(state.at_risk).toEqual([
    {
      name: PHONE,
      outcome: "locked out",
      against: [],
      evidence: "registered-since-lists",
      reason: expect.stringMatching(
        /^by 127\.1\.20\.12: CTL, signed by .*destination-pub.*: refused, the phone's lists do not know the signer, and TVS does not either \(127\.1\.10\.12\)\. To do: import/,
      ),
      steps: ["CTL", "ITL", "configuration"].map((file) =>
        expect.stringMatching(
          new RegExp(`^${file}, signed by CN=destination-.*: refused, .*TVS does not either`),
        ),
      ),
      accepted: false,
    },
  ]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^warning: 1 of 1 phones are at risk when they move, from "source" to "destination" \/ SEP000000000001 \(locked out\): /,
  );
});

test("what is in the stores already needs no import", async () => {
  for (const { certificate } of [...destination.keys.own.values(), destination.keys.recovery])
    source.seed("Phone-SAST-trust", certificate);
  destination.seed("CallManager-trust", source.keys.capf.certificate);
  expect((await read({ assume_trusted: null })).state.counts.registers).toBe(1);
});

test("without the source's CAPF at the destination a phone with an LSC follows and cannot register", async () => {
  const { source: signers } = imports(source, destination);
  const { state } = await read({ assume_trusted: { source: signers } });
  expect(state.at_risk).toMatchObject([
    { outcome: "uncertain", reason: expect.stringContaining("whether a CAPF operation waits") },
  ]);
  // A non-secure profile there needs no certificate.
  destination.devices.set(PHONE, { mode: "non-secure" });
  expect((await read({ assume_trusted: { source: signers } })).state.counts.registers).toBe(1);
});

test("CAPF-trust alone hangs on a switch, which can be settled", async () => {
  const both = imports(source, destination);
  const [[sha256 = "", { pem = "" } = {}] = []] = Object.entries(both.destination);
  const assume_trusted = { ...both, destination: { [sha256]: { pem, stores: ["CAPF-trust"] } } };
  expect((await read({ assume_trusted })).state.at_risk[0]!.outcome).toBe("uncertain");
  const switches = { lsc_issuer_store: "either store" };
  expect((await read({ assume_trusted, switches })).state.counts.registers).toBe(1);
});

test("a phone that somebody accepts to lose is told, not warned of, and does not count", async () => {
  fleet.add("SEP000000000003", { knownTo: ["source"] });
  const phones = [PHONE, "SEP000000000003"];
  const refused = await read({ phones });
  expect(refused.state.at_risk).toMatchObject([
    {
      name: "SEP000000000003",
      outcome: "follows",
      reason: expect.stringContaining("does not have this phone"),
    },
  ]);
  expect(refused.state.no_phone_at_risk).toBe(false);
  const limits = { max_failures: 1, max_failure_ratio: null };
  const { state, said } = await read({ phones, limits, accept_lockouts: ["SEP000000000003"] });
  expect(said).toEqual([]);
  expect(state.no_phone_at_risk).toBe(true);
  expect(state.at_risk).toMatchObject([{ name: "SEP000000000003", accepted: true }]);
});

test("phones that are on the destination already are counted and not forecast", async () => {
  fleet.put(PHONE, "destination", true);
  const { state } = await read({ phones: [PHONE, OTHER], assume_trusted: null });
  expect(state.moved).toBe(1);
  expect(state.counts["locked out"]).toBe(1);
  expect(state.at_risk.map(({ name }) => name)).toEqual([OTHER]);
});

test("the way back: from where a phone is, or from where the move leaves it", async () => {
  const backwards = {
    ...imports(destination, source),
    destination: { ...imports(source, destination).destination, ...imports(destination, source).source },
    source: imports(source, destination).source,
  };
  const stranded = await read({ to: "source" });
  expect(stranded.state.at_risk).toMatchObject([{ name: PHONE, outcome: "locked out" }]);
  expect(stranded.said[0]).toContain("at risk on the way back");
  const open = await read({ to: "source", assume_trusted: backwards });
  // It may be enrolled there, and the source does not trust that CAPF.
  expect(open.state.at_risk).toMatchObject([
    { outcome: "uncertain", reason: expect.stringContaining("whether a CAPF operation waits") },
  ]);
  fleet.put(PHONE, "destination", true);
  const moved = await read({ to: "source", assume_trusted: backwards });
  expect(moved.state.at_risk).toMatchObject([
    { outcome: "uncertain", reason: expect.stringMatching(/CAPF-destination \(serial \w+\) issued its LSC/) },
  ]);
  source.seed("CallManager-trust", destination.keys.capf.certificate);
  expect((await read({ to: "source", assume_trusted: backwards })).state.counts.registers).toBe(1);
});

test("only the nodes that option 150 will name count; what is served elsewhere is not known", async () => {
  const [first, second] = destination.tftp as [ClusterNode, ClusterNode];
  destination.files.set(`${second.name} CTLFile.tlv`, Buffer.from("broken"));
  expect((await read()).state.at_risk).toHaveLength(1);
  expect((await read({ destination_tftp: [first.address] })).state.counts.registers).toBe(1);
  const { state } = await read({ destination_tftp: [first.address, "127.1.2.3"] });
  expect(state.at_risk).toMatchObject([
    {
      outcome: "uncertain",
      reason:
        'option 150 will name 127.1.2.3, which is no TFTP node of "destination": what is served there is not known',
    },
  ]);
});

test("evidence: less than is demanded is named, unless the phone is accepted", async () => {
  fleet.put(OTHER, null);
  const phones = [PHONE, OTHER];
  const limits = { max_failures: 1, max_failure_ratio: null };
  const { state, said } = await read({ phones, limits, require_evidence: "registered-over-tls" });
  expect(state.no_phone_at_risk).toBe(true);
  expect(state.evidence_suffices).toBe(false);
  expect(state.weak_evidence).toEqual([
    { name: OTHER, reason: expect.stringContaining('rests on "served"') },
  ]);
  expect(said[0]).toMatch(/^warning: The evidence for 1 of 2 phones is weaker than "registered-over-tls"/);
  const accepted = await read({
    phones,
    require_evidence: "registered-over-tls",
    accept_lockouts: [OTHER],
  });
  expect(accepted.state.evidence_suffices).toBe(true);
  expect(
    (await read({ phones, require_evidence: "web-status", evidence: ["web"] })).state.weak_evidence,
  ).toHaveLength(2);
});

test("alternate TFTP, models and detail are what the user says", async () => {
  const { state } = await read({ phones: [PHONE, OTHER], alternate_tftp: [PHONE], detail: true });
  expect(state.forecasts).toMatchObject([
    { name: PHONE, outcome: "locked out", reason: expect.stringContaining("Alternate TFTP is on") },
    {
      name: OTHER,
      outcome: "registers",
      expected: "registers",
      evidence: "registered-since-lists",
      because: expect.stringContaining("inferred: it has registered since"),
      reason: "",
    },
  ]);
  destination.serve(undefined, "sha512");
  expect((await read()).state.counts.registers).toBe(1);
  const models = { "Cisco 8861": { sha512: false } };
  expect((await read({ models })).state.at_risk[0]!.reason).toContain("cannot check a signature");
});

test("a model of which nothing is known is uncertain, and says so", async () => {
  source.devices.set(PHONE, { model: "Cisco 1234" });
  expect((await read()).state.at_risk).toMatchObject([
    { outcome: "uncertain", reason: expect.stringContaining("Security By Default") },
  ]);
  const models = { "Cisco 1234": { security_by_default: true } };
  expect((await read({ models })).state.counts.registers).toBe(1);
});

test("an empty ITL cannot ask TVS; the CTL that it has stays in the way", async () => {
  const own = source.keys.own.get(source.tftp[0]!)!;
  const empty = buildTrustList({
    kind: "ITL",
    signer: own.certificate,
    privateKey: own.privateKey,
    digest: "sha1",
    timestamp: new Date("2015-03-06T18:45:13Z"),
    records: [{ role: Role.CAPF, certificate: source.keys.capf.certificate }],
  });
  for (const node of source.tftp) source.files.set(`${node.name} ITL${PHONE}.tlv`, empty);
  const { state } = await read({ phones: [PHONE, OTHER] });
  expect(state.at_risk).toMatchObject([
    { name: PHONE, reason: expect.stringContaining('which TFTP node of "source" served it last') },
  ]);
  for (const node of source.tftp) source.files.set(`${node.name} ITLFile.tlv`, empty);
  expect((await read()).state.at_risk).toMatchObject([{ name: PHONE, outcome: "locked out" }]);
});

test("a TFTP node that has no configuration of the phone is told, whatever default it has", async () => {
  const file = destination.configurations.get("destination-sub2")!;
  destination.configurations.delete("destination-sub2");
  destination.files.set("destination-sub2 SPDefault.cnf.xml.sgn", file);
  expect((await read()).state.at_risk).toMatchObject([
    { name: PHONE, reason: expect.stringContaining("127.1.20.13") },
  ]);
});

test("of phones that have moved nothing but RIS is asked", async () => {
  fleet.put(PHONE, "destination");
  for (const cluster of [source, destination])
    for (const method of [
      "servedFile",
      "askTvs",
      "trustEntries",
      "identityCertificate",
      "phoneDevices",
    ] as const)
      cluster.fail(method);
  const { state, said } = await read();
  expect(said).toEqual([]);
  expect(state).toMatchObject({ moved: 1, no_phone_at_risk: true, unread: [] });
});

test("a token that signed the destination's CTL: named in the reason, and never taken as known", async () => {
  const token = certificateOf({ cn: "SAST-ADN0054e4ef13" });
  destination.serve(token);
  expect((await read()).state.at_risk).toMatchObject([
    // It takes ITL and configuration, and then finds nobody of its CTL to register with.
    {
      outcome: "uncertain",
      reason: expect.stringMatching(
        /^hangs on .*Expected, by .*CTL, signed by CN=SAST-ADN0054e4ef13 .*: refused/,
      ),
    },
  ]);
  const settled = await read({ switches: { itl_proves_call_manager: false } });
  expect(settled.state.at_risk).toMatchObject([{ outcome: "follows" }]);
});

describe("what cannot be read is never an error", () => {
  test.each<[string, () => void, boolean]>([
    ["a cluster that is gone", () => source.fail("*"), false],
    ["a destination that is gone", () => destination.fail("*"), false],
    ["AXL that refuses a question", () => destination.fail("phoneDevices", null, "refused"), false],
    ["AXL that refuses the credentials", () => source.fail("phoneDevices", null, "credentials"), false],
    ["TFTP of the source that is gone", () => source.fail("servedFile"), false],
    ["RIS that stays over its rate", () => source.fail("registrations", null, "timeout"), true],
    ["a TVS that shows another certificate", () => source.fail("askTvs", "source-sub1", "identity"), true],
    ["a store that cannot be listed", () => destination.fail("trustEntries", "destination-sub1"), true],
    ["a destination TFTP node that is gone", () => destination.fail("servedFile", "destination-sub1"), false],
    ["a CAPF that cannot be read", () => source.fail("identityCertificate", "source-pub"), false],
  ])("%s", async (_, damage, others) => {
    damage();
    const { state, said } = await read();
    // Whose trust or TVS is not read stops a move by the memberships and the proof; the forecast says what it lacks.
    expect(state.counts.uncertain).toBe(others ? 0 : 1);
    expect(state.no_phone_at_risk).toBe(others ? true : null);
    expect(state.unread.length).toBeGreaterThan(0);
    expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
    expect(said.join("\n")).toMatch(/warning: Not read for the forecast: /);
  });

  test("nobody is sent after a TVS that only we cannot reach", async () => {
    source.fail("askTvs");
    const { state } = await read();
    expect(state.no_phone_at_risk).toBeNull();
    expect(state.at_risk).toMatchObject([
      { outcome: "uncertain", reason: expect.stringMatching(/^not everything could be read: .*askTvs/) },
    ]);
  });

  test.each([
    ["does not answer", () => destination.fail("registrations", null, "timeout")],
    ["has no answer from the phone's node", () => destination.silentToRis.add("destination-sub1")],
  ])("the way back of a phone that is not to be found, since RIS %s, is not known", async (_, damage) => {
    fleet.put(PHONE, "destination");
    damage();
    const { state } = await read({ to: "source" });
    expect(state.counts).toMatchObject({ registers: 0, uncertain: 1 });
    expect(state.at_risk).toMatchObject([
      { name: PHONE, reason: expect.stringContaining("where it is registered could not be read") },
    ]);
  });

  test("a node that is gone is not asked for every phone", async () => {
    let asked = 0;
    const real = source.servedFile.bind(source);
    source.servedFile = async (node, name, op) => {
      if (node.name === "source-sub1") asked++;
      return real(node, name, op);
    };
    source.fail("servedFile", "source-sub1");
    const names = Array.from({ length: 200 }, (_, i) => `SEP0000000001${String(i).padStart(2, "0")}`);
    for (const name of names) fleet.add(name);
    const { state } = await read({ phones: names.slice(0, 100) });
    expect(asked).toBeLessThan(20);
    // It may have served other lists than the one that answers.
    expect(state.counts.uncertain).toBe(100);
    expect(state.at_risk[0]!.reason).toMatch(
      /^not everything could be read: .* By what was read: registers$/,
    );
  });

  test("a list that is broken on one source node is not passed over", async () => {
    source.files.set("source-sub2 ITLFile.tlv", Buffer.from("broken"));
    expect((await read()).state.at_risk).toMatchObject([
      {
        outcome: "uncertain",
        reason: expect.stringContaining('127.1.10.13 of "source" serves a broken list'),
      },
    ]);
  });

  test("what is not known of a phone is its reason", async () => {
    source.devices.set(PHONE, { mode: null });
    destination.devices.set(OTHER, { callManagers: null });
    fleet.add("SEP000000000003", { knownTo: ["destination"] });
    const { state } = await read({ phones: [PHONE, OTHER, "SEP000000000003"] });
    expect(state.at_risk).toMatchObject([
      { name: PHONE, outcome: "uncertain", evidence: null, reason: expect.stringContaining('on "source"') },
      { name: OTHER, outcome: "uncertain", reason: expect.stringContaining('on "destination"') },
      { name: "SEP000000000003", reason: expect.stringContaining('database of "source" does not have it') },
    ]);
  });
});

test("a fleet costs as much as its different kinds of phones", async () => {
  const predict = jest.mocked(boot);
  predict.mockClear();
  const names = Array.from({ length: 3000 }, (_, i) => `SEP00000001${String(i).padStart(4, "0")}`);
  for (const name of names) fleet.add(name);
  await read({ phones: names.slice(0, 1) });
  const one = predict.mock.calls.length;
  predict.mockClear();
  const { state } = await read({ phones: names });
  expect(state.counts.registers).toBe(3000);
  expect(one).toBeGreaterThan(0);
  expect(predict.mock.calls.length).toBe(one);
});

test("a certificate whose key or stores are wrong is refused", async () => {
  const { pem } = source.keys.capf.certificate;
  const core = await FakeCore.with(source, destination);
  const invalid = await core.server.validateDataSourceConfig({
    type: "cucm_trust_forecast",
    config: {
      ...Object.fromEntries(Object.keys(trustForecastDataSource.attributes).map((name) => [name, null])),
      source: "source",
      destination: "destination",
      phones: [PHONE],
      assume_trusted: { source: { abc: { pem, stores: ["CAPF-trust"] } }, destination: null },
    },
  });
  expect(invalid.diagnostics).toMatchObject([{ summary: "A certificate of assume_trusted is not right" }]);
});
