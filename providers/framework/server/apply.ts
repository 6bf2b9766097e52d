import type { AnyResource, StateResult } from "../define";
import type { Schema } from "../schema/attribute";
import { isObject } from "../schema/equality";
import { hookView } from "../schema/hook-view";
import { typeOfSchema } from "../schema/schema-type";
import type { Json, Value } from "../schema/value";
import { checkNulls } from "./check-nulls";
import { checkResult, unknownPaths, withoutUnknowns } from "./check-result";
import { deadlineOf } from "./deadline";
import { decodePrivate, encodePrivate, privateOfState } from "./private-data";
import type { ProviderServer } from "./provider-server";
import { Operation, type Outcome, type Session } from "./session";
import { comparing, keepSpelling } from "./spelling";
import { bug } from "./thrown";

type Apply = ProviderServer["applyResourceChange"];
type Request = Parameters<Apply>[0];
type Answer = Awaited<ReturnType<Apply>>;

/**
 * Create, update or delete, by which of prior and planned is null.
 *
 * Whatever happens, the state that is returned is what is known to be true: after a failed create nothing, after
 * a failed update or delete the prior state, and what the hook returned when it reported an error and went on, or
 * when what it returned of a create is in part wrong.
 */
export const applyResourceChange =
  (session: Session): Apply =>
  async (request) => {
    const resource = session.resources.get(request.type)!;
    const { config, planned, prior, signal, type } = request;
    const op = new Operation(session, type, signal).protect(resource.attributes, config, planned, prior);
    if (request.planned === null) return applyDelete(op, resource, request);
    return request.prior === null ? applyCreate(op, resource, request) : applyUpdate(op, resource, request);
  };

async function applyCreate(op: Operation, resource: AnyResource<unknown>, request: Request): Promise<Answer> {
  const { config, planned, view, data } = read(op, resource, request);
  const outcome = await op.hook(
    "create",
    (ctx) => resource.create({ config: view(config), planned: view(planned), private: data.resource }, ctx),
    { deadline: deadlineOf(resource.attributes, "create", config), writes: true },
  );
  return settle(
    op,
    "create",
    resource.attributes,
    request,
    outcome,
    { state: null, private: null },
    data.resource,
  );
}

async function applyUpdate(op: Operation, resource: AnyResource<unknown>, request: Request): Promise<Answer> {
  const { config, planned, prior, view, data } = read(op, resource, request);
  const kept: Kept = { state: prior, private: privateOfState(data) };
  const { update } = resource;
  if (!update) {
    op.diagnostics.push(bug(op.subject, "It has no update, and was asked for one"));
    return answer(op, kept);
  }
  const outcome = await op.hook(
    "update",
    (ctx) =>
      update(
        { config: view(config), prior: view(prior), planned: view(planned), private: data.resource },
        ctx,
      ),
    { deadline: deadlineOf(resource.attributes, "update", config), writes: true },
  );
  return settle(op, "update", resource.attributes, request, outcome, kept, data.resource);
}

async function applyDelete(op: Operation, resource: AnyResource<unknown>, request: Request): Promise<Answer> {
  const { prior, view, data } = read(op, resource, request);
  if (prior === null) return answer(op, { state: null, private: null });
  // The state's, not the plan's: in a replacement core hands over the private data of the create.
  const own = privateOfState(data);
  await op.hook(
    "delete",
    (ctx) => resource.delete({ prior: view(prior), private: own, planned: data.destroy === true }, ctx),
    { deadline: deadlineOf(resource.attributes, "delete", prior), writes: true },
  );
  return answer(op, op.failed ? { state: prior, private: own } : { state: null, private: null });
}

function read(op: Operation, resource: AnyResource<unknown>, request: Request) {
  return {
    ...request,
    view: (value: Value) => hookView(resource.attributes, value),
    data: decodePrivate(request.plannedPrivate, op.log),
  };
}

interface Kept {
  readonly state: Value;
  readonly private: Json;
}

/** The hook's result, judged. `fallback` is what is known when the hook did not tell. */
function settle(
  op: Operation,
  hook: string,
  schema: Schema,
  { planned, prior, config }: Request,
  // biome-ignore lint/suspicious/noExplicitAny: the schema is not known here
  outcome: Outcome<StateResult<any>>,
  fallback: Kept,
  plannedPrivate: Json,
): Answer {
  if (!outcome.ok) return answer(op, fallback);
  const { value: state, sound } = op.salvage(hook, schema, outcome.value?.state, [planned, config, prior]);
  // What a create has made is recorded as far as it is known; of an update the next read tells.
  if (!sound && (prior !== null || !isObject(state))) return answer(op, fallback);
  const result = outcome.value.private;
  const kept: Kept = {
    state: keepSpelling(schema, planned, state, comparing(op, schema, state)),
    private: result === undefined ? plannedPrivate : result,
  };

  // An error is reported already: this is the partial state, in which core allows no unknown either.
  if (op.failed) return answer(op, { ...kept, state: withoutUnknowns(kept.state, prior) }, fallback);

  const unknown = unknownPaths(typeOfSchema(schema), kept.state).map((path) => ({
    path,
    message: "is still unknown: after apply every value must be known",
  }));
  const broken = [
    ...unknown,
    ...checkResult(schema, planned, kept.state),
    ...checkNulls(schema, planned, kept.state),
  ];
  // A hook that stopped when it was told to has not done all that was planned.
  if (broken.length > 0 && op.interrupted) op.diagnostics.push(op.interrupted);
  else op.bugs(`The ${hook} returned`, distinct(broken));
  return answer(op, { ...kept, state: withoutUnknowns(kept.state, prior) }, fallback);
}

/** The first problem of each path. */
function distinct<P extends { readonly path: unknown }>(problems: readonly P[]): P[] {
  const seen = new Map<string, P>();
  for (const problem of problems) {
    const key = JSON.stringify(problem.path);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}

/** `fallback` gives the private data when the hook's own cannot be kept. */
function answer(op: Operation, kept: Kept, fallback: Kept = kept): Answer {
  const bytes = op.encode("apply", () => encodePrivate({ resource: kept.private }));
  return {
    state: kept.state,
    private: bytes ?? encodePrivate({ resource: fallback.private }),
    diagnostics: op.diagnostics,
  };
}
