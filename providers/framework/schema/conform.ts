import { arrayOrNull, identity, isObject, member } from "./equality";
import { canonicalNumber, isNumberValue, nearestNumber } from "./number";
import { attributeOf, indexOf, keyOf } from "./path";
import { type AttributePath, BigDecimal, type CtyType, DynamicValue, UNKNOWN, type Value } from "./value";

/** A rule that a value breaks, and where. */
export interface Problem {
  readonly path: AttributePath;
  readonly message: string;
}

/**
 * What a hook returned, as a value of the type: every attribute present, nothing else, nothing of another type.
 * Each deviation is reported and replaced by null. Text is normalised (NFC) as core does it, a set's duplicates
 * go, and a number that the hook passed on from one of the `known` values becomes exact again.
 */
export function conform(
  type: CtyType,
  value: unknown,
  report: (problem: Problem) => void,
  known: readonly Value[] = [],
  path: AttributePath = [],
): Value {
  const wrong = (expected: string): null => {
    report({ path, message: `must be ${expected}, and is ${nameOf(value)}` });
    return null;
  };
  if (value === undefined) {
    report({ path, message: "is missing (an attribute without value is null, never left out)" });
    return null;
  }
  if (value === null || value === UNKNOWN) return value;

  if (type === "string") return typeof value === "string" ? value.normalize("NFC") : wrong("a string");
  if (type === "bool") return typeof value === "boolean" ? value : wrong("true or false");
  if (type === "number") return conformNumber(value, known) ?? wrong("a finite number");
  if (type === "dynamic") {
    if (!(value instanceof DynamicValue)) return wrong("a DynamicValue");
    return value.type === "dynamic"
      ? value
      : new DynamicValue(value.type, conform(value.type, value.value, report, [], path));
  }

  if (type[0] === "object") {
    if (!isObject(value)) return wrong("an object");
    for (const name of Object.keys(value))
      if (!Object.hasOwn(type[1], name))
        report({ path: attributeOf(path, name), message: "is no attribute of the schema" });
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, t]) => {
        const inner = Object.hasOwn(value, name) ? value[name] : undefined;
        return [name, conform(t, inner, report, membersOf(known, name), attributeOf(path, name))];
      }),
    );
  }
  if (type[0] === "map") {
    if (!isObject(value)) return wrong("a map (a plain object)");
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [
        k,
        conform(type[1], v, report, membersOf(known, k), keyOf(path, k)),
      ]),
    );
  }
  if (!Array.isArray(value)) return wrong("an array");
  if (type[0] === "tuple") {
    if (value.length !== type[1].length) return wrong(`an array of ${type[1].length}`);
    return value.map((v, i) => conform(type[1][i]!, v, report, itemsOf(known, i), indexOf(path, i)));
  }
  if (type[0] === "list")
    return value.map((v, i) => conform(type[1], v, report, itemsOf(known, i), indexOf(path, i)));
  const everyItem = known.flatMap((k) => arrayOrNull(k) ?? []);
  const items = value.map((v, i): Value => conform(type[1], v, report, everyItem, indexOf(path, i)));
  return [...new Map(items.map((v): [string, Value] => [identity(type[1], v), v])).values()];
}

function conformNumber(value: unknown, known: readonly Value[]): Value | undefined {
  if (typeof value === "bigint" || value instanceof BigDecimal) return value;
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const exact = known.find((k) => isNumberValue(k) && nearestNumber(k) === value);
  if (exact !== undefined && canonicalNumber(exact as number) !== canonicalNumber(value)) return exact;
  return Object.is(value, -0) ? 0 : value;
}

const membersOf = (known: readonly Value[], name: string): Value[] =>
  known.flatMap((k) => (isObject(k) ? [member(k, name)] : []));
const itemsOf = (known: readonly Value[], index: number): Value[] =>
  known.flatMap((k) => (Array.isArray(k) && index < k.length ? [k[index] as Value] : []));

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number")
    return Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? "a number" : "infinite";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return isObject(value) ? "an object" : `an instance of ${value.constructor?.name ?? "a class"}`;
}
