import { type AnyDataSource, defineDataSource, defineResource } from "../../../../providers/framework/define";
import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { Stopped } from "../../../../providers/framework/server/thrown";
import { type AnyContext, NO_BYTES, providerOf, recordingLog, running } from "./fixture";
import { attributes, config } from "./secret-fixture";

/** Whatever is thrown, said and logged, and by whom: no secret is in it. */

const secretsOf = ["t0psecret", "inner-key", "4711-x", "region-secret"];
/** A server whose provider has a secret too, and whose hooks tell all they know. */
async function telling(hooks: object, dataSources: readonly AnyDataSource<string>[] = []) {
  const { log, lines } = recordingLog();
  const thing = defineResource<string>()({
    type: "test_thing",
    description: "Talks.",
    example: "",
    attributes,
    read: async ({ state }) => ({ state }),
    create: async ({ planned }) => ({ state: planned as never }),
    delete: async () => {},
    ...hooks,
  });
  const region = attr.string({ description: "Region.", required: true, sensitive: true });
  const server = createProviderServer({ ...providerOf(thing), attributes: { region }, dataSources }, { log });
  await server.configureProvider({ config: { region: "region-secret" }, signal: running });
  return { server, lines };
}
const tell = (what: unknown): never => {
  throw new Error(`refused ${JSON.stringify(what)} in region-secret`);
};
const { pin_wo: _, pin_wo_version: __, ...stored } = { ...config, name: "shown" };
const masked = (said: unknown) => {
  const text = JSON.stringify(said);
  for (const secretText of secretsOf) expect(text).not.toContain(secretText);
  expect(text).toContain("(sensitive value)");
  return text;
};

it("by an upgrader, of a state in another version", async () => {
  const { server, lines } = await telling({ version: 2, upgraders: { 0: (s: object) => s, 1: tell } });
  const json = { ...stored, boxes: [{ key: "inner-key" }] };
  const { diagnostics } = await server.upgradeResourceState({ type: "test_thing", version: 0, json });
  expect(masked([diagnostics, lines])).toContain("shown");
});

it("by an upgrader, of what the one before it has made", async () => {
  const { server, lines } = await telling({
    version: 2,
    upgraders: { 0: ({ pass }: { pass: string }) => ({ token: pass }), 1: tell },
  });
  const json = { pass: "t0psecret" };
  masked([await server.upgradeResourceState({ type: "test_thing", version: 0, json }), lines]);
});

it("by a move, of another type's state", async () => {
  const { server, lines } = await telling({ moves: [{ from: "test_old", run: tell }] });
  const source = { provider: "example.internal/test/test", type: "test_old", version: 0, json: stored };
  masked([await server.moveResourceState({ type: "test_thing", source }), lines]);
});

it("by an import, of arguments in its id", async () => {
  const { server, lines } = await telling({
    import: { idForm: "<json>", run: async (id: string) => tell(id) },
  });
  const id = JSON.stringify({ token: "t0psecret" });
  masked([await server.importResourceState({ type: "test_thing", id, signal: running }), lines]);
});

describe("by code of the schema that no hook runs, of what a hook has returned", () => {
  const semanticallyEqual = (a: string, b: string) => tell([a, b]);
  const token = attr.string({ ...attributes.token.options, semanticallyEqual });
  const current = { ...config, pin_wo: null };
  const rotated = { ...current, token: "r0tated" };
  const hook = async () => ({ state: rotated });
  const hooks = { attributes: { ...attributes, token }, read: hook, create: hook };
  const hidden = (said: unknown) => expect(masked(said)).not.toContain("r0tated");

  it("in a read", async () => {
    const { server, lines } = await telling(hooks);
    const request = { type: "test_thing", current, private: NO_BYTES, signal: running };
    const { state, diagnostics } = await server.readResource(request);
    expect(state).toEqual(current);
    hidden([diagnostics, lines]);
  });

  it("in an apply", async () => {
    const { server, lines } = await telling(hooks);
    const given = { type: "test_thing", prior: null, planned: current, config, plannedPrivate: NO_BYTES };
    const { diagnostics } = await server.applyResourceChange({ ...given, signal: running });
    hidden([diagnostics, lines]);
  });

  it("in a plan", async () => {
    const requiresReplace = ({ prior, planned }: { prior: unknown; planned: unknown }) =>
      tell([prior, planned]);
    const key = attr.string({
      description: "Key.",
      computed: true,
      keepPriorValue: true,
      sensitive: true,
      requiresReplace,
    });
    const { server, lines } = await telling({
      attributes: { key },
      plan: async () => ({ planned: { key: "r0tated" } }),
    });
    const prior = { key: "t0psecret" };
    const given = { type: "test_thing", prior, config: { key: null }, proposed: prior };
    const request = { ...given, priorPrivate: NO_BYTES, signal: running };
    hidden([(await server.planResourceChange(request)).diagnostics, lines]);
  });

  it("in a data source", async () => {
    const found = attr.string({
      description: "Found.",
      optional: true,
      computed: true,
      sensitive: true,
      semanticallyEqual,
    });
    const source = defineDataSource<string>()({
      type: "test_found",
      description: "Finds.",
      example: "",
      attributes: { found },
      read: async () => ({ found: "r0tated" }) as never,
    });
    const { server, lines } = await telling({}, [source]);
    const request = { type: "test_found", config: { found: "t0psecret" }, signal: running };
    hidden([(await server.readDataSource(request)).diagnostics, lines]);
  });
});

