import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { LabNode } from "../node";
import { pemsOf } from "../pki/issue";

/**
 * TLS of a service that asks for its client's certificate and holds one that chains to its trust store on this node
 * for authorized; whether it goes on with another is the service's own business. Which files a real one reads and when
 * is not documented: this one reads the store at each connection.
 */
export class StoreTls {
  private readonly server: Server;
  private loaded: string;

  constructor(
    private readonly node: LabNode,
    private readonly unit: "CallManager" | "CAPF",
    serve: (socket: TLSSocket) => void,
  ) {
    this.loaded = this.storeKey();
    this.server = createServer(
      { ...this.context(), requestCert: true, rejectUnauthorized: false, maxVersion: "TLSv1.2" },
      serve,
    );
    this.server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  accept(socket: Socket): void {
    const store = this.storeKey();
    if (store !== this.loaded) this.server.setSecureContext(this.context());
    this.loaded = store;
    this.server.emit("connection", socket);
  }

  private storeKey(): string {
    const own = this.node.identity(this.unit).certificate;
    return [own, ...this.trusted()].map((one) => one.sha256).join();
  }

  private context() {
    const ca = this.trusted().map((one) => one.pem);
    return { ...pemsOf(this.node.identity(this.unit)), ca, maxVersion: "TLSv1.2" as const };
  }

  private trusted() {
    return [...this.node.entries(`${this.unit}-trust`).values()];
  }
}
