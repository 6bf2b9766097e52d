import { isDeepStrictEqual } from "node:util";
import { defineResource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { importArguments, importHint } from "../../rules/import-id";
import { type Answer, DhcpError, sameAnswer, scopeText } from "../backends/backend";
import type { DhcpServers } from "../servers";
import { answerOf, type Declared, textOf } from "./option-150-decision";
import { backendOf, type Ctx, idOf, operation, placeOf } from "./option-150-device";
import { importedArguments } from "./option-150-import";
import { keepUnread, unread } from "./option-150-plan";
import { addressesProblem } from "./option-150-schema";
import { SCOPE_FORMS, scopeAttributes } from "./option-150-scope";

const attributes = {
  stopped: attr.bool({
    required: true,
    description:
      "Whether the wave was stopped: `stopped` of its `cucm_phone_registration`, with `on_stop` = `report`.",
  }),
  scopes: attr.listOf(
    {
      server: attr.string({
        required: true,
        description: "Name of the DHCP server in the provider's `servers`.",
      }),
      scope: attr.object(scopeAttributes, {
        required: true,
        description: `Where the DHCP server keeps the option: ${SCOPE_FORMS}.`,
      }),
      destination_addresses: attr.list("string", {
        required: true,
        description:
          "TFTP servers of the destination cluster; a scope that serves anything else is left alone. An empty list: as for `dhcp_option_150`.",
        validate: [addressesProblem],
      }),
      source_addresses: attr.list("string", {
        optional: true,
        description:
          "TFTP servers of the source cluster, which are put back. Left out: the scope inherits its answer. An empty list: as for `dhcp_option_150`.",
        validate: [addressesProblem],
      }),
    },
    { required: true, description: "The scopes of the wave, as its `dhcp_option_150` declare them." },
  ),
} as const;

const ID_FORM =
  '{"scopes":[{"server":"kea","scope":{"subnet":"10.1.20.0/24"},"source_addresses":["10.10.0.12"],"destination_addresses":["10.20.0.12"]}]}';
const ID_SHAPE = { required: { scopes: "array" } } as const;

type State = StateOf<typeof attributes>;
type Guarded = State["scopes"][number];

/**
 * A step of its own, after the registration: core runs nothing that depends on a resource that failed, so the
 * registration reports that it was stopped, this puts the scopes back, and fails in its place.
 */
export const scopeGuardResource = defineResource<DhcpServers>()({
  type: "dhcp_scope_guard",
  description:
    "Puts option 150 of a wave's scopes back on the source when the wave was stopped, and stops what comes after it. " +
    "While the wave is not stopped it does nothing; neither does its destroy.",
  example: `resource "dhcp_scope_guard" "hq" {
  stopped = cucm_phone_registration.hq.stopped
  scopes = [{
    server                = "kea"
    scope                 = { subnet = "10.1.20.0/24" }
    source_addresses      = ["10.10.0.12", "10.10.0.13"]
    destination_addresses = ["10.20.0.12", "10.20.0.13"]
  }]
}`,
  attributes,

  async plan({ prior, planned }) {
    const { scopes } = planned;
    if (prior === null || scopes === UNKNOWN) return { planned };
    // A cluster that cannot be read now answers what it answered before, as in dhcp_option_150.
    const kept = scopes.map((one, i) => {
      const before = prior.scopes[i];
      if (one === UNKNOWN || before === undefined || one.server !== before.server) return one;
      return isDeepStrictEqual(one.scope, before.scope) ? keepUnread(one, before) : one;
    });
    return { planned: { ...planned, scopes: kept } };
  },

  async read({ state }) {
    return { state };
  },

  // A create or an update that stopped records nothing: the next run does it again.
  async create({ planned }, ctx) {
    await guard(planned as State, ctx);
    return { state: planned as State };
  },
  async update({ planned }, ctx) {
    await guard(planned as State, ctx);
    return { state: planned as State };
  },
  async delete() {},

  import: {
    idForm: ID_FORM,
    hint: importHint(ID_SHAPE, ID_FORM),
    async run(id) {
      const { scopes } = importArguments<{ readonly scopes: readonly unknown[] }>(id, ID_SHAPE, ID_FORM);
      return {
        state: {
          stopped: false,
          scopes: scopes.map((scope) => {
            const { on_destroy: _, ...guarded } = importedArguments(JSON.stringify(scope));
            return guarded;
          }),
        },
      };
    },
  },
});

async function guard({ stopped, scopes }: State, ctx: Ctx): Promise<void> {
  if (!stopped) return;
  const outcomes = await Promise.all(scopes.map((scope) => restored(scope, ctx)));
  const kept = outcomes.filter((o) => !o.restored);
  throw new DiagnosticError(
    kept.length === 0
      ? "The wave was stopped, and its scopes serve the source again"
      : `The wave was stopped, and ${kept.length} of its ${scopes.length} scopes could not be put back`,
    `${outcomes.map((o) => `- ${o.text}`).join("\n")}\n` +
      "The warnings of this run name the phones that did not follow. Those that did stay where they are registered, and come back when they ask for their files the next time. " +
      "Mend what stopped the wave and deploy again, or declare it on the source.",
  );
}

/** Errors are told, not thrown: the other scopes are put back all the same. */
async function restored(
  one: Guarded,
  ctx: Ctx,
): Promise<{ readonly restored: boolean; readonly text: string }> {
  const { server } = one;
  const scope = placeOf(one);
  const name = `option 150 of ${scopeText(scope)} on DHCP server "${server}"`;
  const list = unread(one);
  if (list !== null)
    return {
      restored: false,
      text: `${name}: ${list} is empty, since the cluster that it comes from could not be read: it is left alone`,
    };
  const declared: Declared = { ...one, serve: "source" };
  const [source, destination]: readonly Answer[] = [
    answerOf(declared, "source"),
    answerOf(declared, "destination"),
  ];
  try {
    const backend = backendOf(one, ctx);
    const { answers } = await backend.read(scope, operation(ctx));
    if (answers.every((a) => sameAnswer(a, source!)))
      return { restored: true, text: `${name} serves the source already` };
    const third = answers.find((a) => !sameAnswer(a, source!) && !sameAnswer(a, destination!));
    if (third !== undefined)
      return {
        restored: false,
        text: `${name} serves ${textOf(third)}, which is neither the source's nor the destination's: it is left alone`,
      };
    const restore = ctx.client.moved.get(idOf(server, scope));
    await backend.apply(
      scope,
      { answer: source!, expected: answers, restore, unsaved: "keep" },
      operation(ctx),
    );
    return { restored: true, text: `${name} serves ${textOf(source!)} again` };
  } catch (error) {
    if (!(error instanceof DhcpError)) throw error;
    return { restored: error.kind === "unsaved", text: `${name}: ${error.summary}. ${error.detail}` };
  }
}
