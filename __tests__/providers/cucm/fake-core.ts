import { isDeepStrictEqual } from "node:util";
import type { OpenDirectory } from "../../../providers/cucm/cluster/bulk-exchange";
import type { Cluster } from "../../../providers/cucm/cluster/cluster";
import { makeCucmProvider } from "../../../providers/cucm/provider";
import type { Diagnostic } from "../../../providers/framework/diagnostic";
import type { Attribute, Schema } from "../../../providers/framework/schema/attribute";
import { UNKNOWN, type Value } from "../../../providers/framework/schema/value";
import { checkResult } from "../../../providers/framework/server/check-result";
import { createProviderServer } from "../../../providers/framework/server/create-provider-server";
import type { ProviderServer } from "../../../providers/framework/server/provider-server";
import { linesOf, NO_BYTES, propose, recordingLog } from "../framework/server/fixture";
import type { FakeCluster } from "./fake-cluster";

type Obj = { readonly [name: string]: Value };

/** Like nothing else that a state or a plan holds. */
export const SECRET = "Sw0rdfish-7f3a91";
export const SECRETS = Object.fromEntries(
  [
    ...["SOURCE", "DESTINATION"].flatMap((cluster) =>
      ["PLATFORM_USERNAME", "PLATFORM_PASSWORD", "APPLICATION_USERNAME", "APPLICATION_PASSWORD"].map(
        (what) => `CUCM_${cluster}_${what}`,
      ),
    ),
    "SFTP_EXCHANGE_USERNAME",
    "SFTP_EXCHANGE_PASSWORD",
  ].map((name) => [name, SECRET]),
);

/** The provider with these clusters behind it, whatever addresses are configured. */
export function providerFor(...clusters: FakeCluster[]) {
  Object.assign(process.env, SECRETS);
  return makeCucmProvider(({ name }): Cluster => {
    const found = clusters.find((c) => c.name === name);
    if (!found) throw new Error(`The test has no cluster ${name}.`);
    found.refresh();
    return found;
  }, directoryOf(clusters));
}

/** The directory where the clusters exchange certificates in bulk. */
function directoryOf(clusters: readonly FakeCluster[]): OpenDirectory {
  return async () => {
    const directory = clusters[0]!.directory!;
    directory.opened += 1;
    return directory;
  };
}

/** What core does with one provider, without core. */
export class FakeCore {
  private constructor(
    readonly provider: ReturnType<typeof providerFor>,
    readonly server: ProviderServer,
  ) {}

  static async with(...clusters: FakeCluster[]): Promise<FakeCore> {
    const provider = providerFor(...clusters);
    const server = createProviderServer(provider, { log: recordingLog().log });
    const core = new FakeCore(provider, server);
    await core.configure(clusters.map((c) => c.name));
    return core;
  }

  /** With a provider that reaches its clusters in another way than through fakes. */
  static async over(provider: ReturnType<typeof providerFor>, names: readonly string[]): Promise<FakeCore> {
    const core = new FakeCore(provider, createProviderServer(provider, { log: recordingLog().log }));
    await core.configure(names);
    return core;
  }

  /** A new process: nothing is cached. */
  async configure(names: readonly string[], gone: readonly string[] = []): Promise<void> {
    const cluster = (name: string) => ({ publisher: "127.0.0.1", decommissioned: gone.includes(name) });
    const config = complete(this.provider.attributes, {
      clusters: Object.fromEntries(names.map((name) => [name, cluster(name)])),
      sftp_servers: { exchange: { address: "127.0.0.1", directory: "/exchange" } },
    });
    const { diagnostics } = await this.server.configureProvider({ config, signal: running() });
    expect(diagnostics).toEqual([]);
  }

  resource(type: string): FakeInstance {
    const { attributes } = this.provider.resources.find((r) => r.type === type)!;
    return new FakeInstance(this.server, type, attributes);
  }

  async validateData(type: string, config: Obj): Promise<readonly string[]> {
    const { attributes } = this.provider.dataSources.find((r) => r.type === type)!;
    const { diagnostics } = await this.server.validateDataSourceConfig({
      type,
      config: complete(attributes, config),
    });
    return linesOf(diagnostics);
  }

  async readData(type: string, config: Obj) {
    const { attributes } = this.provider.dataSources.find((r) => r.type === type)!;
    const answer = await this.server.readDataSource({
      type,
      config: complete(attributes, config),
      signal: running(),
    });
    return { state: answer.state as never, said: linesOf(answer.diagnostics) };
  }
}

export interface Planned {
  readonly action: "create" | "update" | "no-op" | "refused";
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
  readonly planned: any;
  readonly private: Uint8Array;
  /** `error path: summary / detail`, `warning: ...` */
  readonly said: readonly string[];
}

/** One resource of the configuration with its state. */
export class FakeInstance {
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
  state: any = null;
  private data: Uint8Array = NO_BYTES;

