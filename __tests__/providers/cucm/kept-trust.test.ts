/** Trust that is kept until a day: refusals before it, a warning from then on, and no change in between. */
import { openSftpDirectory } from "../../../providers/cucm/cluster/transports/sftp";
import { makeCucmProvider } from "../../../providers/cucm/provider";
import type { Certificate } from "../../../trust/certificate";
import { certificateOf } from "./certificates";
import { FakeCluster } from "./fake-cluster";
import { FakeCore, type FakeInstance, SECRETS } from "./fake-core";

const STORES = ["Phone-SAST-trust"];
const [one, two] = ["cm-sub1", "cm-sub2"].map((cn) => certificateOf({ cn }).certificate) as [
  Certificate,
  Certificate,
];
const configOf = (certificates: readonly Certificate[], more: object = {}) => ({
  cluster: "source",
  certificates: Object.fromEntries(certificates.map((c) => [c.sha256, { pem: c.pem, stores: STORES }])),
  keep_until: "2027-03-01",
  ...more,
});
const REFUSED = /^error keep_until: The trust of cluster "source" is kept until 2027-03-01.*an earlier day/s;
const DUE = expect.stringMatching(
  /^warning: The trust of cluster "source" was to be kept until 2027-03-01, and may go/,
);

let now: Date;
let cluster: FakeCluster;
let trust: FakeInstance;
beforeEach(async () => {
  Object.assign(process.env, SECRETS);
  now = new Date("2027-02-28T23:59:59Z");
  cluster = new FakeCluster("source");
  const provider = makeCucmProvider(
    () => cluster,
    openSftpDirectory,
    () => now,
  );
  trust = (await FakeCore.over(provider, ["source"])).resource("cucm_trust_memberships");
  expect(await trust.apply(configOf([one, two]))).toEqual([]);
  cluster.writes.length = 0;
});

test("before the day: no change and no word, and neither destroy nor prune, at plan and at apply", async () => {
  expect(await trust.plan(configOf([one, two]))).toMatchObject({ action: "no-op", said: [] });
  expect(await trust.destroy()).toEqual([expect.stringMatching(REFUSED)]);
  // Planned on the day, applied by a clock that is behind; or the first half of something that asks no plan.
  expect(await trust.remove()).toEqual([expect.stringMatching(/must not be replaced/)]);
  const prune = await trust.plan(configOf([one], { prune: true }));
  expect(prune).toMatchObject({ action: "refused", said: [expect.stringMatching(REFUSED)] });
  expect(cluster.writes).toEqual([]);
});

test("a plan from the day on is refused by an apply before it", async () => {
  now = new Date("2027-03-01T00:00:00Z");
  const behind = jest.spyOn(cluster, "nodes").mockImplementationOnce(async () => {
    now = new Date("2027-02-28T23:59:59Z");
    return cluster.table;
  });
  expect((await trust.destroy()).join()).toMatch(REFUSED);
  behind.mockRestore();
  expect(cluster.writes).toEqual([]);
});

test("from the day on: no change, a warning each time, and it may go", async () => {
  now = new Date("2027-03-01T00:00:00Z");
  expect(await trust.plan(configOf([one, two]))).toMatchObject({ action: "no-op", said: [DUE] });
  expect(await trust.apply(configOf([one], { prune: true }))).toContainEqual(DUE);
  expect(cluster.writes).toContain("delete source-pub Phone-SAST-trust/cm-sub2");
  expect(await trust.destroy()).toEqual([]);
  expect(cluster.contents()).toEqual([]);
});

test("an earlier day, applied first, lets it go, and touches no node by itself", async () => {
  expect((await trust.apply(configOf([one, two], { keep_until: "2027-02-01" }))).join()).toMatch(/may go/);
  expect(cluster.writes).toEqual([]);
  expect(await trust.destroy()).toEqual([]);
});

test("what stays in the stores may leave the state at any time", async () => {
  await trust.apply(configOf([one, two], { retain_on_destroy: true }));
  expect(await trust.destroy()).toEqual([]);
  expect(cluster.contents()).not.toEqual([]);
});

test("a renewed certificate is no prune: the old one stays beside it", async () => {
  expect(await trust.apply(configOf([one]))).toEqual([]);
  expect(cluster.writes).toEqual([]);
});

test.each(["2027-02-30", "1.3.2027", "2027-03-01T00:00:00Z", "2027-3-1", ""])("%j is no day", async (day) => {
  expect((await trust.plan(configOf([one, two], { keep_until: day }))).said.join()).toMatch(
    /a day that exists/,
  );
});
