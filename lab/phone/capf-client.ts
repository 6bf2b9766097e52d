/** One enrolment with CAPF: TLS, one message there, one back. */
import { Certificate } from "../../trust/certificate";
import { encodeCapfMessage, parseCapfAnswer } from "../capf";
import { LineReader } from "../registration";
import type { CapfReply, IsTrusted } from "./capf";
import type { Endpoint } from "./config-file";
import { type ClientIdentity, connectTls, shownBy } from "./tls";

export interface Enrolment {
  readonly device: string;
  /** Base64 of the SubjectPublicKeyInfo that the LSC is to be for. */
  readonly publicKey: string;
  /** What the phone shows; null: nothing. */
  readonly identity: ClientIdentity | null;
  readonly isTrusted: IsTrusted;
  /** Takes the new LSC, before the answer is told. */
  readonly install: (lsc: Certificate) => void;
}

/** @param timeout milliseconds */
export function askCapf(server: Endpoint, enrolment: Enrolment, timeout: number): Promise<CapfReply> {
  const { device, publicKey, identity, isTrusted, install } = enrolment;
  return new Promise((resolve) => {
    const socket = connectTls(server, identity);
    const reader = new LineReader();
    const done = (reply: CapfReply) => {
      clearTimeout(timer);
      resolve(reply);
      socket.destroy();
    };
    const timer = setTimeout(() => done({ kind: "unreachable", why: "no answer in time" }), timeout);
    socket.on("error", (error) => done({ kind: "unreachable", why: error.message }));
    socket.on("close", () => done({ kind: "unreachable", why: "connection closed without an answer" }));
    socket.on("secureConnect", () => {
      isTrusted(shownBy(socket)).then(
        (trusted) => {
          if (!trusted) return done({ kind: "not-in-lists" });
          socket.write(encodeCapfMessage({ type: "enrol", device, publicKey }));
        },
        (error: unknown) => done({ kind: "unreachable", why: String(error) }),
      );
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const line of reader.push(chunk)) {
          const answer = parseCapfAnswer(line);
          if (answer.type === "refused")
            return done({ kind: "refused", why: `${answer.reason}: ${answer.text}` });
          install(Certificate.fromDer(Buffer.from(answer.certificate, "base64")));
          return done({ kind: "issued" });
        }
      } catch (error) {
        done({ kind: "unreachable", why: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}
