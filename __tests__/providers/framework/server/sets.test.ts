import fc from "fast-check";
import { attr } from "../../../../providers/framework/schema/attribute";
import { distinct, equal } from "../../../../providers/framework/schema/equality";
import { typeOfSchema } from "../../../../providers/framework/schema/schema-type";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { checkPlan } from "../../../../providers/framework/server/check-plan";
import { checkResult } from "../../../../providers/framework/server/check-result";
import { matchSet } from "../../../../providers/framework/server/nested";
import { pairUp } from "../../../../providers/framework/server/set-pairs";
import { description, linesOf, NO_BYTES, planWith, resourceOf, running, serverFor } from "./fixture";

/* Sets of objects: what corresponds to what is found by index, and is what a comparison of all with all would find. */

const trimmed = (a: string, b: string) => a.trim() === b.trim();
const required = { description, required: true } as const;
const element = {
  name: attr.string(required),
  pem: attr.string({ ...required, semanticallyEqual: trimmed }),
  port: attr.number({ description, default: 5060 }),
  place: attr.object({ rack: attr.string(required) }, required),
  id: attr.string({ description, computed: true, keepPriorValue: true }),
};
const schema = { phones: attr.setOf(element, { description, optional: true }) };
type Obj = { readonly [name: string]: Value };

/** How often a member of an object is looked at: a measure of work that no busy machine changes. */
async function operations(run: () => Promise<void>): Promise<number> {
  const { hasOwn } = Object;
  let count = 0;
  Object.hasOwn = (object, name) => {
    count++;
    return hasOwn(object, name);
  };
  try {
    await run();
  } finally {
    Object.hasOwn = hasOwn;
  }
  return count;
}

/** Reads with another spelling and order, then changes a tenth. */
async function live(size: number): Promise<void> {
  const phones = (port: (i: number) => number | null, id: (i: number) => string | null) =>
    Array.from({ length: size }, (_, i): Obj => {
      const place = { rack: `rack ${i % 20}` };
      return { name: `phone ${i}`, pem: `pem ${i % 7}`, port: port(i), place, id: id(i) };
    });
  const server = await serverFor(
    resourceOf(schema, {
      read: async ({ state }) => ({
        state: { phones: [...state.phones!].reverse().map((p) => ({ ...p, pem: `${p.pem} ` })) },
      }),
      update: async ({ planned }) => ({
        state: {
          phones: [...(planned.phones as typeof planned.phones & Value[])].reverse().map(made),
        } as never,
      }),
    }),
  );
  const current: Obj = {
    phones: phones(
      () => 5060,
      (i) => `id ${i}`,
    ),
  };
  const read = await server.readResource({ type, current, private: NO_BYTES, signal: running });
  expect(linesOf(read.diagnostics)).toEqual([]);
  expect((read.state as { phones: Obj[] }).phones[0]).toEqual((current.phones as Obj[]).at(-1));

  const config = {
    phones: phones(
      (i) => (i % 10 === 0 ? 5061 : null),
      () => null,
    ),
  };
  const plan = await planWith(server, schema, current, config);
  expect(linesOf(plan.diagnostics)).toEqual([]);
  const applied = await server.applyResourceChange({
    type,
    prior: current,
    planned: plan.planned,
    config,
    plannedPrivate: plan.plannedPrivate,
    signal: running,
  });
  expect(linesOf(applied.diagnostics)).toEqual([]);
  const kept = (applied.state as { phones: Obj[] }).phones.filter(({ id }) => id !== "made");
  expect(kept).toHaveLength(size * 0.9);
}
const type = "test_thing";
const made = (phone: Value) => ({
  ...(phone as Obj),
  id: (phone as Obj).id === UNKNOWN ? "made" : (phone as Obj).id,
});

test("2000 objects take little more than four times what 500 take", async () => {
  const few = await operations(() => live(500));
  const many = await operations(() => live(2_000));
  // Sixteen times, if all were compared with all.
  expect(many / few).toBeLessThan(6);
}, 60_000);

