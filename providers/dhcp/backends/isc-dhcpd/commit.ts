import { DhcpError } from "../backend";
import type { ServerChange } from "./change";
import { NEVER } from "./server";

/**
 * All servers take their files before any is restarted; when one fails, all are put back.
 *
 * @throws DhcpError that also says what became of the undo
 */
export async function commitAll(
  changes: readonly ServerChange[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const begun: ServerChange[] = [];
  try {
    for (const change of changes) {
      begun.push(change);
      // Until the first server is changed, the run may still be cancelled.
      await change.stage(begun.length === 1 ? signal : NEVER);
    }
    for (const change of changes) {
      await change.activate();
      say(`${change.label}: dhcpd restarted`);
    }
  } catch (failure) {
    const undone = await Promise.allSettled(begun.map((change) => change.undo(failure as Error)));
    for (const one of undone) if (one.status === "rejected") throw one.reason;
    const told = new Set(undone.map((one) => (one as PromiseFulfilledResult<string>).value));
    throw withMore(failure, [...told].filter((text) => text !== "").join(" "));
  }
}

function withMore(failure: unknown, more: string): unknown {
  if (!(failure instanceof DhcpError) || more === "") return failure;
  return new DhcpError(failure.server, failure.summary, `${failure.detail} ${more}`, failure.kind);
}
