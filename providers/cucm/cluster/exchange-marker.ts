/** What an exchange writes about itself into its directory, and whose files are there by it. Pure. */

/** A process that exchanges. */
export interface Run {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Within which its number means that process ({@link pidsOf}); left out where the system does not tell. */
  readonly pids?: string;
}

export interface Marker {
  /** Publishers, sorted. */
  readonly between: readonly string[];
  readonly done: "nothing" | "exported" | "consolidated";
  /** What each cluster exported, and what consolidation made. */
  readonly files: { readonly [who: string]: readonly string[] };
  readonly run: Run;
  /** When it was written, by the clock of the run's host; null: the run has failed and gone. */
  readonly at: string | null;
}

/** Far more than names of files take. */
export const MOST_MARKER_BYTES = 64 * 1024;
/** A run writes its marker anew after each step; one that was killed leaves it. */
export const HELD_MINUTES = 10;

/** null for anything that no exchange wrote. */
export function parseMarker(text: Buffer | null): Marker | null {
  if (text === null) return null;
  try {
    const marker: unknown = JSON.parse(String(text));
    return isMarker(marker) ? marker : null;
  } catch {
    return null;
  }
}

/**
 * Whether the run that wrote the marker may still be at work. Only one of this start and PID namespace can be looked
 * at: another container, a machine of the same name, and this one before a restart look alike, and their numbers are
 * not ours.
 *
 * @param isAlive whether a process here runs
 */
export function isHeld(
  { run, at }: Marker,
  mine: Run,
  now: Date,
  isAlive: (pid: number) => boolean,
): boolean {
  if (run.id === mine.id || at === null) return false;
  if (Math.abs(now.getTime() - Date.parse(at)) > HELD_MINUTES * 60_000) return false;
  if (run.host !== mine.host || run.pids !== mine.pids) return true;
  return run.pid !== mine.pid && isAlive(run.pid);
}

/**
 * Start of the kernel and PID namespace: elsewhere the same number is another process.
 *
 * @param bootId /proc/sys/kernel/random/boot_id
 * @param namespace what /proc/self/ns/pid links to
 */
export const pidsOf = (bootId: string, namespace: string) => `${bootId.trim()} ${namespace.trim()}`;

/**
 * Those of `files` that are not of the exchange that wrote the marker, if it was between these publishers. One that was
 * interrupted could not say what is of it: everything is. A finished one named its files, and what came later is
 * somebody's.
 */
export function strangers<T extends { readonly name: string }>(
  files: readonly T[],
  marker: Marker | null,
  between: readonly string[],
): readonly T[] {
  if (marker === null || JSON.stringify(marker.between) !== JSON.stringify(between)) return files;
  if (marker.done !== "consolidated") return [];
  const own = new Set(Object.values(marker.files).flat());
  return files.filter(({ name }) => !own.has(name));
}

const DONE = ["nothing", "exported", "consolidated"] satisfies Marker["done"][];

function isMarker(value: unknown): value is Marker {
  if (!isObject(value) || !isNames(value.between) || !isObject(value.files) || !isRun(value.run))
    return false;
  if (value.at !== null && !(typeof value.at === "string" && !Number.isNaN(Date.parse(value.at))))
    return false;
  return DONE.some((each) => each === value.done) && Object.values(value.files).every(isNames);
}

const isRun = (value: unknown) =>
  isObject(value) &&
  typeof value.id === "string" &&
  typeof value.host === "string" &&
  (value.pids === undefined || typeof value.pids === "string") &&
  Number.isInteger(value.pid);

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
