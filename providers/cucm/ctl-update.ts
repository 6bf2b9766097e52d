/** `update_ctl` and `ctl_pending` of `cucm_trust_memberships`: the CTL that lists its certificates (CTL pre-provisioning). */
import type { Context } from "../framework/define";
import { attr } from "../framework/schema/attribute";
import { type Certificates, memberships } from "./certificate-map";
import { type CucmClient, operation } from "./client";
import { type Cluster, ClusterError, type Operation, type StoreFile } from "./cluster/cluster";
import {
  allRestarts,
  type CtlGoal,
  type CtlRestart,
  checkRestarts,
  ctlRestarts,
  listsSast,
  readCtls,
  refuseCtl,
  renewCtl,
  undeclaredSasts,
} from "./cluster/ctl";
import { excerpt } from "./cluster/failure";
import type { Membership } from "./cluster/membership";
import { warnUnread } from "./unread";

export const ctlAttributes = {
  update_ctl: attr.bool({
    default: false,
    description:
      "Also renew the CTL (`utils ctl update CTLFile`, tokenless CTLs only, from 10.0) until every TFTP node serves one " +
      "that lists the certificates in `Phone-SAST-trust` as SAST: phones that fetched it accept files that those sign " +
      "without TVS. Restarts Cisco CallManager and Cisco Tftp, node by node, if the CTL has to be renewed; then reset " +
      "the phones. A destroy renews it again, without them.",
  }),
} as const;

export const ctlComputed = {
  ctl_pending: attr.list("string", {
    computed: true,
    description:
      "With `update_ctl`: what the CTL of a TFTP node does not list yet, `<node>: <sha256>`, sorted, or what else is " +
      "wrong with it. Empty when nothing is left.",
  }),
} as const;

/**
 * What TFTP nodes have to list once these certificates are in their stores, and what no longer.
 *
 * @param brought what a bulk exchange may bring before that, declared or not
 */
export function ctlGoal(
  wanted: Certificates,
  gone: readonly Membership[] = [],
  brought: readonly Membership[] = [],
): CtlGoal {
  const listed = sast(memberships(wanted));
  const absent = sast(gone).filter((one) => !listed.some(({ sha256 }) => sha256 === one.sha256));
  return { listed, absent, brought: sast(brought) };
}

const sast = (all: readonly Membership[]) =>
  all.filter(({ store }) => store === "Phone-SAST-trust").map(({ certificate }) => certificate);

/**
 * What is left of a renewal, read now; of a TFTP node that does not answer, what was left of it before.
 *
 * @param told addresses of nodes whose silence has been told already
 */
export async function readCtlPending(
  cluster: Cluster,
  goal: CtlGoal,
  before: readonly string[],
  told: readonly string[],
  consequence: string,
  ctx: Context<CucmClient>,
): Promise<string[]> {
  const { ctls, unread } = await readCtls(cluster, goal, operation(ctx));
  for (const { node, error } of unread) if (!told.includes(node.address)) warnUnread(ctx, error, consequence);
  const remembered = before.filter((line) => unread.some(({ node }) => line.startsWith(`${node.name}: `)));
  return [
    ...ctls.flatMap(({ node, pending }) => pending.map((line) => `${node.name}: ${line}`)),
    ...remembered,
  ].sort();
}

export const CTL_DEMANDED = "The renewal of the CTL needs every TFTP node and will not begin without it.";

/**
 * Renews the CTL after the stores have changed. A failure is told and what is left returned, so that what is in the
 * stores now is recorded; one with something to be taken out of the CTL is thrown, since only the state before
 * knows that.
 */
export async function renewOrTell(
  cluster: Cluster,
  goal: CtlGoal,
  ctx: Context<CucmClient>,
): Promise<readonly string[]> {
  try {
    await renewCtl(cluster, goal, operation(ctx));
    return [];
  } catch (error) {
    if (!(error instanceof ClusterError) || goal.absent.length > 0) throw error;
    ctx.error(error.summary, error.detail);
    return [error.summary];
  }
}

/** What it comes to where not even the nodes are known. */
export const CTL_UNREAD =
  "If it answers at the deploy, its CTL is renewed where that is needed, and CallManager restarted, which interrupts calls.";

/**
 * Tells at plan which services a renewal will restart and what that means; nothing if it is not needed.
 *
 * @throws ClusterError kind "refused" when the CTL cannot be renewed.
 */
