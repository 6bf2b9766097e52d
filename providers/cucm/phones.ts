/** Where the phones of a wave are. Two clusters, nothing of Terraform. */

import type { Cluster, Operation, PhoneRegistration, Registrations } from "./cluster/cluster";
import { statusReason } from "./status-reason";

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

/** Where a phone is by the newest reports of both clusters. */
export function located(name: string, source: Registrations, destination: Registrations): Located {
  const reports = { source: source.phones.get(name), destination: destination.phones.get(name) };
  const registered = (["source", "destination"] as const)
    .filter((side) => isRegistered(reports[side]))
    .sort((a, b) => reports[b]!.timestamp - reports[a]!.timestamp);
  const side = registered[0] ?? null;
  return { name, side, reports, unseenBy: side === null ? [...source.silent, ...destination.silent] : [] };
}

/**
 * One that is off and was seen on the destination last has followed: it stops nothing of a wave that has moved. One
 * that was rejected there has not, and of one that may be registered where RIS is silent nothing is known.
 */
export const hasFollowed = ({ side, unseenBy, reports: { source, destination } }: Located): boolean =>
  side === null &&
  unseenBy.length === 0 &&
  destination !== undefined &&
  destination.status !== "Rejected" &&
  destination.timestamp > (source?.timestamp ?? 0);

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
      ? `; the ${side} rejected it (${statusReason(reports[side]!.statusReason)})`
      : "";
  if (actual !== null) return `still registered on the ${actual}, node ${reports[actual]!.node}${refused}`;
  if (unseenBy.length > 0)
    return `not to be found while RIS has no answer from ${unseenBy.join(", ")}, where it may be registered`;
  const last = reports.destination ?? reports.source;
  if (!last) return "registered nowhere; no cluster has seen it";
  return `registered nowhere; last seen on node ${last.node} as ${last.status} (${statusReason(last.statusReason)})${refused}`;
}
