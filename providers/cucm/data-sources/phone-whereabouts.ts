import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import { type CucmClient, operation } from "../client";
import { type Cluster, ClusterError, type Operation, type Registrations } from "../cluster/cluster";
import { failuresOn, type Located, located, type Side } from "../phones";

export const phoneWhereaboutsDataSource = defineDataSource<CucmClient>()({
  type: "cucm_phone_whereabouts",
  description:
    "Where phones are registered now, by RIS of both clusters. Meant for `phone-migration status`: its answer changes by " +
    "itself, so an output of it would show a change in each plan. A cluster or a node that does not answer is in `unread`.",
  example: `data "cucm_phone_whereabouts" "hq" {
  source        = "source"
  destination   = "destination"
  registered_on = "destination"
  phones        = ["SEP001122334455", "SEP001122334466"]
}`,
  attributes: {
    // Required
    source: attr.string({
      required: true,
      description: "Name of the source cluster in the provider's `clusters`.",
    }),
    destination: attr.string({ required: true, description: "Name of the destination cluster." }),
    registered_on: attr.string({
      required: true,
      oneOf: ["source", "destination"],
      description: "Where they should be.",
    }),
    phones: attr.list("string", { required: true, description: "Device names, e.g. `SEP001122334455`." }),
    // Computed
    whereabouts: attr.listOf(
      {
        name: attr.string({ computed: true, description: "Device name." }),
        on: attr.string({
          computed: true,
          nullable: true,
          oneOf: ["source", "destination"],
          description: "Where it is registered; null: nowhere that is known.",
        }),
        node: attr.string({
          computed: true,
          nullable: true,
          description: "Address of the node that reported it last.",
        }),
        since: attr.string({
          computed: true,
          nullable: true,
          description: "Time of that report, ISO 8601: it is there, or gone, at least since then.",
        }),
        reason: attr.string({
          computed: true,
          nullable: true,
          description: "Why it is not on `registered_on`; null when it is.",
        }),
      },
      { computed: true, description: "By name, in the order of `phones`." },
    ),
    unread: attr.list("string", {
      computed: true,
      description:
        "What did not answer, in sentences, sorted: a phone that is registered there is not seen. Empty when all did.",
    }),
  },

  async read({ source, destination, registered_on, phones }, ctx) {
    const op = operation(ctx);
    const [from, to] = await Promise.all([
      ask(ctx.client.cluster(source, "source"), phones, op),
      ask(ctx.client.cluster(destination, "destination"), phones, op),
    ]);
    const found = phones.map((name) => located(name, from.registrations, to.registrations));
    const reasons = new Map(
      failuresOn(registered_on, found).map(({ name, reason }) => [name, reason] as const),
    );
    return {
      source,
      destination,
      registered_on,
      phones,
      whereabouts: found.map((phone) => ({ ...lastReport(phone), reason: reasons.get(phone.name) ?? null })),
      unread: [...from.unread, ...to.unread].sort(),
    };
  },
});

/** A cluster that does not answer, for whatever reason, says nothing of any phone, and hides nothing of the other one. */
async function ask(cluster: Cluster, phones: readonly string[], op: Operation) {
  try {
    const registrations: Registrations = await cluster.registrations(phones, op);
    const unread = registrations.silent.map(
      (node) => `RIS of cluster "${cluster.name}" has no answer from ${node}.`,
    );
    return { registrations, unread };
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === "cancelled") throw error;
    return {
      registrations: { phones: new Map(), silent: [`cluster "${cluster.name}"`] },
      unread: [`Cluster "${cluster.name}": ${error.summary}. ${error.detail}`],
    };
  }
}

function lastReport({ name, side, reports }: Located) {
  const newest = (Object.keys(reports) as Side[])
    .flatMap((one) => reports[one] ?? [])
    .sort((a, b) => b.timestamp - a.timestamp)[0];
  const report = side === null ? newest : reports[side];
  const since = report?.timestamp ? new Date(report.timestamp * 1000).toISOString() : null;
  return { name, on: side, node: report?.node ?? null, since };
}
