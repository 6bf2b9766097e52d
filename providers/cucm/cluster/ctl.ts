/**
 * The CTL that a cluster's TFTP nodes serve, and its renewal: from then on it lists what is in Phone-SAST-trust as SAST,
 * so that a phone which holds it needs no TVS for files that those certificates sign (Cisco's Security Guide, migration
 * of phones between secure clusters). Success is what every TFTP node serves, never what the CLI says.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Certificate } from "../../../trust/certificate";
import { isSigner } from "../../../trust/file-header";
import { Role } from "../../../trust/roles";
import { FormatError } from "../../../trust/tlv";
import {
  findSigner,
  MAX_TRUST_LIST_BYTES,
  MAX_TRUST_LIST_CERTIFICATES,
  parseTrustList,
  recordLength,
  type TrustList,
  type TrustRecord,
  verifyTrustList,
} from "../../../trust/trust-list";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  isUnreachable,
  type Operation,
  type ServiceName,
  type StoreFile,
} from "./cluster";
import { isCtlRefusal } from "./transports/ctl-commands";

const FILE = "CTLFile.tlv";
/** Before it a CTL is always signed by USB tokens, and the CTL client alone renews it. */
const TOKENLESS_SINCE = 10;
/** One that is too large for phones is still to be looked into. */
const MOST_BYTES = 1024 * 1024;
/** From the restart of Cisco Tftp to the file. */
const SERVED_MS = 60_000;

export interface CtlGoal {
  /** What every TFTP node has to list as SAST. */
  readonly listed: readonly Certificate[];
  /** What none may list as SAST. */
  readonly absent: readonly Certificate[];
  /** What may come into Phone-SAST-trust beside it before the renewal, and will then be listed too. */
  readonly brought?: readonly Certificate[];
}

/** The CTL of one TFTP node, and in what it differs from the goal. */
export interface NodeCtl {
  readonly node: ClusterNode;
  /** null: it serves none, or no valid one. */
  readonly list: TrustList | null;
  /** SHA-256 of what it does not list; sentences for the rest. Empty: as wanted. */
  readonly pending: readonly string[];
}

export interface CtlReading {
  /** TFTP nodes, by name. */
  readonly ctls: readonly NodeCtl[];
  readonly unread: readonly { readonly node: ClusterNode; readonly error: ClusterError }[];
}

/** Asks every TFTP node; one that does not answer ends in `unread`. */
export async function readCtls(cluster: Cluster, goal: CtlGoal, op: Operation): Promise<CtlReading> {
  const ctls: NodeCtl[] = [];
  const unread: { node: ClusterNode; error: ClusterError }[] = [];
  const tftp = (await cluster.nodes(op)).filter((node) => node.tftp);
  await Promise.all(
    tftp.map(async (node) => {
      try {
        ctls.push(compare(node, await cluster.servedFile(node, FILE, op), goal));
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        unread.push({ node, error });
      }
    }),
  );
  const byName = (a: { node: ClusterNode }, b: { node: ClusterNode }) => (a.node.name < b.node.name ? -1 : 1);
  return { ctls: ctls.sort(byName), unread: unread.sort(byName) };
}

function compare(node: ClusterNode, bytes: Buffer | null, goal: CtlGoal): NodeCtl {
  const missing = goal.listed.map(({ sha256 }) => sha256).sort();
  if (bytes === null) return { node, list: null, pending: missing };
  let list: TrustList;
  try {
    list = parseTrustList(bytes, { maxBytes: MOST_BYTES });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { node, list: null, pending: [`its CTL is not valid: ${error.message}`] };
  }
  const key = findSigner(list)?.publicKey;
  if (key !== undefined && !verifyTrustList(list, key))
    return { node, list, pending: ["the signature of its CTL is wrong"] };
  const lists = new Set(
    list.records.filter(({ role }) => role === Role.SAST).map(({ certificate }) => certificate?.sha256),
  );
  const stale = goal.absent.filter(({ sha256 }) => lists.has(sha256)).map(({ sha256 }) => sha256);
  return {
    node,
    list,
    pending: [
      ...missing.filter((sha256) => !lists.has(sha256)),
      ...stale.sort().map((sha256) => `still lists ${sha256}`),
      ...tooLarge(list.bytes.length, list.records.filter(hasCertificate).length),
    ],
  };
}

