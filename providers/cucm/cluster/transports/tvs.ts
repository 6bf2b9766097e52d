/** Asks a node's Trust Verification Service about certificates, as a phone does (TCP 2445, TLS). */
import { Certificate } from "../../../../trust/certificate";
import type { UnknownField } from "../../../../trust/tlv";
import {
  TvsMessageError,
  type TvsQueryResponse,
  TvsStatus,
  type TvsVerifyResponse,
} from "../../../../trust/tvs-message";
import { DeadlineError, Gate, type RetryPolicy, retry, withDeadline } from "../budget";
import { ClusterError, type TvsAnswer } from "../cluster";
import { asClusterError, codeOf, type Endpoint, failure, messageOf } from "../failure";
import type { Log } from "../log";
import type { Cryptography } from "./cryptography";
import { SilentEnd, TvsConnection, type TvsExchange, type TvsLink, TvsLinkError } from "./tvs-connection";

export type { TvsExchange, TvsLink } from "./tvs-connection";

export interface TvsOptions {
  readonly port: number;
  readonly cryptography: Cryptography;
  /** Shown to a TVS that asks for it. */
  readonly client: { readonly cert: string; readonly key: string } | null;
  /** One question, its connection included. */
  readonly timeoutMs: number;
  /** A phone gives its name; TVS logs it. @default "phone-migration" */
  readonly deviceName?: string;
  /** @default the provider's */
  readonly words?: TvsWords;
}

/** What the user of this client sets, for messages. */
export interface TvsWords {
  /** Whose certificate the server must show. */
  readonly server: string;
  /** Where a client certificate and its key are set, and where the certificate alone. */
  readonly clientAndKey: string;
  readonly client: string;
  /** What lets old ciphers in: the end of a sentence. */
  readonly legacy: string;
}

const PROVIDER: TvsWords = {
  server: "the node's own TVS certificate",
  clientAndKey: "tvs_client_certificate_file and tvs_client_key_file",
  client: "tvs_client_certificate_file",
  legacy: 'set cryptography = "legacy" for this cluster',
};

export interface TvsReply {
  readonly asked: Certificate;
  readonly answer: TvsAnswer;
  /** Fields of the answer without known meaning. */
  readonly unknown: readonly UnknownField[];
  readonly link: TvsLink;
  /** Counted from 1. */
  readonly connection: number;
}

const DEVICE_NAME = "phone-migration";
const CONCURRENCY = 4;
const HANG_UPS: RetryPolicy = { attempts: 2, firstDelayMs: 1000, maxDelayMs: 1000 };

export class Tvs {
  readonly #gate = new Gate(CONCURRENCY);
  readonly #service: string;
  constructor(
    private readonly at: Endpoint,
    private readonly options: TvsOptions,
    private readonly log: Log,
  ) {
    this.#service = `TVS (TCP ${options.port})`;
  }

  /** @param sha256 of the certificates that the server may show: its TVS certificate, or pins */
  async ask(asked: Certificate, sha256: readonly string[], signal: AbortSignal): Promise<TvsAnswer> {
    for await (const { answer } of this.askEach("query", [asked], sha256, signal)) return answer;
    throw new Error("one question has one answer");
  }

