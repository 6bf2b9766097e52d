/** One device's requests, as far as they are needed. */
import { DhcpError, type Scope, scopeText } from "../backend";
import type { IosXeConfig } from "./config";
import type { Entry } from "./entry";
import { child, isMap, items, textOf, withoutModules } from "./json";
import { type Pool, poolsIn } from "./pools";
import { type Release, releaseOf } from "./release";
import { type Condition, Restconf } from "./restconf";
import { type ScopeView, viewScope } from "./view";

const NATIVE = "Cisco-IOS-XE-native:native";
const DHCP = `${NATIVE}/ip/dhcp`;
const MODULE = "Cisco-IOS-XE-dhcp";
const SAVE = "cisco-ia:save-config";

/** The entry of option 150 and nothing else: whatever is beside it cannot be lost. */
const entryPath = (pool: string): string =>
  `${DHCP}/${MODULE}:pool=${encodeURIComponent(pool)}/option/option-range=150`;

export interface Snapshot {
  readonly pools: readonly Pool[];
  readonly release: Release;
}

/** An entry, and the condition under which it may be replaced. */
export interface EntryState {
  readonly entry: Entry;
  readonly condition: Condition;
}

export class Device {
  readonly name: string;
  private readonly restconf: Restconf;
  private version: Promise<string | null> | undefined;

  /** @throws DhcpError for an endpoint that cannot be used. Does not touch the network. */
  constructor(
    private readonly config: IosXeConfig,
    endpoint: string,
  ) {
    this.name = config.name;
    this.restconf = new Restconf(config.name, endpoint, config.security);
  }

  get label(): string {
    return this.restconf.label;
  }
  /** Whether what runs is meant to be in startup too. */
  get saves(): boolean {
    return this.config.saveConfig;
  }

  /** @throws DhcpError */
  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    const dhcp = await this.restconf.get(DHCP, signal);
    const below = dhcp === null ? undefined : child(dhcp.value, "dhcp");
    if (dhcp !== null && !isMap(below))
      throw this.error("answer", "does not answer like IOS-XE", `the answer to GET ${DHCP} has no dhcp`);
    const { addressLeaf } = this.config;
    const version = addressLeaf === null ? await this.versionOnce(signal) : null;
    return { pools: poolsIn(below), release: releaseOf(version, addressLeaf) };
  }

  /** @throws DhcpError kind "scope" when the device has no such scope. */
  view({ pools }: Snapshot, scope: Scope): ScopeView {
    const view = viewScope(pools, scope, this.config.vrf);
    if (typeof view !== "string") return view;
    throw new DhcpError(
      this.name,
      `DHCP server "${this.name}" has no ${scopeText(scope)}`,
      `${this.label}: ${view}`,
      "scope",
    );
  }

  async entry(pool: string, signal: AbortSignal): Promise<EntryState> {
    const path = entryPath(pool);
    const found = await this.restconf.get(path, signal);
    if (found === null) return { entry: null, condition: "absent" };
    const [entry] = items(child(withoutModules(found.value), "option-range"));
    if (!isMap(entry))
      throw this.error(
        "answer",
        "does not answer like IOS-XE",
        `the answer to GET ${path} has no option-range`,
      );
    return { entry, condition: found.etag === null ? null : { ifMatch: found.etag } };
  }

  /**
   * Replaces or removes the entry. Never merges: PATCH would leave old addresses in the list.
   * @returns false when the device says that `condition` does not hold any more.
   * @throws DhcpError
   */
  write(pool: string, entry: Entry, condition: Condition, signal: AbortSignal): Promise<boolean> {
    const path = entryPath(pool);
    return entry === null
      ? this.restconf.remove(path, condition, signal)
      : this.restconf.put(path, { [`${MODULE}:option-range`]: [entry] }, condition, signal);
  }

  /** Copies the running configuration, all of it, to startup. @throws DhcpError */
  async save(signal: AbortSignal): Promise<void> {
    const result = textOf(child(await this.restconf.call(SAVE, signal), "result"));
    if (result === null || !SAVE_FAILED.test(result)) return;
    throw this.error("refused", "could not save its configuration", `${SAVE} answers ${plain(result)}`);
  }

  error(kind: DhcpError["kind"], what: string, detail: string): DhcpError {
    return this.restconf.failures.error(kind, what, detail);
  }

  private versionOnce(signal: AbortSignal): Promise<string | null> {
    this.version ??= this.restconf
      .get(`${NATIVE}/version`, signal)
      .then((answer) => textOf(child(answer?.value, "version")));
    this.version.catch(() => {
      this.version = undefined;
    });
    return this.version;
  }
}

/** Words of a result that is none: what it says when all is well differs between releases. */
const SAVE_FAILED = /fail|error|unable|denied|abort|invalid/i;

const plain = (text: string): string => JSON.stringify(text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200));
