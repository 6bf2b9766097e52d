import { defineDataSource, defineProvider } from "../../../../providers/framework/define";
import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import {
  description,
  linesOf,
  NO_BYTES,
  providerOf,
  recordingLog,
  resourceOf,
  running,
  serve,
} from "./fixture";

const blame = "This is a bug of the provider. Please report it to its developers.";

const dataSchema = {
  name: attr.string({ description, required: true }),
  size: attr.number({ description, default: 3 }),
  found: attr.list("string", { description, computed: true }),
};
type Read = Parameters<ReturnType<typeof defineDataSource<string>>>[0]["read"];

function withData(read: (config: never, ctx: never) => Promise<unknown>) {
  const data = defineDataSource<string>()({
    type: "test_data",
    description,
    example: "",
    attributes: dataSchema,
    read: read as Read as never,
  });
  return defineProvider({ ...providerOf(), dataSources: [data] });
}

describe("configure", () => {
  const provider = (
    configure: (config: { region: unknown }, ctx: { error(s: string, d: string): void }) => string,
  ) =>
    defineProvider({
      ...withData(async (config, { client }: { client: string }) => ({
        ...(config as object),
        found: [client],
      })),
      configure: configure as never,
    });
  const client = async (definition: ReturnType<typeof provider>, config: Value) => {
    const server = serve(definition);
    const configured = await server.configureProvider({ config, signal: running });
    const read = await server.readDataSource({
      type: "test_data",
      config: { name: "a", size: null, found: null },
      signal: running,
    });
    return [
      ...linesOf(configured.diagnostics),
      ...linesOf(read.diagnostics),
      (read.state as { found?: unknown })?.found,
    ];
  };

  it("is given the defaults, and its client goes to every hook", async () => {
    expect(
      await client(
        provider(({ region }) => `client of ${String(region)}`),
        { region: null },
      ),
    ).toEqual([["client of north"]]);
    expect(
      await client(
        provider(({ region }) => `client of ${String(region)}`),
        { region: "south" },
      ),
    ).toEqual([["client of south"]]);
  });

  it("may meet unknowns", async () => {
    expect(
      await client(
        provider(({ region }) => (region === UNKNOWN ? "later" : "now")),
        { region: UNKNOWN },
      ),
    ).toEqual([["later"]]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new DiagnosticError("No", "Way.");
      },
    ],
    [
      "reports an error",
      (_: unknown, ctx: { error(s: string, d: string): void }) => {
        ctx.error("No", "Way.");
        return "client";
      },
    ],
  ])("that %s leaves the provider unconfigured", async (_, configure) => {
    expect(await client(provider(configure), { region: null })).toEqual([
      "error: No / Way.",
      'error: Provider "test" is not configured / The read of test_data needs the provider, but its configuration did not succeed. Fix that first.',
      undefined,
    ]);
  });
});

describe("a data source", () => {
  const read = async (hook: (config: never) => Promise<unknown>, config: Value) => {
    const server = serve(withData(hook));
    await server.configureProvider({ config: { region: null }, signal: running });
    const answer = await server.readDataSource({ type: "test_data", config, signal: running });
    return { state: answer.state, lines: linesOf(answer.diagnostics) };
  };
  const config = { name: "a", size: null, found: null };
  const answering = (change: object) => async (given: object) => ({ ...given, found: ["x"], ...change });

  it("reads with defaults filled in", async () => {
    expect(await read(answering({}), config)).toEqual({
      state: { name: "a", size: 3, found: ["x"] },
      lines: [],
    });
  });

  it.each<[string, object, string]>([
    [
      "change what is configured",
      { name: "b" },
      '"name", which must be the configured value "a" or, when that means the same, the prior one; it is "b"',
    ],
    [
      "return an unknown",
      { found: UNKNOWN },
      '"found", which is unknown: a data source returns known values only',
    ],
    [
      "return null where it said never",
      { found: null },
      '"found", which is null, and is not declared `nullable`',
    ],
    ["return another type", { found: [1] }, '"found[0]", which must be a string, and is a number'],
  ])("must not %s", async (_, change, what) => {
    const answer = await read(answering(change), config);
    expect(answer.state).toBeNull();
    expect(answer.lines).toEqual([
      `error ${what.split('"')[1]}: Bug of the provider (test_data) / The read returned ${what}. ${blame}`,
    ]);
  });

  it("that fails returns nothing", async () => {
    const answer = await read(async () => {
      throw new DiagnosticError("No", "Way.");
    }, config);
    expect(answer).toEqual({ state: null, lines: ["error: No / Way."] });
  });
});

