import { DiagnosticError } from "../../framework/diagnostic";
import { UNKNOWN, type Unknown } from "../../framework/schema/value";

/** Sentences, each with whether it holds; null where that could not be found out. */
export type GoIf = { readonly [sentence: string]: boolean | null | Unknown } | null | Unknown;

/**
 * Checked by the resource that moves, and only when it moves. Unknown sentences pass: core plans again at apply,
 * when they are known.
 * @throws DiagnosticError that names the sentences that do not hold.
 */
export function requireGo(goIf: GoIf, what: string): void {
  if (goIf === null || goIf === UNKNOWN) return;
  const failed = Object.entries(goIf).filter(([, holds]) => holds !== true && holds !== UNKNOWN);
  if (failed.length === 0) return;
  const sentences = failed.map(
    ([sentence, holds]) => `- ${sentence}: ${holds === null ? "not known" : "no"}`,
  );
  throw new DiagnosticError(
    `${what} must not move to the destination`,
    `What has to hold before it moves does not:\n${sentences.join("\n")}\nNothing was changed. Mend this and plan again; waves on their way back are not held up by it.`,
    [{ attribute: "go_if" }],
  );
}
