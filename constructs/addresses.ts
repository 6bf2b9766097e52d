const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
const HOST =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

export const isIpv4 = (text: string) => IPV4.test(text);

/** An IPv4 address or a host name; four numbers that are no address are no host name either. */
export const isHost = (text: string) => isIpv4(text) || (HOST.test(text) && !/^[\d.]+$/.test(text));

/** `10.1.20.0/24`, with no host bits set. */
export function isSubnet(text: string): boolean {
  const [address, length, more] = text.split("/");
  if (!address || !length || more !== undefined || !isIpv4(address) || !/^\d{1,2}$/.test(length))
    return false;
  const bits = Number(length);
  if (bits > 32) return false;
  const value = address.split(".").reduce((n, part) => n * 256 + Number(part), 0);
  return value % 2 ** (32 - bits) === 0;
}
