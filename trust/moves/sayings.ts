/** A trace says the same over and over: what was said lately is not read again. */

/** Texts that are remembered, and the bytes of the longest. */
const PLACES = 1 << 12;
const LONGEST = 256;
/** Bytes that are looked at in one go; a text that is shorter is read each time. */
const WORD = 4;

/** Answers of a function of a text alone, by the bytes of the text. Memory does not grow. */
export class Sayings<T> {
  readonly #known: (T | undefined)[] = Array<T | undefined>(PLACES).fill(undefined);
  readonly #lengths = new Uint16Array(PLACES);
  readonly #bytes = Buffer.alloc(PLACES * LONGEST);
  readonly #own = viewOf(this.#bytes);
  #turn = 0;
  /** Of the bytes that came last: most lines come from the same ones. */
  #source: Buffer = this.#bytes;
  #view = this.#own;

  constructor(private readonly read: (text: string) => T) {}

  of(bytes: Buffer, from: number, end: number): T {
    const length = end - from;
    if (length > LONGEST || length < WORD) return this.read(bytes.toString("latin1", from, end));
    if (bytes !== this.#source) {
      this.#source = bytes;
      this.#view = viewOf(bytes);
    }
    // Either of two places, or else every third text would push another one out.
    const place = placeOf(this.#view, from, end);
    if (this.#lengths[place] === length && this.#isAt(place, from, end)) return this.#known[place]!;
    const other = place ^ 1;
    if (this.#lengths[other] === length && this.#isAt(other, from, end)) return this.#known[other]!;
    this.#turn ^= 1;
    return this.#keep(place ^ this.#turn, bytes, from, end);
  }

  #isAt(place: number, from: number, end: number): boolean {
    const own = this.#own;
    const view = this.#view;
    const last = end - WORD;
    const shift = place * LONGEST - from;
    for (let at = from; at < last; at += WORD)
      if (own.getInt32(at + shift, true) !== view.getInt32(at, true)) return false;
    return own.getInt32(last + shift, true) === view.getInt32(last, true);
  }

  #keep(place: number, bytes: Buffer, from: number, end: number): T {
    const value = this.read(bytes.toString("latin1", from, end));
    this.#known[place] = value;
    this.#lengths[place] = end - from;
    bytes.copy(this.#bytes, place * LONGEST, from, end);
    return value;
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer) => new DataView(buffer, byteOffset, length);

function placeOf(view: DataView, from: number, end: number): number {
  const last = end - WORD;
  let hash = Math.imul(view.getInt32(last, true) ^ (end - from), 0x9e3779b1);
  for (let at = from; at < last; at += WORD) {
    hash ^= hash >>> 15;
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
  }
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}
