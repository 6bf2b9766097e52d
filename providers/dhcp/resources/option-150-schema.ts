import { isIPv4 } from "node:net";
import { attr, type PlanOf, type StateOf } from "../../framework/schema/attribute";
import { SCOPE_FORMS, scopeAttributes } from "./option-150-scope";

export const attributes = {
  // Required
  server: attr.string({
    required: true,
    description: "Name of the DHCP server in the provider's `servers`.",
  }),
  scope: attr.object(scopeAttributes, {
    required: true,
    description: `Where the DHCP server keeps the option: ${SCOPE_FORMS}. Another scope is another resource.`,
  }),
  destination_addresses: attr.list("string", {
    required: true,
    description:
      "TFTP servers of the destination cluster, in the order in which phones ask them. An empty list: the cluster could not be read, and what was declared before stays.",
    validate: [addressesProblem],
  }),
  serve: attr.string({
    required: true,
    oneOf: ["source", "destination"],
    description: "Whose answer the scope gives. Changing this word moves the phones.",
  }),
  // Optional
  source_addresses: attr.list("string", {
    optional: true,
    description:
      "TFTP servers of the source cluster, in order. Left out: the scope inherits its answer and has no option 150 of its own. An empty list: the cluster could not be read, and what was declared before stays.",
    validate: [addressesProblem],
  }),
  go_if: attr.map("bool", {
    default: {},
    description:
      "Sentences that must hold before the scope moves to the destination. Not looked at on the way back.",
  }),
  on_destroy: attr.string({
    default: "refuse",
    oneOf: ["refuse", "keep"],
    description:
      "`refuse`: no destroy unless the scope serves the source. `keep`: let go of the scope and leave it as it is.",
  }),
  // Computed
  observed: attr.list("string", {
    computed: true,
    description:
      "What the scope served when this was planned; empty when it inherits. A pair that disagrees: the first server's.",
  }),
  findings: attr.listOf(
    {
      kind: attr.string({ computed: true, description: "What it is, e.g. `shadowed` or `third-value`." }),
      severity: attr.string({
        computed: true,
        description: "`error` stops a move to the destination; `warning` and `info` do not.",
      }),
      scope: attr.string({ computed: true, description: "Where." }),
      value: attr.string({ computed: true, description: "What stands there." }),
      advice: attr.string({ computed: true, description: "What to do." }),
    },
    { computed: true, description: "What keeps the option from phones, or competes with it; sorted." },
  ),
  id: attr.string({
    computed: true,
    keepPriorValue: true,
    description:
      'Server and scope as JSON, the same for every spelling: `{"server":"kea","scope":{"subnet":"10.1.20.0/24","phone":"00:11:22:33:44:55"}}`. The scope of an import id has the same members.',
  }),
} as const;

export type Option150 = typeof attributes;
export type State = StateOf<Option150>;
export type Planned = PlanOf<Option150>;

/**
 * One datagram carries 63 addresses at most; IOS takes 8, and phones ask two. None is no error here: the list comes
 * from a cluster that may be unreachable, and that must not block the way back.
 */
export function addressesProblem(list: readonly string[]): string | undefined {
  if (list.length > 8) return "Give at most 8 addresses.";
  const wrong = list.find((a) => !isIPv4(a) || a === "0.0.0.0" || Number(a.split(".")[0]) >= 224);
  if (wrong !== undefined) return `"${wrong}" is not the IPv4 address of a server.`;
  return new Set(list).size === list.length ? undefined : "Each address may stand once.";
}
