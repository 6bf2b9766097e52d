/** IPv4 and IPv6 addresses of trust list records, as 4 or 16 bytes. */

/** `undefined` unless there are 4 or 16 bytes. IPv6 with its longest run of zero groups as `::` (RFC 5952). */
export function addressText(bytes: Buffer, start = 0, end = bytes.length): string | undefined {
  if (end - start === 4) return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
  if (end - start !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(start + i * 2));
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}

/** `undefined` unless the text is an IPv4 or IPv6 address. */
export function addressBytes(text: string): Buffer | undefined {
  if (!text.includes(":")) {
    const parts = text.split(".");
    const valid = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
    return valid ? Buffer.from(parts.map(Number)) : undefined;
  }
  // The last 4 bytes may be written as IPv4 (RFC 4291, 2.2).
  const [, colons, dotted] = /^(.*:)([\d.]+)$/.exec(text) ?? [];
  if (colons !== undefined && dotted?.includes(".")) {
    const tail = addressBytes(dotted)?.toString("hex");
    return tail === undefined ? undefined : addressBytes(`${colons}${tail.slice(0, 4)}:${tail.slice(4)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [front = [], back] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const gap = back === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(gap, 0)).fill("0"), ...(back ?? [])];
  if ((back !== undefined && gap < 1) || groups.length !== 8) return undefined;
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}
