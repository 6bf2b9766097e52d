import { UNKNOWN } from "../../../../providers/framework/schema/value";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance } from "../fake-core";

const [ccm, recovery] = ["cm-sub1", "ITLRECOVERY_cm-pub"].map((cn) => certificateOf({ cn }).certificate) as [
  ReturnType<typeof certificateOf>["certificate"],
  ReturnType<typeof certificateOf>["certificate"],
];
const signers = Object.fromEntries([ccm, recovery].map((c) => [c.sha256, c.pem]));
const config = { cluster: "source", signers, generation: "1" };
const renewed = certificateOf({ cn: "ITLRECOVERY_cm-pub" }).certificate;
/** As read while a node that shows the other did not answer. */
const fewer = { signers: { [ccm.sha256]: ccm.pem } };
const NODES = ["source-pub", "source-sub1", "source-sub2"];

let cluster: FakeCluster;
let core: FakeCore;
let proof: FakeInstance;
beforeEach(async () => {
  cluster = new FakeCluster("source");
  for (const c of [ccm, recovery]) cluster.seed("Phone-SAST-trust", c);
  core = await FakeCore.with(cluster);
  proof = core.resource("cucm_tvs_proof");
});

const vouched = (roles: readonly number[], certificate = ccm) =>
  ({ kind: "vouched", certificate, roles, timeToLive: 86400 }) as const;
const say = (answer: Parameters<FakeCluster["tvsSays"]["set"]>[1]) =>
  cluster.tvsSays.set(`source-sub1 ${ccm.sha256}`, answer);

test("every node vouches for every signer: proven, and a plan after it says no changes", async () => {
  const plan = await proof.plan(config);
  expect(plan).toMatchObject({ action: "create", planned: { proven: UNKNOWN, answers: UNKNOWN } });
  expect(await proof.apply(config)).toEqual([]);
  expect(proof.state).toEqual({
    ...config,
    proven: true,
    answers: Object.fromEntries(NODES.map((n) => [n, "vouches for all 2"])),
  });
  expect(await proof.plan(config)).toMatchObject({ action: "no-op", said: [] });
  expect(cluster.writes).toEqual([]);
});

describe("roles", () => {
  test.each([[[0, 3]], [[0, 2]], [[21, 3, 0]]])("%j are enough", async (roles) => {
    say(vouched(roles));
    await proof.apply(config);
    expect(proof.state.proven).toBe(true);
  });

  test.each([[[0]], [[3]], [[2, 3]], [[0, 1]], [[]]])("%j are not", async (roles) => {
    say(vouched(roles));
    const said = await proof.apply(config);
    expect(said.join()).toMatch(/^warning: No proof from TVS of source-sub1 \(cluster "source"\)/);
    expect(proof.state.proven).toBe(false);
    expect(proof.state.answers["source-sub1"]).toBe(
      `knows cm-sub1 (serial ${ccm.serial}) only with roles ${roles.join(",") || "none"}; phones need 0 and 2 or 3`,
    );
    expect(proof.state.answers["source-sub2"]).toBe("vouches for all 2");
  });
});

test("a certificate that a node does not know is no proof, and is named", async () => {
  cluster.forgetTvs("source-sub2");
  const said = await proof.apply(config);
  expect(said).toHaveLength(1);
  expect(proof.state).toMatchObject({ proven: false });
  expect(proof.state.answers["source-sub2"]).toBe(
    [ccm, recovery]
      .map((c) => `does not know ${c.commonName} (serial ${c.serial})`)
      .sort()
      .join("; "),
  );
});

test("an answer with another certificate of the same issuer and serial is no proof", async () => {
  say(vouched([0, 3], recovery));
  await proof.apply(config);
  expect(proof.state.proven).toBe(false);
  expect(proof.state.answers["source-sub1"]).toMatch(/^answers with another certificate for cm-sub1/);
});

