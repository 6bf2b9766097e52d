import type { Change, Operation, Reading, Scope } from "./backend";

/** One caller's change, and where its outcome goes. */
export interface Job {
  readonly scope: Scope;
  readonly change: Change;
  readonly op: Operation;
  readonly resolve: (reading: Reading) => void;
  readonly reject: (error: unknown) => void;
}
