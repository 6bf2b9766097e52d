import { NEVER } from "../never";
import type { Pending } from "./pending";
import type { DhcpdServer } from "./server";

/**
 * Takes back what a run that was ended has left, file by file; what somebody has written since is left alone. dhcpd is
 * not restarted, and the mark stays.
 *
 * @returns its mark; null when there was no such run
 */
export async function recover(server: DhcpdServer): Promise<Pending | null> {
  const pending = await server.pending(NEVER);
  if (!pending) return null;
  for (const { path, before, after } of pending.files) {
    const now = await server.text(path, NEVER);
    if (now.kind !== "text" || now.text !== after || before === after) continue;
    if (before === null) await server.remove(path);
    else await server.replace(path, before, async () => {}, NEVER);
  }
  return pending;
}
