import { LabNode } from "../../../lab/cluster/node";
import { ReplicationChannel } from "../../../lab/cluster/replication";

describe("ReplicationChannel", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function channel() {
    const node = new LabNode(
      { name: "n", address: "127.0.0.1", fqdn: "n.x", role: "subscriber", tftp: false },
      "cn",
    );
    const seen: string[] = [];
    return { node, seen, channel: new ReplicationChannel<string>(node, (item) => seen.push(item)) };
  }

  it("keeps the order of writes although a later one would be faster", () => {
    const { seen, channel: one } = channel();
    one.push("import", 3000);
    one.push("delete", 10);
    jest.advanceTimersByTime(2999);
    expect(seen).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(seen).toEqual(["import", "delete"]);
  });

  it("waits for a node that is down", () => {
    const { node, seen, channel: one } = channel();
    one.push("a", 100);
    node.up = false;
    jest.advanceTimersByTime(5000);
    one.push("b", 100);
    expect(seen).toEqual([]);
    node.up = true;
    one.resume(500);
    jest.advanceTimersByTime(499);
    expect(seen).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(seen).toEqual(["a", "b"]);
  });
});
