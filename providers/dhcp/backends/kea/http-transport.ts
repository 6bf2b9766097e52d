import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import type { DhcpError } from "../backend";
import { bounded, Collector, type ExchangeOptions } from "../exchange";
import { Failures } from "../failures";
import { connectTls, demandIdentity, type Identity } from "../tls";
import type { Endpoint } from "./endpoint";
import { type Exchanged, MAX_ANSWER, REASONS, type Transport } from "./transport";

export interface HttpSecurity extends Identity {
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
    this.failures = new Failures(server, endpoint.label, REASONS);
    if (endpoint.kind === "https") demandIdentity(security, this.failures);
  }

  exchange(request: string, o: ExchangeOptions): Promise<Exchanged> {
    return bounded(this.failures, o, ({ resolve, reject }) => {
      const { host, port } = this.endpoint;
      if (this.endpoint.kind === "http") {
        const socket = connect({ host, port }, () => this.post(socket, request, resolve, reject));
        socket.on("error", (cause) => reject(this.failures.unreachable(cause)));
        return { stop: () => socket.destroy() };
      }
      const socket = connectTls(this.endpoint, this.security, this.failures, {
        verified: () => this.post(socket, request, resolve, reject),
        stranger: reject,
        own: this.security.clientCertificate,
      });
      socket.on("error", (cause) => reject(this.tlsFailure(cause)));
      return { stop: () => socket.destroy() };
    });
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
      const collector = new Collector(MAX_ANSWER);
      response.on("data", (chunk: Buffer) => {
        if (!collector.add(chunk)) reject(this.failures.tooLong(MAX_ANSWER));
      });
      response.on("error", (cause) => reject(this.failures.unreachable(cause)));
      response.on("end", () =>
        resolve({ body: collector.bytes().toString("latin1"), status: response.statusCode ?? 0 }),
      );
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
      `its certificate does not verify against ca_pem for this host name: ${this.failures.reason(cause)}`,
    );
  }
}
