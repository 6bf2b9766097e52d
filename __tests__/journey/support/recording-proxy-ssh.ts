/** The OS CLI through a proxy: a shell on either side, and between them what is typed, command by command. */
import { createHash } from "node:crypto";
import { Client, type ClientChannel, type Connection, Server, type ServerChannel, utils } from "ssh2";
import { Certificate } from "../../../trust/certificate";
import type { ProxiedNode, WriteLog } from "./recording-proxy";

const READS = /^(show |set cli )/;
const PROMPT = "admin:";

export class SshProxy {
  /** As ssh-keygen prints it. */
  readonly fingerprint: string;
  private readonly hostKey: string;
  private readonly servers: Server[] = [];
  private readonly clients = new Set<Connection>();

  constructor(private readonly log: WriteLog) {
    this.hostKey = utils.generateKeyPairSync("ed25519").private;
    const key = utils.parseKey(this.hostKey);
    if (key instanceof Error) throw key;
    this.fingerprint = fingerprint(key.getPublicSSH());
  }

  listen(node: ProxiedNode, port: number): Promise<void> {
    const server = new Server({ hostKeys: [this.hostKey] }, (client) => this.serve(node, client));
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, node.address, resolve);
    });
  }

  close(): void {
    for (const client of this.clients) client.end();
    for (const server of this.servers) server.close();
  }

  /** The client's credentials are good when the node takes them. */
  private serve(node: ProxiedNode, client: Connection): void {
    const upstream = new Client();
    this.clients.add(client);
    client.on("error", () => {});
    client.on("close", () => {
      this.clients.delete(client);
      upstream.end();
    });
    upstream.on("error", () => client.end());
    upstream.on("close", () => client.end());
    client.on("authentication", (context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      context.prompt([{ prompt: "Password: ", echo: false }], ([password = ""]) => {
        upstream.once("ready", () => context.accept());
        upstream.on("keyboard-interactive", (_n, _i, _l, prompts, finish) =>
          finish(prompts.map(() => password)),
        );
        upstream.connect({
          host: node.address,
          port: node.sshPort,
          username: context.username,
          tryKeyboard: true,
          hostVerifier: (key: Buffer) => node.sshSha256.includes(fingerprint(key)),
          algorithms: { serverHostKey: ["ssh-rsa"], kex: ["diffie-hellman-group14-sha256"] },
        });
      });
    });
    client.on("session", (accept) => {
      const session = accept();
      let size = { cols: 80, rows: 24 };
      session.on("pty", (agree, _refuse, info) => {
        size = info;
        agree();
      });
      session.on("shell", (agree) => {
        const channel = agree();
        upstream.shell({ term: "vt100", cols: size.cols, rows: size.rows }, (error, far) => {
          if (error) return void client.end();
          new Shell(node, this.log, channel, far);
        });
      });
    });
  }
}

/** Knows a command line from a pasted certificate: a command is what is typed at the prompt. */
class Shell {
  private open = true;
  /** What the node has printed since the last command was typed. */
  private printed = "";
  private finished: (() => void) | null = null;
  /** What is typed is forwarded in order, also when some of it has to wait. */
  private typed: Promise<unknown> = Promise.resolve();
  private writing: Promise<void> | null = null;
  private pasted = "";

  constructor(
    private readonly node: ProxiedNode,
    private readonly log: WriteLog,
    private readonly near: ServerChannel,
    private readonly far: ClientChannel,
  ) {
    near.on("data", (chunk: Buffer) => {
      this.typed = this.typed.then(() => this.type(chunk));
    });
    far.on("data", (chunk: Buffer) => this.print(chunk));
    const end = () => {
      this.open = false;
      this.finished?.();
      near.end();
      far.end();
    };
    for (const side of [near, far]) {
      side.on("close", end);
      side.on("error", end);
    }
  }

  private type(chunk: Buffer): void | Promise<void> {
    const text = chunk.toString("latin1");
    const line = text.trim();
    if (!this.printed.endsWith(PROMPT) || line === "") {
      this.pasted += text;
      return void this.far.write(chunk);
    }
    if (READS.test(line)) return this.send(chunk);
    return new Promise((sent) => {
      const make = async () => {
        const answered = new Promise<void>((resolve) => {
          this.finished = resolve;
        });
        this.send(chunk);
        sent();
        await answered;
        const certificate = subject(this.pasted);
        // Cut off before it was given a certificate, an import has imported none.
        if (/^set cert import /.test(line) && certificate === "") return null;
        return { words: `${this.node.name}: ${line}${certificate}` };
      };
      this.writing = this.log.pass("cucm", () => this.open, make);
      void this.writing.finally(sent);
    });
  }

  private send(chunk: Buffer): void {
    this.printed = "";
    this.pasted = "";
    this.far.write(chunk);
  }

  /** The prompt after a write waits until the log has taken note of it. */
  private print(chunk: Buffer): void {
    this.printed = (this.printed + chunk.toString("latin1")).slice(-200);
    const forward = () => this.open && this.near.write(chunk);
    const finished = this.printed.endsWith(PROMPT) ? this.finished : null;
    if (finished === null) return void forward();
    this.finished = null;
    finished();
    void this.writing!.finally(forward);
  }
}

function subject(pasted: string): string {
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pasted)?.[0];
  return pem ? ` <${Certificate.fromPem(pem).commonName}>` : "";
}

const fingerprint = (key: Uint8Array) =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
