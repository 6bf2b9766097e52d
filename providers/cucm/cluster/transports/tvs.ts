/** Asks a node's Trust Verification Service about a certificate, as a phone does (TCP 2445, TLS). */
import { randomBytes } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { Certificate } from "../../../../trust/certificate";
import {
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  TvsMessageError,
  type TvsQueryResponse,
  TvsStatus,
} from "../../../../trust/tvs-message";
import { Gate, type RetryPolicy, retry, withDeadline } from "../budget";
import type { TvsAnswer } from "../cluster";
import { asClusterError, codeOf, type Endpoint, failure, messageOf } from "../failure";
import type { Log } from "../log";
import type { Cryptography } from "./cryptography";
import { connectVerified } from "./verified-tls";

export interface TvsOptions {
  readonly port: number;
  readonly cryptography: Cryptography;
  /** Shown to a TVS that asks for it. */
  readonly client: { readonly cert: string; readonly key: string } | null;
  readonly timeoutMs: number;
}

/** A phone gives its name; TVS logs it. */
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
    const started = Date.now();
    // A TVS that is just going down hangs up, too: only who does it again means us.
    const answer = await retry(
      HANG_UPS,
      signal,
      (error) => error instanceof SilentEnd,
      () => this.#gate.run(signal, () => this.#ask(asked, sha256, signal)),
    ).catch((error) => {
      throw this.#explain(error);
    });
    this.log(`TVS: ${asked.subject} serial ${asked.serial}`, {
      address: this.at.address,
      status: answer.status,
      roles: answer.roles?.join(",") ?? null,
      ms: Date.now() - started,
    });
    return this.#read(answer);
  }

  #ask(asked: Certificate, sha256: readonly string[], signal: AbortSignal): Promise<TvsQueryResponse> {
    const { port, cryptography, client, timeoutMs } = this.options;
    return withDeadline(timeoutMs, signal, async (inner) => {
      const socket = await connectVerified(
        {
          endpoint: this.at,
          port,
          service: this.#service,
          proof: { kind: "pin", sha256, whose: "the node's own TVS certificate" },
          cryptography,
          client,
        },
        inner,
      );
      const session = randomBytes(4).readUInt32BE();
      const request = encodeTvsMessage({
        type: "query-request",
        session,
        deviceName: DEVICE_NAME,
        subject: asked.subject,
        issuer: asked.issuer,
        serial: asked.serial,
      });
      try {
        return checked(await exchange(socket, request, inner), session);
      } finally {
        socket.on("error", () => {});
        socket.destroy();
      }
    });
  }

  #read(answer: TvsQueryResponse): TvsAnswer {
    if (answer.status === TvsStatus.INVALID) return { kind: "unknown" };
    const odd = (what: string) =>
      failure(this.at, "answer", `${this.#service} of ${this.at.address} answers oddly`, `${what}.`);
    if (answer.status !== TvsStatus.VALID || answer.certificate === undefined)
      throw odd(`status ${answer.status}`);
    let certificate: Certificate;
    try {
      certificate = Certificate.fromDer(answer.certificate);
    } catch (error) {
      throw odd(`its certificate cannot be read (${messageOf(error)})`);
    }
    return { kind: "vouched", certificate, roles: answer.roles ?? [], timeToLive: answer.timeToLive ?? 0 };
  }

  #explain(error: unknown) {
    const code = codeOf(error);
    if (error instanceof TvsMessageError) {
      return failure(
        this.at,
        "answer",
        `${this.#service} of ${this.at.address} speaks no TVS`,
        `${error.message}.`,
      );
    }
    const alert =
      /ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA)/.exec(
        code,
      );
    if (alert || error instanceof SilentEnd) {
      const without = this.options.client === null;
      return failure(
        this.at,
        "refused",
        without
          ? `${this.#service} of ${this.at.address} refuses a client without a certificate`
          : `${this.#service} of ${this.at.address} refuses our client certificate`,
        without
          ? `This TVS demands a client certificate (${code || "it closed the connection unanswered"}): set tvs_client_certificate_file and tvs_client_key_file to one that it trusts, such as a phone's LSC.`
          : `It ended the connection (${code || "unanswered"}): the certificate of tvs_client_certificate_file is not one that it trusts.`,
      );
    }
    return asClusterError(this.at, this.#service, error);
  }
}

class SilentEnd extends Error {
  override readonly name = "SilentEnd";
}

/** The first message that comes back. */
function exchange(socket: TLSSocket, request: Buffer, signal: AbortSignal): Promise<TvsMessage> {
  return new Promise((resolve, reject) => {
    const reader = new TvsFrameReader();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    socket.on("data", (chunk: Buffer) => {
      try {
        const [message] = reader.push(chunk);
        if (message !== undefined) resolve(message);
      } catch (error) {
        reject(error);
      }
    });
    const end = () => reject(new SilentEnd("closed without an answer"));
    socket.on("error", (error) => (codeOf(error) === "ECONNRESET" ? end() : reject(error)));
    socket.on("end", end);
    socket.on("close", end);
    socket.write(request);
  });
}

function checked(message: TvsMessage, session: number): TvsQueryResponse {
  if (message.type !== "query-response") {
    throw new TvsMessageError(2, "an answer to a query", message.type);
  }
  if (message.session !== session)
    throw new TvsMessageError(4, "the session id of the query", `${message.session}`);
  return message;
}
