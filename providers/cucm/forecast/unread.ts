import type { Context } from "../../framework/define";
import { ClusterError } from "../cluster/cluster";

/**
 * What a forecast could not read. A forecast is never an error: the way back of another wave may be in the same plan.
 * Whatever a cluster answers instead of a fact is a warning, and the fact is not known.
 */
export class Unread {
  private readonly all = new Map<string, ClusterError>();

  /** @returns what `read` gives, or `otherwise` when the cluster does not answer, or refuses. */
  async unless<T, E>(otherwise: E, read: () => Promise<T>): Promise<T | E> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
      this.note(error);
      return otherwise;
    }
  }

  note(error: ClusterError): void {
    this.all.set(`${error.node ?? error.cluster} ${error.summary}`, error);
  }

  /** One sentence each, sorted. */
  get sentences(): string[] {
    return [...this.all.values()].map(({ summary, detail }) => `${summary}. ${detail}`).sort();
  }

  warn(ctx: Pick<Context<unknown>, "warn">): void {
    for (const { cluster, node, summary, detail } of this.all.values())
      ctx.warn(
        `Not read for the forecast: ${node === null ? "" : `node ${node} of `}cluster "${cluster}"`,
        `${summary}. ${detail} The forecast takes it for missing or uncertain.`,
      );
  }
}
