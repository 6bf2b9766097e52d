/** What --fail-on may name, and what in a review speaks against each. */
import type { Review, ScopeFinding } from "./model";
import { isOwnShadow, type Pilot } from "./pilots";
import { movesAny } from "./sentences";

/** Name -> what it means, as the help prints it. */
export const POLICIES = {
  lockout: "a phone that moves is forecast to be locked out, also one that acceptLockouts names",
  uncertain: "a phone that moves has an uncertain forecast",
  insecure: "a phone that moves follows, but cannot register securely",
  "weak-evidence": "a forecast rests on less than requireEvidence",
  shadow:
    "something narrower, other than a pilot of a run (on IOS-XE also that), answers for option 150 in a scope, so phones do not see the change",
  finding: "a scope has a finding that is an error",
  unproven: "phones move to the destination, and a proof is not known to hold",
  expired: "a signer has expired",
  unsigned: "a cluster serves a file that phones would refuse",
  drift: "somebody changed what the last deploy left",
  unread: "a node or a forecast could not be read",
  unknown: "something of the plan could not be analysed",
  destroy: "something that this project manages is destroyed or let go of",
  restart: "CallManager restarts, which interrupts calls",
  warning: "the core warned of something while it planned; only where the review makes the plan",
  move: "phones move",
  change: "anything changes",
} as const;
export type Policy = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as readonly Policy[];

type Judged = Omit<Review, "findings" | "violated">;

/** What a review does not hold in another place. */
export interface Facts {
  readonly expired: readonly string[];
  readonly unsigned: readonly string[];
  readonly destroyed: readonly string[];
  /** Those that are declared. */
  readonly pilots: readonly Pilot[];
}

const phones = (count: number) => `${count} ${count === 1 ? "phone" : "phones"}`;

/** @returns by policy, in the order of {@link POLICIES}; those without any are left out. */
export function findingsOf(review: Judged, facts: Facts): { readonly [policy: string]: readonly string[] } {
  const outcome = (name: string) =>
    review.moves.flatMap(({ wave, forecast }) => {
      const count = forecast?.counts[name] ?? 0;
      return count === 0 ? [] : [`wave ${wave}: ${phones(count)} ${name}`];
    });
  const scopeFindings = (wanted: (finding: ScopeFinding, server: string) => boolean) =>
    review.scopes.flatMap(({ server, scope, findings }) =>
      findings
        .filter((finding) => wanted(finding, server))
        .map(({ kind, scope: where, value }) => `${server}, ${scope}: ${kind} at ${where}: ${value}`),
    );
  const forward = review.moves.some(({ to }) => to === "destination");
  const found: { readonly [policy in Policy]: readonly string[] } = {
    lockout: outcome("locked out"),
    uncertain: outcome("uncertain"),
    insecure: outcome("follows"),
    "weak-evidence": review.moves.flatMap(({ wave, forecast }) =>
      (forecast?.weakEvidence ?? []).length === 0
        ? []
        : [`wave ${wave}: ${phones(forecast!.weakEvidence.length)} with too little evidence`],
    ),
    shadow: scopeFindings(
      (finding, server) => finding.kind === "shadowed" && !isOwnShadow(facts.pilots, server, finding),
    ),
    finding: scopeFindings(({ severity }) => severity === "error"),
    unproven: forward
      ? review.proofs
          .filter(({ proven }) => proven !== true)
          .map(
            ({ cluster, proven }) =>
              `TVS of cluster ${cluster} ${proven === null ? "is asked only at apply" : "does not vouch for every signer"}`,
          )
      : [],
    expired: facts.expired,
    unsigned: facts.unsigned,
    drift: review.drift.map(({ address, what }) => `${address}: ${what[0]}`),
    unread: review.gaps.filter(({ policy }) => policy === "unread").map(({ sentence }) => sentence),
    unknown: review.gaps.filter(({ policy }) => policy === "unknown").map(({ sentence }) => sentence),
    destroy: facts.destroyed,
    restart: review.clusters.flatMap(({ cluster, restarts }) =>
      restarts
        .filter(({ service }) => service === "Cisco CallManager")
        .map(({ nodes }) => `cluster ${cluster}: Cisco CallManager on ${nodes.join(", ")}`),
    ),
    warning: review.warnings ?? [],
    move: review.moves
      .filter(movesAny)
      .map(
        ({ wave, phones: moving, takenOver, to }) =>
          `wave ${wave}: ${phones(moving.length - takenOver)} to the ${to}`,
      ),
    change: review.unchanged ? [] : [review.verdict],
  };
  return Object.fromEntries(Object.entries(found).filter(([, sentences]) => sentences.length > 0));
}
