/** What the forecast tells of each chain, and the facts that settle what it would otherwise leave open. */
import type { PhonePages } from "../../../../providers/cucm/cluster/cluster";
import { Role } from "../../../../trust/roles";
import { certificateOf } from "../certificates";
import { FakeCore } from "../fake-core";
import {
  type Config,
  type Forecast,
  type ForecastCluster,
  forecastClusters,
  imports,
  importsBothWays,
  OTHER,
  PHONE,
  question,
  readForecast,
} from "./forecast-clusters";

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
});

const read = (config: Config = {}) =>
  readForecast(source, destination, { assume_trusted: imports(source, destination), ...config });

test("detail has the chain of each TFTP node, with what made each step pass or not", async () => {
  const [first, second] = destination.tftp;
  destination.files.set(`${second!.name} CTLFile.tlv`, Buffer.from("not a list"));
  const { state } = await read({ detail: true, switches: { itl_proves_call_manager: false } });
  expect(state.chains![0]!.rests_on).toEqual(["Cisco 8861 has Security By Default: documented"]);
  const [good, bad] = state.chains![0]!.nodes;
  expect(good).toMatchObject({ address: first!.address, outcome: "registers", decides: false, to_do: "" });
  const signer = destination.publisherKey.certificate.sha256;
  expect(good!.steps.map(({ step, result, certificate }) => [step, result, certificate])).toEqual([
    ["ctl", "accepted", signer],
    ["itl", "accepted", destination.keys.own.get(first!)!.certificate.sha256],
    ["configuration", "accepted", destination.keys.own.get(first!)!.certificate.sha256],
    ["registration", "accepted", source.keys.capf.certificate.sha256],
  ]);
  expect(good!.steps[0]!.words).toMatch(/^CTL, signed by CN=destination-pub .*: vouched for by TVS/);
  expect(bad).toMatchObject({
    address: second!.address,
    outcome: "follows",
    decides: true,
    to_do: expect.stringContaining("restart Cisco TFTP"),
  });
  expect(bad!.steps[0]).toEqual({
    step: "ctl",
    result: "rejected",
    reason: "malformed",
    certificate: null,
    words: "CTL: refused, the file is not a well-formed signed file",
  });
  expect(state.at_risk[0]!.steps).toEqual(bad!.steps.map(({ words }) => words));
});

test("phones of one kind share their chain; one of which nothing is known has none", async () => {
  fleet.add("SEP000000000003", { knownTo: ["destination"] });
  destination.devices.set(OTHER, { mode: "non-secure" });
  fleet.add("SEP000000000004");
  const phones = [PHONE, OTHER, "SEP000000000003", "SEP000000000004"];
  const { state } = await read({ detail: true, phones });
  expect(state.forecasts!.map(({ chain }) => chain)).toEqual([0, 1, null, 0]);
  expect(state.chains).toHaveLength(2);
});

test("two hundred chains stay small enough for a state", async () => {
  const names = Array.from(
    { length: 210 },
    (_, i) => `SEP0000000100${(16 + i).toString(16).padStart(2, "0").toUpperCase()}`,
  );
  for (const name of names) fleet.add(name);
  const { state } = await read({ assume_trusted: null, phones: names });
  expect(state.at_risk).toHaveLength(200);
  expect(state.at_risk_unlisted).toBe(10);
  expect(JSON.stringify(state).length).toBeLessThan(250_000);
});

