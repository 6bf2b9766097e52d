/** A source that is switched off for good: nothing asks it, and nothing changes because of it. */
import { certificateOf } from "./certificates";
import { FakeCluster } from "./fake-cluster";
import { FakeCore } from "./fake-core";
import { FakeFleet } from "./fake-fleet";

const NAMES = ["source", "destination"];
const GONE = 'Cluster "source" is decommissioned';
const [one, two] = ["SEP000000000001", "SEP000000000002"] as const;
const [ccm, other] = ["cm-sub1", "cm-sub2"].map((cn) => certificateOf({ cn }).certificate) as [
  ReturnType<typeof certificateOf>["certificate"],
  ReturnType<typeof certificateOf>["certificate"],
];

const trustOf = (...certificates: (typeof ccm)[]) => ({
  cluster: "source",
  certificates: Object.fromEntries(
    certificates.map((c) => [c.sha256, { pem: c.pem, stores: ["Phone-SAST-trust"] }]),
  ),
});
const wave = (phones: readonly string[], more: object = {}) => ({
  source: "source",
  destination: "destination",
  phones: [...phones],
  registered_on: "destination",
  go_if: { "the destination is in mixed mode": true },
  limits: { settle_time: 0, timeout: 1 },
  ...more,
});

let source: FakeCluster;
let fleet: FakeFleet;
let core: FakeCore;
beforeEach(async () => {
  source = new FakeCluster("source");
  const destination = new FakeCluster("destination");
  fleet = new FakeFleet();
  for (const phone of [one, two]) fleet.add(phone, { at: "destination" });
  source.fleet = destination.fleet = fleet;
  core = await FakeCore.with(source, destination);
});

/** From now on whoever asks the source anything fails. */
const switchOff = async () => {
  source.fail("*", null, "refused");
  source.writes.length = 0;
  await core.configure(NAMES, ["source"]);
};

test("memberships keep their state, whatever is declared now, and leave it without touching the stores", async () => {
  const trust = core.resource("cucm_trust_memberships");
  await trust.apply({ ...trustOf(ccm), update_ctl: false });
  const { state } = trust;
  await switchOff();
  // A signer of the destination that was renewed since.
  expect(await trust.plan(trustOf(ccm, other))).toMatchObject({ action: "no-op", said: [] });
  expect(await trust.plan({ cluster: "source", certificates: {} })).toMatchObject({
    action: "no-op",
    said: [],
  });
  expect(await trust.apply({ ...trustOf(ccm), prune: true, keep_until: "2999-01-01" })).toEqual([]);
  expect(trust.state).toEqual({ ...state, prune: true, keep_until: "2999-01-01" });
  const said = await trust.destroy();
  expect(said).toHaveLength(2);
  for (const line of said)
    expect(line).toMatch(/^warning: Trust of cluster "source" is only forgotten.*its 1 memberships leave/);
  expect(trust.state).toBeNull();
  expect(source.writes).toEqual([]);
});

test("a proof keeps its answers, and is made nowhere", async () => {
  source.seed("Phone-SAST-trust", ccm);
  const proof = core.resource("cucm_tvs_proof");
  const config = { cluster: "source", signers: { [ccm.sha256]: ccm.pem }, generation: "1" };
  await proof.apply(config);
  await switchOff();
  expect(await proof.plan({ ...config, generation: "2" })).toMatchObject({ action: "no-op", said: [] });
  expect(await proof.destroy()).toEqual([]);
  expect((await core.resource("cucm_tvs_proof").apply(config)).join()).toContain(GONE);
});

test("a phone that was left behind stays what it was known as, and every plan names it", async () => {
  fleet.put(two, "source");
  const registration = core.resource("cucm_phone_registration");
  const config = wave([one, two], { limits: { max_failures: 1, settle_time: 0, timeout: 3 } });
  fleet.behave(two, "stays");
  await registration.apply(config);
  const { failed } = registration.state;
  expect(failed).toEqual([{ name: two, reason: expect.stringContaining("still registered on the source") }]);
  await switchOff();
  expect(await registration.plan(config)).toMatchObject({
    action: "no-op",
    said: [
      expect.stringMatching(
        new RegExp(`^warning: A phone is not on the destination, and the source is decommissioned .*${two}`),
      ),
    ],
  });
  expect(registration.state.failed).toEqual(failed);
});

