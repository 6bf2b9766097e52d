import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { showPath } from "../../../../providers/framework/schema/path";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import {
  description,
  linesOf,
  NO_BYTES,
  planWith,
  privateOf,
  providerOf,
  readPrivate,
  resourceOf,
  running,
  serve,
  serverFor,
} from "./fixture";

const schema = {
  name: attr.string({ description, required: true }),
  note: attr.string({ description, optional: true }),
  token: attr.string({ description, optional: true, sensitive: true }),
  serve: attr.string({ description, optional: true, computed: true }),
  observed: attr.list("string", { description, computed: true }),
  zone: attr.string({ description, optional: true, requiresReplace: true }),
  nodes: attr.mapOf({ up: attr.bool({ description, computed: true }) }, { description, optional: true }),
};
const prior = { name: "a", note: null, token: null, serve: "x", observed: ["1"], zone: null, nodes: null };
const config = { name: "a", note: null, token: null, serve: null, observed: null, zone: null, nodes: null };
const blame = "This is a bug of the provider. Please report it to its developers.";

type Change = (planned: Record<string, unknown>) => unknown;

async function planned(change: Change, was: typeof prior | null, is: { readonly [n: string]: Value }) {
  const server = await serverFor(
    resourceOf(schema, { plan: async (r) => ({ planned: change({ ...r.planned }) as never }) }),
  );
  return planWith(server, schema, was, is);
}

describe("a hook may", () => {
  it.each<[string, Change, object, object]>([
    [
      "make an update of drift by planning unknown",
      (p) => ({ ...p, observed: UNKNOWN }),
      config,
      { ...prior, observed: UNKNOWN },
    ],
    [
      "make an update by planning a known value",
      (p) => ({ ...p, observed: ["2"] }),
      config,
      { ...prior, observed: ["2"] },
    ],
    [
      "keep a computed value that would be unknown",
      (p) => ({ ...p, observed: ["1"] }),
      { ...config, name: "b" },
      { ...prior, name: "b", serve: UNKNOWN },
    ],
    [
      "keep the prior value of a configured attribute: they mean the same",
      (p) => ({ ...p, name: "a", serve: "x", observed: ["1"] }),
      { ...config, name: "A" },
      prior,
    ],
    [
      "keep the prior value of what is not known yet",
      (p) => ({ ...p, name: "a", serve: "x", observed: ["1"] }),
      { ...config, name: UNKNOWN },
      prior,
    ],
  ])("%s", async (_, change, is, expected) => {
    const answer = await planned(change, prior, is as never);
    expect(linesOf(answer.diagnostics)).toEqual([]);
    expect(answer.planned).toEqual(expected);
  });

  it("plan a replacement by a changed value", async () => {
    const answer = await planned((p) => p, prior, { ...config, zone: "z" });
    expect(answer.requiresReplace.map(showPath)).toEqual(["zone"]);
  });
});

