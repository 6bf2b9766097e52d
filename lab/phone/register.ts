/** A phone's connection to a CallManager: TLS with its certificate, then the lab's registration lines. */
import type { TLSSocket } from "node:tls";
import type { Certificate } from "../../trust/certificate";
import {
  encodeMessage,
  LineReader,
  type NodeMessage,
  type PhoneMessage,
  parseNodeMessage,
} from "../registration";
import type { Endpoint } from "./config-file";
import type { Reason } from "./decide";
import { type ClientIdentity, connectTls, shownBy } from "./tls";

export type RegisterMessage = Extract<PhoneMessage, { type: "register" }>;
export type ResetKind = Extract<NodeMessage, { type: "reset" }>["kind"];

/** Why a registered phone is no more, or has to do something. */
export type SessionEvent =
  | { readonly kind: "reset"; readonly how: ResetKind }
  | { readonly kind: "lost"; readonly why: string };

export interface Session {
  readonly server: Endpoint;
  /** Resolves once. */
  readonly event: Promise<SessionEvent>;
  /** Says goodbye (unless the connection is gone) and closes. */
  close(statusReason: 8 | 34): Promise<void>;
}

export interface Refusal {
  readonly reason: Reason;
  readonly text: string;
}

export function register(
  server: Endpoint,
  hello: RegisterMessage,
  identity: ClientIdentity | null,
  isTrusted: (certificate: Certificate) => boolean,
  timeout: number,
): Promise<Session | Refusal> {
  return new Promise((resolve) => {
    const socket = connectTls(server, identity);
    const reader = new LineReader();
    let session: LiveSession | null = null;
    let trusted = false;
    const refuse = (reason: Reason, text: string) => {
      clearTimeout(timer);
      resolve({ reason, text });
      socket.destroy();
    };
    const timer = setTimeout(() => refuse("callmanager-unreachable", "no answer in time"), timeout);
    socket.on("error", (error) => {
      if (session !== null) session.end({ kind: "lost", why: error.message });
      else refuse(trusted ? "lsc-refused" : "callmanager-unreachable", error.message);
    });
    socket.on("close", () => {
      if (session !== null) session.end({ kind: "lost", why: "the CallManager closed the connection" });
      // Closed after the handshake without a word: as a TLS refusal of the client's certificate looks.
      else refuse(trusted ? "lsc-refused" : "callmanager-unreachable", "connection closed without a message");
    });
    socket.on("secureConnect", () => {
      if (!isTrusted(shownBy(socket))) {
        return refuse(
          "callmanager-not-in-lists",
          `${server.address} shows a certificate that is not in the list`,
        );
      }
      trusted = true;
      socket.write(encodeMessage(hello));
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const line of reader.push(chunk)) {
          const message = parseNodeMessage(line);
          if (message.type === "registered" && session === null) {
            clearTimeout(timer);
            session = new LiveSession(server, socket, message.keepalive);
            resolve(session);
          } else if (message.type === "refused")
            refuse("registration-refused", `${message.reason}: ${message.text}`);
          else if (message.type === "keepalive-ack") session?.heard();
          else if (message.type === "reset") session?.end({ kind: "reset", how: message.kind });
        }
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

class LiveSession implements Session {
  readonly event: Promise<SessionEvent>;
  private settle!: (event: SessionEvent) => void;
  private readonly timer: NodeJS.Timeout;
  private silent = 0;

  constructor(
    readonly server: Endpoint,
    private readonly socket: TLSSocket,
    keepalive: number,
  ) {
    this.event = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.timer = setInterval(() => {
      if (++this.silent > 3) return this.socket.destroy(new Error("no keepalive is answered"));
      this.socket.write(encodeMessage({ type: "keepalive" }));
    }, keepalive * 1000);
  }

  heard(): void {
    this.silent = 0;
  }

  end(event: SessionEvent): void {
    clearInterval(this.timer);
    this.settle(event);
  }

  async close(statusReason: 8 | 34): Promise<void> {
    clearInterval(this.timer);
    if (this.socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), 500);
      this.socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.socket.end(encodeMessage({ type: "unregister", statusReason }));
    });
  }
}
