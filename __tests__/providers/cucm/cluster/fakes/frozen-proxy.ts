import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { ADDRESS } from "./setup";

/** Hands on what both sides send, until it freezes: then nothing passes, not even the end of the connection. */
export class FrozenProxy {
  frozen = false;
  /** The first that came. */
  readonly connection: Promise<Socket>;
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    target: number,
  ) {
    this.connection = new Promise((resolve) =>
      server.on("connection", (near) => {
        const far = connect({ host: ADDRESS, port: target, allowHalfOpen: true });
        this.handOn(near, far);
        this.handOn(far, near);
        resolve(near);
      }),
    );
  }

  static async before(target: number): Promise<FrozenProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new FrozenProxy(server, target);
    server.listen(0, ADDRESS);
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handOn(from: Socket, to: Socket): void {
    this.sockets.push(from);
    from.on("error", () => from.destroy());
    from.on("data", (bytes) => this.frozen || to.write(bytes));
    from.on("end", () => this.frozen || to.end());
  }
}
