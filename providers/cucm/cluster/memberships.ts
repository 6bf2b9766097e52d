import type { Certificate } from "../../../trust/certificate";
import { sleep } from "./budget";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  isUnreachable,
  type Operation,
  type ServiceName,
  type TrustStore,
} from "./cluster";
import { byStore, type Membership, membershipKey } from "./membership";
import { refuseSameName } from "./same-name";

const TVS: ServiceName = "Cisco Trust Verification Service";

/** What one node has of the memberships that were asked about. */
export interface NodeMemberships {
  readonly node: ClusterNode;
  /** Keys of those in its file store. */
  readonly present: ReadonlySet<string>;
}

export interface MembershipReading {
  /** By name. */
  readonly nodes: readonly NodeMemberships[];
  readonly unread: readonly { readonly node: ClusterNode; readonly error: ClusterError }[];
}

/** Reads every node; a node that does not answer ends in `unread`. */
export async function readMemberships(
  cluster: Cluster,
  memberships: readonly Membership[],
  op: Operation,
): Promise<MembershipReading> {
  const nodes: NodeMemberships[] = [];
  const unread: { node: ClusterNode; error: ClusterError }[] = [];
  const all = await cluster.nodes(op);
  await Promise.all(
    all.map(async (node) => {
      try {
        nodes.push({ node, present: await readNode(cluster, node, memberships, op) });
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        unread.push({ node, error });
      }
    }),
  );
  const byName = (a: { node: ClusterNode }, b: { node: ClusterNode }) => (a.node.name < b.node.name ? -1 : 1);
  return { nodes: nodes.sort(byName), unread: unread.sort(byName) };
}

/** Keys of those in the node's file store. */
export async function readNode(
  cluster: Cluster,
  node: ClusterNode,
  memberships: readonly Membership[],
  op: Operation,
) {
  const present = new Set<string>();
  for (const [store, wanted] of byStore(memberships)) {
    const candidates = wanted.map((m) => m.certificate);
    const entries = await cluster.trustEntries(node, store, candidates, op);
    const stored = new Set(entries.map((e) => e.certificate.sha256));
    for (const m of wanted) if (stored.has(m.certificate.sha256)) present.add(membershipKey(m));
  }
  return present;
}

/**
 * Keys of those in a node's Phone-SAST-trust that its TVS does not know (yet): it reads the store when it starts.
 * Empty when its TVS cannot be asked: the proof reports that.
 */
export async function notLoaded(
  cluster: Cluster,
  { node, present }: NodeMemberships,
  memberships: readonly Membership[],
  op: Operation,
): Promise<readonly string[]> {
  if (!node.tvs) return [];
  const stored = memberships.filter((m) => m.store === "Phone-SAST-trust" && present.has(membershipKey(m)));
  const loaded = await Promise.all(stored.map((m) => isLoaded(cluster, node, m.certificate, op)));
  return stored.filter((_, i) => !loaded[i]).map(membershipKey);
}

async function isLoaded(cluster: Cluster, node: ClusterNode, certificate: Certificate, op: Operation) {
  try {
    return (await cluster.askTvs(node, certificate, op)).kind === "vouched";
  } catch (error) {
    if (error instanceof ClusterError && error.kind !== "cancelled") return true;
    throw error;
  }
}

export interface Imported {
  /** Keys of what was written to at least one node. */
  readonly imported: ReadonlySet<string>;
  /** Keys of what at least one node had before. */
  readonly found: ReadonlySet<string>;
}

/**
 * Another way to bring certificates to a publisher, all at once.
 *
 * @returns keys of what the publisher lacked before and shows now
 */
export type InBulk = (
  before: readonly NodeMemberships[],
  memberships: readonly Membership[],
  ours: ReadonlySet<string>,
  op: Operation,
) => Promise<readonly string[]>;

