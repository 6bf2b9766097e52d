import fc from "fast-check";
import { type Attribute, attr, type Schema } from "../../../../providers/framework/schema/attribute";
import { equal } from "../../../../providers/framework/schema/equality";
import { typeOfSchema } from "../../../../providers/framework/schema/schema-type";
import { type CtyType, UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { withDefaults } from "../../../../providers/framework/server/plan-pipeline";
import type { ProviderServer } from "../../../../providers/framework/server/provider-server";
import { description, linesOf, NO_BYTES, planWith, propose, resourceOf, running, serverFor } from "./fixture";

/*
 * For any schema and any configuration: create, read, plan again. The second plan must be the state itself, or
 * users would see changes for ever; and nothing that the pipeline produces may break core's rules.
 */

type Obj = { readonly [name: string]: Value };

const word = fc.constantFrom("", "a", "b", "toString", "é");
const modes = fc.constantFrom(
  { required: true },
  { optional: true },
  { computed: true },
  { optional: true, computed: true },
  { optional: true, computed: true, keepPriorValue: true },
  { computed: true, keepPriorValue: true },
);
// Elements of a set that differ only in what the provider may choose would be one element once it has chosen.
const modesInSet = modes.filter((mode) => !("optional" in mode && "computed" in mode));
const sameLetters = (a: unknown, b: unknown) => String(a).trim() === String(b).trim();

const primitiveOf = (allowed: fc.Arbitrary<object>): fc.Arbitrary<Attribute> =>
  fc
    .record({
      mode: allowed,
      kind: fc.constantFrom("string", "number", "bool", "list", "set", "map"),
      extra: fc.nat(3),
    })
    .map(({ mode, kind, extra }): Attribute => {
      const options = { description, ...mode };
      if (kind === "number") return attr.number(options) as Attribute;
      if (kind === "bool") return attr.bool(options) as Attribute;
      if (kind === "list") return attr.list("number", options) as Attribute;
      if (kind === "set") return attr.set("string", options) as Attribute;
      if (kind === "map") return attr.map("bool", options) as Attribute;
      if (extra === 1) return attr.string({ description, default: "usual" }) as Attribute;
      if (extra === 2) return attr.string({ ...options, semanticallyEqual: sameLetters }) as Attribute;
      return attr.string(options) as Attribute;
    });

const writeOnly = fc.constant(attr.string({ description, optional: true, writeOnly: true }) as Attribute);

const BUILDERS = ["object", "listOf", "setOf", "mapOf"] as const;

interface Within {
  readonly set: boolean;
  /** Write-only has no place in a set or in what the provider computes. */
  readonly computed: boolean;
}

function schemas(depth: number, within: Within): fc.Arbitrary<Schema> {
  const primitive = primitiveOf(within.set ? modesInSet : modes);
  const leaf =
    within.set || within.computed
      ? primitive
      : fc.oneof({ weight: 6, arbitrary: primitive }, { weight: 1, arbitrary: writeOnly });
  const attribute =
    depth === 0
      ? leaf
      : fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 2, arbitrary: nested(depth, within) });
  return fc.dictionary(fc.constantFrom("a", "b", "c", "d"), attribute, { minKeys: 1, noNullPrototype: true });
}

const nested = (depth: number, within: Within): fc.Arbitrary<Attribute> =>
  fc
    .record({ builder: fc.constantFrom(...BUILDERS), mode: within.set ? modesInSet : modes })
    .chain(({ builder, mode }) => {
      const computed = within.computed || !("required" in mode || "optional" in mode);
      return schemas(depth - 1, { set: within.set || builder === "setOf", computed }).map(
        (inner) =>
          attr[builder as "object"](inner, { description, ...mode } as never) as unknown as Attribute,
      );
    });

function configs(schema: Schema): fc.Arbitrary<Obj> {
  return fc.record(Object.fromEntries(Object.entries(schema).map(([name, a]) => [name, configValue(a)])), {
    noNullPrototype: true,
  }) as fc.Arbitrary<Obj>;
}

function configValue(attribute: Attribute): fc.Arbitrary<Value> {
  if (attribute.mode === "computed") return fc.constant(null);
  const some = attribute.nested ? nestedValue(attribute.nested) : plainValue(attribute.type);
  return attribute.mode === "required" ? some : fc.option(some, { freq: 2 });
}

