import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";

let cluster: FakeCluster;
let core: FakeCore;
beforeEach(async () => {
  cluster = new FakeCluster("source");
  core = await FakeCore.with(cluster);
});
const read = () => core.readData("cucm_cluster", { cluster: "source" });

test("shows version, nodes and parameters; TFTP nodes the publisher first, then by name", async () => {
  const table = cluster.table.map((n) => ({ ...n, tftp: true })).reverse();
  core = await FakeCore.with(new FakeCluster("source", table));
  expect(await read()).toEqual({
    said: [],
    state: {
      cluster: "source",
      version: "10.5.2.11900-3",
      security_mode: "mixed",
      rollback_to_pre_8: false,
      nodes: {
        "source-pub": {
          address: "127.1.10.11",
          role: "publisher",
          tftp: true,
          tvs: true,
          call_manager: false,
        },
        "source-sub1": {
          address: "127.1.10.12",
          role: "subscriber",
          tftp: true,
          tvs: true,
          call_manager: true,
        },
        "source-sub2": {
          address: "127.1.10.13",
          role: "subscriber",
          tftp: true,
          tvs: true,
          call_manager: true,
        },
      },
      tftp_addresses: ["127.1.10.11", "127.1.10.12", "127.1.10.13"],
    },
  });
});

test.each(["version", "nodes", "securityMode", "rollbackToPre8"] as const)(
  "a cluster that does not answer (%s) is a warning, and everything is empty",
  async (method) => {
    cluster.fail(method, null, "timeout");
    expect(await read()).toEqual({
      said: [expect.stringMatching(/^warning: Not read: node 127.1.10.11 of cluster "source"/)],
      state: {
        cluster: "source",
        version: null,
        security_mode: null,
        rollback_to_pre_8: null,
        nodes: {},
        tftp_addresses: [],
      },
    });
  },
);

test.each(["credentials", "identity", "answer"] as const)("anything else (%s) is an error", async (kind) => {
  cluster.fail("nodes", null, kind);
  expect(await read()).toEqual({
    state: null,
    said: [expect.stringMatching(/^error: Cannot do nodes on 127.1.10.11/)],
  });
});

test("a cluster that is not declared is named, with those that are", async () => {
  const { said } = await core.readData("cucm_cluster", { cluster: "third" });
  expect(said.join()).toMatch(/error cluster: No cluster "third" .*Declared are: "source"/);
});
