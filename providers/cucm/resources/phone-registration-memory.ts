import type { Json } from "../../framework/schema/value";
import { mayReboot } from "../move";
import { type Failure, hasFollowed, type Located, type Side } from "../phones";

/** The resource's private data: what the last deploy left undone, and knew of. */
export interface Memory {
  /** The phones whose failure the last deploy accepted, and where they were then; a further one is drift. */
  readonly accepted: Accepted;
  /** A move that failed and has to go on, on the same conditions. */
  readonly unfinished: boolean;
  /** Phones that were registered nowhere when RIS was read last, were not rebooting and had not followed. */
  readonly nowhere: readonly string[];
  /** Phones that a move to the destination lost, and that were not registered since: they count, wherever they were last. */
  readonly lost: readonly string[];
}
export const memory = (seen: Json): Memory => ({
  accepted: {},
  unfinished: false,
  nowhere: [],
  lost: [],
  ...(seen as Partial<Memory> | null),
});
/** @param wave as its state will say */
export function remember(wave: Wave, phones: readonly Located[], kept: Omit<Memory, "nowhere">): Json {
  const now = { ...kept, lost: stillLost(kept.lost, phones) };
  const passing = unharmed(wave, now);
  const { accepted, unfinished, lost } = now;
  return {
    accepted,
    unfinished,
    nowhere: nowhereOf(phones.filter((p) => !(passing.has(p.name) && hasFollowed(p)))),
    lost,
  };
}

interface Wave {
  readonly phones: readonly string[];
  readonly registered_on: Side;
}

/** By name: the side that it was registered on, null for none. */
type Accepted = { readonly [name: string]: Side | null };

export const acceptedOf = (failures: readonly Failure[], phones: readonly Located[]): Accepted =>
  Object.fromEntries(failures.map(({ name }) => [name, sideOf(phones, name)]));

/** A phone that was registered nowhere and is back on the wrong side has not been tried yet: that is drift. */
export const stillAccepted = (accepted: Accepted, phones: readonly Located[]): Accepted =>
  Object.fromEntries(
    Object.entries(accepted).filter(([name, side]) => side !== null || sideOf(phones, name) === null),
  );

export const nowhereOf = (phones: readonly Located[]): readonly string[] =>
  phones.filter((p) => p.side === null && !mayReboot(p)).map((p) => p.name);

const stillLost = (lost: readonly string[], phones: readonly Located[]): readonly string[] =>
  [...new Set(lost)].filter((name) => phones.some((p) => p.name === name && p.side === null)).sort();

/**
 * Phones that no move left away, as far as it is remembered: all that a finished deploy brought to the destination,
 * and those that were off already when one ended. A run that was killed remembers nothing, so that whoever is off
 * after it counts.
 */
export function unharmed(
  { phones, registered_on }: Wave,
  { accepted, unfinished, lost }: Omit<Memory, "nowhere">,
): ReadonlySet<string> {
  const off = Object.keys(accepted).filter((name) => accepted[name] === null);
  const all = registered_on === "destination" && !unfinished ? phones : off;
  return new Set(all.filter((name) => !lost.includes(name)));
}

const sideOf = (phones: readonly Located[], name: string): Side | null =>
  phones.find((p) => p.name === name)?.side ?? null;
