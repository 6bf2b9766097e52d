import { DiagnosticError } from "../framework/diagnostic";

type Kind = "string" | "object" | "array";

/** Import ids carry the arguments as JSON. @throws DiagnosticError that shows the expected form. */
export function importArguments<T>(id: string, shape: { readonly [K in keyof T]: Kind }, form: string): T {
  const wrong = (why: string) =>
    new DiagnosticError("The import id is not of the documented form", `${why}. Expected: ${form}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(id);
  } catch {
    throw wrong("It is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw wrong("It is not a JSON object");
  for (const [name, kind] of Object.entries(shape)) {
    const value = (parsed as { [name: string]: unknown })[name];
    const actual = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
    if (actual !== kind) throw wrong(`"${name}" must be of kind ${kind}, not ${actual}`);
  }
  return parsed as T;
}
