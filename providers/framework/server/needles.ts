/** Shorter texts are not looked for: masking every "a" would only tell what the secret is. */
const SHORTEST = 4;

/** How much is remembered. */
export interface Most {
  readonly texts: number;
  /** Of all of them together. */
  readonly characters: number;
}

/**
 * Texts to be found in others. What a search takes hangs on the text that is searched, hardly on how many are looked
 * for: a run meets tens of thousands.
 */
export class Needles {
  /** The one that was added longest ago comes first. */
  private readonly texts = new Set<string>();
  /** By how they begin: their lengths, and how many have each. */
  private readonly lengths = new Map<string, Map<number, number>>();
  /** Of all texts together. */
  private characters = 0;

  get size(): number {
    return this.texts.size;
  }

  has(text: string): boolean {
    return this.texts.has(text);
  }

  add(text: string): void {
    if (text.length < SHORTEST) return;
    if (!this.texts.delete(text)) this.count(text, 1);
    this.texts.add(text);
  }

  /** Drops the oldest until there are no more than `most`, but none that `kept` has. */
  forget(most: Most, kept: Needles): void {
    for (const text of this.texts) {
      const few = this.texts.size <= Math.max(most.texts, kept.size);
      if (few && this.characters <= Math.max(most.characters, kept.characters)) return;
      this.texts.delete(text);
      if (kept.has(text)) this.texts.add(text);
      else this.count(text, -1);
    }
  }

  /** Where the longest ends that begins there; 0 when none does. */
  endAt(text: string, from: number): number {
    const lengths = this.lengths.get(text.slice(from, from + SHORTEST));
    let end = 0;
    for (const length of lengths?.keys() ?? [])
      if (from + length > end && this.texts.has(text.slice(from, from + length))) end = from + length;
    return end;
  }

  private count(text: string, by: 1 | -1): void {
    this.characters += by * text.length;
    const start = text.slice(0, SHORTEST);
    const lengths = this.lengths.get(start) ?? new Map<number, number>();
    const now = (lengths.get(text.length) ?? 0) + by;
    if (now > 0) lengths.set(text.length, now);
    else lengths.delete(text.length);
    if (lengths.size > 0) this.lengths.set(start, lengths);
    else this.lengths.delete(start);
  }
}