  /**
   * One question after the other, on one connection as long as the server takes more than one there; each answer as
   * soon as it comes. @throws ClusterError; what was answered before stays answered
   */
  async *askEach(
    exchange: TvsExchange,
    certificates: readonly Certificate[],
    sha256: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<TvsReply> {
    const line = new Line((inner) => this.#connect(sha256, inner));
    try {
      for (const asked of certificates) {
        const started = Date.now();
        const { message, link, connection } = await this.#question(line, exchange, asked, signal);
        this.log(`TVS: ${asked.subject} serial ${asked.serial}`, {
          address: this.at.address,
          exchange,
          status: message.status,
          roles: message.roles?.join(",") ?? null,
          ms: Date.now() - started,
        });
        const answer = this.#read(message, asked);
        yield { asked, answer, unknown: message.unknown ?? [], link, connection };
      }
    } finally {
      line.close();
    }
  }

  async #question(line: Line, exchange: TvsExchange, asked: Certificate, signal: AbortSignal) {
    const { deviceName = DEVICE_NAME, timeoutMs } = this.options;
    try {
      // A TVS that is just going down hangs up, too: only who does it again means us.
      return await retry(HANG_UPS, signal, isHangUp, () =>
        this.#gate.run(signal, () => line.ask(exchange, asked, deviceName, timeoutMs, signal)),
      );
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #connect(sha256: readonly string[], signal: AbortSignal): Promise<TvsConnection> {
    const { port, cryptography, client, words = PROVIDER } = this.options;
    return TvsConnection.open(
      {
        endpoint: this.at,
        port,
        service: this.#service,
        proof: { kind: "pin", sha256, whose: words.server },
        cryptography,
        client,
      },
      signal,
    );
  }

  #read(message: TvsQueryResponse | TvsVerifyResponse, asked: Certificate): TvsAnswer {
    if (message.status === TvsStatus.INVALID) return { kind: "unknown" };
    const odd = (what: string) =>
      failure(this.at, "answer", `${this.#service} of ${this.at.address} answers oddly`, `${what}.`);
    if (message.status !== TvsStatus.VALID) throw odd(`status ${message.status}`);
    let certificate = asked;
    if (message.type === "query-response") {
      try {
        certificate = Certificate.fromDer(message.certificate!);
      } catch (error) {
        throw odd(`its certificate cannot be read (${messageOf(error)})`);
      }
    }
    return {
      kind: "vouched",
      certificate,
      roles: message.roles ?? [],
      timeToLive: message.timeToLive ?? 0,
    };
  }

  #explain(thrown: unknown): ClusterError {
    const { address } = this.at;
    const { words = PROVIDER } = this.options;
    const error = causeOf(thrown);
    if (error instanceof ClusterError) return error;
    if (error instanceof TvsMessageError)
      return failure(this.at, "answer", `${this.#service} of ${address} speaks no TVS`, `${error.message}.`);
    const code = codeOf(error);
    const alert =
      /ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA)/.test(
        code,
      );
    const wants = thrown instanceof TvsLinkError ? thrown.wantsCertificate : null;
    // Before TLS 1.2 it cannot be told whether a certificate was asked for: then it is the likely reason, too.
    if ((alert || error instanceof SilentEnd) && wants !== false) return this.#refused(code, words);
    if (error instanceof SilentEnd) {
      return failure(
        this.at,
        "refused",
        `${this.#service} of ${address} closes the connection unanswered`,
        "It has not asked for a client certificate, so that is not the reason. Is the service just being restarted?",
      );
    }
    if (/ssl|tls/i.test(code)) {
      return failure(
        this.at,
        "refused",
        `No TLS with ${this.#service} of ${address}`,
        `The handshake failed (${code})${wants === false ? ", before a client certificate was asked for" : ""}. ` +
          `An old release may offer only TLS 1.0 or weak ciphers: ${words.legacy}.`,
      );
    }
    return asClusterError(this.at, this.#service, error);
  }

  #refused(code: string, words: TvsWords): ClusterError {
    const who = `${this.#service} of ${this.at.address}`;
    return this.options.client === null
      ? failure(
          this.at,
          "refused",
          `${who} refuses a client without a certificate`,
          `This TVS demands a client certificate (${code || "it closed the connection unanswered"}): ` +
            `set ${words.clientAndKey} to one that it trusts, such as a phone's LSC.`,
        )
      : failure(
          this.at,
          "refused",
          `${who} refuses our client certificate`,
          `It ended the connection (${code || "unanswered"}): the certificate of ${words.client} is not one that it trusts.`,
        );
  }
}

/** Questions in a row: on the connection that is open, or on one each when the server takes no more than one there. */
class Line {
  #open: TvsConnection | null = null;
  #connections = 0;
  #several = true;
  constructor(private readonly connect: (signal: AbortSignal) => Promise<TvsConnection>) {}

  async ask(
    exchange: TvsExchange,
    asked: Certificate,
    deviceName: string,
    timeoutMs: number,
    signal: AbortSignal,
  ) {
    const exchangeOn = async (connection: TvsConnection, inner: AbortSignal) => ({
      message: await connection.ask(exchange, asked, deviceName, inner),
      link: connection.link,
      connection: this.#connections,
    });
    if (this.#open?.isOpen && this.#several) {
      const reused = this.#open;
      try {
        return await withDeadline(timeoutMs, signal, (inner) => exchangeOn(reused, inner));
      } catch (error) {
        const cause = causeOf(error);
        if (!(cause instanceof SilentEnd || cause instanceof DeadlineError)) throw error;
        this.#several = false;
      }
    }
    this.close();
    return withDeadline(timeoutMs, signal, async (inner) => {
      this.#open = await this.connect(inner);
      this.#connections++;
      return exchangeOn(this.#open, inner);
    });
  }

  close(): void {
    this.#open?.close();
    this.#open = null;
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof TvsLinkError ? error.cause : error;
}
function isHangUp(error: unknown): boolean {
  return causeOf(error) instanceof SilentEnd;
}
