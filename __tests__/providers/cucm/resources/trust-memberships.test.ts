import { UNKNOWN } from "../../../../providers/framework/schema/value";
import type { Certificate } from "../../../../trust/certificate";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance } from "../fake-core";

const STORES = ["CallManager-trust", "Phone-SAST-trust"];
const [ccm1, ccm2, recovery, capf] = ["cm-sub1", "cm-sub2", "ITLRECOVERY_cm-pub", "CAPF-0a1b2c3d"].map(
  (cn) => certificateOf({ cn }).certificate,
) as [Certificate, Certificate, Certificate, Certificate];

const mapOf = (certificates: readonly Certificate[], stores: readonly string[] = STORES) =>
  Object.fromEntries(certificates.map((c) => [c.sha256, { pem: c.pem, stores }]));
const configOf = (certificates: readonly Certificate[], more: object = {}) => ({
  cluster: "source",
  certificates: mapOf(certificates),
  ...more,
});
const key = (store: string, c: Certificate) => `${store}/${c.sha256}`;

let cluster: FakeCluster;
let trust: FakeInstance;
let core: FakeCore;
beforeEach(async () => {
  cluster = new FakeCluster("source");
  core = await FakeCore.with(cluster);
  trust = core.resource("cucm_trust_memberships");
});

const NODES = ["source-pub", "source-sub1", "source-sub2"];
const RESTARTS = NODES.map((node) => `restart ${node}`);
const ALL_TRUE = Object.fromEntries(NODES.map((node) => [node, true]));
/** A new run of core: a new provider process, what was read before forgotten. */
const settled = async (config: ReturnType<typeof configOf>) => {
  await core.configure(["source"]);
  const plan = await trust.plan(config);
  expect(plan).toMatchObject({ action: "no-op", said: [] });
};
const vouched = async (node: number, c: Certificate) =>
  (await cluster.askTvs(cluster.table[node]!, c, { signal: new AbortController().signal })).kind;

