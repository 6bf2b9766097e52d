/** `update_ctl`: the CTL that every TFTP node serves lists what is in Phone-SAST-trust. */
import type { Certificate } from "../../../../trust/certificate";
import { Role } from "../../../../trust/roles";
import { parseTrustList } from "../../../../trust/trust-list";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance } from "../fake-core";

const [ccm, recovery] = ["cm-sub1", "ITLRECOVERY_cm-pub"].map((cn) => certificateOf({ cn }).certificate) as [
  Certificate,
  Certificate,
];
const KEY = certificateOf({ cn: "source-pub" });
const RENEWAL = [
  "update ctl",
  ...["source-sub1", "source-sub2"].flatMap((node) => [
    `restart ${node} Cisco CallManager`,
    `restart ${node} Cisco Tftp`,
  ]),
];

const configOf = (certificates: readonly Certificate[], more: object = {}) => ({
  cluster: "source",
  certificates: Object.fromEntries(
    certificates.map((c) => [c.sha256, { pem: c.pem, stores: ["CallManager-trust", "Phone-SAST-trust"] }]),
  ),
  update_ctl: true,
  ...more,
});

let cluster: FakeCluster;
let trust: FakeInstance;
let core: FakeCore;
beforeEach(async () => {
  cluster = new FakeCluster("source");
  cluster.replicationTimeout = 0.2;
  cluster.giveCtl(KEY);
  core = await FakeCore.with(cluster);
  trust = core.resource("cucm_trust_memberships");
});

/** Common names that a TFTP node lists as SAST. */
const listed = (node: string) =>
  parseTrustList(cluster.files.get(`${node} CTLFile.tlv`)!)
    .records.filter(({ role }) => role === Role.SAST)
    .map(({ certificate }) => certificate!.commonName)
    .sort();
const expectListed = (...names: string[]) => {
  for (const node of ["source-sub1", "source-sub2"])
    expect(listed(node)).toEqual([...names, "source-pub"].sort());
};
/** Of the CTL, without imports and restarts of TVS. */
const ctlWrites = () => cluster.writes.filter((one) => one === "update ctl" || one.includes(" Cisco "));
const restarts = (said: readonly string[]) => said.filter((line) => line.includes("Call service"));
const settled = async (config: ReturnType<typeof configOf>) => {
  await core.configure(["source"]);
  expect(await trust.plan(config)).toMatchObject({ action: "no-op", said: [] });
  expect(trust.state.ctl_pending).toEqual([]);
};