test("registration watches the destination alone, also for phones that join", async () => {
  const registration = core.resource("cucm_phone_registration");
  await registration.apply(wave([one]));
  await switchOff();
  expect(await registration.plan(wave([one]))).toMatchObject({ action: "no-op", said: [] });
  expect(await registration.apply(wave([one, two]))).toEqual([]);
  expect(registration.state.counts).toEqual({ source: 0, destination: 2, missing: 0 });

  fleet.put(two, null);
  expect((await registration.apply(wave([one, two]))).join()).toMatch(/1 of 2 phones are not on the destin/);
  expect(registration.state.counts).toEqual({ source: 0, destination: 1, missing: 1 });
  expect(fleet.resets).toEqual([]);

  await registration.apply(wave([one, two], { on_destroy: "keep" }));
  expect(await registration.destroy()).toEqual([
    expect.stringMatching(/^warning: A phone is not on the destination/),
  ]);
});

test("a wave that is made anew finds its phones", async () => {
  await switchOff();
  const registration = core.resource("cucm_phone_registration");
  expect(await registration.apply(wave([one, two]))).toEqual([]);
  expect(registration.state.counts.destination).toBe(2);
});

test("no phone goes back to it, and nothing is imported into it", async () => {
  const registration = core.resource("cucm_phone_registration");
  await registration.apply(wave([one]));
  await switchOff();
  const back = await registration.plan(wave([one], { registered_on: "source", go_if: null }));
  expect(back).toMatchObject({
    action: "refused",
    said: [expect.stringContaining(`registered_on: ${GONE}`)],
  });
  expect((await core.resource("cucm_trust_memberships").apply(trustOf(ccm))).join()).toMatch(
    `error : ${GONE}`,
  );
  const exchange = { method: "bulk", bulk: { peer: "source", sftp_server: "exchange" } };
  const inBulk = { ...trustOf(ccm), cluster: "destination", ...exchange };
  expect((await core.resource("cucm_trust_memberships").plan(inBulk)).said.join()).toContain(GONE);
  expect(source.writes).toEqual([]);
});

test("a lost state is rebuilt by imports, whose ids come from a plan that is only warned", async () => {
  await switchOff();
  const trust = core.resource("cucm_trust_memberships");
  const plan = await trust.plan(trustOf(ccm));
  expect(plan).toMatchObject({ action: "create", said: [expect.stringContaining(`warning: ${GONE}`)] });
  expect(await trust.import(trustOf(ccm))).toEqual([]);
  expect(await trust.plan(trustOf(ccm))).toMatchObject({ action: "no-op", said: [] });

  const config = { cluster: "source", signers: { [ccm.sha256]: ccm.pem } };
  const proof = core.resource("cucm_tvs_proof");
  expect(await proof.import(config)).toEqual([]);
  expect(await proof.plan({ ...config, generation: "1" })).toMatchObject({ action: "no-op", said: [] });
  expect(proof.state.proven).toBe(false);
});

test("data sources about it are empty, without a warning; what has to ask it refuses", async () => {
  await switchOff();
  expect(await core.readData("cucm_cluster", { cluster: "source" })).toMatchObject({
    said: [],
    state: { version: null, tftp_addresses: [] },
  });
  expect(await core.readData("cucm_signers", { cluster: "source" })).toMatchObject({
    said: [],
    state: { certificates: {}, unread: [], problems: [] },
  });
  expect((await core.readData("cucm_assumptions", { cluster: "source" })).said.join()).toContain(GONE);
  const forecast = { source: "source", destination: "destination", phones: [one] };
  expect(await core.readData("cucm_trust_forecast", forecast)).toMatchObject({
    said: [],
    state: { moved: 1 },
  });
  // One that has left the destination, of whom nothing is known here.
  fleet.put(two, null);
  const lost = { ...forecast, phones: [two] };
  expect((await core.readData("cucm_trust_forecast", lost)).said.join()).toContain(GONE);
});

test("it needs no credentials", async () => {
  await switchOff();
  const kept = process.env.CUCM_SOURCE_PLATFORM_USERNAME;
  delete process.env.CUCM_SOURCE_PLATFORM_USERNAME;
  try {
    expect((await core.readData("cucm_cluster", { cluster: "source" })).said).toEqual([]);
  } finally {
    process.env.CUCM_SOURCE_PLATFORM_USERNAME = kept;
  }
});
