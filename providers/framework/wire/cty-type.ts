import type { CtyType } from "../schema/value";
import { DecodeError } from "./decode-error";

/** How deep types and values may nest. Terraform itself has no use for more than a few levels. */
export const MAX_VALUE_DEPTH = 128;

const names = new WeakMap<object, readonly string[]>();

/** The names of an object type, sorted as Terraform itself writes them; worked out once for each type. */
export function sortedNames(attributes: { readonly [name: string]: CtyType }): readonly string[] {
  const before = names.get(attributes);
  if (before !== undefined) return before;
  const sorted = Object.keys(attributes).sort();
  names.set(attributes, sorted);
  return sorted;
}

/** Checks the JSON spelling of a type, as it comes with a value of the type `dynamic`. */
export function parseType(json: unknown, depth = 0): CtyType {
  if (depth > MAX_VALUE_DEPTH) throw new DecodeError(`type nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (json === "string" || json === "number" || json === "bool" || json === "dynamic") return json;
  if (Array.isArray(json)) {
    const [kind, of] = json as unknown[];
    if (kind === "list" || kind === "set" || kind === "map") return [kind, parseType(of, depth + 1)];
    if (kind === "tuple" && Array.isArray(of)) return [kind, of.map((type) => parseType(type, depth + 1))];
    if (kind === "object" && typeof of === "object" && of !== null && !Array.isArray(of)) {
      const attributes = Object.entries(of).map(([name, type]) => [name, parseType(type, depth + 1)]);
      return [kind, Object.fromEntries(attributes) as { [name: string]: CtyType }];
    }
  }
  throw new DecodeError("a type is not in the spelling that the protocol uses");
}

export function parseTypeJson(text: string): CtyType {
  try {
    return parseType(JSON.parse(text));
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError("the type of a dynamic value is not JSON");
  }
}
