/** What there is time for, drawn anew at each start, in the order in which it stands; all of it with `JOURNEYS=each`. */
import { randomInt } from "node:crypto";

const EVERYTHING = process.env.JOURNEYS === "each";

export function draw<T>(all: readonly T[], count: number, everything = EVERYTHING): readonly T[] {
  const left = [...all];
  while (!everything && left.length > count) left.splice(randomInt(left.length), 1);
  return left;
}
