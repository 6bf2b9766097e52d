import { isDeepStrictEqual } from "node:util";
import type { PlanRequest, PlanResult } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { UNKNOWN } from "../../framework/schema/value";
import { requireGo } from "../../rules/go-if";
import { identityChanged } from "../../rules/identity";
import { type Finding, isUnreachable, type Scope, scopeText } from "../backends/backend";
import {
  type Decision,
  type Declared,
  decide,
  sourceOf,
  textOf,
  thirdValue,
  UNSAVED,
} from "./option-150-decision";
import { backendOf, type Ctx, explained, idOf, nameOf, operation, placeOf } from "./option-150-device";
import { asJson, type Memory, memoryOf, remember } from "./option-150-memory";
import type { Option150, Planned, State } from "./option-150-schema";
import { scopeIn } from "./option-150-scope";

type Request<P> = Omit<PlanRequest<Option150>, "prior"> & { readonly prior: P };

/** The only plan that reads the device. If somebody changes it before apply, core finds that the plans differ. */
export async function planCreate(
  { config, planned, private: data }: Request<null>,
  ctx: Ctx,
): Promise<PlanResult<Option150>> {
  const { server } = config;
  const scope = scopeIn(config.scope);
  if (server === UNKNOWN || scope === null) return { planned, private: data };
  const id = idOf(server, scope);
  const claimed = ctx.client.claims.claim(id, "create");
  if (claimed === "certain") throw claimedTwice(server, scope);
  if (claimed === "likely") warnOfTwo(server, scope, ctx);
  const next = declaredIn(planned);
  let memory: Memory;
  try {
    const reading = await backendOf({ server }, ctx).read(scope, operation(ctx));
    memory = remember(null, reading, next ? sourceOf(next) : []);
  } catch (error) {
    if (!isUnreachable(error)) throw explained(error);
    // An error here would stop other waves' way back as well: the create itself fails closed.
    ctx.warn(
      `Not read: option 150 of ${scopeText(scope)} on DHCP server "${server}"`,
      `${error.summary}. ${error.detail} It has to answer before this can be deployed.`,
    );
    return { planned: { ...planned, id }, private: data };
  }
  if (unread(planned) && planned.serve === "destination") requireGo(config.go_if, nameOf(scope));
  if (next) checkMove(decide(null, next, memory), next, memory, scope, config.go_if, ctx);
  return { planned: { ...planned, id, ...computedFor(next, memory, scope) }, private: asJson(memory) };
}

/** Pure: from the state, what Read kept, and the configuration. */
export async function planUpdate(
  { config, prior, planned: proposed, private: data }: Request<State>,
  ctx: Ctx,
): Promise<PlanResult<Option150>> {
  const planned = keepUnread(proposed, prior);
  identityChanged("server", prior.server, config.server, LETTING_GO);
  const [scope, configured] = [placeOf(prior), scopeIn(config.scope)];
  identityChanged("scope", scopeText(scope), configured ? scopeText(configured) : UNKNOWN, LETTING_GO);
  if (ctx.client.claims.claim(prior.id, "update") !== null) warnOfTwo(prior.server, scope, ctx);
  const memory = memoryOf(data);
  if (!memory) {
    throw new DiagnosticError(
      "What option 150 was read as is not recorded",
      "The state has no private data of this resource. Run a plan with refresh, or import it again.",
    );
  }
  const next = declaredIn(planned);
  const decision = next && decide(prior as Declared, next, memory);
  if (decision && next) checkMove(decision, next, memory, scope, config.go_if, ctx);
  // What the sentences of a move that is done say today is not this plan's business. Nothing but `serve` decides,
  // so that the plan at apply, which may know more, comes to the same.
  const goIf = planned.serve === prior.serve ? prior.go_if : planned.go_if;
  const wanted: Planned = { ...planned, go_if: goIf, observed: prior.observed, findings: prior.findings };
  const saves = memory.unsaved === true && (decision?.saves || decision?.writes);
  if (!saves && isDeepStrictEqual(wanted, { ...prior })) return { planned: prior as Planned };
  const computed = computedFor(next, memory, scope);
  if (!saves || computed.findings === UNKNOWN) return { planned: { ...wanted, ...computed } };
  ctx.warn(`${nameOf(scope)}: ${UNSAVED.kind}`, `${UNSAVED.value}. ${UNSAVED.advice}`);
  // In the plan only: that it differs from what was read makes it an update, until it is saved.
  return { planned: { ...wanted, ...computed, findings: sorted([...computed.findings, UNSAVED]) } };
}

