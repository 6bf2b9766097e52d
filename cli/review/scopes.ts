/** Option 150 of each scope, before and after, and who puts it back. */
import { type Gap, type Paths, type Place, pathOf, type ScopeFinding, type ScopeReview } from "./model";
import {
  type Change,
  compare,
  listOf,
  objectOf,
  type ReviewedPlan,
  textOf,
  textsOf,
  type Values,
  withoutKeys,
} from "./plan-json";

export interface ScopesReview {
  readonly scopes: readonly ScopeReview[];
  readonly guards: readonly Place[];
  readonly gaps: readonly Gap[];
}

export function scopes(plan: ReviewedPlan, paths: Paths, waveOf: ReadonlyMap<string, string>): ScopesReview {
  const managed = plan.changes.filter(({ mode }) => mode === "managed");
  const guards = managed.filter(({ type, after }) => type === "dhcp_scope_guard" && after !== null);
  const guarded = new Set(
    guards.flatMap(({ after }) => listOf(after?.scopes).map((one) => placeKey(objectOf(one)))),
  );
  const gaps: Gap[] = [];
  const found = managed
    .filter(({ type }) => type === "dhcp_option_150")
    .map((change) => {
      const unknown = ["serve", "source_addresses", "destination_addresses"].filter(
        (name) => change.unknown[name] === true,
      );
      if (unknown.length > 0)
        gaps.push({
          policy: "unknown",
          sentence: `${unknown.join(", ")} of ${change.address} is known only at apply: what the scope will answer is not told here.`,
        });
      return scopeReview(change, paths, waveOf, guarded);
    });
  return {
    scopes: found,
    guards: guards.map(({ address }) => ({ address, path: pathOf(paths, address) })),
    gaps,
  };
}

const placeKey = ({ server, scope }: Values) => `${textOf(server)} ${scopeWords(scope)}`;

function scopeReview(
  { address, before, after, actions, unknown }: Change,
  paths: Paths,
  waveOf: ReadonlyMap<string, string>,
  guarded: ReadonlySet<string>,
): ScopeReview {
  const now = objectOf(after ?? before);
  const served = before === null ? after : before;
  return {
    address,
    path: pathOf(paths, address),
    server: textOf(now.server),
    scope: scopeWords(now.scope),
    wave: waveOf.get(withoutKeys(address)) ?? null,
    action: actionOf(before, after, actions),
    serves: { before: textOf(before?.serve) || null, after: textOf(after?.serve) || null },
    // What the device showed goes before what is declared: that is what phones are told now.
    before: Array.isArray(served?.observed) ? textsOf(served.observed) : null,
    after: after === null ? null : answerOf(after, unknown),
    guarded: guarded.has(placeKey(now)),
    findings: listOf(now.findings).map(objectOf).map(findingOf),
  };
}

function actionOf(
  before: Values | null,
  after: Values | null,
  actions: readonly string[],
): ScopeReview["action"] {
  if (actions.includes("no-op")) return "none";
  if (after === null) return "delete";
  if (before === null) return "create";
  return before.serve === after.serve ? "update" : "switch";
}

/** Also a scope that is new and told phones something else until now. */
export const switches = (scope: ScopeReview): boolean => scope.action === "switch" || isNewSwitch(scope);

/**
 * A third value is left alone by one that serves the
 * source, and refuses the plan of one that serves the destination.
 */
export const isNewSwitch = ({ action, before, after, findings }: ScopeReview): boolean =>
  action === "create" &&
  before !== null &&
  after !== null &&
  JSON.stringify(before) !== JSON.stringify(after) &&
  !findings.some(({ kind }) => kind === "third-value");

/** Null while it is not known. */
function answerOf({ serve, source_addresses, destination_addresses }: Values, unknown: Values) {
  const [addresses, mark] =
    serve === "destination"
      ? [destination_addresses, unknown.destination_addresses]
      : [source_addresses, unknown.source_addresses];
  if (mark === true || unknown.serve === true) return null;
  return textsOf(addresses);
}

export const findingOf = ({ kind, severity, scope, value, advice }: Values): ScopeFinding => ({
  kind: textOf(kind),
  severity: textOf(severity),
  scope: textOf(scope),
  value: textOf(value),
  advice: textOf(advice),
});

/** As sentences of the provider name it. */
export function scopeWords(scope: unknown): string {
  const { subnet, pool, shared_network, global, phone } = objectOf(scope);
  if (global === true) return "the global options";
  if (textOf(shared_network) !== "") return `shared network ${textOf(shared_network)}`;
  const within = `subnet ${textOf(subnet) || "(not known)"}`;
  if (textOf(pool) !== "") return `pool ${textOf(pool)} of ${within}`;
  return textOf(phone) === "" ? within : `phone ${textOf(phone)} in ${within}`;
}

/** Worst first; what stops a move, then what phones may not see. */
export const bySeverity = (a: ScopeFinding, b: ScopeFinding) =>
  rank(a.severity) - rank(b.severity) || compare(a.kind, b.kind) || compare(a.scope, b.scope);
const rank = (severity: string) => ["error", "warning", "info"].indexOf(severity);
