import { importArguments, wrongId } from "../../rules/import-id";

/** `on_destroy` may be added. */
export const ID_FORM =
  '{"server":"kea","scope":{"subnet":"10.1.20.0/24"},"source_addresses":["10.10.0.12"],"destination_addresses":["10.20.0.12"]}';

export interface ImportedArguments {
  readonly server: string;
  readonly scope: { readonly subnet: string };
  /** null: inherited. */
  readonly source_addresses: readonly string[] | null;
  readonly destination_addresses: readonly string[];
  readonly on_destroy: "refuse" | "keep";
}

const ID_SHAPE = {
  required: { server: "string", scope: "object", destination_addresses: "array" },
  optional: { source_addresses: "array", on_destroy: "string" },
} as const;

/** The arguments in an import id. @throws DiagnosticError that shows the expected form. */
export function importedArguments(id: string): ImportedArguments {
  const form = `${ID_FORM} (source_addresses left out or null: inherited)`;
  const {
    server,
    scope,
    source_addresses = null,
    destination_addresses,
    on_destroy = "refuse",
  } = importArguments<Partial<ImportedArguments> & Omit<ImportedArguments, keyof typeof ID_SHAPE.optional>>(
    id,
    ID_SHAPE,
    form,
  );
  const wrong = (why: string) => wrongId(why, form);
  if (typeof scope.subnet !== "string") throw wrong('"scope" must have a "subnet"');
  if (source_addresses !== null && !isList(source_addresses))
    throw wrong('"source_addresses" must be a list of addresses or null');
  if (!isList(destination_addresses)) throw wrong('"destination_addresses" must be a list of addresses');
  if (on_destroy !== "refuse" && on_destroy !== "keep")
    throw wrong('"on_destroy" must be "refuse" or "keep"');
  return { server, scope: { subnet: scope.subnet }, source_addresses, destination_addresses, on_destroy };
}

const isList = (value: readonly unknown[]) => value.length > 0 && value.every((v) => typeof v === "string");
