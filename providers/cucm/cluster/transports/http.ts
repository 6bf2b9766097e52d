/** HTTP requests with a bounded answer, over verified TLS or (TFTP's port 6970) in clear. */
import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import { withDeadline } from "../budget";
import { codeOf } from "../failure";
import { connectVerified, type TlsTarget } from "./verified-tls";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Bytes of the answer that are accepted. */
  readonly limit: number;
  /** Whole exchange. */
  readonly timeoutMs: number;
  /** A write goes over a connection of its own: one that the server may just have closed leaves it in doubt. */
  readonly write?: boolean;
  /** Takes the body of a 200 as it comes; the answer's own is then empty. */
  readonly take?: (headers: http.IncomingHttpHeaders) => (chunk: Buffer) => void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The answer was larger than its limit; the connection was closed. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** Every connection that it makes is verified before a request is written to it. */
class VerifiedAgent extends https.Agent {
  constructor(
    private readonly target: TlsTarget,
    options: http.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(
    _options: http.ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    connectVerified(this.target, NEVER).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
  }
}
/** It has a deadline of its own; and a connection that one request no longer waits for serves the next. */
const NEVER = new AbortController().signal;

/** A server without TLS. */
export interface ClearTarget {
  readonly port: number;
  readonly clear: true;
  /** What it is, in a word. */
  readonly service: string;
}

/** One server. Idle connections are kept for the next request. */
export class HttpServer {
  readonly #kept: http.Agent;
  readonly #fresh: http.Agent;
  readonly #port: number;

  constructor(
    private readonly address: string,
    target: TlsTarget | ClearTarget,
    sockets: number,
  ) {
    this.#port = target.port;
    const keep = { keepAlive: true, maxSockets: sockets };
    this.#kept = "clear" in target ? new http.Agent(keep) : new VerifiedAgent(target, keep);
    this.#fresh = "clear" in target ? new http.Agent() : new VerifiedAgent(target, {});
    this.secure = !("clear" in target);
  }
  readonly secure: boolean;

  /** @throws what the socket or the verification threw, TooLargeError, DeadlineError, or the signal's reason. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return withDeadline(request.timeoutMs, signal, async (inner) => {
      try {
        return await this.#once(request, this.#agent(request), inner);
      } catch (error) {
        // A kept connection that the server closed in that very moment: nothing of ours was processed.
        if (request.write || inner.aborted || !(error instanceof StaleConnectionError)) throw error;
        return this.#once(request, this.#fresh, inner);
      }
    });
  }

  close(): void {
    this.#kept.destroy();
    this.#fresh.destroy();
  }

  #agent(request: HttpRequest): http.Agent {
    return request.write ? this.#fresh : this.#kept;
  }

  #once(request: HttpRequest, agent: http.Agent, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sent = (this.secure ? https : http).request({
        host: this.address,
        port: this.#port,
        method: request.method,
        path: request.path,
        headers: {
          ...request.headers,
          ...(request.body === undefined ? {} : { "Content-Length": Buffer.byteLength(request.body) }),
        },
        agent,
      });
      const stop = () => {
        sent.destroy();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
      // Whoever takes the parts as they come must not be given them again from the start.
      let taken: ((chunk: Buffer) => void) | undefined;
      const fail = (error: unknown) => {
        signal.removeEventListener("abort", stop);
        const stale =
          taken === undefined && sent.reusedSocket && ["ECONNRESET", "EPIPE"].includes(codeOf(error));
        reject(stale ? new StaleConnectionError("closed by the server", { cause: error }) : error);
      };
      sent.on("error", fail);
      sent.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        taken = response.statusCode === 200 ? request.take?.(response.headers) : undefined;
        const keep = taken ?? ((chunk: Buffer) => void chunks.push(chunk));
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size <= request.limit) return keep(chunk);
          sent.destroy();
          fail(new TooLargeError(`more than ${request.limit} bytes`));
        });
        response.on("error", fail);
        response.on("end", () => {
          signal.removeEventListener("abort", stop);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        });
      });
      sent.end(request.body);
    });
  }
}

class StaleConnectionError extends Error {
  override readonly name = "StaleConnectionError";
  readonly code = "ECONNRESET";
}
