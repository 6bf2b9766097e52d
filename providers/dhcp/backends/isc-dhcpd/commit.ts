import { DhcpError } from "../backend";
import { NEVER } from "../never";
import type { ServerChange, Undone } from "./change";

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
    throw withMore(
      failure,
      undone.map((one) => (one as PromiseFulfilledResult<Undone>).value),
    );
  }
}

function withMore(failure: unknown, undone: readonly Undone[]): unknown {
  const more = [...new Set(undone.map(({ said }) => said))].filter((said) => said !== "").join(" ");
  if (!(failure instanceof DhcpError) || more === "") return failure;
  const kind = undone.every(({ well }) => well) ? failure.kind : "broken";
  return new DhcpError(failure.server, failure.summary, `${failure.detail} ${more}`, kind);
}
