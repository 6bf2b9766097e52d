import { defineProvider, defineResource } from "../../../../providers/framework/define";
import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { type Json, UNKNOWN } from "../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { later } from "../../../../providers/framework/testing/host/config";
import { Host } from "../../../../providers/framework/testing/host/host";
import { launch } from "../../../../providers/framework/testing/host/launch";
import { createLogger } from "../../../../providers/framework/wire/logger";

/** The kit's steps, each with a resource that it must find fault with. */

let device: { text: string; note: string | null } | null = null;
type Hooks = Partial<Parameters<ReturnType<typeof defineResource<undefined>>>[0]>;

const description = "Text.";
function providerWith(hooks: Hooks = {}) {
  const text = defineResource()({
    type: "step_text",
    description,
    example: "",
    attributes: {
      text: attr.string({ description, required: true }),
      note: attr.string({ description, optional: true }),
      length: attr.number({ description, computed: true }),
    },
    version: 1,
    upgraders: { 0: ({ body, ...rest }) => ({ ...rest, text: body ?? null }) },
    read: async () => device && { state: { ...device, length: device.text.length } },
    create: async ({ config: { text, note } }) => {
      device = { text, note };
      return { state: { ...device, length: text.length } };
    },
    update: async ({ config: { text, note } }) => {
      if (note === "bad")
        throw new DiagnosticError("The note is bad", "Say something else.", [{ attribute: "note" }]);
      device = { text, note };
      return { state: { ...device, length: text.length } };
    },
    delete: async () => {
      device = null;
    },
    import: {
      idForm: "<text>",
      run: async (id) => ({ state: { text: id, note: null, length: 0 } }),
    },
    ...(hooks as object),
  });
  return defineProvider({
    name: "step",
    source: "example.internal/test/step",
    version: "0.0.1",
    description,
    example: "",
    attributes: {},
    configure: () => undefined,
    resources: [text],
    dataSources: [],
  });
}

const instanceOf = async (hooks: Hooks = {}) => (await Host.start(providerWith(hooks))).resource("step_text");
beforeEach(() => {
  device = null;
});

test("drift is seen and put right; a read that looks away is found out", async () => {
  const good = await instanceOf();
  await good.apply({ text: "a" });
  expect((await good.drifts(() => (device = { text: "b", note: null }))).action).toBe("update");
  expect(device).toEqual({ text: "a", note: null });

  const blind = await instanceOf({ read: async ({ state }) => ({ state }) });
  await blind.apply({ text: "a" });
  await expect(blind.drifts(() => (device = { text: "b", note: null }))).rejects.toThrow(/drift-is-seen/);
});

test("a disappearance is seen and made up for; a read that looks away is found out", async () => {
  const good = await instanceOf();
  await good.apply({ text: "a" });
  await good.disappears(() => (device = null));
  expect(device).toEqual({ text: "a", note: null });

  const blind = await instanceOf({ read: async ({ state }) => ({ state }) });
  await blind.apply({ text: "a" });
  await expect(blind.disappears(() => (device = null))).rejects.toThrow(/disappearance-is-seen/);
});

test("an import is verified; one that forgets is found out, unless the attribute is left out", async () => {
  const good = await instanceOf();
  await good.apply({ text: "a", note: "n" });
  await good.importVerify("a");

  const forgetful = await instanceOf({
    read: async ({ state }) => ({ state: { ...state, length: 1 } }),
  });
  await forgetful.apply({ text: "a", note: "n" });
  await expect(forgetful.importVerify("a")).rejects.toThrow(
    /"note" was "n" and is imported as null.*import-restores/,
  );
  await forgetful.importVerify("a", { ignore: ["note"] });
});

test("an upgrade is verified; one that loses something is found out", async () => {
  device = { text: "old", note: null };
  const good = await instanceOf();
  const old = { version: 0, state: { body: "old", note: null, length: 3, gone: true } };
  expect(await good.upgradesFrom(old, { text: "old" })).toEqual({ text: "old", note: null, length: 3 });

  const lossy = await instanceOf({
    upgraders: { 0: ({ note, length }) => ({ text: "other", note: note ?? null, length: length ?? null }) },
    read: async ({ state }) => ({ state }),
  });
  await expect(lossy.upgradesFrom(old, { text: "old" })).rejects.toThrow(
    /"text" from "other" to "old".*upgrade-needs/,
  );
});

