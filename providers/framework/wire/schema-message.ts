import type { Attribute, Schema } from "../schema/attribute";
import type { Draft, MessageOf } from "./protobuf/message";
import {
  NestingMode,
  type SchemaAttributeFields,
  type SchemaMessage,
  type SchemaObjectFields,
  StringKind,
} from "./tfplugin6";

/** A declared schema in the protocol's form: one block of attributes, no nested blocks. */
export const encodeSchema = (
  attributes: Schema,
  { version = 0, description }: { readonly version?: number | undefined; readonly description: string },
): Draft<MessageOf<typeof SchemaMessage>> => ({
  version,
  block: {
    attributes: encodeAttributes(attributes),
    description,
    description_kind: StringKind.markdown,
  },
});

const encodeAttributes = (attributes: Schema): Draft<SchemaAttributeFields>[] =>
  Object.entries(attributes).map(([name, attribute]) => encodeAttribute(name, attribute));

function encodeAttribute(
  name: string,
  { mode, type, options, nested }: Attribute,
): Draft<SchemaAttributeFields> {
  const form: Draft<SchemaAttributeFields> =
    nested === undefined
      ? { type: Buffer.from(JSON.stringify(type)) }
      : {
          nested_type: {
            attributes: encodeAttributes(nested.attributes),
            nesting: NestingMode[nested.nesting],
          } satisfies Draft<SchemaObjectFields>,
        };
  return {
    name,
    ...form,
    description: options.description,
    description_kind: StringKind.markdown,
    required: mode === "required",
    optional: mode === "optional" || mode === "optional+computed",
    computed: mode === "computed" || mode === "optional+computed",
    sensitive: options.sensitive ?? false,
    deprecated: options.deprecated !== undefined,
    write_only: options.writeOnly ?? false,
  };
}
