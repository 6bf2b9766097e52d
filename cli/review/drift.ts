/** What others changed since the last deploy, apart from what this plan is meant to change. */
import { type Drift, type Paths, pathOf } from "./model";
import { isOwnShadow, type Pilot, pilotsOf } from "./pilots";
import { type Change, listOf, objectOf, type ReviewedPlan, textOf, textsOf, type Values } from "./plan-json";
import { findingOf } from "./scopes";

export function driftOf(plan: ReviewedPlan, paths: Paths): Drift[] {
  const pilots = pilotsOf(plan.changes);
  return plan.drift.flatMap((change) => {
    const what = sentences(change, pilots);
    if (what.length === 0) return [];
    const planned = plan.changes.find(({ address }) => address === change.address);
    return [
      {
        address: change.address,
        path: pathOf(paths, change.address),
        type: change.type,
        what,
        afterwards: afterwards(planned),
      },
    ];
  });
}

function afterwards(planned: Change | undefined): string {
  if (planned === undefined || planned.actions.includes("no-op")) return "this plan leaves it as it is now";
  if (planned.actions.includes("delete")) return "this plan lets go of it";
  return "this plan changes this resource, see above";
}

/** Empty when it is no drift. */
function sentences({ type, before, after }: Change, pilots: readonly Pilot[]): string[] {
  if (before === null) return [];
  if (after === null) return ["it is gone"];
  return (WORDS[type] ?? general)(before, after, pilots);
}

const WORDS: {
  readonly [type: string]: (before: Values, after: Values, pilots: readonly Pilot[]) => string[];
} = {
  cucm_trust_memberships: memberships,
  cucm_tvs_proof: proof,
  dhcp_option_150: option150,
  cucm_phone_registration: registration,
};

function memberships(before: Values, after: Values): string[] {
  const had = textsOf(before.missing);
  const found = textsOf(after.missing).filter((line) => !had.includes(line));
  const pending = textsOf(after.ctl_pending).filter((line) => !textsOf(before.ctl_pending).includes(line));
  const mended = had.filter((line) => !textsOf(after.missing).includes(line));
  return [
    ...found.map((line) => `missing on ${shortened(line)}`),
    ...pending.map((line) => `not in the CTL of ${shortened(line)}`),
    ...mended.map((line) => `no longer missing on ${shortened(line)}`),
    ...others(before, after, ["missing", "ctl_pending", "nodes"]),
  ];
}

function proof(before: Values, after: Values): string[] {
  const answers = objectOf(before.answers);
  const changed = Object.entries(objectOf(after.answers)).filter(
    ([node, answer]) => answers[node] !== answer,
  );
  return [
    ...changed.map(([node, answer]) => `TVS of ${node} now: ${textOf(answer)}`),
    ...others(before, after, changed.length > 0 ? ["answers", "proven"] : ["answers"]),
  ];
}

/**
 * `observed` is what the scope served when its last change was planned, so after a switch the next read always differs:
 * that is drift only when it is not what the scope is declared to serve. Findings follow our own switches as well: what
 * a pilot of this stack is given goes before its subnet's answer, and it no longer inherits that.
 */
function option150(before: Values, after: Values, pilots: readonly Pilot[]): string[] {
  const declared = textsOf(
    after.serve === "destination" ? after.destination_addresses : after.source_addresses,
  );
  const observed = textsOf(after.observed);
  const strange = before.serve !== after.serve || !same(declared, observed);
  const switched = !strange && !same(before.observed, after.observed);
  const ours = (finding: Values) =>
    (finding.kind === "inherited-value" && switched) ||
    isOwnShadow(pilots, textOf(after.server), findingOf(finding));
  const kinds = (values: Values) =>
    listOf(values.findings)
      .map(objectOf)
      .filter((one) => !ours(one))
      .map((one) => JSON.stringify(one));
  const found = kinds(after).filter((one) => !kinds(before).includes(one));
  const gone = kinds(before).filter((one) => !kinds(after).includes(one));
  const findingWords = (text: string) => {
    const { kind, scope, value } = objectOf(JSON.parse(text));
    return `${textOf(kind)} at ${textOf(scope)}: ${textOf(value)}`;
  };
  return [
    ...(strange && !same(before.observed, after.observed)
      ? [`it serves ${observed.join(", ") || "no option 150 of its own"}, and not what the last deploy left`]
      : []),
    ...found.map((text) => `new finding ${findingWords(text)}`),
    ...gone.map((text) => `finding gone: ${findingWords(text)}`),
    ...others(before, after, ["observed", "findings", "serve"]),
  ];
}

function registration(before: Values, after: Values): string[] {
  const words = ({ counts }: Values) => {
    const { source, destination, missing } = objectOf(counts);
    return `${String(source)} on the source, ${String(destination)} on the destination, ${String(missing)} missing`;
  };
  return [
    ...(same(before.counts, after.counts) ? [] : [`phones were ${words(before)}; now ${words(after)}`]),
    ...others(before, after, ["counts", "failed"]),
  ];
}

/** A SHA-256 by its beginning, as everywhere in a review. */
const shortened = (line: string) => line.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1");

const general = (before: Values, after: Values) => others(before, after, []);

function others(before: Values, after: Values, told: readonly string[]): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = names.filter((name) => !told.includes(name) && !same(before[name], after[name]));
  return changed.length === 0 ? [] : [`changed: ${changed.join(", ")}`];
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
