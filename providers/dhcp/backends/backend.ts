/** One DHCP server (or a pair that must agree), as the resource sees it. Knows nothing of Terraform. */
import type { FindingKind } from "./finding-kinds";

/**
 * Where option 150 is kept. Not every kind of server has all of them: `DhcpError` kind "scope" says which it has.
 */
export type Scope =
  /** In CIDR form, e.g. `10.1.20.0/24`. */
  | { readonly kind: "subnet"; readonly subnet: string }
  /** First and last address, `10.1.20.10-10.1.20.99`. */
  | { readonly kind: "pool"; readonly subnet: string; readonly pool: string }
  | { readonly kind: "shared-network"; readonly network: string }
  | { readonly kind: "global" }
  /** One phone's own: `02:00:00:00:00:42`, in lower case. */
  | { readonly kind: "reservation"; readonly subnet: string; readonly mac: string };

/** As sentences name it. */
export function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case "subnet":
      return `subnet ${scope.subnet}`;
    case "pool":
      return `pool ${scope.pool} of subnet ${scope.subnet}`;
    case "shared-network":
      return `shared network ${scope.network}`;
    case "global":
      return "the global options";
    case "reservation":
      return `phone ${scope.mac} in subnet ${scope.subnet}`;
  }
}

/** An ordered list of IPv4 addresses, or "inherited": no option 150 at this scope. */
export type Answer = readonly string[] | "inherited";

export interface Finding {
  /** Stable. */
  readonly kind: FindingKind;
  readonly severity: "error" | "warning" | "info";
  /** Where, in words: `subnet 10.1.20.0/24 pool 10.1.20.10-10.1.20.99`. */
  readonly scope: string;
  /** What stands there; never a secret. */
  readonly value: string;
  /** What to do. */
  readonly advice: string;
}

export interface Reading {
  /** What the scope answers; while servers of a pair disagree, what the first of them answers. */
  readonly answer: Answer;
  /** What each server answers, in the order of the declaration; all equal unless a pair disagrees. */
  readonly answers: readonly Answer[];
  /** Sorted, without times or counters. */
  readonly findings: readonly Finding[];
  /**
   * What an undo needs to restore this scope's option 150 byte for byte on each server (the option-data entry and
   * its position, say). JSON text without secrets; opaque to the resource.
   */
  readonly original: string;
}

export interface Operation {
  readonly signal: AbortSignal;
  readonly progress?: (line: string) => void;
}

export interface DhcpBackend {
  readonly name: string;
  read(scope: Scope, op: Operation): Promise<Reading>;
  /**
   * Makes the scope answer `answer`. Test, compare with `expected` (what the plan saw on each server; a rival's
   * change is `DhcpError` kind "rival" with nothing written), set, read back; on failure the saved document goes
   * back at once. When `restore` (a `Reading.original`) means the same as `answer`, its exact spelling is
   * written. Nothing is written to a server that already answers so.
   */
  apply(scope: Scope, change: Change, op: Operation): Promise<Reading>;
  close(): Promise<void>;
}

export interface Change {
  readonly answer: Answer;
  readonly expected: readonly Answer[];
  readonly restore?: string | undefined;
  /**
   * When it is changed but cannot be saved for the next restart: undo it ("refused"), or keep it ("unsaved"); an error
   * either way.
   */
  readonly unsaved: "undo" | "keep";
  /** An earlier change was kept unsaved: save what the server has, also when nothing is written. */
  readonly save?: boolean;
}

/** The same addresses in the same order: phones ask the first one first. */
export const sameAnswer = (a: Answer, b: Answer): boolean =>
  a === "inherited" || b === "inherited"
    ? a === b
    : a.length === b.length && a.every((address, i) => address === b[i]);

export class DhcpError extends Error {
  override readonly name = "DhcpError";
  /** Whole sentences. */
  readonly detail: string;

  constructor(
    readonly server: string,
    readonly summary: string,
    detail: string,
    readonly kind: DhcpErrorKind,
  ) {
    const sentences = /[.!?]$/.test(detail) ? detail : `${detail}.`;
    super(`${summary}: ${sentences}`);
    this.detail = sentences;
  }
}

/** Nothing but the network is to blame: nothing was changed, and asking again later may work. */
export const isUnreachable = (error: unknown): error is DhcpError =>
  error instanceof DhcpError && (error.kind === "unreachable" || error.kind === "timeout");

export type DhcpErrorKind =
  | "unreachable"
  /** The server did not prove who it is. */
  | "identity"
  | "credentials"
  /** What came back is not an answer of such a server. */
  | "answer"
  | "refused"
  /** Nobody can say that the server is as it was before: no part of the change is tried again in this run. */
  | "broken"
  /** Changed, or changed back, but what a restart brings back is something else. */
  | "unsaved"
  /** Failed, not undone, and not saved either, where the server saves: what it serves may be ours or not. */
  | "left"
  | "rival"
  /** There is no such scope on the server. */
  | "scope"
  | "timeout"
  | "cancelled";
