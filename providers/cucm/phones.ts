/** Where the phones of a wave are, and how they are moved. Two clusters, nothing of Terraform. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Cluster,
  ClusterError,
  isUnreachable,
  type Operation,
  type PhoneRegistration,
  type Registrations,
} from "./cluster/cluster";

export type Side = "source" | "destination";
export type Sides = { readonly [side in Side]: Cluster };

export interface Located {
  readonly name: string;
  /** null: registered on neither. */
  readonly side: Side | null;
  /** The newest report of each side, where there is one. */
  readonly reports: { readonly [side in Side]?: PhoneRegistration };
  /** Nodes that were silent to RIS, where a phone that is registered nowhere may be all the same. */
  readonly unseenBy: readonly string[];
}

export interface Failure {
  readonly name: string;
  /** Why it is not where it should be. Carries no time, so that it does not change by itself. */
  readonly reason: string;
}

export const isRegistered = (r: PhoneRegistration | undefined): r is PhoneRegistration =>
  r?.status === "Registered" || r?.status === "PartiallyRegistered";

/** One question to RIS of each cluster. A phone that both report as registered is where the newer report says. */
export async function locate(sides: Sides, names: readonly string[], op: Operation): Promise<Located[]> {
  const [source, destination] = await Promise.all([
    sides.source.registrations(names, op),
    sides.destination.registrations(names, op),
  ]);
  return names.map((name) => located(name, source, destination));
}

/** Of a cluster that is gone, and does not matter. */
const NOBODY: Registrations = { phones: new Map(), silent: [] };

/** Where a phone is by the newest reports of both clusters. */
export function located(name: string, source: Registrations, destination: Registrations): Located {
  const reports = { source: source.phones.get(name), destination: destination.phones.get(name) };
  const registered = (["source", "destination"] as const)
    .filter((side) => isRegistered(reports[side]))
    .sort((a, b) => reports[b]!.timestamp - reports[a]!.timestamp);
  const side = registered[0] ?? null;
  return { name, side, reports, unseenBy: side === null ? [...source.silent, ...destination.silent] : [] };
}

/** On the way back a destination that is gone does not matter, once the source has every phone that is up. */
async function locateFor(
  { to, names, givenUp }: Pick<Move, "to" | "names" | "givenUp">,
  sides: Sides,
  op: Operation,
): Promise<Located[]> {
  try {
    return await locate(sides, names, op);
  } catch (error) {
    if (to !== "source" || !isUnreachable(error) || error.cluster !== sides.destination.name) throw error;
    const source = await sides.source.registrations(names, op);
    const phones = names.map((name) => located(name, source, NOBODY));
    if (phones.every((p) => p.side === "source" || givenUp.has(p.name))) return phones;
    throw error;
  }
}

export function count(phones: readonly Located[]) {
  const on = (side: Side | null) => phones.filter((p) => p.side === side).length;
  return { source: on("source"), destination: on("destination"), missing: on(null) };
}

