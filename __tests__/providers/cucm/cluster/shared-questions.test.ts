import { SharedQuestions } from "../../../../providers/cucm/cluster/shared-questions";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { failureOf, live } from "./fakes/setup";

const { certificate } = certificateOf({ cn: "someone" });
const op = { signal: live() };

test("one question for all who ask, until something is written or restarted", async () => {
  const cluster = new FakeCluster("source");
  const node = cluster.publisher;
  const shared = SharedQuestions.of(cluster);
  expect(SharedQuestions.of(cluster)).toBe(shared);
  const ask = () => Promise.all([shared.askTvs(node, certificate, op), shared.askTvs(node, certificate, op)]);
  await ask();
  await ask();
  expect(cluster.questions).toHaveLength(1);
  await cluster.importTrust(node, "Phone-SAST-trust", certificate, op);
  await ask();
  expect(cluster.questions).toHaveLength(2);
  await cluster.restartService(node, "Cisco Trust Verification Service", op);
  expect(await ask()).toMatchObject([{ kind: "vouched" }, { kind: "vouched" }]);
  expect(cluster.questions).toHaveLength(3);
});

test("a log is read once for the phones of all waves", async () => {
  const cluster = new FakeCluster("source");
  const shared = SharedQuestions.of(cluster);
  const first = await shared.tvsQuestions(cluster.publisher, op);
  cluster.fail("tvsQuestions");
  expect(await shared.tvsQuestions(cluster.publisher, op)).toBe(first);
});

test("a failure is nobody else's answer", async () => {
  const cluster = new FakeCluster("source");
  const shared = SharedQuestions.of(cluster);
  cluster.fail("servedFile");
  expect(await failureOf(shared.servedFile(cluster.publisher, "CTLFile.tlv", op))).toMatchObject({
    kind: "unreachable",
  });
  cluster.mend();
  expect(await shared.servedFile(cluster.publisher, "CTLFile.tlv", op)).toBeNull();
});

test("RIS is asked about nobody twice, however the lists of those who ask overlap", async () => {
  const cluster = new FakeCluster("source");
  for (const name of ["SEP1", "SEP2", "SEP3"]) cluster.fleet.add(name);
  const asked = jest.spyOn(cluster, "registrations");
  const shared = SharedQuestions.of(cluster);
  const [one, two] = await Promise.all([
    shared.registrations(["SEP1", "SEP2"], op),
    shared.registrations(["SEP2", "SEP3", "SEP4"], op),
  ]);
  expect([...one.phones.keys()]).toEqual(["SEP1", "SEP2"]);
  expect([...two.phones.keys()]).toEqual(["SEP2", "SEP3"]);
  await shared.registrations(["SEP3", "SEP4"], op);
  expect(asked.mock.calls.map(([names]) => names)).toEqual([
    ["SEP1", "SEP2"],
    ["SEP3", "SEP4"],
  ]);
  cluster.refresh();
  cluster.silentToRis.add("source-sub1");
  expect(await shared.registrations(["SEP1"], op)).toMatchObject({ silent: ["source-sub1"] });
  expect(asked).toHaveBeenCalledTimes(3);
});

test("no name is no question to RIS", async () => {
  const cluster = new FakeCluster("source");
  cluster.fail("registrations");
  const { phones, silent } = await SharedQuestions.of(cluster).registrations([], op);
  expect([phones.size, silent]).toEqual([0, []]);
});
