import { defineDataSource, defineProvider, defineResource } from "../../../../../providers/framework/define";
import { attr, type PlanOf } from "../../../../../providers/framework/schema/attribute";
import { UNKNOWN, type Value } from "../../../../../providers/framework/schema/value";
import { createProviderServer } from "../../../../../providers/framework/server/create-provider-server";
import type { ProviderServer } from "../../../../../providers/framework/server/provider-server";
import { listen } from "../../../../../providers/framework/wire/endpoint";
import { goPluginServices } from "../../../../../providers/framework/wire/go-plugin-services";
import { createGrpcServer } from "../../../../../providers/framework/wire/grpc/server";
import type { Method } from "../../../../../providers/framework/wire/grpc/service";
import { createLogger } from "../../../../../providers/framework/wire/logger";
import { providerService } from "../../../../../providers/framework/wire/provider-service";
import type { Reattach } from "../../../../../providers/framework/wire/serve-in-process";
import { PROVIDER_SERVICE, type rpcs } from "../../../../../providers/framework/wire/tfplugin6";

/** A sound provider, and a way to serve it with answers that are wrong in one point. */

const description = "Text.";
const attributes = {
  name: attr.string({ description, required: true, requiresReplace: true }),
  note: attr.string({ description, optional: true }),
  label: attr.string({ description, optional: true, computed: true }),
  hidden: attr.string({ description, optional: true, writeOnly: true }),
  tags: attr.list("string", { description, optional: true }),
  pets: attr.set("string", { description, optional: true }),
  rows: attr.listOf(
    { x: attr.number({ description, required: true }), y: attr.string({ description, computed: true }) },
    { description, optional: true },
  ),
  cells: attr.mapOf({ x: attr.number({ description, required: true }) }, { description, optional: true }),
  bag: attr.setOf({ x: attr.number({ description, required: true }) }, { description, optional: true }),
  id: attr.string({ description, computed: true, keepPriorValue: true }),
} as const;

function settle(value: unknown): never {
  if (value === UNKNOWN) return "made" as never;
  if (Array.isArray(value)) return value.map(settle) as never;
  if (typeof value !== "object" || value === null) return value as never;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, settle(v)])) as never;
}
const done = async ({ planned }: { planned: PlanOf<typeof attributes> }) => ({ state: settle(planned) });

const thing = (type: string) =>
  defineResource()({
    type,
    description,
    example: "",
    attributes,
    read: async ({ state }) => ({ state }),
    create: done,
    update: done,
    delete: async () => {},
    import: {
      idForm: "<name>",
      run: async (name) => ({
        state: {
          ...{ note: null, hidden: null, tags: null, pets: null, rows: null, cells: null, bag: null },
          ...{ name, label: "made", id: "made" },
        },
      }),
    },
  });

const source = defineDataSource()({
  type: "mutant_source",
  description,
  example: "",
  attributes: {
    key: attr.string({ description, required: true }),
    value: attr.string({ description, computed: true }),
  },
  read: async ({ key }) => ({ key, value: "v" }),
});

export const mutantProvider = defineProvider({
  name: "mutant",
  source: "example.internal/test/mutant",
  version: "1.0.0",
  description,
  example: "",
  attributes: {},
  configure: () => undefined,
  resources: [thing("mutant_thing"), thing("mutant_other")],
  dataSources: [source],
});

type Calls = Omit<ProviderServer, "definition">;

/** What is wrong: answers of the server that are changed, or bytes of an answer that are. */
export interface Wrong {
  readonly answers?: {
    readonly [C in keyof Calls]?: (
      answer: Awaited<ReturnType<Calls[C]>>,
      request: Parameters<Calls[C]>[0],
      /** How often this call was made since the mutation began, from 1. */
      count: number,
    ) => Awaited<ReturnType<Calls[C]>>;
  };
  readonly bytes?: { readonly [R in keyof typeof rpcs]?: (answer: Buffer) => Buffer };
  readonly definition?: ProviderServer["definition"];
}

export interface Mutant {
  readonly reattach: Reattach;
  /** From now on the provider is wrong. */
  begin(): void;
  close(): Promise<void>;
}

const quiet = createLogger({ name: "mutant", env: {} });

export async function serveMutant({ answers = {}, bytes = {}, definition }: Wrong): Promise<Mutant> {
  const sound = createProviderServer(mutantProvider, { log: quiet });
  let active = false;
  const counts = new Map<string, number>();
  const server = Object.fromEntries(
    (Object.keys(sound) as (keyof ProviderServer)[]).map((name) => {
      const call = sound[name] as (request: object) => Promise<object>;
      const change = answers[name as keyof Calls] as
        | ((answer: object, request: object, count: number) => object)
        | undefined;
      if (name === "definition") return [name, definition ?? mutantProvider];
      return [
        name,
        async (request: object) => {
          const answer = await call(request);
          if (!active || !change) return answer;
          counts.set(name, (counts.get(name) ?? 0) + 1);
          return change(answer, request, counts.get(name)!);
        },
      ];
    }),
  ) as unknown as ProviderServer;

  const routes = providerService(server, { log: quiet, stop: () => undefined }).map(
    ([path, method]): [string, Method] => {
      const tamper = bytes[path.slice(`/${PROVIDER_SERVICE}/`.length) as keyof typeof rpcs];
      if (!tamper || method.kind !== "unary") return [path, method];
      const { call } = method;
      return [
        path,
        {
          ...method,
          call: async (request, signal) => {
            const answer = Buffer.from(await call(request, signal));
            return active ? tamper(answer) : answer;
          },
        },
      ];
    },
  );
  const grpc = createGrpcServer({
    log: quiet,
    routes: new Map([...routes, ...goPluginServices(() => undefined)]),
  });
  const endpoint = await listen(grpc.listener);
  return {
    reattach: {
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: { Network: endpoint.network, String: endpoint.address },
    },
    begin: () => {
      active = true;
    },
    close: async () => {
      await grpc.close();
      endpoint.remove();
    },
  };
}

type Obj = { readonly [name: string]: Value };

/** An object with some members changed; null stays null. */
export const but = (value: Value, members: Obj): Value =>
  value === null ? null : { ...(value as Obj), ...members };
export const memberOf = (value: Value, name: string): Value =>
  value === null ? null : ((value as Obj)[name] ?? null);
