import { checkedDeviceNames, clusterNodes } from "../../../../providers/cucm/cluster/names";
import { config, failureOf, live } from "./fakes/setup";

const TABLE = [
  { name: "10.1.1.3", publisher: false },
  { name: "cucm-sub", publisher: false },
  { name: "10.1.1.1", publisher: true },
];
const ADDRESSES = { nodeAddresses: { "cucm-sub": "10.1.1.2" } };

it("puts the publisher first, then by name; services decide what a node does", async () => {
  const services = [
    { node: "10.1.1.1", service: "Cisco Tftp", active: false },
    { node: "10.1.1.1", service: "Cisco CallManager", active: true },
    { node: "10.1.1.3", service: "Cisco Tftp", active: true },
    { node: "10.1.1.3", service: "Cisco Trust Verification Service", active: false },
  ];
  expect(await clusterNodes(config(ADDRESSES), TABLE, services, live())).toEqual([
    { name: "10.1.1.1", address: "10.1.1.1", role: "publisher", tftp: false, tvs: true, callManager: true },
    { name: "10.1.1.3", address: "10.1.1.3", role: "subscriber", tftp: true, tvs: false, callManager: false },
    { name: "cucm-sub", address: "10.1.1.2", role: "subscriber", tftp: false, tvs: true, callManager: false },
  ]);
});

it("takes what is configured before a name that is an address, and the publisher's configured address", async () => {
  const table = [
    { name: "cucm-pub", publisher: true },
    { name: "10.1.1.3", publisher: false },
  ];
  const behindNat = config({ publisher: "192.0.2.1", nodeAddresses: { "10.1.1.3": "192.0.2.3" } });
  const nodes = await clusterNodes(behindNat, table, [], live());
  expect(nodes.map(({ address }) => address)).toEqual(["192.0.2.1", "192.0.2.3"]);
});

it("names the setting when a name cannot be resolved", async () => {
  const table = [
    { name: "10.1.1.1", publisher: true },
    { name: "cucm-sub.invalid", publisher: false },
  ];
  const error = await failureOf(clusterNodes(config(), table, [], live()));
  expect(error.kind).toBe("configuration");
  expect(error.detail).toContain('node_addresses = { "cucm-sub.invalid" =');
});

it("wants exactly one publisher", async () => {
  const error = await failureOf(clusterNodes(config(ADDRESSES), TABLE.slice(0, 2), [], live()));
  expect(error.kind).toBe("answer");
});

it("lets no wildcard or markup through as a device name", () => {
  expect(checkedDeviceNames("source", ["SEP001122334455", "ATA1.x_y-z"])).toHaveLength(2);
  for (const bad of ["SEP%", "SEP*", "", "a b", "<x>", "a'b", "-a"]) {
    expect(() => checkedDeviceNames("source", [bad])).toThrow("Not a device name");
  }
});
