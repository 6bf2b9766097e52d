/** A wire that keeps what goes over it. What it keeps is raw, and leaves this process only through redaction. */
import type { Certificate } from "../../../trust/certificate";
import type { TvsAnswer } from "../cluster/cluster";
import { ClusterError } from "../cluster/cluster";
import { codeOf } from "../cluster/failure";
import type { HttpAnswer, HttpRequest } from "../cluster/transports/http";
import type { Wire } from "../cluster/transports/wire";

export type RawAnswer =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "http";
      readonly status: number;
      readonly type: string;
      readonly location: string | null;
      readonly body: Buffer;
    }
  | { readonly kind: "tvs"; readonly answer: TvsAnswer }
  /** It was not answered; `code` of a socket or of a ClusterError. */
  | { readonly kind: "failed"; readonly code: string; readonly words: string };

export interface RawExchange {
  readonly address: string;
  readonly transport: string;
  readonly request: string;
  /** The certificate that TVS was asked about. */
  readonly about: Certificate | null;
  readonly answer: RawAnswer;
}

export class Recorder {
  readonly exchanges: RawExchange[] = [];

  /** Does what `inner` does. */
  recording(inner: Wire): Wire {
    return {
      http: (address, target, sockets) => {
        const channel = inner.http(address, target, sockets);
        const transport = target.service.replace(/ \(TCP \d+\)$/, "");
        return {
          send: (request, signal) =>
            this.#keep(
              address,
              transport,
              requestText(request),
              null,
              () => channel.send(request, signal),
              heard,
            ),
          close: () => channel.close(),
        };
      },
      cli: (target, log) => {
        const channel = inner.cli(target, log);
        return {
          run: (command, signal) =>
            this.#keep(
              target.endpoint.address,
              "CLI",
              command.line,
              null,
              () => channel.run(command, signal),
              (text) => ({ kind: "text", text }),
            ),
          close: () => channel.close(),
        };
      },
      tvs: (at, options, log) => {
        const channel = inner.tvs(at, options, log);
        return {
          ask: (asked, sha256, signal) =>
            this.#keep(
              at.address,
              "TVS",
              "query",
              asked,
              () => channel.ask(asked, sha256, signal),
              (answer) => ({ kind: "tvs", answer }),
            ),
        };
      },
    };
  }

  async #keep<T>(
    address: string,
    transport: string,
    request: string,
    about: Certificate | null,
    ask: () => Promise<T>,
    read: (answer: T) => RawAnswer,
  ): Promise<T> {
    const keep = (answer: RawAnswer) => this.exchanges.push({ address, transport, request, about, answer });
    try {
      const answer = await ask();
      keep(read(answer));
      return answer;
    } catch (error) {
      keep(failed(error));
      throw error;
    }
  }
}

/** Cookies and other headers are left out: they are secrets. */
const heard = ({ status, headers, body }: HttpAnswer): RawAnswer => ({
  kind: "http",
  status,
  type: headers["content-type"] ?? "",
  location: headers.location ?? null,
  body,
});

const failed = (error: unknown): RawAnswer =>
  error instanceof ClusterError
    ? { kind: "failed", code: error.kind, words: `${error.summary}: ${error.detail}` }
    : { kind: "failed", code: codeOf(error) || (error instanceof Error ? error.name : "error"), words: "" };

/** Without headers, and of bodies only XML: a form may carry a password. */
export function requestText({ method, path, body = "" }: HttpRequest): string {
  return body.startsWith("<?xml") ? `${method} ${path}\n${body}` : `${method} ${path}`;
}
