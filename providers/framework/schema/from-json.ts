import type { Problem } from "./conform";
import { type NumberValue, parseNumber } from "./number";
import { attributeOf, indexOf, keyOf } from "./path";
import { typeFromJson } from "./type-from-json";
import { type AttributePath, type CtyType, DynamicValue, type Json, type Value } from "./value";

/**
 * A stored state (JSON) as a value of the type: keys that the type lacks are dropped, missing ones become null,
 * and primitives are converted where Terraform would convert them. What does not fit is reported and null.
 */
export function fromJson(
  type: CtyType,
  json: Json | undefined,
  report: (problem: Problem) => void,
  path: AttributePath = [],
): Value {
  if (json === null || json === undefined) return null;
  const wrong = (expected: string): null => {
    const found = Array.isArray(json)
      ? "an array"
      : typeof json === "object"
        ? "an object"
        : `a ${typeof json}`;
    report({ path, message: `must be ${expected}, and is ${found}` });
    return null;
  };
  if (type === "string") return typeof json === "object" ? wrong("a string") : String(json);
  if (type === "number") return numberFrom(json) ?? wrong("a number");
  if (type === "bool") return BOOLS.get(json) ?? wrong("true or false");
  if (type === "dynamic")
    return dynamicFrom(json, report, path) ?? wrong('an object {"type", "value"} with a type of Terraform');

  if (type[0] === "object" || type[0] === "map") {
    if (!isJsonObject(json)) return wrong("an object");
    if (type[0] === "map")
      return Object.fromEntries(
        Object.entries(json).map(([k, v]) => [k, fromJson(type[1], v, report, keyOf(path, k))]),
      );
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, t]) => {
        const inner = Object.hasOwn(json, name) ? json[name] : null;
        return [name, fromJson(t, inner, report, attributeOf(path, name))];
      }),
    );
  }
  if (!Array.isArray(json)) return wrong("an array");
  if (type[0] === "tuple")
    return type[1].map((t, i) => fromJson(t, (json as Json[])[i], report, indexOf(path, i)));
  return (json as Json[]).map((v, i) => fromJson(type[1], v, report, indexOf(path, i)));
}

export const isJsonObject = (json: Json | undefined): json is { readonly [name: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const BOOLS = new Map<Json, boolean>([
  [true, true],
  [false, false],
  ["true", true],
  ["false", false],
]);

function numberFrom(json: Json): NumberValue | undefined {
  if (typeof json === "number") return json;
  return typeof json === "string" ? parseNumber(json) : undefined;
}

function dynamicFrom(json: Json, report: (problem: Problem) => void, path: AttributePath): Value | undefined {
  if (!isJsonObject(json) || !Object.hasOwn(json, "type") || !Object.hasOwn(json, "value")) return undefined;
  const type = typeFromJson(json.type);
  return type && new DynamicValue(type, fromJson(type, json.value, report, path));
}
