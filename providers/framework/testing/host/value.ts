import { canonicalNumber, isNumberValue } from "../../schema/number";
import { attributeOf, indexOf, keyOf } from "../../schema/path";
import {
  type AttributePath,
  BigDecimal,
  type CtyType,
  DynamicValue,
  type Json,
  UNKNOWN,
  type Value,
} from "../../schema/value";
import type { Breach } from "./rule";

/** The host's own understanding of values, apart from that of the server which it judges. */

export type Members = { readonly [name: string]: Value };

export const isMembers = (value: unknown): value is Members =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof DynamicValue) &&
  !(value instanceof BigDecimal);

/** null for what is not there: map keys like `constructor` are ordinary keys. */
export const at = (value: Value | undefined, name: string): Value =>
  isMembers(value) && Object.hasOwn(value, name) ? value[name]! : null;

export const itemsOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

/** Types are equal when their spellings are, whatever the order of attributes. */
function sameType(a: CtyType, b: CtyType): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a[0] !== b[0]) return false;
  if (a[0] === "object" && b[0] === "object") {
    const [x, y] = [a[1], b[1]];
    const names = Object.keys(x);
    return (
      names.length === Object.keys(y).length &&
      names.every((n) => Object.hasOwn(y, n) && sameType(x[n]!, y[n]!))
    );
  }
  if (a[0] === "tuple" && b[0] === "tuple") {
    const [x, y] = [a[1], b[1]];
    return x.length === y.length && x.every((t, i) => sameType(t, y[i]!));
  }
  return sameType(a[1] as CtyType, b[1] as CtyType);
}

/** Whether core holds two values for the same one. Unknown is the same as unknown. */
export function same(type: CtyType, a: Value, b: Value): boolean {
  if (a === null || b === null || a === UNKNOWN || b === UNKNOWN) return a === b;
  if (type === "dynamic") {
    if (!(a instanceof DynamicValue) || !(b instanceof DynamicValue)) return false;
    return sameType(a.type, b.type) && same(a.type, a.value, b.value);
  }
  if (type === "number")
    return isNumberValue(a) && isNumberValue(b) && canonicalNumber(a) === canonicalNumber(b);
  if (typeof type === "string") return a === b;
  switch (type[0]) {
    case "object":
      return Object.entries(type[1]).every(([name, of]) => same(of, at(a, name), at(b, name)));
    case "map": {
      const keys = Object.keys(a);
      const theirs = Object.keys(b);
      return (
        keys.length === theirs.length &&
        keys.every((k) => Object.hasOwn(b as Members, k) && same(type[1], at(a, k), at(b, k)))
      );
    }
    case "set": {
      const [x, y] = [itemsOf(a), itemsOf(b)];
      const within = (v: Value, others: readonly Value[]) => others.some((o) => same(type[1], v, o));
      return (
        x.every((v) => within(v, y)) &&
        y.every((v) => within(v, x)) &&
        countOf(type[1], x) === countOf(type[1], y)
      );
    }
    default: {
      const [x, y] = [itemsOf(a), itemsOf(b)];
      return x.length === y.length && x.every((v, i) => same(elementType(type, i), v, y[i]!));
    }
  }
}

/** How many elements a set of these has: equal ones are one, and whatever is not wholly known is one of its own. */
export function countOf(element: CtyType, items: readonly Value[]): number {
  const distinct = items.filter(
    (v, i) =>
      unknownsIn(element, v).length > 0 || !items.slice(0, i).some((earlier) => same(element, earlier, v)),
  );
  return distinct.length;
}

/** The type at an index of a list, set or tuple, or at any key of a map. */
export const elementType = (type: CtyType, index = 0): CtyType => {
  if (type[0] === "tuple") return (type[1] as readonly CtyType[])[index] ?? "dynamic";
  return typeof type === "string" ? "dynamic" : (type[1] as CtyType);
};

/** Where a value is unknown. */
export function unknownsIn(type: CtyType, value: Value, path: AttributePath = []): AttributePath[] {
  if (value === UNKNOWN) return [path];
  if (value instanceof DynamicValue) return unknownsIn(value.type, value.value, path);
  if (Array.isArray(value))
    return value.flatMap((v: Value, i) => unknownsIn(elementType(type, i), v, indexOf(path, i)));
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([name, v]) =>
    type[0] === "object"
      ? unknownsIn((type[1] as ObjectTypes)[name] ?? "dynamic", v, attributeOf(path, name))
      : unknownsIn(elementType(type), v, keyOf(path, name)),
  );
}

type ObjectTypes = { readonly [name: string]: CtyType };

/** Where a value does not have its type. */
export function misfits(type: CtyType, value: Value | undefined, path: AttributePath = []): Breach[] {
  const misfit = (found: string): Breach[] => [{ rule: "type-conforms", path, found }];
  if (value === undefined) return misfit("is missing (what has no value is null)");
  if (value === null || value === UNKNOWN) return [];
  if (type === "dynamic") {
    if (!(value instanceof DynamicValue)) return misfit("is no dynamic value");
    return misfits(value.type, value.value, path);
  }
  if (type === "number") return isNumberValue(value) && !Number.isNaN(value) ? [] : misfit("is no number");
  if (type === "string" || type === "bool") {
    const wanted = type === "bool" ? "boolean" : "string";
    return typeof value === wanted ? [] : misfit(`is no ${wanted}`);
  }
  if (type[0] === "object" || type[0] === "map") {
    if (!isMembers(value)) return misfit(`is no ${type[0]}`);
    if (type[0] === "map")
      return Object.entries(value).flatMap(([k, v]) => misfits(type[1], v, keyOf(path, k)));
    const strangers = Object.keys(value).filter((name) => !Object.hasOwn(type[1], name));
    return [
      ...strangers.map((name): Breach => {
        return { rule: "type-conforms", path: attributeOf(path, name), found: "is not in the schema" };
      }),
      ...Object.entries(type[1]).flatMap(([name, of]) =>
        misfits(of, Object.hasOwn(value, name) ? value[name] : undefined, attributeOf(path, name)),
      ),
    ];
  }
  if (!Array.isArray(value)) return misfit(`is no ${type[0]}`);
  if (type[0] === "tuple" && value.length !== type[1].length) return misfit("has another length");
  return value.flatMap((v: Value, i) => misfits(elementType(type, i), v, indexOf(path, i)));
}

/** As core writes a value into a state file. Numbers that JavaScript would round are texts of their digits. */
export function stateJson(type: CtyType, value: Value): Json {
  if (value === null || value === UNKNOWN) return null;
  if (value instanceof DynamicValue)
    return { type: value.type as Json, value: stateJson(value.type, value.value) };
  if (value instanceof BigDecimal) return value.text;
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map((v: Value, i) => stateJson(elementType(type, i), v));
  if (!isMembers(value)) return value as Json;
  const of = (name: string): CtyType =>
    type[0] === "object" ? (type[1] as ObjectTypes)[name]! : elementType(type);
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, stateJson(of(name), v)]));
}

/** For tests to look at: big numbers as the nearest `number`, dynamic values as what is in them. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
export function plain(value: Value): any {
  if (value instanceof DynamicValue) return plain(value.value);
  if (value instanceof BigDecimal || typeof value === "bigint")
    return Number(value instanceof BigDecimal ? value.text : value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, plain(v)]));
}

/** A value for a message. */
export function show(value: Value | undefined): string {
  if (value === UNKNOWN) return "unknown";
  const text = JSON.stringify(plain(value ?? null), (_, v) => (v === UNKNOWN ? "(unknown)" : v));
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