  constructor(
    private readonly server: ProviderServer,
    private readonly type: string,
    private readonly schema: Schema,
  ) {}

  /** What a state file keeps: put back to forget an apply that was killed. */
  save(): () => void {
    const { state, data } = this;
    return () => {
      this.state = state;
      this.data = data;
    };
  }

  async refresh(): Promise<readonly string[]> {
    if (this.state === null) return [];
    const read = await this.server.readResource({
      type: this.type,
      current: this.state,
      private: this.data,
      signal: running(),
    });
    this.state = read.state;
    this.data = read.private;
    return linesOf(read.diagnostics);
  }

  /** Refreshes, validates and plans. */
  async plan(config: Obj): Promise<Planned> {
    const refreshed = await this.refresh();
    const planned = await this.planOnly(config);
    return { ...planned, said: [...refreshed, ...planned.said] };
  }

  private async planOnly(config: Obj): Promise<Planned> {
    const whole = complete(this.schema, config);
    const valid = await this.server.validateResourceConfig({
      type: this.type,
      config: whole,
      writeOnlyAllowed: false,
    });
    if (valid.diagnostics.some(isError))
      return { action: "refused", planned: null, private: NO_BYTES, said: linesOf(valid.diagnostics) };
    const answer = await this.server.planResourceChange({
      type: this.type,
      prior: this.state,
      config: whole,
      proposed: propose(this.schema, this.state, whole),
      priorPrivate: this.data,
      signal: running(),
    });
    expect(answer.requiresReplace).toEqual([]);
    const action = answer.diagnostics.some(isError)
      ? "refused"
      : this.state === null
        ? "create"
        : isDeepStrictEqual(answer.planned, this.state)
          ? "no-op"
          : "update";
    const said = linesOf([...valid.diagnostics, ...answer.diagnostics]);
    return { action, planned: answer.planned, private: answer.plannedPrivate, said };
  }

  /**
   * Plans, plans again with what is known at apply, and applies; core's rules are checked on the way.
   * @param first the configuration as the first plan saw it, with what was unknown then
   */
  async apply(config: Obj, first: Obj = config, signal?: AbortSignal): Promise<readonly string[]> {
    const shown = await this.plan(first);
    if (shown.action === "refused" || shown.action === "no-op") return shown.said;
    const final = await this.planOnly(config);
    if (final.action === "refused" || final.action === "no-op") return final.said;
    expect(checkResult(this.schema, shown.planned, final.planned)).toEqual([]);
    return [...final.said, ...(await this.applyPlanned(config, final, signal))];
  }

  private async applyPlanned(config: Obj, final: Planned, signal = running()): Promise<readonly string[]> {
    const applied = await this.server.applyResourceChange({
      type: this.type,
      prior: this.state,
      planned: final.planned,
      config: complete(this.schema, config),
      plannedPrivate: final.private,
      signal,
    });
    this.state = applied.state;
    this.data = applied.private;
    return linesOf(applied.diagnostics);
  }

  /** `destroy`: refreshed, asked at plan, deleted. */
  async destroy(): Promise<readonly string[]> {
    const refreshed = await this.refresh();
    const plan = await this.server.planResourceChange({
      type: this.type,
      prior: this.state,
      config: null,
      proposed: null,
      priorPrivate: this.data,
      signal: running(),
    });
    const said = [...refreshed, ...linesOf(plan.diagnostics)];
    return plan.diagnostics.some(isError) ? said : [...said, ...(await this.remove(plan.plannedPrivate))];
  }

  /** Without a plan: the first half of a replacement, for which core does not ask whether it may. */
  remove(planned: Uint8Array = this.data): Promise<readonly string[]> {
    return this.applyPlanned({}, { action: "update", planned: null, private: planned, said: [] });
  }

  async import(id: object): Promise<readonly string[]> {
    const answer = await this.server.importResourceState({
      type: this.type,
      id: JSON.stringify(id),
      signal: running(),
    });
    const [imported] = answer.imported;
    if (imported) {
      this.state = imported.state;
      this.data = imported.private;
    }
    return [...linesOf(answer.diagnostics), ...(await this.refresh())];
  }
}

const running = () => new AbortController().signal;
const isError = (d: Diagnostic) => d.severity === "error";

/** With null for everything that is left out, as core sends it. */
export function complete(schema: Schema, config: Obj): Obj {
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]) => [name, inside(attribute, config[name] ?? null)]),
  );
}

function inside({ nested }: Attribute, value: Value): Value {
  if (!nested || value === null || value === UNKNOWN) return value;
  const of = (v: Value) => (v === null || v === UNKNOWN ? v : complete(nested.attributes, v as Obj));
  if (nested.nesting === "single") return of(value);
  if (Array.isArray(value)) return value.map(of);
  return Object.fromEntries(Object.entries(value as Obj).map(([key, v]) => [key, of(v)]));
}
