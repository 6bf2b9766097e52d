import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import {
  description,
  linesOf,
  privateOf,
  providerOf,
  readPrivate,
  resourceOf,
  running,
  serve,
  serverFor,
} from "./fixture";

const schema = {
  name: attr.string({ description, required: true, semanticallyEqual: (a, b) => a.trim() === b.trim() }),
  id: attr.string({ description, computed: true }),
  tags: attr.set("string", { description, computed: true }),
  nodes: attr.mapOf({ up: attr.bool({ description, computed: true }) }, { description, optional: true }),
  pin: attr.string({ description, optional: true, sensitive: true }),
  secret: attr.string({ description, optional: true, writeOnly: true }),
};
const prior = { name: "a", id: "i", tags: ["t"], nodes: null, pin: null, secret: null };
const planned: { readonly [name: string]: Value } = { ...prior, name: "b", id: UNKNOWN, tags: UNKNOWN };
const done = { ...prior, name: "b", id: "i2", tags: ["t2"] };
const config = { ...prior, name: "b", id: null, tags: null };
const blame = "This is a bug of the provider. Please report it to its developers.";

type Hooks = Parameters<typeof resourceOf<typeof schema>>[1];
type Given = {
  prior?: Value;
  planned?: Value;
  plannedPrivate?: Uint8Array;
  signal?: AbortSignal;
  config?: Value;
};

async function apply(hooks: Hooks, given: Given) {
  const server = await serverFor(resourceOf(schema, hooks));
  const answer = await server.applyResourceChange({
    type: "test_thing",
    prior: null,
    planned,
    config,
    plannedPrivate: privateOf({ plan: 1 }),
    signal: running,
    ...given,
  });
  return { state: answer.state, private: readPrivate(answer.private), lines: linesOf(answer.diagnostics) };
}
const returning =
  (state: unknown, more: object = {}) =>
  async () => ({ state: state as never, ...more });
const stopped = new DiagnosticError("Stopped", "Half way.");

describe("create", () => {
  const create = (hook: NonNullable<Hooks>["create"], given: Given = {}) =>
    apply({ create: hook as never }, given);

  it("returns the new state and keeps the planned private data", async () => {
    expect(await create(returning(done))).toEqual({
      state: done,
      private: { v: 1, resource: { plan: 1 } },
      lines: [],
    });
  });

  it("is given the configuration (write-only values too), the plan, and the plan's private data", async () => {
    const seen = jest.fn();
    await create(
      async (request) => {
        seen(request);
        return { state: done };
      },
      { config: { ...config, secret: "hush" } },
    );
    expect(seen).toHaveBeenCalledWith({
      config: { ...config, secret: "hush" },
      planned,
      private: { plan: 1 },
    });
  });

  it("may replace and clear private data", async () => {
    expect((await create(returning(done, { private: [1] }))).private).toEqual({ v: 1, resource: [1] });
    expect((await create(returning(done, { private: null }))).private).toBeNull();
  });

  it("that throws records nothing", async () => {
    const answer = await create(async () => {
      throw stopped;
    });
    expect(answer).toEqual({ state: null, private: null, lines: ["error: Stopped / Half way."] });
  });

  it("that reports an error and returns a state records that (core will call it tainted)", async () => {
    const answer = await create(async (_, ctx) => {
      ctx.error("Half done", "The rest failed.");
      return { state: { ...planned, id: "i2" } as never, private: 7 };
    });
    expect(answer.state).toEqual({ ...planned, id: "i2", tags: null });
    expect(answer.private).toEqual({ v: 1, resource: 7 });
    expect(answer.lines).toEqual(["error: Half done / The rest failed."]);
  });

  it("whose result is wrong in an attribute records the others", async () => {
    const answer = await create(returning({ ...done, tags: 5, pin: UNKNOWN }));
    expect(answer).toEqual({
      state: { ...done, tags: null, pin: null },
      private: { v: 1, resource: { plan: 1 } },
      lines: [
        `error tags: Bug of the provider (test_thing) / The create returned "tags", which must be an array, and is a number. ${blame}`,
      ],
    });
    expect(await create(returning("done"))).toMatchObject({ state: null, private: null });
  });

  it("after which the schema's own code throws is recorded, and the attribute named", async () => {
    const fragile = {
      pem: attr.string({
        description,
        required: true,
        semanticallyEqual: (a, b) => {
          if (b === "new") throw new TypeError("no PEM");
          return a.trim() === b.trim();
        },
      }),
      id: attr.string({ description, computed: true }),
    };
    const attributes = { ...fragile, bag: attr.setOf(fragile, { description, required: true }) };
    const named = (id: Value, ...pems: string[]): Value[] => pems.map((pem) => ({ pem, id }));
    const planned: Value = { pem: "old", id: UNKNOWN, bag: named(UNKNOWN, "old", "b") };
    const state = { pem: "new", id: "i", bag: named("i", "new", "b ") };
    const server = await serverFor(resourceOf(attributes, { create: returning(state) as never }));
    const answer = await server.applyResourceChange({
      type: "test_thing",
      prior: null,
      planned,
      config: planned,
      plannedPrivate: privateOf(null),
      signal: running,
    });
    expect(answer.state).toEqual(state);
    expect(linesOf(answer.diagnostics)).toEqual([
      `error: Bug of the provider (test_thing) / Its semanticallyEqual of "pem", "bag.pem" failed with TypeError: no PEM. ${blame}`,
    ]);
  });

  it("keeps warnings", async () => {
    const answer = await create(async (_, ctx) => {
      ctx.warn("Slow", "It took long.");
      return { state: done };
    });
    expect(answer).toMatchObject({ state: done, lines: ["warning: Slow / It took long."] });
  });

  it("never lets a write-only value into the state", async () => {
    const answer = await create(returning({ ...done, secret: "hush" }));
    expect(answer).toMatchObject({ state: done, lines: [] });
  });

  it("returns the planned spelling of what means the same", async () => {
    expect(await create(returning({ ...done, name: "b\n" }))).toMatchObject({ state: done, lines: [] });
  });
});

