/** A connection to a server on TLS, and who it is. */
import { isIP } from "node:net";
import { connect, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { DhcpError } from "./backend";
import type { Failures } from "./failures";

export interface Identity {
  /** SHA-256 of the certificates that are accepted, hex without colons, lower case. */
  readonly tlsSha256: readonly string[];
  /** Used when there is no pin. */
  readonly caPem: string | null;
}

/** @throws DhcpError when there is nothing to know the server by. */
export function demandIdentity({ tlsSha256, caPem }: Identity, failures: Failures): void {
  if (tlsSha256.length > 0 || caPem !== null) return;
  throw failures.error(
    "identity",
    "has no identity to verify",
    "set tls_sha256 (the SHA-256 of its certificate) or ca_pem; there is no way to go without",
  );
}

/**
 * Nothing is sent before the certificate is known to be the right one.
 *
 * @param own a certificate to show.
 * @param o.verified when it is; `o.stranger` when it is another one than those that are pinned.
 */
export function connectTls(
  { host, port }: { readonly host: string; readonly port: number },
  identity: Identity,
  failures: Failures,
  o: {
    readonly verified: (socket: TLSSocket) => void;
    readonly stranger: (error: DhcpError) => void;
    readonly own?: Pick<SecureContextOptions, "cert" | "key"> | null;
  },
): TLSSocket {
  const pinned = identity.tlsSha256.length > 0;
  const socket = connect({
    host,
    port,
    minVersion: "TLSv1.2",
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // A pin names the very certificate, which needs no authority; it is compared below.
    rejectUnauthorized: !pinned,
    ...(pinned || identity.caPem === null ? {} : { ca: identity.caPem }),
    ...(o.own ?? {}),
  });
  socket.once("secureConnect", () => {
    const stranger = strangerAt(socket, identity, failures);
    if (stranger) o.stranger(stranger);
    else o.verified(socket);
  });
  return socket;
}

function strangerAt(socket: TLSSocket, { tlsSha256 }: Identity, failures: Failures): DhcpError | null {
  if (tlsSha256.length === 0) return null;
  const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase();
  if (shown !== undefined && tlsSha256.includes(shown)) return null;
  return failures.error(
    "identity",
    "is not the server that was declared",
    `its certificate has SHA-256 ${shown ?? "(none)"}, which is not in tls_sha256. If the certificate was renewed, declare the new one too`,
  );
}
