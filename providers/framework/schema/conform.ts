import { distinct, isObject } from "./equality";
import { exactNumbers, type Restore, valueAt } from "./exact-numbers";
import { isNumberValue } from "./number";
import { attributeOf, indexOf, keyOf } from "./path";
import { type AttributePath, type CtyType, DynamicValue, UNKNOWN, type Value } from "./value";

/** A rule that a value breaks, and where. */
export interface Problem {
  readonly path: AttributePath;
  readonly message: string;
}

type Report = (problem: Problem) => void;

/**
 * What a hook returned, as a value of the type: every attribute present, nothing else, nothing of another type.
 * Each deviation is reported and replaced by null. Text is normalised (NFC) as core does it, and a set's duplicates
 * go.
 *
 * Numbers: a hook is given a `number` for each, the nearest one for what no `number` holds (from 2^53 on, or more
 * than some 16 digits). It returns a `number`, or a `bigint` or `BigDecimal` for what has to be exact. A `number`
 * that was passed on from the `known` values, from wherever in them, becomes exact again; see {@link exactNumbers}.
 * So does the type of a null or unknown `attr.dynamic` that has one at the same place in the first of them with such.
 */
export function conform(type: CtyType, value: unknown, report: Report, known: readonly Value[] = []): Value {
  return conformAt(type, value, { report, restore: exactNumbers(known), known }, []);
}

interface How {
  readonly report: Report;
  readonly restore: Restore;
  readonly known: readonly Value[];
}

function conformAt(type: CtyType, value: unknown, how: How, path: AttributePath): Value {
  const { report } = how;
  const wrong = (expected: string): null => {
    report({ path, message: `must be ${expected}, and is ${nameOf(value)}` });
    return null;
  };
  if (value === undefined) {
    report({ path, message: "is missing (an attribute without value is null, never left out)" });
    return null;
  }
  if (value === null || value === UNKNOWN) return type === "dynamic" ? typed(value, how.known, path) : value;

  if (type === "string") return typeof value === "string" ? value.normalize("NFC") : wrong("a string");
  if (type === "bool") return typeof value === "boolean" ? value : wrong("true or false");
  if (type === "number") return conformNumber(value, how, path) ?? wrong("a finite number");
  if (type === "dynamic") {
    if (!(value instanceof DynamicValue)) return wrong("a DynamicValue");
    return value.type === "dynamic"
      ? value
      : new DynamicValue(value.type, conformAt(value.type, value.value, how, path));
  }

  if (type[0] === "object") {
    if (!isObject(value)) return wrong("an object");
    for (const name of Object.keys(value))
      if (!Object.hasOwn(type[1], name))
        report({ path: attributeOf(path, name), message: "is no attribute of the schema" });
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, t]) => {
        const inner = Object.hasOwn(value, name) ? value[name] : undefined;
        return [name, conformAt(t, inner, how, attributeOf(path, name))];
      }),
    );
  }
  if (type[0] === "map") {
    if (!isObject(value)) return wrong("a map (a plain object)");
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, conformAt(type[1], v, how, keyOf(path, k))]),
    );
  }
  if (!Array.isArray(value)) return wrong("an array");
  if (type[0] === "tuple") {
    if (value.length !== type[1].length) return wrong(`an array of ${type[1].length}`);
    return value.map((v, i) => conformAt(type[1][i]!, v, how, indexOf(path, i)));
  }
  const items = value.map((v, i): Value => conformAt(type[1], v, how, indexOf(path, i)));
  return type[0] === "list" ? items : distinct(type[1], items);
}

/**
 * A hook is shown a typed null or unknown without its type, and core compares with it. The first of the known values that
 * is one decides: where it has no type (nothing is configured any more), no later one gives it one.
 */
function typed(value: Value, known: readonly Value[], path: AttributePath): Value {
  const here = known.map((root) => valueAt(root, path));
  return here.find((v) => v === value || (v instanceof DynamicValue && v.value === value)) ?? value;
}

function conformNumber(value: unknown, { restore }: How, path: AttributePath): Value | undefined {
  if (typeof value !== "number") return isNumberValue(value) ? value : undefined;
  const exact = restore(value, path);
  // A hook is shown 1e400 as infinite.
  return typeof exact !== "number" || Number.isFinite(exact) ? exact : undefined;
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number")
    return Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? "a number" : "infinite";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return isObject(value) ? "an object" : `an instance of ${value.constructor?.name ?? "a class"}`;
}