/**
 * Imports what is missing and returns when every node shows every membership.
 *
 * @param ours see {@link refuseSameName}
 * @param inBulk comes first; what it does not bring is imported one by one
 * @throws ClusterError when a node cannot be read or two certificates have one name (before anything is written),
 * or when a node lacks something at the end.
 */
export async function importMissing(
  cluster: Cluster,
  memberships: readonly Membership[],
  ours: ReadonlySet<string>,
  op: Operation,
  inBulk?: InBulk,
): Promise<Imported> {
  const before = await readAll(cluster, memberships, op);
  await requireRestart(cluster, before, op);
  await refuseSameName(cluster, memberships, ours, "stops", op);
  const imported = new Set(await inBulk?.(before, memberships, ours, op));
  const now = imported.size > 0 ? await readAll(cluster, memberships, op) : before;
  const write = async ({ node, membership: m }: Gap) => {
    op.progress?.(`${cluster.name}: importing ${name(m)} on ${node.name}`);
    await importOne(cluster, node, m, op);
    imported.add(membershipKey(m));
  };
  const gaps = gapsOf(now, memberships);
  const publisherLacks = new Set(
    gaps.filter((g) => g.node.role === "publisher").map((g) => membershipKey(g.membership)),
  );
  const replicates = (g: Gap) => cluster.replicates(g.membership.store);

  for (const gap of gaps) if (!replicates(gap) || gap.node.role === "publisher") await write(gap);
  if (gaps.some((g) => replicates(g) && !publisherLacks.has(membershipKey(g.membership)))) {
    // The publisher had it and another node had not: it is on its way, or replication has failed.
    const late = await afterGrace(cluster, memberships, op);
    for (const gap of late)
      if (replicates(gap) && !publisherLacks.has(membershipKey(gap.membership))) await write(gap);
  }
  if (imported.size > 0 || gaps.length > 0) await awaitEverywhere(cluster, memberships, "present", op);
  return { imported, found: new Set(before.flatMap((n) => [...n.present])) };
}

/** Something that a node does not have. */
interface Gap {
  readonly node: ClusterNode;
  readonly membership: Membership;
}

/**
 * What is refused should be refused before anything is written, since a create that fails cannot tell the next one
 * what it wrote: the store whose spelling is the least known comes first (plausible.ts).
 */
const ORDER: readonly TrustStore[] = ["Phone-SAST-trust", "CAPF-trust", "CallManager-trust"];

const gapsOf = (nodes: readonly NodeMemberships[], memberships: readonly Membership[]): Gap[] =>
  [...memberships]
    .sort((a, b) => ORDER.indexOf(a.store) - ORDER.indexOf(b.store))
    .flatMap((membership) =>
      nodes
        .filter(({ present }) => !present.has(membershipKey(membership)))
        .map(({ node }) => ({ node, membership })),
    );

/** The time that a cluster may take to show what was just written. */
export const graceMs = (cluster: Cluster) => Math.min(5, cluster.replicationTimeout / 10) * 1000;

/** What is still missing after the time that replication usually takes. */
async function afterGrace(cluster: Cluster, memberships: readonly Membership[], op: Operation) {
  const deadline = Date.now() + graceMs(cluster);
  for (;;) {
    const gaps = gapsOf(await readAll(cluster, memberships, op), memberships);
    if (gaps.length === 0 || Date.now() >= deadline) return gaps;
    await sleep(250, op.signal);
  }
}

/** A CLI may refuse what is there already: replication can be faster than we are. */
async function importOne(cluster: Cluster, node: ClusterNode, m: Membership, op: Operation): Promise<void> {
  try {
    await cluster.importTrust(node, m.store, m.certificate, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== "refused") throw error;
    cluster.refresh();
    if (!(await readNode(cluster, node, [m], op)).has(membershipKey(m))) throw error;
  }
}

