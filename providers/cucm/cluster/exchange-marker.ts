/** What an exchange writes about itself into its directory, and whose files are there by it. Pure. */

export interface Marker {
  /** Publishers, sorted. */
  readonly between: readonly string[];
  readonly done: "nothing" | "exported" | "consolidated";
  /** What each cluster exported, and what consolidation made. */
  readonly files: { readonly [who: string]: readonly string[] };
}

/** Far more than names of files take. */
export const MOST_MARKER_BYTES = 64 * 1024;

/** null for anything that no exchange between these publishers wrote. */
export function parseMarker(text: Buffer | null, between: readonly string[]): Marker | null {
  if (text === null) return null;
  try {
    const marker: unknown = JSON.parse(String(text));
    return isMarker(marker) && JSON.stringify(marker.between) === JSON.stringify(between) ? marker : null;
  } catch {
    return null;
  }
}

/**
 * Those of `files` that are not of the exchange that wrote the marker. One that was interrupted could not say what is
 * of it: everything is. A finished one named its files, and what came later is somebody's.
 */
export function strangers<T extends { readonly name: string }>(
  files: readonly T[],
  marker: Marker | null,
): readonly T[] {
  if (marker === null) return files;
  if (marker.done !== "consolidated") return [];
  const own = new Set(Object.values(marker.files).flat());
  return files.filter(({ name }) => !own.has(name));
}

const DONE = ["nothing", "exported", "consolidated"] satisfies Marker["done"][];

function isMarker(value: unknown): value is Marker {
  if (!isObject(value) || !isNames(value.between) || !isObject(value.files)) return false;
  return DONE.some((each) => each === value.done) && Object.values(value.files).every(isNames);
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