describe("create", () => {
  test("imports on the publisher, waits for every node, and restarts each TVS once, one after the other", async () => {
    cluster.stores.replicationSteps = 3;
    expect(await trust.apply(configOf([ccm1, ccm2]))).toEqual([]);

    expect(cluster.writes).toEqual([
      // What may be refused for its spelling comes before anything is written.
      ...["Phone-SAST-trust", "CallManager-trust"].flatMap((store) =>
        [ccm1, ccm2]
          .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
          .map((c) => `import source-pub ${store}/${c.commonName}`),
      ),
      ...RESTARTS,
    ]);
    expect(trust.state).toMatchObject({
      nodes: ALL_TRUE,
      missing: [],
      already_present: [],
      superseded: {},
    });
    for (const node of [0, 1, 2]) expect(await vouched(node, ccm1)).toBe("vouched");
    await settled(configOf([ccm1, ccm2]));
  });

  test("writes CAPF-trust on every node, since it does not replicate", async () => {
    const config = { cluster: "source", certificates: mapOf([capf], ["CAPF-trust"]) };
    expect(await trust.apply(config)).toEqual([]);
    expect(cluster.writes).toEqual([
      ...NODES.map((node) => `import ${node} CAPF-trust/CAPF-0a1b2c3d`),
      ...RESTARTS,
    ]);
    expect(await trust.destroy()).toEqual([
      expect.stringMatching(
        /^warning: Issuers of phones' LSCs leave .*CN=CAPF-0a1b2c3d\. A phone .* retain_on_destroy = true/,
      ),
    ]);
    expect(cluster.contents()).toEqual([]);
  });

  test("says at plan what was there before; destroy leaves that and takes the rest, and TVS forgets it", async () => {
    cluster.seed("CallManager-trust", ccm1);
    const before = cluster.contents();
    const plan = await trust.plan(configOf([ccm1]));
    expect(plan.planned).toMatchObject({
      already_present: [key("CallManager-trust", ccm1)],
      nodes: ALL_TRUE,
      missing: [],
      superseded: {},
      generation: UNKNOWN,
    });
    await trust.apply(configOf([ccm1]));
    expect(await vouched(1, ccm1)).toBe("vouched");

    cluster.writes.length = 0;
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.writes).toEqual(["delete source-pub Phone-SAST-trust/cm-sub1", ...RESTARTS]);
    expect(cluster.contents()).toEqual(before);
    expect(await vouched(1, ccm1)).toBe("unknown");
    expect(trust.state).toBeNull();
  });

  test("counts what only one node had before as there before", async () => {
    cluster.seed("CAPF-trust", capf, "source-sub2");
    const config = { cluster: "source", certificates: mapOf([capf], ["CAPF-trust"]) };
    await trust.apply(config);
    expect(trust.state.already_present).toEqual([key("CAPF-trust", capf)]);
    await trust.destroy();
    expect(cluster.contents()).toContain(
      `source-sub2 CAPF-trust/CAPF-0a1b2c3d_${capf.serial.toLowerCase()}.pem`,
    );
  });

  test("refuses an empty map, at apply: a plan of it must not stop what else is planned", async () => {
    const plan = await trust.plan(configOf([]));
    expect(plan.action).toBe("create");
    expect(await trust.apply(configOf([]))).toEqual([
      expect.stringMatching(/error certificates: No certificates to import/),
    ]);
    expect(trust.state).toBeNull();
    expect(cluster.writes).toEqual([]);
  });

  test("refuses a key that is not the SHA-256 of its certificate", async () => {
    const plan = await trust.plan({
      cluster: "source",
      certificates: { [ccm2.sha256]: { pem: ccm1.pem, stores: STORES } },
    });
    expect(plan.said.join()).toMatch(
      new RegExp(`The key is ${ccm2.sha256}, but the SHA-256 of the certificate is ${ccm1.sha256}`),
    );
    const unknown = await trust.plan({
      cluster: "source",
      certificates: { [ccm2.sha256]: { pem: "text", stores: STORES } },
    });
    expect(unknown.said.join()).toMatch(/is no certificate/);
  });

  test.each([
    ["an unknown store", ["trust-list"]],
    ["no store", []],
    ["one store twice", ["CAPF-trust", "CAPF-trust"]],
  ])("refuses %s", async (_, stores) => {
    const plan = await trust.plan({ cluster: "source", certificates: mapOf([ccm1], stores) });
    expect(plan.action).toBe("refused");
  });

  test("demands every node and writes nothing without one; the plan only warns", async () => {
    cluster.fail("trustEntries", "source-sub2");
    const plan = await trust.plan(configOf([ccm1]));
    expect(plan).toMatchObject({ action: "create", planned: { already_present: UNKNOWN } });
    expect(plan.said).toEqual([expect.stringMatching(/^warning: Not read: node 127.1.10.13/)]);

    expect((await trust.apply(configOf([ccm1]))).join("\n")).toMatch(
      /error: Cannot do trustEntries on 127.1.10.13/,
    );
    expect(cluster.writes).toEqual([]);
    expect(trust.state).toBeNull();

    cluster.mend();
    expect(await trust.apply(configOf([ccm1]))).toEqual([]);
  });

  test("is not begun where a node's Control Center would refuse the restart; the plan warns of it", async () => {
    cluster.fail("checkRestart", "source-sub2", "identity");
    const refused = /error: Cannot do checkRestart on 127.1.10.13/;
    const plan = await trust.plan(configOf([ccm1]));
    expect(plan.said).toEqual([expect.stringMatching(/^warning: Cannot do checkRestart on 127.1.10.13/)]);
    // Everything else was read.
    expect(plan.planned).toMatchObject({ already_present: [] });
    expect(
      (await trust.apply(configOf([ccm1]), { cluster: "source", certificates: UNKNOWN })).join(),
    ).toMatch(refused);
    expect(cluster.writes).toEqual([]);

    cluster.mend();
    await trust.apply(configOf([ccm1]));
    cluster.writes.length = 0;
    cluster.fail("checkRestart", "source-sub2", "identity");
    expect((await trust.destroy()).join()).toMatch(refused);
    expect(cluster.writes).toEqual([]);
  });

  test("a Control Center that does not answer is a warning at plan, and stops the create", async () => {
    cluster.fail("checkRestart", "source-sub2");
    expect((await trust.plan(configOf([ccm1]))).said).toEqual([
      expect.stringMatching(/^warning: Cannot do checkRestart/),
    ]);
    expect((await trust.apply(configOf([ccm1]))).join()).toMatch(/error: Cannot do checkRestart/);
    expect(cluster.writes).toEqual([]);
  });

  test("takes a certificate that is known only after apply", async () => {
    expect(await trust.apply(configOf([ccm1]), { cluster: "source", certificates: UNKNOWN })).toEqual([]);
    expect(trust.state.already_present).toEqual([]);
  });

  test("fails when a node never gets it, and the next run writes it there", async () => {
    cluster.replicationTimeout = 0.2;
    cluster.stores.cutOff.add("source-sub1");
    const said = await trust.apply(configOf([ccm1]));
    expect(said.join()).toMatch(
      /error: Trust stores of cluster "source" do not agree after 0.2 s .*Still missing: source-sub1: CallManager-trust\/cm-sub1/,
    );
    expect(trust.state).toBeNull();
    expect(await trust.apply(configOf([ccm1]))).toEqual([]);
    expect(cluster.writes).toContain("import source-sub1 CallManager-trust/cm-sub1");
    expect(await vouched(1, ccm1)).toBe("vouched");
  });
});