describe("a cluster that fails", () => {
  test.each([
    ["unreachable", "source-sub1"],
    ["timeout", "source-sub1"],
    ["identity", "source-sub1"],
    ["refused", "source-sub1"],
    ["answer", "source-sub1"],
  ] as const)("%s of one TVS is recorded and said, never thrown", async (kind, node) => {
    cluster.fail("askTvs", node, kind);
    const said = await proof.apply(config);
    expect(said).toEqual([expect.stringMatching(/^warning: No proof from TVS of source-sub1/)]);
    expect(proof.state.proven).toBe(false);
    expect(proof.state.answers["source-sub1"]).toBe(
      `Cannot do askTvs on 127.1.10.12: The test says so (${kind})`,
    );
  });

  test.each(["unreachable", "credentials", "authorization", "answer"] as const)(
    "%s of the publisher, so that nobody knows whom to ask, is recorded too",
    async (kind) => {
      cluster.fail("nodes", null, kind);
      const said = await proof.apply(config);
      expect(said).toEqual([expect.stringMatching(/^warning: No proof from TVS of 127.1.10.11/)]);
      expect(proof.state).toMatchObject({
        proven: false,
        answers: { "127.1.10.11": expect.stringContaining(kind) },
      });
      cluster.mend();
      expect(await proof.apply(config)).toEqual([]);
      expect(proof.state.proven).toBe(true);
    },
  );

  test("only a run that is cancelled stops", async () => {
    const said = await proof.apply(config, config, AbortSignal.abort());
    expect(said.join()).toMatch(/^error: .*cancelled/);
    expect(proof.state).toBeNull();
  });
});

test("no signers, or no TVS, is no proof", async () => {
  const said = await proof.apply({ ...config, signers: {} });
  expect(said).toEqual([expect.stringMatching(/^warning: Nothing to prove on cluster "source"/)]);
  expect(proof.state.proven).toBe(false);

  const without = new FakeCluster(
    "source",
    cluster.table.map((n) => ({ ...n, tvs: false })),
  );
  const other = (await FakeCore.with(without)).resource("cucm_tvs_proof");
  expect(await other.apply(config)).toEqual([
    expect.stringMatching(/^warning: No proof from cluster "source"/),
  ]);
  expect(other.state).toMatchObject({ proven: false, answers: {} });
});