it.each<[string, () => object]>([
  ["a bigint", () => ({ n: 5n })],
  ["what throws", () => Object.defineProperty({}, "a", { enumerable: true, get: () => tell("a") })],
  [
    "a circle",
    () => {
      const circle: { self?: object } = {};
      circle.self = circle;
      return circle;
    },
  ],
])("with %s in the fields: the operation goes on", async (_, fields) => {
  const { server, lines } = await telling({
    create: async ({ planned }: { planned: object }, ctx: AnyContext) => {
      ctx.log.info("t0psecret", fields() as never);
      return { state: planned };
    },
  });
  const planned = { ...config, pin_wo: null };
  const given = { type: "test_thing", prior: null, planned, config, plannedPrivate: NO_BYTES };
  expect(await server.applyResourceChange({ ...given, signal: running })).toMatchObject({
    state: planned,
    diagnostics: [],
  });
  expect(lines).toMatchObject([{ message: "(sensitive value)" }]);
});

it.each<[string, unknown, string]>([
  ["an error", new Error("refused t0psecret"), "Error: refused (sensitive value)"],
  ["a number", 5n, "5"],
  ["what has no text", Object.create(null), "(cannot be shown)"],
])("with %s as the message of a line: the operation goes on", async (_, message, said) => {
  const { server, lines } = await telling({
    create: async ({ planned }: { planned: object }, ctx: AnyContext) => {
      ctx.log.info(message as never);
      return { state: planned };
    },
  });
  const planned = { ...config, pin_wo: null };
  const given = { type: "test_thing", prior: null, planned, config, plannedPrivate: NO_BYTES };
  expect((await server.applyResourceChange({ ...given, signal: running })).diagnostics).toEqual([]);
  expect(lines).toMatchObject([{ message: said }]);
});

it("by whoever has the provider's log, whatever request it was in", async () => {
  const { server, lines } = await telling({});
  await server.validateResourceConfig({ type: "test_thing", config, writeOnlyAllowed: true });
  server.log.warn(`late: ${config.token}`, { pin: config.pin_wo, at: ["region-secret"] });
  masked(lines);
});

it.each<[string, (thrown: Error) => Error]>([
  ["and the hook fails", () => new DiagnosticError("The device was not waited for", "It was cut off.")],
  ["and the hook throws it too", (thrown) => thrown],
])("where nothing catches it, by a call that outlasts the memory of the others, %s", async (_, failure) => {
  const thrown = new Error("refused t0psecret of other-secret");
  const run = new AbortController();
  const { server, lines } = await telling({
    create: async () => {
      for (const from of [0, 10_000, 20_000]) {
        const token = Array.from({ length: 10_000 }, (_, i) => `line-${from + i}`).join("\n");
        const given = {
          type: "test_thing",
          config: { ...config, token, pin_wo: null },
          writeOnlyAllowed: true,
        };
        await server.validateResourceConfig(given);
      }
      const other = { ...config, token: "other-secret" };
      await server.validateResourceConfig({ type: "test_thing", config: other, writeOnlyAllowed: true });
      run.abort(new Stopped("an exception was not caught", { stray: { thrown } }));
      throw failure(thrown);
    },
  });
  const planned = { ...config, pin_wo: null };
  const given = { type: "test_thing", prior: null, planned, config, plannedPrivate: NO_BYTES };
  const { diagnostics } = await server.applyResourceChange({ ...given, signal: run.signal });
  expect(masked([diagnostics, lines])).not.toContain("other-secret");
  expect(diagnostics).toHaveLength(2);
});
