/**
 * `npm test` and the named suites: `npm run test:terraform`, `test:kea`, `test:kea-newer`, `test:dhcpd`, `test:sftp`,
 * `test:cdktn`, `test:package`, `test:newcomer`, `test:journey`. Ends with `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { newerKea } from "./newer-kea";

const ROOT = join(__dirname, "..");

interface Step {
  readonly title: string;
  readonly command: readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** Counts the tests of a jest run; any other command counts as one. */
  readonly jest?: true;
}

const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
const tsx = (program: string, ...rest: string[]) => [process.execPath, "--import", "tsx", program, ...rest];
const jest = (suite: string, cores: string, title: string, ...options: readonly string[]): Step => ({
  title,
  command: [bin("jest"), ...options],
  // Who names cores means them.
  env: { SUITE: suite, TF_CORES: process.env.TF_CORES ?? cores },
  jest: true,
});

/** The tests with a real Kea once more, on a newer one; without it the suite has failed. */
function onNewerKea(): Step {
  const found = newerKea(process.env);
  if ("why" in found) return { title: found.why, command: [process.execPath, "-e", "process.exit(1)"] };
  const step = jest("kea", "tofu", `tests with ${found.path}`);
  return { ...step, env: { ...step.env, KEA_BIN: found.path } };
}

/** On a machine without Terraform, and on one that has it as if it had not; who names cores may mean it. */
function withoutTerraform(step: Step): Step {
  if (process.env.TF_CORES !== undefined) return step;
  const path = [join(ROOT, "scripts/no-terraform"), process.env.PATH ?? ""].join(delimiter);
  return { ...step, env: { ...step.env, PATH: path } };
}

const SUITES: { readonly [name: string]: readonly Step[] | (() => readonly Step[]) } = {
  // Needs only Node and npm; the core is OpenTofu from npm.
  default: [
    { title: "types", command: [bin("tsc"), "-p", "."] },
    { title: "format and lint", command: [bin("biome"), "check", "--max-diagnostics=20"] },
    { title: "generated files are fresh", command: tsx("scripts/generate.ts", "--check") },
    withoutTerraform(jest("default", "tofu", "unit and acceptance tests")),
  ],
  terraform: [jest("core", "terraform", "acceptance tests with Terraform")],
  cdktn: [jest("cdktn", "tofu", "unit tests of the constructs with cdktn instead of cdktf")],
  package: [jest("package", "tofu", "the package in a project of its own")],
  newcomer: [jest("newcomer", "terraform", "a newcomer, by the README")],
  sftp: [jest("sftp", "tofu", "tests with a real OpenSSH")],
  kea: [jest("kea", "tofu", "tests with a real Kea")],
  "kea-newer": () => [onNewerKea()],
  dhcpd: [jest("dhcpd", "tofu", "tests with a real ISC dhcpd and OpenSSH")],
  // A third of their time they wait: for services, and for phones that boot.
  journey: [jest("journey", "terraform,tofu", "whole journeys on the lab, both cores", "--maxWorkers=3")],
};

function run(step: Step): { passed: number; failed: number } {
  console.log(`\n== ${step.title}`);
  const report = join(tmpdir(), `phone-migration-jest-${process.pid}.json`);
  const [program, ...rest] = step.command;
  const { status } = spawnSync(
    program!,
    step.jest ? [...rest, "--json", `--outputFile=${report}`, ...process.argv.slice(3)] : rest,
    {
      cwd: ROOT,
      // jest's --json prints the whole report on stdout; its readable one is on stderr.
      stdio: ["ignore", step.jest ? "ignore" : "inherit", "inherit"],
      env: { ...process.env, ...step.env },
    },
  );
  if (!step.jest) return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return counts(report, status === 0);
}

/** A suite that could not run counts as one failure; so does a run that ends badly without a failed test. */
function counts(report: string, ok: boolean): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    console.log(`\nLongest (the order in jest.sequencer.js): ${longest(testResults)}`);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: ok || failed > 0 ? failed : 1 };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}

interface TestFile {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime: number;
}

function longest(files: readonly TestFile[]): string {
  return files
    .map(({ name, startTime, endTime }) => ({ name: basename(name, ".test.ts"), took: endTime - startTime }))
    .sort((a, b) => b.took - a.took)
    .slice(0, 10)
    .map(({ name, took }) => `${name} ${Math.round(took / 1000)} s`)
    .join(", ");
}

const name = process.argv[2] ?? "default";
const suite = SUITES[name];
if (!suite) {
  console.error(`No suite "${name}". There are: ${Object.keys(SUITES).join(", ")}.`);
  process.exit(2);
}
const steps = typeof suite === "function" ? suite() : suite;
const total = steps.map(run).reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
