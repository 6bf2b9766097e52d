/** How the phones of a wave are moved. Two clusters, nothing of Terraform. */
import { notFollowed } from "../../trust/not-followed";
import { sleep, unlimited } from "./cluster/budget";
import {
  type Cluster,
  ClusterError,
  isUnreachable,
  type Operation,
  type Registrations,
} from "./cluster/cluster";
import { type MissingLoad, missingInWords, missingLoads, notRunning } from "./firmware";
import {
  count,
  type Failure,
  failuresOn,
  hasFollowed,
  type Located,
  locate,
  located,
  type Side,
  type Sides,
} from "./phones";

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
  /** Phones that no move left away. One of them that is off and was seen on the destination last has followed. */
  readonly unharmed: ReadonlySet<string>;
  /** Whether a phone that is registered nowhere counts as one that failed; otherwise only who stays behind does. */
  readonly everyone: boolean;
  /** Whether the TVS log of the cluster that phones leave is asked why some do not. */
  readonly tvsLog: boolean;
  /** Asked before the first reset, and only if there is one; throws to refuse. */
  readonly confirm: () => void;
}

export interface Moved {
  readonly phones: readonly Located[];
  readonly failures: readonly Failure[];
  /** Those that had followed before and are off, and do not count. */
  readonly followed: ReadonlySet<string>;
  /** Phones that were where they are reset, and are registered nowhere now. */
  readonly lost: readonly string[];
}

/**
 * Brings every phone to `to`: resets, in batches and through AXL of the cluster where the phone is, those that are
 * on the other side, and watches RIS of both. A phone that is there already is left alone, so a run that was
 * interrupted goes on. A phone that is registered nowhere cannot be reset; it is waited for only while it may be
 * rebooting. On the way to the destination nobody is sent when too many cannot follow or did not: who registers and
 * then crashes looks like one that has followed and is off, so only who was off before may pass as such.
 */
export async function move(sides: Sides, m: Move, op: Operation): Promise<Moved> {
  const from: Side = m.to === "source" ? "destination" : "source";
  let phones = await afterReboots(sides, m, op);
  const { unknown, missing } = await lookAhead(sides, m.to, phones, op);
  const before = new Set(
    phones.filter((p) => m.unharmed.has(p.name) && !unknown.has(p.name) && hasFollowed(p)).map((p) => p.name),
  );
  const isAsBefore = (p: Located) => p.side === null && before.has(p.name);
  const toReset = phones.filter((p) => p.side === from && !unknown.has(p.name)).map((p) => p.name);
  const resettable = new Set(toReset);
  const refused = new Map<string, string>();
  const reset = new Set<string>();
  const tooMany = () => {
    const failed = phones.filter(
      (p) =>
        p.side !== m.to &&
        (reset.has(p.name) ||
          unknown.has(p.name) ||
          (m.everyone && !resettable.has(p.name) && !isAsBefore(p))),
    );
    return m.to === "destination" && failed.length > m.maxFailures;
  };
  if (toReset.length > 0) m.confirm();

  for (let i = 0; i < toReset.length && !tooMany(); i += m.batchSize) {
    // Who restarted while others moved may be there already: its scope serves the new side.
    const arrived = new Set(phones.filter((p) => p.side === m.to).map((p) => p.name));
    const batch = toReset.slice(i, i + m.batchSize).filter((name) => !arrived.has(name));
    if (batch.length === 0) continue;
    const marks = new Map(phones.map((p) => [p.name, p.reports[from]?.timestamp ?? 0]));
    op.progress?.(
      `phones: resetting ${batch.length}, batch ${i / m.batchSize + 1} of ${Math.ceil(toReset.length / m.batchSize)}`,
    );
    await resetAll(sides[from], batch, refused, op);
    for (const name of batch) reset.add(name);
    const sent = batch.filter((n) => !refused.has(n));
    phones = await watch(sides, { ...m, from, batch: sent, marks }, op);
  }

  const stayed = phones.filter((p) => p.side !== m.to && reset.has(p.name) && !refused.has(p.name));
  const denied =
    m.tvsLog && stayed.length > 0 ? await tvsRefusals(sides[from], op) : new Map<string, string>();
  const why = (name: string, place: string): string => {
    if (unknown.has(name))
      return `does not exist in the database of the ${m.to}, so it was not reset: ${place}`;
    if (refused.has(name)) return `its reset was refused (${refused.get(name)}): ${place}`;
    const load = missing.get(name);
    const hints = [denied.get(name), load && `${missingInWords(load)} of the ${m.to}`];
    if (reset.has(name))
      return notFollowed(
        m.to,
        hints.filter((hint) => hint !== undefined),
        place,
      );
    return resettable.has(name) ? `not reset, since too many of the wave do not follow: ${place}` : place;
  };
  const failures = failuresOn(m.to, phones).map(({ name, reason }) => ({ name, reason: why(name, reason) }));
  const followed = new Set(phones.filter(isAsBefore).map((p) => p.name));
  const lost = phones.filter((p) => p.side === null && resettable.has(p.name)).map((p) => p.name);
  return { phones, failures, followed, lost };
}

