/** The lab's own DHCP server: Kea's control socket in front, one UDP socket behind. */
import { createSocket, type Socket } from "node:dgram";
import { rmSync } from "node:fs";
import { type Socket as Connection, createServer, type Server } from "node:net";
import { answer, type Leases } from "./answer";
import { type Answer, Commands } from "./commands";
import type { Dhcp4, Json, JsonMap } from "./document";
import { type HttpSocketOptions, listenHttp } from "./http-socket";
import { decodePacket, encodePacket } from "./packet";
import { versionOf } from "./version";

export interface OwnServerOptions {
  /** Version that it plays, e.g. `2.2.0`; from 2.4 on it knows hashes, before 2.3.6 a failed config-set makes it deaf. */
  readonly version: string;
  /** `{ "Dhcp4": {...} }` */
  readonly document: JsonMap;
  /** Where config-write writes. */
  readonly file: string;
  readonly socketPath: string;
  readonly address: string;
  readonly port: number;
  /** UDP port of relays and clients: answers go there. */
  readonly clientPort: number;
  /** From 2.7.2 on. */
  readonly http?: HttpSocketOptions;
}

/** Largest command that a client may send, in bytes. */
const MAX_COMMAND = 64 * 1024 * 1024;

export class OwnServer {
  private readonly leases: Leases = new Map();

  private constructor(
    private readonly options: OwnServerOptions,
    private readonly udp: Socket,
    private readonly control: Server,
    private readonly http: Server | null,
  ) {}

  /** @throws DocumentError for a document that is not valid, the system's error when an address is taken. */
  static async start(options: OwnServerOptions): Promise<OwnServer> {
    const udp = createSocket("udp4");
    const control = createServer();
    let config: Dhcp4 | null = null;
    const commands = new Commands(options.version, bytesAsCharacters(options.document), options.file, {
      applied: (next) => {
        config = next;
      },
    });
    const { version, http: asked } = options;
    if (asked && !versionOf(version).httpSocket)
      throw new Error(`Kea ${version} has no HTTP socket of its own; 2.7.2 and later have.`);
    await new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind(options.port, options.address, () => resolve());
    });
    control.on("connection", (connection) => serveOne(connection, commands));
    rmSync(options.socketPath, { force: true });
    await new Promise<void>((resolve, reject) => {
      control.once("error", reject);
      control.listen(options.socketPath, () => resolve());
    });
    const http = asked
      ? await listenHttp(options.address, asked, (c) => printed(answerTo(c, commands)))
      : null;
    const server = new OwnServer(options, udp, control, http);
    udp.on("message", (bytes) => server.receive(bytes, config));
    return server;
  }

  private receive(bytes: Buffer, config: Dhcp4 | null): void {
    const request = decodePacket(bytes);
    if (config === null || request === null) return;
    const reply = answer(config, request, this.options.address, this.leases);
    if (reply === null) return;
    const to = request.giaddr !== "0.0.0.0" ? request.giaddr : request.ciaddr;
    this.udp.send(encodePacket(reply), this.options.clientPort, to);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.udp.close(() => resolve()));
    await new Promise<void>((resolve) => this.control.close(() => resolve()));
    if (this.http) await new Promise<void>((resolve) => this.http!.close(() => resolve()));
    rmSync(this.options.socketPath, { force: true });
  }
}

/** Kea knows bytes, not characters: a byte above 127 is read as one and printed as `\\u00XX`, whatever it was part of. */
function printed(value: Answer): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
function bytesAsCharacters(document: JsonMap): JsonMap {
  return JSON.parse(Buffer.from(JSON.stringify(document), "utf8").toString("latin1")) as JsonMap;
}

/** One JSON object in, one out, then the end: as Kea does. */
function serveOne(connection: Connection, commands: Commands): void {
  const chunks: Buffer[] = [];
  let size = 0;
  connection.setTimeout(10_000, () => connection.destroy());
  connection.on("error", () => connection.destroy());
  connection.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_COMMAND) return connection.destroy();
    // Only a chunk that ends in "}" can complete the object.
    if (chunk.toString("latin1").trimEnd().at(-1) !== "}") return;
    let command: JsonMap;
    try {
      command = JSON.parse(Buffer.concat(chunks).toString("latin1")) as JsonMap;
    } catch {
      return;
    }
    connection.end(printed(answerTo(command, commands)));
  });
}

const answerTo = (command: JsonMap, commands: Commands): Answer =>
  typeof command.command === "string"
    ? commands.run(command.command, command.arguments as Json | undefined)
    : { result: 1, text: "invalid command: does not contain mandatory 'command'" };
