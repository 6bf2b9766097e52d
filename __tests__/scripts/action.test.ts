/** action.yml and the example workflows, with an `npx` and a `gh` that keep what they are told. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { readPlan } from "../../cli/review/plan-json";
import { POLICY_NAMES } from "../../cli/review/policies";
import { reviewOf } from "../../cli/review/review";
import { plan } from "../cli/review/plans";
import { runAction } from "./composite-action";

const ROOT = join(__dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-action-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(
    join(folder, name),
    `#!/bin/bash\nprintf '%s\\n' "$*" >> "${folder}/${name}-told"\n${script}\n`,
  );
  chmodSync(join(folder, name), 0o755);
}
const told = (name: string) =>
  existsSync(join(folder, `${name}-told`))
    ? readFileSync(join(folder, `${name}-told`), "utf8")
        .trim()
        .split("\n")
    : [];

const REVIEW = "<!-- phone-migration review: hq -->\n## hq\n";

function run(
  inputs: { readonly [name: string]: string },
  review: { readonly prints: string; readonly status: number },
  event = "pull_request",
  action = ROOT,
) {
  program("gh", `[ -n "$GH_TOKEN" ] || exit 4`);
  program("npx", `[ "$2" = review ] || exit 0\nprintf '%s' '${review.prints}'; exit ${review.status}`);
  return runAction(
    action,
    inputs,
    {
      "github.token": "t0ken",
      "github.event_name": event,
      "github.event.pull_request.number": event === "pull_request" ? "7" : "",
      "github.action_path": action,
    },
    { PATH: `${folder}:${process.env.PATH}`, GITHUB_REPOSITORY: "voice/phones" },
  );
}

test("lays the stack out, reviews it, and writes the comment, the summary and the output", () => {
  const ran = run({}, { prints: REVIEW, status: 0 });
  expect(ran).toMatchObject({ status: 0, summary: REVIEW, outputs: { review: REVIEW } });
  expect(told("npx")).toEqual(["cdktf synth", "phone-migration review --fail-on unread,unknown"]);
  expect(told("gh").at(-1)).toMatch(/^api --method POST repos\/voice\/phones\/issues\/7\/comments /);
});

test("inputs reach the command as they are, whatever is in them", () => {
  const title = `Site "A"; $(touch ${folder}/owned) \`touch ${folder}/owned\``;
  run({ stack: "hq", title, "fail-on": "lockout", synth: "npx lay out" }, { prints: REVIEW, status: 0 });
  expect(told("npx")).toEqual([
    "lay out",
    `phone-migration review --stack hq --fail-on lockout --title ${title}`,
  ]);
  expect(existsSync(join(folder, "owned"))).toBe(false);
});

test("a violated policy fails the check after the comment is written", () => {
  expect(run({}, { prints: REVIEW, status: 1 }).status).toBe(1);
  expect(told("gh")).not.toEqual([]);
});

test("wrong use fails the check and writes no comment", () => {
  expect(run({ "fail-on": "nonsense" }, { prints: "", status: 2 }).status).toBe(2);
  expect(told("gh")).toEqual([]);
});

test.each([
  ["outside of a pull request", {}, "push"],
  ["when it is not wanted", { comment: "false" }, "pull_request"],
])("%s there is no comment", (_, inputs, event) => {
  expect(run(inputs, { prints: REVIEW, status: 0 }, event)).toMatchObject({ status: 0, summary: REVIEW });
  expect(told("gh")).toEqual([]);
});

test("a stack that cannot be laid out is not reviewed", () => {
  program("npx", "exit 0");
  expect(run({ synth: "exit 3" }, { prints: REVIEW, status: 0 }).status).toBe(3);
  expect(told("npx")).toEqual([]);
});

interface Workflow {
  readonly on: { readonly [event: string]: unknown };
  readonly permissions: { readonly [name: string]: string };
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: {
    readonly [name: string]: {
      readonly if?: string;
      readonly environment: string;
      readonly "runs-on": readonly string[];
      readonly env?: object;
      readonly steps: readonly {
        readonly uses?: string;
        readonly run?: string;
        readonly with?: object;
        readonly env?: object;
      }[];
    };
  };
}
const workflows = readdirSync(join(ROOT, "examples/workflows")).map((name) => ({
  name,
  workflow: parse(readFileSync(join(ROOT, "examples/workflows", name), "utf8")) as Workflow,
}));

test.each(workflows)(
  "$name: no input or event is part of a script, and the action knows its inputs",
  ({ workflow }) => {
    const { inputs } = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));
    for (const { steps } of Object.values(workflow.jobs))
      for (const step of steps) {
        if (step.run !== undefined) execFileSync("bash", ["-n"], { input: step.run });
        expect(step.run ?? "").not.toContain("${{");
        if (step.uses === "./")
          expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      }
  },
);

test.each(workflows)(
  "$name: accounts are given to the steps that ask devices, all of them, and to no other",
  ({ workflow }) => {
    for (const { env, steps } of Object.values(workflow.jobs)) {
      expect(JSON.stringify(env ?? {})).not.toContain("secrets.");
      const given = steps.filter((step) => JSON.stringify(step.env ?? {}).includes("secrets."));
      expect(given).toEqual(steps.filter(({ uses, run }) => uses === "./" || run?.includes("cdktf deploy")));
      for (const step of given) expect(Object.keys(step.env!)).toEqual(Object.keys(given[0]!.env!));
    }
  },
);

test("pull requests of forks get no credentials, and the token of a review writes comments only", () => {
  const { workflow } = workflows.find(({ name }) => name === "review.yml")!;
  expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
  expect(workflow.permissions).toEqual({ contents: "read", "pull-requests": "write" });
  for (const job of Object.values(workflow.jobs)) {
    expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    expect(job.environment).toBe("review");
  }
});

test("what a pull request runs is never on a runner that deploys", () => {
  const labels = workflows.map(({ workflow }) =>
    Object.values(workflow.jobs).flatMap((job) => job["runs-on"].filter((label) => label !== "self-hosted")),
  );
  expect(labels.map((of) => of.length)).toEqual([1, 1]);
  expect(new Set(labels.flat()).size).toBe(2);
});

test("the action runs its script from wherever it lies, as in a package that was installed", () => {
  const installed = join(folder, "node_modules/phone-migration");
  for (const file of ["action.yml", "scripts/review-comment.sh"]) {
    mkdirSync(dirname(join(installed, file)), { recursive: true });
    // As installers that keep no mode leave it.
    writeFileSync(join(installed, file), readFileSync(join(ROOT, file)), { mode: 0o644 });
  }
  expect(run({}, { prints: REVIEW, status: 0 }, "pull_request", installed).status).toBe(0);
  expect(told("gh").at(-1)).toMatch(/^api --method POST /);
});

test("a deploy is never cancelled by the next one", () => {
  const { workflow } = workflows.find(({ name }) => name === "deploy.yml")!;
  expect(workflow.concurrency?.["cancel-in-progress"]).toBe(false);
  for (const job of Object.values(workflow.jobs)) expect(job.environment).not.toBe("review");
});

test("a deploy of the way back is not stopped by a node that is down", () => {
  const read = readPlan(plan("back"));
  const data = read.data.map((one) =>
    one.type === "cucm_signers" ? { ...one, values: { ...one.values, unread: ["10.20.0.12"] } } : one,
  );
  const { workflow } = workflows.find(({ name }) => name === "deploy.yml")!;
  const named = Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap((step) =>
      ((step.with as { "fail-on"?: string } | undefined)?.["fail-on"] ?? "").split(","),
    ),
  );
  const policies = POLICY_NAMES.filter((name) => named.includes(name));
  expect(policies.length).toBeGreaterThan(0);
  const { findings, violated } = reviewOf({ ...read, data }, new Map(), policies);
  expect(Object.keys(findings)).toContain("unread");
  expect(violated).toEqual([]);
});
