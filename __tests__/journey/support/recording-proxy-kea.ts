/** Kea's control socket through a proxy: one JSON command in, one answer back, and the connection ends. */
import { connect, createServer, type Server, type Socket } from "node:net";
import type { WriteLog } from "./recording-proxy";

const READ = /-(?:get|test)$|^list-commands$/;

export class KeaProxy {
  readonly endpoint: string;
  private readonly server: Server;
  private readonly upstream: string;

  constructor(
    private readonly path: string,
    endpoint: string,
    private readonly log: WriteLog,
  ) {
    this.endpoint = `unix://${path}`;
    this.upstream = new URL(endpoint).pathname;
    this.server = createServer((client) => this.serve(client));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.path, resolve));
  }

  close(): void {
    this.server.close();
  }

  private serve(client: Socket): void {
    let text = "";
    client.setEncoding("latin1");
    client.on("error", () => client.destroy());
    client.on("data", (chunk) => {
      text += chunk;
      const command = complete(text);
      if (command !== null) void this.exchange(client, text, command);
    });
  }

  private async exchange(client: Socket, text: string, { command, arguments: given }: Command) {
    let answer = "";
    const make = async () => {
      answer = await ask(this.upstream, text);
      return { words: `Kea: ${command}`, document: given };
    };
    if (READ.test(command)) await make();
    else await this.log.pass("dhcp", () => !client.destroyed, make);
    client.end(answer, "latin1");
  }
}

interface Command {
  readonly command: string;
  readonly arguments?: unknown;
}

/** null until all of it has come. */
function complete(text: string): Command | null {
  try {
    return JSON.parse(Buffer.from(text, "latin1").toString("utf8")) as Command;
  } catch {
    return null;
  }
}

/** Empty when Kea closed without a word. */
function ask(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(path, () => socket.write(text, "latin1"));
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(answer));
  });
}