describe("core's rules for a result", () => {
  it.each<[string, object, string]>([
    [
      "known values come out as planned",
      { name: "z" },
      'error name: Bug of the provider (test_thing) / The update returned "name", which was planned as "b", and must come out of apply unchanged; it is "z".',
    ],
    [
      "a planned null stays null",
      { pin: "1234" },
      'error pin: Bug of the provider (test_thing) / The update returned "pin", which was planned as null, and must come out of apply unchanged; it is (sensitive value).',
    ],
    [
      "everything is known",
      { id: UNKNOWN },
      'error id: Bug of the provider (test_thing) / The update returned "id", which is still unknown: after apply every value must be known.',
    ],
    [
      "what may not be null is not",
      { id: null },
      'error id: Bug of the provider (test_thing) / The update returned "id", which is null, and is not declared `nullable`.',
    ],
  ])("%s", async (_, change, line) => {
    const answer = await apply({ update: returning({ ...done, ...change }) }, { prior });
    expect(answer.lines).toEqual([`${line} ${blame}`]);
  });

  it.each<[string, Value, Value, string[]]>([
    ["the same set in another order", ["a", "b"], ["b", "a"], []],
    ["an element less", ["a", "b"], ["a"], ['has lost the planned element "b" in apply']],
    ["an element more", ["a"], ["a", "b"], ['has gained the element "b" in apply']],
    ["an unknown element that became known", ["a", UNKNOWN], ["a", "x"], []],
    ["two unknown elements that became one", [UNKNOWN, UNKNOWN], ["x"], []],
    [
      "one unknown element that became two",
      [UNKNOWN],
      ["x", "y"],
      ["was planned with 1 elements, and has 2 after apply"],
    ],
  ])("a set: %s", async (_, plan, result, messages) => {
    const answer = await apply(
      { update: returning({ ...done, tags: result }) },
      { prior, planned: { ...planned, tags: plan } },
    );
    expect(answer.lines).toHaveLength(messages.length);
    messages.forEach((message, i) => void expect(answer.lines[i]).toContain(message));
  });

  it.each<[string, Value, Value, string[]]>([
    ["unknown inside may become anything", { n: { up: UNKNOWN } }, { n: { up: true } }, []],
    ["a key that vanished", { n: { up: true } }, {}, ['nodes["n"]', "is missing after apply"]],
    [
      "a key that came",
      { n: { up: true } },
      { n: { up: true }, m: { up: true } },
      ['nodes["m"]', "was not planned"],
    ],
    ["a value inside", { n: { up: true } }, { n: { up: false } }, ['nodes["n"].up', "was planned as true"]],
    ["an object that vanished", { n: { up: true } }, { n: null }, ['nodes["n"]', "it is null"]],
  ])("a map: %s", async (_, plan, result, parts) => {
    const answer = await apply(
      { update: returning({ ...done, nodes: result }) },
      { prior, planned: { ...planned, nodes: plan } },
    );
    expect(answer.lines).toHaveLength(parts.length > 0 ? 1 : 0);
    for (const part of parts) expect(answer.lines[0]).toContain(part);
  });

  it("a state that is no state is not recorded: the prior one is", async () => {
    const answer = await apply({ update: returning({ name: "b" }) }, { prior });
    expect(answer.state).toEqual(prior);
    expect(answer.lines[0]).toMatch(/^error id: .*"id", which is missing/);
  });

  it("a result that breaks a rule is recorded all the same (it happened), without unknowns", async () => {
    const answer = await apply({ update: returning({ ...done, name: "z", tags: UNKNOWN }) }, { prior });
    expect(answer.state).toEqual({ ...done, name: "z", tags: ["t"] });
  });
});

