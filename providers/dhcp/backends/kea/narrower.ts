import { type KeaDocument, objects, type SubnetPlace } from "./document";
import { member } from "./json-text";
import { looksUp } from "./looks-up";
import { hostName, type Level, nameOf, networkName, poolName, subnetName } from "./place";
import type { ScopeView } from "./scope-view";

/**
 * What goes before a scope for some of its clients, by the precedence of host reservation, pool, subnet, shared
 * network, class, global.
 */
export function narrower({ document, scope, place }: ScopeView): readonly Level[] {
  switch (scope.kind) {
    case "reservation":
      return [];
    case "pool":
      return hosts(document, { node: place.subnet!, network: place.network }, true);
    case "subnet":
      return inSubnet(document, { node: place.subnet!, network: place.network }, true);
    case "shared-network":
      return inSubnets(
        document,
        document.allSubnets().filter((s) => s.network === place.network),
      );
    case "global":
      return [
        ...objects(member(document.dhcp4, "client-classes")).map((node) => ({ name: className(node), node })),
        ...document.networks().map((node) => ({ name: networkName(node), node })),
        ...inSubnets(document, document.allSubnets()),
      ];
  }
}

/** A phone gets its address from one of these, and inherits from it; of another scope none. */
export function poolsOf({ scope, place: { subnet } }: ScopeView): readonly Level[] {
  return scope.kind === "reservation" && subnet ? poolsIn(subnet) : [];
}

export const className = (node: Level["node"]): string => `class ${nameOf(node)}, for its members`;

const poolsIn = (subnet: Level["node"]): readonly Level[] =>
  objects(member(subnet, "pools")).map((node) => ({ name: poolName(node, subnet), node }));

function inSubnets(document: KeaDocument, subnets: readonly SubnetPlace[]): Level[] {
  const global = subnets.some(({ node, network }) => looksUp("global", document, node, network));
  return [
    ...subnets.flatMap((s) => [{ name: subnetName(s.node), node: s.node }, ...inSubnet(document, s, false)]),
    ...(global ? globalHosts(document) : []),
  ];
}

const inSubnet = (document: KeaDocument, subnet: SubnetPlace, withGlobal: boolean): Level[] => [
  ...poolsIn(subnet.node),
  ...hosts(document, subnet, withGlobal),
];

const hosts = (document: KeaDocument, { node, network }: SubnetPlace, withGlobal: boolean): Level[] => [
  ...objects(member(node, "reservations")).map((host) => ({
    name: `${hostName(host)} of ${subnetName(node)}`,
    node: host,
  })),
  ...(withGlobal && looksUp("global", document, node, network) ? globalHosts(document) : []),
];

const globalHosts = (document: KeaDocument): Level[] =>
  objects(member(document.dhcp4, "reservations")).map((node) => ({
    name: `global ${hostName(node)}`,
    node,
  }));
