/**
 * What `Reading.original` carries: a list with what each server had, in the order of the declaration.
 *
 * @param fits whether an element may be one of this kind of server.
 * @returns undefined when it is not that: then there is nothing to restore from.
 */
export function parseOriginals<T>(
  text: string | undefined,
  servers: number,
  fits: (each: unknown) => each is T,
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length === servers && list.every(fits) ? list : undefined;
  } catch {
    return undefined;
  }
}
