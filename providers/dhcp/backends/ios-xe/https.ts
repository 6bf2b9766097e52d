/** One HTTPS request and its answer, on a connection of its own. Redirects are answers: nothing is followed. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { DhcpError } from "../backend";
import type { Security } from "./config";
import { type Failures, reason } from "./failures";

/** Bytes: a thousand pools are about 1 MB. */
const MAX_ANSWER = 16 * 1024 * 1024;

export interface HttpsRequest {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: string;
}

export interface Endpoint {
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

/** @throws DhcpError for anything but `https://host[:port]`. */
export function parseEndpoint(server: string, text: string): Endpoint {
  const refuse = (why: string) =>
    new DhcpError(server, `DHCP server "${server}" has an endpoint that cannot be used`, why, "refused");
  if (!URL.canParse(text)) throw refuse("Write https://host or https://host:port.");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw refuse(
      "Credentials do not belong into an endpoint: name environment variables in username_env and password_env.",
    );
  if (url.protocol !== "https:")
    throw refuse("RESTCONF of IOS-XE is HTTPS only: write https://host or https://host:port.");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refuse("An endpoint is https://host or https://host:port, without a path.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { label: `https://${url.host}`, host, port: Number(url.port || 443) };
}

/** @throws DhcpError when there is no answer; an answer of any status is one. */
export function exchange(
  endpoint: Endpoint,
  security: Security,
  failures: Failures,
  request: HttpsRequest,
): Promise<HttpsAnswer> {
  const { signal, timeout } = request;
  if (signal.aborted) return Promise.reject(failures.cancelled());
  return new Promise((resolve, reject) => {
    const socket = secure(endpoint, security);
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.destroy();
    };
    const fail = (error: Error) => {
      done();
      reject(error);
    };
    const abort = () => fail(failures.cancelled());
    const timer = setTimeout(() => fail(failures.timeout(timeout)), timeout);
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", (cause) => fail(tlsFailure(failures, cause)));
    socket.once("secureConnect", () => {
      const stranger = strangerAt(socket, security, failures);
      // Nothing is sent before the certificate is known to be the right one.
      if (stranger) return fail(stranger);
      send(socket, endpoint, security, request)
        .on("error", (cause: NodeJS.ErrnoException) => fail(tlsFailure(failures, cause)))
        .on("response", (response) =>
          collect(response, failures, fail, (answer) => {
            done();
            resolve(answer);
          }),
        );
    });
  });
}

function secure({ host, port }: Endpoint, { tlsSha256, caPem }: Security): TLSSocket {
  const pinned = tlsSha256.length > 0;
  return tlsConnect({
    host,
    port,
    minVersion: "TLSv1.2",
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // A pin names the very certificate, which needs no authority; it is compared below.
    rejectUnauthorized: !pinned,
    ...(pinned || caPem === null ? {} : { ca: caPem }),
  });
}

function strangerAt(socket: TLSSocket, { tlsSha256 }: Security, failures: Failures): DhcpError | null {
  if (tlsSha256.length === 0) return null;
  const shown = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase();
  if (shown !== undefined && tlsSha256.includes(shown)) return null;
  return failures.error(
    "identity",
    "is not the server that was declared",
    `its certificate has SHA-256 ${shown ?? "(none)"}, which is not in tls_sha256. If the certificate was renewed, declare the new one too`,
  );
}

function send(socket: TLSSocket, { host, port }: Endpoint, security: Security, request: HttpsRequest) {
  const bytes = request.body === undefined ? null : Buffer.from(request.body, "utf8");
  const basic = Buffer.from(`${security.username}:${security.password}`, "utf8").toString("base64");
  const sent = httpRequest({
    createConnection: () => socket,
    method: request.method,
    path: request.path,
    host,
    port,
    headers: {
      ...request.headers,
      ...(bytes ? { "content-length": bytes.length } : {}),
      authorization: `Basic ${basic}`,
      connection: "close",
    },
  });
  sent.end(bytes ?? undefined);
  return sent;
}

function collect(
  response: IncomingMessage,
  failures: Failures,
  fail: (error: Error) => void,
  resolve: (answer: HttpsAnswer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_ANSWER) fail(failures.tooLong(MAX_ANSWER));
    else chunks.push(chunk);
  });
  response.on("error", (cause) => fail(failures.unreachable(cause)));
  response.on("end", () => {
    const { etag } = response.headers;
    resolve({
      status: response.statusCode ?? 0,
      etag: etag !== undefined && /^[\x21-\x7e]{1,200}$/.test(etag) ? etag : null,
      body: Buffer.concat(chunks).toString("utf8"),
    });
  });
}

function tlsFailure(failures: Failures, cause: NodeJS.ErrnoException): DhcpError {
  const code = cause.code ?? "";
  if (code.startsWith("HPE_"))
    return failures.error("answer", "does not answer like RESTCONF", `what it sends is not HTTP (${code})`);
  if (cause.syscall !== undefined || code.startsWith("ECONN")) return failures.unreachable(cause);
  return failures.error(
    "identity",
    "did not prove who it is",
    `its certificate does not verify against ca_pem for this host name, or TLS 1.2 is not on: ${reason(cause)}`,
  );
}
