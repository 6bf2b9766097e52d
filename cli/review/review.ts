/** A review of a plan: what it does, to whom, what may go wrong, and how to go back. Pure. */
import { trustChanges } from "./certificates";
import { driftOf } from "./drift";
import { type Gap, type Move, type Paths, type Proof, pathOf, type Review } from "./model";
import { pilotsOf } from "./pilots";
import {
  type Change,
  compare,
  KNOWN_MINOR,
  listOf,
  objectOf,
  type ReviewedPlan,
  textOf,
  textsOf,
} from "./plan-json";
import { findingsOf, type Policy } from "./policies";
import { scopes as scopesOf } from "./scopes";
import { irreversible, verdict, wayBack } from "./sentences";
import { waves } from "./waves";

/** Types that a review knows. */
const KNOWN_RESOURCES = [
  "cucm_trust_memberships",
  "cucm_tvs_proof",
  "cucm_phone_registration",
  "dhcp_option_150",
  "dhcp_scope_guard",
];

/** Holds nothing; its triggers tell it from another null_resource, which may run anything. */
const isGate = ({ type, before, after }: Change) =>
  type === "null_resource" && typeof objectOf((after ?? before)?.triggers).signers === "string";

export function reviewOf(
  plan: ReviewedPlan,
  paths: Paths,
  failOn: readonly Policy[],
  warnings: readonly string[] | null = null,
  stale: string | null = null,
): Review {
  const trust = trustChanges(plan, paths);
  const { moves, staying, gaps, waveOf } = waves(plan, paths);
  const scoped = scopesOf(plan, paths, waveOf);
  const changing = plan.changes.filter(
    (change) => change.mode === "managed" && !isGate(change) && !change.actions.includes("no-op"),
  );
  const reviewed = {
    review: 1 as const,
    unchanged: changing.length === 0,
    moves,
    staying,
    clusters: trust.clusters,
    proofs: proofs(plan, paths),
    scopes: scoped.scopes,
    guards: scoped.guards,
    drift: driftOf(plan, paths),
    warnings: warnings === null ? null : [...warnings].sort(compare),
    stale,
    gaps: [...general(plan), ...unread(plan, moves), ...gaps, ...trust.gaps, ...scoped.gaps],
  };
  const judged = {
    ...reviewed,
    verdict: verdict(moves, trust.clusters, scoped.scopes, changing.length, reviewed.drift.length),
    irreversible: irreversible(reviewed),
    wayBack: wayBack(reviewed),
  };
  const findings = findingsOf(judged, {
    expired: signerSentences(plan, "expired", "has expired"),
    unsigned: signerSentences(plan, "problems", ""),
    destroyed: changing
      .filter(({ actions }) => actions.includes("delete") || actions.includes("forget"))
      .map(({ address, actions }) => `${address} (${actions.join(", ")})`),
    pilots: pilotsOf(plan.changes.filter(({ after }) => after !== null)),
  });
  return { ...judged, findings, violated: failOn.filter((policy) => Object.hasOwn(findings, policy)) };
}

function proofs(plan: ReviewedPlan, paths: Paths): Proof[] {
  return plan.changes
    .filter(({ type, after }) => type === "cucm_tvs_proof" && after !== null)
    .map(({ address, after, unknown }) => ({
      address,
      path: pathOf(paths, address),
      cluster: textOf(after?.cluster),
      proven: unknown.proven === true ? null : after?.proven === true,
      signers: Object.keys(objectOf(after?.signers)).length,
      answers: Object.fromEntries(
        Object.entries(objectOf(after?.answers)).map(([node, answer]) => [node, textOf(answer)]),
      ),
    }));
}

/** What the plan as a whole leaves open. */
function general(plan: ReviewedPlan): Gap[] {
  const gap = (sentence: string): Gap => ({ policy: "unknown", sentence });
  const minor = Number(plan.formatVersion.split(".")[1]);
  const managed = plan.changes.filter((change) => change.mode === "managed" && !isGate(change));
  const strangers = managed.filter(
    ({ type, actions }) => !KNOWN_RESOURCES.includes(type) && !actions.includes("no-op"),
  );
  const replaced = managed.filter(
    ({ actions, type }) => actions.length > 1 && KNOWN_RESOURCES.includes(type),
  );
  const deferred = plan.changes.filter(
    ({ mode, type, actions }) => mode === "data" && actions.includes("read") && type !== "dhcp_offer",
  );
  return [
    ...plan.incomplete.map(gap),
    ...(minor > KNOWN_MINOR
      ? [
          gap(
            `The plan has format_version ${plan.formatVersion}, newer than 1.${KNOWN_MINOR}: it may hold more than is told here.`,
          ),
        ]
      : []),
    ...strangers.map(({ address, actions }) =>
      gap(`${address} (${actions.join(", ")}) is of a type that a review does not know.`),
    ),
    ...managed
      .filter(({ imported }) => imported)
      .map(({ address }) =>
        gap(`${address} is imported into the state: what it was before, this plan does not tell.`),
      ),
    ...replaced.map(({ address }) =>
      gap(`${address} would be replaced, which its provider refuses at apply.`),
    ),
    ...deferred.map(({ address }) =>
      gap(`${address} is read only at apply: what it tells is not known here.`),
    ),
    ...[...managed, ...plan.data]
      .filter(({ sensitive }) => sensitive.length > 0)
      .map(({ address, sensitive }) =>
        gap(`${address}: ${sensitive.join(", ")} is sensitive, and not looked at.`),
      ),
    ...plan.outputs.map((name) => gap(`Output ${name} changes; outputs are not looked at.`)),
  ];
}

/** What the clusters did not show. Scopes that were not read are warnings of the plan, which has no place for them. */
function unread(plan: ReviewedPlan, moves: readonly Move[]): Gap[] {
  const gap = (sentence: string): Gap => ({ policy: "unread", sentence });
  const data = plan.data.flatMap(({ type, values }) => {
    const cluster = textOf(values.cluster);
    if (type === "cucm_cluster" && textOf(values.version) === "")
      return [gap(`Cluster ${cluster} could not be read.`)];
    if (type === "cucm_signers")
      return textsOf(values.unread).map((node) =>
        gap(`Node ${node} of cluster ${cluster} did not show its signers.`),
      );
    return [];
  });
  const forecasts = moves.flatMap(({ wave, forecast }) =>
    (forecast?.unread ?? []).map((sentence) => gap(`Forecast of wave ${wave}: not read: ${sentence}`)),
  );
  const lost = plan.changes
    .filter(({ type, before, after }) => type === "cucm_trust_memberships" && (before ?? after) !== null)
    .flatMap(({ address, before, after }) => {
      const now = objectOf(after ?? before);
      const facts = plan.data.find(
        ({ type, values }) => type === "cucm_cluster" && values.cluster === now.cluster,
      );
      const told = Object.keys(objectOf(now.nodes));
      return Object.keys(objectOf(facts?.values.nodes))
        .filter((node) => !told.includes(node))
        .sort()
        .map((node) => gap(`${address}: trust stores of node ${node} were never read.`));
    });
  return [...data, ...forecasts, ...lost];
}

function signerSentences(plan: ReviewedPlan, attribute: "expired" | "problems", words: string): string[] {
  return plan.data
    .filter(({ type }) => type === "cucm_signers")
    .flatMap(({ values }) =>
      listOf(values[attribute]).map((one) =>
        `cluster ${textOf(values.cluster)}: ${textOf(one)} ${words}`.trimEnd(),
      ),
    );
}
