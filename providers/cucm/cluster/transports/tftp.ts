/** What a node's TFTP service serves, over HTTP on port 6970, as phones fetch it (no credentials, no TLS). */
import { Gate, RETRY, retry } from "../budget";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import type { Log } from "../log";
import { TooLargeError } from "./http";
import { type HttpChannel, WIRE, type Wire } from "./wire";

const FILE_LIMIT = 1024 * 1024;
const CONCURRENCY = 4;

export class Tftp {
  readonly #http: HttpChannel;
  readonly #gate = new Gate(CONCURRENCY);
  readonly #service: string;
  constructor(
    private readonly at: Endpoint,
    port: number,
    private readonly timeoutMs: number,
    private readonly log: Log,
    wire: Wire = WIRE,
  ) {
    this.#http = wire.http(at.address, { port, clear: true, service: "TFTP" }, CONCURRENCY);
    this.#service = `TFTP over HTTP (TCP ${port})`;
  }

  /** null when it has no such file (HTTP 404). */
  async file(name: string, signal: AbortSignal): Promise<Buffer | null> {
    try {
      return await retry(
        RETRY,
        signal,
        (error) => error instanceof SearchingError,
        () => this.#gate.run(signal, () => this.#get(name, signal)),
      );
    } catch (error) {
      if (error instanceof TooLargeError || error instanceof SearchingError) {
        throw failure(
          this.at,
          error instanceof TooLargeError ? "answer" : "timeout",
          `${this.#service} of ${this.at.address} does not deliver ${name}`,
          `${error.message}.`,
        );
      }
      throw asClusterError(this.at, this.#service, error);
    }
  }

  close(): void {
    this.#http.close();
  }

  async #get(name: string, signal: AbortSignal): Promise<Buffer | null> {
    const started = Date.now();
    const { status, body } = await this.#http.send(
      { method: "GET", path: `/${encodeURIComponent(name)}`, limit: FILE_LIMIT, timeoutMs: this.timeoutMs },
      signal,
    );
    this.log(`TFTP: ${name}`, {
      address: this.at.address,
      status,
      bytes: body.length,
      ms: Date.now() - started,
    });
    if (status === 200) return body;
    if (status === 404) return null;
    // A proxy TFTP that is still searching other servers.
    if (status === 503) throw new SearchingError("HTTP 503 again and again");
    throw failure(
      this.at,
      "answer",
      `${this.#service} of ${this.at.address} does not deliver ${name}`,
      `HTTP ${status}: ${excerpt(body.toString("utf8")) || "(empty)"}`,
    );
  }
}

class SearchingError extends Error {
  override readonly name = "SearchingError";
}