const hasCertificate = ({ certificate }: TrustRecord) => certificate !== undefined;

/** A sentence, or none. */
function tooLarge(bytes: number, certificates: number): readonly string[] {
  if (bytes <= MAX_TRUST_LIST_BYTES && certificates <= MAX_TRUST_LIST_CERTIFICATES) return [];
  return [
    `has ${certificates} certificates and ${bytes} bytes; phones fail above ${MAX_TRUST_LIST_CERTIFICATES} certificates or ` +
      `${MAX_TRUST_LIST_BYTES} bytes`,
  ];
}

/**
 * What a renewal makes SAST without being asked to: it publishes all of the publisher's Phone-SAST-trust.
 *
 * @throws ClusterError
 */
export async function undeclaredSasts(
  cluster: Cluster,
  goal: CtlGoal,
  op: Operation,
): Promise<readonly StoreFile[]> {
  const publisher = (await cluster.nodes(op)).find(({ role }) => role === "publisher")!;
  const stored = await cluster.storeFiles(publisher, "Phone-SAST-trust", op);
  const brought = (goal.brought ?? []).map((certificate) => ({ file: certificate.commonName, certificate }));
  const known = new Set([...goal.listed, ...goal.absent].map(({ sha256 }) => sha256));
  return [...stored, ...brought].filter(({ certificate }) => {
    if (certificate === null) return true;
    const isNew = !known.has(certificate.sha256);
    known.add(certificate.sha256);
    return isNew;
  });
}

const isPending = ({ pending }: NodeCtl) => pending.length > 0;

/** One restart of a renewal. */
export interface CtlRestart {
  readonly node: ClusterNode;
  readonly service: ServiceName;
}

/**
 * CUCM orders a restart of Cisco Tftp and Cisco CallManager on all nodes that run them. On each node CallManager comes
 * first, and nodes without TFTP come before all others: a TFTP node that serves the new CTL then tells the run after
 * an interrupted one that this node is done, and a phone in service is not interrupted twice.
 */
export function ctlRestarts(nodes: readonly ClusterNode[], ctls: readonly NodeCtl[]): readonly CtlRestart[] {
  const left = ctls.filter(isPending).map(({ node }) => node);
  if (left.length === 0) return [];
  const begun = left.length < ctls.length;
  const others = begun ? [] : nodes.filter(({ tftp }) => !tftp);
  const of = (node: ClusterNode): CtlRestart[] => [
    ...(node.callManager ? [{ node, service: "Cisco CallManager" } as const] : []),
    ...(node.tftp ? [{ node, service: "Cisco Tftp" } as const] : []),
  ];
  return [...others, ...left].flatMap(of);
}

/** Those of a renewal that begins anew, as it does where the restarts that are left do not help. */
export const allRestarts = (nodes: readonly ClusterNode[], ctls: readonly NodeCtl[]): readonly CtlRestart[] =>
  ctlRestarts(
    nodes,
    ctls.map((one) => ({ ...one, pending: [""] })),
  );

/**
 * Whether the CTL of this cluster can be renewed by the CLI and will be fit for phones.
 *
 * @throws ClusterError kind "refused", with the way out.
 */
