import { type Scope, scopeText } from "../backend";
import { canonicalMac } from "../mac";
import { canonicalPool } from "../pool";
import { shownText } from "../shown-text";
import { type KeaDocument, objects } from "./document";
import { type JsonNode, type JsonObject, member, stringOf } from "./json-text";
import { looksUp } from "./looks-up";

/** One level of inheritance: its own `option-data` and the like. */
export interface Level {
  /** As sentences name it. */
  readonly name: string;
  readonly node: JsonObject;
}

/** Where a scope stands in a document. */
export interface Place {
  /** What has the scope's `option-data`; null for a phone that has no reservation. */
  readonly node: JsonObject | null;
  /** Who the scope inherits from, nearest first; the global options come last. */
  readonly above: readonly Level[];
  /** Of a subnet, a pool, or a phone. */
  readonly subnet: JsonObject | null;
  /** That the subnet is in, or that the scope is. */
  readonly network: JsonObject | null;
  /** Of a phone: whether its reservation is a global one. */
  readonly global?: boolean;
}

/** null when the document has no such subnet, pool or shared network. A phone needs no reservation. */
export function findPlace(document: KeaDocument, scope: Scope): Place | null {
  const root = document.dhcp4;
  if (root?.kind !== "object") return null;
  const global: Level = { name: GLOBAL, node: root };
  if (scope.kind === "global") return { node: root, above: [], subnet: null, network: null };
  if (scope.kind === "shared-network") {
    const name = scope.network.normalize("NFC");
    const network = document.networks().find((n) => nameOf(n) === name);
    return network ? { node: network, above: [global], subnet: null, network } : null;
  }
  const found = document.subnet(scope.subnet);
  if (!found) return null;
  const { node: subnet, network } = found;
  const above = [...(network ? [{ name: networkName(network), node: network }] : []), global];
  if (scope.kind === "subnet") return { node: subnet, above, subnet, network };
  const below = [{ name: scopeText({ kind: "subnet", subnet: scope.subnet }), node: subnet }, ...above];
  if (scope.kind === "pool") {
    const pool = objects(member(subnet, "pools")).find((p) => poolOf(p) === scope.pool);
    return pool ? { node: pool, above: below, subnet, network } : null;
  }
  const find = (owner: JsonObject) => hostOf(document, objects(member(owner, "reservations")), scope.mac);
  const counts = (what: "subnet" | "global") => looksUp(what, document, subnet, network);
  const own = find(subnet);
  const general = (own && counts("subnet")) || !counts("global") ? null : find(root);
  return { node: general ?? own, above: below, subnet, network, global: general !== null };
}

const GLOBAL = scopeText({ kind: "global" });
export const networkName = (network: JsonNode): string =>
  scopeText({ kind: "shared-network", network: nameOf(network) });
/** Of a network or a class. */
export const nameOf = (node: JsonNode): string => shownText(stringOf(member(node, "name")) ?? "");
export const subnetName = (subnet: JsonNode): string =>
  scopeText({ kind: "subnet", subnet: stringOf(member(subnet, "subnet")) ?? "" });
export const poolName = (pool: JsonNode, subnet: JsonNode): string =>
  scopeText({
    kind: "pool",
    subnet: stringOf(member(subnet, "subnet")) ?? "",
    pool: poolOf(pool) ?? stringOf(member(pool, "pool")) ?? "",
  });

const poolOf = (pool: JsonNode) => canonicalPool(stringOf(member(pool, "pool")) ?? "");

/** In the order in which Kea looks reservations up, unless the configuration gives another. */
const IDENTIFIERS = ["hw-address", "duid", "circuit-id", "client-id"];

export function identifiersOf(document: KeaDocument): readonly string[] {
  const list = member(document.dhcp4, "host-reservation-identifiers");
  return list?.kind === "array" ? list.items.map((i) => stringOf(i) ?? "") : IDENTIFIERS;
}

/** Client identifiers of phones are their MAC address behind the type of hardware, 1. */
const ETHERNET = /^0?1:?/;

/**
 * The reservation that Kea finds for a phone, by its MAC address or by the client identifier that is made of it.
 * A client gets one reservation only: a second one would take the place of the first.
 */
export function hostOf(document: KeaDocument, hosts: readonly JsonObject[], mac: string): JsonObject | null {
  for (const identifier of identifiersOf(document)) {
    const host = hosts.find((h) => {
      const value = stringOf(member(h, identifier));
      if (value === undefined) return false;
      const text = value.replace(/^0x/i, "");
      if (identifier === "hw-address") return canonicalMac(text) === mac;
      return (
        identifier === "client-id" && ETHERNET.test(text) && canonicalMac(text.replace(ETHERNET, "")) === mac
      );
    });
    if (host) return host;
  }
  return null;
}

const ANY_IDENTIFIER = [...IDENTIFIERS, "flex-id"];

/** By what a reservation is found: `["hw-address", "02:..."]`. */
export function identifierOf(host: JsonNode): readonly [string, string] | null {
  for (const key of ANY_IDENTIFIER) {
    const value = stringOf(member(host, key));
    if (value !== undefined) return [key, value];
  }
  return null;
}

export function hostName(host: JsonNode): string {
  const [key, value] = identifierOf(host) ?? ["without", "identifier"];
  return `reservation ${key} ${shownText(value)}`;
}
