import type { Json } from "../schema/value";
import type { CoreDiagnostic } from "./run";

/** A plan, as `show -json` prints it (https://developer.hashicorp.com/terraform/internals/json-format). */

export type Action = "no-op" | "create" | "read" | "update" | "delete" | "replace" | "forget";

export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: { readonly [name: string]: Json } | null;
    readonly after: { readonly [name: string]: Json } | null;
    /** `true` wherever the value will be known only after apply. */
    readonly after_unknown: { readonly [name: string]: Json };
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id: string };
  };
}

export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: { readonly [name: string]: { readonly actions: readonly string[] } };
  readonly [other: string]: unknown;
}

export class Plan {
  constructor(
    readonly json: PlanJson,
    /** Warnings: a plan with errors is none. */
    readonly diagnostics: readonly CoreDiagnostic[],
    /** The plan file, for `apply`. */
    readonly file: string,
  ) {}

  /** Address -> what would be done; data sources that were read while planning are not in a plan. */
  get actions(): { readonly [address: string]: Action } {
    return Object.fromEntries(
      (this.json.resource_changes ?? []).map(({ address, change }) => [address, actionOf(change.actions)]),
    );
  }

  /** What would happen to a resource. @throws when the plan does not mention it. */
  change(address: string): ResourceChange["change"] {
    const found = this.json.resource_changes?.find((change) => change.address === address);
    if (!found) {
      throw new Error(
        `The plan has no ${address}; it has ${Object.keys(this.actions).join(", ") || "nothing"}.`,
      );
    }
    return found.change;
  }

  /** The addresses of what somebody changed behind our back. */
  get drift(): readonly string[] {
    return (this.json.resource_drift ?? []).map(({ address }) => address);
  }
}

const actionOf = (actions: readonly string[]): Action =>
  actions.length > 1 ? "replace" : (actions[0] as Action);
