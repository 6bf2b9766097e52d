import { identity, member, objectOrNull } from "../schema/equality";
import type { CtyType, Value } from "../schema/value";

/** A part of an element of a set: where it is, below objects, and what is there. */
export interface Part {
  readonly path: readonly string[];
  readonly type: CtyType;
  readonly value: Value;
  /** What stands for a value here, where that is not its identity. */
  readonly keyOf?: ((value: Value) => string) | undefined;
}

/** When an element on the left corresponds to one on the right. */
export interface Test {
  readonly fits: (left: Value, right: Value) => boolean;
  /**
   * What a right one that fits has in common with the left one, at least: only those with the same parts are asked. A
   * set of thousands is quadratic where there is little of this.
   */
  readonly shared: (left: Value) => readonly Part[];
  /** The same for those to be preferred. */
  readonly preferred?: (left: Value) => readonly Part[];
}

/** Elements by what is in some of their parts; by other parts of them for other questions. */
export class PartIndex {
  private readonly byPaths = new Map<string, Map<string, number[]>>();

  constructor(private readonly elements: readonly Value[]) {}

  /** Indices of the elements that have these parts. */
  having(parts: readonly Part[]): readonly number[] {
    const paths = parts.map(({ path, keyOf }) => `${keyOf ? "~" : "/"}${path.join(".")}`).join();
    let byKey = this.byPaths.get(paths);
    if (byKey === undefined) {
      byKey = new Map();
      for (const [i, element] of this.elements.entries()) {
        const key = keyOf(parts, ({ path }) => at(element, path));
        const same = byKey.get(key);
        if (same) same.push(i);
        else byKey.set(key, [i]);
      }
      this.byPaths.set(paths, byKey);
    }
    return byKey.get(keyOf(parts, ({ value }) => value)) ?? [];
  }
}

const keyOf = (parts: readonly Part[], partOf: (part: Part) => Value): string =>
  parts.map((part) => (part.keyOf ?? ((v) => identity(part.type, v)))(partOf(part))).join("\n");

const at = (element: Value, path: readonly string[]): Value =>
  path.reduce<Value>((value, name) => member(objectOrNull(value) ?? {}, name), element);

/**
 * Pairs by the first test as many as there can be; what is left over, by the next. Indices into `right`. Of what a
 * test leaves open, the preferred pair is taken, else the first on the right that is free.
 */
export function pairUp(
  left: readonly Value[],
  right: readonly Value[],
  ...tests: readonly Test[]
): (number | null)[] {
  const partners = new Array<number | null>(left.length).fill(null);
  for (const test of tests) {
    const taken = new Set(partners);
    const restLeft = [...left.keys()].filter((l) => partners[l] === null);
    const restRight = [...right.keys()].filter((r) => !taken.has(r));
    const found = maximumMatching(
      restLeft.map((l) => left[l]!),
      restRight.map((r) => right[r]!),
      test,
    );
    for (const [i, k] of found.entries()) if (k !== null) partners[restLeft[i]!] = restRight[k]!;
  }
  return partners;
}

/** For each left one the index of its right partner: as many pairs as there can be (augmenting paths). */
function maximumMatching(
  left: readonly Value[],
  right: readonly Value[],
  { fits, shared, preferred }: Test,
): (number | null)[] {
  if (left.length === 0 || right.length === 0) return left.map(() => null);
  const index = new PartIndex(right);
  const owner = new Array<number | null>(right.length).fill(null);
  const partners = new Array<number | null>(left.length).fill(null);
  /** Where a search has ended in vain: no later one gets any further there. */
  const hopeless = new Set<number>();
  const pair = (l: number, k: number) => {
    owner[k] = l;
    partners[l] = k;
  };
  const takeFree = (l: number, candidates: readonly number[]): boolean => {
    const free = candidates.find((k) => owner[k] === null && fits(left[l]!, right[k]!));
    if (free !== undefined) pair(l, free);
    return free !== undefined;
  };
  /** Breadth first, and by a loop: a chain may be as long as the set is large. */
  const augment = (start: number): void => {
    /** From a right one to the left one that it was reached from. */
    const via = new Map<number, number>();
    const queue = [start];
    for (const l of queue)
      for (const k of index.having(shared(left[l]!))) {
        if (via.has(k) || hopeless.has(k) || !fits(left[l]!, right[k]!)) continue;
        via.set(k, l);
        const held = owner[k]!;
        if (held !== null) {
          queue.push(held);
          continue;
        }
        for (let now: number | null = k; now !== null; ) {
          const by: number = via.get(now)!;
          const before: number | null = partners[by]!;
          pair(by, now);
          now = before;
        }
        return;
      }
    for (const k of via.keys()) hopeless.add(k);
  };
  if (preferred) for (const l of left.keys()) takeFree(l, index.having(preferred(left[l]!)));
  for (const l of left.keys())
    if (partners[l] === null && !takeFree(l, index.having(shared(left[l]!)))) augment(l);
  return partners;
}