describe("a hook must not", () => {
  it.each<[string, Change, object, string]>([
    [
      "leave an attribute out",
      ({ note: _, ...p }) => p,
      config,
      'error note: Bug of the provider (test_thing) / The plan returned "note", which is missing (an attribute without value is null, never left out).',
    ],
    [
      "add one",
      (p) => ({ ...p, more: 1 }),
      config,
      'error more: Bug of the provider (test_thing) / The plan returned "more", which is no attribute of the schema.',
    ],
    [
      "return another type",
      (p) => ({ ...p, observed: "x" }),
      config,
      'error observed: Bug of the provider (test_thing) / The plan returned "observed", which must be an array, and is a string.',
    ],
    [
      "return nothing",
      () => undefined,
      config,
      "error: Bug of the provider (test_thing) / The plan returned something that is missing (an attribute without value is null, never left out).",
    ],
    [
      "change what is configured",
      (p) => ({ ...p, name: "z" }),
      { ...config, name: "b" },
      'error name: Bug of the provider (test_thing) / It planned "name", which must be the configured value "b" or, when that means the same, the prior one; it is "z".',
    ],
    [
      "show a sensitive value while it is told so",
      (p) => ({ ...p, token: "y" }),
      { ...config, token: "x" },
      'error token: Bug of the provider (test_thing) / It planned "token", which must be the configured value (sensitive value) or, when that means the same, the prior one; it is (sensitive value).',
    ],
    [
      "invent a value for what is neither configured nor computed",
      (p) => ({ ...p, note: "z" }),
      config,
      'error note: Bug of the provider (test_thing) / It planned "note", which is not configured and not computed, so it must be null, and is "z".',
    ],
    [
      "guess what is not known yet",
      (p) => ({ ...p, name: "z" }),
      { ...config, name: UNKNOWN },
      'error name: Bug of the provider (test_thing) / It planned "name", which is configured with a value that is not known yet, so it must be unknown, and is "z".',
    ],
    [
      "forget what is configured",
      (p) => ({ ...p, name: UNKNOWN }),
      { ...config, name: "b" },
      'error name: Bug of the provider (test_thing) / It planned "name", which must be the configured value "b" or, when that means the same, the prior one; it is unknown.',
    ],
    [
      "drop a configured key",
      (p) => ({ ...p, nodes: {} }),
      { ...config, nodes: { n: { up: null } } },
      'error nodes["n"]: Bug of the provider (test_thing) / It planned "nodes["n"]", which is configured and missing from the plan.',
    ],
    [
      "add a key",
      (p) => ({ ...p, nodes: { n: { up: true }, m: { up: true } } }),
      { ...config, nodes: { n: { up: null } } },
      'error nodes["m"]: Bug of the provider (test_thing) / It planned "nodes["m"]", which is planned and not configured.',
    ],
    [
      "plan null for what may not be null",
      (p) => ({ ...p, observed: null }),
      config,
      'error observed: Bug of the provider (test_thing) / The plan returned "observed", which is null, and is not declared `nullable`.',
    ],
  ])("%s", async (_, change, is, line) => {
    const answer = await planned(change, prior, is as never);
    expect(linesOf(answer.diagnostics)).toEqual([`${line} ${blame}`]);
    expect(answer.planned).toEqual(prior);
  });
});

it("a hook must not keep the prior value of what is no longer configured", async () => {
  const answer = await planned((p) => ({ ...p, note: "x" }), { ...prior, note: "x" as never }, config);
  expect(linesOf(answer.diagnostics)[0]).toMatch(/^error note: .*so it must be null, and is "x"/);
});

describe("lists and sets keep to what is configured", () => {
  const element = {
    name: attr.string({ description, required: true }),
    id: attr.string({ description, computed: true }),
  };
  const shape = {
    list: attr.listOf(element, { description, optional: true }),
    set: attr.setOf(element, { description, optional: true }),
  };
  const one = { name: "a", id: null };
  const made = { name: "a", id: "i" };
  const plan = async (change: Change, is: { readonly [n: string]: Value }) => {
    const server = await serverFor(
      resourceOf(shape, { plan: async (r) => ({ planned: change({ ...r.planned }) as never }) }),
    );
    return linesOf((await planWith(server, shape, null, is)).diagnostics);
  };
  it.each<[string, Change, { readonly [n: string]: Value }, string[]]>([
    [
      "computed inside may be known",
      (p) => ({ ...p, list: [{ name: "a", id: "i" }] }),
      { list: [one], set: null },
      [],
    ],
    [
      "computed inside a set too",
      (p) => ({ ...p, set: [{ name: "a", id: "i" }] }),
      { list: null, set: [one] },
      [],
    ],
    ["a list grows", (p) => ({ ...p, list: [made, made] }), { list: [one], set: null }, ["list"]],
    [
      "a list's element changes",
      (p) => ({ ...p, list: [{ name: "b", id: "i" }] }),
      { list: [one], set: null },
      ["list[0].name"],
    ],
    [
      "a set grows",
      (p) => ({ ...p, set: [made, { name: "b", id: "i" }] }),
      { list: null, set: [one] },
      ["set"],
    ],
    [
      "a set's element changes",
      (p) => ({ ...p, set: [{ name: "b", id: "i" }] }),
      { list: null, set: [one] },
      ["set"],
    ],
  ])("%s", async (_, change, is, paths) => {
    const lines = await plan(change, is);
    expect(lines.map((line) => /^error (\S+):/.exec(line)?.[1])).toEqual(paths);
  });
});