test("a run that is cancelled while it waits says so and records nothing", async () => {
  cluster.replicationTimeout = 60;
  cluster.stores.cutOff.add("source-sub1");
  const said = await trust.apply(configOf([ccm1]), configOf([ccm1]), AbortSignal.timeout(200));
  expect(said.join()).toMatch(/^error: .*[cC]ancelled/);
  expect(trust.state).toBeNull();
});

describe("two certificates of one name", () => {
  const old = certificateOf({ cn: "cm-sub1", serial: "1111", from: "190101", to: "290101" }).certificate;

  test.each([
    ["plan", async () => (await trust.plan(configOf([ccm1]))).said],
    ["apply", () => trust.apply(configOf([ccm1]))],
  ])("are refused at %s with both serials, dates and the way out", async (_, run) => {
    cluster.seed("Phone-SAST-trust", old);
    const said = (await run()).join();
    expect(said).toMatch(
      /error: Two certificates named "cm-sub1" cannot both be in Phone-SAST-trust of cluster "source"/,
    );
    expect(said).toContain(`To be imported: serial ${ccm1.serial}, valid 2024-01-01 to 2044-01-01.`);
    expect(said).toContain("Stored as cm-sub1_1111.pem: serial 1111, valid 2019-01-01 to 2029-01-01.");
    expect(said).toContain(
      "delete Phone-SAST-trust/cm-sub1_1111.pem on source-pub and plan again; otherwise regenerate the new one",
    );
    expect(cluster.writes).toEqual([]);
    expect(cluster.contents()).toHaveLength(3);
  });

  test("are refused too when only a subscriber holds the other one", async () => {
    cluster.seed("Phone-SAST-trust", old, "source-sub2");
    const { said } = await trust.plan(configOf([ccm1]));
    expect(said.join()).toContain("delete Phone-SAST-trust/cm-sub1_1111.pem on source-sub2 and plan again");
  });

  test("in CallManager-trust alone: by Phone-SAST-trust TVS vouches without touching the stored one", async () => {
    cluster.seed("CallManager-trust", old);
    const before = cluster.contents();
    const { said } = await trust.plan(configOf([ccm1]));
    expect(said.join()).toMatch(
      /delete CallManager-trust\/cm-sub1_1111.pem on source-pub and plan again; otherwise leave CallManager-trust out of its stores.*signerStores: \["Phone-SAST-trust"\]\), or regenerate/,
    );
    const stores = ["Phone-SAST-trust"];
    const config = { cluster: "source", certificates: { [ccm1.sha256]: { pem: ccm1.pem, stores } } };
    expect(await trust.apply(config)).toEqual([]);
    await settled(config);
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.contents()).toEqual(before);
  });

  test("are refused when both are wanted", async () => {
    const { said } = await trust.plan(configOf([ccm1, old]));
    expect(said.join()).toMatch(/Also to be imported: serial .*Both are wanted/);
  });

  test("may follow each other when ours is renewed", async () => {
    await trust.apply(configOf([ccm1, ccm2]));
    const renewed = certificateOf({ cn: "cm-sub1", from: "250101" }).certificate;
    expect(await trust.apply(configOf([renewed, ccm2]))).toEqual([]);
    expect(cluster.contents().filter((line) => line.includes("cm-sub1_"))).toHaveLength(6);
    await settled(configOf([renewed, ccm2]));
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.contents()).toEqual([]);
  });

  test("do not follow each other when the stored one was there before us: warned at plan, refused at apply", async () => {
    cluster.seed("CallManager-trust", ccm1);
    await trust.apply(configOf([ccm1, ccm2]));
    cluster.writes.length = 0;
    const renewed = configOf([certificateOf({ cn: "cm-sub1", from: "250101" }).certificate, ccm2]);
    const plan = await trust.plan(renewed);
    expect(plan.action).toBe("update");
    expect(plan.said.join()).toMatch(/^warning: Two certificates named "cm-sub1"/);
    expect((await trust.apply(renewed)).join()).toMatch(/error: Two certificates named "cm-sub1"/);
    expect(cluster.writes).toEqual([]);
    expect(Object.keys(trust.state.certificates)).toContain(ccm1.sha256);
  });

  test("stop a repair before it waits in vain for a certificate that the store will not keep", async () => {
    await trust.apply(configOf([ccm1]));
    const rival = certificateOf({ cn: "cm-sub1", from: "260101" }).certificate;
    for (const store of ["CallManager-trust", "Phone-SAST-trust"] as const) cluster.seed(store, rival);
    expect((await trust.apply(configOf([ccm1]))).join()).toMatch(/error: Two certificates named "cm-sub1"/);
  });
});

