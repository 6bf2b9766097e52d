/** The word that changed, and what the forecast says of the phones that move. */
import { atLastDeploy } from "../../trust/not-followed";
import { type ForecastReview, type Gap, type Move, type Paths, pathOf, type StayingWave } from "./model";
import {
  type Change,
  compare,
  countOf,
  type DataSource,
  listOf,
  objectOf,
  type ReviewedPlan,
  textOf,
  textsOf,
  type Values,
  withoutKeys,
} from "./plan-json";

export interface WavesReview {
  readonly moves: readonly Move[];
  readonly staying: readonly StayingWave[];
  readonly gaps: readonly Gap[];
  /** Address of a scope without keys -> name of the wave that waits for it. */
  readonly waveOf: ReadonlyMap<string, string>;
}

const TYPE = "cucm_phone_registration";

export function waves(plan: ReviewedPlan, paths: Paths): WavesReview {
  const registrations = plan.changes.filter(({ type, mode }) => type === TYPE && mode === "managed");
  const names = waveNames(registrations, paths);
  const waveOf = new Map<string, string>();
  for (const { address } of registrations)
    for (const scope of scopesOf(plan, address)) waveOf.set(scope, names.get(address)!);
  const gaps: Gap[] = [];
  const moves: Move[] = [];
  const staying: StayingWave[] = [];
  for (const change of registrations) {
    const wave = names.get(change.address)!;
    const unknown = ["registered_on", "phones"].filter((name) => isUnknown(change.unknown[name]));
    if (unknown.length > 0)
      gaps.push({
        policy: "unknown",
        sentence: `${unknown.join(" and ")} of ${change.address} is known only at apply: which phones move is not told here.`,
      });
    const move = moveOf(change, wave, plan, paths);
    if (move !== null) moves.push(move);
    else if (change.after !== null)
      staying.push({
        address: change.address,
        path: pathOf(paths, change.address),
        wave,
        on: textOf(change.after.registered_on),
        phones: textsOf(change.after.phones).length,
      });
    if (move?.to === "destination" && move.forecast === null)
      gaps.push({
        policy: "unknown",
        sentence: `Wave ${wave} moves to the destination, and the plan has no forecast of its phones.`,
      });
  }
  return { moves, staying, gaps, waveOf };
}

/** Whole, or in a part: the phones of a list may be known one by one. */
const isUnknown = (mark: unknown): boolean =>
  mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(isUnknown));

const scopesOf = (plan: ReviewedPlan, address: string) =>
  (plan.dependsOn.get(withoutKeys(address)) ?? []).filter((one) => /(?:^|\.)dhcp_option_150\./.test(one));

/** The construct's id; without paths, what synth makes of it in the address, or the resource's name. */
function waveNames(changes: readonly Change[], paths: Paths): ReadonlyMap<string, string> {
  const short = changes.map(({ address }) => {
    const path = paths.get(address)?.split("/");
    return (
      path?.at(-2) ?? /_([^_]+)_registration_[0-9A-F]{8}$/.exec(address)?.[1] ?? address.replace(/^.*?\./, "")
    );
  });
  return new Map(
    changes.map(({ address }, i) => [
      address,
      short.indexOf(short[i]!) === short.lastIndexOf(short[i]!) ? short[i]! : (paths.get(address) ?? address),
    ]),
  );
}

function moveOf(change: Change, wave: string, plan: ReviewedPlan, paths: Paths): Move | null {
  const { address, before, after, actions } = change;
  const to = textOf(after?.registered_on);
  if (after === null || (to !== "source" && to !== "destination")) return null;
  const why = reason(before, after, actions);
  if (why === null) return null;
  const clusters = { source: textOf(after.source), destination: textOf(after.destination) };
  const forecast = to === "destination" ? forecastOf(plan, clusters, change, why.phones, paths) : null;
  return {
    address,
    path: pathOf(paths, address),
    wave,
    because: why.because,
    from: textOf(before?.registered_on) || null,
    to,
    clusters,
    phones: why.phones,
    joined:
      before === null ? 0 : why.phones.filter((phone) => !textsOf(before.phones).includes(phone)).length,
    takenOver: why.because === "new" ? takenOver(plan, forecast, why.phones.length) : 0,
    limits: limitsOf(objectOf(after.limits)),
    onStop: after.on_stop === "report" ? "restoreScope" : "hold",
    scopes: scopesOf(plan, address),
    forecast,
    conditions: conditionsOf(change),
  };
}

/** Not told by a forecast of other phones as well: whose phones are there, it does not say. */
function takenOver(plan: ReviewedPlan, forecast: ForecastReview | null, phones: number): number {
  const values = plan.data.find(({ address }) => address === forecast?.address)?.values;
  return forecast !== null && textsOf(values?.phones).length === phones
    ? Math.min(forecast.moved, phones)
    : 0;
}

