/** The few pieces of DER (ITU-T X.690) that a certificate is made of. */

function lengthOf(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

export const sequence = (...content: Uint8Array[]) => element(0x30, ...content);
export const set = (...content: Uint8Array[]) => element(0x31, ...content);
export const boolean = (value: boolean) => element(0x01, Buffer.from([value ? 0xff : 0]));
/** A non-negative integer from its big-endian bytes. */
export const integer = (bytes: Uint8Array) =>
  element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes);
export const octetString = (content: Uint8Array) => element(0x04, content);
export const bitString = (content: Uint8Array, unusedBits = 0) =>
  element(0x03, Buffer.from([unusedBits]), content);
export const utf8String = (text: string) => element(0x0c, Buffer.from(text));
/** `[number] EXPLICIT`. */
export const explicit = (number: number, content: Uint8Array) => element(0xa0 | number, content);
/** `[number] IMPLICIT` of a primitive type. */
export const implicit = (number: number, content: Uint8Array) => element(0x80 | number, content);

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      septets.unshift(0x80 | (left % 128));
    }
    bytes.push(...septets);
  }
  return element(0x06, Buffer.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(date: Date): Buffer {
  // Not `toISOString`, whose first call alone takes a process some milliseconds.
  const fields = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  const rest = [...fields, date.getUTCSeconds()].map((n) => String(n).padStart(2, "0")).join("");
  const year = date.getUTCFullYear();
  return year < 2050
    ? element(0x17, Buffer.from(`${String(year).slice(2)}${rest}Z`))
    : element(0x18, Buffer.from(`${year}${rest}Z`));
}
