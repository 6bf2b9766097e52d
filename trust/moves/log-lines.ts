/**
 * The few lines of a large log that can matter, with their numbers. Most lines are never made a string: either words
 * that every line of interest holds are searched in the bytes of a whole chunk, and line ends are only counted; or,
 * where every other line is of interest, a look at some bytes of each line tells.
 */

/** Bytes of a line that are looked at; what stands behind them is passed over. */
export const LINE_LIMIT = 4096;
const NEWLINE = 0x0a;
/** Bytes over which a loop is quicker than a call. */
const NEAR = 400;

/**
 * Takes a line without its end, which stands in `bytes` until it returns. `true`: it wants the next one too, whatever
 * that says.
 */
export type LineTaker = (bytes: Buffer, from: number, end: number, number: number) => boolean;

/** Whether a line may be of interest. There are bytes behind its end. */
export type LineLook = (bytes: Buffer, from: number, end: number) => boolean;

/** Memory does not grow with the size of a file or the length of a line. */
export class LogLines {
  readonly #words: readonly Buffer[];
  readonly #look: LineLook | null;
  readonly #next: number[];
  /** Of a line whose end has not come yet: its beginning, and whether there is one at all. */
  readonly #begun = Buffer.alloc(LINE_LIMIT + 16);
  #begunBytes = 0;
  #isOpen = false;
  /** Number of the line that is read next, or is open. */
  #number = 1;
  #wantsNext = false;

  constructor(
    interest: readonly string[] | LineLook,
    private readonly take: LineTaker,
  ) {
    this.#look = typeof interest === "function" ? interest : null;
    this.#words = typeof interest === "function" ? [] : interest.map((word) => Buffer.from(word, "latin1"));
    this.#next = this.#words.map(() => 0);
  }

  /** Chunks may end anywhere, and may be overwritten afterwards. */
  push(chunk: Buffer): void {
    let from = 0;
    if (this.#isOpen) {
      const end = chunk.indexOf(NEWLINE);
      this.#keep(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0) return;
      this.#close();
      from = end + 1;
    }
    const until = chunk.lastIndexOf(NEWLINE) + 1;
    if (until > from && this.#look !== null) this.#each(chunk.subarray(from, until), this.#look);
    else if (until > from) this.#whole(chunk.subarray(from, until));
    if (until < chunk.length) this.#keep(chunk.subarray(Math.max(from, until)));
  }

  /** A last line may have no end. */
  end(): void {
    if (this.#isOpen) this.#close();
  }

  #keep(part: Buffer): void {
    this.#isOpen = true;
    const kept = part.subarray(0, LINE_LIMIT - this.#begunBytes);
    this.#begun.set(kept, this.#begunBytes);
    this.#begunBytes += kept.length;
  }

  #close(): void {
    const [line, end] = [this.#begun, this.#begunBytes];
    this.#isOpen = false;
    this.#begunBytes = 0;
    const isOfInterest =
      this.#look?.(line, 0, end) ?? this.#words.some((word) => line.subarray(0, end).includes(word));
    if (this.#wantsNext || isOfInterest) this.#wantsNext = this.#give(line, 0, end, this.#number);
    this.#number++;
  }

  /** Lines that all have their end, one after the other. Their ends are found as {@link newlines} are. */
  #each(lines: Buffer, look: LineLook): void {
    const text = lines.toString("latin1");
    let number = this.#number;
    let wanted = this.#wantsNext;
    for (let at = 0; at < lines.length; number++) {
      const end = text.indexOf("\n", at);
      if (wanted || look(lines, at, end)) wanted = this.#give(lines, at, end, number);
      at = end + 1;
    }
    this.#number = number;
    this.#wantsNext = wanted;
  }

  /** Lines that all have their end. */
  #whole(lines: Buffer): void {
    this.#next.fill(-1);
    for (let at = 0; at < lines.length; ) {
      let hit = at;
      if (!this.#wantsNext) {
        hit = this.#hit(lines, at);
        const start = hit < 0 ? lines.length : this.#skip(lines, at, hit);
        if (hit < 0) this.#number += newlines(lines, at, start);
        at = start;
        if (hit < 0) return;
      }
      const end = endOf(lines, hit);
      if (hit - at < LINE_LIMIT) this.#wantsNext = this.#give(lines, at, end, this.#number);
      this.#number++;
      at = end + 1;
    }
  }

  /** Counts the lines before the one of `hit`, and returns where that begins. */
  #skip(lines: Buffer, from: number, hit: number): number {
    if (hit - from > NEAR) {
      const start = lines.lastIndexOf(NEWLINE, hit) + 1;
      this.#number += newlines(lines, from, start);
      return start;
    }
    let start = from;
    for (let at = from; at < hit; at++) {
      if (lines[at] !== NEWLINE) continue;
      this.#number++;
      start = at + 1;
    }
    return start;
  }

  /** Where the next of the words stands; -1: nowhere. */
  #hit(lines: Buffer, from: number): number {
    let first = -1;
    for (const [i, word] of this.#words.entries()) {
      let at = this.#next[i]!;
      if (at < from) {
        const found = lines.indexOf(word, from);
        at = found < 0 ? lines.length : found;
        this.#next[i] = at;
      }
      if (at < lines.length && (first < 0 || at < first)) first = at;
    }
    return first;
  }

  #give(lines: Buffer, from: number, end: number, number: number): boolean {
    const until = Math.min(end, from + LINE_LIMIT);
    const carriage = until > from && lines[until - 1] === 0x0d ? 1 : 0;
    return this.take(lines, from, until - carriage, number);
  }
}

/** There is one. */
function endOf(lines: Buffer, from: number): number {
  for (let at = from; at < from + NEAR; at++) if (lines[at] === NEWLINE) return at;
  return lines.indexOf(NEWLINE, from + NEAR);
}

/** In a string V8 looks for a letter faster than in bytes, even though it has to be made first. */
function newlines(bytes: Buffer, from: number, until: number): number {
  const text = bytes.toString("latin1", from, until);
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