test("respelled objects with a canonical form are compared with few others", async () => {
  let asked = 0;
  const canonical = (pem: string) => {
    asked++;
    if (pem === "no PEM") throw new TypeError("It is no PEM.");
    return pem.trim();
  };
  const certificates = { all: attr.setOf({ pem: attr.string({ ...required, canonical }) }, required) };
  const work = async (size: number) => {
    asked = 0;
    const all = (space: string) => ({
      all: [...Array.from({ length: size }, (_, i): Obj => ({ pem: `pem ${i}${space}` })), { pem: "no PEM" }],
    });
    const read = async () => ({ state: { all: all("\n").all.reverse() as never } });
    const server = await serverFor(resourceOf(certificates, { read }));
    const current = all("");
    const { state, diagnostics } = await server.readResource({
      type,
      current,
      private: NO_BYTES,
      signal: running,
    });
    expect(linesOf(diagnostics)).toEqual([]);
    expect([...(state as typeof current).all].reverse()).toEqual(current.all);
    const plan = await planWith(server, certificates, current, all(" "));
    expect(linesOf(plan.diagnostics)).toEqual([]);
    expect(plan.planned).toEqual(current);
    return asked;
  };
  const few = await work(100);
  // Sixteen times, if all were compared with all.
  expect((await work(400)) / few).toBeLessThan(4.5);
});

test("thousands that all fit each other do not exhaust the stack when one is added", async () => {
  const devices = attr.setOf(
    {
      name: attr.string(required),
      zone: attr.string({ description, optional: true, requiresReplace: true }),
    },
    required,
  );
  const server = await serverFor(resourceOf({ devices }));
  const some = (count: number) => ({
    devices: Array.from({ length: count }, (_, i): Obj => ({ name: `device ${i}`, zone: "north" })),
  });
  const plan = await planWith(server, { devices }, some(5_000), some(5_001));
  expect(linesOf(plan.diagnostics)).toEqual([]);
  expect(plan.requiresReplace).toEqual([[{ attribute: "devices" }]]);
}, 60_000);

test("a requiresReplace that throws is a bug of its attribute, said once; nothing is planned", async () => {
  const zone = attr.string({
    ...required,
    requiresReplace: () => {
      throw new RangeError("beyond");
    },
  });
  const zones = { zones: attr.setOf({ zone }, required) };
  const server = await serverFor(resourceOf(zones, { update: undefined as never }));
  const prior = { zones: [{ zone: "north" }, { zone: "south" }] };
  const plan = await planWith(server, zones, prior, { zones: [{ zone: "east" }, { zone: "west" }] });
  expect(linesOf(plan.diagnostics)).toEqual([
    expect.stringContaining('Its requiresReplace of "zones.zone" failed with RangeError: beyond.'),
  ]);
  expect([plan.planned, plan.requiresReplace]).toEqual([prior, []]);
});

// ---- What a comparison of all with all finds ------------------------------------------------------------------

const word = fc.constantFrom("a", "b", "c");
const configured = fc.record(
  {
    name: word,
    pem: fc.tuple(word, fc.constantFrom("", " ")).map(([w, space]) => w + space),
    port: fc.constantFrom(null, 5060, 1),
    place: fc.record({ rack: word }, { noNullPrototype: true }),
    id: fc.constant(null),
  },
  { noNullPrototype: true },
);
const stored = configured.map((c): Obj => ({ ...c, port: c.port ?? 5060, id: "i" }));
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 4 });

/** The most pairs that there can be, by trying all. */
function most(
  left: readonly Value[],
  right: readonly Value[],
  fits: (l: Value, r: Value) => boolean,
): number {
  const [first, ...rest] = left;
  if (first === undefined) return 0;
  const without = (k: number) => right.filter((_, i) => i !== k);
  const taking = right.flatMap((r, k) => (fits(first, r) ? [1 + most(rest, without(k), fits)] : []));
  return Math.max(most(rest, right, fits), ...taking);
}

test("as many elements as possible have a prior, and each its own", () => {
  const { port: _, ...plain } = element;
  const fits = (c: Value, p: Value) => matchSet(plain, [c], [p])[0] !== null;
  fc.assert(
    fc.property(some(configured), some(stored), (configs, priors) => {
      const partners = matchSet(plain, configs, priors);
      const found = partners.filter((p) => p !== null);
      expect(found).toHaveLength(most(configs, priors, fits));
      expect(new Set(found).size).toBe(found.length);
      for (const [i, p] of partners.entries()) if (p !== null) expect(fits(configs[i]!, p)).toBe(true);
    }),
  );
});

