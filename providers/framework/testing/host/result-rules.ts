import { attributeOf, indexOf, keyOf } from "../../schema/path";
import { type AttributePath, type CtyType, DynamicValue, UNKNOWN, type Value } from "../../schema/value";
import { planBreaches } from "./plan-rules";
import type { Breach, RuleName } from "./rule";
import { type HostSchema, objectType } from "./schema";
import { at, elementType, isMembers, itemsOf, misfits, same, show, unknownsIn } from "./value";

/** The names of the same demand in different places: what was known before must be the same afterwards. */
interface Names {
  readonly value: RuleName;
  readonly elements: RuleName;
}
const AFTER_APPLY: Names = { value: "apply-keeps-plan", elements: "apply-keeps-elements" };
const IN_FINAL_PLAN: Names = { value: "final-plan-agrees", elements: "final-plan-agrees" };

/** What was planned against what came out of apply. */
export const applyBreaches = (schema: HostSchema, planned: Value, result: Value): Breach[] => {
  const wrong = misfits(objectType(schema), result);
  if (wrong.length > 0) return wrong;
  if (!isMembers(result))
    return [{ rule: "apply-keeps-object", path: [], found: `the result is ${show(result)}` }];
  const unknown = unknownsIn(objectType(schema), result).map(
    (path): Breach => ({ rule: "apply-knows-everything", path, found: "is unknown after apply" }),
  );
  const leaked = writeOnlyBreaches(schema, result);
  if (unknown.length + leaked.length > 0) return [...unknown, ...leaked];
  return compare(schema, objectType(schema), planned, result, [], AFTER_APPLY);
};

/** The plan that the user saw against the one that is made at apply. */
export const finalPlanBreaches = (schema: HostSchema, first: Value, final: Value): Breach[] =>
  compare(schema, objectType(schema), first, final, [], IN_FINAL_PLAN);

/** Rules for anything that is kept: known, and without what must not be kept. */
export function stateBreaches(schema: HostSchema, state: Value, unknown: RuleName): Breach[] {
  const wrong = misfits(objectType(schema), state);
  if (wrong.length > 0) return wrong;
  return [
    ...unknownsIn(objectType(schema), state).map(
      (path): Breach => ({ rule: unknown, path, found: "is unknown" }),
    ),
    ...writeOnlyBreaches(schema, state),
  ];
}

export function writeOnlyBreaches(schema: HostSchema, value: Value, path: AttributePath = []): Breach[] {
  if (!isMembers(value)) return [];
  return Object.entries(schema).flatMap(([name, { writeOnly, nested }]): Breach[] => {
    const [inner, here] = [at(value, name), attributeOf(path, name)] as const;
    if (writeOnly && inner !== null) return [{ rule: "write-only-null", path: here, found: "has a value" }];
    if (!nested) return [];
    const { nesting, attributes } = nested;
    if (nesting === "single") return writeOnlyBreaches(attributes, inner, here);
    if (nesting === "map")
      return Object.keys(isMembers(inner) ? inner : {}).flatMap((key) =>
        writeOnlyBreaches(attributes, at(inner, key), keyOf(here, key)),
      );
    return itemsOf(inner).flatMap((v, i) => writeOnlyBreaches(attributes, v, indexOf(here, i)));
  });
}

function compare(
  schema: HostSchema | undefined,
  type: CtyType,
  before: Value,
  after: Value,
  path: AttributePath,
  names: Names,
  hidden = false,
): Breach[] {
  if (before === UNKNOWN || same(type, before, after)) return [];
  const shown = (value: Value) => (hidden ? "(sensitive value)" : show(value));
  const differs = (): Breach[] => [
    { rule: names.value, path, found: `was ${shown(before)} in the plan and is ${shown(after)}` },
  ];
  const elements = (found: string): Breach[] => [{ rule: names.elements, path, found }];
  if (before === null || after === null || after === UNKNOWN) return differs();

  if (type === "dynamic") {
    const [b, a] = [before, after] as readonly unknown[];
    if (!(b instanceof DynamicValue) || !(a instanceof DynamicValue)) return differs();
    return JSON.stringify(b.type) === JSON.stringify(a.type)
      ? compare(undefined, b.type, b.value, a.value, path, names, hidden)
      : differs();
  }
  if (typeof type === "string") return differs();

  if (type[0] === "object")
    return Object.entries(type[1]).flatMap(([name, of]) => {
      const attribute = schema?.[name];
      const secret = hidden || attribute?.sensitive === true || attribute?.writeOnly === true;
      const inside = attribute?.nested?.attributes;
      return compare(inside, of, at(before, name), at(after, name), attributeOf(path, name), names, secret);
    });
  if (type[0] === "map") {
    const [b, a] = [before, after].map((v) => Object.keys(v as object));
    const lost = b!.find((key) => !a!.includes(key));
    const gained = a!.find((key) => !b!.includes(key));
    if (lost !== undefined) return elements(`has lost the key ${show(lost)}`);
    if (gained !== undefined) return elements(`has gained the key ${show(gained)}`);
    return b!.flatMap((key) =>
      compare(schema, type[1], at(before, key), at(after, key), keyOf(path, key), names, hidden),
    );
  }
  const [b, a] = [itemsOf(before), itemsOf(after)];
  if (type[0] === "set") {
    const fits = (x: Value, y: Value) => compare(schema, type[1], x, y, path, names, hidden).length === 0;
    const lost = b.find((x) => !a.some((y) => fits(x, y)));
    const gained = a.find((y) => !b.some((x) => fits(x, y)));
    if (lost !== undefined) return elements(`has lost the element ${shown(lost)}`);
    if (gained !== undefined || a.length > b.length)
      return elements(`has gained the element ${shown(gained ?? a.at(-1)!)}`);
    return [];
  }
  if (b.length !== a.length) return elements(`had ${b.length} elements in the plan and has ${a.length}`);
  return b.flatMap((v, i) =>
    compare(schema, elementType(type, i), v, a[i]!, indexOf(path, i), names, hidden),
  );
}

/** What a data source returned: an object, known, with what was configured in it. */
export function dataBreaches(schema: HostSchema, config: Value, state: Value): Breach[] {
  if (state === null) return [{ rule: "data-returns-object", path: [], found: "it is null" }];
  const wrong = stateBreaches(schema, state, "data-knows-everything");
  if (wrong.length > 0) return wrong;
  return planBreaches(schema, { prior: null, config, planned: state }).map(({ path, found }) => ({
    rule: "data-takes-configuration",
    path,
    found,
  }));
}
