import type { Schema } from "../schema/attribute";
import type { Problem } from "../schema/conform";
import { arrayOrNull, equal, isObject, isWhollyKnown, member, objectOrNull } from "../schema/equality";
import { attributeOf, indexOf, keyOf } from "../schema/path";
import { isSensitiveAt, typeOfSchema } from "../schema/schema-type";
import { showValue } from "../schema/show";
import { type AttributePath, type CtyType, DynamicValue, UNKNOWN, type Value } from "../schema/value";
import { type Part, PartIndex } from "./set-pairs";

/**
 * The rule by which core judges the result of an apply: everything that was known when it was planned is the
 * same, and what was unknown may be anything of its type.
 */
export function checkResult(schema: Schema, planned: Value, result: Value): Problem[] {
  return compare(schema, typeOfSchema(schema), planned, result, []);
}

function compare(
  schema: Schema,
  type: CtyType,
  planned: Value,
  result: Value,
  path: AttributePath,
): Problem[] {
  if (planned === UNKNOWN || equal(type, planned, result)) return [];
  const differs = (): Problem[] => [
    {
      path,
      message: `was planned as ${showValue(schema, path, planned)}, and must come out of apply unchanged; it is ${showValue(schema, path, result)}`,
    },
  ];
  if (planned === null || result === null || result === UNKNOWN || planned instanceof DynamicValue)
    return differs();
  if (typeof type === "string") return differs();

  if (type[0] === "object") {
    const [p, r] = [objectOrNull(planned) ?? {}, objectOrNull(result) ?? {}] as const;
    return Object.entries(type[1]).flatMap(([name, t]) =>
      compare(schema, t, member(p, name), member(r, name), attributeOf(path, name)),
    );
  }
  if (type[0] === "map") {
    const [p, r] = [objectOrNull(planned) ?? {}, objectOrNull(result) ?? {}] as const;
    return [...new Set([...Object.keys(p), ...Object.keys(r)])].flatMap((key) => {
      const here = keyOf(path, key);
      if (!Object.hasOwn(r, key)) return [{ path: here, message: "was planned, and is missing after apply" }];
      if (!Object.hasOwn(p, key))
        return [{ path: here, message: "is there after apply, and was not planned" }];
      return compare(schema, type[1], member(p, key), member(r, key), here);
    });
  }
  const [p, r] = [arrayOrNull(planned) ?? [], arrayOrNull(result) ?? []] as const;
  if (type[0] === "set") return compareSets(schema, type[1], p, r, path);
  if (p.length !== r.length)
    return [{ path, message: `was planned with ${p.length} elements, and has ${r.length} after apply` }];
  return p.flatMap((v, i) =>
    compare(schema, type[0] === "tuple" ? (type[1][i] ?? "dynamic") : type[1], v, r[i]!, indexOf(path, i)),
  );
}

/** Sets correlate when every element on either side has a possible partner on the other. */
function compareSets(
  schema: Schema,
  element: CtyType,
  planned: readonly Value[],
  result: readonly Value[],
  path: AttributePath,
): Problem[] {
  const fits = (p: Value, r: Value) => compare(schema, element, p, r, path).length === 0;
  const results = new PartIndex(result);
  const candidates = planned.map((p) => results.having(knownParts(element, p)));
  const lost = planned.find((p, i) => !candidates[i]!.some((k) => fits(p, result[k]!)));
  const found = new Set<number>();
  for (const [i, p] of planned.entries())
    for (const k of candidates[i]!) if (!found.has(k) && fits(p, result[k]!)) found.add(k);
  const gained = result.find((_, k) => !found.has(k));
  const show = (v: Value) => (isSensitiveAt(schema, path) ? "(sensitive value)" : showValue(schema, path, v));
  if (lost !== undefined) return [{ path, message: `has lost the planned element ${show(lost)} in apply` }];
  if (gained !== undefined) return [{ path, message: `has gained the element ${show(gained)} in apply` }];
  // Unknown elements may turn out to be the same one, never more than there are.
  if (planned.length < result.length)
    return [
      { path, message: `was planned with ${planned.length} elements, and has ${result.length} after apply` },
    ];
  return [];
}

/** The parts that an element has to keep: those that were known when it was planned. */
function knownParts(type: CtyType, value: Value, path: readonly string[] = []): Part[] {
  if (isWhollyKnown(value)) return [{ path, type, value }];
  const object = objectOrNull(value);
  if (!object || typeof type === "string" || type[0] !== "object") return [];
  return Object.entries(type[1]).flatMap(([name, t]) => knownParts(t, member(object, name), [...path, name]));
}

/** Paths that are still unknown; a state may have none. */
export function unknownPaths(type: CtyType, value: Value, path: AttributePath = []): AttributePath[] {
  if (value === UNKNOWN) return [path];
  if (typeof type === "string" || isWhollyKnown(value)) return [];
  if (type[0] === "object" && isObject(value))
    return Object.entries(type[1]).flatMap(([n, t]) =>
      unknownPaths(t, member(value, n), attributeOf(path, n)),
    );
  if (type[0] === "map" && isObject(value))
    return Object.keys(value).flatMap((k) =>
      unknownPaths(type[1] as CtyType, member(value, k), keyOf(path, k)),
    );
  const element = (i: number) => (type[0] === "tuple" ? (type[1][i] ?? "dynamic") : (type[1] as CtyType));
  return (arrayOrNull(value) ?? []).flatMap((v, i) => unknownPaths(element(i), v, indexOf(path, i)));
}

/** The value with the prior one (or null) in place of every unknown. */
export function withoutUnknowns(value: Value, prior: Value): Value {
  if (value === UNKNOWN) return isWhollyKnown(prior) ? prior : null;
  if (Array.isArray(value)) return value.map((v) => withoutUnknowns(v, null));
  if (!isObject(value)) return value;
  const was = objectOrNull(prior) ?? {};
  return Object.fromEntries(Object.entries(value).map(([n, v]) => [n, withoutUnknowns(v, member(was, n))]));
}
