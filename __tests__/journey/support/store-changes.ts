/** What a journey did to the trust stores, held against what its declaration names. */
import type { ClusterState, State } from "../../../lab/cluster/state";

type Name = "source" | "destination";
/** `<store>/<sha256>` */
type Keys = ReadonlySet<string>;

export interface Named {
  readonly declared: Keys;
  /** Found there by the deploy that recorded them, and so left there at destroy. */
  readonly adopted: Keys;
}

/** From a state file: what the trust declares for one cluster, and what of it was there before. */
export function namedIn(stateFile: string | undefined, name: Name): Named {
  const { resources } = JSON.parse(stateFile ?? '{"resources":[]}') as {
    readonly resources: readonly {
      readonly type: string;
      readonly instances: readonly { readonly attributes: Memberships }[];
    }[];
  };
  const mine = resources
    .filter(({ type }) => type === "cucm_trust_memberships")
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes))
    .filter(({ cluster }) => cluster === name);
  return {
    declared: new Set(
      mine.flatMap(({ certificates }) =>
        Object.entries(certificates).flatMap(([sha256, { stores }]) =>
          stores.map((store) => `${store}/${sha256}`),
        ),
      ),
    ),
    adopted: new Set(mine.flatMap(({ already_present }) => already_present ?? [])),
  };
}

interface Memberships {
  readonly cluster: Name;
  readonly certificates: { readonly [sha256: string]: { readonly stores: readonly string[] } };
  readonly already_present?: readonly string[];
}

/** Where a bulk import puts certificates of each unit, by Cisco's document 215539. */
const BULK: { readonly [unit: string]: readonly string[] } = {
  CallManager: ["CallManager-trust", "Phone-SAST-trust"],
  ITLRecovery: ["CallManager-trust", "Phone-SAST-trust"],
  CAPF: ["CallManager-trust"],
  tomcat: ["tomcat-trust"],
};

/** What an exchange brings from every node of the other cluster. */
export function broughtInBulk({ clusters }: State, name: Name, everything: boolean): Keys {
  const { nodes } = clusters[name === "source" ? "destination" : "source"];
  const units = everything ? Object.keys(BULK) : ["CallManager"];
  return new Set(
    Object.values(nodes).flatMap(({ identities }) =>
      units
        .filter((unit) => identities[unit] !== undefined)
        .flatMap((unit) => BULK[unit]!.map((store) => `${store}/${identities[unit]}`)),
    ),
  );
}

export interface StoreChanges {
  /** Memberships that are there now and were not, on any node. */
  readonly added: Keys;
  /** What is gone, and what is new without being allowed: `<node> lost|has <store>/<sha256>`. */
  readonly unnamed: readonly string[];
}

export function storeChanges(was: ClusterState, is: ClusterState, allowed: Keys): StoreChanges {
  const [before, now] = [memberships(was), memberships(is)];
  const gone = [...before].filter((one) => !now.has(one)).map((one) => one.replace(" ", " lost "));
  const fresh = [...now].filter((one) => !before.has(one));
  return {
    added: new Set(fresh.map(keyOf)),
    unnamed: [
      ...gone,
      ...fresh.filter((one) => !allowed.has(keyOf(one))).map((one) => one.replace(" ", " has ")),
    ],
  };
}

const keyOf = (membership: string) => membership.split(" ")[1]!;

/** `<node> <store>/<sha256>` */
const memberships = ({ nodes }: ClusterState): ReadonlySet<string> =>
  new Set(
    Object.entries(nodes).flatMap(([node, { stores }]) =>
      Object.entries(stores).flatMap(([store, entries]) =>
        entries.map(({ sha256 }) => `${node} ${store}/${sha256}`),
      ),
    ),
  );
