import type { AnyProvider } from "../../define";
import type { ProviderServer } from "../../server/provider-server";
import { clientOf, inProcess, type ProviderClient } from "./client";
import { type Configuration, ownDiagnostics, phasesOf } from "./config";
import { warningsOf } from "./failure";
import { Instance } from "./instance";
import { type Launch, launch } from "./launch";
import { Lifecycle } from "./lifecycle";
import { dataBreaches } from "./result-rules";
import { demand } from "./rule";
import { checkHostSchema, type HostSchemas } from "./schema";
import { plain } from "./value";

export interface HostOptions {
  /** The provider's own configuration. */
  readonly configuration?: Configuration;
}

/**
 * A host of our own: it drives a provider as Terraform and OpenTofu do, in milliseconds, and holds every answer
 * against core's rules. What breaks one is a `BrokenRule`, whose message names it; what the provider refuses is a
 * `Refusal` with its diagnostics.
 *
 *     const host = await Host.start(fileProvider);
 *     const file = host.resource("file_text");
 *     await file.apply({ path, content: "a" });
 *     await file.drifts(() => writeFile(path, "b"));
 *     await file.importVerify(path);
 *     await file.disappears(() => rm(path));
 *     await file.destroy();
 */
export class Host {
  private constructor(
    readonly client: ProviderClient,
    readonly schemas: HostSchemas,
  ) {}

  /** In this process, without a byte in between. */
  static start(definition: AnyProvider, options?: HostOptions): Promise<Host> {
    return Host.of(inProcess(definition), options);
  }

  /** As core starts it: a process of its own, handshake, AutoMTLS, gRPC. Call `close`. */
  static async launch(how: Launch, options?: HostOptions): Promise<Host> {
    const client = await launch(how);
    try {
      return await Host.of(client, options);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** For a server that was not made from a definition. */
  static serving(server: ProviderServer, options?: HostOptions): Promise<Host> {
    return Host.of(clientOf(server), options);
  }

  static async of(client: ProviderClient, { configuration = {} }: HostOptions = {}): Promise<Host> {
    const schemas = await client.schemas();
    demand("schema of the provider", checkHostSchema(schemas.provider, "provider"));
    for (const [type, { attributes }] of schemas.resources)
      demand(`schema of ${type}`, checkHostSchema(attributes, "resource"));
    for (const [type, attributes] of schemas.dataSources)
      demand(`schema of data ${type}`, checkHostSchema(attributes, "data source"));

    const config = phasesOf(schemas.provider, configuration).planning;
    const where = "configuration of the provider";
    warningsOf(where, ownDiagnostics(schemas.provider, config));
    warningsOf(where, (await client.validateProviderConfig({ config })).diagnostics);
    warningsOf(where, (await client.configureProvider({ config, signal: neverAborted() })).diagnostics);
    return new Host(client, schemas);
  }

  /** A new instance of a resource, with nothing in its state. */
  resource(type: string): Instance {
    const found = this.schemas.resources.get(type);
    if (!found) throw new TypeError(`The provider has no resource ${type}.`);
    return new Instance(new Lifecycle(this.client, type, found.attributes, found.version));
  }

  /** Reads a data source; its attributes as plain values. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
  async data(type: string, configuration: Configuration): Promise<any> {
    const schema = this.schemas.dataSources.get(type);
    if (!schema) throw new TypeError(`The provider has no data source ${type}.`);
    const config = phasesOf(schema, configuration).applying;
    const where = `read of data ${type}`;
    warningsOf(where, ownDiagnostics(schema, config));
    warningsOf(where, (await this.client.validateDataSourceConfig({ type, config })).diagnostics);
    const { state, diagnostics } = await this.client.readDataSource({ type, config, signal: neverAborted() });
    warningsOf(where, diagnostics);
    demand(where, dataBreaches(schema, config, state));
    return plain(state);
  }

  /** Aborts what is in flight, as Ctrl-C does. */
  stop(): Promise<void> {
    return this.client.stop();
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

const neverAborted = () => new AbortController().signal;
