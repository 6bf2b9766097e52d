/** One HTTPS request and its answer, on a connection of its own. Redirects are answers: nothing is followed. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { DhcpError } from "../backend";
import { bounded, Collector, type ExchangeOptions } from "../exchange";
import type { Failures, Reasons } from "../failures";
import { connectTls } from "../tls";
import type { Security } from "./config";

/** Bytes: a thousand pools are about 1 MB. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** What codes of the system mean for a device. */
export const REASONS: Reasons = {
  ECONNREFUSED: "nobody listens there: is `ip http secure-server` configured",
  ENOTFOUND: "the host name is not known",
  EHOSTUNREACH: "there is no way to it",
};

export interface HttpsRequest extends ExchangeOptions {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
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
  return bounded(failures, request, ({ resolve, reject }) => {
    const failed = (cause: NodeJS.ErrnoException) => reject(tlsFailure(failures, cause));
    const socket = connectTls(endpoint, security, failures, {
      verified: () =>
        send(socket, endpoint, security, request)
          .on("error", failed)
          .on("response", (response) => collect(response, failures, reject, resolve)),
      stranger: reject,
    });
    socket.on("error", failed);
    return { stop: () => socket.destroy() };
  });
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
  const collector = new Collector(MAX_ANSWER);
  response.on("data", (chunk: Buffer) => {
    if (!collector.add(chunk)) fail(failures.tooLong(MAX_ANSWER));
  });
  response.on("error", (cause) => fail(failures.unreachable(cause)));
  response.on("end", () => {
    const { etag } = response.headers;
    resolve({
      status: response.statusCode ?? 0,
      etag: etag !== undefined && /^[\x21-\x7e]{1,200}$/.test(etag) ? etag : null,
      body: collector.bytes().toString("utf8"),
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
    `its certificate does not verify against ca_pem for this host name, or TLS 1.2 is not on: ${failures.reason(cause)}`,
  );
}
