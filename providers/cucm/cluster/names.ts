/** Which node is where: from the server table's names to the addresses that we connect to. */
import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";
import { orAborted } from "./budget";
import { ClusterError, type ClusterNode } from "./cluster";
import type { ClusterConfig } from "./config";
import type { NodeService, ProcessNode } from "./transports/axl";

/** Publisher first, then by name. @throws ClusterError */
export async function clusterNodes(
  config: ClusterConfig,
  table: readonly ProcessNode[],
  services: readonly NodeService[],
  signal: AbortSignal,
): Promise<readonly ClusterNode[]> {
  if (table.filter(({ publisher }) => publisher).length !== 1) {
    throw new ClusterError(
      config.name,
      config.publisher,
      `The server table of cluster "${config.name}" has no single publisher`,
      `AXL listed: ${table.map(({ name, publisher }) => `${name}${publisher ? " (publisher)" : ""}`).join(", ") || "nothing"}.`,
      "answer",
    );
  }
  const nodes = await Promise.all(
    table.map(async ({ name, publisher }): Promise<ClusterNode> => {
      const active = (service: string) =>
        services.find((each) => each.node === name && each.service === service)?.active;
      return {
        name,
        address: await addressOf(config, name, publisher, signal),
        role: publisher ? "publisher" : "subscriber",
        tftp: active("Cisco Tftp") ?? false,
        // A network service: it runs on every node, listed or not.
        tvs: active("Cisco Trust Verification Service") ?? true,
        callManager: active("Cisco CallManager") ?? false,
      };
    }),
  );
  return nodes.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function rank(node: ClusterNode): number {
  return node.role === "publisher" ? 0 : 1;
}

async function addressOf(
  config: ClusterConfig,
  name: string,
  publisher: boolean,
  signal: AbortSignal,
): Promise<string> {
  const set = config.nodeAddresses[name];
  if (set !== undefined) return set;
  if (isIPv4(name)) return name;
  if (publisher && isIPv4(config.publisher)) return config.publisher;
  try {
    return (await orAborted(lookup(name, { family: 4 }), signal)).address;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ClusterError(
      config.name,
      null,
      `No address for node "${name}" of cluster "${config.name}"`,
      `The server table names it so, and the name cannot be resolved from here. Set node_addresses = { "${name}" = "<IPv4 address>" } for this cluster.`,
      "configuration",
    );
  }
}

/** @throws ClusterError unless all are IPv4 addresses. */
export function checkedAddresses(cluster: string, addresses: readonly string[]): readonly string[] {
  const bad = addresses.filter((address) => !isIPv4(address));
  if (bad.length === 0) return addresses;
  throw new ClusterError(
    cluster,
    null,
    "Not an IPv4 address",
    bad
      .slice(0, 5)
      .map((address) => JSON.stringify(address))
      .join(", "),
    "configuration",
  );
}

/** Device names as CUCM allows them, without wildcards. @throws ClusterError */
export function checkedDeviceNames(cluster: string, names: readonly string[]): readonly string[] {
  const bad = names.filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name));
  if (bad.length === 0) return names;
  throw new ClusterError(
    cluster,
    null,
    "Not a device name",
    `${bad
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(", ")}: letters, digits, ".", "_" and "-" only, such as SEP001122334455.`,
    "configuration",
  );
}
