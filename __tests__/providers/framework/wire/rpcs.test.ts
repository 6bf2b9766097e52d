import type { ClientHttp2Session } from "node:http2";
import * as net from "node:net";
import { type Endpoint, listen } from "../../../../providers/framework/wire/endpoint";
import { frame } from "../../../../providers/framework/wire/grpc/frame";
import { createGrpcServer, type GrpcServer } from "../../../../providers/framework/wire/grpc/server";
import { createLogger } from "../../../../providers/framework/wire/logger";
import { providerService } from "../../../../providers/framework/wire/provider-service";
import { PROVIDER_SERVICE, rpcs } from "../../../../providers/framework/wire/tfplugin6";
import { call, connect } from "./fixture/grpc-client";
import { noteProvider } from "./fixture/note-provider";

/**
 * Every call of `tfplugin6.Provider` up to protocol 6.11 (Terraform 1.16, OpenTofu 1.12). A host calls what we do not
 * answer only for what a schema or a capability has announced: none of it is, and UNIMPLEMENTED is what it then gets.
 * Terraform itself takes UNIMPLEMENTED from GetResourceIdentitySchemas alone, and so that one is answered.
 */
const UNANSWERED: { readonly [rpc: string]: string } = {
  UpgradeResourceIdentity: "no resource has an identity",
  GenerateResourceConfig: "not among the capabilities",
  ValidateEphemeralResourceConfig: "no ephemeral resources",
  OpenEphemeralResource: "no ephemeral resources",
  RenewEphemeralResource: "no ephemeral resources",
  CloseEphemeralResource: "no ephemeral resources",
  ListResource: "no list resources",
  ValidateListResourceConfig: "no list resources",
  CallFunction: "no functions",
  ValidateActionConfig: "no actions",
  PlanAction: "no actions",
  InvokeAction: "no actions",
  ValidateStateStoreConfig: "no state stores",
  ConfigureStateStore: "no state stores",
  ReadStateBytes: "no state stores",
  WriteStateBytes: "no state stores",
  LockState: "no state stores",
  UnlockState: "no state stores",
  GetStates: "no state stores",
  DeleteState: "no state stores",
};

const ANSWERED = [
  "GetMetadata",
  "GetProviderSchema",
  "GetResourceIdentitySchemas",
  "GetFunctions",
  "ValidateProviderConfig",
  "ConfigureProvider",
  "ValidateResourceConfig",
  "ValidateDataResourceConfig",
  "UpgradeResourceState",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "ImportResourceState",
  "MoveResourceState",
  "ReadDataSource",
  "StopProvider",
] as const;

let server: GrpcServer;
let endpoint: Endpoint;
let session: ClientHttp2Session;
beforeAll(async () => {
  const log = createLogger({ name: "wire", env: {} });
  const routes = new Map(providerService(noteProvider(), { log, stop: () => undefined }));
  server = createGrpcServer({ log, routes });
  endpoint = await listen(server.listener);
  session = await connect({ createConnection: () => net.connect(endpoint.address) });
});
afterAll(async () => {
  session.destroy();
  await server.close();
  endpoint.remove();
});

const ask = (name: string, raw?: readonly Uint8Array[]) =>
  call(session, `/${PROVIDER_SERVICE}/${name}`, NOTHING, raw ? { raw } : {});
const NOTHING = Buffer.alloc(0);

test("the 36 calls of the protocol are answered or not: each is in one list", () => {
  expect([...ANSWERED].sort()).toEqual(Object.keys(rpcs).sort());
  expect(new Set([...ANSWERED, ...Object.keys(UNANSWERED)]).size).toBe(36);
});

// An empty request, in which every field is what proto3 means by nothing, must not break a call either.
test.each(ANSWERED)("%s is answered", async (name) => {
  expect(await ask(name)).toMatchObject({ httpStatus: 200, status: 0, message: "" });
});

test.each(Object.entries(UNANSWERED))("%s is UNIMPLEMENTED (%s)", async (name) => {
  expect(await ask(name)).toEqual({
    httpStatus: 200,
    status: 12,
    message: `method /tfplugin6.Provider/${name} is not implemented`,
    body: NOTHING,
  });
});

test("a call whose request is a stream is UNIMPLEMENTED as well, and the connection goes on", async () => {
  const chunks = Array.from({ length: 20 }, () => frame(Buffer.alloc(64 * 1024, 1)));
  expect(await ask("WriteStateBytes", chunks)).toMatchObject({ status: 12 });
  expect(await ask("GetMetadata")).toMatchObject({ status: 0 });
});

/** The numbers of the fields that a message has. */
function fieldsOf(bytes: Buffer): number[] {
  const found = new Set<number>();
  const varint = (at: number): [value: number, next: number] => {
    let [value, shift, next] = [0, 0, at];
    for (; bytes[next]! >= 0x80; shift += 7) value += (bytes[next++]! & 0x7f) * 2 ** shift;
    return [value + bytes[next]! * 2 ** shift, next + 1];
  };
  for (let at = 0; at < bytes.length; ) {
    const [tag, next] = varint(at);
    const [value, after] = varint(next);
    found.add(tag >> 3);
    at = (tag & 7) === 2 ? after + value : after;
  }
  return [...found].sort((a, b) => a - b);
}

test("nothing is announced that is not answered", async () => {
  // GetProviderSchema: 7 functions, 8 ephemeral resources, 9 list resources, 10 state stores, 11 actions.
  expect(fieldsOf((await ask("GetProviderSchema")).body)).toEqual([1, 2, 3, 6]);
  // GetMetadata: 5 functions, 6 ephemeral resources, 7 list resources, 8 state stores, 9 actions.
  expect(fieldsOf((await ask("GetMetadata")).body)).toEqual([1, 3, 4]);
  for (const none of ["GetResourceIdentitySchemas", "GetFunctions"])
    expect((await ask(none)).body).toEqual(NOTHING);
  const { server_capabilities } = rpcs.GetMetadata.response.decode((await ask("GetMetadata")).body);
  expect(server_capabilities).toEqual({
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: false,
  });
});
