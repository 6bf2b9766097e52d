import type { AttributePath } from "./schema/value";

/** What Terraform prints as `Error:` or `Warning:`. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** A title. Terraform merges warnings with equal summaries: name what it is about (a node, say) in it. */
  readonly summary: string;
  /** Why, and what to do. */
  readonly detail: string;
  readonly path?: AttributePath;
}

/**
 * Thrown by a hook to stop with one error diagnostic. An error of the provider's own domain that carries `summary`
 * and `detail` texts is treated the same; anything else that is thrown is reported as a provider bug.
 */
export class DiagnosticError extends Error {
  override readonly name = "DiagnosticError";
  constructor(
    readonly summary: string,
    readonly detail: string,
    readonly path?: AttributePath,
  ) {
    super(`${summary}: ${detail}`);
  }
}

/** The domain errors described at {@link DiagnosticError}. */
export function isExplained(
  thrown: unknown,
): thrown is Error & Pick<DiagnosticError, "summary" | "detail" | "path"> {
  return (
    thrown instanceof Error &&
    typeof (thrown as { summary?: unknown }).summary === "string" &&
    typeof (thrown as { detail?: unknown }).detail === "string"
  );
}
