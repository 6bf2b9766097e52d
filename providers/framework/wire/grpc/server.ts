import { createServer, type ServerHttp2Session, type ServerOptions } from "node:http2";
import type * as net from "node:net";
import type { Logger } from "../../define";
import type { Identity } from "../certificate";
import { createMutualTlsServer } from "../mutual-tls";
import { InFlight } from "./in-flight";
import type { Routes } from "./service";
import { serveStream } from "./stream";

export interface GrpcServerOptions {
  readonly routes: Routes;
  readonly log: Logger;
  /** Left out: plaintext, which only a host that asked for it gets. */
  readonly tls?: { readonly identity: Identity; readonly clientCertificate: string };
  /** Called whenever the number of connections that carry HTTP/2 changes. */
  readonly onConnections?: (open: number) => void;
}

/** gRPC on HTTP/2. */
export interface GrpcServer {
  /** What is to listen. */
  readonly listener: net.Server;
  readonly inFlight: InFlight;
  /** Stops listening and ends all connections. Calls in flight are aborted. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const OPTIONS: ServerOptions = {
  // Schemas and states of several megabytes cross in few round trips.
  settings: { initialWindowSize: 4 * MIB, maxFrameSize: MIB, enablePush: false },
  // Megabytes that one connection may hold. Node's 10 refuses streams when several large states are under way.
  maxSessionMemory: 2048,
};

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { routes, log, tls } = options;
  const inFlight = new InFlight();
  const sessions = new Set<ServerHttp2Session>();

  const server = createServer(OPTIONS);
  server.on("session", (session) => {
    sessions.add(session);
    options.onConnections?.(sessions.size);
    session.setLocalWindowSize(16 * MIB);
    session.on("close", () => {
      sessions.delete(session);
      options.onConnections?.(sessions.size);
    });
  });
  server.on("stream", (stream, headers) => serveStream(stream, headers, routes, inFlight, log));
  server.on("sessionError", (error) => log.debug("connection failed", { error: error.message }));

  const listener =
    tls === undefined
      ? server
      : createMutualTlsServer({
          ...tls,
          // Node's documented way to give a server a connection that somebody else has accepted.
          accept: (socket) => server.emit("connection", socket),
          refused: (why) => log.warn("refused a client", { why }),
        });
  return {
    listener,
    inFlight,
    close: async () => {
      inFlight.abortAll("the provider is shutting down");
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}
