import { arrayOrNull, isObject, objectOrNull } from "./equality";
import { canonicalNumber, isNumberValue, type NumberValue, nearestNumber } from "./number";
import { type AttributePath, DynamicValue, type Value } from "./value";

/** What a `number` at a place of a hook's result stands for. */
export type Restore = (value: number, path: AttributePath) => NumberValue;

/**
 * Undoes the rounding of `hookView`: 9007199254740993 is given to a hook as 9007199254740992, and must come back as
 * what it was wherever the hook puts it (another attribute, another order of a list), or every plan would show a
 * change. So a `number` in the result stands for the number among `known` that is rounded to it. Where several are,
 * the one at the same place counts, in the first of `known` that has one there; else the first of all.
 */
export function exactNumbers(known: readonly Value[]): Restore {
  let byNearest: ReadonlyMap<number, readonly NumberValue[]> | undefined;
  return (value, path) => {
    // Most results hold no number at all.
    byNearest ??= inexact(known);
    const found = byNearest.get(value);
    if (found === undefined) return Object.is(value, -0) ? 0 : value;
    if (found.length === 1) return found[0]!;
    const here = known.map((root) => inside(valueAt(root, path)));
    return here.find((v): v is NumberValue => isNumberValue(v) && nearestNumber(v) === value) ?? found[0]!;
  };
}

/** Every number that shares its nearest `number` with one that is rounded to it, by that. */
function inexact(known: readonly Value[]): Map<number, readonly NumberValue[]> {
  const all = new Map<number, Map<string, NumberValue>>();
  for (const root of known)
    forEachNumber(root, (exact) => {
      const nearest = nearestNumber(exact);
      const same = all.get(nearest) ?? new Map<string, NumberValue>();
      const text = canonicalNumber(exact);
      if (!same.has(text)) all.set(nearest, same.set(text, exact));
    });
  const found = new Map<number, readonly NumberValue[]>();
  for (const [nearest, same] of all)
    if (same.size > 1 || !same.has(canonicalNumber(nearest))) found.set(nearest, [...same.values()]);
  return found;
}

function forEachNumber(value: Value, visit: (number: NumberValue) => void): void {
  if (isNumberValue(value)) visit(value);
  else if (value instanceof DynamicValue) forEachNumber(value.value, visit);
  else if (Array.isArray(value)) for (const item of value) forEachNumber(item as Value, visit);
  else if (isObject(value)) for (const inner of Object.values(value)) forEachNumber(inner, visit);
}

const inside = (value: Value): Value => (value instanceof DynamicValue ? value.value : value);

/** What is at a path; null where it leads nowhere. */
export function valueAt(root: Value, path: AttributePath): Value {
  let here: Value = root;
  for (const step of path) {
    here = inside(here);
    const inner: Value | undefined =
      "index" in step
        ? arrayOrNull(here)?.[step.index]
        : objectOrNull(here)?.["key" in step ? step.key : step.attribute];
    here = inner ?? null;
  }
  return here;
}
