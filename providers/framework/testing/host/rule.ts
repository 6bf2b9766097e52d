import { showPath } from "../../schema/path";
import type { AttributePath } from "../../schema/value";

/**
 * What Terraform and OpenTofu demand of a provider's answers, after the public "Resource Instance Change Lifecycle"
 * and "Wire Format Mapping" documents (https://github.com/hashicorp/terraform/tree/main/docs). Core's own messages
 * say which provider is wrong, and not which rule it broke; the host names the rule.
 */
export const RULES = {
  "schema-valid": "a schema uses the names and the combinations of options that core knows",
  "answers-with-diagnostics": "whatever goes wrong is a diagnostic, never a failed call",
  "type-conforms": "an object has exactly the attributes of the schema, each with a value of its type",

  "plan-takes-configuration": "a configured value is planned as it is configured, or as it was before",
  "plan-keeps-unknown": "a value that is configured and not known yet stays unknown in the plan",
  "plan-null-unless-computed": "an attribute that is neither configured nor computed is planned as null",
  "plan-keeps-elements": "a nested attribute is planned with the elements that are configured",
  "plan-keeps-object": "the plan of a create or update has an object",
  "plan-of-destroy-is-null": "the plan of a destroy is null",
  "replace-path-exists": "a path that requires replacement is in the prior or in the planned object",
  "write-only-null": "a write-only attribute is null in every plan and state",

  "final-plan-agrees": "the plan made at apply repeats every value that was known in the first one",
  "final-plan-same-action": "the plan made at apply does what was planned first, or nothing",

  "apply-keeps-plan": "what was known when it was planned comes out of apply unchanged",
  "apply-keeps-elements": "a collection comes out of apply with the elements that were planned",
  "apply-keeps-object": "a create or update without error returns an object",
  "apply-knows-everything": "no value is unknown after apply",
  "delete-returns-null": "a delete without error returns null",

  "read-knows-everything": "no value is unknown in a state that was read",
  "import-returns-object": "an import returns one object that is there",
  "data-returns-object": "a data source returns an object",
  "data-knows-everything": "a data source returns known values only",

  // Not core's: it takes these in good faith, and the user pays for it with wrong references or endless plans.
  "import-same-type": "an import returns an object of the type that was asked for",
  "data-takes-configuration": "a data source returns what was configured unchanged",
  settles: "a plan right after an apply has no changes",
  "read-is-stable": "reading twice gives the same state and the same private data",
  "import-restores": "an imported object is the one that was there, and needs no change",
  "disappearance-is-seen": "an object that is gone is planned for creation",
  "drift-is-seen": "a change behind the provider's back shows in what it reads",
  "move-returns-object": "a move answers with an object of the new type, or with an error",
  "move-needs-no-change": "what was moved from another type needs no change",
  "upgrade-needs-no-change": "a state from an older version means the same after its upgrade",

  "shuts-down": "the process ends within two seconds of Shutdown",
  "handshake-valid": "the first line on stdout is the handshake",
} as const;

export type RuleName = keyof typeof RULES;

/** A place where a rule is broken, found by one of the checks. */
export interface Breach {
  readonly rule: RuleName;
  readonly path: AttributePath;
  /** What was found. */
  readonly found: string;
}

/** The provider broke a rule. The message names the rule, the call, the place and what was found there. */
export class BrokenRule extends Error {
  override readonly name = "BrokenRule";
  readonly rule: RuleName;

  constructor(
    /** `plan of file_text`. */
    readonly where: string,
    readonly breaches: readonly Breach[],
  ) {
    super(breaches.map((breach) => sentence(where, breach)).join("\n"));
    this.rule = breaches[0]!.rule;
  }
}

const sentence = (where: string, { rule, path, found }: Breach) =>
  `${where}${path.length > 0 ? `, "${showPath(path)}"` : ""}: ${found}. The rule: ${RULES[rule]} (${rule}).`;

/** @throws a {@link BrokenRule} when there are breaches. */
export function demand(where: string, breaches: readonly Breach[]): void {
  if (breaches.length > 0) throw new BrokenRule(where, breaches);
}
