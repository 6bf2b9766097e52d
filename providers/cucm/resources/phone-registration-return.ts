/** On what conditions phones that strayed are brought back to the destination. */
import { UNKNOWN } from "../../framework/schema/value";
import type { GoIf } from "../../rules/go-if";

/**
 * The sentence that asks for `within_limits` of the forecast. It is about those who are off, who are no reason against
 * a repair; the constructs write it, and know nothing of this file: a test holds them together.
 */
export const LIMITS_SENTENCE = "its limits allow for the phones that cannot follow";

/** The other sentences. */
export function forReturn(goIf: GoIf): GoIf {
  if (goIf === null || goIf === UNKNOWN) return goIf;
  return Object.fromEntries(Object.entries(goIf).filter(([sentence]) => sentence !== LIMITS_SENTENCE));
}
