import type { Action, Plan } from "./plan";
import { type CoreDiagnostic, CoreError } from "./run";

/** Assertions that say in the failure what the core really did. Independent of the test runner. */

export function expectNoChanges(plan: Plan): void {
  const changes = Object.entries(plan.actions).filter(([, action]) => action !== "no-op");
  const outputs = Object.entries(plan.json.output_changes ?? {}).filter(
    ([, { actions }]) => actions.join() !== "no-op",
  );
  if (changes.length + outputs.length === 0) return;
  const detail = changes.map(([address]) => JSON.stringify({ address, ...plan.change(address) }, null, 2));
  throw new Error(
    `Expected no changes, but the plan has ${JSON.stringify(Object.fromEntries([...changes, ...outputs]))}\n${detail.join("\n")}`,
  );
}

/** Exactly these actions, beside no-ops: address -> action. */
export function expectActions(plan: Plan, expected: { readonly [address: string]: Action }): void {
  const actions = Object.fromEntries(
    Object.entries(plan.actions).filter(([address, action]) => action !== "no-op" || address in expected),
  );
  const sorted = (of: object) => JSON.stringify(Object.entries(of).sort(), null, 2);
  if (sorted(actions) !== sorted(expected)) {
    throw new Error(`Expected the actions ${sorted(expected)}\nbut planned are ${sorted(actions)}`);
  }
}

/**
 * The command fails with an error whose summary or detail matches; with `attribute`, at that attribute's place in
 * the configuration. Yields the error.
 */
export async function expectError(
  command: Promise<unknown>,
  pattern: RegExp,
  attribute?: string,
): Promise<CoreDiagnostic> {
  const error = await command.then(
    () => {
      throw new Error(`Expected an error matching ${pattern}, but the command succeeded.`);
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof CoreError)) throw error;
  const found = asDiagnostics(error).find(({ summary, detail }) => pattern.test(`${summary}\n${detail}`));
  if (!found) throw new Error(`Expected an error matching ${pattern}, but: ${error.message}`);
  if (attribute !== undefined && !found.snippet?.code.includes(attribute)) {
    throw new Error(
      `Expected the error at the attribute "${attribute}", but it is at ${JSON.stringify(found.snippet ?? null)}.`,
    );
  }
  return found;
}

/** Commands without `-json` (import) print text, wrapped to the width of a terminal. */
const asDiagnostics = (error: CoreError): readonly CoreDiagnostic[] =>
  error.errors.length > 0
    ? error.errors
    : [{ severity: "error", summary: unwrap(error.output.stderr + error.output.stdout), detail: "" }];

const unwrap = (text: string) => text.replace(/[╷│╵]/g, " ").replace(/\s+/g, " ").trim();

/** A warning whose summary or detail matches. Yields it. */
export function expectWarning(
  of: { readonly diagnostics: readonly CoreDiagnostic[] },
  pattern: RegExp,
): CoreDiagnostic {
  const warnings = of.diagnostics.filter(({ severity }) => severity === "warning");
  const found = warnings.find(({ summary, detail }) => pattern.test(`${summary}\n${detail}`));
  if (found) return found;
  throw new Error(
    `Expected a warning matching ${pattern}; there are: ${warnings.map((w) => w.summary).join("; ") || "none"}.`,
  );
}
