import { defineDataSource, defineProvider } from "../../../../providers/framework/define";
import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr, type Schema } from "../../../../providers/framework/schema/attribute";
import { exactlyOneOf } from "../../../../providers/framework/schema/rules";
import { DynamicValue, UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { description, linesOf, providerOf, resourceOf, serve } from "./fixture";

const short = (text: string) => (text.length > 3 ? "At most 3 letters." : undefined);
const name = attr.string({ description, required: true, validate: [short] });
const color = attr.string({ description, optional: true, oneOf: ["red", "blue"] });
const pin = attr.string({ description, optional: true, sensitive: true, oneOf: ["1111"] });
const old = attr.string({ description, optional: true, deprecated: "Use `name`." });
const secret = attr.string({ description, optional: true, writeOnly: true });
const id = attr.string({ description, computed: true });
const tags = attr.list("string", {
  description,
  optional: true,
  validate: [(t) => (t.length > 1 ? "One tag." : undefined)],
});

const sized = attr.setOf(
  { name, size: attr.number({ description, default: 1 }) },
  { description, optional: true },
);

const validate = async (schema: Schema, config: Value, writeOnlyAllowed = true) =>
  linesOf(
    (
      await serve(providerOf(resourceOf(schema))).validateResourceConfig({
        type: "test_thing",
        config,
        writeOnlyAllowed,
      })
    ).diagnostics,
  );

it.each<[string, Schema, Value, string[]]>([
  ["what is right", { name, color, id, tags }, { name: "a", color: "red", id: null, tags: ["x"] }, []],
  [
    "unknowns are not judged",
    { name, color, tags },
    { name: UNKNOWN, color: UNKNOWN, tags: ["x", UNKNOWN] },
    [],
  ],
  ["nulls are not judged", { name, color }, { name: "a", color: null }, []],
  [
    "a required null",
    { name },
    { name: null },
    ['error name: Missing value for "name" / This attribute is required.'],
  ],
  ["a validator", { name }, { name: "long" }, ['error name: Invalid value for "name" / At most 3 letters.']],
  [
    "a validator of a whole list",
    { tags },
    { tags: ["a", "b"] },
    ['error tags: Invalid value for "tags" / One tag.'],
  ],
  [
    "oneOf",
    { color },
    { color: "green" },
    ['error color: Invalid value for "color" / "green" is none of "red", "blue".'],
  ],
  [
    "oneOf does not show a sensitive value",
    { pin },
    { pin: "1234" },
    ['error pin: Invalid value for "pin" / The value is none of "1111".'],
  ],
  ["a deprecated attribute", { old }, { old: "x" }, ['warning old: "old" is deprecated / Use `name`.']],
  ["a deprecated attribute that is not configured", { old }, { old: null }, []],
  [
    "a read-only attribute",
    { id },
    { id: "x" },
    ['error id: "id" is read-only / The provider decides this value. Remove it from the configuration.'],
  ],
  [
    "inside an object",
    { o: attr.object({ name }, { description, optional: true }) },
    { o: { name: "long" } },
    ['error o.name: Invalid value for "o.name" / At most 3 letters.'],
  ],
  [
    "two elements of a set that a default makes the same one",
    { s: sized },
    {
      s: [
        { name: "a", size: null },
        { name: "a", size: 1 },
      ],
    },
    [
      'error s: Two elements of "s" are the same / One of them leaves out an attribute whose default is what the other one says. Remove one of the two.',
    ],
  ],
  [
    "elements of a set that may be the same one, or are the same before any default",
    { s: sized },
    {
      s: [
        { name: UNKNOWN, size: null },
        { name: UNKNOWN, size: 1 },
        { name: "a", size: 2 },
        { name: "a", size: 2 },
      ],
    },
    [],
  ],
  ["inside nothing", { o: attr.object({ name }, { description, optional: true }) }, { o: null }, []],
  [
    "inside something unknown",
    { o: attr.object({ name }, { description, optional: true }) },
    { o: UNKNOWN },
    [],
  ],
  [
    "inside a list",
    { o: attr.listOf({ name }, { description, optional: true }) },
    { o: [{ name: "a" }, { name: null }] },
    ['error o[1].name: Missing value for "o[1].name" / This attribute is required.'],
  ],
  [
    "inside a map",
    { o: attr.mapOf({ color }, { description, optional: true }) },
    { o: { k: { color: "x" } } },
    ['error o["k"].color: Invalid value for "o["k"].color" / "x" is none of "red", "blue".'],
  ],
  [
    "inside a set: the path is the set's",
    { o: attr.setOf({ name }, { description, optional: true }) },
    { o: [{ name: "long" }] },
    ['error o.name: Invalid value for "o.name" / At most 3 letters.'],
  ],
])("%s", async (_, schema, config, lines) => expect(await validate(schema, config)).toEqual(lines));

it("write-only needs a client that knows it", async () => {
  expect(await validate({ secret }, { secret: "x" }, true)).toEqual([]);
  expect(await validate({ secret }, { secret: null }, false)).toEqual([]);
  expect(await validate({ secret }, { secret: "hush" }, false)).toEqual([
    'error secret: "secret" needs a newer Terraform / This attribute is write-only, which keeps its value out of plan and state. That needs Terraform 1.11 or OpenTofu 1.11, or later.',
  ]);
});

describe("the definition's own validate", () => {
  it("reports with paths, sees numbers as numbers, and needs no configured provider", async () => {
    const resource = resourceOf(
      { size: attr.number({ description, required: true }) },
      {
        validate: ({ size }, ctx) => {
          if (typeof size === "number" && size > 5)
            ctx.error("Too big", "Make it smaller.", [{ attribute: "size" }]);
          ctx.warn("Seen", "Just so.");
        },
      },
    );
    const server = serve(providerOf(resource));
    const answer = await server.validateResourceConfig({
      type: "test_thing",
      config: { size: 9n },
      writeOnlyAllowed: true,
    });
    expect(linesOf(answer.diagnostics)).toEqual([
      "error size: Too big / Make it smaller.",
      "warning: Seen / Just so.",
    ]);
  });

  it("is asked only when every attribute is right by itself", async () => {
    const asked = jest.fn();
    const server = serve(providerOf(resourceOf({ name }, { validate: asked })));
    await server.validateResourceConfig({
      type: "test_thing",
      config: { name: "long" },
      writeOnlyAllowed: true,
    });
    expect(asked).not.toHaveBeenCalled();
    await server.validateResourceConfig({
      type: "test_thing",
      config: { name: "ok" },
      writeOnlyAllowed: true,
    });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("may throw: a DiagnosticError is its diagnostic, anything else a bug", async () => {
    const throwing = async (error: unknown) => {
      const resource = resourceOf(
        { name },
        {
          validate: () => {
            throw error;
          },
        },
      );
      const answer = await serve(providerOf(resource)).validateResourceConfig({
        type: "test_thing",
        config: { name: "a" },
        writeOnlyAllowed: true,
      });
      return linesOf(answer.diagnostics);
    };
    expect(await throwing(new DiagnosticError("No", "Because.", [{ attribute: "name" }]))).toEqual([
      "error name: No / Because.",
    ]);
    expect(await throwing(new TypeError("oops"))).toEqual([
      "error: Bug of the provider (test_thing) / Its validation failed with TypeError: oops. This is a bug of the provider. Please report it to its developers.",
    ]);
  });
});

it("a null or unknown of an attribute of any type is one although it has a type", async () => {
  const any = attr.dynamic({ description, optional: true });
  const schema = { a: any, b: any, c: attr.dynamic({ description, required: true }), id };
  const resource = resourceOf(schema, { validate: exactlyOneOf("a", "b") });
  const lines = async (a: Value, c: Value = new DynamicValue("bool", true)) =>
    linesOf(
      (
        await serve(providerOf(resource)).validateResourceConfig({
          type: "test_thing",
          config: { a, b: new DynamicValue("string", "b"), c, id: new DynamicValue("string", null) },
          writeOnlyAllowed: true,
        })
      ).diagnostics,
    );
  expect(await lines(new DynamicValue("string", null))).toEqual([]);
  expect(await lines(new DynamicValue("string", UNKNOWN))).toEqual([]);
  expect(await lines(new DynamicValue("string", "a"))).toEqual([
    'error b: "b" conflicts with "a" / Set at most one of "a", "b".',
  ]);
  expect(await lines(null, new DynamicValue("string", null))).toEqual([
    'error c: Missing value for "c" / This attribute is required.',
  ]);
});

it("provider and data sources are validated alike", async () => {
  const data = defineDataSource()({
    type: "test_data",
    description,
    example: "",
    attributes: { name },
    read: async (config) => config,
  });
  const definition = defineProvider({
    name: "test",
    source: "example.internal/test/test",
    version: "0.0.0",
    description,
    example: "",
    resources: [],
    attributes: { name },
    configure: () => undefined,
    dataSources: [data],
  });
  const server = serve(definition);
  const wrong = ['error name: Invalid value for "name" / At most 3 letters.'];
  expect(linesOf((await server.validateProviderConfig({ config: { name: "long" } })).diagnostics)).toEqual(
    wrong,
  );
  expect(
    linesOf(
      (await server.validateDataSourceConfig({ type: "test_data", config: { name: "long" } })).diagnostics,
    ),
  ).toEqual(wrong);
});
