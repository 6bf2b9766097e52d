/**
 * What a bulk exchange brings besides what is declared, and what an importing cluster's stores would lose by it: they
 * hold one certificate per CN.
 */
import type { Certificate } from "../../../trust/certificate";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  type IdentityUnit,
  isUnreachable,
  type Operation,
  type StoreFile,
  type TrustStore,
} from "./cluster";
import { excerpt } from "./failure";
import { type Membership, membershipKey } from "./membership";
import { refuseSameName, type Unread } from "./same-name";

/** Where an import puts certificates of each unit (Cisco's document 215539). */
const IMPORTS: { readonly [unit in IdentityUnit]: readonly TrustStore[] } = {
  CallManager: ["CallManager-trust", "Phone-SAST-trust"],
  ITLRecovery: ["CallManager-trust", "Phone-SAST-trust"],
  CAPF: ["CallManager-trust"],
  TVS: [],
};
const STORES: readonly TrustStore[] = ["CallManager-trust", "Phone-SAST-trust"];

/**
 * All that an import may bring to a cluster: certificates of every node of its peer, TFTP or not.
 *
 * @throws ClusterError of a node that does not answer, unless it `passes`
 */
export async function broughtInBulk(
  cluster: Cluster,
  peer: Cluster,
  unread: Unread,
  op: Operation,
): Promise<readonly Membership[]> {
  const everything = [cluster, peer].every(({ bulkUnit }) => bulkUnit.toLowerCase() === "all");
  const units: readonly IdentityUnit[] = everything
    ? ["CallManager", "ITLRecovery", "CAPF"]
    : ["CallManager"];
  const nodes = await peer.nodes(op);
  const found = await Promise.all(
    nodes.flatMap((node) =>
      units.map(async (unit) => {
        const certificate = await identity(peer, node, unit, unread, op);
        return certificate === null ? [] : IMPORTS[unit].map((store) => ({ store, certificate }));
      }),
    ),
  );
  return [...new Map(found.flat().map((one) => [membershipKey(one), one])).values()];
}

async function identity(
  peer: Cluster,
  node: ClusterNode,
  unit: IdentityUnit,
  unread: Unread,
  op: Operation,
): Promise<Certificate | null> {
  try {
    return await peer.identityCertificate(node, unit, op);
  } catch (error) {
    if (unread === "passes" && isUnreachable(error)) return null;
    throw error;
  }
}

/**
 * Asked before anything is exported.
 *
 * @param declared have been checked by themselves
 * @param ours see {@link refuseSameName}
 * @throws ClusterError kind "refused" for the first certificate that the import would replace
 */
export async function refuseBulkLoss(
  cluster: Cluster,
  peer: Cluster,
  declared: readonly Membership[],
  ours: ReadonlySet<string>,
  unread: Unread,
  op: Operation,
): Promise<void> {
  const brought = await broughtInBulk(cluster, peer, unread, op);
  const all = new Map([...declared, ...brought].map((one) => [membershipKey(one), one]));
  if (all.size === declared.length) return;
  try {
    await refuseSameName(cluster, [...all.values()], ours, unread, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== "refused") throw error;
    throw new ClusterError(
      error.cluster,
      error.node,
      error.summary,
      `${error.detail} A bulk exchange brings certificates of every node of cluster "${peer.name}", declared here or not. ` +
        'To import only what is declared: method = "manual" (Cisco\'s "Method 2"). Nothing was exported.',
      "refused",
    );
  }
}

type Snapshot = ReadonlyMap<TrustStore, readonly StoreFile[]>;

/** What is in the publisher's stores that an import writes to, read now. */
export async function snapshot(cluster: Cluster, publisher: ClusterNode, op: Operation): Promise<Snapshot> {
  cluster.refresh();
  const files = await Promise.all(STORES.map((store) => cluster.storeFiles(publisher, store, op)));
  return new Map(STORES.map((store, i) => [store, files[i]!]));
}

/**
 * Compares the publisher's stores with what they had before the import.
 *
 * @throws ClusterError kind "refused" that names what was lost, with its PEM
 */
export async function demandUnlost(
  cluster: Cluster,
  publisher: ClusterNode,
  before: Snapshot,
  ours: ReadonlySet<string>,
  op: Operation,
): Promise<void> {
  const now = await snapshot(cluster, publisher, op);
  const lost = STORES.flatMap((store) => {
    const there = new Set(now.get(store)!.map(key));
    return before
      .get(store)!
      .filter(({ certificate }) => certificate === null || !ours.has(membershipKey({ store, certificate })))
      .filter((file) => !there.has(key(file)))
      .map((file) => ({ store, ...file }));
  });
  if (lost.length === 0) return;
  throw new ClusterError(
    cluster.name,
    publisher.address,
    `The bulk import took certificates out of trust stores of cluster "${cluster.name}"`,
    `Gone from ${publisher.name} since just before it: ${lost.map(line).join("; ")}. A store keeps one certificate per CN, the one that ` +
      "became valid later, so one of the same name has probably come instead. If something still uses " +
      "them, phones or trunks may fail: delete what came instead, import them again by hand, and regenerate the other under another " +
      'host name. Then go on with method = "manual" (Cisco\'s "Method 2"), which imports only what is declared.' +
      lost.map(({ certificate }) => (certificate === null ? "" : `\n${certificate.pem}`)).join(""),
    "refused",
  );
}

const key = ({ file, certificate }: StoreFile) => certificate?.sha256 ?? `file ${file}`;

const line = ({ store, file, certificate: c }: StoreFile & { readonly store: TrustStore }) =>
  `${store}/${excerpt(file, 100)}${c === null ? "" : ` (${excerpt(c.commonName || c.subject, 60)}, serial ${c.serial}, SHA-256 ${c.sha256})`}`;
