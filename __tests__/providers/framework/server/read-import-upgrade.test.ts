import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { type Json, UNKNOWN } from "../../../../providers/framework/schema/value";
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
  size: attr.number({ description, optional: true }),
  id: attr.string({ description, computed: true }),
  secret: attr.string({ description, optional: true, writeOnly: true }),
  parts: attr.setOf(
    {
      pem: attr.string({ description, required: true, semanticallyEqual: (a, b) => a.trim() === b.trim() }),
      up: attr.bool({ description, computed: true }),
    },
    { description, optional: true },
  ),
};
const current = { name: "a", size: 9007199254740993n, id: "i", secret: null, parts: null };
const blame = "This is a bug of the provider. Please report it to its developers.";
type Hooks = NonNullable<Parameters<typeof resourceOf<typeof schema>>[1]>;

describe("read", () => {
  const read = async (hook: Hooks["read"], bytes = privateOf({ a: 1 }), was: object = current) => {
    const server = await serverFor(resourceOf(schema, { read: hook as never }));
    const answer = await server.readResource({
      type: "test_thing",
      current: was as never,
      private: bytes,
      signal: running,
    });
    return { state: answer.state, private: readPrivate(answer.private), lines: linesOf(answer.diagnostics) };
  };
  const kept = { v: 1, resource: { a: 1 } };

  it("returns what is, and echoes private data when the hook leaves it out", async () => {
    expect(await read(async ({ state }) => ({ state: { ...state, id: "new" } }))).toEqual({
      state: { ...current, id: "new" },
      private: kept,
      lines: [],
    });
  });

  it("hands private data over, and keeps what the hook makes of it", async () => {
    const answer = await read(async (r) => ({ state: r.state, private: { was: r.private } }));
    expect(answer.private).toEqual({ v: 1, resource: { was: { a: 1 } } });
    expect((await read(async (r) => ({ state: r.state, private: null }))).private).toBeNull();
  });

  it("of something that is gone is null, without private data", async () => {
    expect(await read(async () => null)).toEqual({ state: null, private: null, lines: [] });
  });

  it("keeps warnings", async () => {
    const answer = await read(async ({ state }, ctx) => {
      ctx.warn("Node sub1 is not reachable", "What was known of it is kept.");
      return { state };
    });
    expect(answer.lines).toEqual(["warning: Node sub1 is not reachable / What was known of it is kept."]);
  });

  it("keeps the spelling of the state when the device means the same", async () => {
    expect((await read(async ({ state }) => ({ state: { ...state, name: "a\n" } }))).state).toEqual(current);
    expect((await read(async ({ state }) => ({ state: { ...state, name: "b\n" } }))).state).toEqual({
      ...current,
      name: "b\n",
    });
  });

  it("keeps two spellings in one set apart", async () => {
    const parts = [
      { pem: "X ", up: true },
      { pem: "X", up: false },
    ];
    const answer = await read(
      async ({ state }) => ({ state: { ...state, parts: [...parts].reverse() } }),
      undefined,
      { ...current, parts },
    );
    expect(answer.state).toEqual({ ...current, parts: [...parts].reverse() });
  });

  it("takes an exact spelling before another one that means the same", async () => {
    const [one, other] = [
      { pem: "X", up: true },
      { pem: "X ", up: true },
    ];
    const answer = await read(async ({ state }) => ({ state: { ...state, parts: [other] } }), undefined, {
      ...current,
      parts: [one, other],
    });
    expect(answer.state).toEqual({ ...current, parts: [other] });
  });

  it("that fails changes nothing", async () => {
    const unchanged = { state: current, private: kept };
    expect(
      await read(async () => {
        throw new DiagnosticError("No", "Way.");
      }),
    ).toEqual({ ...unchanged, lines: ["error: No / Way."] });
    expect(
      await read(async (_, ctx) => {
        ctx.error("No", "Way.");
        return null;
      }),
    ).toEqual({ ...unchanged, lines: ["error: No / Way."] });
  });

  it.each<[string, object, string]>([
    ["an unknown", { id: UNKNOWN }, '"id", which is unknown: a state holds known values only'],
    ["a null that its type excludes", { id: null }, '"id", which is null, and is not declared `nullable`'],
    ["another type", { size: "x" }, '"size", which must be a finite number, and is a string'],
  ])("must not return %s", async (_, change, what) => {
    const answer = await read(async ({ state }) => ({ state: { ...state, ...change } as never }));
    expect(answer.state).toEqual(current);
    expect(answer.lines[0]).toBe(
      `error ${what.split('"')[1]}: Bug of the provider (test_thing) / The read returned ${what}. ${blame}`,
    );
  });

  it("may hand back the nulls of an upgraded or imported state", async () => {
    const upgraded = { ...current, id: null };
    expect(await read(async ({ state }) => ({ state }), undefined, upgraded)).toMatchObject({
      state: upgraded,
      lines: [],
    });
  });
});