describe("a CAPF that was renewed", () => {
  const former = certificateOf({ cn: "CAPF-5a1b2c3d" }).certificate;
  beforeEach(() => source.seed("CAPF-trust", former, "source-pub"));

  it("leaves a doubt as long as the destination does not trust the former certificate", async () => {
    destination.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: true });
    const { state, said } = await read();
    expect(state.at_risk).toMatchObject([
      {
        outcome: "uncertain",
        reason: `hangs on whether CAPF-5a1b2c3d (serial ${former.serial}) issued its LSC, and not CAPF-source (serial ${source.keys.capf.certificate.serial}): false -> registers, true -> follows`,
      },
    ]);
    const { sha256, subject, serial, pem } = former;
    expect(state.missing_issuers).toEqual({ [sha256]: { subject, serial, pem } });
    expect(said[0]).toMatch(
      /^warning: "destination" does not trust former CAPF certificates .* \/ CN=CAPF-5a1b2c3d .*Import it into CallManager-trust and CAPF-trust there/s,
    );
    destination.seed("CallManager-trust", former);
    expect(await read()).toMatchObject({
      said: [],
      state: { counts: { registers: 1 }, missing_issuers: {} },
    });
  });

  it("does not matter to a phone whose database says who issued its LSC, or when nobody uses it any more", async () => {
    const says = (lscIssuer: string | null) =>
      source.certificateFacts.set(PHONE, { lscIssuer, nothingWaits: false, neverEnrolled: false });
    says("CAPF-source");
    expect((await read()).state).toMatchObject({ counts: { registers: 1 }, missing_issuers: {} });
    says("O=Example,CN=capf-5A1B2C3D");
    destination.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: true });
    const old = await read();
    expect(old.state.at_risk).toMatchObject([
      { outcome: "follows", reason: expect.stringContaining(`CN=CAPF-5a1b2c3d (serial ${former.serial})`) },
    ]);
    expect(Object.keys(old.state.missing_issuers)).toEqual([former.sha256]);
    says("CAPF-elsewhere");
    expect((await read()).state.at_risk[0]!.reason).toContain(
      'whether its LSC is of CAPF-source: "source" says that CAPF-elsewhere issued it',
    );
    says(null);
    expect((await read({ former_capf_in_use: false })).state).toMatchObject({
      counts: { registers: 1 },
      missing_issuers: {},
    });
  });

  it("may have kept its name: then the database does not tell which it was, and the user does", async () => {
    const facts = { lscIssuer: "CAPF-source", nothingWaits: true, neverEnrolled: false };
    for (const cluster of [source, destination]) cluster.certificateFacts.set(PHONE, facts);
    const namesake = certificateOf({ cn: "CAPF-source", from: "250101" }).certificate;
    source.seed("CAPF-trust", namesake, "source-pub");
    const { state } = await read();
    expect(state.counts.uncertain).toBe(1);
    expect(state.at_risk[0]!.reason).toContain(`whether CAPF-source (serial ${namesake.serial}) issued`);
    expect((await read({ former_capf_in_use: false })).state).toMatchObject({
      counts: { registers: 1 },
      missing_issuers: {},
    });
    source.fail("capfCertificates", "source-pub");
    const unread = await read();
    expect(unread.state.at_risk).toMatchObject([
      { outcome: "uncertain", reason: expect.stringContaining('certificates "source" had before') },
    ]);
    expect((await read({ former_capf_in_use: false })).state.counts.registers).toBe(1);
  });

  it("is no former one that another node still shows", async () => {
    source.identities.set("source-sub1 CAPF", former);
    expect((await read()).state).toMatchObject({ counts: { registers: 1 }, missing_issuers: {} });
  });

  describe("while a node is silent", () => {
    beforeEach(() => {
      source.fail("identityCertificate", "source-sub2");
      destination.certificateFacts.set(PHONE, { lscIssuer: null, nothingWaits: true, neverEnrolled: true });
    });

    it("is that node's where the others have one each", async () => {
      source.identities.set("source-sub1 CAPF", certificateOf({ cn: "CAPF-1a2b3c4d" }).certificate);
      const { state } = await read();
      expect(state).toMatchObject({ counts: { registers: 1 }, missing_issuers: {} });
      expect(state.unread).toEqual([expect.stringContaining("identityCertificate")]);
    });

    it("is that node's also when the CAPF of the destination was imported", async () => {
      source.identities.set("source-sub1 CAPF", certificateOf({ cn: "CAPF-1a2b3c4d" }).certificate);
      source.seed("CAPF-trust", destination.keys.capf.certificate, "source-pub");
      const { state } = await read();
      expect(state).toMatchObject({ counts: { registers: 1 }, missing_issuers: {} });
      expect(state.assumed).toContainEqual(
        expect.stringMatching(
          /^a phone with a secure profile shows an LSC that CAPF-source, the CAPF of "source", or one of the other CAPF certificates in its stores \(CAPF-destination\) issued, unless /,
        ),
      );
    });

    it("leaves a doubt where the others have none, or where there are more than that node can have", async () => {
      const doubted = async () => {
        const { state } = await read();
        expect(state).toMatchObject({ counts: { uncertain: 1 }, no_phone_at_risk: null });
        expect(state.at_risk[0]!.reason).toContain("CAPF-5a1b2c3d");
        expect(state.missing_issuers).toHaveProperty(former.sha256);
      };
      await doubted();
      source.identities.set("source-sub1 CAPF", certificateOf({ cn: "CAPF-1a2b3c4d" }).certificate);
      source.seed("CAPF-trust", certificateOf({ cn: "CAPF-0badcafe" }).certificate, "source-pub");
      await doubted();
    });
  });

  it("leaves a doubt where the stores could not be read, unless nobody uses a former one", async () => {
    // A phone that is not there has no LSC of a former one of the destination.
    destination.fail("capfCertificates", "destination-pub");
    source.fail("capfCertificates", "source-pub");
    const { state } = await read();
    expect(state).toMatchObject({ counts: { uncertain: 1 }, no_phone_at_risk: null });
    expect(state.unread).toHaveLength(1);
    expect(state.at_risk[0]!.reason).toContain(
      'its LSC is of CAPF-source: which CAPF certificates "source" had before could not be read',
    );
    expect((await read({ former_capf_in_use: false })).state.counts.registers).toBe(1);
    destination.devices.set(PHONE, { mode: "non-secure" });
    expect((await read()).state.counts.registers).toBe(1);
  });

  it("is no matter of a phone that needs no certificate there", async () => {
    destination.devices.set(PHONE, { mode: "non-secure" });
    expect(await read()).toMatchObject({ said: [], state: { missing_issuers: {} } });
  });
});

