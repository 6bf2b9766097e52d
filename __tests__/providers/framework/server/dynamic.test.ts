import { attr } from "../../../../providers/framework/schema/attribute";
import { DynamicValue, UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { description, linesOf, planWith, resourceOf, running, serverFor } from "./fixture";

const any = {
  a: attr.dynamic({ description, optional: true }),
  b: attr.dynamic({ description, optional: true, computed: true }),
};
it.each<[string, Value, Value]>([
  ["null", null, null],
  ["unknown", UNKNOWN, UNKNOWN],
])("a hook is given a typed %s without its type, and what it passes on has it", async (_, inner, shown) => {
  const typed = new DynamicValue("string", inner);
  const seen: unknown[] = [];
  const server = await serverFor(
    resourceOf(any, {
      plan: async ({ config, planned }) => {
        seen.push(config, planned.a);
        return { planned };
      },
    }),
  );
  const { planned, diagnostics } = await planWith(server, any, null, { a: typed, b: typed });
  expect(linesOf(diagnostics)).toEqual([]);
  expect(seen).toEqual([{ a: shown, b: shown }, shown]);
  // For core a null of whatever type leaves it to the provider.
  expect(planned).toEqual({ a: typed, b: inner === null ? UNKNOWN : typed });
});

it.each<[string, object]>([
  ["with a plan hook", { plan: async ({ planned }: { planned: object }) => ({ planned }) }],
  ["without one", {}],
])("a null that had a type, and is configured no more, has none: %s", async (_, hooks) => {
  const schema = { a: any.a, text: attr.string({ description, optional: true }) };
  const server = await serverFor(resourceOf(schema, hooks));
  const prior = { a: new DynamicValue("string", null), text: "x" };
  const config = { a: null, text: "y" };
  const plan = await planWith(server, schema, prior, config);
  expect(linesOf(plan.diagnostics)).toEqual([]);
  expect(plan.planned).toEqual(config);
  const given = { type: "test_thing", prior, ...plan, config, signal: running };
  const applied = await server.applyResourceChange(given);
  expect(linesOf(applied.diagnostics)).toEqual([]);
  expect(applied.state).toEqual(config);
});