test("a state of another type becomes this one, and needs no change", async () => {
  device = { text: "old", note: null };
  const source = {
    provider: "example.internal/test/step",
    type: "step_page",
    version: 3,
    json: { page: "old" },
  };
  const moves = (text: string) => [
    { from: "step_page", run: ({ page }: { [name: string]: Json }) => (page ? { text } : null) },
  ];
  const instance = await instanceOf({ moves: moves("old") });
  expect(await instance.movesFrom(source, { text: "old" })).toEqual({ text: "old", note: null, length: 3 });
  const lossy = await instanceOf({ moves: moves("other"), read: async ({ state }) => ({ state }) });
  await expect(lossy.movesFrom(source, { text: "old" })).rejects.toThrow(
    /"text" from "other" to "old".*move-needs/,
  );
  await expect(instance.movesFrom({ ...source, type: "step_leaf" }, { text: "old" })).rejects.toThrow(
    "step_leaf cannot become step_text",
  );
  await expect(instance.movesFrom({ ...source, json: {} }, { text: "old" })).rejects.toThrow(
    "It is no object",
  );
});

test("a move that answers nothing is found out", async () => {
  const server = createProviderServer(providerWith(), { log: createLogger({ name: "step", env: {} }) });
  const moveResourceState = async () => ({ state: null, private: new Uint8Array(), diagnostics: [] });
  const host = await Host.serving({ ...server, moveResourceState });
  const source = { provider: "p", type: "step_page", version: 0, json: {} };
  await expect(host.resource("step_text").movesFrom(source, { text: "a" })).rejects.toThrow(
    /it returned null.*move-returns-object/,
  );
});

test("a plan shows what is not known yet, and touches nothing", async () => {
  const instance = await instanceOf();
  expect(await instance.plan({ text: later("x"), note: "n" })).toMatchObject({
    action: "create",
    planned: { text: UNKNOWN, note: "n", length: UNKNOWN },
  });
  expect([device, instance.state]).toEqual([null, null]);
});

test("an expected error is told from another one, and from one at another place", async () => {
  const instance = await instanceOf();
  await instance.apply({ text: "a" });
  await instance.fails({ text: "a", note: "bad" }, /note is bad/, { at: "note" });
  expect(instance.state).toEqual({ text: "a", note: null, length: 1 });
  const failing = (pattern: RegExp, at?: string) =>
    instance.fails({ text: "a", note: "bad" }, pattern, at ? { at } : {});
  await expect(failing(/other/)).rejects.toThrow(
    "Expected an error matching /other/, but: update of step_text",
  );
  await expect(failing(/bad/, "text")).rejects.toThrow('Expected the error at "text", but it is at "note".');
  await expect(instance.fails({ text: "a" }, /bad/)).rejects.toThrow("but there was none");
  await expect(instance.apply({ text: "a", nope: 1 })).rejects.toThrow('There is no attribute "nope".');
  await expect(instance.apply({ text: 1 })).rejects.toThrow('"text" must be a string.');
});

test("a refused destroy is refused when it is planned, and not by the delete alone", async () => {
  const refuse = async () => {
    throw new DiagnosticError("It stays", "Told to.");
  };
  const planned = await instanceOf({ planDestroy: refuse });
  await planned.apply({ text: "a" });
  await planned.refusesDestroy(/It stays/);
  const late = await instanceOf({ delete: refuse });
  await late.apply({ text: "a" });
  await expect(late.refusesDestroy(/It stays/)).rejects.toThrow("but there was none");
});

test("a process that does not end after Shutdown is found out, and ended", async () => {
  const script = `
    setInterval(() => {}, 1000);
    process.exit = () => {};
    require(${JSON.stringify(require.resolve("tsx/cjs"))});
    const { serve } = require(${JSON.stringify(require.resolve("../../../../providers/framework/serve"))});
    const { confProvider } = require(${JSON.stringify(require.resolve("./fixture/provider"))});
    serve(confProvider);`;
  const client = await launch({ command: [process.execPath, "-e", script] });
  await expect(client.close()).rejects.toThrow(/still running.*shuts-down/);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(() => process.kill(client.pid, 0)).toThrow("ESRCH");
}, 60_000);
