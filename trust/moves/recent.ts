/** A map of what was set lately: at least `least` of its newest keys, and never more than twice as many. */
export class Recent<V> {
  #newer = new Map<string, V>();
  #older: ReadonlyMap<string, V> = new Map();

  constructor(private readonly least: number) {}

  get(key: string): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: string, value: V): void {
    if (this.#newer.size >= this.least && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }
}
