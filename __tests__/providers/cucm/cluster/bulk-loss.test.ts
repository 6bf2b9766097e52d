import { broughtInBulk } from "../../../../providers/cucm/cluster/bulk-loss";
import { membershipKey } from "../../../../providers/cucm/cluster/membership";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { live } from "./fakes/setup";

const clusters = (unit: string) => {
  const [source, destination] = [new FakeCluster("source"), new FakeCluster("destination")];
  for (const cluster of [source, destination]) Object.assign(cluster, { bulkUnit: unit });
  const made = Object.fromEntries(
    ["CallManager", "ITLRecovery", "CAPF", "TVS"].map((unit) => {
      const { certificate } = certificateOf({ cn: `${unit}-1` });
      destination.identities.set(`destination-pub ${unit}`, certificate);
      return [unit, certificate];
    }),
  );
  const keys = (unit: string, ...stores: ("CallManager-trust" | "Phone-SAST-trust")[]) =>
    stores.map((store) => membershipKey({ store, certificate: made[unit]! }));
  const brought = async () =>
    (await broughtInBulk(source, destination, "stops", { signal: live() })).map(membershipKey);
  return { keys, brought };
};

it("expects CallManager of every node, in both stores", async () => {
  const { keys, brought } = clusters("tftp");
  expect(await brought()).toEqual(keys("CallManager", "CallManager-trust", "Phone-SAST-trust"));
});

it("expects ITLRecovery and CAPF too where all units are exchanged", async () => {
  const { keys, brought } = clusters("all");
  expect(await brought()).toEqual([
    ...keys("CallManager", "CallManager-trust", "Phone-SAST-trust"),
    ...keys("ITLRecovery", "CallManager-trust", "Phone-SAST-trust"),
    ...keys("CAPF", "CallManager-trust"),
  ]);
});
