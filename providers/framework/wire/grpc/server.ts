import { X509Certificate } from "node:crypto";
import type { ServerHttp2Session, ServerOptions } from "node:http2";
import * as net from "node:net";
import type { Logger } from "../../define";
import { Stopped } from "../../server/thrown";
import type { Identity } from "../certificate";
import { type MutualTlsOptions, mutualTls } from "../mutual-tls";
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
  /**
   * Loads what serves a connection, which otherwise the first one waits for. HTTP/2 and TLS take Node as long as
   * all else of our start, and a host that knows where we listen needs that time itself to connect.
   */
  load(): Promise<void>;
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

type Serve = (socket: net.Socket) => void;

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const inFlight = new InFlight();
  const sessions = new Set<ServerHttp2Session>();
  const { tls } = options;
  // Read now: a host that gave us nonsense is told so instead of the handshake.
  const client = tls && { identity: tls.identity, expected: new X509Certificate(tls.clientCertificate) };
  let serving: Promise<Serve> | undefined;
  const load = () => {
    serving ??= loadServing(options, client, inFlight, sessions);
    return serving;
  };
  const listener = net.createServer((socket) => {
    // A client may vanish before anybody else listens.
    socket.on("error", () => undefined);
    void load().then((serve) => serve(socket));
  });
  return {
    listener,
    inFlight,
    load: async () => void (await load()),
    close: async () => {
      inFlight.abortAll(new Stopped("the provider is shutting down"));
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

async function loadServing(
  { routes, log, onConnections }: GrpcServerOptions,
  client: Pick<MutualTlsOptions, "identity" | "expected"> | undefined,
  inFlight: InFlight,
  sessions: Set<ServerHttp2Session>,
): Promise<Serve> {
  const { createServer } = await import("node:http2");
  const server = createServer(OPTIONS);
  server.on("session", (session) => {
    sessions.add(session);
    onConnections?.(sessions.size);
    session.setLocalWindowSize(16 * MIB);
    session.on("close", () => {
      sessions.delete(session);
      onConnections?.(sessions.size);
    });
  });
  server.on("stream", (stream, headers) => serveStream(stream, headers, routes, inFlight, log));
  server.on("sessionError", (error) => log.debug("connection failed", { error: error.message }));
  // Node's documented way to give a server a connection that somebody else has accepted.
  const serve: Serve = (socket) => server.emit("connection", socket);
  if (client === undefined) return serve;
  return mutualTls({ ...client, accept: serve, refused: (why) => log.warn("refused a client", { why }) });
}