describe("evidence that contradicts the lists of a forecast", () => {
  const WEB = { evidence: ["web"], detail: true };
  const page = (shown: PhonePages) => {
    fleet.openWeb(PHONE, "127.0.9.1");
    source.pages.set("127.0.9.1", shown);
  };

  test.each<[string, PhonePages, string]>([
    [
      "other checksums",
      { checksums: { all: new Set(["00"]), ctl: "00" } },
      "its trust-list page shows other lists",
    ],
    [
      "a failed update",
      { trustMessage: "Trust List Update Failed" },
      'its web page says "Trust List Update Failed"',
    ],
  ])("%s on its page: it does not register for certain", async (_, shown, words) => {
    page(shown);
    const { state, said } = await read({ ...WEB, phones: [PHONE, OTHER] });
    expect(state).toMatchObject({
      counts: { registers: 1, uncertain: 1 },
      evidence_counts: { "registered-since-lists": 2, contradicted: 1 },
      no_phone_at_risk: false,
    });
    expect(state.at_risk).toMatchObject([
      {
        name: PHONE,
        against: [words],
        reason: expect.stringMatching(new RegExp(`${words}. By those: registers`)),
      },
    ]);
    expect(state.forecasts).toMatchObject([
      { outcome: "uncertain", expected: "registers", against: [words] },
      { outcome: "registers", against: [] },
    ]);
    expect(said.join("\n")).toContain(words);
    const accepted = await read({ ...WEB, accept_lockouts: [PHONE] });
    expect(accepted.state.no_phone_at_risk).toBe(true);
  });

  test("another ITL by the cluster's record", async () => {
    source.recordedItl = { phones: new Map([[PHONE, "other"]]), unexplained: [] };
    expect((await read({ evidence: ["itl_status"] })).state.counts.uncertain).toBe(1);
    // A model that has no ITL.
    source.devices.set(PHONE, { model: "Cisco 7960" });
    const { state } = await read({ evidence: ["itl_status"] });
    expect(state.evidence_counts).toEqual({ "registered-since-lists": 1 });
  });

  test("that it registered before the lists were made is none", async () => {
    source.serve(undefined, "sha1", new Date(Date.now() + 86_400_000));
    const { state, said } = await read({ detail: true });
    expect(said).toEqual([]);
    expect(state).toMatchObject({ no_phone_at_risk: true, evidence_counts: { "registered-over-tls": 1 } });
    expect(state.forecasts![0]!.against).toEqual([expect.stringContaining("it last registered before")]);
  });

  test("it does not make an outcome better", async () => {
    page({ trustMessage: "Trust List Update Failed" });
    expect((await read({ ...WEB, assume_trusted: null })).state.counts["locked out"]).toBe(1);
  });
});

