/**
 * A move to the destination that ends before it can tell who followed: a cluster does not answer, or somebody cancels
 * it. The scopes have switched before it, and nobody puts them back, so the error says it, and both ways on.
 */
import type { Context } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import type { CucmClient } from "../client";
import { ClusterError } from "../cluster/cluster";

/** Scopes that are named: a wave of pilots has one for each phone. */
const NAMED = 10;

/** @param scopes in words; null: not told */
export async function sayingWhatStands<T>(
  scopes: readonly string[] | null,
  ctx: Context<CucmClient>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const stands = `${whatStands(scopes)} ${WAYS_ON}`;
    if (error instanceof ClusterError) throw new DiagnosticError(error.summary, `${error.detail} ${stands}`);
    // Whatever else a cancelled run ends with is worded elsewhere.
    if (ctx.signal.aborted) ctx.warn("The move of this wave was broken off", stands);
    throw error;
  }
}

const WAYS_ON =
  "Phones that restart follow it by themselves. To go on, deploy again: who has moved is not reset again. " +
  "To go back, declare the wave on the source and deploy.";

function whatStands(scopes: readonly string[] | null): string {
  const all = scopes ?? [];
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
  const where = all.length === 0 ? "the wave's scopes" : `${all.slice(0, NAMED).join(", ")}${more}`;
  return `Option 150 of ${where} serves the destination, and stays so.`;
}
