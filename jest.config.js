/** Suites by the file's name; see scripts/test.ts. `SUITE` is unset when jest is called by hand: everything is found. */
const SUITES = {
  default: { match: ["**/*.test.ts"], ignore: ["\\.(kea|dhcpd|sftp|journey)\\.test\\.ts$"] },
  core: { match: ["**/*.core.test.ts"], ignore: [] },
  kea: { match: ["**/*.kea.test.ts"], ignore: [] },
  dhcpd: { match: ["**/*.dhcpd.test.ts"], ignore: [] },
  sftp: { match: ["**/*.sftp.test.ts"], ignore: [] },
  journey: { match: ["**/*.journey.test.ts"], ignore: [] },
};
const { match, ignore } = SUITES[process.env.SUITE] ?? { match: ["**/*.test.ts"], ignore: [] };

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform: {
    "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  testMatch: match.map((pattern) => `<rootDir>/__tests__/${pattern}`),
  testPathIgnorePatterns: ["/node_modules/", ...ignore],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/dist", "<rootDir>/.lab"],
  testTimeout: 30_000,
  maxWorkers: 2,
  testSequencer: "<rootDir>/jest.sequencer.js",
};
