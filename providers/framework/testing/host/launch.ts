import { type ChildProcess, spawn } from "node:child_process";
import * as http2 from "node:http2";
import * as net from "node:net";
import * as readline from "node:readline";
import * as tls from "node:tls";
import { createIdentity, type Identity } from "../../wire/certificate";
import { Empty } from "../../wire/go-plugin-messages";
import { MAGIC_COOKIE, PROTOCOL_VERSION } from "../../wire/handshake";
import type { Reattach } from "../../wire/serve-in-process";
import type { ProviderClient } from "./client";
import type { Generation } from "./generation";
import { grpcCall } from "./grpc-call";
import { BrokenRule } from "./rule";
import { wireClient } from "./wire-client";

/** How to start a provider: what the launcher in a plugin folder would `exec`. */
export interface Launch {
  readonly command: readonly [string, ...string[]];
  /** Beside PATH and what the handshake needs. */
  readonly env?: { readonly [name: string]: string };
  /** The core that the host plays; `tested` when left out. */
  readonly as?: Generation;
}

export interface LaunchedClient extends ProviderClient {
  readonly pid: number;
  /** What it wrote to stderr: hclog's lines. */
  log(): string;
}

const START_LIMIT = 60_000;
const EXIT_LIMIT = 2_000;

/** Starts a provider as core does: handshake, AutoMTLS with a certificate of our own, gRPC, Shutdown, exit. */
export async function launch({ command: [program, ...args], env = {}, as }: Launch): Promise<LaunchedClient> {
  const identity = createIdentity();
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      [MAGIC_COOKIE.name]: MAGIC_COOKIE.value,
      PLUGIN_PROTOCOL_VERSIONS: `5,${PROTOCOL_VERSION}`,
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
      PLUGIN_CLIENT_CERT: identity.certificatePem,
      ...env,
    },
  });
  let stderr = "";
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const line = await firstLine(child, () => stderr);
    const session = await connect(parseHandshake(line), identity);
    return {
      ...wireClient(session, as),
      pid: child.pid!,
      log: () => stderr,
      close: () => shutDown(session, child, exited),
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/** A provider that runs already, in this process perhaps, and speaks without TLS. */
export async function attach({ Addr }: Reattach, as?: Generation): Promise<ProviderClient> {
  const session = await connect({ network: Addr.Network, address: Addr.String, certificate: undefined });
  return {
    ...wireClient(session, as),
    close: async () => {
      session.close();
    },
  };
}

function firstLine(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("there was none for a minute"), START_LIMIT);
    const fail = (found: string) => {
      clearTimeout(timer);
      reject(new BrokenRule("start", [{ rule: "handshake-valid", path: [], found }]));
    };
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => fail(`the process ended with status ${code}: ${stderr()}`));
    readline.createInterface({ input: child.stdout! }).once("line", (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}

interface Handshake {
  readonly network: string;
  readonly address: string;
  /** DER of the provider's certificate; undefined for plaintext. */
  readonly certificate: Buffer | undefined;
}

function parseHandshake(line: string): Handshake {
  const wrong = (found: string) => new BrokenRule("start", [{ rule: "handshake-valid", path: [], found }]);
  const [core, version, network, address, protocol, certificate = ""] = line.split("|");
  if (core !== "1" || protocol !== "grpc") throw wrong(`it is ${JSON.stringify(line)}`);
  if (version !== String(PROTOCOL_VERSION)) throw wrong(`it speaks protocol ${version}`);
  if ((network !== "unix" && network !== "tcp") || !address)
    throw wrong(`it listens on ${network} ${address}`);
  if (certificate.length <= 50 || /[^A-Za-z0-9+/]/.test(certificate))
    throw wrong("the certificate is not base64 without padding");
  return { network, address, certificate: Buffer.from(certificate, "base64") };
}

function connect(
  { network, address, certificate }: Handshake,
  identity?: Identity,
): Promise<http2.ClientHttp2Session> {
  const dial = () => {
    if (network === "unix") return net.connect(address);
    const [host, port] = address.split(":");
    return net.connect(Number(port), host);
  };
  const secure = (socket: net.Socket) =>
    tls.connect({
      socket,
      servername: "localhost",
      ALPNProtocols: ["h2"],
      // The provider's own certificate is the only root: nobody else is believed.
      ca: pem(certificate!),
      key: identity!.keyPem,
      cert: identity!.certificatePem,
    });
  return new Promise((resolve, reject) => {
    const session = http2.connect("http://localhost", {
      createConnection: () => (certificate ? secure(dial()) : dial()),
      maxSessionMemory: 1024,
      settings: { initialWindowSize: 1024 * 1024 },
    });
    session.once("connect", () => resolve(session));
    session.once("error", reject);
  });
}

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;

async function shutDown(session: http2.ClientHttp2Session, child: ChildProcess, exited: Promise<void>) {
  await grpcCall(session, "/plugin.GRPCController/Shutdown", Empty.encode({}));
  session.close();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), EXIT_LIMIT);
  });
  const how = await Promise.race([exited, late]);
  clearTimeout(timer);
  session.destroy();
  if (how !== "late") return;
  child.kill("SIGKILL");
  throw new BrokenRule("Shutdown", [{ rule: "shuts-down", path: [], found: "it was still running" }]);
}
