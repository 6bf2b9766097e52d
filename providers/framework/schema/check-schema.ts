import type { Attribute, Schema } from "./attribute";
import { completeDefault } from "./complete";
import { conform } from "./conform";
import { walkSchema } from "./schema-type";
import { isDuration } from "./timeouts";
import type { CtyType, Value } from "./value";

/** Where a schema is used: `provider` and `data source` have no plan, so some options mean nothing there. */
export type SchemaKind = "provider" | "resource" | "data source";

/** Terraform's own arguments; an attribute of the same name could never be set. */
export const RESERVED: { readonly [K in SchemaKind]: readonly string[] } = {
  provider: ["alias", "version"],
  resource: ["count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "connection"],
  "data source": ["count", "for_each", "depends_on", "lifecycle", "provider"],
};

interface Rule {
  readonly broken: (at: Place) => boolean;
  readonly sentence: string;
}
interface Place {
  readonly kind: SchemaKind;
  readonly name: string;
  readonly attribute: Attribute;
  readonly parents: readonly Attribute[];
}

const hasDefault = ({ attribute }: Place) => attribute.options.default !== undefined;
const keeps = ({ attribute }: Place) => attribute.options.keepPriorValue === true;
const isWriteOnly = ({ attribute }: Place) => attribute.options.writeOnly === true;
const isReadOnly = ({ attribute }: Place) => attribute.mode === "computed";

const RULES: readonly Rule[] = [
  {
    broken: ({ name }) => !/^[a-z0-9_]+$/.test(name),
    sentence: "must be named with lower-case letters, digits and underscores only",
  },
  {
    broken: ({ kind, name, parents }) => parents.length === 0 && RESERVED[kind].includes(name),
    sentence: "has a name that Terraform reserves for itself",
  },
  {
    broken: ({ attribute }) => attribute.options.description.trim() === "",
    sentence: "needs a description",
  },
  {
    broken: ({ attribute: { options: o } }) =>
      o.required === true && (o.optional === true || o.computed === true),
    sentence: "cannot be required and optional or computed at once",
  },
  {
    broken: ({ attribute: { options: o } }) =>
      !o.required && !o.optional && !o.computed && o.default === undefined,
    sentence: "must be required, optional or computed, or have a default",
  },
  {
    broken: (at) => hasDefault(at) && (at.attribute.mode === "required" || isReadOnly(at)),
    sentence: "has a default that can never be used: only an optional attribute may have one",
  },
  {
    broken: (at) => hasDefault(at) && isWriteOnly(at),
    sentence: "is write-only and cannot have a default",
  },
  {
    broken: (at) => isWriteOnly(at) && at.attribute.options.computed === true,
    sentence: "is write-only and cannot be computed",
  },
  {
    broken: (at) => isWriteOnly(at) && at.kind !== "resource",
    sentence: "can be write-only in a resource only",
  },
  {
    broken: ({ attribute: a, parents }) =>
      (a.options.writeOnly === true && a.nested?.nesting === "set") ||
      (a.options.writeOnly === true && parents.some((p) => p.nested?.nesting === "set")),
    sentence: "cannot be write-only in or on a set",
  },
  {
    broken: (at) => isWriteOnly(at) && at.parents.some((p) => p.mode === "computed"),
    sentence: "cannot be write-only inside a computed attribute",
  },
  {
    broken: (at) =>
      isWriteOnly(at) && (at.attribute.options.requiresReplace || at.attribute.sameMeaning) !== undefined,
    sentence: "is write-only: it has no prior value for requiresReplace or semanticallyEqual to compare with",
  },
  {
    broken: ({ attribute: { options: o } }) => o.canonical !== undefined && o.semanticallyEqual !== undefined,
    sentence: "has canonical and semanticallyEqual, which may disagree: give one of them",
  },
  {
    broken: (at) => keeps(at) && at.attribute.options.computed !== true,
    sentence: "uses keepPriorValue, which is for computed attributes only",
  },
  {
    broken: (at) => keeps(at) && at.kind !== "resource",
    sentence: "uses keepPriorValue, which is for resources only",
  },
  {
    broken: ({ kind, attribute }) => kind !== "resource" && replaces(attribute),
    sentence: "uses requiresReplace, which is for resources only",
  },
  {
    broken: (at) =>
      replaces(at.attribute) && at.attribute.options.computed === true && !hasDefault(at) && !keeps(at),
    sentence:
      "uses requiresReplace and is unknown in every update: add keepPriorValue, or every change would replace",
  },
  {
    broken: ({ kind, attribute }) => kind === "provider" && attribute.options.computed === true,
    sentence: "cannot be computed in a provider's configuration",
  },
  {
    broken: ({ attribute, parents }) =>
      parents.some((p) => p.nested?.nesting === "set") && containsDynamic(attribute.type),
    sentence: "cannot be dynamic inside a set",
  },
  {
    broken: ({ kind, attribute, parents }) =>
      attribute.deadlines !== undefined && (kind === "provider" || parents.length > 0),
    sentence: "holds timeouts, which belong at the top of a resource or data source",
  },
  {
    broken: ({ attribute }) =>
      Object.values(attribute.deadlines ?? {}).some((text) => isDuration(text) !== undefined),
    sentence:
      'holds timeouts with a default that is no duration; one is written like "90s", "20m" or "1h30m"',
  },
  {
    broken: ({ kind, attribute }) =>
      kind === "data source" &&
      Object.keys(attribute.deadlines ?? {}).some((operation) => operation !== "read"),
    sentence: "holds timeouts of other operations than `read`, the only one of a data source",
  },
  {
    broken: (at) => isReadOnly(at) && (at.attribute.options.validate?.length ?? 0) > 0,
    sentence: "is read-only, so its validators would never run",
  },
];

const replaces = ({ options }: Attribute): boolean =>
  options.requiresReplace !== undefined && options.requiresReplace !== false;

const containsDynamic = (type: CtyType): boolean =>
  type === "dynamic" || (Array.isArray(type) && JSON.stringify(type[1]).includes('"dynamic"'));

/** Every rule that a schema breaks, one sentence each, naming the attribute; empty when it is sound. */
export function checkSchema(owner: string, kind: SchemaKind, schema: Schema): string[] {
  const sentences: string[] = [];
  walkSchema(schema, (attribute, path, parents) => {
    const place: Place = { kind, name: path.at(-1)!, attribute, parents };
    const say = (sentence: string) => sentences.push(`${owner}: attribute "${path.join(".")}" ${sentence}.`);
    for (const rule of RULES) if (rule.broken(place)) say(rule.sentence);
    checkDefault(attribute, say);
  });
  return sentences;
}

function checkDefault(attribute: Attribute, say: (sentence: string) => void): void {
  const value = attribute.options.default as Value | undefined;
  if (value === undefined) return;
  let fits = true;
  conform(attribute.type, completeDefault(attribute, value), ({ message }) => {
    fits = false;
    say(`has a default that does not fit: it ${message}`);
  });
  if (!fits) return;
  if (attribute.oneOf && !attribute.oneOf.includes(value as string))
    say("has a default that oneOf does not list");
  for (const validator of attribute.options.validate ?? []) {
    const complaint = validator(value);
    if (complaint !== undefined) say(`has a default that its own validator refuses: ${complaint}`);
  }
}
