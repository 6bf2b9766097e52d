import { shown } from "../answer-text";
import type { Finding } from "../backend";
import { type KeaDocument, objects, type SubnetPlace } from "./document";
import { items, type JsonNode, member, stringOf } from "./json-text";
import { hostName, networkName, poolName, subnetName } from "./place";
import { looksUp } from "./reservations";
import type { ScopeView } from "./scope-view";
import { servedBy } from "./value";

/**
 * Narrower scopes with an option 150 of their own: clients there do not see what this scope answers. By the
 * precedence of host reservation, pool, subnet, shared network, class, global.
 */
export function shadows({ document, scope, place }: ScopeView): Finding[] {
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
        ...items(member(document.dhcp4, "client-classes")).flatMap((c) =>
          report(document, `class ${stringOf(member(c, "name"))}, for its members`, c),
        ),
        ...document.networks().flatMap((n) => report(document, networkName(n), n)),
        ...inSubnets(document, document.allSubnets()),
      ];
  }
}

function inSubnets(document: KeaDocument, subnets: readonly SubnetPlace[]): Finding[] {
  const global = subnets.some(({ node, network }) => looksUp("global", document, node, network));
  return [
    ...subnets.flatMap((s) => [
      ...report(document, subnetName(s.node), s.node),
      ...inSubnet(document, s, false),
    ]),
    ...(global ? globalHosts(document) : []),
  ];
}

function inSubnet(document: KeaDocument, subnet: SubnetPlace, withGlobal: boolean): Finding[] {
  return [
    ...objects(member(subnet.node, "pools")).flatMap((pool) =>
      report(document, poolName(pool, subnet.node), pool),
    ),
    ...hosts(document, subnet, withGlobal),
  ];
}

function hosts(document: KeaDocument, { node, network }: SubnetPlace, withGlobal: boolean): Finding[] {
  return [
    ...items(member(node, "reservations")).flatMap((host) =>
      report(document, `${hostName(host)} of ${subnetName(node)}`, host),
    ),
    ...(withGlobal && looksUp("global", document, node, network) ? globalHosts(document) : []),
  ];
}

const globalHosts = (document: KeaDocument): Finding[] =>
  items(member(document.dhcp4, "reservations")).flatMap((host) =>
    report(document, `global ${hostName(host)}`, host),
  );

function report(document: KeaDocument, scope: string, node: JsonNode): Finding[] {
  return document.entries(node).map((entry) => ({
    kind: "shadowed",
    severity: "warning",
    scope: entry.classes.length > 0 ? `${scope} class ${entry.classes.join(", ")}` : scope,
    value: entry.neverSend ? "never-send true" : shown(servedBy(entry, document.definition)),
    advice:
      "This goes before the scope's own answer: phones there do not see the change. Remove it, or know why it is there.",
  }));
}