test("pairs of an earlier test come first, and none is lost to a preferred one", () => {
  const object = fc.record({ a: fc.nat(2), b: fc.nat(2) }, { noNullPrototype: true });
  const of = (v: Value, name: string) => (v as Obj)[name] as number;
  const close = (l: Value, r: Value) => of(l, "a") === of(r, "a") && Math.abs(of(l, "b") - of(r, "b")) < 2;
  const near = (l: Value, r: Value) => Math.abs(of(l, "a") - of(r, "a")) < 2;
  const part = (v: Value, name: string) => ({ path: [name], type: "number" as const, value: of(v, name) });
  fc.assert(
    fc.property(some(object), some(object), (left, right) => {
      const closest = {
        fits: close,
        shared: (l: Value) => [part(l, "a")],
        preferred: (l: Value) => [part(l, "a"), part(l, "b")],
      };
      const one = pairUp(left, right, closest);
      expect(one.filter((k) => k !== null)).toHaveLength(most(left, right, close));
      const two = pairUp(left, right, closest, { fits: near, shared: () => [] });
      for (const [l, k] of one.entries()) if (k !== null) expect(two[l]).toBe(k);
      const [restLeft, restRight] = [
        left.filter((_, l) => one[l] === null),
        right.filter((_, k) => !one.includes(k)),
      ];
      const added = two.filter((k, l) => k !== null && one[l] === null);
      expect(added).toHaveLength(most(restLeft, restRight, near));
    }),
  );
});

test("a plan has a stray element exactly if one fits no configured element beside any prior", () => {
  const type = schema.phones.type;
  const either = fc.oneof(
    configured,
    stored,
    stored.map((s): Obj => ({ ...s, id: UNKNOWN })),
  );
  fc.assert(
    fc.property(some(stored), some(configured), some(either), (priors, configs, planned) => {
      const fits = (v: Value) =>
        configs.some((k) => [null, ...priors].some((was) => checkPlan(element, was, k, v).length === 0));
      const kept = equal(type, planned, configs) || equal(type, planned, priors);
      const count = (of: readonly Value[]) => distinct(typeOfSchema(element), of).length;
      const sound = kept || (count(planned) === count(configs) && planned.every(fits));
      const found = checkPlan(schema, { phones: priors }, { phones: configs }, { phones: planned });
      expect(found.length === 0).toBe(sound);
    }),
    { numRuns: 500 },
  );
});

test("a result has lost or gained an element exactly if one has no partner on the other side", () => {
  const partly = fc
    .tuple(stored, fc.subarray(["id", "pem", "place"]))
    .map(([s, names]): Obj => ({ ...s, ...Object.fromEntries(names.map((name) => [name, UNKNOWN])) }));
  fc.assert(
    fc.property(some(fc.oneof(partly, fc.constant(UNKNOWN))), some(stored), (planned, result) => {
      const fits = (p: Value, r: Value) => p === UNKNOWN || checkResult(element, p, r).length === 0;
      const lost = planned.some((p) => !result.some((r) => fits(p, r)));
      const gained = result.some((r) => !planned.some((p) => fits(p, r)));
      const found = checkResult(schema, { phones: planned }, { phones: result }).map(
        ({ message }) => message,
      );
      const expected = lost
        ? /has lost the planned element/
        : gained
          ? /has gained the element/
          : planned.length < result.length
            ? /was planned with/
            : undefined;
      const same = equal(schema.phones.type, planned, result);
      expect(found).toEqual(expected && !same ? [expect.stringMatching(expected)] : []);
    }),
    { numRuns: 500 },
  );
});

test("a plan hook passes on every element that is not known yet", async () => {
  const names = { names: attr.set("string", { description, optional: true }), ...schema };
  const server = await serverFor(resourceOf(names, { plan: async ({ planned }) => ({ planned }) }));
  const phone: Obj = { name: UNKNOWN, pem: "p", port: null, place: { rack: "r" }, id: null };
  const config: Obj = { names: ["x", UNKNOWN, UNKNOWN], phones: [phone, phone] };
  const plan = await planWith(server, names, null, config);
  expect(linesOf(plan.diagnostics)).toEqual([]);
  const planned = { ...phone, port: 5060, id: UNKNOWN };
  expect(plan.planned).toEqual({ names: ["x", UNKNOWN, UNKNOWN], phones: [planned, planned] });
});

test("a plan with fewer unknown elements than are configured breaks core's rule", () => {
  const names = { names: attr.set("string", { description, optional: true }) };
  const plan = (planned: Value[]) =>
    checkPlan(names, null, { names: ["x", UNKNOWN, UNKNOWN] }, { names: planned });
  expect(plan(["x", UNKNOWN])).toHaveLength(1);
  expect(plan([UNKNOWN, "x", UNKNOWN])).toEqual([]);
});