describe("update", () => {
  const both = new TextEncoder().encode(JSON.stringify({ v: 1, resource: { plan: 1 }, before: { read: 1 } }));

  it("is given the prior state and the plan's private data", async () => {
    const seen = jest.fn();
    const answer = await apply(
      {
        update: async (request) => {
          seen(request);
          return { state: done };
        },
      },
      { prior, plannedPrivate: both },
    );
    expect(seen).toHaveBeenCalledWith({ config, prior, planned, private: { plan: 1 } });
    expect(answer).toEqual({ state: done, private: { v: 1, resource: { plan: 1 } }, lines: [] });
  });

  it("that throws keeps the prior state, and the private data of that state", async () => {
    const answer = await apply(
      {
        update: async () => {
          throw stopped;
        },
      },
      { prior, plannedPrivate: both },
    );
    expect(answer).toEqual({
      state: prior,
      private: { v: 1, resource: { read: 1 } },
      lines: ["error: Stopped / Half way."],
    });
  });

  it("that reports an error returns what is true now; what it left unknown is as before", async () => {
    const answer = await apply(
      {
        update: async ({ planned: p }, ctx) => {
          ctx.error("Half done", "The rest failed.");
          return { state: { ...p, name: "half" } as never };
        },
      },
      { prior },
    );
    expect(answer).toMatchObject({
      state: { ...prior, name: "half" },
      lines: ["error: Half done / The rest failed."],
    });
  });

  it("that is missing is a bug", async () => {
    const { update: _, ...resource } = resourceOf(schema);
    const server = await serverFor(resource as never);
    const answer = await server.applyResourceChange({
      type: "test_thing",
      prior,
      planned,
      config,
      plannedPrivate: both,
      signal: running,
    });
    expect(answer.state).toEqual(prior);
    expect(linesOf(answer.diagnostics)).toEqual([
      `error: Bug of the provider (test_thing) / It has no update, and was asked for one. ${blame}`,
    ]);
  });

  it("with private data that is no JSON keeps the state, reports, and keeps the private data", async () => {
    const answer = await apply({ update: returning(done, { private: 1n }) }, { prior, plannedPrivate: both });
    expect(answer).toMatchObject({ state: done, private: { v: 1, resource: { read: 1 } } });
    expect(answer.lines[0]).toMatch(/private data that is no JSON/);
  });
});

