import { defineDataSource } from "../../framework/define";
import { DiagnosticError } from "../../framework/diagnostic";
import { attr } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import { addressRange } from "../address-range";
import { type CucmClient, operation } from "../client";
import type { Cluster, Operation } from "../cluster/cluster";
import { select } from "../selection";

export const phonesDataSource = defineDataSource<CucmClient>()({
  type: "cucm_phones",
  description:
    "The phones of a cluster that meet all of some criteria. Meant for `phone-migration select`, which writes them " +
    "into a list to commit: a wave whose phones were asked for in every plan would change by itself. Changes nothing.",
  example: `data "cucm_phones" "hq" {
  cluster      = "source"
  device_pools = ["HQ"]
  percentage   = 10
}`,
  attributes: {
    // Required
    cluster: attr.string({
      required: true,
      description: "Name of the cluster in the provider's `clusters`.",
    }),
    // Optional
    device_pools: attr.list("string", { optional: true, description: "In one of these device pools." }),
    models: attr.list("string", {
      optional: true,
      description: "Of one of these models, by their name in CUCM (`Cisco 8861`).",
    }),
    subnets: attr.list("string", {
      optional: true,
      description:
        "Registered with an address in one of these, by RIS: `10.1.20.0/24` or `10.1.20.10-10.1.20.99`.",
    }),
    name: attr.string({
      optional: true,
      description: "With such a device name: `*` stands for any characters, `?` for one.",
    }),
    percentage: attr.number({
      optional: true,
      description:
        "About so many of a hundred, by a hash of the device name: a larger percentage has all phones of a smaller one, and the same question the same answer.",
    }),
    exclude: attr.list("string", { optional: true, description: "Not these device names." }),
    // Computed
    names: attr.list("string", { computed: true, description: "Device names, sorted." }),
    unplaced: attr.list("string", {
      computed: true,
      description:
        "With `subnets`: device names for which all the rest holds, and of which RIS tells no address, since they are not registered here. Sorted.",
    }),
    unfit: attr.list("string", {
      computed: true,
      description:
        "Names that begin with `SEP` or `ATA`, and for which all the rest holds, but have no MAC address in them. Sorted.",
    }),
    silent: attr.list("string", {
      computed: true,
      description: "With `subnets`: nodes that did not answer RIS; phones there are in `unplaced`. Sorted.",
    }),
  },

  validate({ subnets, percentage, device_pools, models }, ctx) {
    for (const subnet of subnets === UNKNOWN ? [] : (subnets ?? []))
      if (subnet !== UNKNOWN && addressRange(subnet) === null)
        ctx.error(
          `"${subnet}" is no subnet`,
          "Write the network address and its length, e.g. 10.1.20.0/24, or a first and a last address, e.g. 10.1.20.10-10.1.20.99.",
          [{ attribute: "subnets" }],
        );
    if (typeof percentage === "number" && !(percentage > 0 && percentage <= 100))
      ctx.error(`The percentage is ${percentage}`, "Write a number above 0, and up to 100.", [
        { attribute: "percentage" },
      ]);
    // Of none nothing would be asked, and every phone would do.
    for (const [attribute, list] of Object.entries({ subnets, device_pools, models }))
      if (Array.isArray(list) && list.length === 0)
        ctx.error(`${attribute} is empty`, "Leave it out, or name one.", [{ attribute }]);
  },

  async read(config, ctx) {
    const cluster = ctx.client.cluster(config.cluster);
    const op = operation(ctx);
    const devicePools = config.device_pools ?? [];
    const models = config.models ?? [];
    await refuseStrangers(cluster, { devicePools, models }, op);
    const { names, unplaced, unfit, silent } = await select(
      cluster,
      {
        devicePools,
        models,
        name: config.name,
        percentage: config.percentage,
        exclude: config.exclude ?? [],
        ranges: (config.subnets ?? []).flatMap((subnet) => addressRange(subnet) ?? []),
      },
      op,
    );
    return { ...config, names, unplaced, unfit, silent };
  },
});

/** @throws DiagnosticError for a device pool or model that no phone has: most likely a slip, or other capitals. */
async function refuseStrangers(
  cluster: Cluster,
  { devicePools, models }: { readonly devicePools: readonly string[]; readonly models: readonly string[] },
  op: Operation,
): Promise<void> {
  if (devicePools.length === 0 && models.length === 0) return;
  const phones = await cluster.listedPhones(op);
  for (const [attribute, what, wanted, there] of [
    ["device_pools", "in device pool", devicePools, phones.map(({ devicePool }) => devicePool)],
    ["models", "of model", models, phones.map(({ model }) => model)],
  ] as const) {
    const stranger = wanted.find((one) => !there.includes(one));
    if (stranger === undefined) continue;
    const known = [...new Set(there)].sort().map((one) => `"${one}"`);
    throw new DiagnosticError(
      `No phone of cluster "${cluster.name}" is ${what} "${stranger}"`,
      `Its phones have: ${known.join(", ") || "none, there are no phones"}. Write one of these, as it is spelled there.`,
      [{ attribute }],
    );
  }
}
