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
let clock: () => Date;
let cluster: FakeCluster;
let trust: FakeInstance;
beforeEach(async () => {
  Object.assign(process.env, SECRETS);
  now = new Date("2027-02-28T23:59:59Z");
  clock = () => now;
  cluster = new FakeCluster("source");
  const provider = makeCucmProvider(
    () => cluster,
    openSftpDirectory,
    () => clock(),
  );
  trust = (await FakeCore.over(provider, ["source"])).resource("cucm_trust_memberships");
  expect(await trust.apply(configOf([one, two]))).toEqual([]);
  cluster.writes.length = 0;
});

test("before the day: no change and no word, and neither destroy nor prune, at plan and at apply", async () => {
  expect(await trust.plan(configOf([one, two]))).toMatchObject({ action: "no-op", said: [] });
  expect(await trust.destroy()).toEqual([expect.stringMatching(REFUSED)]);
  const prune = await trust.plan(configOf([one], { prune: true }));
  expect(prune).toMatchObject({ action: "refused", said: [expect.stringMatching(REFUSED)] });
  expect(cluster.writes).toEqual([]);
});

test("an apply whose clock says another day than the plan's is refused as well", async () => {
  const before = now;
  const after = new Date("2027-03-01T00:00:00Z");
  const times = [after, before];
  clock = () => times.shift()!;
  expect(await trust.destroy()).toEqual([expect.stringMatching(REFUSED)]);
  expect(times).toEqual([]);

  // The warning and the refusal of each of the two plans, and the apply.
  times.push(after, after, after, after, before);
  expect((await trust.apply(configOf([one], { prune: true }))).join("\n")).toMatch(
    /^error keep_until: The trust/m,
  );
  expect(times).toEqual([]);
  expect(cluster.writes).toEqual([]);
  expect(trust.state).not.toBeNull();
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
