import type { Json } from "../../framework/schema/value";
import { mayReboot } from "../move";
import type { Failure, Located, Side } from "../phones";

/** The resource's private data: what the last deploy left undone, and knew of. */
export interface Memory {
  /** The phones whose failure the last deploy accepted, and where they were then; a further one is drift. */
  readonly accepted: Accepted;
  /** A move that failed and has to go on, on the same conditions. */
  readonly unfinished: boolean;
  /** Phones that were registered nowhere when RIS was read last, and were not rebooting. */
  readonly nowhere: readonly string[];
}
export const memory = (seen: Json): Memory => ({
  accepted: {},
  unfinished: false,
  nowhere: [],
  ...(seen as Partial<Memory> | null),
});
export const remember = ({ accepted, unfinished, nowhere }: Memory): Json => ({
  accepted,
  unfinished,
  nowhere,
});

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

const sideOf = (phones: readonly Located[], name: string): Side | null =>
  phones.find((p) => p.name === name)?.side ?? null;