describe("a definition that is not sound", () => {
  it("is told at once, with every reason", () => {
    const bad = resourceOf(
      { Name: attr.string({ description, optional: true }) },
      { type: "other_thing", version: 1 },
    );
    expect(() => serve(providerOf(bad, bad))).toThrow(
      [
        'Provider "test" is not sound:',
        '- The resource "other_thing" must be named "test_" and a noun, in lower case.',
        '- other_thing: attribute "Name" must be named with lower-case letters, digits and underscores only.',
        "- other_thing: its state has version 1, and there is no upgrader from version 0.",
      ].join("\n"),
    );
    expect(() => serve(providerOf(bad, bad))).toThrow(/The resource "other_thing" is declared twice\./);
    const unused = resourceOf({}, { upgraders: { 0: (s) => s } });
    expect(() => serve(providerOf(unused))).toThrow(/upgrader from version 0 is never used/);
  });

  it.each([
    ["name", "Bad Name"],
    ["name", "a_b"],
    ["source", "x"],
    ["source", "Example.internal/acme/disk"],
    ["version", ""],
    ["version", "v1.0"],
  ])("that no core would find: its %s is %j", (part, value) => {
    expect(() => serve({ ...providerOf(), [part]: value })).toThrow(
      `The provider's ${part} is ${JSON.stringify(value)}; it must be `,
    );
  });

  it.each([
    ["source", "registry.terraform.io/hashicorp/null"],
    ["source", "localhost:8443/acme/dish-washer"],
    ["version", "1.20.0-rc.1"],
  ])("is not one whose %s is %j", (part, value) => {
    expect(() => serve({ ...providerOf(), [part]: value })).not.toThrow();
  });
});

describe("no method throws", () => {
  const request = {
    type: "test_nothing",
    config: null,
    prior: { a: 1 },
    proposed: null,
    planned: null,
    current: { a: 1 },
    private: NO_BYTES,
    priorPrivate: NO_BYTES,
    plannedPrivate: NO_BYTES,
    id: "x",
    version: 0,
    json: {},
    source: { provider: "p", type: "t", version: 0, json: {} },
    writeOnlyAllowed: true,
    signal: running,
  };

  it.each([
    "validateResourceConfig",
    "upgradeResourceState",
    "readResource",
    "planResourceChange",
    "applyResourceChange",
    "importResourceState",
    "moveResourceState",
  ] as const)("%s of an unknown type is a diagnostic", async (method) => {
    const answer = await serve(providerOf())[method](request);
    expect(linesOf(answer.diagnostics)).toEqual([
      'error: Unknown resource "test_nothing" / Provider "test" has no resource of this type.',
    ]);
  });

  it.each(["validateDataSourceConfig", "readDataSource"] as const)("%s too", async (method) => {
    const answer = await serve(providerOf())[method](request);
    expect(linesOf(answer.diagnostics)).toEqual([
      'error: Unknown data source "test_nothing" / Provider "test" has no data source of this type.',
    ]);
  });
});

describe("the log", () => {
  const schema = { pin: attr.string({ description, required: true, sensitive: true }) };

  it("gets the stack that the user does not; the framework itself logs no value", async () => {
    const { log, lines } = recordingLog();
    const resource = resourceOf(schema, {
      plan: async () => {
        throw new Error("broken");
      },
    });
    const server = createProviderServer(providerOf(resource), { log });
    await server.configureProvider({ config: { region: null }, signal: running });
    const object = { pin: "4711" };
    const answer = await server.planResourceChange({
      type: "test_thing",
      prior: null,
      proposed: object,
      config: object,
      priorPrivate: new TextEncoder().encode('{"pin":"4711"'),
      signal: running,
    });
    expect(JSON.stringify(answer.diagnostics)).not.toContain(".test.ts");
    expect(lines).toContainEqual({
      level: "debug",
      message: "plan threw",
      fields: { subject: "test_thing", stack: expect.stringContaining(".test.ts") },
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ message: "private data that cannot be read, treated as none" }),
    );
    expect(JSON.stringify(lines)).not.toContain("4711");
  });

  it("names what a hook's line is about", async () => {
    const { log, lines } = recordingLog();
    const resource = resourceOf(schema, {
      read: async ({ state }, ctx) => {
        ctx.log.info("asking", { node: "n1" });
        return { state };
      },
    });
    const server = createProviderServer(providerOf(resource), { log });
    await server.configureProvider({ config: { region: null }, signal: running });
    await server.readResource({
      type: "test_thing",
      current: { pin: "4711" },
      private: NO_BYTES,
      signal: running,
    });
    expect(lines).toEqual([
      { level: "info", message: "asking", fields: { subject: "test_thing", node: "n1" } },
    ]);
  });
});
