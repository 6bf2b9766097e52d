/**
 * A TLS connection whose other end has proven who it is before a byte of ours is sent. The one place where that is
 * decided: AXL, Control Center, RIS and TVS all come through here.
 *
 * A pin (SHA-256 of the certificate) is a proof by itself: CUCM's certificates are self-signed unless somebody
 * changed that. Without a pin the chain must end at the configured CA and the certificate must name the node.
 */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  type PeerCertificate,
  type TLSSocket,
} from "node:tls";
import type { HostIdentity } from "../config";
import { type Endpoint, failure } from "../failure";
import type { Cryptography } from "./cryptography";

export type Proof =
  | { readonly kind: "pin"; readonly sha256: readonly string[]; readonly whose: string }
  | { readonly kind: "ca"; readonly pem: string }
  | { readonly kind: "none" };

export interface TlsTarget {
  readonly endpoint: Endpoint;
  readonly port: number;
  /** For messages, e.g. `AXL (TCP 8443)`. */
  readonly service: string;
  readonly proof: Proof;
  readonly cryptography: Cryptography;
  readonly client?: { readonly cert: string; readonly key: string } | null;
  /** Is shown the socket when the handshake has ended, well or not; twice when the server just closed. */
  readonly observe?: (socket: TLSSocket) => void;
}

/** Until the handshake is done. */
const CONNECT_MS = 15_000;

/** The proof that the configuration demands of a node's Tomcat certificate. */
export function proofOf(identity: HostIdentity, address: string): Proof {
  const pins = [...(identity.tlsSha256[address] ?? []), ...(identity.tlsSha256["*"] ?? [])].map(
    normalFingerprint,
  );
  if (pins.length > 0) return { kind: "pin", sha256: pins, whose: `identities["${address}"].tls_sha256` };
  return identity.caPem === null ? { kind: "none" } : { kind: "ca", pem: identity.caPem };
}

/** `AB:CD:..` and `abcd..` are the same fingerprint. */
export function normalFingerprint(text: string): string {
  return text.replace(/[:\s]/g, "").toLowerCase();
}

/** @throws ClusterError kind `identity` when the server is not who it should be; otherwise what the socket threw. */
export function connectVerified(target: TlsTarget, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = connect(optionsOf(target));
    const slow = setTimeout(() => settle(connectionError("ETIMEDOUT")), CONNECT_MS);
    const settle = (error: unknown) => {
      clearTimeout(slow);
      signal.removeEventListener("abort", stop);
      socket.removeListener("error", settle);
      socket.removeListener("close", closed);
      target.observe?.(socket);
      if (error === null) return resolve(socket);
      // Whatever still happens to a socket that was given up concerns nobody.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const stop = () => settle(signal.reason);
    const closed = () => settle(connectionError("ECONNRESET"));
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", (error) => settle(identityError(target, error) ?? error));
    socket.on("close", closed);
    socket.on("secureConnect", () => settle(verify(target, socket)));
    // Before Node takes the connection apart, with what the handshake had shown.
    socket.prependOnceListener("end", () => target.observe?.(socket));
  });
}

/**
 * Whether the server asked for a client certificate: its request lists signature algorithms, and nothing else does.
 * null: cannot be told, for there is no such list before TLS 1.2, or the socket is closed.
 */
export function askedForCertificate(socket: TLSSocket): boolean | null {
  const algorithms: readonly string[] | null = socket.getSharedSigalgs();
  if (algorithms === null) return null;
  if (algorithms.length > 0) return true;
  return ["TLSv1", "TLSv1.1"].includes(socket.getProtocol() ?? "") ? null : false;
}

function connectionError(code: "ETIMEDOUT" | "ECONNRESET"): Error {
  return Object.assign(new Error("no TLS connection"), { code });
}

function optionsOf(target: TlsTarget): ConnectionOptions {
  const { endpoint, port, proof, cryptography, client } = target;
  return {
    host: endpoint.address,
    port,
    // Server Name Indication must not be an address (RFC 6066).
    servername: isIP(endpoint.address) ? "" : endpoint.address,
    minVersion: cryptography.tls.minVersion,
    ...(cryptography.tls.ciphers ? { ciphers: cryptography.tls.ciphers } : {}),
    ...(client ? { cert: client.cert, key: client.key } : {}),
    ...(proof.kind === "ca"
      ? { ca: proof.pem, rejectUnauthorized: true }
      : // Self-signed: no chain to check. verify() decides by the pin, before the socket is handed out.
        { rejectUnauthorized: false }),
    checkServerIdentity: (_, certificate) =>
      proof.kind === "ca" ? namesAny(endpoint, certificate) : undefined,
  };
}

function namesAny(endpoint: Endpoint, certificate: PeerCertificate): Error | undefined {
  const results = [endpoint.address, ...endpoint.names].map((name) => checkServerIdentity(name, certificate));
  return results.some((result) => result === undefined) ? undefined : results[0];
}

/** null when proven. */
function verify({ endpoint, service, proof }: TlsTarget, socket: TLSSocket): Error | null {
  const der = socket.getPeerCertificate(false)?.raw;
  if (!der)
    return failure(
      endpoint,
      "identity",
      `${service} of ${endpoint.address} shows no certificate`,
      "Refused.",
    );
  const presented = createHash("sha256").update(der).digest("hex");
  switch (proof.kind) {
    case "ca":
      return socket.authorized
        ? null
        : failure(
            endpoint,
            "identity",
            `${service} of ${endpoint.address} is not trusted`,
            `${socket.authorizationError}`,
          );
    case "pin":
      if (proof.sha256.includes(presented)) return null;
      return failure(
        endpoint,
        "identity",
        `${service} of ${endpoint.address} shows another certificate than the pinned one`,
        `Nothing was sent to it. It shows SHA-256 ${presented}; accepted by ${proof.whose}: ${proof.sha256.join(", ")}. ` +
          "If the certificate was renewed, compare the new one on the node and change the pin; otherwise somebody stands in between.",
      );
    case "none":
      return failure(
        endpoint,
        "identity",
        `The identity of ${service} of ${endpoint.address} cannot be verified`,
        `Neither a pin nor a CA is configured for it, so nothing was sent. It shows SHA-256 ${presented}. ` +
          `Compare that with the certificate on the node and add: identities = { "${endpoint.address}" = { tls_sha256 = ["${presented}"] } }`,
      );
  }
}

/** Node refuses a chain or a name itself when a CA is configured; say what that means. */
function identityError(
  { endpoint, service, proof }: TlsTarget,
  error: Error & { code?: string },
): Error | null {
  if (proof.kind !== "ca") return null;
  const code = error.code ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return failure(
      endpoint,
      "identity",
      `The certificate of ${service} of ${endpoint.address} is for another host`,
      `${error.message} Nothing was sent. Accepted names: ${[endpoint.address, ...endpoint.names].join(", ")}.`,
    );
  }
  if (!/CERT|SELF_SIGNED|ISSUER|CHAIN|SIGNATURE|UNABLE_TO/.test(code) || code.startsWith("ERR_SSL"))
    return null;
  return failure(
    endpoint,
    "identity",
    `The certificate of ${service} of ${endpoint.address} is not signed by the configured CA`,
    `${error.message} (${code}). Nothing was sent. Set the right ca_pem, or pin the certificate: identities = { "${endpoint.address}" = { tls_sha256 = ["..."] } }`,
  );
}
