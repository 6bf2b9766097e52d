/** Suites by the file's name; see scripts/test.ts. `SUITE` is unset when jest is called by hand: everything is found. */
const SUITES = {
  default: {
    match: ["**/*.test.ts"],
    ignore: ["\\.(kea|dhcpd|sftp|journey|newcomer|package|cdktn)\\.test\\.ts$"],
  },
  core: { match: ["**/*.core.test.ts"], ignore: [] },
  kea: { match: ["**/*.kea.test.ts"], ignore: [] },
  dhcpd: { match: ["**/*.dhcpd.test.ts"], ignore: [] },
  sftp: { match: ["**/*.sftp.test.ts"], ignore: [] },
  newcomer: { match: ["**/*.newcomer.test.ts"], ignore: [] },
  journey: { match: ["**/*.journey.test.ts"], ignore: [] },
  package: { match: ["**/*.package.test.ts"], ignore: [] },
  // Whoever says `cdktf` gets its fork, the bindings of the null provider included.
  cdktn: {
    match: ["constructs/**/*.test.ts", "main.test.ts", "**/*.cdktn.test.ts"],
    ignore: [],
    instead: { "^cdktf$": "cdktn" },
  },
};
const { match, ignore, instead = {} } = SUITES[process.env.SUITE] ?? { match: ["**/*.test.ts"], ignore: [] };

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform: {
    "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  testMatch: match.map((pattern) => `<rootDir>/__tests__/${pattern}`),
  moduleNameMapper: instead,
  testPathIgnorePatterns: ["/node_modules/", ...ignore],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/dist", "<rootDir>/.lab"],
  testTimeout: 30_000,
  maxWorkers: 2,
  testSequencer: "<rootDir>/jest.sequencer.js",
};
