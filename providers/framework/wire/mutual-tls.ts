import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Identity } from "./certificate";

export interface MutualTlsOptions {
  readonly identity: Identity;
  /** The one certificate that may connect. */
  readonly expected: X509Certificate;
  /** Called with each connection whose client has proven that it holds the certificate's key. */
  readonly accept: (socket: TLSSocket) => void;
  readonly refused: (why: string) => void;
}

/**
 * Mutual TLS as go-plugin's AutoMTLS means it: nobody but the host that started us gets in. Takes connections.
 *
 * The client's certificate is compared, byte for byte, with the one that the host gave us; the handshake has
 * proven by then that the client holds its key. So no authority takes part, and the empty list of authorities
 * matters: with any entry, or without the list, Node first reads its hundred and more root certificates, which
 * takes a third of our whole start.
 */
export async function mutualTls(options: MutualTlsOptions): Promise<(socket: Socket) => void> {
  const { createServer } = await import("node:tls");
  const { identity, expected, accept, refused } = options;
  const server = createServer({
    key: identity.keyPem,
    cert: identity.certificatePem,
    ca: [],
    requestCert: true,
    // Without authorities OpenSSL accepts nobody; the decision is ours, below.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["h2"],
  });
  server.on("secureConnection", (socket) => {
    const why = objection(socket.getPeerX509Certificate(), expected);
    if (why === undefined) accept(socket);
    else {
      refused(why);
      // A client that goes on talking may fail to: that is its affair.
      socket.on("error", () => undefined);
      socket.destroy();
    }
  });
  server.on("tlsClientError", (error) => refused(error.message));
  return (socket) => server.emit("connection", socket);
}

/** Why a client is not let in. */
function objection(presented: X509Certificate | undefined, expected: X509Certificate): string | undefined {
  if (presented === undefined) return "the client has no certificate";
  if (!presented.raw.equals(expected.raw)) return "the client has another certificate than the host's";
  const now = Date.now();
  if (now < Date.parse(expected.validFrom) || now > Date.parse(expected.validTo)) {
    return "the host's certificate is not valid now";
  }
  return undefined;
}
