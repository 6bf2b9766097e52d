import type { Schema } from "../schema/attribute";
import { mapNested } from "../schema/complete";
import { arrayOrNull, member, objectOrNull } from "../schema/equality";
import type { Value } from "../schema/value";
import { means } from "./nested";

/**
 * `now`, but spelled as `before` wherever the schema says that both mean the same (a PEM with other white space,
 * say). So a device's normalisation is no drift, and apply returns what was planned.
 */
export function keepSpelling(schema: Schema, before: Value, now: Value): Value {
  const [was, is] = [objectOrNull(before), objectOrNull(now)] as const;
  if (!was || !is) return now;
  return Object.fromEntries(
    Object.entries(is).map(([name, value]) => {
      const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
      if (!attribute) return [name, value];
      const earlier = member(was, name);
      if (attribute.options.semanticallyEqual && means(attribute, earlier, value)) return [name, earlier];
      const { nested } = attribute;
      if (!nested || earlier === null) return [name, value];
      const partner = partnerIn(nested.nesting, nested.attributes, earlier);
      return [
        name,
        mapNested(nested, value, (o, key) => keepSpelling(nested.attributes, partner(o, key), o)),
      ];
    }),
  );
}

/** Finds the earlier object that corresponds to one of now. */
function partnerIn(
  nesting: "single" | "list" | "set" | "map",
  attributes: Schema,
  earlier: Value,
): (object: Value, key: string | number | null) => Value {
  if (nesting === "single") return () => earlier;
  if (nesting === "map") return (_, key) => member(objectOrNull(earlier) ?? {}, String(key));
  const items = arrayOrNull(earlier) ?? [];
  if (nesting === "list") return (_, key) => items[Number(key)] ?? null;
  return (object) =>
    items.find((item) =>
      Object.entries(attributes).every(([n, a]) => means(a, in_(item, n), in_(object, n))),
    ) ?? null;
}

const in_ = (object: Value, name: string): Value => member(objectOrNull(object) ?? {}, name);
