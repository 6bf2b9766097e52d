import type { Nesting } from "../../schema/attribute";
import type { CtyType } from "../../schema/value";
import { parseType } from "../../wire/cty-type";
import type { MessageOf } from "../../wire/protobuf/message";
import { NestingMode, type SchemaAttributeFields, type SchemaMessage } from "../../wire/tfplugin6";
import type { HostAttribute, HostSchema } from "./schema";
import { objectType } from "./schema";

/** A schema as it came over the wire. */
export const schemaFromMessage = (schema: MessageOf<typeof SchemaMessage> | undefined): HostSchema =>
  attributesOf(schema?.block?.attributes ?? []);

const attributesOf = (fields: readonly SchemaAttributeFields[]): HostSchema =>
  Object.fromEntries(fields.map((attribute) => [attribute.name, attributeOf(attribute)]));

const NESTINGS = new Map<number, Nesting>(
  (Object.keys(NestingMode) as Nesting[]).map((nesting) => [NestingMode[nesting], nesting]),
);

function attributeOf(fields: SchemaAttributeFields): HostAttribute {
  const { required, optional, computed, sensitive, nested_type } = fields;
  const flags = { required, optional, computed, sensitive, writeOnly: fields.write_only };
  if (!nested_type) {
    const type = parseType(JSON.parse(Buffer.from(fields.type).toString("utf8")));
    return { ...flags, type };
  }
  const nesting = NESTINGS.get(nested_type.nesting);
  if (!nesting) throw new TypeError(`The attribute "${fields.name}" has the nesting ${nested_type.nesting}.`);
  const attributes = attributesOf(nested_type.attributes);
  const object = objectType(attributes);
  const type: CtyType = nesting === "single" ? object : [nesting, object];
  return { ...flags, type, nested: { nesting, attributes } };
}
