/** What a plan of trust memberships comes to: values from the device for a create, warnings from it for the rest. */
import type { Context } from "../../framework/define";
import { UNKNOWN } from "../../framework/schema/value";
import { broughtBy, refuseBulk } from "../bulk-method";
import { type Certificates, isEmpty, isStrictSubset, memberships, minus, union } from "../certificate-map";
import { type CucmClient, operation } from "../client";
import { type Cluster, ClusterError, type Operation } from "../cluster/cluster";
import { type Membership, membershipKey } from "../cluster/membership";
import { type NodeMemberships, readMemberships, requireRestart } from "../cluster/memberships";
import { refuseSameName } from "../cluster/same-name";
import { CTL_DEMANDED, CTL_UNREAD, ctlGoal, warnOfCtlUpdate } from "../ctl-update";
import { isDecommissioned } from "../decommissioned";
import { warnUnread } from "../unread";
import type { Plan, State } from "./trust-memberships";

/**
 * What the stores have to hold, and what stays in them of earlier. A node that cannot be read takes its certificates
 * out of the configuration: fewer certificates and nothing new is therefore no change (unless they are pruned, and
 * even then nobody means to prune all of them).
 */
export function reconcile(planned: Plan, prior: State) {
  const wanted = planned.certificates as Certificates;
  const prune = planned.prune === true;
  const certificates =
    isStrictSubset(wanted, prior.certificates) && (!prune || isEmpty(wanted)) ? prior.certificates : wanted;
  const superseded = prune ? {} : minus(union(prior.superseded, prior.certificates), certificates);
  return { certificates, superseded };
}

/** Of a cluster that nobody can ask: arguments as declared, and the rest as the state has it. */
export function asItWas(planned: Plan, prior: State): Plan {
  const { certificates, nodes, missing, ctl_pending, superseded, already_present, generation } = prior;
  return {
    ...planned,
    certificates,
    nodes,
    missing,
    ctl_pending,
    superseded,
    already_present,
    generation,
  };
}

/** Only a create reads the device here: what is there already is known at plan, and so is a collision of names. */
export async function planCreate(planned: Plan, ctx: Context<CucmClient>): Promise<Plan> {
  if (!isKnown(planned.certificates) || planned.cluster === UNKNOWN) return planned;
  const wanted = memberships(planned.certificates as Certificates);
  const next = { ...planned, missing: [], ctl_pending: [], superseded: {} };
  // Only a lost state comes to this: an import rebuilds it, whose id is taken from this plan. The create is refused.
  if (ctx.client.isDecommissioned(planned.cluster)) {
    const { summary, detail } = isDecommissioned(planned.cluster);
    ctx.warn(summary, detail);
    return next;
  }
  const cluster = ctx.client.cluster(planned.cluster);
  const op = operation(ctx);
  try {
    const { nodes, unread } = await readMemberships(cluster, wanted, op);
    await refuseSameName(cluster, wanted, new Set(), "passes", op);
    const lacking = ({ node, present }: NodeMemberships) =>
      node.role === "publisher" &&
      wanted.some((m) => cluster.replicates(m.store) && !present.has(membershipKey(m)));
    const exchanges = nodes.some(lacking);
    if (exchanges) await refuseBulk(cluster.name, planned, wanted, new Set(), ctx);
    for (const { error } of unread) warnUnread(ctx, error, DEMANDED);
    if (planned.update_ctl === true) {
      const brought = exchanges ? await broughtBy(cluster.name, planned, "passes", ctx) : [];
      const goal = ctlGoal(planned.certificates as Certificates, [], brought);
      await warnOfCtlUpdate(cluster, goal, CTL_DEMANDED, ctx);
    }
    // An error here would stop other waves' way back as well: the create itself fails closed.
    if (unread.length > 0) return next;
    await warnOfRestart(cluster, nodes, op, ctx);
    const there = new Set(nodes.flatMap((n) => [...n.present]));
    return {
      ...next,
      nodes: everyNode(nodes.map((n) => n.node.name)),
      already_present: wanted.map(membershipKey).filter((key) => there.has(key)),
    };
  } catch (error) {
    warnUnread(ctx, error, planned.update_ctl === true ? `${DEMANDED} ${CTL_UNREAD}` : DEMANDED);
    return next;
  }
}

/** A plan's account may not be allowed to ask Control Center, which the deploy's has to be. */
async function warnOfRestart(
  cluster: Cluster,
  nodes: Parameters<typeof requireRestart>[1],
  op: Operation,
  ctx: Context<CucmClient>,
): Promise<void> {
  try {
    await requireRestart(cluster, nodes, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    ctx.warn(
      error.summary,
      `${error.detail} The import ends with restarts of TVS and will not begin without them.`,
    );
  }
}

const DEMANDED = "The deploy needs every node and will not begin without it.";

export async function warnRefusal(
  prior: State,
  planned: Plan,
  wanted: Certificates,
  ctx: Context<CucmClient>,
): Promise<void> {
  await warnAtUpdate(ctx, async () => {
    const cluster = ctx.client.cluster(prior.cluster);
    const [all, ours] = [memberships(wanted), ownKeys(prior)];
    await refuseSameName(cluster, all, ours, "passes", operation(ctx));
    await refuseBulk(prior.cluster, planned, all, ours, ctx);
  });
}

/**
 * Reads the device in the plan of an update or a destroy too, but only to warn: no planned value comes from it. The
 * refusal is the apply's, since an error here would stop other waves' way back as well.
 */
export async function warnAtUpdate(ctx: Context<CucmClient>, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "refused")
      ctx.warn(error.summary, `${error.detail} The deploy will be refused.`);
    else warnUnread(ctx, error, DEMANDED);
  }
}

/** Whether the CTL may have to be renewed although no store changes. */
export const ctlLeft = (prior: State) => !prior.update_ctl || prior.ctl_pending.length > 0;

/** What leaves the stores at once, without what was there before us. */
export const pruned = (prior: State, certificates: Certificates, superseded: Certificates) =>
  own(
    memberships(minus(union(prior.certificates, prior.superseded), union(certificates, superseded))),
    prior,
  );

/** Without what was there before us. */
export const own = (all: readonly Membership[], { already_present }: State) =>
  all.filter((m) => !already_present.includes(membershipKey(m)));
export const ownKeys = (prior: State): ReadonlySet<string> =>
  new Set(own(memberships(union(prior.certificates, prior.superseded)), prior).map(membershipKey));

export const everyNode = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));

export function isKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}