describe("update", () => {
  beforeEach(async () => {
    await trust.apply(configOf([ccm1, ccm2]));
    cluster.writes.length = 0;
  });

  test("a renewed certificate is added; the one it replaces is superseded and stays until destroy", async () => {
    const { generation } = trust.state;
    const plan = await trust.plan(configOf([ccm1, recovery]));
    expect(plan).toMatchObject({ action: "update", planned: { generation: UNKNOWN } });
    expect(plan.planned.superseded).toEqual(mapOf([ccm2]));

    expect(await trust.apply(configOf([ccm1, recovery]))).toEqual([]);
    expect(trust.state.superseded).toEqual(mapOf([ccm2]));
    expect(trust.state.generation).not.toBe(generation);
    expect(cluster.writes.slice(-3)).toEqual(RESTARTS);
    expect(cluster.contents()).toHaveLength(18);
    await settled(configOf([ccm1, recovery]));

    await trust.destroy();
    expect(cluster.contents()).toEqual([]);
  });

  test("prune deletes what was superseded, now or later", async () => {
    await trust.apply(configOf([ccm1, recovery]));
    const pruned = configOf([ccm1, recovery], { prune: true });
    expect(await trust.apply(pruned)).toEqual([]);
    expect(trust.state.superseded).toEqual({});
    expect(cluster.contents()).toHaveLength(12);
    expect(await vouched(2, ccm2)).toBe("unknown");
    await settled(pruned);

    expect(await trust.apply(configOf([recovery], { prune: true }))).toEqual([]);
    expect(cluster.contents()).toHaveLength(6);
  });

  test("what a destroy leaves is all of it, unless a prune took out before what left the map", async () => {
    const finished = configOf([ccm1], { retain_on_destroy: true });
    await trust.apply(finished);
    expect(cluster.contents()).toHaveLength(12);
    await trust.apply(configOf([ccm1], { retain_on_destroy: true, prune: true }));
    await trust.apply(finished);
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.contents()).toHaveLength(6);
    expect(await vouched(2, ccm1)).toBe("vouched");
    expect(await vouched(2, ccm2)).toBe("unknown");
  });

  test("prune never deletes everything, nor what was there before", async () => {
    await trust.apply(configOf([ccm1, ccm2], { prune: true }));
    await settled(configOf([], { prune: true }));
    expect(cluster.contents()).toHaveLength(12);
  });

  test.each([
    ["one node of the other cluster", [ccm1]],
    ["all of it", []],
  ])("fewer certificates, since %s could not be read, are no change", async (_, left) => {
    await settled(configOf(left));
    expect(cluster.writes).toEqual([]);
  });

  test("an argument that touches no store is recorded without a restart", async () => {
    expect(await trust.apply(configOf([ccm1, ccm2], { retain_on_destroy: true }))).toEqual([]);
    expect(cluster.writes).toEqual([]);
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.contents()).toHaveLength(12);
  });

  test("a certificate may leave one store and join another", async () => {
    const moved = {
      cluster: "source",
      certificates: { ...mapOf([ccm2]), ...mapOf([ccm1], ["CAPF-trust", "CallManager-trust"]) },
    };
    cluster.seed("CAPF-trust", ccm1);
    expect(await trust.apply(moved)).toEqual([]);
    expect(trust.state.superseded).toEqual(mapOf([ccm1], ["Phone-SAST-trust"]));
    expect(trust.state.already_present).toEqual([key("CAPF-trust", ccm1)]);
    await settled(moved as never);
    await trust.destroy();
    expect(new Set(cluster.contents().map((line) => line.split(/[ /]/)[1]))).toEqual(new Set(["CAPF-trust"]));
  });

  test("demands every node and writes nothing without one", async () => {
    cluster.fail("trustEntries", "source-sub1");
    const said = await trust.apply(configOf([ccm1, ccm2, recovery]));
    expect(said.join("\n")).toMatch(/error: Cannot do trustEntries on 127.1.10.12/);
    expect(cluster.writes).toEqual([]);
    expect(trust.state.certificates).toEqual(mapOf([ccm1, ccm2]));
  });

  test("the cluster cannot change", async () => {
    const plan = await trust.plan({ ...configOf([ccm1, ccm2]), cluster: "destination" });
    expect(plan.said).toEqual([expect.stringMatching(/error cluster: cluster cannot change/)]);
  });
});

