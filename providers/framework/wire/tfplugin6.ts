import {
  bool,
  bytes,
  embedded,
  enumeration,
  int64,
  type Message,
  mapOf,
  message,
  one,
  optional,
  repeated,
  string,
} from "./protobuf/message";

/**
 * The messages of Terraform's plugin protocol 6 that this framework speaks: names and field numbers as of 6.11,
 * which are the same in every 6.x. Fields that we neither read nor write (deferral, identity, provider
 * meta-arguments and so on) are left out: the decoder passes over them.
 */

export const DynamicValueMessage = message("DynamicValue", { msgpack: one(1, bytes), json: one(2, bytes) });

export const Severity = { error: 1, warning: 2 } as const;

export const AttributePathMessage = message("AttributePath", {
  steps: repeated(
    1,
    message("AttributePath.Step", {
      attribute_name: optional(1, string),
      element_key_string: optional(2, string),
      element_key_int: optional(3, int64),
    }),
  ),
});

export const DiagnosticMessage = message("Diagnostic", {
  severity: one(1, enumeration),
  summary: one(2, string),
  detail: one(3, string),
  attribute: embedded(4, AttributePathMessage),
});

const diagnostics = (number: number) => repeated(number, DiagnosticMessage);
const dynamic = (number: number) => embedded(number, DynamicValueMessage);

const RawState = message("RawState", { json: one(1, bytes), flatmap: mapOf(2, one(2, string)) });

export const ClientCapabilities = message("ClientCapabilities", {
  deferral_allowed: one(1, bool),
  write_only_attributes_allowed: one(2, bool),
});

export const ServerCapabilities = message("ServerCapabilities", {
  /** Plan is called for destroys too. */
  plan_destroy: one(1, bool),
  /** The host may use a schema that it has cached and never call GetProviderSchema. */
  get_provider_schema_optional: one(2, bool),
  move_resource_state: one(3, bool),
  generate_resource_config: one(4, bool),
});

// ---- Schema -------------------------------------------------------------------------------------------------

export const StringKind = { plain: 0, markdown: 1 } as const;
/** `Schema.Object.NestingMode`. */
export const NestingMode = { single: 1, list: 2, set: 3, map: 4 } as const;

export interface SchemaAttributeFields {
  name: string;
  /** JSON of the type; empty when `nested_type` is set. */
  type: Uint8Array;
  description: string;
  required: boolean;
  optional: boolean;
  computed: boolean;
  sensitive: boolean;
  description_kind: number;
  deprecated: boolean;
  nested_type: SchemaObjectFields | undefined;
  write_only: boolean;
}
export interface SchemaObjectFields {
  attributes: SchemaAttributeFields[];
  nesting: number;
}

export const SchemaAttribute: Message<SchemaAttributeFields> = message("Schema.Attribute", {
  name: one(1, string),
  type: one(2, bytes),
  description: one(3, string),
  required: one(4, bool),
  optional: one(5, bool),
  computed: one(6, bool),
  sensitive: one(7, bool),
  description_kind: one(8, enumeration),
  deprecated: one(9, bool),
  // The two describe each other.
  nested_type: embedded<SchemaObjectFields>(10, () => SchemaObject),
  write_only: one(11, bool),
});

export const SchemaObject: Message<SchemaObjectFields> = message("Schema.Object", {
  attributes: repeated(1, SchemaAttribute),
  nesting: one(3, enumeration),
});

export const SchemaMessage = message("Schema", {
  version: one(1, int64),
  block: embedded(
    2,
    message("Schema.Block", {
      version: one(1, int64),
      attributes: repeated(2, SchemaAttribute),
      description: one(4, string),
      description_kind: one(5, enumeration),
      deprecated: one(6, bool),
    }),
  ),
});

const Empty = message("Empty", {});

// ---- The calls ----------------------------------------------------------------------------------------------

const TypeName = message("GetMetadata type", { type_name: one(1, string) });

/** One call: what is asked and what is answered. */
export interface Rpc<Request, Response> {
  readonly request: Message<Request>;
  readonly response: Message<Response>;
}

const rpc = <Request, Response>(
  request: Message<Request>,
  response: Message<Response>,
): Rpc<Request, Response> => ({ request, response });

