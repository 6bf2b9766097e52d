import { DhcpError, type DhcpErrorKind } from "../backend";

/** Errors of one device, in words. */
export class Failures {
  constructor(
    readonly server: string,
    readonly label: string,
  ) {}

  error(kind: DhcpErrorKind, what: string, detail: string): DhcpError {
    return new DhcpError(
      this.server,
      `DHCP server "${this.server}" ${what}`,
      `${this.label}: ${detail}`,
      kind,
    );
  }
  unreachable(cause: unknown): DhcpError {
    return this.error("unreachable", "cannot be reached", reason(cause));
  }
  timeout(ms: number): DhcpError {
    return this.error("timeout", "does not answer", `no answer within ${ms / 1000} s`);
  }
  cancelled(): DhcpError {
    return this.error("cancelled", "was not asked to the end", "the operation was cancelled");
  }
  tooLong(most: number): DhcpError {
    return this.error("answer", "answers too much", `the answer is longer than ${most / 1024 / 1024} MiB`);
  }
}

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: "nobody listens there: is `ip http secure-server` configured",
  ENOTFOUND: "the host name is not known",
  EHOSTUNREACH: "there is no way to it",
};

/** The system's error code and what it means here; never its message, which may quote what was sent. */
export function reason(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return "the connection failed";
  return REASONS[code] ? `${REASONS[code]} (${code})` : `the connection failed (${code})`;
}
