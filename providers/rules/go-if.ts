import { DiagnosticError } from "../framework/diagnostic";
import { UNKNOWN, type Unknown } from "../framework/schema/value";

/** Sentences, each with whether it holds; null where it could not be read. */
export type GoIf = { readonly [sentence: string]: boolean | null | Unknown } | null | Unknown;

/** The sentences that do not hold, as a list for a message. Unknown ones pass: core plans again at apply. */
export function failedSentences(goIf: GoIf): readonly string[] {
  if (goIf === null || goIf === UNKNOWN) return [];
  return Object.entries(goIf)
    .filter(([, holds]) => holds !== UNKNOWN && holds !== true)
    .map(([sentence, holds]) => `- ${sentence}: ${holds === null ? "could not be read" : "no"}`);
}

/**
 * Checked by the resource that moves, and only when it moves.
 *
 * @param untouched what has not happened, as a sentence; by default nothing has
 * @throws DiagnosticError that names the sentences that do not hold.
 */
export function requireGo(goIf: GoIf, what: string, untouched = "Nothing was changed."): void {
  const failed = failedSentences(goIf);
  if (failed.length === 0) return;
  throw new DiagnosticError(
    `${what} must not move to the destination`,
    `What has to hold before it moves does not:\n${failed.join("\n")}\n${untouched} Mend this and plan again. If other waves have to go back meanwhile, declare this one on the source again.`,
    [{ attribute: "go_if" }],
  );
}