test("a phone that CAPF never enrolled may show its MIC, where it has to show anything", async () => {
  const says = (neverEnrolled: boolean, lscIssuer: string | null = null) =>
    source.certificateFacts.set(PHONE, { lscIssuer, nothingWaits: true, neverEnrolled });
  says(true);
  expect((await read()).state.at_risk).toMatchObject([
    {
      outcome: "uncertain",
      reason: expect.stringContaining(
        'whether it has an LSC: CAPF of "source" never enrolled it, and it would show its MIC',
      ),
    },
  ]);
  says(true, "CAPF-source");
  expect((await read()).state.counts.registers).toBe(1);
  says(false);
  expect((await read()).state.counts.registers).toBe(1);
  says(true);
  destination.devices.set(PHONE, { mode: "non-secure" });
  expect((await read()).state.counts.registers).toBe(1);
});

test("who issued an LSC is not known while the database does not say it", async () => {
  source.certificateFacts.set(PHONE, {
    lscIssuer: "CAPF-elsewhere",
    nothingWaits: true,
    neverEnrolled: false,
  });
  source.fail("phoneCertificates");
  const { state } = await read();
  expect(state).toMatchObject({ counts: { uncertain: 1 }, no_phone_at_risk: null });
  expect(state.at_risk[0]!.reason).toContain(
    'whether its LSC is of CAPF-source: what the database of "source" says of that could not be read',
  );
});

test("what depends on a model's load is taken for granted, and told where it was relied on", async () => {
  const relied = "can check signatures made with SHA-512: one public source; depends on the load";
  expect((await read()).state.assumed.join()).not.toContain("load");
  destination.serve(undefined, "sha512");
  const { state } = await read({ phones: [PHONE, OTHER] });
  expect(state.counts.registers).toBe(2);
  expect(state.assumed.filter((one) => one.includes("load"))).toEqual([`Cisco 8861 ${relied}`]);
  const models = { "Cisco 8861": { sha512: true } };
  expect((await read({ models })).state.assumed.join()).not.toContain("load");
});

test("a feature list that could not be read may say otherwise than the table, but not than the user", async () => {
  source.features.set("Security By Default", new Set(["Cisco 7942"]));
  source.fail("phoneFeatures");
  const { state } = await read({ phone_features: "cluster" });
  expect(state).toMatchObject({ counts: { uncertain: 1 }, no_phone_at_risk: null });
  expect(state.at_risk[0]!.reason).toContain("the cluster's phone feature list could not be read");
  const models = { "Cisco 8861": { security_by_default: true } };
  expect((await read({ phone_features: "cluster", models })).state.counts.registers).toBe(1);
});

test("the cluster's own feature list beats the table, and the user beats both", async () => {
  const model = "Cisco 8861";
  const rests = async (config: Config) => {
    const { forecasts, chains } = (await read({ detail: true, ...config })).state;
    return { ...forecasts![0]!, ...chains![0]! };
  };
  source.features.set("Security By Default", new Set(["Cisco 7942"]));
  source.features.set("3072/4096 RSA key size", new Set([model]));
  expect((await rests({})).rests_on).toEqual([`${model} has Security By Default: documented`]);
  const listed = await rests({ phone_features: "cluster" });
  // That it lacks a row alone settles nothing.
  expect(listed).toMatchObject({
    outcome: "uncertain",
    reason: expect.stringContaining("(the cluster's phone feature list says no, the built-in table yes)"),
  });
  const user = { phone_features: "cluster", models: { [model]: { security_by_default: true } } };
  expect(await rests(user)).toMatchObject({
    outcome: "registers",
    rests_on: [`${model} has Security By Default: the user says so`],
  });
  // This release has no such feature: said, and the table counts.
  source.features.delete("Security By Default");
  const { state, said } = await read({ phone_features: "cluster" });
  // The command shows no warnings of the plan that it makes.
  expect(state.not_looked_at).toEqual([
    expect.stringMatching(
      /^Cluster "source" has no phone feature list of "Security By Default"\. The tables/,
    ),
  ]);
  expect(state).toMatchObject({ counts: { registers: 1 }, unread: [], no_phone_at_risk: true });
  expect(said).toEqual([
    expect.stringMatching(
      /^warning: Cluster "source" has no phone feature list of "Security By Default" \/ The tables productsupportsfeature/,
    ),
  ]);
});