export async function refuseCtl(
  cluster: Cluster,
  ctls: readonly NodeCtl[],
  goal: CtlGoal,
  op: Operation,
): Promise<void> {
  const nodes = await cluster.nodes(op);
  const refused = (summary: string, detail: string) =>
    new ClusterError(cluster.name, null, summary, `${detail} ${WITHOUT}`, "refused");
  const version = await cluster.version(op);
  if (Number.parseInt(version, 10) < TOKENLESS_SINCE)
    throw refused(
      `The CTL of cluster "${cluster.name}" cannot be renewed by its CLI`,
      `It runs ${version}; a CTL without USB tokens came with 10.0(1), and before that only the CTL client renews one.`,
    );
  if ((await cluster.securityMode(op)) !== "mixed")
    throw refused(
      `Cluster "${cluster.name}" is not in mixed mode`,
      "Only in mixed mode is there a CTL that phones trust. Set it with utils ctl set-cluster mixed-mode.",
    );
  if (ctls.length === 0)
    throw refused(
      `No node of cluster "${cluster.name}" runs TFTP`,
      "No phone can fetch a CTL here. Activate Cisco Tftp on a node.",
    );
  const publisher = nodes.find(({ role }) => role === "publisher")!;
  const own = await Promise.all(
    (["CallManager", "ITLRecovery"] as const).map((unit) => cluster.identityCertificate(publisher, unit, op)),
  );
  const undeclared = await undeclaredSasts(cluster, goal, op);
  for (const { node, list } of ctls) {
    if (list === null) continue;
    if (!own.some((certificate) => certificate !== null && isSigner(list.signer, certificate)))
      throw refused(
        `The CTL of cluster "${cluster.name}" is not signed by its publisher`,
        `${node.address} serves one that ${list.signer.name} (serial ${list.signer.serial}) signed, which is neither ` +
          `CallManager nor ITLRecovery of ${publisher.address} now. A USB token is renewed with the CTL client; a CTL from ` +
          "before a certificate was regenerated has to be renewed by hand, and phones have to fetch it, before phones can " +
          "be expected to take another.",
      );
    const [problem] = tooLarge(...sizeAfter(list, goal, undeclared));
    if (problem !== undefined)
      throw refused(
        `The CTL of cluster "${cluster.name}" would be too large for phones`,
        `A renewal lists all of Phone-SAST-trust of ${publisher.name} (${some(goal.listed.length)} declared here, ${undeclared.length} not). ` +
          `The one that ${node.address} serves then ${problem}. Delete from Phone-SAST-trust what nothing uses any more.`,
      );
  }
}

const WITHOUT = "Or leave the CTL as it is (update_ctl = false): phones then ask TVS.";

const some = (count: number) => `${count} certificate${count === 1 ? "" : "s"}`;

/** Bytes and certificates of a list when it has been renewed. */
function sizeAfter(list: TrustList, goal: CtlGoal, undeclared: readonly StoreFile[]): [number, number] {
  const kept = list.records.filter((record) => !goal.absent.some(({ sha256 }) => isSast(record, sha256)));
  const added = [...goal.listed, ...undeclared.flatMap(({ certificate }) => certificate ?? [])].filter(
    (certificate) => !listsSast(list, certificate),
  );
  const unreadable = undeclared.filter(({ certificate }) => certificate === null).length;
  const gone = list.records.filter((record) => !kept.includes(record));
  return [
    list.bytes.length +
      added.reduce((sum, one) => sum + recordLength(one), 0) -
      gone.reduce((sum, { length }) => sum + length, 0),
    kept.filter(hasCertificate).length + added.length + unreadable,
  ];
}

/** Whether a list has this certificate as SAST. */
export const listsSast = (list: TrustList, { sha256 }: Certificate) =>
  list.records.some((record) => isSast(record, sha256));

const isSast = ({ role, certificate }: TrustRecord, sha256: string) =>
  role === Role.SAST && certificate?.sha256 === sha256;

/**
 * What a renewal will need, before anything is written: every TFTP node answers, it is not refused, and Control Center
 * takes the restarts. Asks for nothing when the CTL is as wanted.
 *
 * @throws ClusterError
 */
export async function requireCtlUpdate(cluster: Cluster, goal: CtlGoal, op: Operation): Promise<void> {
  const ctls = await everyCtl(cluster, goal, op);
  if (!ctls.some(isPending)) {
    if (ctls.length === 0 && goal.listed.length > 0) await refuseCtl(cluster, ctls, goal, op);
    return;
  }
  await refuseCtl(cluster, ctls, goal, op);
  await checkRestarts(cluster, allRestarts(await cluster.nodes(op), ctls), op);
}

