import * as http2 from "node:http2";
import type { Logger } from "../../define";
import type { Identity } from "../certificate";
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

/** gRPC on HTTP/2. Listens on what `listener` is told to listen on. */
export interface GrpcServer {
  readonly listener: http2.Http2Server | http2.Http2SecureServer;
  readonly inFlight: InFlight;
  /** Stops listening, ends held streams and connections. Calls in flight are aborted. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const OPTIONS: http2.ServerOptions = {
  // Schemas and states of several megabytes cross in few round trips.
  settings: { initialWindowSize: 4 * MIB, maxFrameSize: MIB, enablePush: false },
  // Megabytes that one connection may hold. Node's 10 refuses streams when several large states are under way.
  maxSessionMemory: 2048,
};

export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { routes, log, tls } = options;
  const listener = tls === undefined ? http2.createServer(OPTIONS) : secureServer(tls);
  const inFlight = new InFlight();
  const sessions = new Set<http2.ServerHttp2Session>();

  listener.on("session", (session: http2.ServerHttp2Session) => {
    sessions.add(session);
    options.onConnections?.(sessions.size);
    session.setLocalWindowSize(16 * MIB);
    session.on("error", (error) => log.debug("connection failed", { error: error.message }));
    session.on("close", () => {
      sessions.delete(session);
      options.onConnections?.(sessions.size);
    });
  });
  listener.on("stream", (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) =>
    serveStream(stream, headers, routes, inFlight, log),
  );
  listener.on("sessionError", (error: Error) => log.debug("connection failed", { error: error.message }));
  listener.on("tlsClientError", (error: Error) => log.warn("refused a TLS client", { error: error.message }));

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

/** Mutual TLS as go-plugin's AutoMTLS means it: nobody but the host that started us gets in. */
function secureServer({ identity, clientCertificate }: NonNullable<GrpcServerOptions["tls"]>) {
  return http2.createSecureServer({
    ...OPTIONS,
    key: identity.keyPem,
    cert: identity.certificatePem,
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    // A connection with another protocol, or without one, is closed by Node.
    allowHTTP1: false,
  });
}
