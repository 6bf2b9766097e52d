/** Trust that is kept until a day: what may not leave the stores before it, and what is said from then on. */
import type { Context } from "../framework/define";
import { DiagnosticError } from "../framework/diagnostic";
import { attr } from "../framework/schema/attribute";
import { UNKNOWN, type Unknown } from "../framework/schema/value";
import type { CucmClient } from "./client";
import type { Membership } from "./cluster/membership";

export const keptAttributes = {
  keep_until: attr.string({
    optional: true,
    description:
      "Day (`YYYY-MM-DD`) until which no destroy, removal or `prune` takes certificates out of the stores; from its " +
      "beginning on (UTC) they may go, and each plan warns of it. A destroy with `retain_on_destroy` is not refused. " +
      "To let go earlier, apply an earlier day first.",
    validate: [dayProblem],
  }),
} as const;

function dayProblem(text: string): string | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse turns a 31 February into a day of March in some engines, and refuses it in others.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
    ? undefined
    : "Write a day that exists, as YYYY-MM-DD.";
}

interface Kept {
  readonly cluster: string;
  readonly keep_until: string | null | Unknown;
}

/** @throws DiagnosticError while the day has not come */
export function refuseWhileKept(
  { cluster, keep_until: day }: Kept,
  what: string,
  ctx: Context<CucmClient>,
): void {
  if (day === null || day === UNKNOWN || !isBefore(day, ctx)) return;
  throw new DiagnosticError(
    `The trust of cluster "${cluster}" is kept until ${day}`,
    `${what} before that day would take certificates out of its trust stores. Nothing was changed. To let them go ` +
      "earlier, write an earlier day for keep_until (constructs: keepUntil) and deploy that first; or, to leave them " +
      "in the stores for good, deploy retain_on_destroy = true (constructs: retainOnDestroy) before a destroy.",
    [{ attribute: "keep_until" }],
  );
}

/** Only a warning: that a day has come changes nothing by itself. */
export function warnWhenDue({ cluster, keep_until: day }: Kept, ctx: Context<CucmClient>): void {
  if (day === null || day === UNKNOWN || isBefore(day, ctx)) return;
  ctx.warn(
    `The trust of cluster "${cluster}" was to be kept until ${day}, and may go`,
    "Nothing goes by itself. `phone-migration status` says what still depends on it: phones that have not moved, scopes, " +
      "the way back. Then remove or destroy it, or write a later day for keep_until (constructs: keepUntil).",
  );
}

const isBefore = (day: string, ctx: Context<CucmClient>) =>
  ctx.client.now().getTime() < Date.parse(`${day}T00:00:00Z`);

/** A destroy takes away what phones with an LSC of these issuers register by. Where the phones are is not known here. */
export function warnOfIssuers(
  cluster: string,
  leaving: readonly Membership[],
  ctx: Context<CucmClient>,
): void {
  const issuers = leaving
    .filter(({ store }) => store === "CAPF-trust")
    .map(({ certificate }) => certificate.subject);
  if (issuers.length === 0) return;
  ctx.warn(
    `Issuers of phones' LSCs leave the trust stores of cluster "${cluster}"`,
    `${issuers.sort().join("; ")}. A phone that is registered there by an LSC of such an issuer is refused at its next restart, until CAPF of this cluster has issued it another one. ` +
      "If phones stay there, set retain_on_destroy = true (retainOnDestroy of TrustExchange) and deploy before the destroy.",
  );
}
