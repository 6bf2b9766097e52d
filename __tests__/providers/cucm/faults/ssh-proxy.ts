/** The OS CLI through a proxy: a shell on either side, and one command between them is spoiled. */
import { createHash } from "node:crypto";
import { Client, type ClientChannel, type Connection, Server, type ServerChannel, utils } from "ssh2";
import type { SeenExchange } from "./director";
import { type FaultName, LOGIN, truncated } from "./fault-table";
import { drip } from "./http-proxy";
import type { SpoiledNode } from "./spoiled-node";

const PROMPT = "admin:";
const FLOOD = `${"x".repeat(200)}\r\n`.repeat(300);

export interface HostKey {
  readonly pem: string;
  /** As ssh-keygen prints it. */
  readonly fingerprint: string;
}

export function newHostKey(): HostKey {
  const pem = utils.generateKeyPairSync("ed25519").private;
  const key = utils.parseKey(pem);
  if (key instanceof Error) throw key;
  const hash = createHash("sha256").update(key.getPublicSSH()).digest("base64");
  return { pem, fingerprint: `SHA256:${hash.replace(/=+$/, "")}` };
}

export class SshProxy {
  readonly #server: Server;
  readonly #clients = new Set<Connection>();
  /** First answers to listings. */
  readonly #before = new Map<string, string>();

  constructor(
    private readonly node: SpoiledNode,
    hostKey: HostKey,
    private readonly fingerprint: string,
  ) {
    this.#server = new Server({ hostKeys: [hostKey.pem] }, (client) => this.#serve(client));
  }

  async listen(number: number): Promise<void> {
    await this.node.listen("ssh", number, (socket) => this.#server.injectSocket(socket));
  }

  close(): void {
    for (const client of this.#clients) client.end();
  }

  forget(): void {
    this.#before.clear();
  }

  #serve(client: Connection): void {
    const { target, real, director } = this.node;
    const upstream = new Client();
    this.#clients.add(client);
    client.on("error", () => {});
    client.on("close", () => {
      this.#clients.delete(client);
      upstream.end();
    });
    upstream.on("error", () => client.end());
    upstream.on("close", () => client.end());
    client.on("authentication", (context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const { fault } = director.meet({ node: target.name, transport: "cli", operation: LOGIN });
      if (fault === "refused") return void this.node.refuse("ssh");
      if (fault === "restart") return void this.node.restart();
      if (fault === "reset") return void client.end();
      context.prompt([{ prompt: "Password: ", echo: false }], ([password = ""]) => {
        if (fault === "401") return context.reject(["keyboard-interactive"]);
        upstream.once("ready", () => context.accept());
        upstream.on("keyboard-interactive", (_n, _i, _l, prompts, finish) =>
          finish(prompts.map(() => password)),
        );
        upstream.connect({
          host: target.address,
          port: real.ssh,
          username: context.username,
          tryKeyboard: true,
          hostVerifier: (key: Buffer) =>
            this.fingerprint ===
            `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`,
          algorithms: { serverHostKey: ["ssh-rsa"], kex: ["diffie-hellman-group14-sha256"] },
        });
      });
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("pty", (agree) => agree());
      session.on("shell", (agree) => {
        const near = agree();
        upstream.shell({ term: "vt100", cols: 500, rows: 1000 }, (error, far) => {
          if (error) return void client.end();
          new Shell(this.node, near, far, this.#before);
        });
      });
    });
  }
}

/** Knows a command line from a pasted certificate: a command is what is typed at the prompt. */
class Shell {
  #command = "";
  #fault: FaultName | null = null;
  #seen: SeenExchange | null = null;
  /** What the node has printed since the last command was typed. */
  #printed = "";

  constructor(
    private readonly node: SpoiledNode,
    private readonly near: ServerChannel,
    private readonly far: ClientChannel,
    private readonly before: Map<string, string>,
  ) {
    near.on("data", (chunk: Buffer) => this.#type(chunk));
    far.on("data", (chunk: Buffer) => this.#print(chunk));
    for (const side of [near, far]) {
      side.on("close", () => this.#end());
      side.on("error", () => this.#end());
    }
  }

  #type(chunk: Buffer): void {
    const text = chunk.toString("latin1");
    const line = text.trim();
    if (!this.#printed.endsWith(PROMPT) || line === "") {
      if (this.#fault !== "paste") return void this.far.write(chunk);
      this.far.write(chunk.subarray(0, chunk.length >> 1));
      setTimeout(() => this.#end(), 20);
      return;
    }
    this.#command = line;
    this.#printed = "";
    const { target, director } = this.node;
    const operation = line.replace(/(?<=^show cert \w+ )\S+\/\S+$/, "<file>");
    const met = director.meet({ node: target.name, transport: "cli", operation });
    this.#seen = met.seen;
    this.#fault = met.fault;
    switch (this.#fault) {
      case "refused":
        return void this.node.refuse("ssh");
      case "restart":
        return void this.node.restart();
      case "silence":
        return;
      case "odd":
        this.#printed = PROMPT;
        return void this.near.write(
          `${line}\r\nExecuted command unsuccessfully\r\nNo valid command entered\r\n${PROMPT}`,
        );
      case "huge":
        this.near.write(`${line}\r\n`);
        this.#flood();
        return;
      default:
        this.far.write(chunk);
    }
  }

  #print(chunk: Buffer): void {
    this.#printed += chunk.toString("latin1");
    const done = this.#printed.endsWith(PROMPT) && this.#command !== "";
    if (done && this.#seen !== null) {
      this.#seen.pem ||= this.#printed.includes("BEGIN CERTIFICATE");
      this.#seen.reached = true;
    }
    if (done && !this.before.has(this.#command)) this.before.set(this.#command, this.#printed);
    switch (this.#fault) {
      case "reset":
        // Whoever is not asked to paste does not come to the end.
        if (this.#command.startsWith("set cert import")) {
          if (done) this.#end();
          else this.near.write(chunk);
          return;
        }
        if (!done) return;
        this.near.write(this.#printed.slice(0, this.#printed.length >> 1));
        setTimeout(() => this.#end(), 20);
        return;
      case "drip":
        if (this.#printed.length > chunk.length) return;
        void drip(
          Buffer.alloc(100_000, "."),
          (byte) => this.near.writable && this.near.write(byte) !== undefined,
        );
        return;
      case "truncated":
        if (done) this.near.write(truncated(this.#printed));
        return;
      case "stale":
        if (done) this.near.write(this.before.get(this.#command)!);
        return;
      default:
        this.near.write(chunk);
    }
  }

  #flood(): void {
    const more = () => {
      while (this.near.writable && this.near.write(FLOOD));
    };
    this.near.on("drain", more);
    more();
  }

  #end(): void {
    this.near.close();
    this.far.close();
  }
}