function nestedValue({ nesting, attributes }: NonNullable<Attribute["nested"]>): fc.Arbitrary<Value> {
  const object = configs(attributes);
  if (nesting === "single") return object;
  if (nesting === "map") return fc.dictionary(word, object, { maxKeys: 3, noNullPrototype: true });
  if (nesting === "list") return fc.array(object, { maxLength: 3 });
  const same = (a: Obj, b: Obj) =>
    equal(typeOfSchema(attributes), withDefaults(attributes, a), withDefaults(attributes, b));
  return fc.uniqueArray(object, { maxLength: 3, comparator: same });
}

function plainValue(type: CtyType): fc.Arbitrary<Value> {
  if (type === "string") return fc.tuple(word, fc.constantFrom("", " ")).map(([w, space]) => w + space);
  if (type === "number") return fc.oneof(fc.integer(), fc.constant(2n ** 60n + 1n), fc.constant(0.5));
  if (type === "bool") return fc.boolean();
  if (type[0] === "map")
    return fc.dictionary(word, plainValue(elementOf(type)), { maxKeys: 3, noNullPrototype: true });
  const element = plainValue(elementOf(type));
  if (type[0] === "list") return fc.array(element, { maxLength: 3 });
  return fc.uniqueArray(element, { maxLength: 3 });
}

const elementOf = (type: CtyType): CtyType =>
  typeof type === "string" ? type : (type[1] as unknown as CtyType);

/** What a device would make of every unknown: something of its type. */
function made(attribute: Attribute, value: Value): Value {
  if (value === UNKNOWN) return example(attribute.type);
  const { nested: inner } = attribute;
  if (!inner || value === null) return value;
  if (inner.nesting === "single") return madeObject(inner.attributes, value as Obj);
  if (inner.nesting === "map")
    return Object.fromEntries(
      Object.entries(value as Obj).map(([k, v]): [string, Value] => [
        k,
        madeObject(inner.attributes, v as Obj),
      ]),
    );
  return (value as readonly Value[]).map((v): Value => madeObject(inner.attributes, v as Obj));
}
const madeObject = (schema: Schema, object: Obj): Obj =>
  Object.fromEntries(
    Object.entries(schema).map(([n, a]): [string, Value] => [n, made(a, object[n] ?? null)]),
  );

function example(type: CtyType): Value {
  if (type === "string") return "made";
  if (type === "number") return 7;
  if (type === "bool") return true;
  if (type[0] === "object")
    return Object.fromEntries(Object.entries(type[1]).map(([n, t]): [string, Value] => [n, example(t)]));
  return type[0] === "map" ? { made: example(elementOf(type)) } : [example(elementOf(type))];
}

async function apply(server: ProviderServer, schema: Schema, prior: Obj | null, config: Obj): Promise<Obj> {
  const plan = await planWith(server, schema, prior, config);
  expect(linesOf(plan.diagnostics)).toEqual([]);
  const answer = await server.applyResourceChange({
    type: "test_thing",
    prior,
    planned: plan.planned,
    config,
    plannedPrivate: plan.plannedPrivate,
    signal: running,
  });
  expect(linesOf(answer.diagnostics)).toEqual([]);
  return answer.state as Obj;
}

const scenario = schemas(2, { set: false, computed: false }).chain((schema) =>
  fc.tuple(fc.constant(schema), configs(schema), configs(schema)),
);

it("a second plan of the same configuration changes nothing, after a create and after an update", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ([schema, first, second]) => {
      const done = async ({ planned }: { planned: unknown }) => ({
        state: madeObject(schema, planned as Obj) as never,
      });
      const server = await serverFor(resourceOf(schema, { create: done, update: done }) as never);
      let prior: Obj | null = null;
      for (const config of [first, second]) {
        const state: Obj = await apply(server, schema, prior, config);
        const read = await server.readResource({
          type: "test_thing",
          current: state,
          private: NO_BYTES,
          signal: running,
        });
        expect(linesOf(read.diagnostics)).toEqual([]);
        const again = await planWith(server, schema, read.state as Obj, config);
        expect(linesOf(again.diagnostics)).toEqual([]);
        // A set is equal in any order.
        expect(equal(typeOfSchema(schema), again.planned, state)).toBe(true);
        prior = state;
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);

it("the proposal of the test host is core's: configured values, prior ones of what is computed", () => {
  const schema = {
    a: attr.string({ description, optional: true, computed: true }),
    b: attr.string({ description, optional: true }),
  };
  expect(propose(schema, { a: "p", b: "p" }, { a: null, b: null })).toEqual({ a: "p", b: null });
});
