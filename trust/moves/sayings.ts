/** A trace says the same over and over: what was said lately is not read again. */

/** What is remembered, and the bytes of a text that is. The last one of a place is. */
const PLACES = 1 << 12;
const LONGEST = 128;

export class Sayings<T> {
  readonly #known: (T | undefined)[] = Array<T | undefined>(PLACES).fill(undefined);
  readonly #lengths = new Uint8Array(PLACES);
  readonly #bytes = Buffer.alloc(PLACES * LONGEST);

  /** @param read a function of the text alone */
  constructor(private readonly read: (text: string) => T) {}

  of(bytes: Buffer, from: number, end: number): T {
    const length = end - from;
    if (length > LONGEST) return this.read(bytes.toString("latin1", from, end));
    const place = placeOf(bytes, from, end);
    const known = this.#known[place];
    if (known !== undefined && this.#lengths[place] === length && this.#isAt(place, bytes, from, end))
      return known;
    const value = this.read(bytes.toString("latin1", from, end));
    this.#known[place] = value;
    this.#lengths[place] = length;
    bytes.copy(this.#bytes, place * LONGEST, from, end);
    return value;
  }

  #isAt(place: number, bytes: Buffer, from: number, end: number): boolean {
    const own = this.#bytes;
    let at = place * LONGEST;
    for (let i = from; i < end; i++) if (own[at++] !== bytes[i]) return false;
    return true;
  }
}

function placeOf(bytes: Buffer, from: number, end: number): number {
  let hash = end - from;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash ^ four, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x9e3779b1);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}
