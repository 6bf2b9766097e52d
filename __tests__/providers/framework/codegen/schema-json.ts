import type { AnyProvider } from "../../../../providers/framework/define";
import type { Attribute, Schema } from "../../../../providers/framework/schema/attribute";

/** What `terraform providers schema -json` says of a definition: the input of `cdktf get`. */
export function providersSchema(provider: AnyProvider) {
  return {
    format_version: "1.0",
    provider_schemas: {
      [provider.source]: {
        provider: { version: 0, block: block(provider.attributes) },
        resource_schemas: Object.fromEntries(
          provider.resources.map((r) => [r.type, { version: r.version ?? 0, block: block(r.attributes) }]),
        ),
        data_source_schemas: Object.fromEntries(
          provider.dataSources.map((d) => [d.type, { version: 0, block: block(d.attributes) }]),
        ),
      },
    },
    provider_versions: { [provider.source]: provider.version },
  };
}

const block = (schema: Schema) => ({ attributes: attributes(schema), description_kind: "markdown" });
const attributes = (schema: Schema): object =>
  Object.fromEntries(Object.entries(schema).map(([name, a]) => [name, attribute(a)]));

function attribute(a: Attribute) {
  return {
    ...(a.nested
      ? { nested_type: { attributes: attributes(a.nested.attributes), nesting_mode: a.nested.nesting } }
      : { type: a.type }),
    description: a.options.description,
    description_kind: "markdown",
    ...(a.mode === "required" && { required: true }),
    ...(a.mode.startsWith("optional") && { optional: true }),
    ...(a.mode.endsWith("computed") && { computed: true }),
    ...(a.options.sensitive && { sensitive: true }),
  };
}
