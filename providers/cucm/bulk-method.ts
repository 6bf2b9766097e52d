/** `method` and `bulk` of `cucm_trust_memberships`: which way certificates take, and where a bulk exchange happens. */
import type { Context, ValidateContext } from "../framework/define";
import { attr, type StateOf, type UnknownConfigOf } from "../framework/schema/attribute";
import { UNKNOWN } from "../framework/schema/value";
import { type CucmClient, operation } from "./client";
import { refuseVersions } from "./cluster/bulk-exchange";
import { importInBulk } from "./cluster/bulk-import";
import type { InBulk } from "./cluster/memberships";

export const methodAttributes = {
  method: attr.string({
    default: "manual",
    oneOf: ["manual", "bulk"],
    description:
      'How certificates get there: `manual` imports each one (Cisco\'s "Method 2"); `bulk` ("Method 1") lets both ' +
      "clusters export to an SFTP server, imports what they consolidate, and then one by one what that did not bring " +
      "(ITLRecovery). It may bring certificates that are not declared here; a destroy leaves those.",
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
  { method, bulk }: UnknownConfigOf<typeof methodAttributes>,
  ctx: ValidateContext,
): void {
  if (method === UNKNOWN || bulk === UNKNOWN) return;
  if (method === "bulk" && bulk === null)
    ctx.error(
      "A bulk exchange needs an SFTP server",
      'Add bulk = { peer = "<the other cluster>", sftp_server = "<name in sftp_servers>" }, or set method = "manual".',
      [{ attribute: "bulk" }],
    );
  if (method !== "bulk" && bulk !== null)
    ctx.error("bulk is given and not used", 'Set method = "bulk", or leave bulk out.', [
      { attribute: "bulk" },
    ]);
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
  return (before, memberships, op) =>
    importInBulk(client.cluster(cluster), exchange, before, memberships, op);
}

/** @throws ClusterError when the versions do not allow it: asked at plan, before anything is exported. */
export async function refuseBulk(cluster: string, planned: object, ctx: Context<CucmClient>): Promise<void> {
  const { method, bulk } = planned as Method;
  if (method !== "bulk" || bulk === null) return;
  const { client } = ctx;
  await refuseVersions(client.cluster(cluster), client.cluster(bulk.peer, "bulk"), operation(ctx));
}
