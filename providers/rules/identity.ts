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

/**
 * For the delete of what phones away rely on: core may be told to replace it (taint, `-replace`), and asks nobody.
 *
 * @throws DiagnosticError unless a destroy was planned.
 */
export function refuseReplacement(planned: boolean, what: string): void {
  if (planned) return;
  throw new DiagnosticError(
    `${what} must not be replaced`,
    "Destroying it and making it anew would leave phones without it in between. Nothing was changed. " +
      "Leave out -replace; if it is marked as tainted, clear that with: terraform untaint ADDRESS.",
  );
}
