const tails = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while nobody else in this process holds one of `keys`. Kea has no compare-and-set, so writers of one
 * server must at least not race each other.
 */
export async function withLocks<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
  const [key, ...rest] = [...new Set(keys)].sort();
  if (key === undefined) return work();
  const previous = tails.get(key) ?? Promise.resolve();
  const mine = previous.then(() => withLocks(rest, work));
  const settled = mine.catch(() => {});
  tails.set(key, settled);
  try {
    return await mine;
  } finally {
    if (tails.get(key) === settled) tails.delete(key);
  }
}
