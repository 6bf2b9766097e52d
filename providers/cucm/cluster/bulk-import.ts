/** The import of a bulk exchange on one cluster's publisher: what arrived is read in its stores, not believed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BulkExchange } from "./bulk-exchange";
import { demandUnlost, refuseBulkLoss, snapshot } from "./bulk-loss";
import { type Cluster, ClusterError, type ClusterNode, type Operation } from "./cluster";
import { type Membership, membershipKey } from "./membership";
import { graceMs, type NodeMemberships, readNode } from "./memberships";

/**
 * Nothing is exchanged when the publisher has everything that could be brought.
 *
 * @returns keys of what the publisher lacked before and shows now
 * @param ours see {@link refuseSameName}
 * @throws ClusterError also when a certificate of its stores would be replaced, or has been, and when it shows nothing at all of what was wanted, of before the exchange neither
 */
export async function importInBulk(
  cluster: Cluster,
  exchange: () => BulkExchange,
  before: readonly NodeMemberships[],
  memberships: readonly Membership[],
  ours: ReadonlySet<string>,
  op: Operation,
): Promise<readonly string[]> {
  const { node, present } = before.find((each) => each.node.role === "publisher")!;
  // Stores that do not replicate are none that a bulk import writes to.
  const lacked = memberships
    .filter((m) => cluster.replicates(m.store))
    .map(membershipKey)
    .filter((key) => !present.has(key));
  if (lacked.length === 0) return [];
  const run = exchange();
  await refuseBulkLoss(cluster, run.peerOf(cluster), memberships, ours, "stops", op);
  const stored = await snapshot(cluster, node, op);
  const said = await run.importInto(cluster, op);
  const now = await afterImport(cluster, node, memberships, lacked, op);
  await demandUnlost(cluster, node, stored, ours, op);
  if (now.size === 0) throw nothing(cluster, node, said);
  const brought = lacked.filter((key) => now.has(key));
  const rest = brought.length < lacked.length ? "; the rest is imported one by one" : "";
  // Where all that is missing is what bulk never brings, that is as it should be.
  const answer = brought.length === 0 ? `. The publisher answered: ${said || "(nothing)"}` : "";
  op.progress?.(
    `${cluster.name}: the bulk import brought ${brought.length} of ${lacked.length} missing memberships${rest}${answer}`,
  );
  return brought;
}

/** The import may still be writing when the CLI's prompt is back: until two readings agree. */
async function afterImport(
  cluster: Cluster,
  publisher: ClusterNode,
  memberships: readonly Membership[],
  lacked: readonly string[],
  op: Operation,
): Promise<ReadonlySet<string>> {
  const deadline = Date.now() + graceMs(cluster);
  for (let last = 0; ; ) {
    cluster.refresh();
    const present = await readNode(cluster, publisher, memberships, op);
    const brought = lacked.filter((key) => present.has(key)).length;
    const settled = brought === lacked.length || (brought > 0 && brought === last);
    if (settled || Date.now() >= deadline) return present;
    last = brought;
    await sleep(100, undefined, { signal: op.signal });
  }
}

function nothing(cluster: Cluster, publisher: ClusterNode, said: string): ClusterError {
  return new ClusterError(
    cluster.name,
    publisher.address,
    `The bulk import brought nothing to cluster "${cluster.name}"`,
    `Its publisher shows none of the wanted certificates in the trust stores. It answered: ${said || "(nothing)"}. ` +
      'See what "set cert bulk import" says there, or import one by one: method = "manual".',
    "refused",
  );
}