/** Deletes memberships on every node and returns when none shows them. @returns keys of what was deleted. */
export async function deleteMemberships(
  cluster: Cluster,
  memberships: readonly Membership[],
  op: Operation,
): Promise<ReadonlySet<string>> {
  const before = await readAll(cluster, memberships, op);
  await requireRestart(cluster, before, op);
  const deleted = new Set<string>();
  for (const m of memberships) {
    const having = before.filter((n) => n.present.has(membershipKey(m))).map((n) => n.node);
    const publisher = having.find((n) => n.role === "publisher");
    for (const node of cluster.replicates(m.store) && publisher ? [publisher] : having) {
      const entries = await cluster.trustEntries(node, m.store, [m.certificate], op);
      const entry = entries.find((e) => e.certificate.sha256 === m.certificate.sha256);
      if (!entry) continue;
      op.progress?.(`${cluster.name}: deleting ${name(m)} on ${node.name}`);
      await cluster.deleteTrust(node, entry, op);
      deleted.add(membershipKey(m));
    }
  }
  if (deleted.size > 0) await awaitEverywhere(cluster, memberships, "absent", op);
  return deleted;
}

/**
 * What ends with restarts must not begin where they are impossible.
 *
 * @throws ClusterError of the first node whose Control Center would not take the order.
 */
export async function requireRestart(
  cluster: Cluster,
  nodes: readonly { readonly node: ClusterNode }[],
  op: Operation,
): Promise<void> {
  const tvs = nodes.filter(({ node }) => node.tvs);
  await Promise.all(tvs.map(({ node }) => cluster.checkRestart(node, TVS, op)));
}

/** One node after the other, each awaited, so that phones always find a TVS. */
export async function restartTvs(
  cluster: Cluster,
  nodes: readonly ClusterNode[],
  op: Operation,
): Promise<void> {
  for (const node of nodes.filter((n) => n.tvs)) {
    op.progress?.(`${cluster.name}: restarting TVS on ${node.name}`);
    await cluster.restartService(node, TVS, op);
  }
}

/** A write demands every node. */
async function readAll(cluster: Cluster, memberships: readonly Membership[], op: Operation) {
  cluster.refresh();
  const { nodes, unread } = await readMemberships(cluster, memberships, op);
  if (unread.length > 0) throw unread[0]!.error;
  return nodes;
}

/** A node that does not answer for a moment while we wait is only not ready yet. */
async function awaitEverywhere(
  cluster: Cluster,
  memberships: readonly Membership[],
  goal: "present" | "absent",
  op: Operation,
): Promise<void> {
  const deadline = Date.now() + cluster.replicationTimeout * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 15_000)) {
    cluster.refresh();
    const { nodes, unread } = await readMemberships(cluster, memberships, op);
    const behind = [
      ...nodes.flatMap(({ node, present }) =>
        memberships
          .filter((m) => present.has(membershipKey(m)) !== (goal === "present"))
          .map((m) => `${node.name}: ${name(m)}`),
      ),
      ...unread.map(({ node, error }) => `${node.name}: ${error.summary}`),
    ];
    if (behind.length === 0) return;
    if (Date.now() > deadline) throw notReplicated(cluster, goal, behind);
    op.progress?.(
      `${cluster.name}: waiting for replication, still ${goal === "present" ? "missing" : "there"}: ${behind.join("; ")}`,
    );
    await sleep(pause, op.signal);
  }
}

function notReplicated(
  cluster: Cluster,
  goal: "present" | "absent",
  behind: readonly string[],
): ClusterError {
  return new ClusterError(
    cluster.name,
    null,
    `Trust stores of cluster "${cluster.name}" do not agree after ${cluster.replicationTimeout} s`,
    `${goal === "present" ? "Still missing" : "Still there"}: ${behind.join("; ")}. ` +
      "Check database replication and the Cisco Certificate Change Notification service on these nodes, then deploy again: what is done is not done twice.",
    "timeout",
  );
}

const name = ({ store, certificate: c }: Membership) =>
  `${store}/${c.commonName || c.subject} (SHA-256 ${c.sha256.slice(0, 12)})`;
