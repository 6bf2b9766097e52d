import type { AnyResource } from "../define";
import { equal } from "../schema/equality";
import { hookView } from "../schema/hook-view";
import { showPath } from "../schema/path";
import { typeOfSchema } from "../schema/schema-type";
import type { Json, Value } from "../schema/value";
import { asking } from "./asking";
import { checkNulls } from "./check-nulls";
import { checkPlan } from "./check-plan";
import { pipeline } from "./plan-pipeline";
import { decodePrivate, encodePrivate, type PrivateData, privateOfState } from "./private-data";
import type { ProviderServer } from "./provider-server";
import { replaces, requiresReplacePaths } from "./requires-replace";
import { Operation, type Session } from "./session";
import { bug } from "./thrown";

type Plan = ProviderServer["planResourceChange"];
type Request = Parameters<Plan>[0];
type Answer = Awaited<ReturnType<Plan>>;

/**
 * Create, update and destroy. The pipeline plans, the resource's `plan` hook adjusts, core's rules are checked.
 *
 * Core plans twice: when the user asks, and again at apply with everything known. What was known in the first
 * plan must come out of the second unchanged, so a hook is a function of what it is given (and, for a create,
 * of the device). Without any difference from prior it is asked all the same: it makes an update by planning a
 * computed attribute unknown, or with a value that is not the prior one.
 */
export const planResourceChange =
  (session: Session): Plan =>
  async (request) => {
    const resource = session.resources.get(request.type)!;
    const { prior, config } = request;
    const op = new Operation(session, request.type, request.signal).protect(
      resource.attributes,
      prior,
      config,
    );
    return request.proposed === null ? planDestroy(op, resource, request) : planChange(op, resource, request);
  };

async function planDestroy(op: Operation, resource: AnyResource<unknown>, request: Request): Promise<Answer> {
  const { prior, priorPrivate } = request;
  const hook = resource.planDestroy;
  const data = privateOfState(decodePrivate(priorPrivate, op.log));
  if (hook && prior !== null) {
    await op.hook("planDestroy", (ctx) =>
      hook({ prior: hookView(resource.attributes, prior), private: data }, ctx),
    );
  }
  const plannedPrivate = encodePrivate({ resource: data, destroy: true });
  return { planned: null, requiresReplace: [], plannedPrivate, diagnostics: op.diagnostics };
}

async function planChange(op: Operation, resource: AnyResource<unknown>, request: Request): Promise<Answer> {
  const { prior, proposed, config, priorPrivate } = request;
  const schema = resource.attributes;
  const refuse = (): Answer => ({
    planned: prior,
    requiresReplace: [],
    plannedPrivate: priorPrivate,
    diagnostics: op.diagnostics,
  });

  const outcome = await op.guard("plan", () => pipeline(schema, prior, proposed, config));
  if (!outcome.ok) return refuse();
  const received = decodePrivate(priorPrivate, op.log);
  // A create has no private data of its own, even when it is the second half of a replacement.
  const before = prior === null ? null : privateOfState(received);
  const adjusted = await runHook(op, resource, request, outcome.value, before);
  if (adjusted === undefined) return refuse();

  const { planned } = adjusted;
  op.bugs("It planned", checkPlan(schema, prior, config, planned));
  if (op.failed) return refuse();

  const asked = asking(op, schema, planned, "requiresReplace", replaces);
  const requiresReplace = requiresReplacePaths(schema, prior, planned, asked);
  if (op.failed) return refuse();
  if (requiresReplace.length === 0) needUpdate(op, resource, prior, planned);
  const plannedPrivate = op.encode("plan", () => encodePrivate(plannedData(adjusted.private, received)));
  if (op.failed || plannedPrivate === undefined) return refuse();
  return { planned, requiresReplace, plannedPrivate, diagnostics: op.diagnostics };
}

async function runHook(
  op: Operation,
  resource: AnyResource<unknown>,
  { prior, config }: Request,
  proposal: Value,
  before: Json,
): Promise<{ planned: Value; private: Json } | undefined> {
  const { plan, attributes: schema } = resource;
  if (!plan) return { planned: proposal, private: before };
  const view = (value: Value) => hookView(schema, value);
  const outcome = await op.hook("plan", (ctx) =>
    plan({ config: view(config), prior: view(prior), planned: view(proposal), private: before }, ctx),
  );
  if (!outcome.ok || op.failed) return undefined;
  const planned = op.conform("plan", schema, outcome.value?.planned, [proposal, config, prior]);
  if (planned === undefined) return undefined;
  op.bugs("The plan returned", checkNulls(schema, proposal, planned));
  return { planned, private: outcome.value.private === undefined ? before : outcome.value.private };
}

/** Without `update` every change must replace: said at plan, before anything is touched. */
function needUpdate(op: Operation, resource: AnyResource<unknown>, prior: Value, planned: Value): void {
  const schema = resource.attributes;
  if (resource.update || prior === null || equal(typeOfSchema(schema), prior, planned)) return;
  const changed = Object.keys(schema).filter((name) => {
    const [was, will] = [prior, planned].map((v) => (v as { readonly [n: string]: Value })[name]);
    return !equal(schema[name]!.type, (was ?? null) as Value, (will ?? null) as Value);
  });
  const names = changed.map((name) => `"${showPath([{ attribute: name }])}"`).join(", ");
  op.diagnostics.push(
    bug(
      op.subject,
      `It has no update, and the change of ${names} replaces nothing (requiresReplace is missing)`,
    ),
  );
}

/** Remembers the state's private data beside the plan's where they differ. */
function plannedData(planned: Json, received: PrivateData): PrivateData {
  const before = privateOfState(received);
  return planned === before || JSON.stringify(planned) === JSON.stringify(before)
    ? { resource: planned }
    : { resource: planned, before };
}
