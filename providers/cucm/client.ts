import type { Context } from "../framework/define";
import { DiagnosticError } from "../framework/diagnostic";
import type { AttributePath } from "../framework/schema/value";
import type { Cluster, Operation } from "./cluster/cluster";
import type { ClusterConfig } from "./cluster/config";

/** What `configure` makes of one cluster: a way to build its configuration that may fail at first use. */
export type ClusterSource = () => ClusterConfig;

/**
 * What the hooks are given: the declared clusters by name. One process, one session per cluster: every resource
 * shares the connections, listings and rate budgets of its cluster.
 */
export class CucmClient {
  private readonly open = new Map<string, Cluster>();

  constructor(
    private readonly declared: ReadonlyMap<string, ClusterSource>,
    private readonly connect: (config: ClusterConfig) => Cluster,
    /** Set when `clusters` as a whole is not known yet. */
    private readonly unknown: boolean = false,
  ) {}

  /** @throws DiagnosticError when the cluster is not declared, or its configuration is incomplete or unknown. */
  cluster(name: string, attribute = "cluster"): Cluster {
    const existing = this.open.get(name);
    if (existing) return existing;
    const source = this.declared.get(name);
    if (!source) throw this.notDeclared(name, [{ attribute }]);
    const cluster = this.connect(source());
    this.open.set(name, cluster);
    return cluster;
  }

  private notDeclared(name: string, path: AttributePath): DiagnosticError {
    if (this.unknown)
      return new DiagnosticError(
        "The provider's configuration is not known yet",
        "The provider attribute clusters depends on something that is known only after apply. Give it values that are known at plan.",
        path,
      );
    const names = [...this.declared.keys()].map((n) => `"${n}"`).join(", ") || "none";
    return new DiagnosticError(
      `No cluster "${name}" in the provider's configuration`,
      `Declared are: ${names}. Name one of these, or add "${name}" to the provider's attribute clusters.`,
      path,
    );
  }
}

/** What a cluster call needs from a hook's context. */
export function operation(ctx: Context<CucmClient>): Operation {
  return { signal: ctx.signal, progress: (line) => ctx.log.info(line) };
}
