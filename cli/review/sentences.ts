/** The sentences of a review about the plan as a whole: the verdict, what is irreversible, and how to go back. */
import type { ClusterReview, Move, Review } from "./model";
import { isNewSwitch, switches } from "./scopes";

export const counted = (count: number, one: string, more = `${one}s`) =>
  `${count} ${count === 1 ? one : more}`;

export function verdict(
  moves: readonly Move[],
  clusters: readonly ClusterReview[],
  scopes: Review["scopes"],
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
  // A state that was lost, say: a wave that is new on the source moves nobody by its word, but by where its phones are.
  const back = scopes.filter((scope) => scope.serves.after === "source" && isNewSwitch(scope)).length;
  const words = [
    ...(moves.length === 0 && back === 0 ? ["No phone moves"] : movesWords(moves)),
    ...(back === 0
      ? []
      : [
          `${counted(back, "scope")} that ${back === 1 ? "is" : "are"} new here ${back === 1 ? "goes" : "go"} back to the source, with the phones of the wave that are on the destination`,
        ]),
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
    const moving = some.filter(movesAny);
    const phones = moving.reduce((sum, move) => sum + move.phones.length - move.takenOver, 0);
    const taken = some.reduce((sum, move) => sum + move.takenOver, 0);
    return [
      ...(moving.length === 0
        ? []
        : [
            `${counted(phones, "phone")} of ${counted(moving.length, "wave")} move to the ${to}${risk(some)}`,
          ]),
      ...(taken === 0 ? [] : [takenOverWords(taken)]),
    ];
  });
}

/** Whether any of its phones is not where the wave is to be. */
export const movesAny = ({ phones, takenOver }: Move): boolean =>
  takenOver === 0 || phones.length > takenOver;

const takenOverWords = (count: number, of = "") =>
  `${counted(count, "phone")}${of} ${count === 1 ? "is" : "are"} taken over where ${count === 1 ? "it is" : "they are"}, on the destination`;

/** The worst of the forecast belongs into the first line. */
function risk(moves: readonly Move[]): string {
  const told = ["locked out", "uncertain", "follows"].flatMap((outcome) => {
    const count = moves.reduce((sum, { forecast }) => sum + (forecast?.counts[outcome] ?? 0), 0);
    const words = outcome === "follows" ? "without secure registration" : outcome;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return told.length === 0 ? "" : ` (forecast: ${told.join(", ")})`;
}

function moveWords(move: Move): string {
  const { wave, phones, from, to, because, takenOver } = move;
  if (takenOver > 0) {
    const rest = phones.length - takenOver;
    const taken = takenOverWords(takenOver, ` of wave ${wave}`);
    return movesAny(move) ? `${taken}, and ${rest} ${rest === 1 ? "moves" : "move"} to it` : taken;
  }
  const who = `${counted(phones.length, "phone")} of wave ${wave}`;
  const moves = phones.length === 1 ? "moves" : "move";
  if (because === "rest") return `${who} ${phones.length === 1 ? "is" : "are"} sent to the ${to} again`;
  if (because === "joined") return `${who} ${phones.length === 1 ? "joins" : "join"} it on the ${to}`;
  return from === null ? `${who} ${moves} to the ${to}` : `${who} ${moves} from the ${from} to the ${to}`;
}

type Told = Pick<Review, "moves" | "clusters" | "scopes" | "guards">;

export function irreversible({ moves, clusters, scopes }: Told): string[] {
  const locked = moves
    .filter(({ forecast }) => (forecast?.counts["locked out"] ?? 0) > 0)
    .map(({ wave }) => wave);
  const told = new Set<string>();
  if (moves.some(movesAny)) told.add("Phones that move restart: a call on one of them ends.");
  if (locked.length > 0)
    told.add(
      `Phones that are locked out (forecast of ${locked.join(", ")}) may need somebody at the phone, whatever is deployed; the forecast says what to do.`,
    );
  for (const { cluster, enters, leaves, restarts, method } of clusters) {
    if (restarts.some(({ service }) => service === "Cisco CallManager"))
      told.add(
        `Cluster ${cluster}: the CTL that is renewed stays on phones that have fetched it, until they fetch another.`,
      );
    if (leaves.some(({ store }) => store === "CAPF-trust"))
      told.add(
        `Cluster ${cluster}: issuers of phones' LSCs leave it. A phone that is registered there by an LSC of theirs is refused at its next restart; retainOnDestroy keeps them.`,
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
  if (scopes.some((scope) => switches(scope) && scope.findings.some(({ kind }) => kind === "not-persisted")))
    told.add("A switch that is not saved (finding not-persisted) is undone by a restart of the DHCP server.");
  return [...told];
}

export function wayBack({ moves, clusters, scopes }: Told): string[] {
  const onward = moves.filter(({ to }) => to === "destination");
  const those = (wanted: (move: Move) => boolean) => onward.filter(wanted).map(({ wave }) => wave);
  const forward = those(({ because, joined }) => because !== "new" && joined === 0);
  const created = those(({ because }) => because === "new");
  // Also when the same commit sends the wave.
  const joined = those((move) => move.joined > 0);
  const back = moves.filter(({ to }) => to === "source").map(({ wave }) => wave);
  const guarded = scopes.some((one) => one.guarded);
  return [
    ...(forward.length > 0
      ? [
          `Wave ${forward.join(", ")}: revert the commit (registeredOn: "source") and deploy: option 150 first, then the phones. It waits for no trust and no proof.`,
        ]
      : []),
    // The commit that brings a wave in has no older word to go back to: without it the wave is destroyed, not moved.
    ...(created.length > 0
      ? [
          `Wave ${created.join(", ")}, new in this plan: set its registeredOn to "source" and deploy: option 150 first, then the phones. Only then take it out; reverting the commit takes it out at once, which is refused while its phones are on the destination.`,
        ]
      : []),
    ...(joined.length > 0
      ? [
          `Wave ${joined.join(", ")}, which phones join: set its registeredOn to "source" and deploy: the whole wave comes back. Reverting the commit takes them off its list, and leaves them on the destination.`,
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