/** What can be known before the first reset. A phone that the other cluster does not know would only be stranded. */
async function lookAhead(sides: Sides, to: Side, phones: readonly Located[], op: Operation) {
  const open = phones.filter((p) => p.side !== to);
  const names = open.map((p) => p.name);
  const unknown =
    to === "destination"
      ? await unknownDevices(sides.destination, names, op)
      : await ifTold("which devices the source knows", new Set<string>(), op, () =>
          unknownDevices(sides.source, names, op),
        );
  const known = open.filter((p) => !unknown.has(p.name));
  const missing = to === "destination" ? await loadsToFetch(sides, known, op) : NONE;
  return { unknown, missing };
}

/** A cluster that does not tell it stops nobody. */
async function ifTold<T>(what: string, otherwise: T, op: Operation, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (op.signal.aborted || !(error instanceof ClusterError)) throw error;
    op.progress?.(`phones: ${what} is not known: ${error.summary}`);
    return otherwise;
  }
}

const NONE: ReadonlyMap<string, MissingLoad> = new Map();

/** Most phones keep the load that they have when there is no other. */
function loadsToFetch(
  sides: Sides,
  phones: readonly Located[],
  op: Operation,
): Promise<ReadonlyMap<string, MissingLoad>> {
  return ifTold("whether their firmware is on the destination", NONE, op, async () => {
    const loads = new Map(phones.map(({ name, reports }) => [name, reports.source?.activeLoad]));
    const missing = await missingLoads(sides.destination, [...loads.keys()], op);
    return notRunning(missing, (name) => loads.get(name));
  });
}

/** What TVS of each node last said that it does not know, by phone, in words. Nothing depends on it. */
async function tvsRefusals(cluster: Cluster, op: Operation): Promise<ReadonlyMap<string, string>> {
  const words = new Map<string, string>();
  try {
    const nodes = (await cluster.nodes(op)).filter((node) => node.tvs);
    const logs = await Promise.allSettled(
      nodes.map(async (node) => ({ node, refused: await cluster.tvsRefusals(node, op) })),
    );
    for (const log of logs) {
      if (log.status === "rejected") op.progress?.(`phones: TVS log not read: ${String(log.reason)}`);
      else
        for (const [name, { subject, serial }] of log.value.refused)
          if (!words.has(name))
            words.set(
              name,
              `by its log TVS of node ${log.value.node.name} did not vouch for ${subject}, serial ${serial}`,
            );
    }
  } catch (error) {
    op.progress?.(`phones: TVS logs not read: ${String(error)}`);
  }
  return words;
}

/** Seconds that a reset phone may be registered nowhere: it reboots, and asks for its files. */
const REBOOT = 120;

/** Registered nowhere, and not for long: it may be on its way. */
export function mayReboot({ side, reports }: Located): boolean {
  const last = Math.max(reports.source?.timestamp ?? 0, reports.destination?.timestamp ?? 0);
  return side === null && Date.now() < (last + REBOOT) * 1000;
}

/** An interrupted run leaves phones between the clusters: they are waited for, and decided about when they are back. */
async function afterReboots(sides: Sides, m: Move, op: Operation): Promise<Located[]> {
  // Where a cluster's clock is ahead, a phone that is off looks like a reboot for as long.
  const deadline = Date.now() + Math.min(m.timeout, REBOOT) * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const phones = await locateFor(m, sides, op);
    const away = Date.now() < deadline ? phones.filter((p) => mayReboot(p) && !m.givenUp.has(p.name)) : [];
    if (away.length === 0) return phones;
    op.progress?.(`phones: ${away.length} may be rebooting, waiting for them`);
    await sleep(pause, op.signal);
  }
}

export async function unknownDevices(
  cluster: Cluster,
  names: readonly string[],
  op: Operation,
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const existing = await cluster.existingPhones(names, op);
  return new Set(names.filter((name) => !existing.has(name)));
}

/** When one fails, those that still wait for their turn are not sent: nobody would watch them. */
async function resetAll(
  cluster: Cluster,
  names: readonly string[],
  refused: Map<string, string>,
  op: Operation,
): Promise<void> {
  const stop = new AbortController();
  const signal = unlimited(AbortSignal.any([op.signal, stop.signal]));
  const sent = names.map((name) =>
    resetOne(cluster, name, refused, { ...op, signal }).catch((error) => stop.abort(error)),
  );
  await Promise.all(sent);
  if (stop.signal.aborted) throw stop.signal.reason;
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
  let told = "";
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    // At once nothing can have happened yet.
    await sleep(pause, op.signal);
    const phones = await locateFor(w, sides, op);
    const open = phones.filter((p) => w.batch.includes(p.name) && p.side !== w.to);
    for (const p of open) {
      const isBack = p.side === w.from && (p.reports[w.from]?.timestamp ?? 0) > (w.marks.get(p.name) ?? 0);
      if (!isBack) backSince.delete(p.name);
      else if (!backSince.has(p.name)) backSince.set(p.name, Date.now());
    }
    const { source, destination, missing } = count(phones);
    const line = `phones: ${source} on the source, ${destination} on the destination, ${missing} registered nowhere`;
    if (line !== told) op.progress?.(line);
    told = line;
    const settled = (name: string) =>
      Date.now() - (backSince.get(name) ?? Number.POSITIVE_INFINITY) >= w.settleTime * 1000;
    if (open.every((p) => settled(p.name)) || Date.now() > deadline) return phones;
  }
}

/** Of a cluster that is gone, and does not matter. */
const NOBODY: Registrations = { phones: new Map(), silent: [] };

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
