import { connect, createServer, type Server, type Socket } from "node:net";

/** TCP ports of some addresses, with a round trip of their own before the real ones. */
export class DelayedPorts {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /**
   * @param roundTrip milliseconds of an address, asked at each connection; it counts for the connection itself, too
   */
  constructor(private readonly roundTrip: (address: string) => number) {}

  async listen(address: string, port: number, real: number): Promise<void> {
    const server = createServer((near) => this.#relay(near, address, real));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, address, resolve);
    });
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #relay(near: Socket, address: string, port: number): void {
    const roundTrip = this.roundTrip(address);
    const far = connect({ host: address, port, noDelay: true });
    near.setNoDelay(true);
    // What comes first has waited for SYN and ACK as well.
    pipe(near, far, roundTrip / 2, roundTrip);
    pipe(far, near, roundTrip / 2, 0);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        setTimeout(() => (socket === near ? far : near).destroy(), roundTrip);
      });
    }
  }
}

function pipe(from: Socket, to: Socket, delay: number, opening: number): void {
  const opened = Date.now() + opening;
  const later = (work: () => void) =>
    setTimeout(
      () => {
        if (!to.destroyed) work();
      },
      Math.max(0, opened - Date.now()) + delay,
    );
  from.on("data", (chunk: Buffer) => later(() => to.write(chunk)));
  from.on("end", () => later(() => to.end()));
}
