import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonMap } from "../lab/dhcp/document";
import { findKea, startKea } from "../lab/dhcp/kea";
import { OwnServer } from "../lab/dhcp/own-server";
import type { Answer, Scope } from "../providers/dhcp/backends/backend";
import { KeaBackend } from "../providers/dhcp/backends/kea/backend";
import { dhcpProvider } from "../providers/dhcp/provider";
import { cores } from "../providers/framework/testing/core";
import { Workspace } from "../providers/framework/testing/workspace";
import { builtProvider } from "../scripts/built-provider";
import { median, row, timed } from "./numbers";

/**
 * Switching 1 scope and 300 scopes of one Kea with 300 subnets of 20 reservations, against a bare config-get and
 * config-set of the same document: without test, re-check and proof.
 */
const SUBNETS = 300;
const RESERVATIONS = 20;
const AIM = 1.5;
/** What a core applies at once, unless `-parallelism` says otherwise. */
const PARALLELISM = 10;
const PORTS = { port: 31_067, clientPort: 31_068 };

const SOURCE = ["192.0.2.21", "192.0.2.22"];
const DESTINATION = ["198.51.100.21", "198.51.100.22"];

export async function dhcp(rounds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "bd-"));
  chmodSync(directory, 0o750);
  const server = await start(directory);
  const relay = await Relay.start(join(directory, "relay"), server.socketPath);
  try {
    console.log(
      `Option 150 on ${server.what}, ${SUBNETS} subnets of ${RESERVATIONS} reservations (aim ${AIM})`,
    );
    const bare: number[] = [];
    for (let round = 0; round < Math.min(rounds, 10); round++) bare.push(await timed(() => getAndSet(relay)));
    row("config-get and config-set", median(bare));
    // What a careful hand needs: half of it is the server's own work for config-test, and cannot be saved.
    const careful: number[] = [];
    for (let round = 0; round < Math.min(rounds, 3); round++)
      careful.push(await timed(() => getTestAndSet(relay)));
    row(
      "with config-test, another look, and proof",
      median(careful),
      (median(careful) / median(bare)).toFixed(2),
    );
    for (const [scopes, parallelism] of [
      [1, 1],
      [SUBNETS, PARALLELISM],
      [SUBNETS, SUBNETS],
    ] as const) {
      const times: number[] = [];
      relay.writes = 0;
      const most = Math.min(rounds, scopes === 1 ? 10 : 1);
      for (let round = 0; round < most; round++) {
        times.push(await timed(() => switchAll(relay, scopes, parallelism, SOURCE, DESTINATION)));
        times.push(await timed(() => switchAll(relay, scopes, parallelism, DESTINATION, SOURCE)));
      }
      const ratio = (median(times) / median(bare)).toFixed(2);
      const writes = relay.writes / times.length;
      row(`${scopes} scopes, ${parallelism} at once`, median(times), `${ratio}, ${writes} writes`);
    }
    for (const core of cores()) await byCore(core, relay);
  } finally {
    await relay.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As users have it. What takes the time then is the core. */
async function byCore(core: ReturnType<typeof cores>[number], relay: Relay): Promise<void> {
  const env: { TF_CLI_ARGS_apply?: string } = {};
  const providers = { dhcp: builtProvider("dhcp", dhcpProvider) };
  const workspace = new Workspace({ core, providers, env: env as { [name: string]: string } });
  const declare = (serve: string) =>
    workspace.configure(`
      provider "dhcp" { servers = { kea = { kea = { endpoints = ["unix://${relay.path}"] } } } }
      resource "dhcp_option_150" "many" {
        for_each              = toset(${JSON.stringify(Array.from({ length: SUBNETS }, (_, i) => subnet(i)))})
        server                = "kea"
        scope                 = { subnet = each.value }
        source_addresses      = ${JSON.stringify(SOURCE)}
        destination_addresses = ${JSON.stringify(DESTINATION)}
        serve                 = "${serve}"
      }`);
  try {
    declare("source");
    await workspace.apply();
    for (const [serve, parallelism] of [
      ["destination", PARALLELISM],
      ["source", SUBNETS],
    ] as const) {
      declare(serve);
      env.TF_CLI_ARGS_apply = `-parallelism=${parallelism}`;
      relay.writes = 0;
      const plan = await workspace.plan();
      const time = await timed(() => workspace.apply(plan));
      row(`${SUBNETS} scopes by ${core.name}, ${parallelism} at once`, time, `${relay.writes} writes`);
    }
  } finally {
    workspace.remove();
  }
}

async function switchAll(
  relay: Relay,
  scopes: number,
  parallelism: number,
  from: Answer,
  to: Answer,
): Promise<void> {
  const backend = new KeaBackend({
    name: "kea",
    endpoints: [`unix://${relay.path}`],
    persist: "none",
    pilotsBy: "reservation",
    security: { tlsSha256: [], caPem: null, basic: null, clientCertificate: null },
  });
  let next = 0;
  const worker = async () => {
    while (next < scopes) {
      const scope: Scope = { kind: "subnet", subnet: subnet(next++) };
      const signal = new AbortController().signal;
      await backend.apply(scope, { answer: to, expected: [from], unsaved: "undo" }, { signal });
    }
  };
  await Promise.all(Array.from({ length: parallelism }, worker));
}

async function getAndSet(relay: Relay): Promise<void> {
  const { arguments: document } = JSON.parse(await ask(relay.path, '{"command":"config-get"}'));
  const { hash: _, ...rest } = document;
  const answer = await ask(relay.path, JSON.stringify({ command: "config-set", arguments: rest }));
  if (JSON.parse(answer).result !== 0) throw new Error(answer);
}

async function getTestAndSet(relay: Relay): Promise<void> {
  const look = async () => JSON.parse(await ask(relay.path, '{"command":"config-get"}')).arguments;
  const { hash: _, ...rest } = await look();
  await ask(relay.path, JSON.stringify({ command: "config-test", arguments: rest }));
  await look();
  await ask(relay.path, JSON.stringify({ command: "config-set", arguments: rest }));
  await look();
}

function ask(path: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(path, () => socket.write(request));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

/** A control socket before the server's, which counts what changes the configuration. */
class Relay {
  writes = 0;
  private constructor(
    readonly path: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(path: string, to: string): Promise<Relay> {
    const server = createServer((socket) => {
      const onward = connect(to);
      socket.once("data", (chunk) => {
        if (/"(?:config-set|subnet4-delta-\w+)"/.test(chunk.toString("latin1", 0, 60))) relay.writes++;
      });
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on("error", () => end.destroy());
    });
    const relay = new Relay(path, server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return relay;
  }
  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function start(directory: string) {
  const socketPath = join(directory, "s");
  const document = site(socketPath);
  const binary = findKea();
  if (binary) {
    const kea = await startKea({ binary, document, socketPath, directory, ...PORTS });
    return { what: `kea-dhcp4 ${kea.version}`, socketPath, stop: () => kea.close() };
  }
  const file = join(directory, "kea.conf");
  const own = await OwnServer.start({
    ...{ version: "2.2.0", document, file, socketPath, address: "127.0.0.1" },
    ...PORTS,
  });
  return { what: "the lab's own server (no kea-dhcp4 here)", socketPath, stop: () => own.close() };
}

const subnet = (i: number) => `10.${i >> 8}.${i & 255}.0/24`;
const hex = (n: number) => n.toString(16).padStart(2, "0");

const site = (socket: string): JsonMap => ({
  Dhcp4: {
    "interfaces-config": { interfaces: ["lo"], "dhcp-socket-type": "udp" },
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    "lease-database": { type: "memfile", persist: false },
    loggers: [{ name: "kea-dhcp4", output_options: [{ output: "stdout" }], severity: "ERROR" }],
    "option-def": [{ name: "cisco-tftp", code: 150, space: "dhcp4", type: "ipv4-address", array: true }],
    subnet4: Array.from({ length: SUBNETS }, (_, i) => ({
      id: i + 1,
      subnet: subnet(i),
      pools: [{ pool: `${subnet(i).slice(0, -4)}100-${subnet(i).slice(0, -4)}200` }],
      "option-data": [{ name: "cisco-tftp", data: SOURCE.join(", ") }],
      reservations: Array.from({ length: RESERVATIONS }, (_, h) => ({
        "hw-address": `02:00:00:${hex(i >> 8)}:${hex(i & 255)}:${hex(h)}`,
        hostname: `host-${i}-${h}`,
      })),
    })),
  },
});
