import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { Host, later } from "../../../../providers/framework/testing";
import type { Generation } from "../../../../providers/framework/testing/host/generation";
import { attach } from "../../../../providers/framework/testing/host/launch";
import { type Endpoint, listen } from "../../../../providers/framework/wire/endpoint";
import { createGrpcServer, type GrpcServer } from "../../../../providers/framework/wire/grpc/server";
import type { Method } from "../../../../providers/framework/wire/grpc/service";
import { createLogger } from "../../../../providers/framework/wire/logger";
import { bool, embedded, message, one, string } from "../../../../providers/framework/wire/protobuf/message";
import { providerService } from "../../../../providers/framework/wire/provider-service";
import { DynamicValueMessage, rpcs } from "../../../../providers/framework/wire/tfplugin6";
import { mutantProvider } from "../conformance/mutation/mutant";

/** What the host really sends when it plays a newer core than those that the suites have met. */

let server: GrpcServer;
let endpoint: Endpoint;
/** The last request of each call, in the order of the first ones. */
const requests = new Map<string, Buffer>();

beforeAll(async () => {
  const log = createLogger({ name: "mutant", env: {} });
  const service = providerService(createProviderServer(mutantProvider, { log }), {
    log,
    stop: () => undefined,
  });
  const recorded = service.map(([path, method]): [string, Method] => {
    if (method.kind !== "unary") return [path, method];
    const call: typeof method.call = (request, signal) => {
      requests.set(path.split("/").at(-1)!, Buffer.from(request));
      return method.call(request, signal);
    };
    return [path, { ...method, call }];
  });
  server = createGrpcServer({ log, routes: new Map(recorded) });
  endpoint = await listen(server.listener);
});
afterAll(async () => {
  await server.close();
  endpoint.remove();
});

function attached(as: Generation) {
  requests.clear();
  const Addr = { Network: endpoint.network, String: endpoint.address };
  return attach({ Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true, Addr }, as);
}

async function live(as: Generation) {
  const client = await attached(as);
  const host = await Host.of(client);
  const thing = host.resource("mutant_thing");
  await thing.apply({ name: "a", note: later("n") });
  await thing.import("a");
  await host.data("mutant_source", { key: "k" });
  await client.close();
}

const Capabilities = (number: number) =>
  message("Request", {
    client_capabilities: embedded(
      number,
      message("ClientCapabilities", {
        deferral: one(1, bool),
        writeOnly: one(2, bool),
        strange: one(1002, string),
      }),
    ),
    strange: one(1002, string),
  });

/** Field of the client's capabilities in each request that has them (protocol 6.11). */
const FIELDS = {
  ConfigureProvider: 3,
  ValidateResourceConfig: 3,
  ReadResource: 5,
  PlanResourceChange: 7,
  ImportResourceState: 3,
  ReadDataSource: 4,
} as const;

test("the newest asks for identities and functions first, and says in every call what it is capable of", async () => {
  await live("newest");
  expect([...requests.keys()].slice(0, 5)).toEqual([
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "GetFunctions",
    "ValidateProviderConfig",
    "ConfigureProvider",
  ]);
  for (const [name, number] of Object.entries(FIELDS)) {
    const { client_capabilities: said } = Capabilities(number).decode(requests.get(name)!);
    expect([name, said]).toEqual([name, expect.objectContaining({ deferral: true, writeOnly: true })]);
  }
  const { terraform_version } = rpcs.ConfigureProvider.request.decode(requests.get("ConfigureProvider")!);
  expect(terraform_version).toBe("1.16.0");
});

test("the newest has fields in every request, and in capabilities, that nobody knows", async () => {
  await live("newest");
  const strange = (bytes: Buffer) => Capabilities(5).decode(bytes).strange;
  expect([...requests].filter(([, bytes]) => strange(bytes) !== "xyz")).toEqual([]);
  expect(Capabilities(5).decode(requests.get("ReadResource")!).client_capabilities!.strange).toBe("xyz");
});

test("the newest refines what is unknown", async () => {
  const planOf = async (as: Generation) => {
    const client = await attached(as);
    await (await Host.of(client)).resource("mutant_thing").plan({ name: "a", note: later("n") });
    await client.close();
    const { config } = rpcs.PlanResourceChange.request.decode(requests.get("PlanResourceChange")!);
    return DynamicValueMessage.encode(config!).toString("hex");
  };
  const note = Buffer.from("\xa4note", "latin1").toString("hex");
  expect(await planOf("newest")).toContain(`${note}c7030c8101c2`);
  expect(await planOf("tested")).toContain(`${note}d40000`);
});

test("the one that was tested does none of this", async () => {
  await live("tested");
  expect([...requests.keys()].slice(0, 3)).toEqual([
    "GetProviderSchema",
    "ValidateProviderConfig",
    "ConfigureProvider",
  ]);
  const configured = Capabilities(3).decode(requests.get("ConfigureProvider")!);
  expect(configured).toEqual({
    client_capabilities: { deferral: false, writeOnly: true, strange: "" },
    strange: "",
  });
  expect(Capabilities(7).decode(requests.get("PlanResourceChange")!).client_capabilities).toBeUndefined();
});
