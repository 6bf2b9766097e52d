import type { AnyProvider } from "../../define";
import { createProviderServer } from "../../server/create-provider-server";
import type { ProviderServer } from "../../server/provider-server";
import { createLogger } from "../../wire/logger";
import { type HostSchemas, hostSchema } from "./schema";

/** A provider from the host's side: the calls with every byte decoded, over whatever way. */
export interface ProviderClient extends Omit<ProviderServer, "definition"> {
  schemas(): Promise<HostSchemas>;
  /** Aborts what is in flight. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Straight to the server's functions, without a byte in between. */
export const inProcess = (definition: AnyProvider): ProviderClient =>
  clientOf(createProviderServer(definition, { log: createLogger({ name: definition.name }) }));

/** For a server of your own making, a wrong one for example. */
export function clientOf(server: ProviderServer): ProviderClient {
  const { definition } = server;
  let stopped = new AbortController();
  const until = (signal: AbortSignal) => AbortSignal.any([signal, stopped.signal]);
  return {
    schemas: async () => ({
      provider: hostSchema(definition.attributes),
      resources: new Map(
        definition.resources.map((r) => [
          r.type,
          { version: r.version ?? 0, attributes: hostSchema(r.attributes) },
        ]),
      ),
      dataSources: new Map(definition.dataSources.map((d) => [d.type, hostSchema(d.attributes)])),
    }),
    stop: async () => {
      stopped.abort(new DOMException("the run was stopped", "AbortError"));
      stopped = new AbortController();
    },
    close: async () => undefined,
    validateProviderConfig: (r) => server.validateProviderConfig(r),
    configureProvider: (r) => server.configureProvider({ ...r, signal: until(r.signal) }),
    validateResourceConfig: (r) => server.validateResourceConfig(r),
    upgradeResourceState: (r) => server.upgradeResourceState(r),
    readResource: (r) => server.readResource({ ...r, signal: until(r.signal) }),
    planResourceChange: (r) => server.planResourceChange({ ...r, signal: until(r.signal) }),
    applyResourceChange: (r) => server.applyResourceChange({ ...r, signal: until(r.signal) }),
    importResourceState: (r) => server.importResourceState({ ...r, signal: until(r.signal) }),
    moveResourceState: (r) => server.moveResourceState(r),
    validateDataSourceConfig: (r) => server.validateDataSourceConfig(r),
    readDataSource: (r) => server.readDataSource({ ...r, signal: until(r.signal) }),
  };
}
