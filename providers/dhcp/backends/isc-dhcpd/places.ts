/** Where in a configuration the scopes are. */
import { isIPv4 } from "node:net";
import { shownText } from "../shown-text";
import { canonicalSubnet } from "../subnet";
import { below, keyword, type Node, statementsOf } from "./configuration";
import { unquoted } from "./statements";

/** `10.1.20.0/24`; null when the statement is no such declaration. */
export function subnetOf({ words }: Node): string | null {
  const [declares, address, netmask, mask] = words;
  if (declares?.toLowerCase() !== "subnet" || netmask?.toLowerCase() !== "netmask") return null;
  const length = prefixLength(mask ?? "");
  return length === null ? null : canonicalSubnet(`${address}/${length}`);
}

function prefixLength(mask: string): number | null {
  if (!isIPv4(mask)) return null;
  const bits = mask
    .split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.replace(/0+$/, "").length : null;
}

export function inSubnet(address: string, subnet: string): boolean {
  return canonicalSubnet(`${address}/${subnet.split("/")[1]}`) === subnet;
}

/** Those within the subnet, and those of its shared network that have its addresses. */
export function poolsOf(subnet: Node): readonly Node[] {
  const prefix = subnetOf(subnet)!;
  const pools = (node: Node) => [...below(node)].filter((n) => n.children && keyword(n) === "pool");
  const network = ancestors(subnet).find((a) => keyword(a) === "shared-network");
  const shared = network
    ? pools(network).filter((pool) => pool.parent === network && rangesOf(pool).some(startsIn(prefix)))
    : [];
  return [...pools(subnet), ...shared];
}

const startsIn = (subnet: string) => (range: string) => inSubnet(range.split("-")[0]!, subnet);

/** `10.1.20.10-10.1.20.99` for each of a pool's ranges. */
export function rangesOf(pool: Node): readonly string[] {
  return [...statementsOf(pool)]
    .filter((node) => keyword(node) === "range")
    .map(({ words }) => words.slice(1).filter((word) => word.toLowerCase() !== "dynamic-bootp"))
    .map(([first, last]) => `${first}-${last ?? first}`);
}

/** Whether a host declaration can be chosen for a client in this subnet. */
export function servesIn(host: Node, subnet: string): boolean {
  const fixed = [...statementsOf(host)].filter((node) => keyword(node) === "fixed-address");
  if (fixed.length === 0) return true;
  return fixed
    .flatMap(({ words }) => words.slice(1).filter((word) => word !== ","))
    .some((address) => !isIPv4(address) || inSubnet(address, subnet));
}

/** Of its hardware address, or of a client identifier that is made of it (Ethernet is type 1). */
export function macsOf(host: Node): readonly string[] {
  return [...statementsOf(host)].flatMap(({ words }) => {
    const text = words.join(" ").toLowerCase();
    const [, value] = /^(?:hardware ethernet|option dhcp-client-identifier) (\S+)$/.exec(text) ?? [];
    const bytes = value?.split(":").map((byte) => byte.padStart(2, "0")) ?? [];
    return bytes.length === 6 || (bytes.length === 7 && bytes[0] === "01") ? [bytes.slice(-6).join(":")] : [];
  });
}

export function ancestors(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = node.parent; at; at = at.parent) found.push(at);
  return found;
}

export const nameOf = ({ words }: Node): string => shownText(unquoted(words[1] ?? ""));

/** As findings name it. */
export function placeText(node: Node): string {
  switch (keyword(node)) {
    case "":
      return "global";
    case "subnet":
      return `subnet ${subnetOf(node)}`;
    case "pool": {
      const subnet = ancestors(node).find((a) => keyword(a) !== "group");
      return `${subnet ? `${placeText(subnet)} ` : ""}pool ${rangesOf(node).join(", ")}`;
    }
    case "shared-network":
      return `shared network ${nameOf(node)}`;
    case "host":
      return `host ${nameOf(node)}`;
    case "class":
    case "subclass":
      return `class ${nameOf(node)}`;
    default:
      return `${keyword(node)} in ${node.file} line ${node.line}`;
  }
}
