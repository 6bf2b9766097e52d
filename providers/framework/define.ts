import type { ConfigOf, PlanOf, Returned, Schema, StateOf, UnknownConfigOf } from "./schema/attribute";
import type { AttributePath, Json } from "./schema/value";

/** Leveled, structured logging to the host (hclog JSON on stderr). Never pass secrets. */
export interface Logger {
  readonly trace: LogLine;
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}
export type LogLine = (message: string, fields?: { readonly [key: string]: Json }) => void;

/** What every hook is given. */
export interface Context<Client> {
  /** What the provider's `configure` returned. */
  readonly client: Client;
  /**
   * Aborted by StopProvider (Ctrl-C), by the client going away, when the operation's deadline passes, and when something
   * is thrown where nothing catches it. Who ignores it is named in the log; `create`, `update` and `delete` are waited
   * for all the same, the others are not.
   */
  readonly signal: AbortSignal;
  readonly log: Logger;
  warn(summary: string, detail: string, path?: AttributePath): void;
  /** Reports an error and goes on. To stop at once throw a `DiagnosticError`. */
  error(summary: string, detail: string, path?: AttributePath): void;
}

export type ValidateContext = Pick<Context<never>, "warn" | "error">;

/** A state, and the private data to keep with it (kept as it was when left out; null clears it). */
export interface StateResult<S extends Schema> {
  readonly state: StateOf<S> | Returned<StateOf<S>>;
  readonly private?: Json;
}

export interface PlanRequest<S extends Schema> {
  /** May hold unknowns; wholly known when core plans again at apply. */
  readonly config: UnknownConfigOf<S>;
  /** null for a create. */
  readonly prior: StateOf<S> | null;
  /**
   * What the pipeline planned: configuration, defaults, prior computed values; and, if anything differs from
   * `prior`, unknown for every computed attribute that is not kept.
   */
  readonly planned: PlanOf<S>;
  /** As Read (or the last apply) left it; null for a create. */
  readonly private: Json;
}

export interface PlanResult<S extends Schema> {
  readonly planned: PlanOf<S> | Returned<PlanOf<S>>;
  /** Handed to apply. Kept as it was when left out. */
  readonly private?: Json;
}

/** A type of resource whose state becomes one of ours when the user writes a `moved` block. */
export interface Move {
  /** The type that it was. */
  readonly from: string;
  /** Source address of that type's provider, e.g. `registry.terraform.io/hashicorp/null`; left out: this one. */
  readonly provider?: string;
  /**
   * Its state as stored, in `version` of its own schema; ours out, as JSON of the current version. Keys that ours
   * lacks are dropped and missing ones are null: core reads it next. Must not touch the device. The state's private
   * data is not taken over. Throw a `DiagnosticError` for a state that cannot be moved.
   */
  readonly run: (state: { readonly [name: string]: Json }, version: number) => Json;
}

/**
 * The only place a resource is described. The provider's behaviour, the CDKTF binding and the documentation
 * page all come from it.
 */
export interface ResourceDefinition<Client, S extends Schema> {
  /** The whole type name, `<provider>_<noun>`. */
  readonly type: string;
  /** Markdown: first sentence is the summary. */
  readonly description: string;
  /** HCL shown in the documentation. */
  readonly example: string;
  readonly attributes: S;
  /** State version; 0 when left out. */
  readonly version?: number;
  /** By the version that they start from: old state as JSON in, that of the next version out; run in order. */
  readonly upgraders?: { readonly [from: number]: (state: { readonly [name: string]: Json }) => Json };

  /** The types that can become this one, with Terraform 1.8 and later. OpenTofu 1.6 moves within a type only. */
  readonly moves?: readonly Move[];