/** Null when no phone moves: the wave stays, or is new on the source, where its phones are by its own word. */
function reason(
  before: Values | null,
  after: Values,
  actions: readonly string[],
): Pick<Move, "because" | "phones"> | null {
  const phones = textsOf(after.phones);
  if (before === null) return after.registered_on === "destination" ? { because: "new", phones } : null;
  if (before.registered_on !== after.registered_on) return { because: "word", phones };
  const joined = phones.filter((phone) => !textsOf(before.phones).includes(phone));
  if (joined.length > 0 && after.registered_on === "destination")
    return { because: "joined", phones: joined };
  if (actions.includes("no-op")) return null;
  const rest = listOf(before.failed).map((one) => textOf(objectOf(one).name));
  return rest.length > 0 ? { because: "rest", phones: rest.filter((name) => phones.includes(name)) } : null;
}

function limitsOf({ max_failures, max_failure_ratio, batch_size, timeout }: Values): string {
  const most = [
    typeof max_failures === "number" && `${max_failures}`,
    typeof max_failure_ratio === "number" && `${max_failure_ratio} of its phones`,
  ].filter((one) => one !== false);
  return `${most.join(" and ") || "0"} may fail; batches of ${countOf(batch_size)}, ${countOf(timeout)} s each`;
}

/** The sentences of `go_if`; what is unknown is marked so and missing in `after`. */
function conditionsOf({ after, unknown }: Change): Move["conditions"] {
  const known = Object.entries(objectOf(after?.go_if)).map(([sentence, holds]): [string, boolean | null] => [
    sentence,
    typeof holds === "boolean" ? holds : null,
  ]);
  const open = Object.entries(objectOf(unknown.go_if))
    .filter(([, mark]) => mark === true)
    .map(([sentence]): [string, null] => [sentence, null]);
  return Object.fromEntries([...known, ...open].sort(([a], [b]) => compare(a, b)));
}

/** A phone belongs to one wave, so the forecast that has its phones is the wave's. */
function forecastOf(
  plan: ReviewedPlan,
  clusters: Move["clusters"],
  change: Change,
  moving: readonly string[],
  paths: Paths,
): ForecastReview | null {
  const phones = textsOf(change.after?.phones);
  const found = plan.data.find(
    ({ type, values }) =>
      type === "cucm_trust_forecast" &&
      values.to !== "source" &&
      values.source === clusters.source &&
      values.destination === clusters.destination &&
      phones.every((phone) => textsOf(values.phones).includes(phone)),
  );
  return found === undefined
    ? null
    : { ...forecastReview(found, paths), didNotFollow: didNotFollow(plan, change, moving) };
}

/** The refresh of this plan may have replaced what the last deploy recorded: then it is what drifted. */
function didNotFollow(
  plan: ReviewedPlan,
  { address, before }: Change,
  moving: readonly string[],
): ForecastReview["didNotFollow"] {
  const recorded = [plan.drift.find((one) => one.address === address)?.before, before];
  const found = new Map(
    recorded
      .flatMap((values) => listOf(values?.failed))
      .map(objectOf)
      .map(({ name, reason }) => [textOf(name), atLastDeploy(textOf(reason), "destination")] as const)
      .filter(([, reason]) => reason !== null),
  );
  return moving.flatMap((name) => {
    const reason = found.get(name) ?? null;
    return reason === null ? [] : [{ name, reason }];
  });
}

function forecastReview({ address, values }: DataSource, paths: Paths): Omit<ForecastReview, "didNotFollow"> {
  return {
    address,
    path: pathOf(paths, address),
    counts: numbersOf(values.counts),
    evidence: numbersOf(values.evidence_counts),
    moved: countOf(values.moved),
    atRisk: listOf(values.at_risk)
      .map(objectOf)
      .map(({ name, outcome, evidence, reason, accepted }) => ({
        name: textOf(name),
        outcome: textOf(outcome),
        evidence: textOf(evidence) || null,
        reason: textOf(reason),
        accepted: accepted === true,
      }))
      .sort((a, b) => Number(a.accepted) - Number(b.accepted) || compare(a.name, b.name)),
    atRiskUnlisted: countOf(values.at_risk_unlisted),
    weakEvidence: listOf(values.weak_evidence).map((one) => textOf(objectOf(one).name)),
    assumed: textsOf(values.assumed),
    unread: textsOf(values.unread),
    notLookedAt: textsOf(values.not_looked_at),
  };
}

const numbersOf = (value: unknown) =>
  Object.fromEntries(
    Object.entries(objectOf(value))
      .filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] > 0)
      .sort(([a], [b]) => compare(a, b)),
  );
