import { attr } from "../../../../providers/framework/schema/attribute";
import { BigDecimal, type Value } from "../../../../providers/framework/schema/value";
import { description, linesOf, NO_BYTES, planWith, resourceOf, running, serverFor } from "./fixture";

/* A value that a hook is shown rounded, and hands on as it is, is never a change. */

const attributes = {
  size: attr.number({ description, required: true }),
  share: attr.number({ description, required: true, requiresReplace: true }),
  counters: attr.setOf({ n: attr.number({ description, required: true }) }, { description, optional: true }),
  copy: attr.number({ description, computed: true, keepPriorValue: true }),
};
const exact: { readonly [name: string]: Value } = {
  size: 9007199254740993n,
  share: new BigDecimal("0.100000000000000000000000000001"),
  counters: [{ n: 9007199254740995n }, { n: 9007199254740993n }],
  copy: 9007199254740993n,
};
const config = { ...exact, copy: null };
const type = "test_thing";

const passing = () =>
  serverFor(
    resourceOf(attributes, {
      plan: async ({ planned }) => ({ planned }),
      read: async ({ state }) => ({ state: { ...state, counters: [...state.counters!].reverse() } }),
      create: async ({ config: c }) => ({ state: { ...c, copy: c.size } }),
    }),
  );

test("neither read nor plan finds a difference", async () => {
  const server = await passing();
  const read = await server.readResource({ type, current: exact, private: NO_BYTES, signal: running });
  expect(linesOf(read.diagnostics)).toEqual([]);
  expect(read.state).toEqual({ ...exact, counters: [...(exact.counters as Value[])].reverse() });
  const plan = await planWith(server, attributes, read.state as typeof exact, config);
  expect([linesOf(plan.diagnostics), plan.planned, plan.requiresReplace]).toEqual([[], exact, []]);
});

test("a create records what was configured, in another attribute too", async () => {
  const server = await passing();
  const plan = await planWith(server, attributes, null, config);
  const { state, diagnostics } = await server.applyResourceChange({
    type,
    prior: null,
    planned: plan.planned,
    config,
    plannedPrivate: plan.plannedPrivate,
    signal: running,
  });
  expect([linesOf(diagnostics), state]).toEqual([[], exact]);
});

test("a neighbour that looks the same to a hook is a change", async () => {
  const server = await passing();
  const plan = await planWith(server, attributes, exact, { ...config, size: 9007199254740992 });
  expect(plan.planned).toMatchObject({ size: 9007199254740992, copy: 9007199254740993n });
});

test("a hook may return what no number holds, and compares numbers only", async () => {
  const same = jest.fn((a: number, b: number) => Math.round(a) === Math.round(b));
  const schema = { n: attr.number({ description, required: true, semanticallyEqual: same }) };
  const server = await serverFor(
    resourceOf(schema, { read: async () => ({ state: { n: 2n ** 60n + 1n } }) }),
  );
  const current = { n: 2n ** 60n + 3n };
  const { state, diagnostics } = await server.readResource({
    type,
    current,
    private: NO_BYTES,
    signal: running,
  });
  expect([linesOf(diagnostics), state]).toEqual([[], current]);
  expect(same).toHaveBeenCalledWith(2 ** 60, 2 ** 60);
});
