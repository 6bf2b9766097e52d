import {
  type AnyResource,
  type Context,
  defineProvider,
  defineResource,
  type Logger,
  type ResourceDefinition,
} from "../../../../providers/framework/define";
import type { Diagnostic } from "../../../../providers/framework/diagnostic";
import { attr, type Schema } from "../../../../providers/framework/schema/attribute";
import { showPath } from "../../../../providers/framework/schema/path";
import { type Json, UNKNOWN, type Value } from "../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import type { ProviderServer } from "../../../../providers/framework/server/provider-server";

export const description = "Text.";
export const NO_BYTES = new Uint8Array();
export const running = new AbortController().signal;

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields?: unknown;
}

export function recordingLog(): { log: Logger; lines: Line[] } {
  const lines: Line[] = [];
  const level = (name: string) => (message: string, fields?: unknown) =>
    void lines.push({ level: name, message, fields });
  const log = {
    trace: level("trace"),
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
  };
  return { log, lines };
}

type Hooks<S extends Schema> = Partial<ResourceDefinition<string, S>>;

/** A resource that returns what was planned, with every unknown turned into `"made"` (or the hook's own). */
export function resourceOf<const S extends Schema>(attributes: S, hooks: Hooks<S> = {}) {
  const done = async ({ planned }: { planned: unknown }) => ({ state: known(planned) as never });
  return defineResource<string>()({
    type: "test_thing",
    description,
    example: "",
    attributes,
    read: async ({ state }) => ({ state }),
    create: done,
    update: done,
    delete: async () => {},
    ...hooks,
  });
}

export function known(value: unknown): unknown {
  if (value === UNKNOWN) return "made";
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, known(v)]));
}

export function providerOf(...resources: AnyResource<string>[]) {
  return defineProvider({
    name: "test",
    source: "example.internal/test/test",
    version: "0.0.0",
    description,
    example: "",
    attributes: { region: attr.string({ description, default: "north" }) },
    configure: ({ region }) => String(region),
    resources,
    dataSources: [],
  });
}

export const serve = (definition: Parameters<typeof createProviderServer>[0]): ProviderServer =>
  createProviderServer(definition, { log: recordingLog().log });

/** A server that is configured, for one resource. */
export async function serverFor(resource: AnyResource<string>): Promise<ProviderServer> {
  const server = serve(providerOf(resource));
  expect(await server.configureProvider({ config: { region: null }, signal: running })).toEqual({
    diagnostics: [],
  });
  return server;
}

type Obj = { readonly [name: string]: Value };

/** What core proposes: the configuration, with the prior of what is computed and not configured. */
export function propose(schema: Schema, prior: Obj | null, config: Obj): Obj {
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]): [string, Value] => {
      const [was, is] = [prior?.[name] ?? null, config[name] ?? null] as const;
      if (is === null) return [name, attribute.mode.includes("computed") ? was : null];
      const nested = attribute.nested;
      if (!nested || is === UNKNOWN) return [name, is];
      const inside = (p: Value, c: Value): Value =>
        isObj(c) ? propose(nested.attributes, isObj(p) ? p : null, c) : c;
      if (nested.nesting === "single") return [name, inside(was, is)];
      if (nested.nesting === "map")
        return [
          name,
          Object.fromEntries(
            Object.entries(is as Obj).map(([k, v]): [string, Value] => [
              k,
              inside(isObj(was) ? (was[k] ?? null) : null, v),
            ]),
          ),
        ];
      // Core finds a set's partners by what they have in common; the server does not rely on it.
      const priors = nested.nesting === "list" && Array.isArray(was) ? (was as readonly Value[]) : [];
      return [name, (is as readonly Value[]).map((v, i): Value => inside(priors[i] ?? null, v))];
    }),
  );
}

const isObj = (value: Value): value is Obj =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function planWith(
  server: ProviderServer,
  schema: Schema,
  prior: Obj | null,
  config: Obj,
  more: { priorPrivate?: Uint8Array; signal?: AbortSignal } = {},
) {
  return server.planResourceChange({
    type: "test_thing",
    prior,
    config,
    proposed: propose(schema, prior, config),
    priorPrivate: NO_BYTES,
    signal: running,
    ...more,
  });
}

/** Diagnostics as one line each: `error path: summary / detail`. */
export const linesOf = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(
    ({ severity, summary, detail, path }) =>
      `${severity}${path ? ` ${showPath(path)}` : ""}: ${summary} / ${detail.replace(/\s+/g, " ")}`,
  );

export const privateOf = (data: Json): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ v: 1, resource: data }));
export const readPrivate = (bytes: Uint8Array): unknown =>
  bytes.length === 0 ? null : JSON.parse(new TextDecoder().decode(bytes));

export type AnyContext = Context<string>;
