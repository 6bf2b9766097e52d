/** One DHCP server (or a pair that must agree), as the resource sees it. Knows nothing of Terraform. */

/** Where option 150 is kept. The first backend knows subnets; pool, network, global and reservation come later. */
export type Scope = { readonly kind: "subnet"; readonly subnet: string };

/** An ordered list of IPv4 addresses, or "inherited": no option 150 at this scope. */
export type Answer = readonly string[] | "inherited";

export interface Finding {
  /** The kind, stable, e.g. `shadowed`, `definition-not-array`, `never-send`, `third-value`. */
  readonly kind: string;
  readonly severity: "error" | "warning" | "info";
  /** Where, in words: `subnet 10.1.20.0/24 pool 10.1.20.10-10.1.20.99`. */
  readonly scope: string;
  /** What stands there; never a secret. */
  readonly value: string;
  /** What to do. */
  readonly advice: string;
}

export interface Reading {
  readonly answer: Answer;
  /** Sorted, without times or counters. */
  readonly findings: readonly Finding[];
  /**
   * What an undo needs to restore this scope's option 150 byte for byte (the option-data entry and its position,
   * say). JSON text without secrets; opaque to the resource.
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
   * Makes the scope answer `answer`. Test, compare with `expected` (what the plan saw; a rival's change is
   * `DhcpError` kind "rival" with nothing written), set, read back; on failure the saved document goes back at
   * once. When `restore` is given and means the same as `answer`, that exact entry is written.
   */
  apply(
    scope: Scope,
    change: { readonly answer: Answer; readonly expected: Answer; readonly restore?: string },
    op: Operation,
  ): Promise<Reading>;
  close(): Promise<void>;
}

export class DhcpError extends Error {
  override readonly name = "DhcpError";
  constructor(
    readonly server: string,
    readonly summary: string,
    readonly detail: string,
    readonly kind: "unreachable" | "identity" | "credentials" | "answer" | "refused" | "rival" | "scope" | "timeout" | "cancelled",
  ) {
    super(`${summary}: ${detail}`);
  }
}
