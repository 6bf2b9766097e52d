import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One TCP port of one node. Closed, it refuses connections and drops those it had, as a server that is down or a
 * service that is stopped.
 */
export class Listener {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private changing: Promise<void> = Promise.resolve();

  constructor(
    readonly address: string,
    readonly port: number,
    private readonly accept: (socket: Socket) => void,
  ) {}

  get isOpen(): boolean {
    return this.server !== null;
  }

  /** Idempotent; calls are carried out in order. */
  set(open: boolean): Promise<void> {
    this.changing = this.changing.then(() => (open ? this.open() : this.close()));
    return this.changing;
  }

  private async open(): Promise<void> {
    if (this.server !== null) return;
    for (let attempt = 1; ; attempt++) {
      const server = createServer((socket) => {
        this.sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => this.sockets.delete(socket));
        this.accept(socket);
      });
      try {
        server.listen(this.port, this.address);
        await once(server, "listening");
        this.server = server;
        return;
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(50);
      }
    }
  }

  private async close(): Promise<void> {
    const server = this.server;
    if (server === null) return;
    this.server = null;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** A port that is free on each of the addresses; not in the range that systems hand out by themselves. */
export async function freePort(addresses: readonly string[], taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port)) continue;
    const results = await Promise.all(addresses.map((address) => isFree(address, port)));
    if (results.every(Boolean)) return port;
  }
  throw new Error(`found no port that is free on ${addresses.join(", ")}`);
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}

/** Ends after the handshake has reached the other side; what it still says is not read. */
export function hangUp(socket: Socket): void {
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), 1000).unref();
}
