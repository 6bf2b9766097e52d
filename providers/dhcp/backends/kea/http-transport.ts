import { request as httpRequest } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import type { DhcpError } from "../backend";
import type { Endpoint } from "./endpoint";
import {
  bounded,
  Collector,
  type Exchanged,
  type ExchangeOptions,
  Failures,
  reason,
  type Transport,
} from "./transport";

export interface HttpSecurity {
  /** SHA-256 of the certificates that are accepted, hex without colons, lower case. */
  readonly tlsSha256: readonly string[];
  /** Used when there is no pin. */
  readonly caPem: string | null;
  readonly basic: { readonly username: string; readonly password: string } | null;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | null;
}

/** The control agent, or a Kea 3.0 daemon itself: `POST /` with a JSON object, an array of one object back. */
export class HttpTransport implements Transport {
  readonly namesService = true;
  readonly label: string;
  private readonly failures: Failures;

  constructor(
    server: string,
    private readonly endpoint: Extract<Endpoint, { kind: "http" | "https" }>,
    private readonly security: HttpSecurity,
  ) {
    this.label = endpoint.label;
    this.failures = new Failures(server, endpoint.label);
    if (endpoint.kind === "https" && security.tlsSha256.length === 0 && security.caPem === null)
      throw this.failures.error(
        "identity",
        "has no identity to verify",
        "set tls_sha256 (the SHA-256 of its certificate) or ca_pem; there is no way to go without",
      );
  }

  exchange(request: string, o: ExchangeOptions): Promise<Exchanged> {
    return bounded(this.failures, o, ({ resolve, reject }) => {
      const { host, port } = this.endpoint;
      if (this.endpoint.kind === "http") {
        const socket = connect({ host, port }, () => this.post(socket, request, resolve, reject));
        socket.on("error", (cause) => reject(this.failures.unreachable(cause)));
        return { stop: () => socket.destroy() };
      }
      const socket = this.secure(() => {
        const stranger = this.stranger(socket);
        // Nothing is sent before the certificate is known to be the right one.
        if (stranger) reject(stranger);
        else this.post(socket, request, resolve, reject);
      });
      socket.on("error", (cause) => reject(this.tlsFailure(cause)));
      return { stop: () => socket.destroy() };
    });
  }

  private secure(connected: () => void): TLSSocket {
    const { host, port } = this.endpoint;
    const { tlsSha256, caPem, clientCertificate } = this.security;
    const pinned = tlsSha256.length > 0;
    return tlsConnect(
      {
        host,
        port,
        minVersion: "TLSv1.2",
        ...(isIP(host) === 0 ? { servername: host } : {}),
        // A pin names the very certificate, which needs no authority; `stranger` compares it.
        rejectUnauthorized: !pinned,
        ...(pinned ? {} : { ca: caPem! }),
        ...(clientCertificate ?? {}),
      },
      connected,
    );
  }

  private stranger(socket: TLSSocket): DhcpError | null {
    const { tlsSha256 } = this.security;
    if (tlsSha256.length === 0) return null;
    const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase();
    if (shown !== undefined && tlsSha256.includes(shown)) return null;
    return this.failures.error(
      "identity",
      "is not the server that was declared",
      `its certificate has SHA-256 ${shown ?? "(none)"}, which is not in tls_sha256. If the certificate was renewed, declare the new one too`,
    );
  }

  private post(
    socket: Socket,
    body: string,
    resolve: (answer: Exchanged) => void,
    reject: (error: Error) => void,
  ): void {
    const bytes = Buffer.from(body, "latin1");
    const { basic } = this.security;
    const request = httpRequest({
      createConnection: () => socket,
      method: "POST",
      path: this.endpoint.path,
      host: this.endpoint.host,
      port: this.endpoint.port,
      headers: {
        "content-type": "application/json",
        "content-length": bytes.length,
        connection: "close",
        ...(basic
          ? {
              authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`,
            }
          : {}),
      },
    });
    request.on("error", (cause) =>
      reject(this.endpoint.kind === "https" ? this.tlsFailure(cause) : this.failures.unreachable(cause)),
    );
    request.on("response", (response) => {
      const collector = new Collector();
      response.on("data", (chunk: Buffer) => {
        if (!collector.add(chunk)) reject(this.failures.tooLong());
      });
      response.on("error", (cause) => reject(this.failures.unreachable(cause)));
      response.on("end", () => resolve({ body: collector.text(), status: response.statusCode ?? 0 }));
      response.on("close", () => reject(this.failures.unreachable(undefined)));
    });
    request.end(bytes);
  }

  private tlsFailure(cause: NodeJS.ErrnoException): DhcpError {
    const code = cause.code ?? "";
    if (cause.syscall !== undefined || code.startsWith("ECONN")) return this.failures.unreachable(cause);
    // Spelled differently by different versions of OpenSSL.
    if (/ALERT/.test(code))
      return this.failures.error(
        "credentials",
        "refuses the TLS connection",
        `it probably demands a client certificate that it trusts: set client_certificate_file and client_key_file (${code})`,
      );
    return this.failures.error(
      "identity",
      "did not prove who it is",
      `its certificate does not verify against ca_pem for this host name: ${reason(cause)}`,
    );
  }
}