describe("create", () => {
  test("the plan names what will be restarted and what that means", async () => {
    const { said, planned } = await trust.plan(configOf([ccm, recovery]));
    expect(said).toEqual([
      expect.stringMatching(
        /^warning: Call service of cluster "source" will be interrupted: its CTL is renewed/,
      ),
    ]);
    expect(said[0]).toContain(
      "Cisco CallManager on source-sub1, source-sub2; Cisco Tftp on source-sub1, source-sub2.",
    );
    expect(said[0]).toContain("lists 2 certificates of Phone-SAST-trust as SAST");
    expect(planned.ctl_pending).toEqual([]);
    expect(cluster.writes).toEqual([]);
  });

  test("the plan names what else becomes SAST: what is in the store, and what a bulk exchange brings", async () => {
    const [listedAlready, stray, peers] = ["listed", "stray", "destination-sub9"].map(
      (cn) => certificateOf({ cn }).certificate,
    ) as [Certificate, Certificate, Certificate];
    cluster.seed("Phone-SAST-trust", listedAlready);
    cluster.giveCtl(KEY);
    cluster.seed("Phone-SAST-trust", stray);
    const only = await trust.plan(configOf([ccm]));
    expect(only.said[0]).toContain(
      `not declared here: stray (SHA-256 ${stray.sha256.slice(0, 16)}...) becomes SAST on every phone`,
    );
    const peer = new FakeCluster("destination");
    peer.identities.set("destination-pub CallManager", peers);
    const other = (await FakeCore.with(cluster, peer)).resource("cucm_trust_memberships");
    const bulk = { method: "bulk", bulk: { peer: "destination", sftp_server: "exchange" } };
    const both = (await other.plan(configOf([ccm], bulk))).said.join();
    expect(both).toMatch(/not declared here: stray \(.*\), destination-sub9 \(.*\) become SAST/);
    for (let i = 0; i < 36; i++)
      cluster.seed("Phone-SAST-trust", certificateOf({ cn: `s-${i}` }).certificate);
    expect((await other.plan(configOf([ccm], bulk))).said.join()).toMatch(/too large.*has 41 certificates/);
    expect((await trust.plan(configOf([ccm]))).said.join()).toMatch(/too large.*has 40 certificates/);
  });

  test("a node that is not read may be restarted as well: calls are never interrupted unannounced", async () => {
    cluster.fail("servedFile", "source-sub2");
    const first = (await trust.plan(configOf([ccm]))).said.join("\n");
    expect(first).toContain("warning: Not read: node 127.1.10.13");
    expect(first).toContain("Cisco Tftp on source-sub1, source-sub2.");
    cluster.mend();
    cluster.fail("trustEntries", "source-sub1");
    expect(restarts((await trust.plan(configOf([ccm]))).said)).toHaveLength(1);
    cluster.mend();
    cluster.fail("identityCertificate");
    expect(restarts((await trust.plan(configOf([ccm]))).said)).toHaveLength(1);
    cluster.mend();
    cluster.fail("nodes");
    expect((await trust.plan(configOf([ccm]))).said.join()).toMatch(
      /CallManager restarted, which interrupts calls/,
    );
  });

  test("renews it after the stores, restarts node by node, and believes what is served", async () => {
    await trust.apply(configOf([ccm, recovery]));
    expect(ctlWrites()).toEqual(RENEWAL);
    expect(cluster.writes.slice(-RENEWAL.length)).toEqual(RENEWAL);
    expectListed("cm-sub1", "ITLRECOVERY_cm-pub");
    await settled(configOf([ccm, recovery]));
  });

  test("nodes without TFTP are restarted first, and those without CallManager only serve", async () => {
    const [pub, sub1, sub2] = cluster.table;
    const other = new FakeCluster("source", [
      { ...pub!, tftp: true },
      sub1!,
      { ...sub2!, tftp: false, callManager: true },
    ]);
    other.giveCtl(KEY);
    const instance = (await FakeCore.with(other)).resource("cucm_trust_memberships");
    await instance.apply(configOf([ccm]));
    expect(other.writes.filter((one) => one.includes(" Cisco "))).toEqual([
      "restart source-sub2 Cisco CallManager",
      "restart source-pub Cisco Tftp",
      "restart source-sub1 Cisco CallManager",
      "restart source-sub1 Cisco Tftp",
    ]);
  });

  test("does nothing to a CTL that lists them already", async () => {
    cluster.seed("Phone-SAST-trust", ccm);
    cluster.giveCtl(KEY);
    const { said } = await trust.plan(configOf([ccm]));
    expect(said).toEqual([]);
    await trust.apply(configOf([ccm]));
    expect(ctlWrites()).toEqual([]);
  });

  test("an update that says it was done and is not to be seen is an error", async () => {
    cluster.ctlIdle = true;
    const said = await trust.apply(configOf([ccm]));
    expect(said.join()).toMatch(/error: The CTL of cluster "source" was renewed and is not as wanted/);
    expect(said.join()).toContain(
      `source-sub1: ${ccm.sha256}; source-sub2: ${ccm.sha256}. The CLI answered: CTL file Updated.`,
    );
    expect(trust.state).toBeNull();
  });

  test("a CLI that refuses the update restarts nothing, and the next deploy goes on once it may", async () => {
    cluster.ctlRefusal =
      "Not registered for export-controlled functionality. Executed command unsuccessfully";
    const said = await trust.apply(configOf([ccm]));
    expect(said.join()).toContain('error: The CLI of cluster "source" refuses to renew the CTL');
    expect(said.join()).toContain(
      `utils ctl update CTLFile: ${cluster.ctlRefusal}. Nothing was restarted for it.`,
    );
    expect(ctlWrites()).toEqual(["update ctl"]);
    cluster.ctlRefusal = null;
    cluster.writes.length = 0;
    await trust.apply(configOf([ccm]));
    expect(ctlWrites()).toEqual(RENEWAL);
    await settled(configOf([ccm]));
  });

  // Imports, restarts of TVS, update, 4 restarts.
  test.each([1, 2, 3, 5, 6, 7, 8, 9])(
    "killed after write %i: the next one does what is left",
    async (writes) => {
      cluster.killAfter = writes;
      await trust.apply(configOf([ccm]));
      expect(trust.state).toBeNull();
      const before = ctlWrites();
      cluster.revive();
      await core.configure(["source"]);
      cluster.writes.length = 0;
      await trust.apply(configOf([ccm]));
      const done = before.filter((one) => one.endsWith("Cisco Tftp")).length;
      expect(ctlWrites()).toEqual(done === 0 ? RENEWAL : RENEWAL.slice(1 + 2 * done));
      expectListed("cm-sub1");
      await settled(configOf([ccm]));
    },
  );
});

