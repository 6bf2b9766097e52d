import { isIPv4 } from "node:net";
import { canonicalSubnet } from "./subnet";

/**
 * `10.1.20.10-10.1.20.99`, first and last address; null when it is no range of IPv4 addresses. Kea also takes blanks
 * around the hyphen, and a prefix.
 */
export function canonicalPool(text: string): string | null {
  const prefix = canonicalSubnet(text.replace(/\s/g, ""));
  if (prefix) {
    const [network = "", bits] = prefix.split("/");
    return `${network}-${dotted(numberOf(network) + 2 ** (32 - Number(bits)) - 1)}`;
  }
  const [first = "", last = "", ...more] = text.split("-").map((part) => part.trim());
  if (more.length > 0 || !isIPv4(first) || !isIPv4(last) || numberOf(first) > numberOf(last)) return null;
  return `${first}-${last}`;
}

/** Whether both ends of a pool lie in a subnet, both in their canonical form. */
export function poolIsIn(pool: string, subnet: string): boolean {
  const length = subnet.slice(subnet.indexOf("/"));
  return pool.split("-").every((end) => canonicalSubnet(`${end}${length}`) === subnet);
}

const numberOf = (address: string): number => Buffer.from(address.split(".").map(Number)).readUInt32BE();

function dotted(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.join(".");
}
