/** RESTCONF (RFC 8040) with JSON, as far as it is needed: a resource read, written, removed; an operation called. */
import type { DhcpError, DhcpErrorKind } from "../backend";
import { Failures } from "../failures";
import { demandIdentity } from "../tls";
import type { Security } from "./config";
import { exchange, type HttpsAnswer, type HttpsRequest, parseEndpoint, REASONS } from "./https";
import { at, child, items, type Json, textOf } from "./json";

/** Where IOS-XE has it. */
const ROOT = "/restconf";
const MEDIA = "application/yang-data+json";

/** Milliseconds. Routers are slow, and writing may wait for the command line. */
const READ_TIMEOUT = 30_000;
const WRITE_TIMEOUT = 60_000;

export interface Resource {
  readonly value: Json;
  /** What names this state of the resource, when the device says it. */
  readonly etag: string | null;
}

/** On which state of the resource a write depends; null: the device does not say what state it is in. */
export type Condition = { readonly ifMatch: string } | "absent" | null;

export class Restconf {
  readonly label: string;
  readonly failures: Failures;
  private readonly send: (request: HttpsRequest) => Promise<HttpsAnswer>;

  /** @throws DhcpError for an endpoint that cannot be used. Does not touch the network. */
  constructor(
    server: string,
    endpointText: string,
    private readonly security: Security,
  ) {
    const endpoint = parseEndpoint(server, endpointText);
    this.label = endpoint.label;
    this.failures = new Failures(server, endpoint.label, REASONS);
    demandIdentity(security, this.failures);
    this.send = (request) => exchange(endpoint, security, this.failures, request);
  }

  /** @returns null when there is no such data. @throws DhcpError */
  async get(path: string, signal: AbortSignal): Promise<Resource | null> {
    const answer = await this.send({
      method: "GET",
      path: `${ROOT}/data/${path}`,
      headers: { accept: MEDIA },
      timeout: READ_TIMEOUT,
      signal,
    });
    // Releases differ in how they say that nothing is there.
    if (answer.status === 204 || (answer.status === 404 && errorsOf(answer).length > 0)) return null;
    if (answer.status !== 200) throw this.refusal(answer, `GET ${path}`);
    const value = parsed(answer.body);
    if (value === undefined)
      throw this.failures.error(
        "answer",
        "does not answer like RESTCONF",
        `the answer to GET ${path} is not JSON, or not all of it came`,
      );
    return { value, etag: answer.etag };
  }

  /** @returns false when the resource is no longer in the state of `condition`. @throws DhcpError */
  put(path: string, value: Json, condition: Condition, signal: AbortSignal): Promise<boolean> {
    return this.write("PUT", path, condition, signal, JSON.stringify(value));
  }
  remove(path: string, condition: Condition, signal: AbortSignal): Promise<boolean> {
    return this.write("DELETE", path, condition, signal);
  }

  /** @returns the operation's output. @throws DhcpError */
  async call(operation: string, signal: AbortSignal): Promise<Json | undefined> {
    const answer = await this.send({
      method: "POST",
      path: `${ROOT}/operations/${operation}`,
      headers: { accept: MEDIA, "content-type": MEDIA },
      // It has no input.
      body: "",
      timeout: WRITE_TIMEOUT,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw this.refusal(answer, `POST ${operation}`);
    return child(parsed(answer.body), "output");
  }

  private async write(
    method: "PUT" | "DELETE",
    path: string,
    condition: Condition,
    signal: AbortSignal,
    body?: string,
  ): Promise<boolean> {
    const answer = await this.send({
      method,
      path: `${ROOT}/data/${path}`,
      headers: {
        accept: MEDIA,
        ...(body === undefined ? {} : { "content-type": MEDIA }),
        ...(condition === "absent" ? { "if-none-match": "*" } : {}),
        ...(condition !== null && condition !== "absent" ? { "if-match": condition.ifMatch } : {}),
      },
      ...(body === undefined ? {} : { body }),
      timeout: WRITE_TIMEOUT,
      signal,
    });
    if (answer.status === 412) return false;
    // Somebody was quicker: it is gone, as it was to be.
    if (method === "DELETE" && answer.status === 404 && errorsOf(answer).length > 0) return true;
    if (answer.status < 200 || answer.status > 299) throw this.refusal(answer, `${method} ${path}`);
    return true;
  }

  private refusal(answer: HttpsAnswer, request: string): DhcpError {
    const { status } = answer;
    const said = errorsOf(answer);
    const known = MEANINGS[status] ?? (status >= 300 && status < 400 ? REDIRECT : OTHER);
    const missing = status === 404 && said.length === 0 ? NO_RESTCONF : known;
    const [kind, what, advice] = missing;
    const quoted = said.length === 0 ? "" : ` (${this.clean(said.join("; "))})`;
    return this.failures.error(kind, what, `HTTP ${status} to ${request}${quoted}: ${advice}`);
  }

  /** What a device says may quote what it was sent: no credentials, no control characters, not without end. */
  private clean(text: string): string {
    const { username, password } = this.security;
    const without = [password, username].reduce((t, s) => (s === "" ? t : t.replaceAll(s, "***")), text);
    const plain = without.replace(/[^\x20-\x7e]+/g, " ").trim();
    return plain.length > 300 ? `${plain.slice(0, 300)}...` : plain;
  }
}

type Meaning = readonly [kind: DhcpErrorKind, what: string, advice: string];

const MEANINGS: { readonly [status: number]: Meaning } = {
  401: [
    "credentials",
    "refuses the credentials",
    "check the variables that username_env and password_env name, and `aaa authentication login default` and `aaa authorization exec default` on the device",
  ],
  403: [
    "credentials",
    "does not let this user do it",
    "the user needs privilege 15, or a NACM rule that permits it",
  ],
  404: ["refused", "does not have what is to be changed", "nothing was changed: plan again"],
  405: ["refused", "does not support the request", "nothing was changed"],
  409: [
    "refused",
    "is busy with another change",
    "somebody holds the configuration, or it is being synchronised after a change at the command line. Deploy again in a minute",
  ],
  412: ["rival", "was changed by somebody else", "nothing was written: plan again"],
  503: [
    "unreachable",
    "is not ready",
    "RESTCONF is up, and what is behind it is not: see `show platform software yang-management process`",
  ],
};
const NO_RESTCONF: Meaning = [
  "answer",
  "has no RESTCONF there",
  "configure `restconf` and `ip http secure-server`, or correct the endpoint",
];
const REDIRECT: Meaning = [
  "answer",
  "sends us elsewhere",
  "a redirect is not followed, since credentials would follow it. Correct the endpoint",
];
const OTHER: Meaning = ["refused", "refuses the request", "see the device's log"];

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}

/** `error-tag: error-message` of each of the errors of RFC 8040, section 7.1; empty when the answer has none. */
function errorsOf({ body }: HttpsAnswer): readonly string[] {
  const errors = items(at(parsed(body), "errors", "error"));
  return errors.flatMap((error) => {
    const tag = textOf(child(error, "error-tag"));
    const message = textOf(child(error, "error-message"));
    return tag === null ? [] : [message === null ? tag : `${tag}: ${message}`];
  });
}