type Addresses = Pick<Planned, "source_addresses" | "destination_addresses">;

/** The list that has no address, because the cluster that it comes from could not be read. */
export function unread(d: Addresses): keyof Addresses | null {
  const isEmpty = (list: Planned["source_addresses"]) => list !== UNKNOWN && list?.length === 0;
  if (isEmpty(d.source_addresses)) return "source_addresses";
  return isEmpty(d.destination_addresses) ? "destination_addresses" : null;
}

/** A cluster that cannot be read now answers what it answered before: the way back must not wait for it. */
export function keepUnread<P extends Addresses>(planned: P, prior: Addresses): P {
  const list = unread(planned);
  if (!list || prior[list] === null) return planned;
  return keepUnread({ ...planned, [list]: prior[list] }, prior);
}

/** Everything that stops a move to the destination; and what a write should be warned of. */
function checkMove(
  { moves, writes, third }: Decision,
  next: Declared,
  memory: Memory,
  scope: Scope,
  goIf: Parameters<typeof requireGo>[0],
  ctx: Ctx,
): void {
  if (moves) {
    requireGo(goIf, nameOf(scope));
    if (third)
      throw new DiagnosticError(
        `${nameOf(scope)} is neither the source's nor the destination's`,
        `It is ${memory.answers.map(textOf).join(" / ")}; declared are source ${textOf(sourceOf(next))} and destination ${textOf(next.destination_addresses)}. ` +
          "Somebody else owns this value, and it would be lost. If it is what the source serves, declare it as source_addresses; otherwise put the declared answer back by hand.",
        [{ attribute: "source_addresses" }],
      );
    const errors = memory.findings.filter((f) => f.severity === "error");
    if (errors.length > 0)
      throw new DiagnosticError(
        `${nameOf(scope)} would not reach the phones`,
        `${errors.map((f) => `- ${f.kind} (${f.scope}): ${f.value}. ${f.advice}`).join("\n")}\nNothing was changed.`,
      );
  }
  if (!writes) return;
  for (const f of memory.findings)
    if (f.severity === "warning" && (moves || f.kind === "not-persisted"))
      ctx.warn(`${nameOf(scope)}: ${f.kind} (${f.scope})`, `${f.value}. ${f.advice}`);
}

/** Who makes the second one is stopped; who has two already is only told: the way back must stay open. */
const claimedTwice = (server: string, scope: Scope) =>
  new DiagnosticError(
    `Two resources for option 150 of ${scopeText(scope)}`,
    `Both name DHCP server "${server}", and each would undo what the other does. Remove one of them; if it is in the state, set its on_destroy to "keep" (constructs: onDestroy: "keep" of PhoneMigration) first.`,
    [{ attribute: "scope" }],
  );

function warnOfTwo(server: string, scope: Scope, ctx: Ctx): void {
  const { summary, detail } = claimedTwice(server, scope);
  ctx.warn(summary, detail);
}

const LETTING_GO =
  'To let go of the old one, serve "source" (constructs: registeredOn of its wave), or set on_destroy to "keep" (constructs: onDestroy: "keep"), apply, and then remove it.';

function computedFor(
  next: Declared | null,
  memory: Memory,
  scope: Scope,
): { readonly observed: readonly string[]; readonly findings: readonly Finding[] | typeof UNKNOWN } {
  return {
    observed: observedIn(memory),
    // Whether there is a third value shows when both answers are known.
    findings: next ? findingsFor(next, scope, memory) : UNKNOWN,
  };
}

export function observedIn({ answers }: Memory): readonly string[] {
  const answer = answers[0] ?? "inherited";
  return answer === "inherited" ? [] : answer;
}

export function findingsFor(d: Omit<Declared, "serve">, scope: Scope, memory: Memory): Finding[] {
  const third = thirdValue(d, memory.answers, scopeText(scope));
  return sorted([...memory.findings, ...(third ? [third] : [])]);
}

const sorted = (findings: readonly Finding[]): Finding[] => {
  const key = (f: Finding) => `${f.kind}\0${f.scope}\0${f.value}`;
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

/** null while something of it is unknown, or could not be read. */
function declaredIn(planned: Planned): Declared | null {
  const { source_addresses: source, destination_addresses: destination, serve } = planned;
  if (serve === UNKNOWN || source === UNKNOWN || destination === UNKNOWN || unread(planned)) return null;
  if (source?.includes(UNKNOWN) || destination.includes(UNKNOWN)) return null;
  return { source_addresses: source, destination_addresses: destination, serve } as Declared;
}
