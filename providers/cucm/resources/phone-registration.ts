import { type Context, defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import type { PlanOf } from "../../framework/schema/attribute";
import { type Json, UNKNOWN, type Unknown } from "../../framework/schema/value";
import { failedSentences, requireGo } from "../../rules/go-if";
import { identityChanged } from "../../rules/identity";
import { type CucmClient, operation } from "../client";
import { refuseDecommissioned } from "../decommissioned";
import { allowedFailures, limitsInWords } from "../failure-limits";
import { move } from "../move";
import { count, type Failure, failuresOn, type Located, locate, type Side, type Sides } from "../phones";
import { warnUnread } from "../unread";
import { warnAhead } from "./phone-registration-ahead";
import { sayingWhatStands } from "./phone-registration-broken";
import { changes, toMove } from "./phone-registration-changes";
import { ID_FORM, ID_HINT, imported } from "./phone-registration-import";
import {
  acceptedOf,
  type Memory,
  memory,
  nowhereOf,
  remember,
  stillAccepted,
  unharmed,
} from "./phone-registration-memory";
import { forReturn } from "./phone-registration-return";
import { attributes, type State, TVS_LOG } from "./phone-registration-schema";

export const phoneRegistrationResource = defineResource<CucmClient>()({
  type: "cucm_phone_registration",
  description:
    "The phones of one wave, registered on the source or on the destination. Phones are reset through AXL of the " +
    "cluster that they are on, and watched on both until they are registered, back, or timed out.",
  example: `resource "cucm_phone_registration" "hq" {
  source        = "source"
  destination   = "destination"
  phones        = ["SEP001122334455", "SEP001122334466"]
  registered_on = "destination"
  go_if         = { "every source TVS node vouches for every destination signer" = cucm_tvs_proof.source.proven }
}`,
  attributes,

  validate({ source, destination }, ctx) {
    if (source !== UNKNOWN && source === destination)
      ctx.error("Source and destination are the same cluster", `Both are "${source}".`, [
        { attribute: "destination" },
      ]);
  },

  async plan({ config, prior, planned, private: seen }, ctx) {
    const to = planned.registered_on;
    if (to !== UNKNOWN) refuseDecommissioned(planned[to], "registered_on", ctx);
    if (prior === null) {
      if (planned.registered_on === "destination") {
        const found = await whereabouts(planned, ctx);
        const moving = found?.phones.filter((p) => p.side !== "destination");
        if (moving?.length !== 0) requireGo(config.go_if, WHAT, UNTOUCHED);
        if (found && moving && moving.length > 0)
          await warnAhead(
            found.sides,
            moving.map((p) => p.name),
            nowhereOf(moving),
            allowedOf(planned),
            ctx,
          );
      }
      return { planned };
    }
    identityChanged("source", prior.source, config.source);
    identityChanged("destination", prior.destination, config.destination);
    const { turned, joined, left } = changes(prior, config.phones, planned.registered_on);
    const unfinished = memory(seen).unfinished;
    const moves = turned || joined || unfinished;
    if (moves && planned.registered_on === "destination") {
      requireGo(config.go_if, WHAT, UNTOUCHED);
      const moving = toMove(prior, config.phones);
      const nowhere = memory(seen).nowhere.filter((name) => moving.includes(name));
      await warnAhead(sidesOf(prior, ctx), moving, nowhere, allowedOf(planned), ctx);
    }
    if (left.length > 0 && prior.registered_on === "destination")
      ctx.warn(
        `${left.length} phones leave this wave while it is on the destination`,
        `${left.slice(0, LISTED).join(", ")}. They stay where they are, and no destroy is refused because of them any more.`,
      );
    const works = moves || left.length > 0 || mayReturn(strays(prior, seen), planned, config.go_if, ctx);
    return {
      planned: {
        ...planned,
        // Sentences of a move that is long done: what they say today is not this resource's business.
        go_if: turned || joined ? planned.go_if : keepPrior(prior.go_if, planned.go_if),
        stopped: works ? UNKNOWN : prior.stopped,
        counts: works ? UNKNOWN : prior.counts,
        failed: works ? UNKNOWN : prior.failed,
      },
    };
  },

  async planDestroy({ prior }) {
    if (prior.on_destroy === "refuse") refuseAway(prior.counts);
  },

  async read({ state, private: seen }, ctx) {
    try {
      const phones = await locate(sidesOf(state, ctx), state.phones, operation(ctx));
      const unseen = phones.filter((p) => p.unseenBy.length > 0);
      if (unseen.length > 0) {
        ctx.warn(
          `Not read: where ${unseen.length} of ${phones.length} phones are registered`,
          `RIS has no answer from ${unseen[0]!.unseenBy.join(", ")}. ${KEPT}`,
        );
        return { state };
      }
      const failed = failuresOn(state.registered_on, phones);
      const reasons = ctx.client.isDecommissioned(state.source)
        ? leftBehind(state.failed, failed, ctx)
        : keepReasons(state.failed, failed);
      return {
        state: { ...state, counts: count(phones), failed: reasons },
        // After an import there is no record of which failures were accepted: those of today are.
        private: remember(
          state,
          phones,
          seen === null
            ? { accepted: acceptedOf(failed, phones), unfinished: false, lost: [] }
            : { ...memory(seen), accepted: stillAccepted(memory(seen).accepted, phones) },
        ),
      };
    } catch (error) {
      warnUnread(ctx, error, KEPT);
      return { state };
    }
  },

  async create({ config, planned }, ctx) {
    const nothing = { stopped: false, counts: { source: 0, destination: 0, missing: 0 }, failed: [] };
    const state = { ...(planned as State), ...nothing };
    return work({ state, prior: null, moves: true, known: memory(null), goIf: config.go_if }, ctx);
  },

  async update({ config, prior, planned, private: seen }, ctx) {
    const { stopped, counts, failed } = prior;
    const state = { ...(planned as State), stopped, counts, failed };
    if (planned.counts !== UNKNOWN) return { state };
    const { turned, joined } = changes(prior, state.phones, state.registered_on);
    const known = memory(seen);
    const moves = turned || joined || known.unfinished;
    return work({ state, prior, moves, known, goIf: config.go_if }, ctx);
  },

  async delete({ prior }, ctx) {
    if (prior.on_destroy === "keep") return;
    refuseAway(count(await locate(sidesOf(prior, ctx), prior.phones, operation(ctx))));
  },

  import: {
    idForm: ID_FORM,
    hint: ID_HINT,
    async run(id) {
      return { state: imported(id) };
    },
  },
});

const WHAT = "The phones of this wave";
/** A sentence may be known only after the scopes have switched: what is offered on the wire. */
const UNTOUCHED =
  "No phone was reset. Where option 150 of its scopes serves the destination already, it stays so, and phones that restart follow it.";
const KEPT = "What was known of the phones' registrations is kept.";

interface Work {
  readonly state: State;
  readonly prior: State | null;
  /** Whether phones have to get there for the first time; otherwise what strayed is brought back. */
  readonly moves: boolean;
  readonly known: Memory;
  readonly goIf: State["go_if"];
}

/** Moves what is not there yet. More failures than allowed is an error, and the state then says what is true now. */
async function work({ state, prior, moves, known, goIf }: Work, ctx: Context<CucmClient>) {
  const { limits, registered_on: to } = state;
  const givenUp = new Set(Object.keys(known.accepted));
  const allowed = allowedFailures(limits, state.phones.length);
  const wanted = {
    to,
    names: state.phones,
    batchSize: limits.batch_size,
    settleTime: limits.settle_time,
    timeout: limits.timeout,
    maxFailures: allowed,
    givenUp,
    unharmed: prior === null ? NOBODY : unharmed(prior, known),
    everyone: to === "destination" && moves,
    tvsLog: state.evidence?.includes(TVS_LOG) ?? false,
    confirm: () => to === "destination" && requireGo(moves ? goIf : forReturn(goIf), WHAT, UNTOUCHED),
  };
  const moving = () => move(sidesOf(state, ctx), wanted, operation(ctx));
  const { phones, failures, followed, lost } = await (to === "destination"
    ? sayingWhatStands(state.scopes, ctx, moving)
    : moving());
  const now = { ...state, stopped: false, counts: count(phones), failed: failures };
  // A phone that nobody moved and that is merely off holds up nothing: not a first deploy, the way back, nor a repair.
  const away = new Set(
    phones
      .filter((p) => p.side === OTHER[to] || (p.unseenBy.length > 0 && !givenUp.has(p.name)))
      .map((p) => p.name),
  );
  const counts = (name: string) => (to === "destination" && moves ? !followed.has(name) : away.has(name));
  const counted = failures.filter((f) => counts(f.name));
  const stops = counted.length > allowed;
  // Whoever makes it stop is told by what says so.
  const told = stops ? failures.filter((one) => !counted.includes(one)) : failures;
  if (told.length > 0)
    ctx.warn(`${told.length} of ${state.phones.length} phones are not on the ${to}`, listed(told));
  const lostNow = to === "destination" ? [...known.lost, ...lost] : known.lost;
  if (!stops)
    return {
      state: now,
      private: remember(state, phones, {
        accepted: acceptedOf(failures, phones),
        unfinished: false,
        lost: lostNow,
      }),
    };
  // What is not where it should be is tried again, but who had followed and is off stays out of the count.
  const off = failures.filter(({ name }) => followed.has(name));
  const accepted = acceptedOf(off, phones);
  const summary = `${counted.length} of ${state.phones.length} phones did not move to the ${to}`;
  const allowedInWords = `${listed(counted)}\nAllowed: ${limitsInWords(limits, state.phones.length)}.`;
  const detail = `${allowedInWords} The others are where they should be; mend these and deploy again, or go back: what has moved is not reset again.`;
  if (moves && to === "destination" && state.on_stop === "report") {
    ctx.warn(summary, `${allowedInWords} The error of the scope guard says what becomes of the scopes.`);
    const stopped = { ...now, stopped: true };
    return {
      state: stopped,
      private: remember(stopped, phones, { accepted, unfinished: true, lost: lostNow }),
    };
  }
  // A failed create records nothing: the next run adopts what is there and goes on.
  if (!prior) throw new DiagnosticError(summary, detail);
  ctx.error(summary, detail);
  const { stopped, registered_on, go_if } = prior;
  const failing = { ...now, stopped, registered_on, go_if };
  return {
    state: failing,
    private: remember(failing, phones, { accepted, unfinished: moves, lost: lostNow }),
  };
}

const NOBODY: ReadonlySet<string> = new Set();
const OTHER = { source: "destination", destination: "source" } as const;

/** Phones that are not where they were when the last deploy ended. */
const strays = (prior: State, seen: Json) =>
  prior.failed.filter(({ name }) => !Object.hasOwn(memory(seen).accepted, name));

/**
 * Whether strayed phones are brought back. To the destination only while the sentences of a return hold; an error
 * would stop other waves' way back for nothing that anybody asked to be moved.
 */
function mayReturn(
  strayed: readonly Failure[],
  { registered_on }: { readonly registered_on: Side | Unknown },
  goIf: Parameters<typeof failedSentences>[0],
  ctx: Context<CucmClient>,
): boolean {
  if (strayed.length === 0) return false;
  const failed = registered_on === "source" ? [] : failedSentences(forReturn(goIf));
  if (failed.length === 0) return true;
  ctx.warn(
    `${strayed.length} phones are no longer on the destination and are not brought back`,
    `${listed(strayed)}\nWhat has to hold before a phone moves does not:\n${failed.join("\n")}`,
  );
  return false;
}

/** null: not known at plan. */
function allowedOf({ limits, phones }: PlanOf<typeof attributes>): number | null {
  if (limits === UNKNOWN || phones === UNKNOWN) return null;
  const { max_failures, max_failure_ratio } = limits;
  if (max_failures === UNKNOWN || max_failure_ratio === UNKNOWN) return null;
  return allowedFailures({ max_failures, max_failure_ratio }, phones.length);
}

const LISTED = 20;
const listed = (failures: readonly Failure[]) =>
  [
    ...failures.slice(0, LISTED).map((f) => `- ${f.name}: ${f.reason}`),
    ...(failures.length > LISTED ? [`- and ${failures.length - LISTED} more`] : []),
  ].join("\n");

function sidesOf(state: Pick<State, "source" | "destination">, ctx: Context<CucmClient>): Sides {
  return {
    source: ctx.client.cluster(state.source, "source"),
    destination: ctx.client.cluster(state.destination, "destination"),
  };
}

/** Where the phones of a create are, which moves nothing when all are on the destination; null: not known. */
async function whereabouts(
  { source, destination, phones }: PlanOf<typeof attributes>,
  ctx: Context<CucmClient>,
): Promise<{ readonly sides: Sides; readonly phones: readonly Located[] } | null> {
  if (source === UNKNOWN || destination === UNKNOWN || phones === UNKNOWN) return null;
  const names = phones.filter((p) => p !== UNKNOWN);
  if (names.length < phones.length) return null;
  try {
    const sides = sidesOf({ source, destination }, ctx);
    return { sides, phones: await locate(sides, names, operation(ctx)) };
  } catch (error) {
    warnUnread(ctx, error, "Where the phones are registered is not known.");
    return null;
  }
}

function refuseAway({ destination, missing }: State["counts"]): void {
  if (destination === 0 && missing === 0) return;
  throw new DiagnosticError(
    "Phones are still on the destination or unaccounted for",
    `${destination} registered on the destination, ${missing} registered nowhere. A destroy moves nothing, and without its trust a phone that is away cannot come back. ` +
      'If it was taken out of the declaration, put it back. Set registered_on to "source" (constructs: registeredOn of the wave) and deploy first; or, when the migration is finished, deploy on_destroy = "keep" (constructs: onDestroy: "keep" of PhoneMigration) and then destroy.',
    [{ attribute: "on_destroy" }],
  );
}

/** A source that is gone was not asked: what was known of its phones stays, and is said. */
function leftBehind(
  before: readonly Failure[],
  now: readonly Failure[],
  ctx: Context<CucmClient>,
): Failure[] {
  const failed = now.map(
    ({ name }) =>
      before.find((b) => b.name === name) ?? {
        name,
        reason: "not on the destination; the source is decommissioned and was not asked",
      },
  );
  if (failed.length > 0)
    ctx.warn(
      `${failed.length === 1 ? "A phone is" : `${failed.length} phones are`} not on the destination, and the source is decommissioned`,
      `${listed(failed)}\nThey have no way back. Move them before the source is switched off, or take them out of the list of the wave.`,
    );
  return failed;
}

/** The reason that the last deploy found says more than what RIS shows now, as long as the phone has not changed sides. */
function keepReasons(before: readonly Failure[], now: readonly Failure[]): Failure[] {
  return now.map((f) => {
    const old = before.find((b) => b.name === f.name);
    return old?.reason.endsWith(f.reason) ? old : f;
  });
}

/** Prior sentences are planned only where both are there: core allows nothing else. */
const keepPrior = <P>(prior: P | null, planned: P | null) =>
  prior === null || planned === null ? planned : prior;