describe("import", () => {
  const importing = async (run: (id: string) => unknown, id = "x") => {
    const server = await serverFor(
      resourceOf(schema, { import: { idForm: '{"name":"..."}', run: async (i) => run(i) as never } }),
    );
    const answer = await server.importResourceState({ type: "test_thing", id, signal: running });
    return { imported: answer.imported, lines: linesOf(answer.diagnostics) };
  };
  const state = { name: "n", size: null, id: null, secret: null, parts: null };

  it("returns a state for read to complete", async () => {
    expect(await importing((id) => ({ state: { ...state, name: id }, private: [1] }), "n")).toEqual({
      imported: [{ type: "test_thing", state, private: privateOf([1]) }],
      lines: [],
    });
  });

  it("of an empty id says the form", async () => {
    const run = jest.fn();
    expect((await importing(run, " ")).lines).toEqual([
      'error: Empty import id for test_thing / Expected an id of the form {"name":"..."}',
    ]);
    expect(run).not.toHaveBeenCalled();
  });

  it("may refuse", async () => {
    const answer = await importing(() => {
      throw new DiagnosticError("Bad id", "Use the form.");
    });
    expect(answer).toEqual({ imported: [], lines: ["error: Bad id / Use the form."] });
  });

  it("must return a whole, known state", async () => {
    expect((await importing(() => ({ state: { name: "n" } }))).lines[0]).toMatch(
      /The import returned "size", which is missing/,
    );
    expect((await importing(() => ({ state: { ...state, id: UNKNOWN } }))).lines[0]).toMatch(
      /"id", which is unknown/,
    );
  });

  it("of a type without import is an error", async () => {
    const server = await serverFor(resourceOf(schema));
    const answer = await server.importResourceState({ type: "test_thing", id: "x", signal: running });
    expect(linesOf(answer.diagnostics)).toEqual([
      "error: test_thing cannot be imported / This type of resource has no import.",
    ]);
  });
});

describe("upgrading a state", () => {
  const upgrade = async (json: Json, version = 0, more: Hooks = {}) => {
    const server = serve(providerOf(resourceOf(schema, more)));
    const answer = await server.upgradeResourceState({ type: "test_thing", version, json });
    return { state: answer.state, lines: linesOf(answer.diagnostics) };
  };
  const empty = { name: null, size: null, id: null, secret: null, parts: null };

  it("of the same version drops what is unknown and fills what is missing, unconfigured", async () => {
    expect(await upgrade({ name: "a", gone: true, size: "9007199254740993" })).toEqual({
      state: { ...empty, name: "a", size: 9007199254740993n },
      lines: [],
    });
    expect(await upgrade(null)).toEqual({ state: null, lines: [] });
  });

  it("never brings a write-only value back", async () => {
    expect((await upgrade({ name: "a", secret: "hush" })).state).toEqual({ ...empty, name: "a" });
  });

  it("runs the upgraders in order, from the version of the state on", async () => {
    const more: Hooks = {
      version: 2,
      upgraders: {
        0: ({ label }) => ({ title: `${label}0` }),
        1: ({ title }) => ({ name: `${title}1` }),
      },
    };
    expect((await upgrade({ label: "x" }, 0, more)).state).toEqual({ ...empty, name: "x01" });
    expect((await upgrade({ title: "x" }, 1, more)).state).toEqual({ ...empty, name: "x1" });
    expect((await upgrade({ name: "x" }, 2, more)).state).toEqual({ ...empty, name: "x" });
  });

  it("of a newer version is refused", async () => {
    expect((await upgrade({}, 1)).lines).toEqual([
      "error: State of test_thing is newer than the provider / It was written with version 1 of the schema; this provider knows 0. Use a newer provider.",
    ]);
  });

  it("that does not fit says where", async () => {
    expect(await upgrade({ parts: [{ up: "maybe" }] })).toEqual({
      state: null,
      lines: [
        'error parts[0].up: State of test_thing does not fit its schema / The stored "parts[0].up" must be true or false, and is a string.',
      ],
    });
    expect((await upgrade([1])).lines[0]).toMatch(/is no object/);
  });

  it("that fails is the provider's bug", async () => {
    const more: Hooks = {
      version: 1,
      upgraders: {
        0: () => {
          throw new Error("oops");
        },
      },
    };
    expect((await upgrade({}, 0, more)).lines).toEqual([
      `error: Bug of the provider (test_thing) / Its upgrade from version 0 failed with Error: oops. ${blame}`,
    ]);
  });
});
