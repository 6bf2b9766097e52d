/** SOAP over verified HTTPS with Basic authentication: what AXL, Control Center, RIS and log collection share. */
import type { IncomingHttpHeaders } from "node:http";
import { Gate, RETRY, type RetryPolicy, retry } from "../budget";
import { type Credentials, refusedAccount } from "../config";
import { asClusterError, codeOf, type Endpoint, excerpt, failure } from "../failure";
import type { Log } from "../log";
import type { RefusedCredentials } from "../refused-credentials";
import { pageText } from "./html";
import { type HttpAnswer, TooLargeError } from "./http";
import { boundaryOf, rootPart } from "./multipart";
import type { TlsTarget } from "./verified-tls";
import { type HttpChannel, WIRE, type Wire } from "./wire";
import { child, parseEnvelope, text, type XmlElement, XmlError, type XmlValue } from "./xml";

export interface SoapCall {
  /** For logs and messages, e.g. `executeSQLQuery`. */
  readonly operation: string;
  readonly path: string;
  readonly soapAction: string;
  readonly namespace: string;
  /** Inside the Body, with prefix `ns:`. */
  readonly body: string;
  readonly write?: boolean;
  /** The service has versions, and says HTTP 599 to one that it does not know. */
  readonly versioned?: boolean;
  /** Takes the body of a good answer as it comes, which may be larger than others. The element is then empty. */
  readonly take?: (headers: IncomingHttpHeaders) => (chunk: Buffer) => void;
}

/** The server understood and refused: a SOAP fault. */
export class SoapFault extends Error {
  override readonly name = "SoapFault";
  constructor(
    readonly status: number,
    readonly faultString: string,
    /** AXL's own code and message, when there is one. */
    readonly code: string,
  ) {
    super(faultString);
  }
}

/** HTTP 599: AXL does not know the version that we speak. */
export class VersionRefused extends Error {
  override readonly name = "VersionRefused";
}

/** HTTP 503, or a fault that says "later": nothing was processed. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

export interface SoapServerOptions {
  readonly credentials: Credentials;
  /** Shared by all services that take these credentials. */
  readonly refused: RefusedCredentials;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Role that the application user needs, for the message about a 403. */
  readonly role: string;
  /** Keep the JSESSIONIDSSO cookie instead of authenticating each request (documented for AXL). */
  readonly keepSession: boolean;
  readonly retry?: RetryPolicy;
  /** The caller has a pace of its own for BusyError. */
  readonly raiseBusy?: boolean;
}

const ANSWER_LIMIT = 16 * 1024 * 1024;
/** Of an answer that is taken as it comes. */
export const TAKEN_LIMIT = 64 * 1024 * 1024;
/** Faults that say "later"; `Reatime` is Cisco's spelling, and other services have a rate of their own. */
const LATER = /Maximum AXL Memory Allocation Consumed|Exceeded allowed rate for/i;

/** One SOAP service of one node. */
export class SoapServer {
  readonly #http: HttpChannel;
  readonly #gate: Gate;
  readonly #at: Endpoint;
  readonly #service: string;
  #session: string | null = null;

  constructor(
    target: TlsTarget,
    private readonly options: SoapServerOptions,
    private readonly log: Log,
    wire: Wire = WIRE,
  ) {
    this.#http = wire.http(target.endpoint.address, target, options.concurrency);
    this.#gate = new Gate(options.concurrency);
    this.#at = target.endpoint;
    this.#service = target.service;
  }

  /**
   * The element inside the answer's Body.
   * @throws ClusterError, or SoapFault and VersionRefused, which only the service can judge
   */
  async call(call: SoapCall, signal: AbortSignal): Promise<XmlElement> {
    try {
      return await retry(
        this.options.retry ?? RETRY,
        signal,
        (error) => error instanceof BusyError && !this.options.raiseBusy,
        () => this.#gate.run(signal, () => this.#call(call, signal)),
      );
    } catch (error) {
      if (error instanceof SoapFault || error instanceof VersionRefused) throw error;
      if (error instanceof BusyError && this.options.raiseBusy) throw error;
      throw this.#explain(call, error);
    }
  }

  close(): void {
    this.#http.close();
  }

