import { isNumberValue, nearestNumber } from "./number";
import { type BigDecimal, type CtyType, DynamicValue, type Json, UNKNOWN, type Value } from "./value";

/** A value of an `attr.dynamic`, from JSON: arrays become tuples, as they do where HCL has no other type in mind. */
export const dynamicOf = (json: Json): DynamicValue => new DynamicValue(typeOfJson(json), json as Value);

function typeOfJson(json: Json): CtyType {
  if (json === null) return "dynamic";
  if (typeof json === "string") return "string";
  if (typeof json === "number") return "number";
  if (typeof json === "boolean") return "bool";
  if (Array.isArray(json)) return ["tuple", json.map(typeOfJson)];
  return [
    "object",
    Object.fromEntries(Object.entries(json).map(([name, value]) => [name, typeOfJson(value)])),
  ];
}

/** What an `attr.dynamic` holds, as JSON (numbers as the nearest `number`). Throws when a part of it is unknown. */
export function jsonOf(value: Value): Json {
  if (value === UNKNOWN) throw new TypeError("A value that is not known yet has no JSON.");
  if (value instanceof DynamicValue) return jsonOf(value.value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (isNumberValue(value)) return nearestNumber(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  return Object.fromEntries(
    Object.entries(value as Exclude<typeof value, BigDecimal>).map(([name, inner]) => [name, jsonOf(inner)]),
  );
}
