/** A store holds one certificate per CN: what an import would lose by that is refused before anything is written. */
import type { Certificate } from "../../../trust/certificate";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  isUnreachable,
  type Operation,
  type TrustEntry,
  type TrustStore,
} from "./cluster";
import { byStore, type Membership, membershipKey } from "./membership";

/**
 * A trust store holds one certificate per CN: an upload of the same name replaces the other, or is silently not
 * stored, whichever began to be valid later (Cisco Security Guide). `ours` are the keys of memberships that we put
 * there ourselves: a renewed certificate that is valid later may replace those.
 *
 * @throws ClusterError kind "refused" for the first collision.
 */
export async function refuseSameName(
  cluster: Cluster,
  memberships: readonly Membership[],
  ours: ReadonlySet<string>,
  unread: Unread,
  op: Operation,
): Promise<void> {
  const nodes = await cluster.nodes(op);
  const publisher = nodes.find((n) => n.role === "publisher")!;
  for (const [store, wanted] of byStore(memberships)) {
    // Stores that do not replicate, or have drifted apart, differ from node to node.
    for (const node of nodes) await refuseRival(cluster, node, store, memberships, ours, unread, op);
    for (const { certificate } of wanted) {
      const twin = wanted.find(
        (m) => m.certificate.sha256 > certificate.sha256 && sameCn(m.certificate, certificate),
      );
      if (twin)
        throw sameName(
          cluster,
          publisher,
          certificate,
          { store, file: "", certificate: twin.certificate },
          false,
        );
    }
  }
}

/** Whether a node that does not answer now is passed over, as a plan may, or stops it, as before a write. */
export type Unread = "passes" | "stops";

async function refuseRival(
  cluster: Cluster,
  node: ClusterNode,
  store: TrustStore,
  memberships: readonly Membership[],
  ours: ReadonlySet<string>,
  unread: Unread,
  op: Operation,
): Promise<void> {
  const wanted = memberships.filter((m) => m.store === store);
  let entries: readonly TrustEntry[];
  try {
    const candidates = wanted.map((m) => m.certificate);
    entries = await cluster.trustEntries(node, store, candidates, op);
  } catch (error) {
    if (unread === "passes" && isUnreachable(error)) return;
    throw error;
  }
  for (const { certificate } of wanted) {
    if (entries.some((e) => e.certificate.sha256 === certificate.sha256)) continue;
    const rival = entries.find((e) => collides(e, certificate, ours));
    if (!rival) continue;
    const vouched = memberships.some(
      (m) => m.store === "Phone-SAST-trust" && m.certificate.sha256 === certificate.sha256,
    );
    throw sameName(cluster, node, certificate, rival, vouched && store === "CallManager-trust");
  }
}

const sameCn = (a: Certificate, b: Certificate) => a.commonName !== "" && a.commonName === b.commonName;

function collides(entry: TrustEntry, certificate: Certificate, ours: ReadonlySet<string>): boolean {
  if (!sameCn(entry.certificate, certificate)) return false;
  return !(ours.has(membershipKey(entry)) && certificate.notBefore > entry.certificate.notBefore);
}

/** @param dispensable TVS vouches for the wanted one by another store, which has to be free of the name as well */
function sameName(
  cluster: Cluster,
  node: ClusterNode,
  wanted: Certificate,
  rival: TrustEntry,
  dispensable: boolean,
): ClusterError {
  const day = (d: Date) => d.toISOString().slice(0, 10);
  const line = (c: Certificate) => `serial ${c.serial}, valid ${day(c.notBefore)} to ${day(c.notAfter)}`;
  const wayOut =
    rival.file === ""
      ? "Both are wanted: regenerate one of them under another host name, or leave one out."
      : `If nothing uses the stored one any more, delete ${rival.store}/${rival.file} on ${node.name} and plan again; ` +
        `otherwise ${dispensable ? WITHOUT_CALL_MANAGER_TRUST : ""}regenerate the new one under another host name.`;
  return new ClusterError(
    cluster.name,
    node.address,
    `Two certificates named "${wanted.commonName}" cannot both be in ${rival.store} of cluster "${cluster.name}"`,
    `To be imported: ${line(wanted)}. ${rival.file === "" ? "Also to be imported" : `Stored as ${rival.file}`}: ${line(rival.certificate)}. ` +
      `A trust store keeps one certificate per CN, the one that became valid later; the other is lost without a word. ${wayOut}`,
    "refused",
  );
}

const WITHOUT_CALL_MANAGER_TRUST =
  "leave CallManager-trust out of its stores, since TVS vouches by Phone-SAST-trust alone " +
  '(constructs: signerStores: ["Phone-SAST-trust"]), or ';
