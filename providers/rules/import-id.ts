import { DiagnosticError } from "../framework/diagnostic";

type Kind = "string" | "boolean" | "object" | "array";

/** Which arguments an id carries; optional ones may be left out or null. */
export interface Shape {
  readonly required: { readonly [name: string]: Kind };
  readonly optional?: { readonly [name: string]: Kind };
}

/**
 * Import ids carry the arguments as JSON. Only the outermost kinds are checked here.
 * @throws DiagnosticError that shows the expected form.
 */
export function importArguments<T>(id: string, { required, optional = {} }: Shape, form: string): T {
  const wrong = (why: string) => wrongId(why, form);
  let parsed: unknown;
  try {
    parsed = JSON.parse(id);
  } catch {
    throw wrong("It is not JSON");
  }
  if (kindOf(parsed) !== "object") throw wrong("It is not a JSON object");
  const given = parsed as { readonly [name: string]: unknown };
  const stray = Object.keys(given).find(
    (name) => !Object.hasOwn(required, name) && !Object.hasOwn(optional, name),
  );
  if (stray !== undefined) throw wrong(`"${stray}" is not expected`);
  for (const [name, kind] of Object.entries({ ...optional, ...required })) {
    const actual = kindOf(given[name] ?? null);
    if (actual === kind || (actual === "null" && !Object.hasOwn(required, name))) continue;
    throw wrong(`"${name}" must be of kind ${kind}, not ${actual}`);
  }
  return given as T;
}

/** For the resource's page: what an id may have beside what the form shows, and who makes it. */
export function importHint({ optional = {} }: Shape, form: string): string {
  const names = Object.keys(optional)
    .filter((name) => !form.includes(`"${name}"`))
    .map((name) => `\`${name}\``);
  return [
    ...(names.length > 0 ? [`The identifier may also have ${names.join(", ")}.`] : []),
    "`npx phone-migration imports` prints what imports all that is declared and that the state lacks.",
  ].join(" ");
}

/** The error for an import id, for what only the resource can check. */
export const wrongId = (why: string, form: string) =>
  new DiagnosticError("The import id is not of the documented form", `${why}. Expected: ${form}`);

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
