/**
 * The port of the platform's own web applications (Certificate Management REST, OS administration): verified TLS, one
 * request at a time as with the CLI, and errors that say what came back.
 */
import { Gate, RETRY, type RetryPolicy, retry } from "../budget";
import type { ClusterError } from "../cluster";
import { type Credentials, refusedAccount } from "../config";
import { asClusterError, codeOf, type Endpoint, excerpt, type FailureKind, failure } from "../failure";
import type { Log } from "../log";
import type { RefusedCredentials } from "../refused-credentials";
import { pageText } from "./html";
import { type HttpAnswer, type HttpRequest, TooLargeError } from "./http";
import { BusyError } from "./soap";
import type { TlsTarget } from "./verified-tls";
import { type HttpChannel, WIRE, type Wire } from "./wire";

/** The node does not have this interface: another one may do. Nothing was changed. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
  constructor(
    readonly reason: ClusterError,
    /** Whether it would be so at the next question too. */
    readonly lasting: boolean,
  ) {
    super(reason.message);
  }
}

export interface PlatformOptions {
  readonly credentials: Credentials;
  /** Shared with SSH: it is the same account. */
  readonly refused: RefusedCredentials;
  readonly timeoutMs: number;
  /** Bytes of an answer. */
  readonly limit: number;
  readonly retry?: RetryPolicy;
}

/** What a request asks for, in words. */
export type PlatformRequest = Omit<HttpRequest, "limit" | "timeoutMs"> & { readonly operation: string };

/** Of a page that is quoted, characters that are looked at. */
const QUOTED = 64 * 1024;

export class PlatformServer {
  readonly at: Endpoint;
  readonly service: string;
  readonly #http: HttpChannel;
  readonly #one = new Gate(1);

  constructor(
    target: TlsTarget,
    readonly options: PlatformOptions,
    private readonly log: Log,
    wire: Wire = WIRE,
  ) {
    this.at = target.endpoint;
    this.service = target.service;
    this.#http = wire.http(target.endpoint.address, target, 1);
  }

  /** Any answer but "later". @throws ClusterError, or NotOffered when nothing listens there */
  async send(request: PlatformRequest, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      return await retry(
        this.options.retry ?? RETRY,
        signal,
        (error) => error instanceof BusyError,
        () => this.#one.run(signal, () => this.#once(request, signal)),
      );
    } catch (error) {
      throw this.#explain(request, error);
    }
  }

  failure(kind: FailureKind, what: string, detail: string): ClusterError {
    return failure(this.at, kind, `${this.service} of ${this.at.address} ${what}`, detail);
  }

  get account(): string {
    return refusedAccount(this.at.cluster, this.options.credentials);
  }

  /** The beginning of an answer, for a message: as text, and without the password should it be echoed. */
  quote(body: string): string {
    const { username, password } = this.options.credentials;
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    const secrets = [...spellingsOf(password), basic].filter((secret) => secret !== "");
    const without = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
    const safe = without(body);
    return excerpt(isPage(safe) ? without(pageText(safe.slice(0, QUOTED))) : safe) || "(empty)";
  }

  close(): void {
    this.#http.close();
  }

  async #once({ operation, ...request }: PlatformRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const started = Date.now();
    const answer = await this.#http.send(
      { ...request, limit: this.options.limit, timeoutMs: this.options.timeoutMs },
      signal,
    );
    this.log(`${this.service}: ${operation}`, {
      address: this.at.address,
      status: answer.status,
      bytes: answer.body.length,
      ms: Date.now() - started,
    });
    if (answer.status === 503) throw new BusyError(`HTTP 503: ${this.quote(answer.body.toString("utf8"))}`);
    return answer;
  }

  #explain({ operation, write }: PlatformRequest, error: unknown): Error {
    if (error instanceof BusyError) {
      return this.failure(
        "unreachable",
        "stays busy",
        `${operation} was refused again and again (${error.message}).`,
      );
    }
    if (error instanceof TooLargeError) {
      return this.failure(
        "answer",
        "answers too much",
        `${operation}: ${error.message}, which was not read to the end. Is it CUCM that answers there?`,
      );
    }
    if (write && ["ECONNRESET", "EPIPE"].includes(codeOf(error))) {
      return this.failure(
        "broken off",
        "broke off",
        `The connection ended before ${operation} was answered: it may or may not have been done. Run it again: it reads first.`,
      );
    }
    const reason = asClusterError(this.at, this.service, error);
    return codeOf(error) === "ECONNREFUSED" ? new NotOffered(reason, false) : reason;
  }
}

export function isPage(body: string): boolean {
  return /^\s*</.test(body);
}

/** As an echo may have it: plain, in a form, in a path, in JSON, on a page. */
export function spellingsOf(secret: string): string[] {
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const page = secret.replace(/[&<>"']/g, (sign) => HTML[sign]!);
  return [...new Set([secret, form, encodeURIComponent(secret), json, page])];
}

const HTML: { readonly [sign: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
