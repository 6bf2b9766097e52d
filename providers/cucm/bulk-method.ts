/** `method` and `bulk` of `cucm_trust_memberships`: which way certificates take, and where a bulk exchange happens. */
import type { Context, ValidateContext } from "../framework/define";
import { attr, type PlanOf, type StateOf, type UnknownConfigOf } from "../framework/schema/attribute";
import { UNKNOWN } from "../framework/schema/value";
import { type CucmClient, operation } from "./client";
import { refuseVersions } from "./cluster/bulk-exchange";
import { importInBulk } from "./cluster/bulk-import";
import { broughtInBulk, refuseBulkLoss } from "./cluster/bulk-loss";
import type { Membership } from "./cluster/membership";
import type { InBulk } from "./cluster/memberships";
import type { Unread } from "./cluster/same-name";

export const methodAttributes = {
  method: attr.string({
    default: "manual",
    oneOf: ["manual", "bulk"],
    description:
      'How certificates get there: `manual` imports each one (Cisco\'s "Method 2"); `bulk` ("Method 1") lets both ' +
      "clusters export to an SFTP server, imports what they consolidate, and then one by one what that did not bring " +
      "(ITLRecovery). It may bring certificates that are not declared here; a destroy leaves those, and one that would replace another " +
      "of the same CN is refused.",
  }),
  bulk: attr.object(
    {
      peer: attr.string({
        required: true,
        description: "Name of the other cluster in the provider's `clusters`.",
      }),
      sftp_server: attr.string({ required: true, description: "Name in the provider's `sftp_servers`." }),
      archive_leftovers: attr.bool({
        optional: true,
        description:
          "Move files that others left in the server's directory into a folder there, instead of refusing the exchange.",
      }),
    },
    { optional: true, description: 'For `method = "bulk"`: with whom, and where.' },
  ),
} as const;

type Method = Pick<StateOf<typeof methodAttributes>, "method" | "bulk">;

export function checkMethod(
  { cluster, method, bulk }: UnknownConfigOf<typeof methodAttributes> & { readonly cluster: unknown },
  ctx: ValidateContext,
): void {
  if (method === UNKNOWN || bulk === UNKNOWN) return;
  const wrong = (summary: string, fix: string) => ctx.error(summary, fix, [{ attribute: "bulk" }]);
  if (method === "bulk" && bulk === null)
    wrong(
      "A bulk exchange needs an SFTP server",
      'Add bulk = { peer = "<the other cluster>", sftp_server = "<name in sftp_servers>" }, or set method = "manual".',
    );
  if (method !== "bulk" && bulk !== null)
    wrong("bulk is given and not used", 'Set method = "bulk", or leave bulk out.');
  if (bulk !== null && bulk.peer !== UNKNOWN && bulk.peer === cluster)
    wrong("A cluster cannot exchange certificates with itself", "Name the other cluster as peer.");
}

/** How certificates are imported in bulk; undefined for one by one. */
export function inBulk(
  cluster: string,
  { method, bulk }: Method,
  ctx: Context<CucmClient>,
): InBulk | undefined {
  if (method !== "bulk" || bulk === null) return undefined;
  const { client } = ctx;
  const exchange = () =>
    client.bulkExchange([cluster, bulk.peer], bulk.sftp_server, {
      archiveLeftovers: bulk.archive_leftovers === true,
    });
  return (before, memberships, ours, op) =>
    importInBulk(client.cluster(cluster), exchange, before, memberships, ours, op);
}

/**
 * What a bulk exchange with this peer may bring, declared or not; nothing where none is wanted.
 *
 * @throws ClusterError
 */
export async function broughtBy(
  cluster: string,
  { method, bulk }: Pick<PlanOf<typeof methodAttributes>, "method" | "bulk">,
  unread: Unread,
  ctx: Context<CucmClient>,
): Promise<readonly Membership[]> {
  if (method !== "bulk" || bulk === UNKNOWN || bulk === null || bulk.peer === UNKNOWN) return [];
  const peer = ctx.client.cluster(bulk.peer, "bulk");
  return broughtInBulk(ctx.client.cluster(cluster), peer, unread, operation(ctx));
}

/**
 * Asked at plan, before anything is exported. What is not known yet is asked by the plan that core makes at apply.
 *
 * @throws ClusterError when the versions do not allow it, or what it brings would replace a certificate
 * @throws DiagnosticError when the peer or the SFTP server is not declared
 */
export async function refuseBulk(
  cluster: string,
  { method, bulk }: Pick<PlanOf<typeof methodAttributes>, "method" | "bulk">,
  wanted: readonly Membership[],
  ours: ReadonlySet<string>,
  ctx: Context<CucmClient>,
): Promise<void> {
  if (method !== "bulk" || bulk === UNKNOWN || bulk === null) return;
  if (bulk.sftp_server !== UNKNOWN) ctx.client.refuseSftpServer(bulk.sftp_server);
  if (bulk.peer === UNKNOWN) return;
  const peer = ctx.client.cluster(bulk.peer, "bulk");
  const importer = ctx.client.cluster(cluster);
  await refuseVersions(importer, peer, operation(ctx));
  await refuseBulkLoss(importer, peer, wanted, ours, "passes", operation(ctx));
}