describe("what is planned", () => {
  beforeEach(() => proof.apply(config));

  test.each([
    ["another generation", { generation: "2" }],
    ["a generation that is not known yet", { generation: UNKNOWN }],
    ["another signer", { signers: { ...signers, [renewed.sha256]: renewed.pem } }],
    ["a signer that was renewed", { signers: { [ccm.sha256]: ccm.pem, [renewed.sha256]: renewed.pem } }],
    ["fewer signers of other memberships", { ...fewer, generation: "2" }],
    [
      "a signer that is not known yet",
      { signers: { [ccm.sha256]: UNKNOWN, [recovery.sha256]: recovery.pem } },
    ],
  ])("%s: asked again, so unknown", async (_, more) => {
    const plan = await proof.plan({ ...config, ...more } as typeof config);
    expect(plan).toMatchObject({ action: "update", planned: { proven: UNKNOWN, answers: UNKNOWN } });
  });

  test("prior proof that is not true: unknown, until it is", async () => {
    cluster.forgetTvs("source-sub1");
    await proof.refresh();
    expect(proof.state.proven).toBe(false);
    const plan = await proof.plan(config);
    expect(plan).toMatchObject({ action: "update", planned: { proven: UNKNOWN } });
    await proof.apply(config);
    expect(proof.state.proven).toBe(false);
    expect((await proof.plan(config)).action).toBe("update");

    cluster.startTvs(cluster.table[1]!);
    expect(await proof.apply(config)).toEqual([]);
    expect((await proof.plan(config)).action).toBe("no-op");
  });

  test("a node that is silent: a warning that names it, the known state kept, and unknown", async () => {
    cluster.fail("askTvs", "source-sub2");
    const plan = await proof.plan(config);
    expect(plan.said).toEqual([
      expect.stringMatching(/^warning: Not read: node 127.1.10.13 of cluster "source"/),
    ]);
    expect(proof.state).toMatchObject({ proven: true, answers: { "source-sub2": "vouches for all 2" } });
    expect(plan).toMatchObject({ action: "update", planned: { proven: UNKNOWN } });

    // The update is what fails closed.
    expect((await proof.apply(config)).join()).toMatch(/warning: No proof from TVS of source-sub2/);
    expect(proof.state.proven).toBe(false);
    cluster.mend();
    expect(await proof.apply(config)).toEqual([]);
    expect(proof.state.proven).toBe(true);
  });

  test("one silent node does not hide that another denies", async () => {
    cluster.fail("askTvs", "source-sub2");
    cluster.forgetTvs("source-sub1");
    await proof.refresh();
    expect(proof.state.proven).toBe(false);
  });

  test("a silent cluster: the state is kept", async () => {
    cluster.fail("nodes");
    const before = proof.state;
    const plan = await proof.plan(config);
    expect(plan.said).toEqual([expect.stringMatching(/^warning: Not read/)]);
    expect(proof.state).toEqual(before);
    expect(plan).toMatchObject({ action: "update", planned: { proven: UNKNOWN } });
  });

  test.each([
    ["some", fewer],
    ["all", { signers: {} }],
  ])("%s signers' nodes do not answer: nothing changes, and all are asked for", async (_, more) => {
    expect(await proof.plan({ ...config, ...more })).toMatchObject({
      action: "no-op",
      planned: { signers, proven: true },
      said: [],
    });
  });

  test("so does a TVS node: it is asked for all of them again", async () => {
    cluster.fail("askTvs", "source-sub2");
    const said = await proof.apply({ ...config, ...fewer });
    expect(said.join()).toMatch(/warning: No proof from TVS of source-sub2/);
    expect(proof.state).toMatchObject({ signers, proven: false });
  });

  test("a signer that has left for good, from the stores as well: the rest is proven", async () => {
    const denied = { kind: "unknown" } as const;
    for (const node of NODES) cluster.tvsSays.set(`${node} ${recovery.sha256}`, denied);
    expect(await proof.apply({ ...config, ...fewer })).toEqual([]);
    expect(proof.state).toMatchObject({ ...fewer, proven: true });
    expect((await proof.plan({ ...config, ...fewer })).action).toBe("no-op");
  });

  test("a proof that is not true is not made of no signers at all", async () => {
    cluster.forgetTvs("source-sub1");
    const said = await proof.apply({ ...config, signers: {} });
    expect(said.join()).toMatch(/warning: No proof from TVS of source-sub1/);
    expect(proof.state).toMatchObject({ signers, proven: false });
  });

  test("another cluster is refused", async () => {
    expect((await proof.plan({ ...config, cluster: "destination" })).said.join()).toMatch(
      /error cluster: cluster cannot change/,
    );
  });
});

test("destroy touches nothing", async () => {
  await proof.apply(config);
  cluster.fail("*");
  await proof.remove();
  expect(proof.state).toBeNull();
});

describe("import", () => {
  test("by the arguments: a plan after it says no changes", async () => {
    expect(await proof.import({ cluster: "source", signers })).toEqual([]);
    expect(await proof.plan({ ...config, generation: "imported" })).toMatchObject({
      action: "no-op",
      said: [],
    });
  });

  test("where the memberships are still there, with their generation", async () => {
    await proof.import({ cluster: "source", signers, generation: "1" });
    expect((await proof.plan(config)).action).toBe("no-op");
  });

  test.each([
    ["a wrong key", { cluster: "source", signers: { ab: ccm.pem } }, /The key is ab/],
    ["no certificate", { cluster: "source", signers: { ab: 1 } }, /is no certificate/],
    ["a list", { cluster: "source", signers: [] }, /"signers" must be of kind object, not array/],
  ])("refuses %s", async (_, id, message) => {
    expect((await proof.import(id)).join()).toMatch(message);
  });
});

test("a key that is not the SHA-256 of its certificate is refused", async () => {
  const plan = await proof.plan({ ...config, signers: { ab: ccm.pem } });
  expect(plan.said.join()).toMatch(/error signers\["ab"\]: Signer and key do not agree/);
});
