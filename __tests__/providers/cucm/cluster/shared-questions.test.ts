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
