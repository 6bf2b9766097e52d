import { type KeyObject, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Algorithms,
  type AuthContext,
  type Connection,
  Server,
  type ServerChannel,
  type Session,
} from "ssh2";
import { runSession } from "../cli/session";
import { type Size, Terminal } from "../cli/terminal";
import type { LabCluster } from "../cluster";
import type { LabNode } from "../node";
import { draw } from "../options";
import { hostKeyOf } from "../pki/host-key";
import { hasOldCryptography } from "../releases";
import type { Requests } from "../requests";

const PACE = 2;

/** What the platform offers, by its age. */
const OFFERED: Algorithms = {
  kex: ["diffie-hellman-group14-sha256", "diffie-hellman-group14-sha1"],
  serverHostKey: ["ssh-rsa"],
  cipher: ["aes256-ctr", "aes192-ctr", "aes128-ctr"],
  hmac: ["hmac-sha2-256", "hmac-sha2-512", "hmac-sha1"],
  compress: ["none"],
};
const OLD: Algorithms = {
  kex: ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"],
  serverHostKey: ["ssh-rsa"],
  cipher: ["aes128-cbc", "3des-cbc", "aes192-cbc", "aes256-cbc"],
  hmac: ["hmac-sha1"],
  compress: ["none"],
};

/** The OS CLI over SSH. Its host key is the node's own; keyboard-interactive is the only way in; no exec channel. */
export class Ssh {
  /** As ssh-keygen prints it. */
  readonly fingerprint: string;
  private readonly server: Server;
  private readonly clients = new Set<Connection>();

  constructor(
    private readonly cluster: LabCluster,
    private readonly node: LabNode,
    private readonly served: (name: string) => Buffer | null,
    private readonly requests: Requests,
    hostKey: KeyObject,
  ) {
    const { pem, fingerprint } = hostKeyOf(hostKey);
    this.fingerprint = fingerprint;
    this.server = new Server(
      {
        hostKeys: [pem],
        ident: "OpenSSH_5.3",
        algorithms: hasOldCryptography(cluster.options.version) ? OLD : OFFERED,
      },
      (client) => this.serve(client),
    );
  }

  accept(socket: Socket): void {
    this.server.injectSocket(socket);
  }

  close(): void {
    for (const client of this.clients) client.end();
  }

  private serve(client: Connection): void {
    this.clients.add(client);
    client.on("error", () => {});
    client.on("close", () => this.clients.delete(client));
    client.on("authentication", (context) => this.authenticate(context));
    client.on("session", (accept) => this.session(accept(), client));
  }

  private authenticate(context: AuthContext): void {
    if (context.method !== "keyboard-interactive") {
      context.reject(["keyboard-interactive"]);
      return;
    }
    context.prompt([{ prompt: "Password: ", echo: false }], ([given = ""]) => {
      const { username, password } = this.cluster.options.platform;
      const a = Buffer.from(given);
      const b = Buffer.from(password);
      const right = context.username === username && a.length === b.length && timingSafeEqual(a, b);
      if (right) context.accept();
      else void sleep(300).then(() => context.reject(["keyboard-interactive"]));
    });
  }

  private session(session: Session, client: Connection): void {
    let size: Size | null = null;
    session.on("pty", (accept, _reject, info) => {
      size = { rows: info.rows || 24, columns: info.cols || 80 };
      accept();
    });
    session.on("window-change", (accept) => accept?.());
    session.on("env", (_accept, reject) => reject?.());
    session.on("exec", (_accept, reject) => reject?.());
    session.on("sftp", (_accept, reject) => reject?.());
    session.on("shell", (accept, reject) => {
      // Without a terminal the platform's shell does not start.
      if (size === null) reject?.();
      else void this.shell(accept(), size).finally(() => client.end());
    });
  }

  private async shell(channel: ServerChannel, size: Size): Promise<void> {
    const terminal = new Terminal(
      { send: (text) => void (channel.writable && channel.write(text)) },
      size,
      PACE,
    );
    channel.on("data", (chunk: Buffer) => terminal.feed(chunk.toString("latin1")));
    channel.on("close", () => terminal.close());
    channel.on("error", () => terminal.close());
    const { cluster, node, served } = this;
    await runSession(
      { cluster, node, terminal, served, work: () => sleep(draw(cluster.delays.cliCommand)) },
      (command) => this.requests.record(cluster.name, node.name, "cli", command),
    );
    channel.exit(0);
    channel.end();
  }
}
