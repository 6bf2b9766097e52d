import { typeOfSchema } from "../../../../providers/framework/schema/schema-type";
import { UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import type { ProviderServer } from "../../../../providers/framework/server/provider-server";
import { decodeValue } from "../../../../providers/framework/wire/decode-value";
import { encodeValue } from "../../../../providers/framework/wire/encode-value";
import { createLogger } from "../../../../providers/framework/wire/logger";
import type { Draft, Message } from "../../../../providers/framework/wire/protobuf/message";
import { providerService } from "../../../../providers/framework/wire/provider-service";
import { rpcs } from "../../../../providers/framework/wire/tfplugin6";
import { definition, noteProvider } from "./fixture/note-provider";

let calls: string[];
let stopped: number;
let logged: string[];
let server: ProviderServer;
beforeEach(() => {
  calls = [];
  stopped = 0;
  logged = [];
  server = noteProvider(calls);
});

const NOTE = typeOfSchema(definition.resources[0]!.attributes);
const none = { number: null, tags: null, secret: null, places: null };
const note = (fields: { readonly [name: string]: Value }) => ({
  msgpack: encodeValue({ ...none, text: "hello", id: null, ...fields }, NOTE),
});

/** One call through bytes, as the gRPC server makes it. */
async function ask<N extends keyof typeof rpcs>(name: N, request: Draft<unknown> = {}) {
  const log = createLogger({ name: "wire", env: { TF_LOG: "trace" }, write: (line) => logged.push(line) });
  const stop = () => {
    stopped++;
  };
  const method = new Map(providerService(server, { log, stop })).get(`/tfplugin6.Provider/${name}`)!;
  if (method.kind !== "unary") throw new Error("not unary");
  const rpc = rpcs[name] as unknown as { request: Message<object>; response: Message<object> };
  const bytes = await method.call(rpc.request.encode(request as object), new AbortController());
  return rpc.response.decode(bytes) as ReturnType<(typeof rpcs)[N]["response"]["decode"]>;
}
const bytesOf = (dynamic: { msgpack: Uint8Array } | undefined) => decodeValue(dynamic!.msgpack, NOTE);

test("schema has every property of an attribute, and nested types", async () => {
  const schema = await ask("GetProviderSchema");
  expect(schema.server_capabilities).toMatchObject({
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
  });
  const resource = schema.resource_schemas.get("wire_note")!;
  expect(resource.version).toBe(3);
  const attributes = new Map(resource.block!.attributes.map((a) => [a.name, a]));
  expect(attributes.get("text")).toMatchObject({
    required: true,
    optional: false,
    computed: false,
    description_kind: 1,
  });
  expect(Buffer.from(attributes.get("tags")!.type).toString()).toBe('["set","string"]');
  expect(attributes.get("secret")).toMatchObject({ optional: true, sensitive: true });
  expect(attributes.get("id")).toMatchObject({
    computed: true,
    optional: false,
    description: "Given by us.",
  });
  const places = attributes.get("places")!;
  expect(places.type).toHaveLength(0);
  expect(places.nested_type!.nesting).toBe(4);
  expect(places.nested_type!.attributes.map(({ name, deprecated }) => [name, deprecated])).toEqual([
    ["port", false],
    ["label", true],
  ]);
  expect([...schema.data_source_schemas.keys()]).toEqual(["wire_echo"]);
  expect(schema.provider!.block!.attributes.map(({ name }) => name)).toEqual(["greeting"]);
});

test("metadata lists the types; there are no identities and functions", async () => {
  expect(await ask("GetMetadata")).toMatchObject({
    resources: [{ type_name: "wire_note" }],
    data_sources: [{ type_name: "wire_echo" }],
  });
  expect(await ask("GetResourceIdentitySchemas")).toEqual({ diagnostics: [] });
  expect(await ask("GetFunctions")).toEqual({ diagnostics: [] });
});

test("plan carries values, paths, private data and diagnostics", async () => {
  const planned = await ask("PlanResourceChange", {
    type_name: "wire_note",
    prior_state: note({ id: "note-1" }),
    proposed_new_state: note({ id: "note-1", text: "bad", number: 2n ** 70n }),
    config: note({ text: "bad" }),
  });
  expect(bytesOf(planned.planned_state)).toMatchObject({ text: "bad", id: "note-1", number: 2n ** 70n });
  expect(planned.requires_replace).toMatchObject([{ steps: [{ attribute_name: "text" }] }]);
  expect(Buffer.from(planned.planned_private).toString()).toBe("planned");
  expect(planned.diagnostics).toMatchObject([
    { severity: 1, summary: "Text is bad", attribute: { steps: [{ attribute_name: "text" }] } },
  ]);
});

test("a create plans unknowns, a missing prior state is null", async () => {
  const planned = await ask("PlanResourceChange", {
    type_name: "wire_note",
    proposed_new_state: note({}),
    config: note({}),
  });
  expect(bytesOf(planned.planned_state)).toMatchObject({ id: UNKNOWN });
  const destroyed = await ask("PlanResourceChange", { type_name: "wire_note", prior_state: note({}) });
  expect(bytesOf(destroyed.planned_state)).toBeNull();
  expect(calls).toEqual(["plan", "plan destroy"]);
});

test("apply hands private data on", async () => {
  const applied = await ask("ApplyResourceChange", {
    type_name: "wire_note",
    planned_state: note({ id: UNKNOWN }),
    config: note({}),
    planned_private: Buffer.from("planned"),
  });
  expect(calls).toEqual(["apply planned"]);
  expect(bytesOf(applied.new_state)).toMatchObject({ id: "note-1" });
  expect(Buffer.from(applied.private).toString()).toBe("kept");
});

test("stored state comes as JSON, numbers beyond JavaScript's intact", async () => {
  const json = '{"text":"x","number":12345678901234567890,"tags":null,"secret":null,"places":null,"id":"i"}';
  const upgraded = await ask("UpgradeResourceState", {
    type_name: "wire_note",
    version: 2,
    raw_state: { json: Buffer.from(json) },
  });
  expect(bytesOf(upgraded.upgraded_state)).toMatchObject({ text: "x", number: 12345678901234567890n });
});

test("values may come as JSON", async () => {
  const read = await ask("ReadDataSource", {
    type_name: "wire_echo",
    config: { json: Buffer.from('{"text":"four"}') },
  });
  const echo = typeOfSchema(definition.dataSources[0]!.attributes);
  expect(decodeValue(read.state!.msgpack, echo)).toEqual({ text: "four", length: 4 });
});

test("import names the type of what it found", async () => {
  const { imported_resources } = await ask("ImportResourceState", { type_name: "wire_note", id: "x" });
  expect(imported_resources).toHaveLength(1);
  expect(imported_resources[0]!.type_name).toBe("wire_note");
  expect(bytesOf(imported_resources[0]!.state)).toMatchObject({ text: "x" });
});

test("a move says where from, and brings state and private data", async () => {
  const json = '{"text":"x","number":12345678901234567890,"tags":null,"secret":null,"places":null,"id":"i"}';
  const moved = await ask("MoveResourceState", {
    source_provider_address: "a.internal/b/c",
    source_type_name: "c_page",
    source_schema_version: 4,
    source_state: { json: Buffer.from(json) },
    target_type_name: "wire_note",
  });
  expect(calls).toEqual(["move a.internal/b/c c_page 4 to wire_note"]);
  expect(bytesOf(moved.target_state)).toMatchObject({ text: "x", number: 12345678901234567890n });
  expect(Buffer.from(moved.target_private).toString()).toBe("moved");
});

test("whether write-only attributes are understood comes from the host", async () => {
  const seen: boolean[] = [];
  server = {
    ...server,
    validateResourceConfig: async ({ writeOnlyAllowed }) => {
      seen.push(writeOnlyAllowed);
      return { diagnostics: [] };
    },
  };
  const request = { type_name: "wire_note", config: note({}) };
  await ask("ValidateResourceConfig", request);
  await ask("ValidateResourceConfig", {
    ...request,
    client_capabilities: { write_only_attributes_allowed: true },
  });
  expect(seen).toEqual([false, true]);
});

test("StopProvider stops and has no error", async () => {
  expect(await ask("StopProvider")).toEqual({ Error: "" });
  expect(stopped).toBe(1);
});

describe("a failure is a diagnostic, never a broken call", () => {
  test("a mistake of the provider's, with the place in the log and the message only in the diagnostic", async () => {
    const { diagnostics, new_state } = await ask("ApplyResourceChange", {
      type_name: "wire_note",
      planned_state: note({ text: "throw" }),
      config: note({ text: "throw" }),
    });
    expect(new_state).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        severity: 1,
        summary: "Provider bug in ApplyResourceChange",
        detail: expect.stringContaining("a mistake"),
      },
    ]);
    expect(logged.join()).toContain("note-provider");
    expect(logged.join()).not.toContain("a mistake");
  });

  test("an answer that is not of the declared type", async () => {
    server = {
      ...server,
      readResource: async () => ({ state: { text: 5 }, private: new Uint8Array(), diagnostics: [] }),
    };
    const { diagnostics } = await ask("ReadResource", { type_name: "wire_note", current_state: note({}) });
    expect(diagnostics[0]).toMatchObject({ summary: "Provider bug in ReadResource" });
    expect(diagnostics[0]!.detail).toContain("id is missing");
  });

  test.each<[string, keyof typeof rpcs, object, string]>([
    ["a type that does not exist", "ReadResource", { type_name: "wire_nil" }, "no resource wire_nil"],
    ["a data source that does not exist", "ReadDataSource", { type_name: "x" }, "no data source x"],
    [
      "bytes that are no value",
      "ReadResource",
      { type_name: "wire_note", current_state: { msgpack: Buffer.from([0xc1]) } },
      "starts no value",
    ],
    ["state of a Terraform before 0.12", "UpgradeResourceState", { type_name: "wire_note" }, "before 0.12"],
    [
      "stored state that is no JSON",
      "UpgradeResourceState",
      { type_name: "wire_note", raw_state: { json: Buffer.from("{") } },
      "JSON",
    ],
    [
      "a move to a type that does not exist",
      "MoveResourceState",
      { target_type_name: "wire_nil" },
      "no resource wire_nil",
    ],
    ["a move of a state before 0.12", "MoveResourceState", { target_type_name: "wire_note" }, "before 0.12"],
  ])("%s", async (_, name, request, sentence) => {
    const { diagnostics } = (await ask(name, request)) as {
      diagnostics: { severity: number; detail: string }[];
    };
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: 1, detail: expect.stringContaining(sentence) });
  });
});
