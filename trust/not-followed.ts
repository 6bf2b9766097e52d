/** How a deploy says of a phone that it was reset and did not arrive; who reads the state finds it by these words. */
type End = "source" | "destination";

const RESET: { readonly [to in End]: string } = {
  destination: "did not follow the reset",
  source: "did not come back after its reset",
};
const LAST: { readonly [to in End]: string } = {
  destination: "did not follow at the last deploy",
  source: "did not come back at the last deploy",
};

/** @param hints what else was found, in words; @param whereabouts where it is instead */
export const notFollowed = (to: End, hints: readonly string[], whereabouts: string): string =>
  `${RESET[to]}${hints.length === 0 ? "" : ` (${hints.join("; ")})`}: ${whereabouts}`;

/**
 * What a reason in the state says of the last deploy: evidence of how the phone behaves that no cluster shows.
 *
 * @param to where the deploy sent the phones
 * @returns null when that phone was not reset then, or is there for another reason
 */
export const atLastDeploy = (reason: string, to: End): string | null =>
  reason.startsWith(RESET[to]) ? `${LAST[to]}${reason.slice(RESET[to].length)}` : null;
