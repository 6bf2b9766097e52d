/** A cluster that is switched off for good: `decommissioned = true` in the provider's `clusters`. */
import type { Context } from "../framework/define";
import { DiagnosticError } from "../framework/diagnostic";
import { type AttributePath, UNKNOWN, type Unknown } from "../framework/schema/value";
import type { CucmClient } from "./client";
import type { Cluster, Registrations } from "./cluster/cluster";

/**
 * Stands where the cluster was, for whoever watches both sides: no phone is registered there. Whatever else is asked of
 * it is refused, so that nothing can read it by mistake, and nothing can write to it.
 */
export function decommissionedCluster(name: string): Cluster {
  const nobody: Registrations = { phones: new Map(), silent: [] };
  const answers: Pick<Cluster, "name" | "generation" | "registrations" | "close"> = {
    name,
    // Nothing is ever written to it.
    generation: 0,
    registrations: async () => nobody,
    close: async () => {},
  };
  return new Proxy(answers as Cluster, {
    get: (known, property) => {
      if (property in known) return Reflect.get(known, property);
      // Whoever waits for it, or prints it, asks nothing of the cluster.
      if (typeof property === "symbol" || property === "then") return undefined;
      throw isDecommissioned(name);
    },
  });
}

export const isDecommissioned = (name: string, path: AttributePath = []) =>
  new DiagnosticError(
    `Cluster "${name}" is decommissioned`,
    "The provider's clusters say so (constructs: decommissioned of SecureCluster), and this would contact it. Nothing " +
      "was changed. If the cluster is in service again, take that out; otherwise declare this without it.",
    path,
  );

/** @throws DiagnosticError when phones are to be on a cluster that is gone */
export function refuseDecommissioned(
  name: string | Unknown,
  attribute: string,
  ctx: Context<CucmClient>,
): void {
  if (name !== UNKNOWN && ctx.client.isDecommissioned(name)) throw isDecommissioned(name, [{ attribute }]);
}

/** Said where memberships leave the state and the stores are not touched. */
export function warnForgotten(cluster: string, memberships: number, ctx: Context<CucmClient>): void {
  ctx.warn(
    `Trust of cluster "${cluster}" is only forgotten`,
    `The cluster is decommissioned: its ${memberships} memberships leave the state, and nothing is deleted there.`,
  );
}