describe("drift", () => {
  const config = configOf([ccm1, ccm2]);
  beforeEach(async () => {
    await trust.apply(config);
    cluster.writes.length = 0;
    await core.configure(["source"]);
  });

  test("a certificate that one node lost is named, planned and put back there", async () => {
    const { generation } = trust.state;
    cluster.remove("Phone-SAST-trust", ccm1, "source-sub2");
    const plan = await trust.plan(config);
    expect(plan.action).toBe("update");
    expect(trust.state.missing).toEqual([`source-sub2: ${key("Phone-SAST-trust", ccm1)}`]);
    expect(trust.state.nodes).toEqual({ ...ALL_TRUE, "source-sub2": false });
    expect(plan.planned).toMatchObject({ nodes: ALL_TRUE, missing: [], generation: UNKNOWN });

    expect(await trust.apply(config)).toEqual([]);
    expect(cluster.writes).toEqual(["import source-sub2 Phone-SAST-trust/cm-sub1", ...RESTARTS]);
    expect(trust.state.generation).not.toBe(generation);
    await settled(config);
  });

  test("a TVS that has not loaded its store is restarted", async () => {
    cluster.forgetTvs("source-sub1");
    await trust.refresh();
    expect(trust.state.missing).toEqual(
      [ccm1, ccm2].map((c) => `source-sub1: TVS has not loaded ${key("Phone-SAST-trust", c)}`).sort(),
    );
    expect(await trust.apply(config)).toEqual([]);
    expect(cluster.writes).toEqual(RESTARTS);
    await settled(config);
  });

  test.each(["trustEntries", "nodes"] as const)(
    "a node that does not answer (%s) is a warning, and what was known is kept",
    async (method) => {
      cluster.fail(method, method === "nodes" ? null : "source-sub1");
      const plan = await trust.plan(config);
      expect(plan.action).toBe("no-op");
      expect(plan.said).toEqual([
        expect.stringMatching(/^warning: Not read: node 127.1.10.1[12] of cluster/),
      ]);
      expect(trust.state.nodes).toEqual(ALL_TRUE);
    },
  );

  test("what was missing on a node that does not answer now is still missing", async () => {
    cluster.remove("CallManager-trust", ccm1, "source-sub1");
    await trust.refresh();
    const { missing } = trust.state;
    cluster.fail("trustEntries", "source-sub1", "timeout");
    await core.configure(["source"]);
    await trust.refresh();
    expect(trust.state.missing).toEqual(missing);
    expect(trust.state.nodes["source-sub1"]).toBe(false);
  });

  test("a TVS that cannot be asked is the proof's business", async () => {
    cluster.fail("askTvs", "source-sub1");
    await settled(config);
  });

  test("anything but the network is an error", async () => {
    cluster.fail("trustEntries", "source-sub1", "credentials");
    expect((await trust.refresh()).join()).toMatch(/^error: Cannot do trustEntries on 127.1.10.12/);
  });

  test("one listing per node, however many certificates and stores", async () => {
    cluster.stores.listings.length = 0;
    await trust.plan(config);
    expect(cluster.stores.listings.sort()).toEqual(NODES);
  });
});