describe("refusing", () => {
  const refuse = async (plan: () => never) => {
    const server = await serverFor(resourceOf(schema, { plan: async () => plan() }));
    return planWith(server, schema, prior, { ...config, name: "b" });
  };

  it("by throwing", async () => {
    const answer = await refuse(() => {
      throw new DiagnosticError("Not so", "Because.", [{ attribute: "name" }]);
    });
    expect(linesOf(answer.diagnostics)).toEqual(["error name: Not so / Because."]);
  });

  it("by ctx.error, warnings beside it", async () => {
    const server = await serverFor(
      resourceOf(schema, {
        plan: async ({ planned: p }, ctx) => {
          ctx.warn("Mind", "This.");
          ctx.error("Not so", "Because.");
          return { planned: p };
        },
      }),
    );
    const answer = await planWith(server, schema, prior, { ...config, name: "b" });
    expect(linesOf(answer.diagnostics)).toEqual(["warning: Mind / This.", "error: Not so / Because."]);
    expect(answer.planned).toEqual(prior);
  });

  it("by failing, without a stack in the detail", async () => {
    const answer = await refuse(() => {
      throw new RangeError("beyond");
    });
    expect(linesOf(answer.diagnostics)).toEqual([
      `error: Bug of the provider (test_thing) / Its plan failed with RangeError: beyond. ${blame}`,
    ]);
  });
});

describe("update that is missing", () => {
  const { update: _, ...withoutUpdate } = resourceOf(schema);

  it("is told at plan, with what changed", async () => {
    const server = await serverFor(withoutUpdate as never);
    const answer = await planWith(server, schema, prior, { ...config, note: "n" });
    expect(linesOf(answer.diagnostics)).toEqual([
      `error: Bug of the provider (test_thing) / It has no update, and the change of "note", "serve", "observed" replaces nothing (requiresReplace is missing). ${blame}`,
    ]);
  });

  it("is no matter for a create, a replacement or no change", async () => {
    const server = await serverFor(withoutUpdate as never);
    expect((await planWith(server, schema, null, config)).diagnostics).toEqual([]);
    expect((await planWith(server, schema, prior, { ...config, zone: "z" })).diagnostics).toEqual([]);
    expect((await planWith(server, schema, prior, config)).diagnostics).toEqual([]);
  });
});

