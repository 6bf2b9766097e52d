import type { ClusterState, State } from "../../../lab/cluster/state";
import { broughtInBulk, namedIn, storeChanges } from "./store-changes";

const cluster = (nodes: object) => ({ nodes }) as ClusterState;
const pub = (...sast: string[]) =>
  cluster({ pub: { stores: { "Phone-SAST-trust": sast.map((sha256) => ({ sha256 })) } } });
const change = (was: ClusterState, is: ClusterState, allowed: readonly string[] = []) =>
  storeChanges(was, is, new Set(allowed));

test("only what is allowed may come, and nothing may go", () => {
  expect(change(pub("a"), pub("a", "b"), ["Phone-SAST-trust/b"]).unnamed).toEqual([]);
  expect(change(pub("a"), pub("a", "b"), ["CallManager-trust/b"]).unnamed).toEqual([
    "pub has Phone-SAST-trust/b",
  ]);
  expect(change(pub("a"), pub(), ["Phone-SAST-trust/a"]).unnamed).toEqual(["pub lost Phone-SAST-trust/a"]);
  expect([...change(pub(), pub("b")).added]).toEqual(["Phone-SAST-trust/b"]);
});

test("a state says what is declared for a cluster, and what was there", () => {
  const attributes = (name: string, present: readonly string[]) => ({
    cluster: name,
    certificates: { [`of-${name}`]: { stores: ["CAPF-trust", "CallManager-trust"] } },
    already_present: present,
  });
  const resource = (name: string, present: readonly string[]) => ({
    type: "cucm_trust_memberships",
    instances: [{ attributes: attributes(name, present) }],
  });
  const state = JSON.stringify({ resources: [resource("source", ["x/y"]), resource("destination", [])] });
  const { declared, adopted } = namedIn(state, "source");
  expect([...declared]).toEqual(["CAPF-trust/of-source", "CallManager-trust/of-source"]);
  expect([...adopted]).toEqual(["x/y"]);
  expect(namedIn(undefined, "source")).toEqual({ declared: new Set(), adopted: new Set() });
});

test("an exchange brings the other cluster's, and what its unit has", () => {
  const state = {
    clusters: {
      source: cluster({ a: { identities: { CallManager: "mine" } } }),
      destination: cluster({ b: { identities: { CallManager: "ccm", CAPF: "capf" } } }),
    },
  } as State;
  const both = ["CallManager-trust/ccm", "Phone-SAST-trust/ccm"];
  expect([...broughtInBulk(state, "source", false)]).toEqual(both);
  expect([...broughtInBulk(state, "source", true)]).toEqual([...both, "CallManager-trust/capf"]);
});
