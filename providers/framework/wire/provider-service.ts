import type { Logger } from "../define";
import type { Diagnostic } from "../diagnostic";
import type { Schema } from "../schema/attribute";
import { typeOfSchema } from "../schema/schema-type";
import type { CtyType, Json, Value } from "../schema/value";
import type { ProviderServer } from "../server/provider-server";
import { encodePath } from "./attribute-path";
import { DecodeError } from "./decode-error";
import { encodeDiagnostic } from "./diagnostics";
import { readDynamic, writeDynamic } from "./dynamic-value";
import { type Method, type Running, unary } from "./grpc/service";
import { parseJson } from "./json-value";
import type { Draft, MessageOf } from "./protobuf/message";
import { encodeSchema } from "./schema-message";
import { type DiagnosticMessage, PROVIDER_SERVICE, type Rpc, rpcs } from "./tfplugin6";

type Rpcs = typeof rpcs;
type RequestOf<N extends keyof Rpcs> = Rpcs[N] extends Rpc<infer Request, infer _> ? Request : never;
type ResponseOf<N extends keyof Rpcs> =
  Rpcs[N] extends Rpc<infer _, infer Response> ? Draft<Response> : never;

/** A response before its diagnostics are encoded. */
type Answer<N extends keyof Rpcs> = Omit<ResponseOf<N>, "diagnostics"> & {
  readonly diagnostics?: readonly Diagnostic[];
};
type Handlers = {
  readonly [N in keyof Rpcs]: (request: RequestOf<N>, running: Running) => Answer<N> | Promise<Answer<N>>;
};

const CAPABILITIES = {
  plan_destroy: true,
  get_provider_schema_optional: true,
  move_resource_state: true,
} as const;

/** Says no more than one sentence: a mistake of the host's or the user's, not of the provider's. */
class RequestError extends Error {}

/**
 * `tfplugin6.Provider` on top of a {@link ProviderServer}: decodes the request, asks the server, encodes what it
 * answers. Every failure is a diagnostic; a call never fails as such.
 *
 * @param stop what StopProvider does: abort the work in flight, of every call.
 */
export function providerService(
  server: ProviderServer,
  { stop, log }: { readonly stop: () => void; readonly log: Logger },
): readonly (readonly [string, Method])[] {
  const all = handlers(server, stop);
  return (Object.keys(rpcs) as (keyof Rpcs)[]).map((name) => [
    `/${PROVIDER_SERVICE}/${name}`,
    method(name, all[name] as AnyHandler, log),
  ]);
}

type AnyHandler = (
  request: unknown,
  running: Running,
) => Promise<{ readonly diagnostics?: readonly Diagnostic[] }>;

function method(name: keyof Rpcs, handler: AnyHandler, log: Logger): Method {
  const { request, response } = rpcs[name] as Rpc<
    unknown,
    { diagnostics: MessageOf<typeof DiagnosticMessage>[] }
  >;
  const respond = (answer: Awaited<ReturnType<AnyHandler>>) => ({
    ...answer,
    diagnostics: answer.diagnostics?.map(encodeDiagnostic) ?? [],
  });
  return unary(request, response, async (decoded, running) => {
    try {
      return respond(await handler(decoded, running));
    } catch (error) {
      return respond({ diagnostics: [diagnose(name, error, log)] });
    }
  });
}

function diagnose(name: keyof Rpcs, error: unknown, log: Logger): Diagnostic {
  if (error instanceof RequestError) {
    return { severity: "error", summary: `${name} cannot be answered`, detail: error.message };
  }
  if (error instanceof DecodeError) {
    return {
      severity: "error",
      summary: `${name}: a value cannot be decoded`,
      detail: `${error.message}. The host and the provider do not agree about the schema.`,
    };
  }
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  // The frames only: what the message says is in the diagnostic, where the user sees it.
  log.error("provider bug", { call: name, frames: stack.split("\n").filter((l) => /^\s+at /.test(l)) });
  return {
    severity: "error",
    summary: `Provider bug in ${name}`,
    detail: `${message}. This is a defect of the provider, not of the configuration: please report it.`,
  };
}

