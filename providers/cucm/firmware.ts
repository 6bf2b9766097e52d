/** Whether the firmware that a cluster tells phones to run is on its TFTP nodes. */
import { type Cluster, ClusterError, type ClusterNode, type Operation } from "./cluster/cluster";

export interface MissingLoad {
  readonly load: string;
  /** Names of the TFTP nodes that do not have it. */
  readonly nodes: readonly string[];
}

/**
 * A phone asks for its load by this small file, which names the images: it is there or not, and no image is fetched
 * to know. ATAs ask for files of another kind and are left out (docs/assumptions.md, "Firmware loads").
 */
const manifestOf = (load: string) => `${load}.loads`;
const hasManifest = (device: string) => device.startsWith("SEP");

/**
 * By device name. Devices whose load is not known, and nodes that give no plain answer, are left out.
 *
 * @throws ClusterError when the database or the list of nodes cannot be read
 */
export async function missingLoads(
  cluster: Cluster,
  names: readonly string[],
  op: Operation,
): Promise<Map<string, MissingLoad>> {
  const missing = new Map<string, MissingLoad>();
  const devices = names.filter(hasManifest);
  if (devices.length === 0) return missing;
  const [loads, nodes] = await Promise.all([cluster.phoneLoads(devices, op), cluster.nodes(op)]);
  const tftp = nodes.filter((node) => node.tftp);
  const lacking = new Map<string, readonly string[]>();
  for (const load of new Set(loads.values())) {
    const answers = await Promise.all(
      tftp.map(async (node) => ((await lacks(cluster, node, load, op)) ? [node.name] : [])),
    );
    lacking.set(load, answers.flat().sort());
  }
  for (const [name, load] of loads) {
    const without = lacking.get(load)!;
    if (without.length > 0) missing.set(name, { load, nodes: without });
  }
  return missing;
}

/** Without the phones that run that load already: these do not fetch it. */
export const notRunning = (
  missing: ReadonlyMap<string, MissingLoad>,
  activeLoad: (name: string) => string | undefined,
): ReadonlyMap<string, MissingLoad> =>
  new Map([...missing].filter(([name, { load }]) => activeLoad(name) !== load));

async function lacks(cluster: Cluster, node: ClusterNode, load: string, op: Operation): Promise<boolean> {
  try {
    return (await cluster.servedFile(node, manifestOf(load), op)) === null;
  } catch (error) {
    if (error instanceof ClusterError && error.kind !== "cancelled") return false;
    throw error;
  }
}

/** For messages. */
export const missingInWords = ({ load, nodes }: MissingLoad): string =>
  `its firmware load ${load} is not on TFTP node ${nodes.join(", ")}`;
