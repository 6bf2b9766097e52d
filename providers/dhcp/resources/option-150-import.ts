import { importArguments, importHint, wrongId } from "../../rules/import-id";
import { type ScopeArguments, scopeAttributes, scopeProblem } from "./option-150-scope";

/** `on_destroy` may be added; `scope` has the members of the attribute. */
export const ID_FORM =
  '{"server":"kea","scope":{"subnet":"10.1.20.0/24"},"source_addresses":["10.10.0.12"],"destination_addresses":["10.20.0.12"]}';

export interface ImportedArguments {
  readonly server: string;
  readonly scope: ScopeArguments;
  /** null: inherited. */
  readonly source_addresses: readonly string[] | null;
  readonly destination_addresses: readonly string[];
  readonly on_destroy: "refuse" | "keep";
}

const ID_SHAPE = {
  required: { server: "string", scope: "object", destination_addresses: "array" },
  optional: { source_addresses: "array", on_destroy: "string" },
} as const;
export const ID_HINT = importHint(ID_SHAPE, ID_FORM);

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
  const place = scopeArguments({ ...scope }, wrong);
  if (source_addresses !== null && !isList(source_addresses))
    throw wrong('"source_addresses" must be a list of addresses or null');
  if (!isList(destination_addresses)) throw wrong('"destination_addresses" must be a list of addresses');
  if (on_destroy !== "refuse" && on_destroy !== "keep")
    throw wrong('"on_destroy" must be "refuse" or "keep"');
  return { server, scope: place, source_addresses, destination_addresses, on_destroy };
}

/** The same rules as in a configuration: core validates no import. */
function scopeArguments(
  given: { readonly [name: string]: unknown },
  wrong: (why: string) => Error,
): ScopeArguments {
  const stray = Object.keys(given).find((name) => !Object.hasOwn(scopeAttributes, name));
  if (stray !== undefined) throw wrong(`"${stray}" is not expected in "scope"`);
  const text = (name: Exclude<keyof ScopeArguments, "global">): string | null => {
    const value = given[name] ?? null;
    if (value === null) return null;
    if (typeof value !== "string") throw wrong(`"${name}" of "scope" must be a text`);
    const problem = scopeAttributes[name].options.validate?.map((rule) => rule(value)).find(Boolean);
    if (problem) throw wrong(`"${name}" of "scope": ${withoutStop(problem)}`);
    return value;
  };
  const global = given.global ?? null;
  if (global !== null && global !== true) throw wrong('"global" of "scope" can only be true');
  const place: ScopeArguments = {
    subnet: text("subnet"),
    pool: text("pool"),
    shared_network: text("shared_network"),
    global,
    phone: text("phone"),
  };
  const problem = scopeProblem(place);
  if (problem !== undefined) throw wrong(`"scope": ${withoutStop(problem)}`);
  return place;
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, "");

const isList = (value: readonly unknown[]) => value.length > 0 && value.every((v) => typeof v === "string");
