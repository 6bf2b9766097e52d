import type { Attribute, Schema } from "./attribute";
import type { AttributePath, CtyType } from "./value";

type ObjectType = readonly ["object", { readonly [name: string]: CtyType }];

/** Worked out once for each schema: every call asks for it several times. */
const known = new WeakMap<Schema, ObjectType>();

/** The object type of a whole schema: `["object", {...}]`. */
export function typeOfSchema(schema: Schema): ObjectType {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const attributes = Object.entries(schema).map(([name, attribute]) => [name, attribute.type]);
  const type: ObjectType = ["object", Object.fromEntries(attributes) as { [name: string]: CtyType }];
  known.set(schema, type);
  return type;
}

export const isComputed = (attribute: Attribute): boolean =>
  attribute.mode === "computed" || attribute.mode === "optional+computed";

/** Visits every attribute, nested ones after the one that holds them. */
export function walkSchema(
  schema: Schema,
  visit: (attribute: Attribute, path: readonly string[], parents: readonly Attribute[]) => void,
  path: readonly string[] = [],
  parents: readonly Attribute[] = [],
): void {
  for (const [name, attribute] of Object.entries(schema)) {
    const here = [...path, name];
    visit(attribute, here, parents);
    if (attribute.nested) walkSchema(attribute.nested.attributes, visit, here, [...parents, attribute]);
  }
}

/** The attributes that a path runs through, outermost first. */
export function attributesAlong(schema: Schema, path: AttributePath): Attribute[] {
  const found: Attribute[] = [];
  let here: Schema | undefined = schema;
  for (const step of path) {
    if (!("attribute" in step)) continue;
    const attribute: Attribute | undefined =
      here && Object.hasOwn(here, step.attribute) ? here[step.attribute] : undefined;
    if (!attribute) break;
    found.push(attribute);
    here = attribute.nested?.attributes;
  }
  return found;
}

/** True when what is at the path must not be shown: it, or anything around or inside it, is sensitive. */
export function isSensitiveAt(schema: Schema, path: AttributePath): boolean {
  const along = attributesAlong(schema, path);
  if (along.some(isSecret)) return true;
  const last = along.at(-1);
  let inside = false;
  if (last?.nested) walkSchema(last.nested.attributes, (attribute) => (inside ||= isSecret(attribute)));
  return inside;
}

const isSecret = (attribute: Attribute): boolean =>
  attribute.options.sensitive === true || attribute.options.writeOnly === true;
