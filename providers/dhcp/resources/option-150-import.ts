import { DiagnosticError } from "../../framework/diagnostic";

export const ID_FORM =
  '{"server":"kea","scope":{"subnet":"10.1.20.0/24"},"source_addresses":["10.10.0.12"],"destination_addresses":["10.20.0.12"]}';

export interface ImportedArguments {
  readonly server: string;
  readonly scope: { readonly subnet: string };
  /** null: inherited. */
  readonly source_addresses: readonly string[] | null;
  readonly destination_addresses: readonly string[];
}

/** The arguments in an import id. @throws DiagnosticError that shows the expected form. */
export function importedArguments(id: string): ImportedArguments {
  const wrong = (why: string) =>
    new DiagnosticError(
      "The import id is not of the documented form",
      `${why}. Expected: ${ID_FORM} (source_addresses left out or null: inherited)`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(id);
  } catch {
    throw wrong("It is not JSON");
  }
  if (!isRecord(parsed)) throw wrong("It is not a JSON object");
  const {
    server,
    scope,
    source_addresses: source = null,
    destination_addresses: destination,
    ...rest
  } = parsed;
  const stray = Object.keys(rest)[0];
  if (stray !== undefined) throw wrong(`"${stray}" is not expected`);
  if (typeof server !== "string" || server === "") throw wrong('"server" must be a name');
  if (!isRecord(scope) || typeof scope.subnet !== "string") throw wrong('"scope" must have a "subnet"');
  if (source !== null && !isList(source))
    throw wrong('"source_addresses" must be a list of addresses or null');
  if (!isList(destination)) throw wrong('"destination_addresses" must be a list of addresses');
  return {
    server,
    scope: { subnet: scope.subnet },
    source_addresses: source,
    destination_addresses: destination,
  };
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === "string");
