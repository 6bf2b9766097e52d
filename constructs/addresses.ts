import { Token } from "cdktf";

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

/** A token has its value at plan; what it then is, the provider judges. */
const isToken = (text: string) => Token.isUnresolved(text);

export const isIpv4 = (text: string) => isToken(text) || IPV4.test(text);

/** An IPv4 address or a host name; four numbers that are no address are no host name either. */
export const isHost = (text: string) => isIpv4(text) || (HOST.test(text) && !/^[\d.]+$/.test(text));

/** `10.1.20.0/24`, with no host bits set. */
export function isSubnet(text: string): boolean {
  if (isToken(text)) return true;
  const [address, length, more] = text.split("/");
  if (!address || !length || more !== undefined || !isIpv4(address) || !/^\d{1,2}$/.test(length))
    return false;
  const bits = Number(length);
  return bits <= 32 && numberOf(address) % 2 ** (32 - bits) === 0;
}

/** Both are written as they should be. */
export function isInSubnet(address: string, subnet: string): boolean {
  const [network = "", length] = subnet.split("/");
  const offset = numberOf(address) - numberOf(network);
  return offset >= 0 && offset < 2 ** (32 - Number(length));
}

/** Greater for later addresses. */
export const numberOf = (address: string) =>
  address.split(".").reduce((n, part) => n * 256 + Number(part), 0);
