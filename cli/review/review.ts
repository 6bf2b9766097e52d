/** A review of a plan: what it does, to whom, what may go wrong, and how to go back. Pure. */
import { trustChanges } from "./certificates";
import { driftOf } from "./drift";
import {
  type ClusterReview,
  type Gap,
  type Move,
  type Paths,
  type Proof,
  pathOf,
  type Review,
} from "./model";
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
    gaps: [...general(plan), ...unread(plan, moves), ...gaps, ...trust.gaps, ...scoped.gaps],
  };
  const judged = {
    ...reviewed,
    verdict: verdict(moves, trust.clusters, changing.length, reviewed.drift.length),
    irreversible: irreversible(reviewed),
    wayBack: wayBack(reviewed),
  };
  const findings = findingsOf(judged, {
    expired: signerSentences(plan, "expired", "has expired"),
    unsigned: signerSentences(plan, "problems", ""),
    destroyed: changing
      .filter(({ actions }) => actions.includes("delete") || actions.includes("forget"))
      .map(({ address, actions }) => `${address} (${actions.join(", ")})`),
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

export const counted = (count: number, one: string, more = `${one}s`) =>
  `${count} ${count === 1 ? one : more}`;

function verdict(
  moves: readonly Move[],
  clusters: readonly ClusterReview[],
  changes: number,
  drift: number,
): string {
  const drifted = drift > 0 ? ` Others changed ${counted(drift, "thing")} since the last deploy.` : "";
  if (changes === 0) return `Nothing changes.${drifted}`;
  const entering = clusters
    .map(({ cluster, enters }) => ({ cluster, count: distinct(enters) }))
    .filter(({ count }) => count > 0);
  const leaving = clusters
    .map(({ cluster, leaves }) => ({ cluster, count: distinct(leaves) }))
    .filter(({ count }) => count > 0);
  const words = [
    ...(moves.length === 0 ? ["No phone moves"] : movesWords(moves)),
    ...entering.map(
      ({ cluster, count }) =>
        `${counted(count, "certificate")} ${count === 1 ? "enters" : "enter"} trust stores of ${cluster}`,
    ),
    ...leaving.map(
      ({ cluster, count }) =>
        `${counted(count, "certificate")} ${count === 1 ? "leaves" : "leave"} trust stores of ${cluster}`,
    ),
  ];
  return `${words.join("; ")}.${drifted}`;
}

const distinct = (changes: ClusterReview["enters"]) =>
  new Set(changes.map(({ certificate }) => certificate.sha256)).size;

/** More than so many waves are counted instead of named. */
const NAMED = 3;

function movesWords(moves: readonly Move[]): string[] {
  if (moves.length <= NAMED) return moves.map((move) => moveWords(move) + risk([move]));
  return (["destination", "source"] as const).flatMap((to) => {
    const some = moves.filter((move) => move.to === to);
    const phones = some.reduce((sum, move) => sum + move.phones.length, 0);
    return some.length === 0
      ? []
      : [`${counted(phones, "phone")} of ${counted(some.length, "wave")} move to the ${to}${risk(some)}`];
  });
}

/** The worst of the forecast belongs into the first line. */
function risk(moves: readonly Move[]): string {
  const told = ["locked out", "uncertain", "follows"].flatMap((outcome) => {
    const count = moves.reduce((sum, { forecast }) => sum + (forecast?.counts[outcome] ?? 0), 0);
    const words = outcome === "follows" ? "without secure registration" : outcome;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return told.length === 0 ? "" : ` (forecast: ${told.join(", ")})`;
}

function moveWords({ wave, phones, from, to, because }: Move): string {
  const who = `${counted(phones.length, "phone")} of wave ${wave}`;
  const moves = phones.length === 1 ? "moves" : "move";
  if (because === "rest") return `${who} ${phones.length === 1 ? "is" : "are"} sent to the ${to} again`;
  if (because === "joined") return `${who} ${phones.length === 1 ? "joins" : "join"} it on the ${to}`;
  return from === null ? `${who} ${moves} to the ${to}` : `${who} ${moves} from the ${from} to the ${to}`;
}

type Told = Pick<Review, "moves" | "clusters" | "scopes" | "guards">;

function irreversible({ moves, clusters, scopes }: Told): string[] {
  const locked = moves
    .filter(({ forecast }) => (forecast?.counts["locked out"] ?? 0) > 0)
    .map(({ wave }) => wave);
  const told = new Set<string>();
  if (moves.length > 0) told.add("Phones that move restart: a call on one of them ends.");
  if (locked.length > 0)
    told.add(
      `Phones that are locked out (forecast of ${locked.join(", ")}) may need somebody at the phone, whatever is deployed; the forecast says what to do.`,
    );
  for (const { cluster, enters, leaves, restarts, method } of clusters) {
    if (restarts.some(({ service }) => service === "Cisco CallManager"))
      told.add(
        `Cluster ${cluster}: the CTL that is renewed stays on phones that have fetched it, until they fetch another.`,
      );
    if (leaves.length > 0)
      told.add(
        `Cluster ${cluster}: what leaves a trust store is in no later state; to have it again, declare and import it again.`,
      );
    if (method === "bulk" && enters.length > 0)
      told.add(
        `Cluster ${cluster}: a bulk exchange may bring certificates that are not declared; a destroy leaves those.`,
      );
  }
  if (
    scopes.some(
      ({ action, findings }) => action === "switch" && findings.some(({ kind }) => kind === "not-persisted"),
    )
  )
    told.add("A switch that is not saved (finding not-persisted) is undone by a restart of the DHCP server.");
  return [...told];
}

function wayBack({ moves, clusters, scopes }: Told): string[] {
  const forward = moves.filter(({ to }) => to === "destination").map(({ wave }) => wave);
  const back = moves.filter(({ to }) => to === "source").map(({ wave }) => wave);
  const guarded = scopes.some((one) => one.guarded);
  return [
    ...(forward.length > 0
      ? [
          `Wave ${forward.join(", ")}: revert the commit (registeredOn: "source") and deploy: option 150 first, then the phones. It waits for no trust and no proof.`,
        ]
      : []),
    ...(guarded
      ? [
          'A wave with onStop: "restoreScope" puts its scopes back on the source by itself when it is stopped; phones that moved come back when they ask for their files the next time.',
        ]
      : []),
    ...(back.length > 0
      ? [
          `Wave ${back.join(", ")}: set registeredOn to "destination" again; that waits for proof and forecast.`,
        ]
      : []),
    ...(clusters.some(({ enters }) => enters.length > 0)
      ? [
          "Certificates stay when phones come back; a destroy deletes them, but for those that were there before.",
        ]
      : []),
  ];
}