describe("delete", () => {
  const given = { prior, planned: null, config: null };

  it("leaves nothing", async () => {
    const seen = jest.fn();
    const plannedPrivate = new TextEncoder().encode('{"v":1,"resource":{"plan":1},"destroy":true}');
    const answer = await apply({ delete: async (request) => seen(request) }, { ...given, plannedPrivate });
    expect(seen).toHaveBeenCalledWith({ prior, private: { plan: 1 }, planned: true });
    expect(answer).toEqual({ state: null, private: null, lines: [] });
  });

  it("in a replacement is given the state's private data, not that of the create", async () => {
    const seen = jest.fn();
    const plannedPrivate = new TextEncoder().encode('{"v":1,"resource":null,"before":{"read":1}}');
    await apply({ delete: async (request) => seen(request) }, { ...given, plannedPrivate });
    expect(seen).toHaveBeenCalledWith({ prior, private: { read: 1 }, planned: false });
  });

  it.each<[string, NonNullable<NonNullable<Hooks>["delete"]>]>([
    [
      "throws",
      async () => {
        throw stopped;
      },
    ],
    ["reports an error", async (_, ctx) => ctx.error("Stopped", "Half way.")],
  ])("that %s keeps state and private data", async (_, hook) => {
    expect(await apply({ delete: hook }, given)).toEqual({
      state: prior,
      private: { v: 1, resource: { plan: 1 } },
      lines: ["error: Stopped / Half way."],
    });
  });
});

describe("cancelling", () => {
  const abortable = () => {
    const controller = new AbortController();
    return { controller, signal: controller.signal };
  };
  const cancelledLine = /^error: test_thing: cancelled \/ The (create|update|delete) was cancelled/;

  it("before the hook: it is not called", async () => {
    const create = jest.fn();
    const answer = await apply({ create }, { signal: AbortSignal.abort() });
    expect(create).not.toHaveBeenCalled();
    expect(answer).toMatchObject({ state: null, lines: [expect.stringMatching(cancelledLine)] });
  });

  it.each<[string, (signal: AbortSignal) => unknown]>([
    ["the signal's reason", (signal) => signal.reason],
    ["an AbortError", () => Object.assign(new Error("gone"), { name: "AbortError" })],
    [
      "an error caused by one",
      () => new Error("request failed", { cause: Object.assign(new Error("x"), { code: "ABORT_ERR" }) }),
    ],
  ])("the hook throws %s", async (_, thrown) => {
    const { controller, signal } = abortable();
    const update = async (_r: unknown, ctx: { signal: AbortSignal }) => {
      controller.abort();
      throw thrown(ctx.signal);
    };
    const answer = await apply({ update: update as never }, { prior, signal });
    expect(answer).toMatchObject({ state: prior, lines: [expect.stringMatching(cancelledLine)] });
  });

  it("an AbortError without a cancellation is the provider's bug", async () => {
    const answer = await apply(
      {
        update: async () => {
          throw Object.assign(new Error("x"), { name: "AbortError" });
        },
      },
      { prior },
    );
    expect(answer.lines).toEqual([
      `error: Bug of the provider (test_thing) / Its update failed with AbortError: x. ${blame}`,
    ]);
  });

  it("any other error of a cancelled hook is still told as it is", async () => {
    const { controller, signal } = abortable();
    const update = async () => {
      controller.abort();
      throw new TypeError("x is undefined");
    };
    const answer = await apply({ update }, { prior, signal });
    expect(answer.lines[0]).toMatch(/Its update failed with TypeError: x is undefined/);
  });

  it("a hook that stops half way and returns: its state is kept, and the run is told", async () => {
    const { controller, signal } = abortable();
    const update = async () => {
      controller.abort();
      return { state: { ...prior, id: "half" } };
    };
    const answer = await apply({ update }, { prior, signal });
    expect(answer).toMatchObject({
      state: { ...prior, id: "half" },
      lines: [expect.stringMatching(cancelledLine)],
    });
  });

  it("a hook that finished in spite of it has finished", async () => {
    const { controller, signal } = abortable();
    const update = async () => {
      controller.abort();
      return { state: done };
    };
    expect(await apply({ update }, { prior, signal })).toMatchObject({ state: done, lines: [] });
  });
});

it("nothing is called before the provider is configured", async () => {
  const server = serve(providerOf(resourceOf(schema)));
  const answer = await server.applyResourceChange({
    type: "test_thing",
    prior,
    planned: null,
    config: null,
    plannedPrivate: privateOf(1),
    signal: running,
  });
  expect(answer.state).toEqual(prior);
  expect(linesOf(answer.diagnostics)).toEqual([
    'error: Provider "test" is not configured / The delete of test_thing needs the provider, but its configuration did not succeed. Fix that first.',
  ]);
});
