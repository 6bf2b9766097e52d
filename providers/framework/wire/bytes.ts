import { isUtf8 } from "node:buffer";

/** The same bytes, not a copy, as what has Node's methods. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Names and short words are most texts: looking at them here is faster than having them looked at. */
const SHORT = 64;

/** Text from UTF-8; undefined when it is none. */
export function textOf(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start <= SHORT && isAscii(bytes, start, end)) return bytes.toString("latin1", start, end);
  return isUtf8(bytes.subarray(start, end)) ? bytes.toString("utf8", start, end) : undefined;
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}
