import { attr, type Schema } from "../../../../providers/framework/schema/attribute";
import { showPath } from "../../../../providers/framework/schema/path";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { description, linesOf, planWith, resourceOf, serverFor } from "./fixture";

const trimmed = (a: string, b: string) => a.trim() === b.trim();

const name = attr.string({ description, required: true });
const note = attr.string({ description, optional: true });
const id = attr.string({ description, computed: true, keepPriorValue: true });
const etag = attr.string({ description, computed: true });
const size = attr.number({ description, default: 3 });
const pem = attr.string({ description, required: true, semanticallyEqual: trimmed });
const zone = attr.string({ description, optional: true, requiresReplace: true });
const secret = attr.string({ description, optional: true, writeOnly: true });
const item = { name, size, etag, id };

type Obj = { readonly [name: string]: Value };
interface Case {
  readonly title: string;
  readonly schema: Schema;
  readonly prior: Obj | null;
  readonly config: Obj;
  readonly planned: Obj;
  readonly replace?: readonly string[];
}

const zones = (...all: readonly (readonly [string | null, string | null])[]) => ({
  all: all.map(([zone, note]) => ({ zone, note })),
});

const CASES: readonly Case[] = [
  {
    title: "create: defaults are known, computed is unknown",
    schema: { name, size, id, etag },
    prior: null,
    config: { name: "a", size: null, id: null, etag: null },
    planned: { name: "a", size: 3, id: UNKNOWN, etag: UNKNOWN },
  },
  {
    title: "no difference: computed keeps its prior value",
    schema: { name, size, id, etag },
    prior: { name: "a", size: 3, id: "i", etag: "e" },
    config: { name: "a", size: null, id: null, etag: null },
    planned: { name: "a", size: 3, id: "i", etag: "e" },
  },
  {
    title: "a difference: computed becomes unknown, unless it is kept",
    schema: { name, size, id, etag },
    prior: { name: "a", size: 3, id: "i", etag: "e" },
    config: { name: "b", size: null, id: null, etag: null },
    planned: { name: "b", size: 3, id: "i", etag: UNKNOWN },
  },
  {
    title: "a default that the state has drifted from is a difference",
    schema: { name, size, etag },
    prior: { name: "a", size: 9, etag: "e" },
    config: { name: "a", size: null, etag: null },
    planned: { name: "a", size: 3, etag: UNKNOWN },
  },
  {
    title: "an optional value that is no longer configured goes",
    schema: { note, etag },
    prior: { note: "x", etag: "e" },
    config: { note: null, etag: null },
    planned: { note: null, etag: UNKNOWN },
  },
  {
    title: "optional and computed: the configured value counts, the prior one when there is none",
    schema: {
      name,
      a: attr.string({ description, optional: true, computed: true }),
      b: attr.string({ description, optional: true, computed: true }),
    },
    prior: { name: "a", a: "old", b: "kept" },
    config: { name: "a", a: "old", b: null },
    planned: { name: "a", a: "old", b: "kept" },
  },
  {
    title: "an unknown in the configuration stays, and is a difference",
    schema: { name, id, etag },
    prior: { name: "a", id: "i", etag: "e" },
    config: { name: UNKNOWN, id: null, etag: null },
    planned: { name: UNKNOWN, id: "i", etag: UNKNOWN },
  },
  {
    title: "another spelling of the same is no difference: the prior one is planned",
    schema: { pem, etag },
    prior: { pem: "X", etag: "e" },
    config: { pem: "X\n", etag: null },
    planned: { pem: "X", etag: "e" },
  },
  {
    title: "another meaning is",
    schema: { pem, etag },
    prior: { pem: "X", etag: "e" },
    config: { pem: "Y\n", etag: null },
    planned: { pem: "Y\n", etag: UNKNOWN },
  },
  {
    title: "a write-only value is never planned and makes no difference",
    schema: { name, secret, etag },
    prior: { name: "a", secret: null, etag: "e" },
    config: { name: "a", secret: "hush", etag: null },
    planned: { name: "a", secret: null, etag: "e" },
  },
  {
    title: "a kept null is unknown: it is no value",
    schema: { name, id },
    prior: { name: "a", id: null },
    config: { name: "b", id: null },
    planned: { name: "b", id: UNKNOWN },
  },
  {
    title: "a kept null stays when the attribute may be null",
    schema: { name, id: attr.string({ description, computed: true, keepPriorValue: true, nullable: true }) },
    prior: { name: "a", id: null },
    config: { name: "b", id: null },
    planned: { name: "b", id: null },
  },
  {
    title: "a create has nothing to keep, even where null is a value",
    schema: { name, id: attr.string({ description, computed: true, keepPriorValue: true, nullable: true }) },
    prior: null,
    config: { name: "b", id: null },
    planned: { name: "b", id: UNKNOWN },
  },
  {
    title: "a map key that every object inherits has no prior either",
    schema: {
      all: attr.mapOf(
        { id: attr.string({ description, computed: true, keepPriorValue: true, nullable: true }) },
        { description, required: true },
      ),
    },
    prior: { all: {} },
    config: { all: JSON.parse('{"__proto__":{"id":null}}') },
    planned: { all: Object.fromEntries([["__proto__", { id: UNKNOWN }]]) },
  },
  {
    title: "a change of requiresReplace is named",
    schema: { name, zone },
    prior: { name: "a", zone: "x" },
    config: { name: "a", zone: "y" },
    planned: { name: "a", zone: "y" },
    replace: ["zone"],
  },
  {
    title: "unknown counts as a change",
    schema: { zone },
    prior: { zone: "x" },
    config: { zone: UNKNOWN },
    planned: { zone: UNKNOWN },
    replace: ["zone"],
  },
  {
    title: "a create replaces nothing",
    schema: { zone },
    prior: null,
    config: { zone: "y" },
    planned: { zone: "y" },
  },
  {
    title: "requiresReplace with the same value replaces nothing",
    schema: { name, zone },
    prior: { name: "a", zone: "x" },
    config: { name: "b", zone: "x" },
    planned: { name: "b", zone: "x" },
  },
  {
    title: "a kept optional and computed attribute does not replace while another changes",
    schema: {
      name,
      place: attr.string({
        description,
        optional: true,
        computed: true,
        keepPriorValue: true,
        requiresReplace: true,
      }),
    },
    prior: { name: "a", place: "p" },
    config: { name: "b", place: null },
    planned: { name: "b", place: "p" },
  },
  {
    title: "nested object: defaults and computed inside",
    schema: { one: attr.object(item, { description, required: true }) },
    prior: null,
    config: { one: { name: "a", size: null, etag: null, id: null } },
    planned: { one: { name: "a", size: 3, etag: UNKNOWN, id: UNKNOWN } },
  },
  {
    title: "nested object: kept inside, unknown beside it",
    schema: { one: attr.object(item, { description, required: true }) },
    prior: { one: { name: "a", size: 3, etag: "e", id: "i" } },
    config: { one: { name: "b", size: null, etag: null, id: null } },
    planned: { one: { name: "b", size: 3, etag: UNKNOWN, id: "i" } },
  },
  {
    title: "nested object: not configured is null, without its defaults",
    schema: { one: attr.object(item, { description, optional: true }), etag },
    prior: null,
    config: { one: null, etag: null },
    planned: { one: null, etag: UNKNOWN },
  },
  {
    title: "nested object: a default of its own is completed",
    schema: { one: attr.object({ name: note, size }, { description, default: {} as never }) },
    prior: null,
    config: { one: null },
    planned: { one: { name: null, size: 3 } },
  },
  {
    title: "a computed nested attribute is unknown as a whole",
    schema: {
      name,
      nodes: attr.mapOf({ up: attr.bool({ description, computed: true }) }, { description, computed: true }),
    },
    prior: { name: "a", nodes: { n: { up: true } } },
    config: { name: "b", nodes: null },
    planned: { name: "b", nodes: UNKNOWN },
  },
  {
    title: "list: by index",
    schema: { all: attr.listOf(item, { description, required: true }) },
    prior: { all: [{ name: "a", size: 3, etag: "e", id: "i" }] },
    config: {
      all: [
        { name: "a", size: null, etag: null, id: null },
        { name: "b", size: 5, etag: null, id: null },
      ],
    },
    planned: {
      all: [
        { name: "a", size: 3, etag: UNKNOWN, id: "i" },
        { name: "b", size: 5, etag: UNKNOWN, id: UNKNOWN },
      ],
    },
  },
  {
    title: "map: by key, a key may be any",
    schema: { all: attr.mapOf(item, { description, required: true }) },
    prior: { all: { b: { name: "b", size: 3, etag: "e", id: "i" } } },
    config: {
      all: {
        constructor: { name: "a", size: null, etag: null, id: null },
        b: { name: "c", size: null, etag: null, id: null },
      },
    },
    planned: {
      all: {
        constructor: { name: "a", size: 3, etag: UNKNOWN, id: UNKNOWN } as Obj,
        b: { name: "c", size: 3, etag: UNKNOWN, id: "i" },
      },
    },
  },
  {
    title: "map: an unknown object stays",
    schema: { all: attr.mapOf(item, { description, required: true }) },
    prior: null,
    config: { all: { a: UNKNOWN } },
    planned: { all: { a: UNKNOWN } },
  },
  {
    title: "set: elements find their prior by what is configured; order is nothing",
    schema: { all: attr.setOf(item, { description, required: true }) },
    prior: {
      all: [
        { name: "a", size: 3, etag: "ea", id: "ia" },
        { name: "b", size: 3, etag: "eb", id: "ib" },
      ],
    },
    config: {
      all: [
        { name: "b", size: null, etag: null, id: null },
        { name: "a", size: 3, etag: null, id: null },
      ],
    },
    planned: {
      all: [
        { name: "b", size: 3, etag: "eb", id: "ib" },
        { name: "a", size: 3, etag: "ea", id: "ia" },
      ],
    },
  },
  {
    title: "set: a new element is unknown, the others keep what is kept",
    schema: { all: attr.setOf(item, { description, required: true }) },
    prior: { all: [{ name: "a", size: 3, etag: "ea", id: "ia" }] },
    config: {
      all: [
        { name: "z", size: null, etag: null, id: null },
        { name: "a", size: null, etag: null, id: null },
      ],
    },
    planned: {
      all: [
        { name: "z", size: 3, etag: UNKNOWN, id: UNKNOWN },
        { name: "a", size: 3, etag: UNKNOWN, id: "ia" },
      ],
    },
  },
  {
    title: "set: an element whose default has drifted keeps what is kept",
    schema: { all: attr.setOf(item, { description, required: true }) },
    prior: { all: [{ name: "a", size: 9, etag: "e", id: "i" }] },
    config: { all: [{ name: "a", size: null, etag: null, id: null }] },
    planned: { all: [{ name: "a", size: 3, etag: UNKNOWN, id: "i" }] },
  },
  {
    title: "set: but the prior element that agrees with the default comes first",
    schema: { all: attr.setOf(item, { description, required: true }) },
    prior: {
      all: [
        { name: "a", size: 9, etag: "e1", id: "i1" },
        { name: "a", size: 3, etag: "e2", id: "i2" },
      ],
    },
    config: { all: [{ name: "a", size: null, etag: null, id: null }] },
    planned: { all: [{ name: "a", size: 3, etag: UNKNOWN, id: "i2" }] },
  },
  {
    title: "set: as many elements as possible find their prior",
    schema: {
      all: attr.setOf(
        { place: attr.string({ description, optional: true, computed: true }), id },
        { description, required: true },
      ),
    },
    prior: {
      all: [
        { place: "p", id: "i1" },
        { place: "q", id: "i2" },
      ],
    },
    config: {
      all: [
        { place: null, id: null },
        { place: "p", id: null },
      ],
    },
    planned: {
      all: [
        { place: "q", id: "i2" },
        { place: "p", id: "i1" },
      ],
    },
  },
  {
    title: "nested spelling: by key",
    schema: { all: attr.mapOf({ pem, etag }, { description, required: true }) },
    prior: { all: { a: { pem: "X", etag: "e" } } },
    config: { all: { a: { pem: " X ", etag: null } } },
    planned: { all: { a: { pem: "X", etag: "e" } } },
  },
  {
    title: "set: another spelling finds its element too",
    schema: { all: attr.setOf({ pem, etag }, { description, required: true }) },
    prior: {
      all: [
        { pem: "Y", etag: "y" },
        { pem: "X", etag: "x" },
      ],
    },
    config: {
      all: [
        { pem: " X ", etag: null },
        { pem: "Y", etag: null },
      ],
    },
    planned: {
      all: [
        { pem: "X", etag: "x" },
        { pem: "Y", etag: "y" },
      ],
    },
  },
  {
    title: "nested replacement: map key",
    schema: { all: attr.mapOf({ zone, note }, { description, required: true }) },
    prior: { all: { b: { zone: "x", note: null }, a: { zone: "x", note: null } } },
    config: { all: { b: { zone: "y", note: null }, a: { zone: "z", note: "n" } } },
    planned: { all: { b: { zone: "y", note: null }, a: { zone: "z", note: "n" } } },
    replace: ['all["a"].zone', 'all["b"].zone'],
  },
  {
    title: "nested replacement: an object that came or went is named itself",
    schema: { all: attr.listOf({ zone }, { description, required: true }) },
    prior: { all: [{ zone: "x" }, { zone: "y" }] },
    config: { all: [{ zone: "x" }] },
    planned: { all: [{ zone: "x" }] },
    replace: ["all[1]"],
  },
  {
    title: "nested replacement: an element of a set has no path, the set has",
    schema: { all: attr.setOf({ zone }, { description, required: true }) },
    prior: { all: [{ zone: "x" }] },
    config: { all: [{ zone: "y" }] },
    planned: { all: [{ zone: "y" }] },
    replace: ["all"],
  },
  {
    title: "nested replacement: in a set, a change beside it replaces nothing",
    schema: { all: attr.setOf({ zone, note }, { description, required: true }) },
    prior: zones(["x", null], ["y", null], [null, "old"]),
    config: zones(["y", "n"], ["x", null], [null, "new"], [null, "more"]),
    planned: zones(["y", "n"], ["x", null], [null, "new"], [null, "more"]),
  },
  {
    title: "nested replacement: an element of a set that came replaces",
    schema: { all: attr.setOf({ zone, note }, { description, required: true }) },
    prior: zones(["x", null]),
    config: zones(["x", null], ["x", "n"]),
    planned: zones(["x", null], ["x", "n"]),
    replace: ["all"],
  },
  {
    title: "nested replacement: an element of a set that went replaces",
    schema: { all: attr.setOf({ zone, note }, { description, required: true }) },
    prior: zones(["x", null], ["y", null]),
    config: zones(["x", "n"]),
    planned: zones(["x", "n"]),
    replace: ["all"],
  },
  {
    title: "nested replacement: a change beside it replaces nothing",
    schema: { all: attr.listOf({ zone, note }, { description, required: true }) },
    prior: { all: [{ zone: "x", note: null }] },
    config: { all: [{ zone: "x", note: "n" }] },
    planned: { all: [{ zone: "x", note: "n" }] },
  },
  {
    title: "numbers that no JavaScript number holds are kept",
    schema: { size: attr.number({ description, required: true }), etag },
    prior: { size: 9007199254740993n, etag: "e" },
    config: { size: 9007199254740993n, etag: null },
    planned: { size: 9007199254740993n, etag: "e" },
  },
];

describe.each(CASES)("$title", ({ schema, prior, config, planned, replace = [] }) => {
  it("is planned", async () => {
    const server = await serverFor(resourceOf(schema));
    const answer = await planWith(server, schema, prior, config);
    expect(linesOf(answer.diagnostics)).toEqual([]);
    expect(answer.planned).toEqual(planned);
    expect(answer.requiresReplace.map(showPath)).toEqual(replace);
  });

  it("is planned the same with a hook that changes nothing", async () => {
    const server = await serverFor(resourceOf(schema, { plan: async ({ planned: p }) => ({ planned: p }) }));
    const answer = await planWith(server, schema, prior, config);
    expect(linesOf(answer.diagnostics)).toEqual([]);
    expect(answer.planned).toEqual(planned);
  });
});
