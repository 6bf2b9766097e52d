import { below, type Configuration, keyword, type Node } from "./configuration";
import { type Leftover, leftoverIn } from "./leftovers";
import { type Definition, definitionIn, type Option150, option150In } from "./option-150";
import { macsOf, nameOf, subnetOf } from "./places";

/** What the views of many scopes look for in one configuration: found in one pass. */
export interface Lookup {
  readonly definitions: readonly Definition[];
  readonly options: readonly Option150[];
  /** By the block that they stand in, included ones in the place of their include. */
  readonly optionsIn: ReadonlyMap<Node | null, readonly Option150[]>;
  readonly leftovers: readonly Leftover[];
  /** By path. */
  readonly includes: ReadonlyMap<string, readonly Node[]>;
  /** By `10.1.20.0/24`. */
  readonly subnets: ReadonlyMap<string, Node>;
  /** By name. */
  readonly networks: ReadonlyMap<string, Node>;
  /** By MAC. */
  readonly hosts: ReadonlyMap<string, readonly Node[]>;
}

const made = new WeakMap<Configuration, Lookup>();

export function lookupIn(configuration: Configuration): Lookup {
  const existing = made.get(configuration);
  if (existing) return existing;
  const lookup = make(configuration.root);
  made.set(configuration, lookup);
  return lookup;
}

function make(root: Node): Lookup {
  const nodes = [...below(root)];
  const definitions = nodes.flatMap((node) => definitionIn(node) ?? []);
  const options = nodes.flatMap((node) => option150In(node, definitions) ?? []);
  const subnets = new Map<string, Node>();
  const networks = new Map<string, Node>();
  for (const node of nodes) {
    if (!node.children) continue;
    const subnet = subnetOf(node);
    if (subnet !== null && !subnets.has(subnet)) subnets.set(subnet, node);
    if (keyword(node) === "shared-network" && !networks.has(nameOf(node))) networks.set(nameOf(node), node);
  }
  return {
    definitions,
    options,
    optionsIn: grouped(options, ({ node }) => [node.parent]),
    leftovers: nodes.flatMap((node) => leftoverIn(node) ?? []),
    includes: grouped(nodes, ({ includes }) => (includes === null ? [] : [includes])),
    subnets,
    networks,
    hosts: grouped(nodes, (node) => (keyword(node) === "host" && node.children ? macsOf(node) : [])),
  };
}

function grouped<K, T>(items: readonly T[], keysOf: (item: T) => readonly K[]): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items)
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  return groups;
}
