import type { Schema } from "./attribute";
import { arrayOrNull, isNull, member, objectOrNull } from "./equality";
import { isNumberValue, nearestNumber } from "./number";
import { typeOfSchema } from "./schema-type";
import { type CtyType, DynamicValue, UNKNOWN, type Value } from "./value";

/** A whole object for a hook of the schema: typed as the hook declares it, since it has just that form. */
// biome-ignore lint/suspicious/noExplicitAny: the schema, and so ConfigOf, StateOf and PlanOf, are not known here
export const hookView = (schema: Schema, object: Value): any => toHook(typeOfSchema(schema), object);

/**
 * A value as hooks see it: a copy of their own (they may change it), every attribute of an object present, and
 * every number a `number`, and null or unknown without a type; `conform` says how they come back as they were.
 */
export function toHook(type: CtyType, value: Value): Value {
  if (value === null || value === UNKNOWN || value === undefined) return value ?? null;
  if (isNumberValue(value)) return nearestNumber(value);
  if (value instanceof DynamicValue) return isNull(value) || value.value === UNKNOWN ? value.value : value;
  if (typeof type === "string") return value;
  if (type[0] === "object") {
    const object = objectOrNull(value) ?? {};
    return Object.fromEntries(Object.entries(type[1]).map(([n, t]) => [n, toHook(t, member(object, n))]));
  }
  if (type[0] === "map") {
    const object = objectOrNull(value) ?? {};
    return Object.fromEntries(Object.entries(object).map(([k, v]) => [k, toHook(type[1], v)]));
  }
  const items = arrayOrNull(value) ?? [];
  if (type[0] === "tuple") return items.map((v, i) => toHook(type[1][i] ?? "dynamic", v));
  return items.map((v) => toHook(type[1], v));
}