  /** Checks between attributes. Must tolerate unknowns. */
  readonly validate?: (config: UnknownConfigOf<S>, ctx: ValidateContext) => void;
  /**
   * Adjusts the plan of a create or update. Pure, but for a create it may read the device. `planned` may set
   * known values for computed attributes and keep prior ones. Throw or `ctx.error` to refuse the plan.
   *
   * Also asked when nothing differs from `prior`: planning a computed attribute `UNKNOWN`, or known with another
   * value, makes an update. Asked again at apply with everything known: what was known in the first plan must
   * come out the same.
   */
  readonly plan?: (request: PlanRequest<S>, ctx: Context<Client>) => Promise<PlanResult<S>>;
  /** May refuse a destroy (throw). Not asked for replacement and taint: `delete` must repeat the refusal. */
  readonly planDestroy?: (
    request: { readonly prior: StateOf<S>; readonly private: Json },
    ctx: Context<Client>,
  ) => Promise<void>;

  /** null when it is gone. */
  readonly read: (
    request: { readonly state: StateOf<S>; readonly private: Json },
    ctx: Context<Client>,
  ) => Promise<StateResult<S> | null>;
  readonly create: (
    request: { readonly config: ConfigOf<S>; readonly planned: PlanOf<S>; readonly private: Json },
    ctx: Context<Client>,
  ) => Promise<StateResult<S>>;
  /** Left out: the resource has no update in place and every change must replace it. */
  readonly update?: (
    request: {
      readonly config: ConfigOf<S>;
      readonly prior: StateOf<S>;
      readonly planned: PlanOf<S>;
      readonly private: Json;
    },
    ctx: Context<Client>,
  ) => Promise<StateResult<S>>;
  readonly delete: (
    request: {
      readonly prior: StateOf<S>;
      readonly private: Json;
      /** Whether a destroy was planned; false in a replacement (taint, `-replace`), for which nobody asked `planDestroy`. */
      readonly planned: boolean;
    },
    ctx: Context<Client>,
  ) => Promise<void>;
  readonly import?: {
    /** The form of the id, as documented, e.g. `{"cluster":"source"}`. */
    readonly idForm: string;
    /** For the documentation: what else an id may have, or who makes it. */
    readonly hint?: string;
    readonly run: (id: string, ctx: Context<Client>) => Promise<StateResult<S>>;
  };
}

export interface DataSourceDefinition<Client, S extends Schema> {
  readonly type: string;
  readonly description: string;
  readonly example: string;
  readonly attributes: S;
  readonly validate?: (config: UnknownConfigOf<S>, ctx: ValidateContext) => void;
  readonly read: (config: ConfigOf<S>, ctx: Context<Client>) => Promise<StateOf<S> | Returned<StateOf<S>>>;
}

export interface ProviderDefinition<Client, S extends Schema> {
  /** The provider's local name and type, e.g. `cucm`. */
  readonly name: string;
  /** Whole source address, e.g. `phone-migration.internal/voice/cucm`. */
  readonly source: string;
  readonly version: string;
  readonly description: string;
  readonly example: string;
  readonly attributes: S;
  readonly validate?: (config: UnknownConfigOf<S>, ctx: ValidateContext) => void;
  /** Must not touch the network. May be given unknowns; the first use of one names the attribute. */
  readonly configure: (config: UnknownConfigOf<S>, ctx: Omit<Context<never>, "client">) => Client;
  readonly resources: readonly AnyResource<Client>[];
  readonly dataSources: readonly AnyDataSource<Client>[];
}

// biome-ignore lint/suspicious/noExplicitAny: definitions of different schemas in one list; each is used with its own schema only
export type AnyResource<Client> = ResourceDefinition<Client, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyDataSource<Client> = DataSourceDefinition<Client, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyProvider = ProviderDefinition<any, any>;

/** `defineResource<Client>()({...})`: the client is named, the schema is inferred. */
export const defineResource =
  <Client = undefined>() =>
  <const S extends Schema>(definition: ResourceDefinition<Client, S>): ResourceDefinition<Client, S> =>
    definition;

export const defineDataSource =
  <Client = undefined>() =>
  <const S extends Schema>(definition: DataSourceDefinition<Client, S>): DataSourceDefinition<Client, S> =>
    definition;

export const defineProvider = <Client, const S extends Schema>(
  definition: ProviderDefinition<Client, S>,
): ProviderDefinition<Client, S> => definition;