test("a phone with an encrypted configuration is judged by one, whichever wave asks first", async () => {
  for (const cluster of [source, destination]) cluster.devices.set(OTHER, { encryptedConfig: true });
  // Of phones that are to come back the database has the keys.
  for (const phone of [PHONE, OTHER]) fleet.put(phone, "destination", true);
  for (const { name } of source.tftp)
    source.files.set(`${name} ${OTHER}.cnf.xml.enc.sgn`, Buffer.from("broken"));
  const refused = { step: "configuration", result: "rejected", reason: "malformed" };
  const core = await FakeCore.with(source, destination);
  const wave = async (...phones: string[]) => {
    const { state } = await core.readData(
      "cucm_trust_forecast",
      question({ to: "source", assume_trusted: importsBothWays(source, destination), phones, detail: true }),
    );
    const { forecasts, chains } = state as Forecast;
    return forecasts!.map(({ chain }) => chains![chain!]!.nodes[0]!.steps);
  };
  const takes = expect.not.arrayContaining([expect.objectContaining(refused)]);
  const refuses = expect.arrayContaining([expect.objectContaining(refused)]);
  expect(await wave(PHONE)).toEqual([takes]);
  expect(await wave(OTHER)).toEqual([refuses]);
  expect(await wave(PHONE, OTHER)).toEqual([takes, refuses]);
});

test("TVS is asked about the CAPF of its own cluster where the lists there do not name it", async () => {
  const renewed = certificateOf({ cn: "CAPF-destination", from: "250101" }).certificate;
  destination.identities.set("destination-pub CAPF", renewed);
  destination.seed("CallManager-trust", renewed);
  destination.devices.set(PHONE, { encryptedConfig: true });
  expect((await read()).state.at_risk).toMatchObject([
    { outcome: "follows", reason: expect.stringContaining("does not have the phone's public key") },
  ]);
  for (const { name } of destination.table)
    destination.tvsSays.set(`${name} ${renewed.sha256}`, {
      kind: "vouched",
      roles: [Role.CAPF],
      certificate: renewed,
      timeToLive: 86400,
    });
  const { at_risk } = (await read()).state;
  expect(at_risk[0]!.reason).toMatch(/^hangs on whether a CAPF operation waits for the phone/);
  expect(at_risk[0]!.reason).not.toContain("was not asked");
});

test("several forecasts ask each TFTP node and each TVS once for what they share", async () => {
  const core = await FakeCore.with(source, destination);
  const third = "SEP000000000003";
  fleet.add(third);
  const assume_trusted = imports(source, destination);
  const waves = [PHONE, OTHER, third].map((phone) =>
    core.readData("cucm_trust_forecast", question({ assume_trusted, phones: [phone] })),
  );
  const signers = ["source", "destination"].map((cluster) => core.readData("cucm_signers", { cluster }));
  await Promise.all(signers);
  for (const { state } of await Promise.all(waves)) expect(state).toMatchObject({ no_phone_at_risk: true });
  for (const cluster of [source, destination]) {
    const asked = cluster.questions.filter((one) => !/ [CI]TLSEP/.test(one));
    expect(asked.length).toBeGreaterThan(10);
    // The lists of a phone that has none of its own are the common ones, asked for under that name.
    expect(asked.filter((one, i) => asked.indexOf(one) !== i)).toEqual([]);
  }
  // What a cluster answered before a write is nobody's answer after it.
  const before = destination.questions.length;
  destination.refresh();
  await core.readData("cucm_trust_forecast", question({ assume_trusted }));
  expect(destination.questions.length).toBeGreaterThan(before);
});
