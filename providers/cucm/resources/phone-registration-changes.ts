/** What a plan changes of a wave. */
import { UNKNOWN, type Unknown } from "../../framework/schema/value";
import type { Failure, Side } from "../phones";

interface Prior {
  readonly phones: readonly string[];
  readonly registered_on: Side;
  readonly failed: readonly Failure[];
}

/** What differs from the state. Unknown phones may be new ones. */
export function changes(
  prior: Prior,
  phones: Unknown | readonly (string | Unknown)[],
  registeredOn: Side | Unknown,
) {
  const known = phones === UNKNOWN ? [] : phones;
  return {
    turned: registeredOn !== prior.registered_on,
    joined: phones === UNKNOWN || phones.some((p) => p === UNKNOWN || !prior.phones.includes(p)),
    left: known.includes(UNKNOWN) || phones === UNKNOWN ? [] : prior.phones.filter((p) => !known.includes(p)),
  };
}

/** Of the phones that are known, those that a move to the destination may reset. */
export function toMove(prior: Prior, phones: Unknown | readonly (string | Unknown)[]): readonly string[] {
  const all = phones === UNKNOWN ? [] : phones.filter((p) => p !== UNKNOWN);
  if (prior.registered_on === "source") return all;
  const failed = new Set(prior.failed.map((f) => f.name));
  const settled = new Set(prior.phones.filter((p) => !failed.has(p)));
  return all.filter((p) => !settled.has(p));
}
