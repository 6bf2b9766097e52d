import { readdirSync } from "node:fs";
import { join } from "node:path";

interface Timed {
  readonly path: string;
  readonly context: object;
}
const LongestFirst: {
  readonly LONGEST: readonly string[];
  new (): { sort(tests: readonly Timed[]): readonly Timed[] };
} = require("../../jest.sequencer.js");

const TESTS = join(__dirname, "..");
const paths = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".test.ts"),
);

test("the files that are said to take longest are there, and begin first, in that order", () => {
  const first = LongestFirst.LONGEST.map((name) => paths.find((path) => path.endsWith(`${name}.test.ts`)));
  expect(first).not.toContain(undefined);
  const sorted = new LongestFirst().sort(paths.map((path) => ({ path, context: {} })).reverse());
  expect(sorted.slice(0, first.length).map(({ path }) => path)).toEqual(first);
});