  async #call(call: SoapCall, signal: AbortSignal): Promise<XmlElement> {
    const session = this.#session;
    if (session !== null) {
      const answer = await this.#post(call, { Cookie: session }, signal);
      // An expired session: 404 as documented, 401 and 403 to be safe.
      if (![401, 403, 404].includes(answer.status)) return this.#read(call, answer);
      if (this.#session === session) this.#session = null;
    }
    const { username, password } = this.options.credentials;
    const basic = `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
    return this.options.refused.guard(async () =>
      this.#read(call, await this.#post(call, { Authorization: basic }, signal)),
    );
  }

  async #post(
    call: SoapCall,
    authentication: { readonly [name: string]: string },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const started = Date.now();
    const body =
      `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="${call.namespace}">` +
      `<soapenv:Header/><soapenv:Body>${call.body}</soapenv:Body></soapenv:Envelope>`;
    const answer = await this.#http.send(
      {
        method: "POST",
        path: call.path,
        headers: {
          ...authentication,
          "Content-Type": "text/xml; charset=utf-8",
          Accept: "text/xml",
          SOAPAction: `"${call.soapAction}"`,
        },
        body,
        limit: call.take ? TAKEN_LIMIT : ANSWER_LIMIT,
        timeoutMs: this.options.timeoutMs,
        write: call.write,
        take: call.take,
      },
      signal,
    );
    this.log(`${this.#service}: ${call.operation}`, {
      address: this.#at.address,
      status: answer.status,
      bytes: answer.body.length,
      ms: Date.now() - started,
    });
    if (this.options.keepSession && answer.status === 200) this.#remember(answer);
    return answer;
  }

  #remember(answer: HttpAnswer): void {
    const cookie = (answer.headers["set-cookie"] ?? [])
      .map((line) => /^(JSESSIONIDSSO=[\w.-]+)/.exec(line)?.[1])
      .find((pair) => pair !== undefined);
    if (cookie) this.#session = cookie;
  }

  async #read(call: SoapCall, answer: HttpAnswer): Promise<XmlElement> {
    const { address } = this.#at;
    if (call.take && answer.status === 200) return {};
    const boundary = boundaryOf(answer.headers);
    const content = (boundary === null ? answer.body : rootPart(answer.body, boundary)).toString("utf8");
    const refuse = (
      kind: "credentials" | "authorization" | "refused" | "answer",
      summary: string,
      detail: string,
    ) => failure(this.#at, kind, summary, detail);
    switch (answer.status) {
      case 401:
        throw refuse(
          "credentials",
          `${this.#service} of ${address} refuses the credentials`,
          `HTTP 401: user name or password of the application user is wrong, or the account is locked. ${refusedAccount(this.#at.cluster, this.options.credentials)}`,
        );
      case 403:
        throw refuse(
          "authorization",
          `${this.#service} of ${address} forbids ${call.operation}`,
          `HTTP 403: the application user lacks the role "${this.options.role}".`,
        );
      case 404:
        throw refuse(
          "refused",
          `${this.#service} of ${address} is not there`,
          `HTTP 404 for ${call.path}: is the service activated on this node?`,
        );
      case 599:
        if (call.versioned) throw new VersionRefused(content);
        break;
      case 503:
        if (fault(await envelope(content)) === undefined) throw new BusyError(`HTTP 503: ${quoted(content)}`);
    }
    const body = await envelope(content);
    if (body instanceof XmlError) {
      throw refuse(
        "answer",
        `${this.#service} of ${address} answers no SOAP`,
        `HTTP ${answer.status} to ${call.operation}, and ${body.message}: ${quoted(content)}`,
      );
    }
    const refused = fault(body);
    if (refused !== undefined) {
      if (LATER.test(refused.text)) throw new BusyError(refused.text);
      throw new SoapFault(answer.status, refused.text, refused.code);
    }
    const inner = Object.values(body)[0] as XmlValue | undefined;
    if (answer.status !== 200 || inner === undefined) {
      throw refuse(
        "answer",
        `${this.#service} of ${address} answers ${call.operation} with HTTP ${answer.status}`,
        excerpt(content) || "(empty)",
      );
    }
    return typeof inner === "object" && !Array.isArray(inner) ? (inner as XmlElement) : {};
  }

  #explain(call: SoapCall, error: unknown) {
    const { address } = this.#at;
    if (error instanceof BusyError) {
      return failure(
        this.#at,
        "unreachable",
        `${this.#service} of ${address} stays busy`,
        `${call.operation} was refused for load again and again (${excerpt(error.message)}).`,
      );
    }
    if (error instanceof TooLargeError) {
      return failure(
        this.#at,
        "answer",
        `${this.#service} of ${address} answers too much`,
        `${call.operation}: ${error.message}, which was not read to the end. Is it CUCM that answers there?`,
      );
    }
    if (call.write && ["ECONNRESET", "EPIPE"].includes(codeOf(error))) {
      return failure(
        this.#at,
        "broken off",
        `${this.#service} of ${address} broke off`,
        `The connection ended before ${call.operation} was answered: it may or may not have been done. Run it again: it reads first.`,
      );
    }
    return asClusterError(this.#at, this.#service, error);
  }
}

/** The beginning of an answer, for a message; of a page, its text. */
function quoted(content: string): string {
  const beginning = content.slice(0, 64 * 1024);
  return (
    excerpt(/^[^<]*<(?:!DOCTYPE )?html\b/i.test(beginning) ? pageText(beginning) : beginning) || "(empty)"
  );
}

async function envelope(content: string): Promise<XmlElement | XmlError> {
  try {
    return await parseEnvelope(content);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
}

function fault(body: XmlElement | XmlError): { readonly text: string; readonly code: string } | undefined {
  if (body instanceof XmlError) return undefined;
  const element = child(body, "Fault");
  if (element === undefined) return undefined;
  const axl = child(child(element, "detail"), "axlError");
  const message = text(axl, "axlmessage");
  const string =
    text(element, "faultstring") ?? text(child(element, "Reason"), "Text") ?? "(no fault string)";
  return {
    text: message !== undefined && message !== string ? `${string} (${message})` : string,
    code: text(axl, "axlcode") ?? "",
  };
}
