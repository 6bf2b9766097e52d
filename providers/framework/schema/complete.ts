import type { Attribute, Schema } from "./attribute";
import { isObject, member, objectOrNull } from "./equality";
import type { Value } from "./value";

/** Rebuilds what is in a nested value, object by object; null and unknown stay. */
export function mapNested(
  nested: NonNullable<Attribute["nested"]>,
  value: Value,
  rebuild: (object: Value, key: string | number | null) => Value,
): Value {
  if (value === null || typeof value === "symbol") return value;
  if (nested.nesting === "single") return rebuild(value, null);
  if (nested.nesting === "map")
    return Object.fromEntries(Object.entries(objectOrNull(value) ?? {}).map(([k, v]) => [k, rebuild(v, k)]));
  return Array.isArray(value) ? value.map((v, i) => rebuild(v, i)) : value;
}

/** A declared default with what it left out: the defaults of nested attributes, and null for the rest. */
export function completeDefault(attribute: Attribute, value: Value): Value {
  const { nested } = attribute;
  if (!nested) return value;
  return mapNested(nested, value, (object) => completeObject(nested.attributes, object));
}

function completeObject(schema: Schema, object: Value): Value {
  if (!isObject(object)) return object;
  const missing = Object.entries(schema).filter(([name]) => member(object, name) === null);
  const filled = missing.map(([name, a]) => [name, completeDefault(a, (a.options.default ?? null) as Value)]);
  return { ...object, ...Object.fromEntries(filled) };
}

/** null wherever an attribute is write-only: its value exists in the configuration alone. */
export function withoutWriteOnly(schema: Schema, object: Value): Value {
  if (!isObject(object)) return object;
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
      if (attribute?.options.writeOnly) return [name, null];
      const nested = attribute?.nested;
      return [name, nested ? mapNested(nested, value, (o) => withoutWriteOnly(nested.attributes, o)) : value];
    }),
  );
}
