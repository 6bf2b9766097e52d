/** Servers that send without end, and measure how much of it is taken. */
import { type EventEmitter, once } from "node:events";
import { createServer as clearServer, type Server, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as tlsServer } from "node:tls";
import { type ServerChannel, type SFTPWrapper, Server as SshServer, utils } from "ssh2";
import { hostKeyFingerprint } from "../../../../../providers/cucm/cluster/transports/ssh-shell";
import type { ServerIdentity } from "./identities";
import { ADDRESS } from "./setup";

export const MB = 1024 * 1024;
/** What a server is ready to send. */
export const FLOOD = 400 * MB;
const CHUNK = Buffer.alloc(256 * 1024, "x");
const KEY = utils.generateKeyPairSync("ed25519");
export const FLOOD_HOST_KEY = hostKeyFingerprint(Buffer.from(KEY.public.split(" ")[1]!, "base64"));

export class Flood {
  /** Bytes that went out, or lie in sockets. */
  sent = 0;
  readonly #closing: (() => unknown)[] = [];

  later(close: () => unknown): void {
    this.#closing.push(close);
  }

  close(): void {
    for (const close of this.#closing.splice(0)) close();
  }

  into(stream: NodeJS.WritableStream & { readonly destroyed?: boolean }): void {
    const more = () => {
      while (stream.writable && !stream.destroyed && this.sent < FLOOD) {
        this.sent += CHUNK.length;
        if (!stream.write(CHUNK)) return;
      }
    };
    stream.on("error", () => {});
    stream.on("drain", more);
    more();
  }

  /** @returns the port */
  async web(identity: ServerIdentity | null, type: string): Promise<number> {
    const listener = (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { "Content-Type": type });
      this.into(response);
    };
    const made: Server =
      identity === null
        ? clearServer(listener)
        : (createServer({ cert: identity.cert, key: identity.key }, listener) as unknown as Server);
    this.later(() => {
      made.closeAllConnections();
      made.close();
    });
    return listening(made);
  }

  async tls({ cert, key }: ServerIdentity): Promise<number> {
    const made = tlsServer({ cert, key }, (socket) => this.into(socket));
    this.later(() => made.close());
    return listening(made);
  }

  /** The platform CLI, up to its first prompt; then `onCommand` has the channel. */
  cli(onCommand: (channel: ServerChannel, line: string) => void): Promise<number> {
    return this.#ssh(
      (channel) => {
        channel.on("error", () => {});
        channel.on("data", (typed: Buffer) => {
          const line = typed.toString("utf8").trim();
          if (line === "set cli pagination off") channel.write(`${line}\r\nadmin:`);
          else onCommand(channel, line);
        });
        channel.write("Welcome\r\nadmin:");
      },
      () => {},
    );
  }

  /** A directory and a file without end. */
  sftp(): Promise<number> {
    const handle = Buffer.from("h");
    const attrs = { mode: 0o100600, uid: 0, gid: 0, size: FLOOD, atime: 1, mtime: 1 };
    const names = Array.from({ length: 200 }, (_, i) => ({
      filename: `file${i}`,
      longname: `file${i}`,
      attrs,
    }));
    return this.#ssh(
      () => {},
      (sftp) => {
        for (const each of ["STAT", "LSTAT", "FSTAT"] as const)
          sftp.on(each, (id: number) => sftp.attrs(id, attrs));
        sftp.on("REALPATH", (id) => sftp.name(id, [{ filename: "/exchange", longname: "", attrs }]));
        sftp.on("OPENDIR", (id) => sftp.handle(id, handle));
        sftp.on("OPEN", (id) => sftp.handle(id, handle));
        sftp.on("CLOSE", (id) => sftp.status(id, 0));
        sftp.on("READDIR", (id) => {
          this.sent += 200 * 40;
          sftp.name(id, names);
        });
        sftp.on("READ", (id, _handle, _offset, length) => {
          this.sent += length;
          if (this.sent > FLOOD) sftp.status(id, 1);
          else sftp.data(id, CHUNK.subarray(0, Math.min(length, CHUNK.length)));
        });
      },
    );
  }

  async #ssh(
    onShell: (channel: ServerChannel) => void,
    onSftp: (sftp: SFTPWrapper) => void,
  ): Promise<number> {
    const made = new SshServer({ hostKeys: [KEY.private] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (context) => {
        if (context.method === "password") context.accept();
        else if (context.method === "keyboard-interactive")
          context.prompt([{ prompt: "?", echo: false }], () => context.accept());
        else context.reject(["password", "keyboard-interactive"]);
      });
      client.on("session", (accept) => {
        const session = accept();
        session.on("pty", (agree) => agree?.());
        session.on("shell", (agree) => onShell(agree()));
        session.on("sftp", (agree) => onSftp(agree()));
      });
      this.later(() => client.end());
    });
    made.listen(0, ADDRESS);
    await once(made, "listening");
    this.later(() => made.close());
    return (made.address() as AddressInfo).port;
  }
}

interface Listens extends EventEmitter {
  listen(port: number, host: string): unknown;
  address(): AddressInfo | string | null;
}

async function listening(made: Listens): Promise<number> {
  made.listen(0, ADDRESS);
  await once(made, "listening");
  return (made.address() as AddressInfo).port;
}

/** The most bytes that this process had more than at the beginning: heap, and buffers outside of it. */
export async function grown(work: () => Promise<unknown>): Promise<number> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, used() - before);
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most;
}
