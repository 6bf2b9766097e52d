import { DiagnosticError } from "../framework/diagnostic";
import { UNKNOWN, type Unknown } from "../framework/schema/value";

/**
 * Nothing is ever replaced: a resource that would be destroyed and made anew could move phones.
 *
 * @param lettingGo how to be rid of the old one
 * @throws DiagnosticError when an argument that names the object has changed.
 */
export function identityChanged(
  attribute: string,
  prior: string,
  configured: string | Unknown,
  lettingGo = "Remove this one when nothing depends on it any more.",
): void {
  if (configured === UNKNOWN || configured === prior) return;
  throw new DiagnosticError(
    `${attribute} cannot change`,
    `It was "${prior}" and is now "${configured}", which is another object, and nothing is ever destroyed and made anew here. ` +
      `Keep the old name, or declare the new one as a resource of its own. ${lettingGo}`,
    [{ attribute }],
  );
}
