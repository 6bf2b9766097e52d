import type { Context } from "../framework/define";
import { DiagnosticError } from "../framework/diagnostic";
import type { AttributePath } from "../framework/schema/value";
import { BulkExchange, type ExchangeOptions, type OpenDirectory } from "./cluster/bulk-exchange";
import type { Cluster, Operation } from "./cluster/cluster";
import type { ClusterConfig } from "./cluster/config";
import { decommissionedCluster, isDecommissioned } from "./decommissioned";
import type { SftpSources } from "./sftp-servers";

/** What `configure` makes of one cluster: a way to build its configuration that may fail at first use. */
export type ClusterSource = () => ClusterConfig;

export interface DeclaredClusters {
  readonly declared: ReadonlyMap<string, ClusterSource>;
  /** Names of those that are never contacted. */
  readonly decommissioned: ReadonlySet<string>;
  /** Set when `clusters` as a whole is not known yet. */
  readonly unknown: boolean;
}

/**
 * What the hooks are given: the declared clusters by name. One process, one session per cluster: every resource
 * shares the connections, listings and rate budgets of its cluster.
 */
export class CucmClient {
  private readonly open = new Map<string, Cluster>();
  private readonly exchanges = new Map<
    string,
    { readonly exchange: BulkExchange; readonly options: ExchangeOptions }
  >();

  constructor(
    private readonly clusters: DeclaredClusters,
    private readonly connect: (config: ClusterConfig) => Cluster,
    private readonly sftp: {
      readonly servers: SftpSources;
      readonly open: OpenDirectory;
    },
    /** The time of day that dates of the declaration are held against. */
    readonly now: () => Date,
  ) {}

  /** Whether the cluster is switched off for good: what is known of it stays, and nobody asks it. */
  isDecommissioned(name: string): boolean {
    return this.clusters.decommissioned.has(name);
  }

  /**
   * Of one that is decommissioned, a stand-in that shows no phone and refuses everything else.
   *
   * @throws DiagnosticError when the cluster is not declared, or its configuration is incomplete or unknown.
   */
  cluster(name: string, attribute = "cluster"): Cluster {
    const existing = this.open.get(name);
    if (existing) return existing;
    const cluster = this.isDecommissioned(name)
      ? decommissionedCluster(name)
      : this.connect(this.configuration(name, attribute));
    this.open.set(name, cluster);
    return cluster;
  }

  /** For whoever makes connections of his own. @throws as {@link cluster}, and for one that is decommissioned */
  configuration(name: string, attribute = "cluster"): ClusterConfig {
    if (this.isDecommissioned(name)) throw isDecommissioned(name, [{ attribute }]);
    const source = this.clusters.declared.get(name);
    if (!source) throw this.notDeclared(name, [{ attribute }]);
    return source();
  }

  /**
   * The bulk exchange between two clusters: one for all resources that take part in it.
   *
   * @throws DiagnosticError when a cluster or the server is not declared, or not known yet, or when another resource
   * wants the same exchange in another way.
   */
  bulkExchange(names: readonly [string, string], server: string, options: ExchangeOptions): BulkExchange {
    const [a, b] = [...names].sort() as [string, string];
    const key = JSON.stringify([a, b, server]);
    const existing = this.exchanges.get(key);
    if (existing && existing.options.archiveLeftovers !== options.archiveLeftovers)
      throw new DiagnosticError(
        `Two resources want the bulk exchange of clusters "${a}" and "${b}" in different ways`,
        `It is one exchange for both, on SFTP server "${server}". Another resource has archive_leftovers = ${existing.options.archiveLeftovers} ` +
          `(the default is false), this one ${options.archiveLeftovers}. Give both the same (constructs: archiveLeftovers).`,
        [{ attribute: "bulk" }, { attribute: "archive_leftovers" }],
      );
    if (existing) return existing.exchange;
    this.refuseSftpServer(server);
    const source = this.sftp.servers.declared.get(server);
    if (!source)
      throw new DiagnosticError(
        "The provider's configuration is not known yet",
        "The provider attribute sftp_servers depends on something that is known only after apply. Give it values that are known at plan.",
        SFTP_SERVER,
      );
    const clusters = [this.cluster(a, "bulk"), this.cluster(b, "bulk")] as const;
    const exchange = new BulkExchange(clusters, source(), options, this.sftp.open);
    this.exchanges.set(key, { exchange, options });
    return exchange;
  }

  /**
   * Needs no credentials. While `sftp_servers` is not known yet, any name may be in it.
   *
   * @throws DiagnosticError when no server of this name can be there.
   */
  refuseSftpServer(server: string): void {
    const { declared, unknown } = this.sftp.servers;
    if (unknown || declared.has(server)) return;
    throw new DiagnosticError(
      `No SFTP server "${server}" in the provider's configuration`,
      `Declared are: ${quoted(declared.keys())}. Name one of these, or add "${server}" to the provider's attribute sftp_servers.`,
      SFTP_SERVER,
    );
  }

  private notDeclared(name: string, path: AttributePath): DiagnosticError {
    if (this.clusters.unknown)
      return new DiagnosticError(
        "The provider's configuration is not known yet",
        "The provider attribute clusters depends on something that is known only after apply. Give it values that are known at plan.",
        path,
      );
    const names = quoted(this.clusters.declared.keys());
    return new DiagnosticError(
      `No cluster "${name}" in the provider's configuration`,
      `Declared are: ${names}. Name one of these, or add "${name}" to the provider's attribute clusters.`,
      path,
    );
  }
}

const SFTP_SERVER: AttributePath = [{ attribute: "bulk" }, { attribute: "sftp_server" }];
const quoted = (names: Iterable<string>) => [...names].map((n) => `"${n}"`).join(", ") || "none";

/** What a cluster call needs from a hook's context. */
export function operation(ctx: Context<CucmClient>): Operation {
  return { signal: ctx.signal, progress: (line) => ctx.log.info(line) };
}