export async function warnOfCtlUpdate(
  cluster: Cluster,
  goal: CtlGoal,
  consequence: string,
  ctx: Context<CucmClient>,
): Promise<void> {
  const op = operation(ctx);
  const { ctls, unread } = await readCtls(cluster, goal, op);
  for (const { error } of unread) warnUnread(ctx, error, consequence);
  // It may be restarted as well: a warning too many is better than calls that are lost unannounced.
  const all = [...ctls, ...unread.map(({ node }) => ({ node, list: null, pending: ["not read"] }))];
  const nodes = await cluster.nodes(op);
  const restarts = { left: ctlRestarts(nodes, all), all: allRestarts(nodes, all) };
  if (restarts.left.length === 0 && !(all.length === 0 && goal.listed.length > 0)) return;
  let others: readonly StoreFile[];
  try {
    await refuseCtl(cluster, ctls, goal, op);
    others = await undeclaredSasts(cluster, goal, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== "refused")
      warnOfRestarts(cluster, restarts, goal, [], ctx);
    throw error;
  }
  const isNew = ({ certificate }: StoreFile) =>
    certificate === null || ctls.some(({ list }) => list === null || !listsSast(list, certificate));
  warnOfRestarts(cluster, restarts, goal, others.filter(isNew), ctx);
  await warnOfRights(cluster, restarts.all, op, ctx);
}

function warnOfRestarts(
  cluster: Cluster,
  restarts: { readonly left: readonly CtlRestart[]; readonly all: readonly CtlRestart[] },
  goal: CtlGoal,
  others: readonly StoreFile[],
  ctx: Context<CucmClient>,
): void {
  const begun = restarts.left.length < restarts.all.length;
  const some = (count: number) => `${count} certificate${count === 1 ? "" : "s"}`;
  const purpose =
    goal.listed.length > 0
      ? `so that it lists ${some(goal.listed.length)} of Phone-SAST-trust as SAST`
      : `so that it no longer lists ${some(goal.absent.length)} as SAST`;
  ctx.warn(
    `Call service of cluster "${cluster.name}" will be interrupted: its CTL is renewed`,
    `${besides(others)}${begun ? "Some TFTP nodes serve the renewed one already, the others will, " : "It is renewed "}${purpose}. ` +
      `Restarted for it, one after the other: ${services(restarts.left)}. ` +
      `${begun ? `Where that is not enough, the CTL is renewed once more, and restarted are: ${services(restarts.all)}. ` : ""}` +
      "A restart of CallManager interrupts call service on its node: phones there go to the next member of their CallManager " +
      "group, and where there is none they are without service until it has started. Deploy this in a maintenance window. " +
      "Phones fetch the new CTL when they are reset, which is left to you; until then they ask TVS.",
  );
}

function services(restarts: readonly CtlRestart[]): string {
  const on = (service: CtlRestart["service"]) => {
    const nodes = restarts.filter((one) => one.service === service).map(({ node }) => node.name);
    return nodes.length > 0 ? [`${service} on ${nodes.join(", ")}`] : [];
  };
  return [...on("Cisco CallManager"), ...on("Cisco Tftp")].join("; ");
}

const MANY = 10;

function besides(others: readonly StoreFile[]): string {
  if (others.length === 0) return "";
  const shown = others
    .slice(0, MANY)
    .map(({ file, certificate: c }) =>
      c === null
        ? excerpt(file, 100)
        : `${excerpt(c.commonName || c.subject, 60)} (SHA-256 ${c.sha256.slice(0, 16)}...)`,
    );
  const more = others.length > MANY ? ` and ${others.length - MANY} more` : "";
  return (
    `A renewal lists all of Phone-SAST-trust, so also what is not declared here: ${shown.join(", ")}${more} ` +
    `${others.length === 1 ? "becomes" : "become"} SAST on every phone that fetches it. Delete from the store what phones shall not trust. `
  );
}

/** A plan's account may not be allowed to ask Control Center, which the deploy's has to be. */
async function warnOfRights(
  cluster: Cluster,
  restarts: readonly CtlRestart[],
  op: Operation,
  ctx: Context<CucmClient>,
): Promise<void> {
  try {
    await checkRestarts(cluster, restarts, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    ctx.warn(
      error.summary,
      `${error.detail} The renewal of the CTL ends with restarts and will not begin without them.`,
    );
  }
}