/** The phones that are not on `side`, each with what the clusters report, sorted. */
export function failuresOn(side: Side, phones: readonly Located[]): Failure[] {
  return phones
    .filter((p) => p.side !== side)
    .map((p) => ({ name: p.name, reason: whereabouts(side, p) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function whereabouts(side: Side, { side: actual, reports, unseenBy }: Located): string {
  const refused =
    reports[side]?.status === "Rejected"
      ? `; the ${side} rejected it (reason ${reports[side]?.statusReason})`
      : "";
  if (actual !== null) return `still registered on the ${actual}, node ${reports[actual]!.node}${refused}`;
  if (unseenBy.length > 0)
    return `not to be found while RIS has no answer from ${unseenBy.join(", ")}, where it may be registered`;
  const last = reports.destination ?? reports.source;
  if (!last) return "registered nowhere; no cluster has seen it";
  return `registered nowhere; last seen on node ${last.node} as ${last.status} (reason ${last.statusReason})${refused}`;
}

export interface Move {
  readonly to: Side;
  readonly names: readonly string[];
  /** Phones that are reset at a time. */
  readonly batchSize: number;
  /** Seconds that a phone has to stay back on the side it was reset on before it counts as not following. */
  readonly settleTime: number;
  /** Seconds until what is not there counts as failed. */
  readonly timeout: number;
  /** Phones that may fail to follow before no further batch is reset. */
  readonly maxFailures: number;
  /** Phones that are known to be away: they are not waited for. */
  readonly givenUp: ReadonlySet<string>;
  /** Asked before the first reset, and only if there is one; throws to refuse. */
  readonly confirm: () => void;
}

export interface Moved {
  readonly phones: readonly Located[];
  readonly failures: readonly Failure[];
}

/**
 * Brings every phone to `to`: resets, in batches and through AXL of the cluster where the phone is, those that are
 * on the other side, and watches RIS of both. A phone that is there already is left alone, so a run that was
 * interrupted goes on. A phone that is registered nowhere cannot be reset; it is waited for only while it may be
 * rebooting.
 */
export async function move(sides: Sides, m: Move, op: Operation): Promise<Moved> {
  const from: Side = m.to === "source" ? "destination" : "source";
  let phones = await afterReboots(sides, m, op);
  const unknown = await unknownDevices(
    sides[m.to],
    phones.filter((p) => p.side !== m.to),
    op,
  );
  const toReset = phones.filter((p) => p.side === from && !unknown.has(p.name)).map((p) => p.name);
  const refused = new Map<string, string>();
  const reset = new Set<string>();
  if (toReset.length > 0) m.confirm();

  for (let i = 0; i < toReset.length; i += m.batchSize) {
    const batch = toReset.slice(i, i + m.batchSize);
    const marks = new Map(phones.map((p) => [p.name, p.reports[from]?.timestamp ?? 0]));
    await Promise.all(batch.map((name) => resetOne(sides[from], name, refused, op)));
    for (const name of batch) reset.add(name);
    const sent = batch.filter((n) => !refused.has(n));
    phones = await watch(sides, { ...m, from, batch: sent, marks }, op);
    // Nothing is left where it may be stuck; but nobody is sent after those who did not arrive.
    const lost = phones.filter((p) => reset.has(p.name) && p.side !== m.to).length;
    if (m.to === "destination" && lost > m.maxFailures) break;
  }

  const why = (name: string): string => {
    if (unknown.has(name)) return `does not exist in the database of the ${m.to}, so it was not reset: `;
    if (refused.has(name)) return `its reset was refused (${refused.get(name)}): `;
    if (reset.has(name)) return "did not follow the reset: ";
    return toReset.includes(name) ? "not reset, since too many before it did not follow: " : "";
  };
  const failures = failuresOn(m.to, phones).map(({ name, reason }) => ({
    name,
    reason: `${why(name)}${reason}`,
  }));
  return { phones, failures };
}

/** Seconds that a reset phone may be registered nowhere: it reboots, and asks for its files. */
const REBOOT = 120;

/** An interrupted run leaves phones between the clusters: they are waited for, and decided about when they are back. */
async function afterReboots(sides: Sides, m: Move, op: Operation): Promise<Located[]> {
  const deadline = Date.now() + m.timeout * 1000;
  const until = (p: Located) => {
    const last = Math.max(p.reports.source?.timestamp ?? 0, p.reports.destination?.timestamp ?? 0);
    return Math.min(deadline, (last + REBOOT) * 1000);
  };
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const phones = await locateFor(m, sides, op);
    const away = phones.filter((p) => p.side === null && !m.givenUp.has(p.name) && Date.now() < until(p));
    if (away.length === 0) return phones;
    op.progress?.(`phones: ${away.length} may be rebooting, waiting for them`);
    await sleep(pause, undefined, { signal: op.signal });
  }
}

/** A phone that the other cluster does not know would only be stranded. */
async function unknownDevices(
  cluster: Cluster,
  phones: readonly Located[],
  op: Operation,
): Promise<Set<string>> {
  const names = phones.map((p) => p.name);
  if (names.length === 0) return new Set();
  const existing = await cluster.existingPhones(names, op);
  return new Set(names.filter((name) => !existing.has(name)));
}

async function resetOne(
  cluster: Cluster,
  name: string,
  refused: Map<string, string>,
  op: Operation,
): Promise<void> {
  try {
    await cluster.resetPhone(name, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== "refused") throw error;
    refused.set(name, error.summary);
  }
}

interface Watch extends Move {
  readonly from: Side;
  readonly batch: readonly string[];
  /** The time stamp of each phone's last report before the reset: a newer one is a new registration. */
  readonly marks: ReadonlyMap<string, number>;
}

/** Milliseconds between two questions to RIS, which rations them. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

/** Until every phone of the batch is on the new side, or has settled back on the old one, or time is up. */
async function watch(sides: Sides, w: Watch, op: Operation): Promise<Located[]> {
  const deadline = Date.now() + w.timeout * 1000;
  const backSince = new Map<string, number>();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const phones = await locateFor(w, sides, op);
    const open = phones.filter((p) => w.batch.includes(p.name) && p.side !== w.to);
    for (const p of open) {
      const isBack = p.side === w.from && (p.reports[w.from]?.timestamp ?? 0) > (w.marks.get(p.name) ?? 0);
      if (!isBack) backSince.delete(p.name);
      else if (!backSince.has(p.name)) backSince.set(p.name, Date.now());
    }
    const { source, destination, missing } = count(phones);
    op.progress?.(
      `phones: ${source} on the source, ${destination} on the destination, ${missing} registered nowhere`,
    );
    const settled = (name: string) =>
      Date.now() - (backSince.get(name) ?? Number.POSITIVE_INFINITY) >= w.settleTime * 1000;
    if (open.every((p) => settled(p.name)) || Date.now() > deadline) return phones;
    await sleep(pause, undefined, { signal: op.signal });
  }
}
