/** Where the phones of a wave are, and how they are moved. Two clusters, nothing of Terraform. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, ClusterError, type Operation, type PhoneRegistration } from "./cluster/cluster";

export type Side = "source" | "destination";
export type Sides = { readonly [side in Side]: Cluster };

export interface Located {
  readonly name: string;
  /** null: registered on neither. */
  readonly side: Side | null;
  /** The newest report of each side, where there is one. */
  readonly reports: { readonly [side in Side]?: PhoneRegistration };
}

export interface Failure {
  readonly name: string;
  /** Why it is not where it should be. Carries no time, so that it does not change by itself. */
  readonly reason: string;
}

const isRegistered = (r: PhoneRegistration | undefined) =>
  r?.status === "Registered" || r?.status === "PartiallyRegistered";

/** One question to RIS of each cluster. A phone that both report as registered is where the newer report says. */
export async function locate(sides: Sides, names: readonly string[], op: Operation): Promise<Located[]> {
  const [source, destination] = await Promise.all([
    sides.source.registrations(names, op),
    sides.destination.registrations(names, op),
  ]);
  return names.map((name) => {
    const reports = { source: source.get(name), destination: destination.get(name) };
    const registered = (["source", "destination"] as const)
      .filter((side) => isRegistered(reports[side]))
      .sort((a, b) => reports[b]!.timestamp - reports[a]!.timestamp);
    return { name, side: registered[0] ?? null, reports };
  });
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

function whereabouts(side: Side, { side: actual, reports }: Located): string {
  const refused =
    reports[side]?.status === "Rejected"
      ? `; the ${side} rejected it (reason ${reports[side]?.statusReason})`
      : "";
  if (actual !== null) return `still registered on the ${actual}, node ${reports[actual]!.node}${refused}`;
  const last = reports.destination ?? reports.source;
  if (!last) return "registered nowhere; no cluster has seen it";
  return `registered nowhere; last seen on node ${last.node} as ${last.status} (reason ${last.statusReason})${refused}`;
}

export interface Limits {
  /** Phones that are reset at a time. */
  readonly batchSize: number;
  /** Seconds that a phone has to stay back on the side it was reset on before it counts as not following. */
  readonly settleTime: number;
  /** Seconds until what is not there counts as failed. */
  readonly timeout: number;
}

export interface Moved {
  readonly phones: readonly Located[];
  readonly failures: readonly Failure[];
}

/**
 * Brings every phone to `to`: resets, in batches and through AXL of the cluster where the phone is, those that are
 * on the other side, and watches RIS of both. A phone that is there already is left alone, so a run that was
 * interrupted goes on. A phone that is registered nowhere cannot be reset; it is only waited for when others move.
 */
export async function move(
  sides: Sides,
  to: Side,
  names: readonly string[],
  limits: Limits,
  op: Operation,
): Promise<Moved> {
  const from: Side = to === "source" ? "destination" : "source";
  let phones = await locate(sides, names, op);
  const unknown = await unknownDevices(
    sides[to],
    phones.filter((p) => p.side !== to),
    op,
  );
  const toReset = phones.filter((p) => p.side === from && !unknown.has(p.name)).map((p) => p.name);
  const refused = new Map<string, string>();

  for (let i = 0; i < toReset.length; i += limits.batchSize) {
    const batch = toReset.slice(i, i + limits.batchSize);
    const marks = new Map(phones.map((p) => [p.name, p.reports[from]?.timestamp ?? 0]));
    await Promise.all(batch.map((name) => reset(sides[from], name, refused, op)));
    phones = await watch(
      sides,
      { to, from, names, batch: batch.filter((n) => !refused.has(n)), marks, limits },
      op,
    );
  }

  const failures = failuresOn(to, phones).map(({ name, reason }) => ({
    name,
    reason: unknown.has(name)
      ? `does not exist in the database of the ${to}; it was not reset`
      : (refused.get(name) ?? (toReset.includes(name) ? `did not follow the reset: ${reason}` : reason)),
  }));
  return { phones, failures };
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

async function reset(
  cluster: Cluster,
  name: string,
  refused: Map<string, string>,
  op: Operation,
): Promise<void> {
  try {
    await cluster.resetPhone(name, op);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== "refused") throw error;
    refused.set(name, `its reset was refused: ${error.summary}`);
  }
}

interface Watch {
  readonly to: Side;
  readonly from: Side;
  readonly names: readonly string[];
  readonly batch: readonly string[];
  /** The time stamp of each phone's last report before the reset: a newer one is a new registration. */
  readonly marks: ReadonlyMap<string, number>;
  readonly limits: Limits;
}

/** Until every phone of the batch is on the new side, or has settled back on the old one, or time is up. */
async function watch(sides: Sides, w: Watch, op: Operation): Promise<Located[]> {
  const deadline = Date.now() + w.limits.timeout * 1000;
  const backSince = new Map<string, number>();
  for (;;) {
    const phones = await locate(sides, w.names, op);
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
      Date.now() - (backSince.get(name) ?? Number.POSITIVE_INFINITY) >= w.limits.settleTime * 1000;
    if (open.every((p) => settled(p.name)) || Date.now() > deadline) return phones;
    await sleep(1000, undefined, { signal: op.signal });
  }
}
