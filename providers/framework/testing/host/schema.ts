import type { Attribute, Nesting, Schema } from "../../schema/attribute";
import type { CtyType } from "../../schema/value";
import type { Breach } from "./rule";

/** A schema as the protocol tells it, which is all that a host knows of a resource. */
export type HostSchema = { readonly [name: string]: HostAttribute };

export interface HostAttribute {
  readonly type: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: HostSchema };
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
}

export interface HostSchemas {
  readonly provider: HostSchema;
  readonly resources: ReadonlyMap<string, { readonly version: number; readonly attributes: HostSchema }>;
  readonly dataSources: ReadonlyMap<string, HostSchema>;
}

/** What the wire would tell of a declaration. */
export const hostSchema = (schema: Schema): HostSchema =>
  Object.fromEntries(Object.entries(schema).map(([name, attribute]) => [name, hostAttribute(attribute)]));

function hostAttribute({ mode, type, options, nested }: Attribute): HostAttribute {
  return {
    type,
    ...(nested && { nested: { nesting: nested.nesting, attributes: hostSchema(nested.attributes) } }),
    required: mode === "required",
    optional: mode.startsWith("optional"),
    computed: mode.endsWith("computed"),
    sensitive: options.sensitive === true,
    writeOnly: options.writeOnly === true,
  };
}

export const objectType = (schema: HostSchema): CtyType => [
  "object",
  Object.fromEntries(Object.entries(schema).map(([name, { type }]) => [name, type])),
];

/** The rules for schemas ("Wire Format Mapping"; write-only: "Resources - Write-only Arguments"). */
export function checkHostSchema(schema: HostSchema, kind: "provider" | "resource" | "data source"): Breach[] {
  const breaches: Breach[] = [];
  const visit = (attributes: HostSchema, names: readonly string[], inSet: boolean): void => {
    for (const [name, a] of Object.entries(attributes)) {
      const path = [...names, name];
      const say = (found: string) =>
        breaches.push({ rule: "schema-valid", path: path.map((attribute) => ({ attribute })), found });
      if (!/^[a-z0-9_]+$/.test(name)) say("a name has lower-case letters, digits and underscores only");
      if (!a.required && !a.optional && !a.computed) say("is neither required nor optional nor computed");
      if (a.required && (a.optional || a.computed)) say("is required, and optional or computed as well");
      const inOrOnSet = inSet || a.nested?.nesting === "set";
      if (a.writeOnly && inOrOnSet) say("is write-only in a set");
      if (a.writeOnly && a.computed) say("is write-only and computed");
      if (a.writeOnly && kind !== "resource") say(`is write-only in a ${kind}`);
      if (inSet && mentionsDynamic(a.type)) say("is dynamic in a set");
      if (a.nested) visit(a.nested.attributes, path, inOrOnSet);
    }
  };
  visit(schema, [], false);
  return breaches;
}

const mentionsDynamic = (type: CtyType): boolean => JSON.stringify(type).includes('"dynamic"');
