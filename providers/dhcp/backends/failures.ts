import { DhcpError, type DhcpErrorKind } from "./backend";

/** What a code of the system means for a kind of server. */
export interface Reasons {
  readonly [code: string]: string;
}

/** Errors of one server, in words. */
export class Failures {
  constructor(
    readonly server: string,
    readonly label: string,
    private readonly reasons: Reasons,
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
    return this.error("unreachable", "cannot be reached", this.reason(cause));
  }
  timeout(ms: number): DhcpError {
    return this.error("timeout", "does not answer", `no answer within ${ms / 1000} s`);
  }
  cancelled(): DhcpError {
    return this.error("cancelled", "was not asked to the end", "the operation was cancelled");
  }
  /** @param most bytes. */
  tooLong(most: number): DhcpError {
    return this.error("answer", "answers too much", `the answer is longer than ${most / 1024 / 1024} MiB`);
  }

  /** The system's error code and what it means here; never its message, which may quote what was sent. */
  reason(cause: unknown): string {
    const code = (cause as { code?: unknown } | null | undefined)?.code;
    if (typeof code !== "string") return "the connection failed";
    return this.reasons[code] ? `${this.reasons[code]} (${code})` : `the connection failed (${code})`;
  }
}
