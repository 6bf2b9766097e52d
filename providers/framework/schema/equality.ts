import { canonicalNumber, isNumberValue } from "./number";
import { type CtyType, DynamicValue, UNKNOWN, type Value } from "./value";

export type ObjectValue = { readonly [name: string]: Value };

/** An own property; `null` when the object has none. Map keys come from users: `toString` is one of them. */
export const member = (object: ObjectValue, name: string): Value =>
  Object.hasOwn(object, name) ? (object[name] as Value) : null;

// Asked for everything, everywhere.
const { getPrototypeOf, prototype: ordinary } = Object;
const { isArray } = Array;

export const isObject = (value: unknown): value is ObjectValue => {
  if (typeof value !== "object" || value === null || isArray(value)) return false;
  const prototype = getPrototypeOf(value);
  return prototype === ordinary || prototype === null || getPrototypeOf(prototype) === null;
};

/** The value as an object, or null when it is null, unknown or something else. */
export const objectOrNull = (value: Value): ObjectValue | null => (isObject(value) ? value : null);
export const arrayOrNull = (value: Value): readonly Value[] | null =>
  Array.isArray(value) ? (value as readonly Value[]) : null;

/** A null that has a type, as `tostring(null)` has in an `attr.dynamic`, is one too. */
export const isNull = (value: Value): boolean =>
  value === null || (value instanceof DynamicValue && value.value === null);

/** True when nothing inside is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (value instanceof DynamicValue) return isWhollyKnown(value.value);
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return isObject(value) ? Object.values(value).every(isWhollyKnown) : true;
}

/** Text that two values of a type share exactly when Terraform holds them for the same; sets have no order. */
export function identity(type: CtyType, value: Value): string {
  if (value === null) return "null";
  if (value === UNKNOWN) return "unknown";
  if (value instanceof DynamicValue)
    return `dynamic:${JSON.stringify(value.type)}:${identity(value.type, value.value)}`;
  if (isNumberValue(value)) return canonicalNumber(value);
  if (typeof type === "string") return JSON.stringify(value) ?? "undefined";
  if (type[0] === "object") {
    const object = objectOrNull(value) ?? {};
    const names = Object.keys(type[1]).sort();
    return `{${names.map((n) => `${JSON.stringify(n)}:${identity(type[1][n]!, member(object, n))}`).join()}}`;
  }
  if (type[0] === "map") {
    const object = objectOrNull(value) ?? {};
    const keys = Object.keys(object).sort();
    return `{${keys.map((k) => `${JSON.stringify(k)}:${identity(type[1], member(object, k))}`).join()}}`;
  }
  const items = arrayOrNull(value) ?? [];
  if (type[0] === "tuple") return `[${items.map((v, i) => identity(type[1][i] ?? "dynamic", v)).join()}]`;
  const texts = items.map((v) => identity(type[1], v));
  return `[${(type[0] === "set" ? texts.filter(eachOnce(texts, items)).sort() : texts).join()}]`;
}

/** A set's elements, each once. Those that are not wholly known may turn out to be several, and all stay. */
export const distinct = (element: CtyType, items: readonly Value[]): readonly Value[] =>
  items.filter(
    eachOnce(
      items.map((v) => identity(element, v)),
      items,
    ),
  );

function eachOnce(texts: readonly string[], items: readonly Value[]): (_: unknown, index: number) => boolean {
  const seen = new Set<string>();
  return (_, i) => {
    if (seen.has(texts[i]!)) return !isWhollyKnown(items[i]!);
    seen.add(texts[i]!);
    return true;
  };
}

/**
 * Equality as Terraform understands it: by type, numbers by value, sets without order. Unknown equals unknown, and a
 * set of two unknown elements no set of one.
 */
export function equal(type: CtyType, a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || a === UNKNOWN || b === UNKNOWN) return false;
  if (type === "string" || type === "bool") return false;
  if (typeof type !== "string" && isObject(a) && isObject(b)) {
    if (type[0] === "object")
      return Object.keys(type[1]).every((name) => equal(type[1][name]!, member(a, name), member(b, name)));
    if (type[0] === "map") {
      const keys = Object.keys(a);
      if (keys.length !== Object.keys(b).length) return false;
      return keys.every((key) => Object.hasOwn(b, key) && equal(type[1], member(a, key), member(b, key)));
    }
  }
  return identity(type, a) === identity(type, b);
}
