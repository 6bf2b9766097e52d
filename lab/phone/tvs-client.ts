/** One question to one TVS server: TLS with the phone's certificate, one message there, one back. */
import { Certificate } from "../../trust/certificate";
import { encodeTvsMessage, TvsFrameReader, TvsStatus } from "../../trust/tvs-message";
import type { Endpoint } from "./config-file";
import { type ClientIdentity, connectTls, shownBy } from "./tls";

export interface TvsQuestion {
  /** `CP-8861-SEP...` */
  readonly deviceName: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
}

export type TvsReply =
  | {
      readonly kind: "vouch";
      readonly certificate: Certificate;
      readonly roles: readonly number[];
      readonly timeToLive: number;
    }
  | { readonly kind: "miss" }
  /** The certificate that it showed is not the one of a TVS record of the ITL. */
  | { readonly kind: "not-in-itl"; readonly shown: Certificate }
  | { readonly kind: "unreachable"; readonly why: string };

/** As in the dumps of document 213407; one question a connection needs no other. */
const SESSION = 0x3e9;

export function askTvs(
  server: Endpoint,
  question: TvsQuestion,
  identity: ClientIdentity | null,
  isTrusted: (certificate: Certificate) => boolean,
  timeout: number,
): Promise<TvsReply> {
  return new Promise((resolve) => {
    // Phones speak to servers of any age.
    const socket = connectTls(server, identity, { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" });
    const reader = new TvsFrameReader();
    const done = (reply: TvsReply) => {
      resolve(reply);
      socket.destroy();
    };
    const timer = setTimeout(() => done({ kind: "unreachable", why: "no answer in time" }), timeout);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ kind: "unreachable", why: "connection closed without an answer" });
    });
    socket.on("error", (error) => done({ kind: "unreachable", why: error.message }));
    socket.on("secureConnect", () => {
      const shown = shownBy(socket);
      if (!isTrusted(shown)) return done({ kind: "not-in-itl", shown });
      socket.write(encodeTvsMessage({ type: "query-request", session: SESSION, ...question }));
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const message of reader.push(chunk)) {
          if (message.type !== "query-response" || message.session !== SESSION) continue;
          if (message.status !== TvsStatus.VALID || message.certificate === undefined)
            return done({ kind: "miss" });
          const certificate = Certificate.fromDer(message.certificate);
          done({
            kind: "vouch",
            certificate,
            roles: message.roles ?? [],
            timeToLive: message.timeToLive ?? 0,
          });
        }
      } catch (error) {
        done({ kind: "unreachable", why: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}
