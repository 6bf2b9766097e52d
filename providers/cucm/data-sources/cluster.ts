import { defineDataSource } from "../../framework/define";
import { attr } from "../../framework/schema/attribute";
import { type CucmClient, operation } from "../client";
import type { ClusterNode } from "../cluster/cluster";
import { warnUnread } from "../unread";

export const clusterDataSource = defineDataSource<CucmClient>()({
  type: "cucm_cluster",
  description:
    "A CUCM cluster: version, nodes and the two parameters that decide whether phones can move. " +
    "A cluster that cannot be reached is a warning, and every attribute is then null or empty: reading never blocks " +
    "the way back. So they are without a warning where the cluster is `decommissioned`.",
  example: `data "cucm_cluster" "source" {
  cluster = "source"
}`,
  attributes: {
    // Required
    cluster: attr.string({
      required: true,
      description: "Name of the cluster in the provider's `clusters`.",
    }),
    // Computed
    version: attr.string({
      computed: true,
      nullable: true,
      description: "Active version, e.g. `10.5.2.11900-3`.",
    }),
    security_mode: attr.string({
      computed: true,
      nullable: true,
      oneOf: ["mixed", "non-secure"],
      description: "Enterprise parameter *Cluster Security Mode*.",
    }),
    rollback_to_pre_8: attr.bool({
      computed: true,
      nullable: true,
      description:
        "Enterprise parameter *Prepare Cluster for Rollback to Pre 8.0*. When true, phones hold an empty ITL and " +
        "cannot ask TVS: they would be locked out.",
    }),
    nodes: attr.mapOf(
      {
        address: attr.string({ computed: true, description: "Address that is used to reach the node." }),
        role: attr.string({
          computed: true,
          oneOf: ["publisher", "subscriber"],
          description: "Role of the node.",
        }),
        tftp: attr.bool({ computed: true, description: "Whether *Cisco Tftp* is activated." }),
        tvs: attr.bool({
          computed: true,
          description: "Whether the node runs *Cisco Trust Verification Service*.",
        }),
        call_manager: attr.bool({ computed: true, description: "Whether *Cisco CallManager* is activated." }),
      },
      { computed: true, description: "Nodes by their name in the server table." },
    ),
    tftp_addresses: attr.list("string", {
      computed: true,
      description: "Addresses of the nodes that run TFTP, the publisher first, then by name.",
    }),
  },

  async read({ cluster: name }, ctx) {
    if (ctx.client.isDecommissioned(name)) return nothingOf(name);
    const cluster = ctx.client.cluster(name);
    const op = operation(ctx);
    try {
      const [version, nodes, security_mode, rollback_to_pre_8] = await Promise.all([
        cluster.version(op),
        cluster.nodes(op),
        cluster.securityMode(op),
        cluster.rollbackToPre8(op),
      ]);
      return {
        cluster: name,
        version,
        security_mode,
        rollback_to_pre_8,
        nodes: Object.fromEntries(
          nodes.map(({ name, address, role, tftp, tvs, callManager }) => [
            name,
            { address, role, tftp, tvs, call_manager: callManager },
          ]),
        ),
        tftp_addresses: inOrder(nodes.filter((n) => n.tftp)).map((n) => n.address),
      };
    } catch (error) {
      warnUnread(ctx, error, "Its version, nodes and parameters are left empty.");
      return nothingOf(name);
    }
  },
});

const nothingOf = (cluster: string) => ({
  cluster,
  version: null,
  security_mode: null,
  rollback_to_pre_8: null,
  nodes: {},
  tftp_addresses: [],
});

/** The publisher first, then by name: the order of option 150 unless the user says another. */
function inOrder(nodes: readonly ClusterNode[]): ClusterNode[] {
  const rank = (n: ClusterNode) => (n.role === "publisher" ? 0 : 1);
  return [...nodes].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
