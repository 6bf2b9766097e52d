import type * as http2 from "node:http2";
import type { CtyType, Value } from "../../schema/value";
import { decodePath } from "../../wire/attribute-path";
import { DecodeError } from "../../wire/decode-error";
import { decodeDiagnostic } from "../../wire/diagnostics";
import { readDynamic, writeDynamic } from "../../wire/dynamic-value";
import type { Draft } from "../../wire/protobuf/message";
import { PROVIDER_SERVICE, type Rpc, rpcs } from "../../wire/tfplugin6";
import type { ProviderClient } from "./client";
import { ALSO_ASKED, additions, type Generation, refined, TERRAFORM_VERSION } from "./generation";
import { grpcCall } from "./grpc-call";
import { BrokenRule } from "./rule";
import { type HostSchemas, objectType } from "./schema";
import { schemaFromMessage } from "./schema-message";

type Rpcs = typeof rpcs;
type RequestOf<N extends keyof Rpcs> = Rpcs[N] extends Rpc<infer Request, infer _> ? Draft<Request> : never;
type ResponseOf<N extends keyof Rpcs> = Rpcs[N] extends Rpc<infer _, infer Response> ? Response : never;

/** `tfplugin6.Provider` over an open connection. */
export function wireClient(
  session: http2.ClientHttp2Session,
  generation: Generation = "tested",
): Omit<ProviderClient, "close"> {
  const newest = generation === "newest";
  const capabilities = (write_only_attributes_allowed: boolean) => ({
    deferral_allowed: newest,
    write_only_attributes_allowed,
  });
  const dynamic = (value: Value, type: CtyType) => {
    const written = writeDynamic(value, type);
    return newest ? { msgpack: refined(written.msgpack!) } : written;
  };
  let known: Promise<HostSchemas> | undefined;

  async function call<N extends keyof Rpcs>(
    name: N,
    request: RequestOf<N>,
    signal?: AbortSignal,
  ): Promise<ResponseOf<N>> {
    const { request: asked, response } = rpcs[name] as Rpc<unknown, ResponseOf<N>>;
    const sent = asked.encode(request as object);
    const bytes = await grpcCall(
      session,
      `/${PROVIDER_SERVICE}/${name}`,
      newest ? Buffer.concat([sent, additions(name)]) : sent,
      signal,
    );
    return conforming(name, () => response.decode(bytes));
  }

  const schemas = () => {
    known ??= call("GetProviderSchema", {}).then(async (answer) => {
      for (const name of ALSO_ASKED[generation]) await call(name, {});
      return schemasOf(answer);
    });
    return known;
  };
  const typesOf = async (kind: "resources" | "dataSources", type: string): Promise<CtyType> => {
    const found = (await schemas())[kind].get(type);
    if (!found) throw new TypeError(`The provider has no ${type}.`);
    return objectType(kind === "resources" ? (found as { attributes: never }).attributes : (found as never));
  };
  const configuration = async () => objectType((await schemas()).provider);
  const said = (fields: readonly Parameters<typeof decodeDiagnostic>[0][]) => fields.map(decodeDiagnostic);

  return {
    schemas,
    stop: async () => {
      await call("StopProvider", {});
    },
    validateProviderConfig: async ({ config }) => {
      const answer = await call("ValidateProviderConfig", {
        config: dynamic(config, await configuration()),
      });
      return { diagnostics: said(answer.diagnostics) };
    },
    configureProvider: async ({ config, signal }) => {
      const request = {
        terraform_version: TERRAFORM_VERSION[generation],
        config: dynamic(config, await configuration()),
        client_capabilities: capabilities(true),
      };
      return { diagnostics: said((await call("ConfigureProvider", request, signal)).diagnostics) };
    },
    validateResourceConfig: async ({ type, config, writeOnlyAllowed }) => {
      const answer = await call("ValidateResourceConfig", {
        type_name: type,
        config: dynamic(config, await typesOf("resources", type)),
        client_capabilities: capabilities(writeOnlyAllowed),
      });
      return { diagnostics: said(answer.diagnostics) };
    },
    upgradeResourceState: async ({ type, version, json }) => {
      const of = await typesOf("resources", type);
      const raw_state = { json: Buffer.from(JSON.stringify(json)) };
      const answer = await call("UpgradeResourceState", { type_name: type, version, raw_state });
      const state = read(`upgrade of ${type}`, answer.upgraded_state, of);
      return { state, diagnostics: said(answer.diagnostics) };
    },
    readResource: async ({ type, current, private: kept, signal }) => {
      const of = await typesOf("resources", type);
      const answer = await call(
        "ReadResource",
        { type_name: type, current_state: dynamic(current, of), private: kept },
        signal,
      );
      const state = read(`read of ${type}`, answer.new_state, of);
      return { state, private: answer.private, diagnostics: said(answer.diagnostics) };
    },
    planResourceChange: async ({ type, prior, proposed, config, priorPrivate, signal }) => {
      const of = await typesOf("resources", type);
      const request = {
        type_name: type,
        prior_state: dynamic(prior, of),
        proposed_new_state: dynamic(proposed, of),
        config: dynamic(config, of),
        prior_private: priorPrivate,
      };
      const answer = await call("PlanResourceChange", request, signal);
      return {
        planned: read(`plan of ${type}`, answer.planned_state, of),
        requiresReplace: answer.requires_replace.map(decodePath),
        plannedPrivate: answer.planned_private,
        diagnostics: said(answer.diagnostics),
      };
    },
    applyResourceChange: async ({ type, prior, planned, config, plannedPrivate, signal }) => {
      const of = await typesOf("resources", type);
      const request = {
        type_name: type,
        prior_state: dynamic(prior, of),
        planned_state: dynamic(planned, of),
        config: dynamic(config, of),
        planned_private: plannedPrivate,
      };
      const answer = await call("ApplyResourceChange", request, signal);
      const state = read(`apply of ${type}`, answer.new_state, of);
      return { state, private: answer.private, diagnostics: said(answer.diagnostics) };
    },
    importResourceState: async ({ type, id, signal }) => {
      const answer = await call("ImportResourceState", { type_name: type, id }, signal);
      const imported = answer.imported_resources.map(
        async (one): Promise<Imported> => ({
          type: one.type_name,
          state: read(`import of ${type}`, one.state, await typesOf("resources", one.type_name)),
          private: one.private,
        }),
      );
      return { imported: await Promise.all(imported), diagnostics: said(answer.diagnostics) };
    },
    moveResourceState: async ({ type, source }) => {
      const of = await typesOf("resources", type);
      const answer = await call("MoveResourceState", {
        source_provider_address: source.provider,
        source_type_name: source.type,
        source_schema_version: source.version,
        source_state: { json: Buffer.from(JSON.stringify(source.json)) },
        target_type_name: type,
      });
      const state = read(`move to ${type}`, answer.target_state, of);
      return { state, private: answer.target_private, diagnostics: said(answer.diagnostics) };
    },
    validateDataSourceConfig: async ({ type, config }) => {
      const value = dynamic(config, await typesOf("dataSources", type));
      const answer = await call("ValidateDataResourceConfig", { type_name: type, config: value });
      return { diagnostics: said(answer.diagnostics) };
    },
    readDataSource: async ({ type, config, signal }) => {
      const of = await typesOf("dataSources", type);
      const request = { type_name: type, config: dynamic(config, of) };
      const answer = await call("ReadDataSource", request, signal);
      return { state: read(`read of ${type}`, answer.state, of), diagnostics: said(answer.diagnostics) };
    },
  };
}

type Imported = Awaited<ReturnType<ProviderClient["importResourceState"]>>["imported"][number];

const read = (where: string, fields: Parameters<typeof readDynamic>[0], type: CtyType): Value =>
  conforming(where, () => readDynamic(fields, type));

/** What does not decode does not conform. */
function conforming<T>(where: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new BrokenRule(where, [{ rule: "type-conforms", path: [], found: error.message }]);
  }
}

const schemasOf = ({
  provider,
  resource_schemas,
  data_source_schemas,
}: ResponseOf<"GetProviderSchema">): HostSchemas => ({
  provider: schemaFromMessage(provider),
  resources: new Map(
    [...resource_schemas].map(([type, schema]) => [
      type,
      { version: schema?.version ?? 0, attributes: schemaFromMessage(schema) },
    ]),
  ),
  dataSources: new Map([...data_source_schemas].map(([type, schema]) => [type, schemaFromMessage(schema)])),
});
