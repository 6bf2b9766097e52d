import { isIPv4 } from "node:net";

/** `10.1.20.0/24` with the host bits cleared; null when it is not an IPv4 prefix. */
export function canonicalSubnet(text: string): string | null {
  const [address = "", length = "", ...more] = text.split("/");
  if (more.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(length) || Number(length) > 32) return null;
  const bits = Number(length);
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  const value = (Buffer.from(address.split(".").map(Number)).readUInt32BE() & mask) >>> 0;
  const network = Buffer.alloc(4);
  network.writeUInt32BE(value);
  return `${network.join(".")}/${bits}`;
}