describe("is refused before anything is written:", () => {
  const many = Array.from({ length: 39 }, (_, i) => certificateOf({ cn: `other-${i}` }).certificate);
  test.each<[string, () => void, RegExp]>([
    [
      "a release without tokenless CTLs",
      () => Object.assign(cluster.facts, { version: "9.1.2.10000-28" }),
      /cannot be renewed by its CLI.*came with 10\.0\(1\).*update_ctl = false/s,
    ],
    [
      "a cluster that is not in mixed mode",
      () => Object.assign(cluster.facts, { mode: "non-secure" }),
      /is not in mixed mode.*set-cluster mixed-mode/s,
    ],
    [
      "a CTL that somebody else signed, as a token does",
      () => cluster.identities.set("source-pub CallManager", certificateOf({ cn: "source-pub" }).certificate),
      /is not signed by its publisher.*CN=source-pub.*CTL client/s,
    ],
    [
      "a CTL that would be too large",
      () =>
        cluster.giveCtl(
          KEY,
          many.map((certificate) => ({ role: Role.CCM, certificate })),
        ),
      /too large for phones.*1 certificate declared here, 0 not.*has 41 certificates/s,
    ],
    [
      "a Phone-SAST-trust that would make it too large, declared or not",
      () => {
        for (const certificate of many) cluster.seed("Phone-SAST-trust", certificate, "source-pub");
      },
      /too large for phones.*1 certificate declared here, 39 not.*has 41 certificates/s,
    ],
    [
      "a TFTP node that does not answer",
      () => cluster.fail("servedFile", "source-sub2"),
      /error: Cannot do servedFile on 127\.1\.10\.13/,
    ],
    [
      "a Control Center that takes no order",
      () => cluster.fail("checkRestart", "source-sub1", "authorization"),
      /error: Cannot do checkRestart/,
    ],
  ])("%s", async (_, spoil, problem) => {
    spoil();
    const said = await trust.apply(configOf([ccm]));
    expect(said.join()).toMatch(/error/);
    expect(said.join()).toMatch(problem);
    expect(cluster.writes).toEqual([]);
  });

  test("what a CTL needs does not matter where none is wanted", async () => {
    Object.assign(cluster.facts, { version: "9.1.2.10000-28" });
    expect(await trust.apply(configOf([ccm], { update_ctl: false }))).toEqual([]);
    expect(ctlWrites()).toEqual([]);
  });
});

