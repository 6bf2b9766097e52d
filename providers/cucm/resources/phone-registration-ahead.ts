/** What a plan can tell of a move to the destination before it is made: warnings, from reading only. */
import type { Context } from "../../framework/define";
import { type CucmClient, operation } from "../client";
import { ClusterError } from "../cluster/cluster";
import { type MissingLoad, missingLoads, notRunning } from "../firmware";
import { unknownDevices } from "../move";
import type { Sides } from "../phones";

const LISTED = 20;
const names = (all: readonly string[]) =>
  `${all.slice(0, LISTED).join(", ")}${all.length > LISTED ? ` and ${all.length - LISTED} more` : ""}`;

/**
 * @param nowhere the phones that RIS showed as registered nowhere
 * @param allowed phones that may fail; null: not known
 */
export async function warnAhead(
  sides: Sides,
  moving: readonly string[],
  nowhere: readonly string[],
  allowed: number | null,
  ctx: Context<CucmClient>,
): Promise<void> {
  if (nowhere.length > 0)
    ctx.warn(
      `${nowhere.length} phones of this wave are registered nowhere`,
      `${names(nowhere)}\nThey cannot be reset and are not waited for. They count as failed: bring them up, take them out of the list, or allow for them in limits.`,
    );
  try {
    const unknown = await unknownDevices(sides.destination, moving, operation(ctx));
    if (unknown.size > 0)
      ctx.warn(
        `${unknown.size} phones of this wave do not exist in the database of the destination`,
        `${names([...unknown])}\nThey are not reset and count as failed: add these devices there, or take them out of the list.`,
      );
    const lost = new Set([...nowhere, ...unknown]).size;
    if (allowed !== null && lost > allowed)
      ctx.warn(
        `${lost} phones of this wave cannot follow, and its limits allow ${allowed}`,
        "No phone would be reset, and whoever restarts by himself would follow option 150 all the same. Correct the list or the limits before this is deployed. With within_limits of cucm_trust_forecast in go_if such a plan is refused.",
      );
    const known = moving.filter((name) => !unknown.has(name));
    const missing = await toFetch(sides, await missingLoads(sides.destination, known, operation(ctx)), ctx);
    if (missing.size > 0)
      ctx.warn(
        `Firmware of ${missing.size} phones of this wave is missing on the destination`,
        `${byLoad(missing)}\nMost phones keep the load that they have; others do not come up. Install the load on these nodes and restart Cisco Tftp there, or tell the phones to run another one.`,
      );
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    ctx.warn(
      `Not checked before the move: the phones of this wave on cluster "${error.cluster}"`,
      `${error.summary}. ${error.detail} It is checked again before the first reset.`,
    );
  }
}

/** RIS is asked only when a load is missing. */
async function toFetch(
  sides: Sides,
  missing: ReadonlyMap<string, MissingLoad>,
  ctx: Context<CucmClient>,
): Promise<ReadonlyMap<string, MissingLoad>> {
  if (missing.size === 0) return missing;
  const { phones } = await sides.source.registrations([...missing.keys()], operation(ctx));
  return notRunning(missing, (name) => phones.get(name)?.activeLoad);
}

function byLoad(missing: ReadonlyMap<string, MissingLoad>): string {
  const lines = new Map<string, string[]>();
  for (const [name, { load, nodes }] of missing) {
    const line = `- ${load} is not on TFTP node ${nodes.join(", ")}`;
    lines.set(line, [...(lines.get(line) ?? []), name]);
  }
  return [...lines].map(([line, phones]) => `${line}: ${names(phones.sort())}`).join("\n");
}