function handlers(server: ProviderServer, stop: () => void): Handlers {
  const { definition } = server;
  const resources = catalogue("resource", definition.resources);
  const dataSources = catalogue("data source", definition.dataSources);
  const configuration = typeOfSchema(definition.attributes);

  return {
    GetMetadata: () => ({
      server_capabilities: CAPABILITIES,
      resources: definition.resources.map(({ type }) => ({ type_name: type })),
      data_sources: definition.dataSources.map(({ type }) => ({ type_name: type })),
    }),
    GetProviderSchema: () => ({
      provider: encodeSchema(definition.attributes, { description: definition.description }),
      resource_schemas: new Map(definition.resources.map((r) => [r.type, encodeSchema(r.attributes, r)])),
      data_source_schemas: new Map(
        definition.dataSources.map((d) => [
          d.type,
          encodeSchema(d.attributes, { description: d.description }),
        ]),
      ),
      server_capabilities: CAPABILITIES,
    }),
    // No resource has an identity, and there are no functions: said so, because only some hosts take silence.
    GetResourceIdentitySchemas: () => ({}),
    GetFunctions: () => ({}),

    ValidateProviderConfig: ({ config }) =>
      server.validateProviderConfig({ config: readDynamic(config, configuration) }),
    ConfigureProvider: ({ config }, { signal }) =>
      server.configureProvider({ config: readDynamic(config, configuration), signal }),

    ValidateResourceConfig: ({ type_name: type, config, client_capabilities: client }) =>
      server.validateResourceConfig({
        type,
        config: readDynamic(config, resources(type)),
        writeOnlyAllowed: client?.write_only_attributes_allowed ?? false,
      }),
    UpgradeResourceState: async ({ type_name: type, version, raw_state: raw }) => {
      const of = resources(type);
      const { state, diagnostics } = await server.upgradeResourceState({
        type,
        version,
        json: stored(raw?.json),
      });
      return { upgraded_state: writeDynamic(state, of), diagnostics };
    },
    ReadResource: async ({ type_name: type, current_state, private: kept }, { signal }) => {
      const of = resources(type);
      const result = await server.readResource({
        type,
        current: readDynamic(current_state, of),
        private: kept,
        signal,
      });
      return {
        new_state: writeDynamic(result.state, of),
        private: result.private,
        diagnostics: result.diagnostics,
      };
    },
    PlanResourceChange: async (request, { signal }) => {
      const { type_name: type } = request;
      const of = resources(type);
      const result = await server.planResourceChange({
        type,
        prior: readDynamic(request.prior_state, of),
        proposed: readDynamic(request.proposed_new_state, of),
        config: readDynamic(request.config, of),
        priorPrivate: request.prior_private,
        signal,
      });
      return {
        planned_state: writeDynamic(result.planned, of),
        requires_replace: result.requiresReplace.map(encodePath),
        planned_private: result.plannedPrivate,
        diagnostics: result.diagnostics,
      };
    },
    ApplyResourceChange: async (request, { signal }) => {
      const { type_name: type } = request;
      const of = resources(type);
      const result = await server.applyResourceChange({
        type,
        prior: readDynamic(request.prior_state, of),
        planned: readDynamic(request.planned_state, of),
        config: readDynamic(request.config, of),
        plannedPrivate: request.planned_private,
        signal,
      });
      return {
        new_state: writeDynamic(result.state, of),
        private: result.private,
        diagnostics: result.diagnostics,
      };
    },
    ImportResourceState: async ({ type_name: type, id }, { signal }) => {
      resources(type);
      const { imported, diagnostics } = await server.importResourceState({ type, id, signal });
      return {
        imported_resources: imported.map((one) => ({
          type_name: one.type,
          state: writeDynamic(one.state, resources(one.type)),
          private: one.private,
        })),
        diagnostics,
      };
    },
    MoveResourceState: async (request) => {
      const { target_type_name: type, source_state: raw } = request;
      const of = resources(type);
      const {
        state,
        private: kept,
        diagnostics,
      } = await server.moveResourceState({
        type,
        source: {
          provider: request.source_provider_address,
          type: request.source_type_name,
          version: request.source_schema_version,
          json: stored(raw?.json),
        },
      });
      return { target_state: writeDynamic(state, of), target_private: kept, diagnostics };
    },

    ValidateDataResourceConfig: ({ type_name: type, config }) =>
      server.validateDataSourceConfig({ type, config: readDynamic(config, dataSources(type)) }),
    ReadDataSource: async ({ type_name: type, config }, { signal }) => {
      const of = dataSources(type);
      const { state, diagnostics } = await server.readDataSource({
        type,
        config: readDynamic(config, of),
        signal,
      });
      return { state: writeDynamic(state as Value, of), diagnostics };
    },

    StopProvider: () => {
      stop();
      return {};
    },
  };
}

/** A stored state. What came before JSON is in another field, which we do not read. */
function stored(json: Uint8Array | undefined): Json {
  if (json !== undefined && json.length > 0) return parseJson(json);
  throw new RequestError(
    "The stored state is in the format of Terraform before 0.12, which is not supported.",
  );
}

/** Looks a type name up and gives the type of its values. */
function catalogue(
  kind: string,
  definitions: readonly { readonly type: string; readonly attributes: Schema }[],
): (type: string) => CtyType {
  const schemas = new Map(definitions.map(({ type, attributes }) => [type, attributes]));
  return (type) => {
    const attributes = schemas.get(type);
    if (attributes === undefined) throw new RequestError(`This provider has no ${kind} ${type}.`);
    return typeOfSchema(attributes);
  };
}
