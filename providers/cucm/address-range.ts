import { isIPv4 } from "node:net";

/** IPv4 addresses one after the other; both ends are in it. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** `10.1.20.0/24`, or `10.1.20.10-10.1.20.99`; null when it is neither. Host bits of a subnet must not be set. */
export function addressRange(text: string): AddressRange | null {
  const [from = "", to = "", more] = text.split("-").map((part) => part.trim());
  if (more === undefined && isIPv4(from) && isIPv4(to)) {
    const range = { first: numberOf(from), last: numberOf(to) };
    return range.first <= range.last ? range : null;
  }
  const [network = "", length = "", rest] = text.split("/");
  if (rest !== undefined || !isIPv4(network) || !/^\d{1,2}$/.test(length) || Number(length) > 32) return null;
  const size = 2 ** (32 - Number(length));
  const first = numberOf(network);
  return first % size === 0 ? { first, last: first + size - 1 } : null;
}

export const sizeOf = ({ first, last }: AddressRange): number => last - first + 1;

export function isWithin(address: string, { first, last }: AddressRange): boolean {
  if (!isIPv4(address)) return false;
  const number = numberOf(address);
  return first <= number && number <= last;
}

export const addressesOf = (range: AddressRange): string[] =>
  Array.from({ length: sizeOf(range) }, (_, i) => textOf(range.first + i));

const numberOf = (address: string): number =>
  address.split(".").reduce((number, part) => number * 256 + Number(part), 0);

const textOf = (number: number): string => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join(".");