describe("update", () => {
  beforeEach(async () => {
    await trust.apply(configOf([ccm], { update_ctl: false }));
    cluster.writes.length = 0;
    await core.configure(["source"]);
  });

  test("turned on later: warned of, and only the CTL is touched", async () => {
    const { said, planned } = await trust.plan(configOf([ccm]));
    expect(restarts(said)).toHaveLength(1);
    expect(planned.generation).toBe(trust.state.generation);
    await trust.apply(configOf([ccm]));
    expect(cluster.writes).toEqual(RENEWAL);
    await settled(configOf([ccm]));
  });

  test("turned off again: the CTL stays", async () => {
    await trust.apply(configOf([ccm]));
    cluster.writes.length = 0;
    expect(await trust.apply(configOf([ccm], { update_ctl: false }))).toEqual([]);
    expect(cluster.writes).toEqual([]);
    expectListed("cm-sub1");
  });

  test("a certificate more is added; one that is pruned is taken out of the CTL", async () => {
    await trust.apply(configOf([ccm]));
    cluster.writes.length = 0;
    await trust.apply(configOf([recovery], { prune: true }));
    expect(ctlWrites()).toEqual(RENEWAL);
    expectListed("ITLRECOVERY_cm-pub");
    await settled(configOf([recovery], { prune: true }));
  });

  test("what is refused is a warning of the plan, which may have others' way back in it", async () => {
    Object.assign(cluster.facts, { mode: "non-secure" });
    const { said, action } = await trust.plan(configOf([ccm]));
    expect(action).toBe("update");
    expect(said.join()).toMatch(
      /^warning: Cluster "source" is not in mixed mode.*The deploy will be refused/s,
    );
    expect((await trust.apply(configOf([ccm]))).join()).toMatch(
      /error: Cluster "source" is not in mixed mode/,
    );
    expect(cluster.writes).toEqual([]);
  });

  test("a failed renewal records what is in the stores, and the next run renews the CTL alone", async () => {
    await trust.apply(configOf([ccm]));
    cluster.ctlIdle = true;
    cluster.writes.length = 0;
    expect((await trust.apply(configOf([ccm, recovery]))).join()).toMatch(
      /error: The CTL of cluster "source" was/,
    );
    expect(Object.keys(trust.state.certificates)).toHaveLength(2);
    cluster.ctlIdle = false;
    cluster.writes.length = 0;
    await trust.apply(configOf([ccm, recovery]));
    expect(cluster.writes).toEqual(RENEWAL);
    expect(trust.state.already_present).toEqual([]);
    await settled(configOf([ccm, recovery]));
  });

  test("somebody's older CTL on one node is seen, named, and only that node restarted", async () => {
    const older = cluster.files.get("source-sub2 CTLFile.tlv")!;
    await trust.apply(configOf([ccm]));
    cluster.files.set("source-sub2 CTLFile.tlv", older);
    cluster.writes.length = 0;
    const { said } = await trust.plan(configOf([ccm]));
    expect(trust.state.ctl_pending).toEqual([`source-sub2: ${ccm.sha256}`]);
    expect(restarts(said)[0]).toContain("Cisco CallManager on source-sub2; Cisco Tftp on source-sub2.");
    await trust.apply(configOf([ccm]));
    expect(cluster.writes).toEqual(RENEWAL.slice(3));
    await settled(configOf([ccm]));
  });

  test("nothing begins where the node that may be restarted as well takes no order", async () => {
    const older = cluster.files.get("source-sub2 CTLFile.tlv")!;
    await trust.apply(configOf([ccm]));
    cluster.files.set("source-sub2 CTLFile.tlv", older);
    cluster.writes.length = 0;
    cluster.fail("checkRestart", "source-sub1", "authorization");
    expect((await trust.plan(configOf([ccm]))).said.join()).toMatch(
      /warning: Cannot do checkRestart on 127.1.10.12/,
    );
    expect((await trust.apply(configOf([ccm]))).join()).toMatch(/error: Cannot do checkRestart/);
    expect(cluster.writes).toEqual([]);
  });

  test("when a restart of the others does not help, the CTL is renewed for all", async () => {
    await trust.apply(configOf([ccm]));
    const current = cluster.files.get("source-sub1 CTLFile.tlv")!;
    // Somebody renewed it while the store lacked the certificate, and one node was not restarted since.
    for (const { name } of cluster.table) cluster.remove("Phone-SAST-trust", ccm, name);
    cluster.giveCtl(KEY);
    cluster.files.set("source-sub1 CTLFile.tlv", current);
    cluster.seed("Phone-SAST-trust", ccm);
    cluster.writes.length = 0;
    const { said } = await trust.plan(configOf([ccm]));
    expect(restarts(said)[0]).toContain(
      "Where that is not enough, the CTL is renewed once more, and restarted are: Cisco CallManager on source-sub1, source-sub2; Cisco Tftp on source-sub1, source-sub2.",
    );
    await trust.apply(configOf([ccm]));
    expect(ctlWrites()).toEqual([...RENEWAL.slice(3), ...RENEWAL]);
    await settled(configOf([ccm]));
  });

  test("one that is served and too large for phones is no success", async () => {
    await trust.apply(configOf([ccm]));
    const update = cluster.updateCtl.bind(cluster);
    cluster.updateCtl = async (op) => {
      for (let i = 0; i < 39; i++)
        cluster.seed("Phone-SAST-trust", certificateOf({ cn: `late-${i}` }).certificate, "source-pub");
      return update(op);
    };
    const large = /source-sub1: has 42 certificates and \d+ bytes; phones fail above 39 certificates/;
    expect((await trust.apply(configOf([ccm, recovery]))).join()).toMatch(large);
    await core.configure(["source"]);
    await trust.plan(configOf([ccm, recovery]));
    expect(trust.state.ctl_pending).toEqual([
      expect.stringMatching(large),
      expect.stringMatching(/^source-sub2: has 42/),
    ]);
  });

  test("a TFTP node that is silent at refresh is a warning and keeps what was known of it", async () => {
    await trust.apply(configOf([ccm]));
    cluster.fail("servedFile", "source-sub2");
    const plan = await trust.plan(configOf([ccm]));
    expect(plan.action).toBe("no-op");
    expect(plan.said).toEqual([expect.stringMatching(/^warning: Not read: node 127\.1\.10\.13/)]);
  });
});

