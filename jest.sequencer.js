/**
 * Which test files begin first. A clean checkout has no record of how long they took, and a long one that begins last
 * keeps one worker busy while the other has nothing left. Those not named here follow, the largest file first.
 */
const LONGEST = [
  "kills.journey",
  "forecast.journey",
  "lost-state.journey",
  "faults.journey",
  "eras-newer.journey",
  "eras-older.journey",
  "there-and-back.journey",
  "waves.journey",
  "node-down.journey",
  "examples.core",
  "cdktf-cli.core",
  "forecast-against-lab",
  "fault-matrix",
  "scale",
  "forecast/mutations",
  "conformance/cores.core",
  "migration.core",
  "bulk-emulated",
  "option-150.core",
  "provider-in-40-lines.core",
  "mutation/cores.core",
  "null-stand-in.core",
  "data-sources/trust-forecast",
];

/** @param {{ path: string }} test */
const rank = ({ path }) => {
  const found = LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`));
  return found === -1 ? LONGEST.length : found;
};

module.exports = class LongestFirst {
  static LONGEST = LONGEST;
  sort(tests) {
    const size = new Map(tests.map((test) => [test, test.context.hasteFS?.getSize(test.path) ?? 0]));
    return [...tests].sort((a, b) => rank(a) - rank(b) || size.get(b) - size.get(a));
  }
  /** Long and short ones in each part. */
  shard(tests, { shardIndex, shardCount }) {
    return this.sort(tests).filter((_, i) => i % shardCount === shardIndex - 1);
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
};
