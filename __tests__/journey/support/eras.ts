/** Pairs of releases, and how each pair is travelled: every two values of two columns meet in one of the rows. */
import { randomInt } from "node:crypto";
import type { ClusterOptions } from "../../../lab/cluster/options";

export const SOURCES = ["8.6", "9.1", "10.5", "12.5"] as const;
export const DESTINATIONS = ["11.0", "12.5", "14", "15"] as const;
type Release = (typeof SOURCES)[number] | (typeof DESTINATIONS)[number];

export const VERSIONS: { readonly [release in Release]: string } = {
  "8.6": "8.6.2.20000-2",
  "9.1": "9.1.2.10000-28",
  // From this one on releases read each other's bulk exports (CSCuy43181).
  "10.5": "10.5.2.13900-12",
  "11.0": "11.0.1.20000-2",
  "12.5": "12.5.1.11900-146",
  "14": "14.0.1.10000-20",
  "15": "15.0.1.10000-32",
};

export interface Era {
  readonly source: (typeof SOURCES)[number];
  readonly destination: (typeof DESTINATIONS)[number];
  readonly method: "manual" | "bulk";
  readonly sourceWay: "cli" | "web";
  readonly destinationWay: "cli" | "web" | "rest";
  readonly digest: NonNullable<ClusterOptions["digest"]>;
  /** Whether the source's CTL is pre-provisioned. */
  readonly ctl: "as-is" | "renewed";
  readonly core: "first" | "last";
}

const ROWS = `
  8.6   11.0  manual  web  web   sha1    as-is    first
  8.6   12.5  bulk    web  cli   sha512  as-is    last
  8.6   14    manual  web  rest  sha512  as-is    first
  8.6   15    bulk    cli  cli   sha1    as-is    last
  9.1   11.0  bulk    web  cli   sha1    as-is    last
  9.1   12.5  manual  cli  web   sha1    as-is    first
  9.1   14    bulk    cli  web   sha512  as-is    last
  9.1   15    manual  web  rest  sha512  as-is    first
  10.5  11.0  bulk    cli  web   sha1    renewed  first
  10.5  12.5  manual  web  cli   sha512  renewed  last
  10.5  14    bulk    cli  rest  sha1    renewed  last
  10.5  15    manual  cli  web   sha512  as-is    first
  12.5  11.0  manual  web  cli   sha1    as-is    last
  12.5  12.5  bulk    cli  web   sha512  renewed  first
  12.5  14    manual  cli  cli   sha1    renewed  first
  12.5  15    bulk    web  rest  sha1    renewed  last
`;
const COLUMNS = [
  "source",
  "destination",
  "method",
  "sourceWay",
  "destinationWay",
  "digest",
  "ctl",
  "core",
] as const;

export const ERAS: readonly Era[] = ROWS.trim()
  .split("\n")
  .map((row) => {
    const cells = row.trim().split(/\s+/);
    return Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]])) as unknown as Era;
  });

const major = (release: Release) => Number.parseFloat(release);
/** A release before the turning point refuses bulk, and goes on by hand. */
export const readsBulk = (release: Release) => major(release) >= 10.5;
/** The choice of the digest is there from 11.5 on. */
export const choosesDigest = (release: Release) => major(release) >= 11.5;
/** Certificate REST is there from 14 on, CTLs without tokens from 10.0. */
const exists = (pair: string) =>
  !/destination=1[12]\..* & destinationWay=rest/.test(pair) &&
  !/source=[89]\..* & ctl=renewed/.test(pair) &&
  pair !== "destination=11.0 & digest=sha512";

/** `name=value & name=value`, for each two columns. */
function pairsOf(era: Era): string[] {
  const cells = COLUMNS.map((name) => `${name}=${era[name]}`);
  return cells.flatMap((a, i) => cells.slice(i + 1).map((b) => `${a} & ${b}`));
}

/** Pairs of values that could meet and do not. */
export function pairsThatNeverMeet(): string[] {
  const met = new Set(ERAS.flatMap(pairsOf));
  const values = COLUMNS.map((name) => [...new Set(ERAS.map((era) => `${name}=${era[name]}`))]);
  return values
    .flatMap((some, i) =>
      values.slice(i + 1).flatMap((others) => some.flatMap((a) => others.map((b) => `${a} & ${b}`))),
    )
    .filter((pair) => exists(pair) && !met.has(pair));
}

/**
 * All of two sources, or what there is time for: two destinations, drawn anew at each start, the sources in turn, and
 * one of them with a renewed CTL where these sources have that.
 */
export function erasOf(sources: readonly Era["source"][], everything: boolean): Era[] {
  const mine = ERAS.filter(({ source }) => sources.includes(source));
  if (everything) return mine;
  const renews = ({ ctl }: Era) => ctl === "renewed";
  for (;;) {
    const two = drawnOf(mine, sources);
    if (two.some(renews) || !mine.some(renews)) return two;
  }
}

function drawnOf(mine: readonly Era[], sources: readonly Era["source"][]): Era[] {
  const first = randomInt(sources.length);
  return shuffled(DESTINATIONS)
    .slice(0, 2)
    .map((destination, i) => {
      const source = sources[(first + i) % sources.length];
      return mine.find((era) => era.destination === destination && era.source === source)!;
    });
}

function shuffled<T>(all: readonly T[]): T[] {
  const left = [...all];
  return all.map(() => left.splice(randomInt(left.length), 1)[0]!);
}