/** @throws ClusterError of the first node whose Control Center would not take the order. */
export async function checkRestarts(
  cluster: Cluster,
  restarts: readonly CtlRestart[],
  op: Operation,
): Promise<void> {
  await Promise.all(restarts.map(({ node, service }) => cluster.checkRestart(node, service, op)));
}

/**
 * Renews the CTL unless it is as wanted, restarts what has to be restarted, one after the other, and returns when
 * every TFTP node serves what is wanted. Where an earlier run has come as far as some TFTP nodes, only the others are
 * restarted, and all of them only if that does not help ({@link allRestarts}): the plan has to announce both.
 *
 * @throws ClusterError
 */
export async function renewCtl(cluster: Cluster, goal: CtlGoal, op: Operation): Promise<void> {
  const before = await everyCtl(cluster, goal, op);
  if (!before.some(isPending)) return;
  const nodes = await cluster.nodes(op);
  if (!before.every(isPending)) {
    await restart(cluster, ctlRestarts(nodes, before), op);
    if (!(await awaitServed(cluster, goal, op)).some(isPending)) return;
  }
  op.progress?.(`${cluster.name}: utils ctl update CTLFile on the publisher`);
  const said = await cluster.updateCtl(op);
  if (isCtlRefusal(said)) throw refusedByCli(cluster, nodes, said);
  await restart(cluster, allRestarts(nodes, before), op);
  const after = await awaitServed(cluster, goal, op);
  if (!after.some(isPending)) return;
  throw new ClusterError(
    cluster.name,
    null,
    `The CTL of cluster "${cluster.name}" was renewed and is not as wanted`,
    `${after
      .filter(isPending)
      .map(({ node, pending }) => `${node.name}: ${pending.join(", ")}`)
      .join("; ")}. ` +
      `The CLI answered: ${said || "(nothing)"}. A SHA-256 alone is of a certificate that is not listed as SAST. Look at show ctl: ` +
      "that an update lists what is in Phone-SAST-trust is documented for 12.5, and assumed for other releases. " +
      `What was restarted is restarted again by the next deploy. ${WITHOUT}`,
    "answer",
  );
}

/** A restart interrupts calls: not for nothing. */
function refusedByCli(cluster: Cluster, nodes: readonly ClusterNode[], said: string): ClusterError {
  const { address } = nodes.find(({ role }) => role === "publisher")!;
  return new ClusterError(
    cluster.name,
    address,
    `The CLI of cluster "${cluster.name}" refuses to renew the CTL`,
    `${address} answered to utils ctl update CTLFile: ${said}. Nothing was restarted for it. Where this is about a licence or ` +
      "about export: mixed mode needs a registration with Cisco that allows export-controlled functionality; " +
      `Cisco Unified CM Administration shows it under License Management. Deploy again when the cluster has it. ${WITHOUT}`,
    "refused",
  );
}

async function restart(cluster: Cluster, restarts: readonly CtlRestart[], op: Operation): Promise<void> {
  for (const { node, service } of restarts) {
    op.progress?.(`${cluster.name}: restarting ${service} on ${node.name}`);
    await cluster.restartService(node, service, op);
  }
}

async function everyCtl(cluster: Cluster, goal: CtlGoal, op: Operation): Promise<readonly NodeCtl[]> {
  const { ctls, unread } = await readCtls(cluster, goal, op);
  if (unread.length > 0) throw unread[0]!.error;
  return ctls;
}

/** What is served once it is as wanted, or after a minute. A node that was restarted may be silent for a moment. */
async function awaitServed(cluster: Cluster, goal: CtlGoal, op: Operation): Promise<readonly NodeCtl[]> {
  const deadline = Date.now() + Math.min(SERVED_MS, cluster.replicationTimeout * 1000);
  for (;;) {
    const { ctls, unread } = await readCtls(cluster, goal, op);
    const done = unread.length === 0 && !ctls.some(isPending);
    if (!done && Date.now() < deadline) {
      await sleep(500, undefined, { signal: op.signal });
      continue;
    }
    if (unread.length > 0) throw unread[0]!.error;
    return ctls;
  }
}
