import { isDeepStrictEqual } from "node:util";
import { defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { type Json, UNKNOWN } from "../../framework/schema/value";
import { type Change, DhcpError, type Reading, scopeText } from "../backends/backend";
import { changedBySomebody } from "../backends/rival";
import type { DhcpServers } from "../servers";
import {
  type Decision,
  type Declared,
  decide,
  served,
  sourceOf,
  textOf,
  thirdValue,
  UNSAVED,
} from "./option-150-decision";
import { backendOf, type Ctx, explained, idOf, nameOf, operation, placeOf } from "./option-150-device";
import { ID_FORM, ID_HINT, importedArguments } from "./option-150-import";
import { asJson, type Memory, memoryOf, remember, rememberSaved } from "./option-150-memory";
import { findingsFor, observedIn, planCreate, planUpdate, unread } from "./option-150-plan";
import { attributes, type Planned, type State } from "./option-150-schema";
import { scopeProblem } from "./option-150-scope";

export const option150Resource = defineResource<DhcpServers>()({
  type: "dhcp_option_150",
  description:
    "DHCP option 150 (the TFTP servers of Cisco phones) of one scope. Both answers are declared, and `serve` chooses; " +
    "everything else in the server's configuration stays as it is.",
  example: `resource "dhcp_option_150" "hq" {
  server                = "kea"
  scope                 = { subnet = "10.1.20.0/24" }
  source_addresses      = ["10.10.0.12", "10.10.0.13"]
  destination_addresses = ["10.20.0.12", "10.20.0.13"]
  serve                 = "source"
}`,
  attributes,

  validate({ scope, source_addresses: source, destination_addresses: destination }, ctx) {
    const problem = scopeProblem(scope);
    if (problem !== undefined) ctx.error("The scope is no place", problem, [{ attribute: "scope" }]);
    const [s, d] = [knownAddresses(source), knownAddresses(destination)] as const;
    const shared = s.find((address) => d.includes(address));
    if (shared !== undefined)
      ctx.error(
        "Source and destination share a TFTP server",
        `${shared} is in both lists. A phone asks the first server and does not try the second when the first lacks its file, so a list belongs to one cluster.`,
        [{ attribute: "destination_addresses" }],
      );
    for (const [name, list] of [
      ["source_addresses", s],
      ["destination_addresses", d],
    ] as const)
      if (list.length > 2)
        ctx.warn(
          `More than two TFTP servers in ${name}`,
          "Phones use the first two addresses of option 150; the others are likely never asked.",
          [{ attribute: name }],
        );
  },

  async plan(request, ctx) {
    return request.prior === null
      ? planCreate({ ...request, prior: null }, ctx)
      : planUpdate({ ...request, prior: request.prior }, ctx);
  },

  async planDestroy({ prior, private: data }) {
    if (prior.on_destroy === "keep") return;
    const memory = memoryOf(data);
    if (!memory?.reached) throw refuseDestroy(prior, "what it serves could not be read");
    requireSource(prior, memory.answers, memory);
  },

  async read({ state, private: data }, ctx) {
    const before = memoryOf(data);
    let reading: Reading;
    try {
      reading = await backendOf(state, ctx).read(placeOf(state), operation(ctx));
    } catch (error) {
      if (!(error instanceof DhcpError) || error.kind === "cancelled") throw explained(error);
      ctx.warn(
        `Not read: option 150 of ${scopeText(placeOf(state))} on DHCP server "${state.server}"`,
        `${error.summary}. ${error.detail} What is known of it is kept.`,
      );
      return { state, ...(before ? { private: asJson({ ...before, reached: false }) } : {}) };
    }
    const memory = remember(before, reading, sourceOf(state as Declared));
    const third = thirdValue(state, reading.answers, scopeText(placeOf(state)));
    if (third)
      ctx.warn(
        `${nameOf(placeOf(state))} is neither the source's nor the destination's`,
        `It is ${third.value}. ${third.advice}`,
      );
    return {
      state: {
        ...state,
        // `mixed` is neither of the declared words, so that either of them plans an update.
        serve: served(state, reading.answers, state.serve) as State["serve"],
        observed: observedIn(memory),
        findings: findingsFor(state, placeOf(state), memory),
      },
      private: asJson(memory),
    };
  },

  async create({ planned, private: data }, ctx) {
    const state = planned as State;
    demandAddresses(state);
    const memory = demandMemory(data, state);
    const decision = decide(null, state as Declared, memory);
    try {
      const reading = await reach(state, memory, decision, ctx);
      return { state, private: asJson(rememberSaved(memory, reading, sourceOf(state as Declared))) };
    } catch (error) {
      if (!(error instanceof DhcpError) || error.kind !== "unsaved" || state.serve !== "source")
        throw explained(error);
      // An error would record nothing, and then nobody would know that it is still to be saved.
      ctx.warn(error.summary, error.detail);
      const { private: kept } = await whatIsTrue(state, { ...memory, unsaved: true }, ctx);
      return { state, private: kept };
    }
  },

  async update({ prior, planned, private: data }, ctx) {
    const state = planned as State;
    demandAddresses(state);
    const memory = demandMemory(data, state);
    const decision = decide(prior as Declared, state as Declared, memory);
    if (!decision.writes && !decision.saves) return { state, private: data };
    try {
      const reading = await reach(state, memory, decision, ctx);
      return { state, private: asJson(rememberSaved(memory, reading, sourceOf(state as Declared))) };
    } catch (error) {
      if (!(error instanceof DhcpError)) throw error;
      ctx.error(error.summary, error.detail);
      const unsaved = error.kind === "unsaved" || error.kind === "left" || memory.unsaved === true;
      return whatIsTrue(prior, { ...memory, unsaved }, ctx);
    }
  },

  async delete({ prior, private: data }, ctx) {
    if (prior.on_destroy === "keep") return;
    // Replacement and taint never ask planDestroy. Nothing is written: the scope is as it was before us.
    let reading: Reading;
    try {
      reading = await backendOf(prior, ctx).read(placeOf(prior), operation(ctx));
    } catch (error) {
      if (!(error instanceof DhcpError) || error.kind === "cancelled") throw explained(error);
      throw refuseDestroy(prior, `what it serves could not be read (${error.summary}: ${error.detail})`);
    }
    requireSource(prior, reading.answers, memoryOf(data));
  },

  import: {
    idForm: ID_FORM,
    hint: ID_HINT,
    async run(id, ctx) {
      const args = { ...importedArguments(id), go_if: {} };
      let reading: Reading;
      try {
        reading = await backendOf(args, ctx).read(placeOf(args), operation(ctx));
      } catch (error) {
        throw explained(error);
      }
      const serve = served(args, reading.answers, "source") as State["serve"];
      const memory = remember(null, reading, sourceOf({ ...args, serve }));
      return {
        state: {
          ...args,
          serve,
          observed: observedIn(memory),
          findings: findingsFor(args, placeOf(args), memory),
          id: idOf(args.server, placeOf(args)),
        },
        private: asJson(memory),
      };
    },
  },
});

/** Makes the scope answer what is declared, or only proves that it still answers what was planned upon. */
function reach(
  state: State,
  memory: Memory,
  { writes, saves, answer }: Decision,
  ctx: Ctx,
): Promise<Reading> {
  const backend = backendOf(state, ctx);
  const restore = state.serve === "source" ? (memory.source ?? undefined) : undefined;
  // Forward fails closed; on the way back a switch that could not be saved is better than none.
  const unsaved = state.serve === "destination" && writes ? "undo" : "keep";
  // Of a pair one may answer so already, and not have saved it.
  const save = memory.unsaved === true;
  const change: Change = { answer, expected: memory.answers, restore, unsaved, save };
  // Should the wave be stopped: see dhcp_scope_guard.
  if (state.serve === "destination" && memory.source !== null) ctx.client.moved.set(state.id, memory.source);
  if (writes || saves) return backend.apply(placeOf(state), change, operation(ctx));
  return backend.read(placeOf(state), operation(ctx)).then((reading) => {
    if (isDeepStrictEqual(reading.answers, memory.answers)) return reading;
    throw changedBySomebody(
      state.server,
      scopeText(placeOf(state)),
      `When this was planned, DHCP server "${state.server}" answered ${memory.answers.map(textOf).join(" / ")}; now it answers ${reading.answers.map(textOf).join(" / ")}. Nothing was written: plan again`,
    );
  });
}

/** After a failed update: the prior state, with what the scope serves now. */
async function whatIsTrue(prior: State, memory: Memory, ctx: Ctx) {
  // What only the plan of a save says of itself is not repeated: the next one has to differ.
  const state = { ...prior, findings: prior.findings.filter((f) => f.kind !== UNSAVED.kind) };
  try {
    // The operation may have been cancelled; this read is short.
    const signal = AbortSignal.timeout(15_000);
    const reading = await backendOf(prior, ctx).read(placeOf(prior), { signal });
    const serve = served(prior, reading.answers, prior.serve) as State["serve"];
    return {
      state: { ...state, serve },
      private: asJson(remember(memory, reading, sourceOf(prior as Declared))),
    };
  } catch {
    return { state, private: asJson({ ...memory, reached: false }) };
  }
}

function requireSource(prior: State, answers: Memory["answers"], memory: Memory | null): void {
  // A restart would take it back to the destination.
  if (memory?.unsaved) throw refuseDestroy(prior, UNSAVED.value);
  if (served(prior, answers, "mixed") === "source") return;
  throw refuseDestroy(
    prior,
    `it serves ${answers.map(textOf).join(" / ")}, which is not the source's answer`,
  );
}

const refuseDestroy = (prior: State, why: string) =>
  new DiagnosticError(
    `${nameOf(placeOf(prior))} is not let go of`,
    `On DHCP server "${prior.server}" ${why}. Destroying moves nothing. If it was taken out of the declaration, put it back, and first set serve to "source" (constructs: registeredOn of the wave) and apply. ` +
      'Or, to leave the scope as it is for good, set on_destroy to "keep" (constructs: onDestroy: "keep" of PhoneMigration), apply, and destroy then.',
  );

function knownAddresses(list: Planned["source_addresses"]): readonly string[] {
  if (list === null || list === UNKNOWN) return [];
  return list.filter((a): a is string => typeof a === "string");
}

function demandAddresses(state: State): void {
  const list = unread(state);
  if (!list) return;
  throw new DiagnosticError(
    `No TFTP servers for option 150 of ${scopeText(placeOf(state))}`,
    `The attribute ${list} is empty: the cluster that it comes from could not be read, or no node of it runs TFTP. See the warnings of this run. Nothing was written.`,
    [{ attribute: list }],
  );
}

function demandMemory(data: Json, state: State): Memory {
  const memory = memoryOf(data);
  if (memory) return memory;
  throw new DiagnosticError(
    `${nameOf(placeOf(state))} was not read`,
    `DHCP server "${state.server}" did not answer when this was planned; see the warnings of this run. Nothing was written: deploy again when it answers.`,
  );
}