/** The calls of `tfplugin6.Provider` that we answer; any other is UNIMPLEMENTED. */
export const rpcs = {
  GetMetadata: rpc(
    Empty,
    message("GetMetadata.Response", {
      server_capabilities: embedded(1, ServerCapabilities),
      diagnostics: diagnostics(2),
      data_sources: repeated(3, TypeName),
      resources: repeated(4, TypeName),
    }),
  ),
  GetProviderSchema: rpc(
    Empty,
    message("GetProviderSchema.Response", {
      provider: embedded(1, SchemaMessage),
      resource_schemas: mapOf(2, embedded(2, SchemaMessage)),
      data_source_schemas: mapOf(3, embedded(2, SchemaMessage)),
      diagnostics: diagnostics(4),
      provider_meta: embedded(5, SchemaMessage),
      server_capabilities: embedded(6, ServerCapabilities),
    }),
  ),
  GetResourceIdentitySchemas: rpc(
    Empty,
    message("GetResourceIdentitySchemas.Response", { diagnostics: diagnostics(2) }),
  ),
  GetFunctions: rpc(Empty, message("GetFunctions.Response", { diagnostics: diagnostics(2) })),
  ValidateProviderConfig: rpc(
    message("ValidateProviderConfig.Request", { config: dynamic(1) }),
    message("ValidateProviderConfig.Response", { diagnostics: diagnostics(2) }),
  ),
  ConfigureProvider: rpc(
    message("ConfigureProvider.Request", {
      terraform_version: one(1, string),
      config: dynamic(2),
      client_capabilities: embedded(3, ClientCapabilities),
    }),
    message("ConfigureProvider.Response", { diagnostics: diagnostics(1) }),
  ),
  ValidateResourceConfig: rpc(
    message("ValidateResourceConfig.Request", {
      type_name: one(1, string),
      config: dynamic(2),
      client_capabilities: embedded(3, ClientCapabilities),
    }),
    message("ValidateResourceConfig.Response", { diagnostics: diagnostics(1) }),
  ),
  ValidateDataResourceConfig: rpc(
    message("ValidateDataResourceConfig.Request", { type_name: one(1, string), config: dynamic(2) }),
    message("ValidateDataResourceConfig.Response", { diagnostics: diagnostics(1) }),
  ),
  UpgradeResourceState: rpc(
    message("UpgradeResourceState.Request", {
      type_name: one(1, string),
      version: one(2, int64),
      raw_state: embedded(3, RawState),
    }),
    message("UpgradeResourceState.Response", { upgraded_state: dynamic(1), diagnostics: diagnostics(2) }),
  ),
  ReadResource: rpc(
    message("ReadResource.Request", {
      type_name: one(1, string),
      current_state: dynamic(2),
      private: one(3, bytes),
    }),
    message("ReadResource.Response", {
      new_state: dynamic(1),
      diagnostics: diagnostics(2),
      private: one(3, bytes),
    }),
  ),
  PlanResourceChange: rpc(
    message("PlanResourceChange.Request", {
      type_name: one(1, string),
      prior_state: dynamic(2),
      proposed_new_state: dynamic(3),
      config: dynamic(4),
      prior_private: one(5, bytes),
    }),
    message("PlanResourceChange.Response", {
      planned_state: dynamic(1),
      requires_replace: repeated(2, AttributePathMessage),
      planned_private: one(3, bytes),
      diagnostics: diagnostics(4),
    }),
  ),
  ApplyResourceChange: rpc(
    message("ApplyResourceChange.Request", {
      type_name: one(1, string),
      prior_state: dynamic(2),
      planned_state: dynamic(3),
      config: dynamic(4),
      planned_private: one(5, bytes),
    }),
    message("ApplyResourceChange.Response", {
      new_state: dynamic(1),
      private: one(2, bytes),
      diagnostics: diagnostics(3),
    }),
  ),
  ImportResourceState: rpc(
    message("ImportResourceState.Request", { type_name: one(1, string), id: one(2, string) }),
    message("ImportResourceState.Response", {
      imported_resources: repeated(
        1,
        message("ImportResourceState.ImportedResource", {
          type_name: one(1, string),
          state: dynamic(2),
          private: one(3, bytes),
        }),
      ),
      diagnostics: diagnostics(2),
    }),
  ),
  MoveResourceState: rpc(
    message("MoveResourceState.Request", {
      source_provider_address: one(1, string),
      source_type_name: one(2, string),
      source_schema_version: one(3, int64),
      source_state: embedded(4, RawState),
      target_type_name: one(5, string),
      source_private: one(6, bytes),
    }),
    message("MoveResourceState.Response", {
      target_state: dynamic(1),
      diagnostics: diagnostics(2),
      target_private: one(3, bytes),
    }),
  ),
  ReadDataSource: rpc(
    message("ReadDataSource.Request", { type_name: one(1, string), config: dynamic(2) }),
    message("ReadDataSource.Response", { state: dynamic(1), diagnostics: diagnostics(2) }),
  ),
  StopProvider: rpc(Empty, message("StopProvider.Response", { Error: one(1, string) })),
} as const;

export const PROVIDER_SERVICE = "tfplugin6.Provider";
