/** Questions to TVS through a proxy that ends TLS on both sides and spoils one of them. */
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import type { ServerIdentity } from "../cluster/fakes/identities";
import type { FaultName } from "./fault-table";
import { drip } from "./http-proxy";
import type { SpoiledNode } from "./spoiled-node";

export class TvsProxy {
  readonly #server: Server;

  constructor(
    private readonly node: SpoiledNode,
    identity: ServerIdentity,
  ) {
    this.#server = createServer({ ...identity, maxVersion: "TLSv1.2" }, (near) => this.#serve(near));
    this.#server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  async listen(number: number): Promise<void> {
    await this.node.listen("tvs", number, (socket) => this.#server.emit("connection", socket));
  }

  #serve(near: TLSSocket): void {
    const { target, real, director } = this.node;
    const far = connect({ host: target.address, port: real.tvs, rejectUnauthorized: false });
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const side of [near, far]) side.on("error", end).on("close", end);
    let fault: FaultName | null = null;
    near.on("data", (question: Buffer) => {
      ({ fault } = director.meet({ node: target.name, transport: "tvs", operation: "query" }));
      if (fault === "refused") return void this.node.refuse("tvs");
      if (fault === "restart") return void this.node.restart();
      if (fault === "silence") return;
      if (fault === "html") return void near.write("HTTP/1.1 400 Bad Request\r\n\r\n<html></html>");
      if (fault === "huge") return flood(near);
      far.write(question);
    });
    far.on("data", (answer: Buffer) => {
      if (fault === "reset") near.end(answer.subarray(0, answer.length >> 1), end);
      else if (fault === "drip")
        void drip(answer, (byte) => !near.destroyed && near.write(byte) !== undefined);
      else near.write(answer);
    });
  }
}

/** A header of a message of 64 kB again and again. */
function flood(socket: TLSSocket): void {
  const chunk = Buffer.alloc(64 * 1024, Buffer.from([0x57, 1, 9, 0xf7, 0, 0, 0, 0, 0xff, 0xff]));
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", more);
  more();
}
