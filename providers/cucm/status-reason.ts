/**
 * RIS `StatusReason` in words. No document of RIS lists its numbers; these are what public programs call them
 * (docs/assumptions.md, "Status reasons").
 */
const WORDS: { readonly [reason: number]: string } = {
  6: "it cannot be reached",
  8: "it was reset",
  13: "it sends no keepalives",
  14: "its configuration is not that of the database",
  34: "it was switched off by hand",
};

export const statusReason = (reason: number): string =>
  Object.hasOwn(WORDS, reason) ? `reason ${reason}: ${WORDS[reason]}` : `reason ${reason}`;
