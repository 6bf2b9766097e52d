import { type Definition, type Entry, SPACE } from "./document";

/**
 * The addresses that a client receives for `entry`.
 *
 * Measured on Kea 2.2, 2.6 and 3.0: a definition without `array` serves the first address only; one of type
 * string serves the text itself, which is no address (it is returned as it stands, and equals no declared answer).
 */
export function servedBy(entry: Entry, definition: Definition | null): readonly string[] {
  if (!entry.csv) return fromHex(entry.data) ?? [entry.data];
  const addresses = entry.data
    .split(",")
    .map((a) => a.trim())
    .filter((a) => a !== "");
  if (definition && definition.type !== "ipv4-address") return [entry.data];
  return definition && !definition.array ? addresses.slice(0, 1) : addresses;
}

/** `data` for these addresses in the spelling that the entry has: hexadecimal, or with its separator. */
export function respell(entry: Entry, addresses: readonly string[]): string {
  if (!entry.csv) {
    const hex = Buffer.from(addresses.flatMap((a) => a.split(".").map(Number))).toString("hex");
    return /[a-f]/.test(entry.data.replace(/^0x/i, "")) ? hex : hex.toUpperCase();
  }
  return addresses.join(/\s*,\s*/.exec(entry.data)?.[0] ?? ", ");
}

/**
 * An element that Kea accepts and gives back with these members, keys sorted as Kea sorts them.
 * @param only the class whose members are served it (2.7 and later).
 */
export function newEntry(name: string, addresses: readonly string[], only?: string): string {
  const classes = only === undefined ? "" : ` "client-classes": [ ${JSON.stringify(only)} ],`;
  return `{ "always-send": false,${classes} "code": 150, "csv-format": true, "data": ${JSON.stringify(addresses.join(", "))}, "name": ${JSON.stringify(name)}, "space": "${SPACE}" }`;
}

function fromHex(data: string): string[] | null {
  const digits = data.replace(/^0x/i, "").replace(/[\s:]/g, "");
  if (!/^(?:[0-9a-fA-F]{8})*$/.test(digits)) return null;
  return (digits.match(/.{8}/g) ?? []).map((four) => Buffer.from(four, "hex").join("."));
}
