import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http2 from "node:http2";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeOfSchema } from "../providers/framework/schema/schema-type";
import type { Value } from "../providers/framework/schema/value";
import { grpcCall } from "../providers/framework/testing/host/grpc-call";
import { writeDynamic } from "../providers/framework/wire/dynamic-value";
import { MAGIC_COOKIE, PROTOCOL_VERSION } from "../providers/framework/wire/handshake";
import { PROVIDER_SERVICE, rpcs } from "../providers/framework/wire/tfplugin6";
import { nullStandInProvider } from "../providers/null-stand-in/provider";
import { builtProvider } from "../scripts/built-provider";
import { median } from "./numbers";
import { noting, type Usage, usagesIn } from "./usage";

/**
 * The processor time of a provider for the calls of a plan, beside that of a server on node:http2 that sends back
 * what it is sent: the floor of any provider that uses Node's HTTP/2. Both are fresh processes, start included, as
 * in each plan, and are asked the same by the same client, ten calls at a time like core; without TLS.
 */
const RESOURCES = 1_000;
const AT_ONCE = 10;

export async function calls(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-calls-"));
  try {
    const echo = join(folder, "echo.js");
    writeFileSync(echo, ECHO);
    const provider = builtProvider("null-stand-in", nullStandInProvider).bundle;
    const [floor, ours]: [Usage[], Usage[]] = [[], []];
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      floor.push(await usageOf(echo, folder));
      ours.push(await usageOf(provider, folder));
    }
    const show = (what: string, usages: readonly Usage[], remark = "") => {
      const cpu = median(usages.map((usage) => usage.cpu));
      const megabytes = median(usages.map((usage) => usage.megabytes));
      const each = (cpu / RESOURCES).toFixed(2);
      console.log(
        `  ${what.padEnd(42)} ${cpu.toFixed(0).padStart(6)} ms of processor, ${each} a resource, ${megabytes.toFixed(0)} MB   ${remark}`.trimEnd(),
      );
    };
    const ratio = median(ours.map((usage, round) => usage.cpu / floor[round]!.cpu));
    console.log(`${CALLS.length * RESOURCES} calls, those that a plan makes of ${RESOURCES} resources`);
    show("node:http2, which echoes them", floor);
    show("the provider", ours, ratio.toFixed(2));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { type, attributes } = nullStandInProvider.resources[0]!;
const known: Value = { id: "5577006791947779410", triggers: { a: "x" } };
const object = (value: Value) => writeDynamic(value, typeOfSchema(attributes));
const config = object({ id: null, triggers: { a: "x" } });

/** What core asks about a resource that is there and does not change. */
const CALLS: readonly (readonly [keyof typeof rpcs, Uint8Array])[] = [
  [
    "UpgradeResourceState",
    rpcs.UpgradeResourceState.request.encode({
      type_name: type,
      raw_state: { json: Buffer.from(JSON.stringify(known)) },
    }),
  ],
  ["ReadResource", rpcs.ReadResource.request.encode({ type_name: type, current_state: object(known) })],
  ["ValidateResourceConfig", rpcs.ValidateResourceConfig.request.encode({ type_name: type, config })],
  [
    "PlanResourceChange",
    rpcs.PlanResourceChange.request.encode({
      type_name: type,
      prior_state: object(known),
      proposed_new_state: object(known),
      config,
    }),
  ],
];

async function usageOf(program: string, folder: string): Promise<Usage> {
  const notes = join(folder, "usage");
  rmSync(notes, { force: true });
  const wrapped = join(folder, "noting.js");
  writeFileSync(wrapped, noting(program, notes));
  const child = spawn(process.execPath, [wrapped], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      [MAGIC_COOKIE.name]: MAGIC_COOKIE.value,
      PLUGIN_PROTOCOL_VERSIONS: String(PROTOCOL_VERSION),
      PLUGIN_UNIX_SOCKET_DIR: folder,
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk)));
    void ended.then(() => reject(new Error(`${program} ended early`)));
  });
  const session = http2.connect("http://localhost", {
    createConnection: () => net.connect(line.trim().split("|")[3]!),
  });
  const ask = ([name, message]: (typeof CALLS)[number]) =>
    grpcCall(session, `/${PROVIDER_SERVICE}/${name}`, message);
  await ask(["ConfigureProvider", rpcs.ConfigureProvider.request.encode({})]);
  let next = 0;
  const worker = async () => {
    while (next++ < RESOURCES) for (const call of CALLS) await ask(call);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  session.close();
  child.kill("SIGTERM");
  await ended;
  return usagesIn(notes)[0]!;
}

/** As little as a gRPC server on node:http2 can do. */
const ECHO = `
const { createServer } = require("node:http2");
const server = createServer();
server.on("stream", (stream) => {
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.concat(chunks));
  });
});
const socket = process.env.PLUGIN_UNIX_SOCKET_DIR + "/echo" + process.pid;
server.listen(socket, () => require("node:fs").writeSync(1, "1|6|unix|" + socket + "|grpc|\\n"));
process.on("SIGTERM", () => process.exit(0));
`;
