/** A phone's TLS connection to a server of a cluster. */
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { Certificate } from "../../trust/certificate";
import type { Endpoint } from "./config-file";

export interface ClientIdentity {
  /** PEM of the LSC, or of the MIC, and its key. */
  readonly cert: string;
  readonly key: string;
}

/**
 * The server's identity is its certificate itself, byte for byte: whoever connects compares what it shows
 * ({@link shownBy}) before anything is sent. A chain would prove less.
 */
export function connectTls(
  { address, port }: Endpoint,
  identity: ClientIdentity | null,
  more: Pick<ConnectionOptions, "minVersion" | "ciphers"> = {},
): TLSSocket {
  return connect({
    host: address,
    port,
    ...identity,
    rejectUnauthorized: false,
    maxVersion: "TLSv1.2",
    ...more,
  });
}

export const shownBy = (socket: TLSSocket) => Certificate.fromDer(socket.getPeerCertificate().raw);
