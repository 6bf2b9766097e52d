/** One TLS connection to a Trust Verification Service: a question, its answer, and where the server allows it more. */
import { randomBytes } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Certificate } from "../../../../trust/certificate";
import {
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  TvsMessageError,
  type TvsQueryResponse,
  type TvsVerifyResponse,
} from "../../../../trust/tvs-message";
import { codeOf } from "../failure";
import { askedForCertificate, connectVerified, type TlsTarget } from "./verified-tls";

/**
 * `query`: who has this issuer and serial number (of a file's signer)? The answer holds a certificate. `verify`: do you
 * know this very certificate (of a TLS server)?
 */
export type TvsExchange = "query" | "verify";

/** What the handshake showed. */
export interface TvsLink {
  readonly protocol: string;
  readonly cipher: string;
  /** Whether the server asked for a client certificate; null: cannot be told before TLS 1.2. */
  readonly wantsCertificate: boolean | null;
}

/** The server closed, or was silent, instead of answering. */
export class SilentEnd extends Error {
  override readonly name = "SilentEnd";
}

/** What went wrong, with what the handshake had shown until then. */
export class TvsLinkError extends Error {
  override readonly name = "TvsLinkError";
  constructor(
    override readonly cause: unknown,
    readonly wantsCertificate: boolean | null,
  ) {
    super("TVS connection failed");
  }
}

type Reply<E extends TvsExchange> = E extends "query" ? TvsQueryResponse : TvsVerifyResponse;

export class TvsConnection {
  readonly link: TvsLink;
  readonly #socket: TLSSocket;
  readonly #reader = new TvsFrameReader();
  #waiting: { resolve(message: TvsMessage): void; reject(error: unknown): void } | null = null;
  #ended: unknown = null;

  private constructor(socket: TLSSocket, wantsCertificate: boolean | null) {
    this.#socket = socket;
    this.link = {
      protocol: socket.getProtocol() ?? "TLS",
      cipher: socket.getCipher()?.standardName ?? "",
      wantsCertificate,
    };
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#end(codeOf(error) === "ECONNRESET" ? closed() : error));
    socket.on("end", () => this.#end(closed()));
    socket.on("close", () => this.#end(closed()));
  }

  /** @throws TvsLinkError with what {@link connectVerified} threw. */
  static async open(target: TlsTarget, signal: AbortSignal): Promise<TvsConnection> {
    let wants: boolean | null = null;
    const observe = (socket: TLSSocket) => {
      wants = askedForCertificate(socket) ?? wants;
    };
    try {
      return new TvsConnection(await connectVerified({ ...target, observe }, signal), wants);
    } catch (cause) {
      // Some end the handshake without an alert when they dislike the certificate that they asked for.
      const hungUp = wants && ["ECONNRESET", "EPIPE"].includes(codeOf(cause));
      throw new TvsLinkError(hungUp ? closed() : cause, wants);
    }
  }

  /** Whether a further question can be tried. */
  get isOpen(): boolean {
    return this.#ended === null;
  }

  /**
   * One question at a time.
   * @throws TvsLinkError with SilentEnd, TvsMessageError, what the socket threw, or the signal's reason
   */
  async ask<E extends TvsExchange>(
    exchange: E,
    asked: Certificate,
    deviceName: string,
    signal: AbortSignal,
  ): Promise<Reply<E>> {
    const session = randomBytes(4).readUInt32BE();
    const frame = { session, deviceName };
    const request: TvsMessage =
      exchange === "query"
        ? {
            type: "query-request",
            ...frame,
            subject: asked.subject,
            issuer: asked.issuer,
            serial: asked.serial,
          }
        : { type: "verify-request", ...frame, certificate: asked.der };
    try {
      return checked(await this.#exchange(encodeTvsMessage(request), signal), exchange, session);
    } catch (cause) {
      throw new TvsLinkError(cause, this.link.wantsCertificate);
    }
  }

  close(): void {
    this.#end(closed());
    this.#socket.on("error", () => {});
    this.#socket.destroy();
  }

  #exchange(request: Buffer, signal: AbortSignal): Promise<TvsMessage> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      const stop = () => this.#end(signal.reason);
      const done = () => {
        signal.removeEventListener("abort", stop);
        this.#waiting = null;
      };
      this.#waiting = {
        resolve: (message) => {
          done();
          resolve(message);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#socket.write(request);
    });
  }

  #read(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) {
        if (this.#waiting === null) throw new TvsMessageError(0, "one answer to a question", "another");
        this.#waiting.resolve(message);
      }
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    this.#waiting?.reject(error);
  }
}

function closed(): SilentEnd {
  return new SilentEnd("closed without an answer");
}

const ANSWERS = { query: "query-response", verify: "verify-response" } as const;

function checked<E extends TvsExchange>(message: TvsMessage, exchange: E, session: number): Reply<E> {
  if (message.type !== ANSWERS[exchange])
    throw new TvsMessageError(2, `an answer to a ${exchange} request`, message.type);
  if (message.session !== session)
    throw new TvsMessageError(4, "the session id of the question", `${message.session}`);
  return message as Reply<E>;
}
