import type { Context } from "../../framework/define";
import { ClusterError } from "../cluster/cluster";

/**
 * What a forecast could not read. A forecast is never an error: the way back of another wave may be in the same plan.
 * Whatever a cluster answers instead of a fact is a warning, and the fact is not known.
 */
export class Unread {
  private readonly all = new Map<string, ClusterError>();
  private readonly ofFiles = new Map<string, ClusterError>();
  private readonly lacking = new Map<string, string>();

  /**
   * @param what a `file` that phones take: without one, nobody knows what a phone holds, or what it will be given
   * @returns what `read` gives, or `otherwise` when the cluster does not answer, or refuses.
   */
  async unless<T, E>(otherwise: E, read: () => Promise<T>, what: "file" | "fact" = "fact"): Promise<T | E> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
      this.note(error, what);
      return otherwise;
    }
  }

  /** A fact that the cluster does not have, and that the forecast does without. */
  lacks(summary: string, detail: string): void {
    this.lacking.set(summary, detail);
  }

  note(error: ClusterError, what: "file" | "fact" = "fact"): void {
    const key = `${error.node ?? error.cluster} ${error.summary}`;
    this.all.set(key, error);
    if (what === "file") this.ofFiles.set(key, error);
  }

  /** One sentence each, sorted. */
  get sentences(): string[] {
    return inSentences(this.all.values());
  }

  /** What the forecast does without, sorted. */
  get lacked(): string[] {
    return inSentences([...this.lacking].map(([summary, detail]) => ({ summary, detail })));
  }

  /** Those of files. */
  get files(): string[] {
    return inSentences(this.ofFiles.values());
  }

  warn(ctx: Pick<Context<unknown>, "warn">): void {
    for (const [summary, detail] of this.lacking) ctx.warn(summary, detail);
    for (const { cluster, node, summary, detail } of this.all.values())
      ctx.warn(
        `Not read for the forecast: ${node === null ? "" : `node ${node} of `}cluster "${cluster}"`,
        `${summary}. ${detail} The forecast takes it for missing or uncertain.`,
      );
  }
}

const inSentences = (told: Iterable<Pick<ClusterError, "summary" | "detail">>) =>
  [...told].map(({ summary, detail }) => `${summary}. ${detail}`).sort();
