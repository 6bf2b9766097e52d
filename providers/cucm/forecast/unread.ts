import type { Context } from "../../framework/define";
import { ClusterError } from "../cluster/cluster";

/**
 * What a forecast could not read. A forecast is never an error: the way back of another wave may be in the same plan.
 * Whatever a cluster answers instead of a fact is a warning, and the fact is not known.
 */
export class Unread {
  private readonly all = new Map<string, ClusterError>();
  private readonly missing = new Set<ClusterError>();

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

  /** The same for files that phones take: without one, nobody knows what a phone holds, or what it will be given. */
  async fileUnless<T, E>(otherwise: E, read: () => Promise<T>): Promise<T | E> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ClusterError) this.missing.add(error);
      return this.unless(otherwise, () => Promise.reject(error));
    }
  }

  note(error: ClusterError): void {
    this.all.set(`${error.node ?? error.cluster} ${error.summary}`, error);
  }

  /** One sentence each, sorted. */
  get sentences(): string[] {
    return inSentences(this.all.values());
  }

  /** Those of files. */
  get files(): string[] {
    return inSentences(this.missing);
  }

  warn(ctx: Pick<Context<unknown>, "warn">): void {
    for (const { cluster, node, summary, detail } of this.all.values())
      ctx.warn(
        `Not read for the forecast: ${node === null ? "" : `node ${node} of `}cluster "${cluster}"`,
        `${summary}. ${detail} The forecast takes it for missing or uncertain.`,
      );
  }
}

const inSentences = (errors: Iterable<ClusterError>) =>
  [...new Set([...errors].map(({ summary, detail }) => `${summary}. ${detail}`))].sort();
