import { MAX_DEPTH, typeFromJson } from "../schema/type-from-json";
import type { CtyType } from "../schema/value";
import { DecodeError } from "./decode-error";

/** Values nest no deeper than types. */
export const MAX_VALUE_DEPTH = MAX_DEPTH;

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
export function parseType(json: unknown): CtyType {
  const type = typeFromJson(json);
  if (type === undefined) throw new DecodeError("a type is not in the spelling that the protocol uses");
  return type;
}

export function parseTypeJson(text: string): CtyType {
  try {
    return parseType(JSON.parse(text));
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError("the type of a dynamic value is not JSON");
  }
}