describe("private data", () => {
  const seen: unknown[] = [];
  const remember = resourceOf(schema, {
    plan: async (r) => {
      seen.push(r.private);
      return { planned: r.planned, private: { plan: "p" } };
    },
  });
  beforeEach(() => void seen.splice(0));

  it("goes through a plan without hook", async () => {
    const server = await serverFor(resourceOf(schema));
    const answer = await planWith(server, schema, prior, config, { priorPrivate: privateOf({ a: 1 }) });
    expect(readPrivate(answer.plannedPrivate)).toEqual({ v: 1, resource: { a: 1 } });
  });

  it("may be changed by the plan, which remembers that of the state", async () => {
    const server = await serverFor(remember);
    const answer = await planWith(server, schema, prior, config, { priorPrivate: privateOf({ a: 1 }) });
    expect(seen).toEqual([{ a: 1 }]);
    expect(readPrivate(answer.plannedPrivate)).toEqual({ v: 1, resource: { plan: "p" }, before: { a: 1 } });
  });

  it("is nothing for a create, even in a replacement (where core sends that of the first plan)", async () => {
    const server = await serverFor(remember);
    const first = await planWith(
      server,
      schema,
      prior,
      { ...config, zone: "z" },
      { priorPrivate: privateOf({ a: 1 }) },
    );
    const second = await planWith(
      server,
      schema,
      null,
      { ...config, zone: "z" },
      { priorPrivate: first.plannedPrivate },
    );
    expect(seen).toEqual([{ a: 1 }, null]);
    expect(readPrivate(second.plannedPrivate)).toEqual({ v: 1, resource: { plan: "p" }, before: { a: 1 } });
  });

  it("that cannot be read is none", async () => {
    const server = await serverFor(remember);
    for (const text of ["{", "[]", "5", '{"v":9,"resource":1}', '{"resource":1}'])
      await planWith(server, schema, prior, config, { priorPrivate: new TextEncoder().encode(text) });
    await planWith(server, schema, prior, config, { priorPrivate: Uint8Array.of(0xff, 0xfe) });
    expect(seen).toEqual([null, null, null, null, null, null]);
  });

  it("that is no JSON is a bug", async () => {
    const server = await serverFor(
      resourceOf(schema, { plan: async (r) => ({ planned: r.planned, private: 5n as never }) }),
    );
    const [line] = linesOf((await planWith(server, schema, prior, config)).diagnostics);
    expect(line).toMatch(/The plan returned private data that is no JSON/);
  });
});

describe("destroy", () => {
  const destroy = (server: Awaited<ReturnType<typeof serverFor>>, signal = running) =>
    server.planResourceChange({
      type: "test_thing",
      prior,
      proposed: null,
      config: null,
      priorPrivate: privateOf({ a: 1 }),
      signal,
    });

  it("is planned as null, its private data as it is and marked, so that delete knows that it was asked for", async () => {
    const answer = await destroy(await serverFor(resourceOf(schema)));
    expect(answer).toEqual({
      planned: null,
      requiresReplace: [],
      plannedPrivate: new TextEncoder().encode('{"v":1,"resource":{"a":1},"destroy":true}'),
      diagnostics: [],
    });
  });

  it("may be refused by planDestroy", async () => {
    const asked = jest.fn();
    const server = await serverFor(
      resourceOf(schema, {
        planDestroy: async (request) => {
          asked(request);
          throw new DiagnosticError("Still in use", "Move it first.");
        },
      }),
    );
    expect(linesOf((await destroy(server)).diagnostics)).toEqual(["error: Still in use / Move it first."]);
    expect(asked).toHaveBeenCalledWith({ prior, private: { a: 1 } });
  });
});

describe("before the provider is configured", () => {
  it("a plan without hook works, one with a hook says what is missing", async () => {
    expect((await planWith(serve(providerOf(resourceOf(schema))), schema, null, config)).diagnostics).toEqual(
      [],
    );
    const hooked = serve(providerOf(resourceOf(schema, { plan: async (r) => r })));
    expect(linesOf((await planWith(hooked, schema, null, config)).diagnostics)).toEqual([
      'error: Provider "test" is not configured / The plan of test_thing needs the provider, but its configuration did not succeed. Fix that first.',
    ]);
  });

  it("a cancelled plan says so", async () => {
    const server = await serverFor(resourceOf(schema, { plan: async (r) => r }));
    const answer = await planWith(server, schema, null, config, { signal: AbortSignal.abort() });
    expect(linesOf(answer.diagnostics)[0]).toMatch(/^error: test_thing: cancelled/);
  });
});

it("hooks get copies: what they change in a request changes no plan", async () => {
  const server = await serverFor(
    resourceOf(schema, {
      plan: async (r) => {
        (r.prior as unknown as { observed: string[] }).observed.push("hacked");
        (r.config as unknown as { name: string }).name = "hacked";
        return { planned: r.planned };
      },
    }),
  );
  const answer = await planWith(server, schema, prior, config, { priorPrivate: NO_BYTES });
  expect(answer.planned).toEqual(prior);
});
