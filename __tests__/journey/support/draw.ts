/** What there is time for, drawn anew at each start; all of it with `JOURNEYS=each`. */
import { randomInt } from "node:crypto";

const EVERYTHING = process.env.JOURNEYS === "each";

/** Some of `all`, in the order in which they stand. Says which, where a suite shows it: `name` is what of each is printed. */
export function draw<T>(
  all: readonly T[],
  count: number,
  name: (one: T) => string,
  everything = EVERYTHING,
): readonly T[] {
  const left = [...all];
  while (!everything && left.length > count) left.splice(randomInt(left.length), 1);
  if (left.length < all.length)
    process.stderr.write(`Drawn, ${left.length} of ${all.length}: ${left.map(name).join("; ")}\n`);
  return left;
}
