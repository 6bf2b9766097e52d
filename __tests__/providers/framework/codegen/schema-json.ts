import type { AnyProvider } from "../../../../providers/framework/define";
import type { Attribute, Schema } from "../../../../providers/framework/schema/attribute";

export interface SchemaJsonOptions {
  /** Whether the core shows that an attribute is write-only: Terraform and OpenTofu since 1.11 do. */
  readonly writeOnly?: boolean;
}

/** What `terraform providers schema -json` says of a definition. */
export function providersSchema(provider: AnyProvider, { writeOnly = true }: SchemaJsonOptions = {}) {
  const block = (schema: Schema, description: string) => ({
    attributes: attributes(schema),
    description,
    description_kind: "markdown",
  });
  const attributes = (schema: Schema): object =>
    Object.fromEntries(Object.entries(schema).map(([name, a]) => [name, attribute(a)]));
  const attribute = ({ nested, type, mode, options }: Attribute) => ({
    ...(nested
      ? { nested_type: { attributes: attributes(nested.attributes), nesting_mode: nested.nesting } }
      : { type }),
    description: options.description,
    description_kind: "markdown",
    ...(options.deprecated !== undefined && { deprecated: true }),
    ...(mode === "required" && { required: true }),
    ...(mode.startsWith("optional") && { optional: true }),
    ...(mode.endsWith("computed") && { computed: true }),
    ...(options.sensitive && { sensitive: true }),
    ...(writeOnly && options.writeOnly && { write_only: true }),
  });
  return {
    format_version: "1.0",
    provider_schemas: {
      [provider.source]: {
        provider: { version: 0, block: block(provider.attributes, provider.description) },
        resource_schemas: Object.fromEntries(
          provider.resources.map((r) => [
            r.type,
            { version: r.version ?? 0, block: block(r.attributes, r.description) },
          ]),
        ),
        data_source_schemas: Object.fromEntries(
          provider.dataSources.map((d) => [
            d.type,
            { version: 0, block: block(d.attributes, d.description) },
          ]),
        ),
      },
    },
  };
}
