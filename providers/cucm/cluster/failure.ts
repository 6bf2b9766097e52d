/** From whatever a socket, a server or a signal threw to one sentence a voice engineer can act on. */
import { DeadlineError } from "./budget";
import { ClusterError } from "./cluster";
import { linesToSet } from "./lines-to-set";
import { LEGACY_LINE } from "./plausible";

/** One node as the transports see it. */
export interface Endpoint {
  readonly cluster: string;
  readonly address: string;
  /** What a CA-signed certificate may call it, besides the address. */
  readonly names: readonly string[];
}

export type FailureKind = ClusterError["kind"];

export function failure(at: Endpoint, kind: FailureKind, summary: string, detail: string): ClusterError {
  return new ClusterError(at.cluster, at.address, summary, detail, kind);
}

const UNREACHABLE: { readonly [code: string]: string } = {
  ECONNREFUSED: "Nothing listens there (is the service activated and running?)",
  ECONNRESET: "The connection was reset (a firewall, or the service or the node is being restarted)",
  EPIPE: "The connection was closed (a firewall, or the service or the node is being restarted)",
  EHOSTUNREACH: "No route to the host",
  ENETUNREACH: "No route to the network",
  EHOSTDOWN: "The host is down",
  ETIMEDOUT: "The connection timed out (a firewall, or the host is down)",
  ENOTFOUND: "The name cannot be resolved",
  EAI_AGAIN: "The name server does not answer",
  ECONNABORTED: "The connection was aborted",
};

export function codeOf(error: unknown): string {
  return property(error, "code");
}

export function messageOf(error: unknown): string {
  return property(error, "message") || String(error);
}

// Not `instanceof Error`: what Node's own modules throw need not come from this realm.
function property(error: unknown, name: "code" | "message" | "name"): string {
  if (typeof error !== "object" || error === null || !(name in error)) return "";
  const value = (error as { [key: string]: unknown })[name];
  return typeof value === "string" ? value : "";
}

/**
 * @param service what was talked to, e.g. `AXL (TCP 8443)`: it goes into the title
 */
export function asClusterError(at: Endpoint, service: string, error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  if (error instanceof DeadlineError) {
    return failure(
      at,
      "timeout",
      `${service} of ${at.address} does not answer`,
      `${error.message}. Is it overloaded, or a firewall in between?`,
    );
  }
  if (isAbort(error)) {
    return failure(
      at,
      "cancelled",
      `${service} of ${at.address} was not waited for`,
      "The run was cancelled.",
    );
  }
  const code = codeOf(error);
  const message = messageOf(error);
  if (UNREACHABLE[code]) {
    return failure(at, "unreachable", `Cannot reach ${service} of ${at.address}`, `${UNREACHABLE[code]}.`);
  }
  const old = (protocol: string, offers: string, what: string) =>
    failure(
      at,
      "refused",
      `No ${protocol} with ${service} of ${at.address}`,
      `The handshake failed (${what}). An old release may offer only ${offers}. ${linesToSet(at.cluster, [LEGACY_LINE])}`,
    );
  if (/ssl|tls/i.test(code)) return old("TLS", "TLS 1.0 or weak ciphers", code);
  // What ssh2 throws when nothing is common to both sides has no code.
  if (/^handshake failed: no matching/i.test(message)) return old("session", "SHA-1 and CBC", message);
  return failure(
    at,
    "answer",
    `${service} of ${at.address} failed`,
    `${excerpt(message)}${code === "" ? "" : ` (${code})`}.`,
  );
}

export function isAbort(error: unknown): boolean {
  return property(error, "name") === "AbortError" || codeOf(error) === "ABORT_ERR";
}

/** The first characters of an answer, on one line, for a message. */
export function excerpt(text: string, length = 300): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > length ? `${line.slice(0, length)}...` : line;
}