describe("a run that is killed", () => {
  const config = configOf([ccm1, ccm2]);
  const noDuplicates = () => expect(new Set(cluster.contents()).size).toBe(cluster.contents().length);

  // 4 imports and 3 restarts
  test.each([1, 2, 3, 4, 5, 6])("after write %i of a create: the next one converges", async (writes) => {
    cluster.stores.replicationSteps = 2;
    cluster.killAfter = writes;
    await trust.apply(config);
    expect(trust.state).toBeNull();
    cluster.revive();
    await core.configure(["source"]);
    expect(await trust.apply(config)).toEqual([]);
    expect(cluster.contents()).toHaveLength(12);
    noDuplicates();
    for (const node of [0, 1, 2]) expect(await vouched(node, ccm2)).toBe("vouched");
    expect(cluster.writes.filter((w) => w.startsWith("import source-pub"))).toHaveLength(4);
    await settled(config);
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    "after write %i of an update that prunes: the next one converges",
    async (writes) => {
      await trust.apply(config);
      const next = configOf([ccm1, recovery], { prune: true });
      const restore = trust.save();
      cluster.killAfter = cluster.writes.length + writes;
      await trust.apply(next);
      restore();
      cluster.revive();
      await core.configure(["source"]);
      expect(await trust.apply(next)).toEqual([]);
      expect(cluster.contents()).toHaveLength(12);
      expect(await vouched(1, recovery)).toBe("vouched");
      expect(await vouched(1, ccm2)).toBe("unknown");
      await settled(next);
    },
  );

  test.each([1, 2, 3, 4, 5, 6])("after write %i of a destroy: the next one finishes", async (writes) => {
    await trust.apply(config);
    cluster.killAfter = cluster.writes.length + writes;
    expect((await trust.destroy()).join()).toMatch(/^error/);
    expect(trust.state).not.toBeNull();
    cluster.revive();
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.contents()).toEqual([]);
    for (const node of [0, 1, 2]) expect(await vouched(node, ccm1)).toBe("unknown");
  });
});

describe("import", () => {
  const config = configOf([ccm1, ccm2]);
  const id = { cluster: "source", certificates: config.certificates };

  test("by the arguments: a plan after it says no changes", async () => {
    await trust.apply(config);
    const lost = core.resource("cucm_trust_memberships");
    expect(await lost.import(id)).toEqual([]);
    expect(lost.state).toMatchObject({ generation: "imported", nodes: ALL_TRUE, missing: [] });
    expect(await lost.plan(config)).toMatchObject({ action: "no-op", said: [] });
  });

  test("shows what is not there, and carries the arguments that are not defaults", async () => {
    expect(await trust.import({ ...id, retain_on_destroy: true, already_present: null })).toEqual([]);
    expect(trust.state.missing).toHaveLength(12);
    expect(trust.state.retain_on_destroy).toBe(true);
    expect((await trust.plan({ ...config, retain_on_destroy: true })).action).toBe("update");
  });

  test("leaves out a node that does not answer, and that is no change", async () => {
    await trust.apply(config);
    cluster.fail("trustEntries", "source-sub2");
    await core.configure(["source"]);
    const lost = core.resource("cucm_trust_memberships");
    await lost.import(id);
    expect(lost.state.nodes).toEqual({ "source-pub": true, "source-sub1": true });
    expect((await lost.plan(config)).action).toBe("no-op");
  });

  test.each([
    [
      "no certificates",
      { cluster: "source" },
      /"certificates" must be of kind object, not null. Expected: \{/,
    ],
    ["a number for a name", { ...id, cluster: 1 }, /"cluster" must be of kind string, not number/],
    ["a stray argument", { ...id, store: "x" }, /"store" is not expected/],
    [
      "a key of another certificate",
      { ...id, certificates: { ab: { pem: ccm1.pem, stores: STORES } } },
      /The key is ab, but/,
    ],
    [
      "an unknown store",
      { ...id, certificates: { [ccm1.sha256]: { pem: ccm1.pem, stores: ["x"] } } },
      /is not a trust store/,
    ],
    ["no certificate", { ...id, certificates: { [ccm1.sha256]: null } }, /is no certificate/],
  ])("refuses %s", async (_, wrong, message) => {
    expect((await trust.import(wrong)).join()).toMatch(message);
  });
});