describe("destroy", () => {
  beforeEach(async () => {
    await trust.apply(configOf([ccm]));
    cluster.writes.length = 0;
    await core.configure(["source"]);
  });

  test("takes them out of the CTL as well, and warns", async () => {
    const said = await trust.destroy();
    expect(restarts(said)[0]).toContain("so that it no longer lists 1 certificate as SAST");
    expect(ctlWrites()).toEqual(RENEWAL);
    expectListed();
  });

  test("a CTL that cannot be renewed any more stops it before the stores are touched, and update_ctl = false lets go", async () => {
    cluster.identities.set("source-pub CallManager", certificateOf({ cn: "source-pub" }).certificate);
    const said = (await trust.destroy()).join("\n");
    expect(said).toMatch(
      /warning: The CTL of cluster "source" is not signed by its publisher.*will be refused/,
    );
    expect(said).toMatch(
      /error: The CTL of cluster "source" is not signed by its publisher.*update_ctl = false/,
    );
    expect(cluster.writes).toEqual([]);
    await trust.apply(configOf([ccm], { update_ctl: false }));
    await trust.destroy();
    expect(trust.state).toBeNull();
    expect(cluster.contents()).toEqual([]);
  });

  test("with retain_on_destroy both stay", async () => {
    await trust.apply(configOf([ccm], { retain_on_destroy: true }));
    cluster.writes.length = 0;
    expect(await trust.destroy()).toEqual([]);
    expect(cluster.writes).toEqual([]);
    expectListed("cm-sub1");
  });

  test("of what was there before us nothing is touched", async () => {
    cluster.seed("CallManager-trust", recovery);
    cluster.seed("Phone-SAST-trust", recovery);
    await trust.apply(configOf([ccm, recovery]));
    await trust.destroy();
    expectListed("ITLRECOVERY_cm-pub");
  });

  // 2 deletions, 3 restarts of TVS, the update, 4 restarts.
  test.each([2, 5, 6, 7, 8, 9])("killed after write %i: the next one finishes", async (writes) => {
    cluster.killAfter = writes;
    expect((await trust.destroy()).join()).toMatch(/error/);
    cluster.revive();
    await core.configure(["source"]);
    await trust.destroy();
    expect(trust.state).toBeNull();
    expectListed();
  });
});

test("import carries it, and shows what is left", async () => {
  await trust.import({ ...configOf([ccm]) });
  expect(trust.state.update_ctl).toBe(true);
  expect(trust.state.ctl_pending).toEqual([`source-sub1: ${ccm.sha256}`, `source-sub2: ${ccm.sha256}`]);
});
