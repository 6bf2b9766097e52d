import { attr, type Schema } from "../../../../providers/framework/schema/attribute";
import { checkSchema, type SchemaKind } from "../../../../providers/framework/schema/check-schema";
import { timeouts } from "../../../../providers/framework/schema/timeouts";

const description = "Text.";
const of = (schema: Schema, kind: SchemaKind = "resource") => checkSchema("t", kind, schema);
const secret = { description, optional: true, writeOnly: true } as const;

it("accepts what is sound", () => {
  expect(
    of({
      id: attr.string({ description, computed: true, keepPriorValue: true }),
      name: attr.string({ description, required: true, requiresReplace: true }),
      size: attr.number({ description, default: 3, validate: [(n) => (n < 1 ? "Too small." : undefined)] }),
      place: attr.string({
        description,
        optional: true,
        computed: true,
        keepPriorValue: true,
        requiresReplace: true,
      }),
      password: attr.string(secret),
      pem: attr.string({ description, optional: true, canonical: (v) => v.trim() }),
      word: attr.string({ description, optional: true, semanticallyEqual: (a, b) => a === b }),
      limits: attr.object(
        {
          most: attr.number({ description, default: 0 }),
          least: attr.number({ description, optional: true }),
        },
        { description, default: { most: 5 } as never },
      ),
    }),
  ).toEqual([]);
});

it.each<[string, Schema, SchemaKind, RegExp]>([
  [
    "a name in capitals",
    { Name: attr.string({ description, optional: true }) },
    "resource",
    /"Name" must be named/,
  ],
  [
    "a reserved name",
    { count: attr.number({ description, optional: true }) },
    "resource",
    /"count" has a name that/,
  ],
  [
    "a reserved name of providers",
    { alias: attr.string({ description, optional: true }) },
    "provider",
    /reserves/,
  ],
  [
    "no description",
    { a: attr.string({ description: " ", optional: true }) },
    "resource",
    /needs a description/,
  ],
  ["no mode", { a: attr.string({ description }) }, "resource", /must be required, optional or computed/],
  ["two modes", { a: attr.string({ description, required: true, optional: true }) }, "resource", /at once/],
  ["two modes", { a: attr.string({ description, required: true, computed: true }) }, "resource", /at once/],
  [
    "a required default",
    { a: attr.string({ description, required: true, default: "x" }) },
    "resource",
    /never be used/,
  ],
  [
    "a computed default",
    { a: attr.string({ description, computed: true, default: "x" }) },
    "resource",
    /never be used/,
  ],
  [
    "a default of another type",
    { a: attr.number({ description, default: "x" as never }) },
    "resource",
    /must be a finite number/,
  ],
  [
    "a default outside of oneOf",
    { a: attr.string({ description, oneOf: ["x"], default: "y" as never }) },
    "resource",
    /oneOf does not list/,
  ],
  [
    "a default its validator refuses",
    { a: attr.number({ description, default: 0, validate: [() => "Never."] }) },
    "resource",
    /refuses: Never\./,
  ],
  [
    "a default that lacks nothing but has too much",
    {
      a: attr.object(
        { b: attr.string({ description, optional: true }) },
        { description, default: { c: "x" } as never },
      ),
    },
    "resource",
    /no attribute of the schema/,
  ],
  [
    "keepPriorValue on a configured attribute",
    { a: attr.string({ description, optional: true, keepPriorValue: true }) },
    "resource",
    /computed attributes only/,
  ],
  [
    "keepPriorValue in a data source",
    { a: attr.string({ description, computed: true, keepPriorValue: true }) },
    "data source",
    /resources only/,
  ],
  [
    "requiresReplace in a data source",
    { a: attr.string({ description, optional: true, requiresReplace: true }) },
    "data source",
    /resources only/,
  ],
  [
    "requiresReplace that is unknown in every update",
    { a: attr.string({ description, computed: true, requiresReplace: true }) },
    "resource",
    /add keepPriorValue/,
  ],
  [
    "a computed write-only",
    { a: attr.string({ ...secret, computed: true }) },
    "resource",
    /cannot be computed/,
  ],
  [
    "a write-only default",
    { a: attr.string({ ...secret, default: "x" }) },
    "resource",
    /cannot have a default/,
  ],
  ["write-only in a data source", { a: attr.string(secret) }, "data source", /in a resource only/],
  [
    "write-only in a set",
    { a: attr.setOf({ b: attr.string(secret) }, { description, optional: true }) },
    "resource",
    /"a\.b" cannot be write-only in or on a set/,
  ],
  [
    "write-only in a computed attribute",
    { a: attr.object({ b: attr.string(secret) }, { description, computed: true }) },
    "resource",
    /inside a computed/,
  ],
  [
    "write-only that replaces",
    { a: attr.string({ ...secret, requiresReplace: true }) },
    "resource",
    /no prior value/,
  ],
  [
    "write-only with a canonical form",
    { a: attr.string({ ...secret, canonical: (v) => v.trim() }) },
    "resource",
    /no prior value/,
  ],
  [
    "two comparisons",
    {
      a: attr.string({
        description,
        optional: true,
        canonical: (v) => v.trim(),
        semanticallyEqual: (a, b) => a === b,
      }),
    },
    "data source",
    /"a" has canonical and semanticallyEqual, which may disagree/,
  ],
  [
    "a computed attribute of a provider",
    { a: attr.string({ description, computed: true }) },
    "provider",
    /cannot be computed in a provider/,
  ],
  [
    "a deadline that is no duration",
    { timeouts: timeouts({ read: "1m", create: "20 minutes" }) },
    "resource",
    /"timeouts" holds timeouts with a default that is no duration/,
  ],
  [
    "a deadline of no length",
    { timeouts: timeouts({ read: "0s" }) },
    "data source",
    /a default that is no duration/,
  ],
  [
    "a data source's deadline of another operation",
    { timeouts: timeouts({ read: "1m", create: "1m" }) },
    "data source",
    /of other operations than `read`/,
  ],
  [
    "a provider's deadline",
    { timeouts: timeouts({ read: "1m" }) },
    "provider",
    /belong at the top of a resource or data source/,
  ],
  [
    "validators that never run",
    { a: attr.string({ description, computed: true, validate: [() => undefined] }) },
    "resource",
    /never run/,
  ],
])("refuses %s", (_, schema, kind, sentence) => {
  const sentences = of(schema, kind);
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(sentence);
});
