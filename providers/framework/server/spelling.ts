import type { Attribute, Schema } from "../schema/attribute";
import { mapNested } from "../schema/complete";
import { arrayOrNull, equal, member, objectOrNull } from "../schema/equality";
import { typeOfSchema, walkSchema } from "../schema/schema-type";
import type { Value } from "../schema/value";
import { asking, type Question } from "./asking";
import { meaning, means } from "./nested";
import type { Operation } from "./session";
import { type Part, pairUp } from "./set-pairs";

/** For {@link keepSpelling}: a `semanticallyEqual` that throws is reported, and tells two values apart. */
export const comparing = (op: Operation, schema: Schema, now: Value): Question =>
  asking(op, schema, now, "semanticallyEqual", means);

/**
 * `now`, but spelled as `before` wherever the schema says that both mean the same (a PEM with other white space,
 * say). So a device's normalisation is no drift, and apply returns what was planned.
 */
export function keepSpelling(schema: Schema, before: Value, now: Value, means: Question): Value {
  const [was, is] = [objectOrNull(before), objectOrNull(now)] as const;
  if (!was || !is) return now;
  return Object.fromEntries(
    Object.entries(is).map(([name, value]) => {
      const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
      if (!attribute) return [name, value];
      const earlier = member(was, name);
      if (attribute.sameMeaning && means(attribute, earlier, value)) return [name, earlier];
      const { nested } = attribute;
      if (!nested || earlier === null) return [name, value];
      const partner = partnersOf(nested, earlier, value, means);
      return [
        name,
        mapNested(nested, value, (o, key) => keepSpelling(nested.attributes, partner(key), o, means)),
      ];
    }),
  );
}

/** Finds the earlier object that corresponds to one of now, by the key or index of the latter. */
function partnersOf(
  { nesting, attributes }: NonNullable<Attribute["nested"]>,
  earlier: Value,
  now: Value,
  means: Question,
): (key: string | number | null) => Value {
  if (nesting === "single") return () => earlier;
  if (nesting === "map") return (key) => member(objectOrNull(earlier) ?? {}, String(key));
  const items = arrayOrNull(earlier) ?? [];
  if (nesting === "list") return (key) => items[Number(key)] ?? null;
  if (!hasSpellings(attributes)) return () => null;
  const whole = (value: Value): Part[] => [{ path: [], type: typeOfSchema(attributes), value }];
  const pairs = pairUp(
    arrayOrNull(now) ?? [],
    items,
    { fits: (a, b) => equal(typeOfSchema(attributes), a, b), shared: whole },
    { fits: (a, b) => meansAll(attributes, b, a, means), shared: (a) => spelledAlike(attributes, a) },
  );
  return (key) => items[pairs[Number(key)] ?? -1] ?? null;
}

function meansAll(attributes: Schema, before: Value, now: Value, means: Question): boolean {
  const [was, is] = [objectOrNull(before), objectOrNull(now)] as const;
  if (!was || !is) return false;
  return Object.entries(attributes).every(([name, a]) => means(a, member(was, name), member(is, name)));
}

/** The parts that have one spelling only, and the meaning of the others. */
function spelledAlike(attributes: Schema, value: Value): Part[] {
  const object = objectOrNull(value);
  if (!object) return [];
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const parts = attribute.sameMeaning ? meaning(attribute) : [{ type: attribute.type }];
    return parts.map((part) => ({ ...part, path: [name], value: member(object, name) }));
  });
}

function hasSpellings(schema: Schema): boolean {
  let found = false;
  walkSchema(schema, (attribute) => (found ||= attribute.sameMeaning !== undefined));
  return found;
}
