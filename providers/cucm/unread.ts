import type { Context } from "../framework/define";
import { isUnreachable } from "./cluster/cluster";

/**
 * Reading never blocks repair: a node that does not answer is a warning, and what is known of it stays. Any other
 * failure (credentials, identity, an answer that makes no sense) is thrown on: it is for the user to mend.
 *
 * @throws the error, unless nothing but the network is to blame.
 */
export function warnUnread(ctx: Pick<Context<unknown>, "warn">, error: unknown, consequence: string): void {
  if (!isUnreachable(error)) throw error;
  const who =
    error.node === null ? `cluster "${error.cluster}"` : `node ${error.node} of cluster "${error.cluster}"`;
  ctx.warn(`Not read: ${who}`, `${error.summary}. ${error.detail} ${consequence}`);
}
