/** `phone-migration review` as it is called: exit status, streams, and the plan that it makes itself. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { POLICY_NAMES } from "../../../cli/review/policies";
import { run } from "../command";
import { manyScopes } from "./plans";

const PLANS = join(__dirname, "plans");
const FLIP = join(PLANS, "flip.json");

let folder: string;
const { env } = process;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-review-"));
  mkdirSync(join(folder, "headquarters"));
  const at = (path: string) => ({ "//": { metadata: { path: `headquarters/${path}` } } });
  const declared = {
    data: { cucm_trust_forecast: { move_hq_forecast_2DC58D0F: at("move/main-office/forecast") } },
    resource: {
      cucm_phone_registration: { move_hq_registration_E73FD7C1: at("move/main-office/registration") },
      null_resource: { plain: {} },
    },
  };
  writeFileSync(join(folder, "headquarters/cdk.tf.json"), JSON.stringify(declared));
  writeFileSync(
    join(folder, "core"),
    `#!/bin/sh\npwd >> "${folder}/ran"; echo "$1" >> "${folder}/ran"\nif [ "$1" = show ]; then cat "${FLIP}"; fi\n`,
    { mode: 0o755 },
  );
  process.env = { ...env, TERRAFORM_BINARY_NAME: join(folder, "core") };
});
afterEach(() => {
  process.env = env;
  rmSync(folder, { recursive: true });
});

test("a plan's file: Markdown, exit 0, and no core is run", async () => {
  const { status, out, err } = await run("review", FLIP);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain("**4 phones of wave hq move from the source to the destination.**");
  expect(out).toContain("Construct paths are not in a plan");
  expect(() => readFileSync(join(folder, "ran"))).toThrow();
});

test("with a folder alone it makes the plan, and names constructs by their paths", async () => {
  const { status, out } = await run("review", "--folder", join(folder, "headquarters"));
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "ran"), "utf8").match(/^(init|plan|show)$/gm)).toEqual([
    "init",
    "plan",
    "show",
  ]);
  expect(out.split("\n")[0]).toBe("<!-- phone-migration review: Phone migration_ headquarters -->");
  expect(out).toContain("4 phones of wave main-office move");
  expect(out).toContain("is `headquarters/move/main-office/registration`");
});

test("a plan's file and a folder: the file is reviewed, the folder tells the paths", async () => {
  const { status, out } = await run("review", FLIP, "--folder", join(folder, "headquarters"), "--json");
  expect(status).toBe(0);
  expect(() => readFileSync(join(folder, "ran"))).toThrow();
  expect(JSON.parse(out)).toMatchObject({
    review: 1,
    moves: [
      {
        path: "headquarters/move/main-office/registration",
        forecast: { path: "headquarters/move/main-office/forecast" },
      },
    ],
    violated: [],
  });
});

test("policies: what is violated is told on both streams, with exit 1", async () => {
  const lockouts = join(PLANS, "lockouts.json");
  const bad = await run("review", lockouts, "--fail-on", "lockout,shadow", "--fail-on", "drift");
  expect(bad.status).toBe(1);
  expect(bad.out).toContain("❌ Against 1 policy:\n\n- `lockout`: wave hq: 1 phone locked out");
  expect(bad.err).toContain("The plan is against lockout (a phone that moves is forecast to be locked out");
  expect(
    (await run("review", FLIP, "--fail-on", "lockout,shadow,drift,unread,unknown,unproven")).status,
  ).toBe(0);
});

test("the document names every policy", () => {
  const text = readFileSync(join(__dirname, "../../../docs/review.md"), "utf8");
  expect(POLICY_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("the JSON has what the Markdown leaves out", async () => {
  const many = join(folder, "many.json");
  writeFileSync(many, JSON.stringify(manyScopes(1500)));
  const { out } = await run("review", many, "--json");
  expect(JSON.parse(out).scopes).toHaveLength(1500);
});

test.each([
  [["no-such-file"], /no-such-file cannot be read/],
  [[join(__dirname, "plans.ts")], /This is not JSON/],
  [[FLIP, "--fail-on", "everything"], /There is no policy everything\. There are: lockout, /],
  [[FLIP, "--folder", "no-such-folder"], /There is no folder no-such-folder/],
])("wrong use is exit 2: %j", async (args, says) => {
  const { status, out, err } = await run("review", ...args);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toMatch(says);
});

const diagnostic = (severity: string, summary: string) =>
  JSON.stringify({ type: "diagnostic", diagnostic: { severity, summary, detail: "Mend `it`." } });
const core = (script: string) =>
  writeFileSync(join(folder, "core"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test("a plan that is refused is exit 1, and its errors are the comment", async () => {
  core(`if [ "$1" = plan ]; then echo '${diagnostic("error", "@octocat is at risk")}'; exit 1; fi`);
  const { status, out, err } = await run("review", "--folder", join(folder, "headquarters"));
  expect(status).toBe(1);
  expect(err).toContain("@octocat is at risk: Mend `it`.");
  expect(out).toMatch(/^<!-- phone-migration review: Phone migration_ headquarters -->\n/);
  expect(out).toContain("**No plan can be made, so nothing can be deployed from this.**");
  expect(out).toContain("```text\n@octocat is at risk: Mend `it`.\n```");
  const json = await run("review", "--folder", join(folder, "headquarters"), "--json");
  expect(JSON.parse(json.out)).toEqual({
    review: 1,
    refused: "@octocat is at risk: Mend `it`.",
    stale: null,
  });
});

describe("a declaration that is older than main.ts", () => {
  const directory = process.cwd();
  const stack = () => join(folder, "cdktf.out/stacks/headquarters");
  beforeEach(() => {
    process.chdir(realpathSync(folder));
    mkdirSync(stack(), { recursive: true });
    writeFileSync(join(stack(), "cdk.tf.json"), "{}");
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(stack(), "cdk.tf.json"), anHourAgo, anHourAgo);
    writeFileSync(join(folder, "main.ts"), "");
  });
  afterEach(() => process.chdir(directory));
  const line =
    "⚠ main.ts is newer than the declaration that is reviewed here. Run npx cdktf synth, and review again.";
  const warned = "Warning: main.ts is newer than that declaration.";

  test.each([
    ["the plan is made here", []],
    ["a plan with paths of a stack", [FLIP, "--stack", "headquarters"]],
  ])("is told below the verdict and on stderr: %s", async (_, args) => {
    const { status, out, err } = await run("review", ...args);
    expect([status, out.split("\n").slice(3, 6)]).toEqual([0, [expect.stringMatching(/^\*\*/), "", line]]);
    expect(err).toContain(warned);
  });

  test("is told where no plan can be made, and not of a plan alone", async () => {
    expect(await run("review", FLIP)).toMatchObject({ err: "", out: expect.not.stringContaining("⚠") });
    core(`if [ "$1" = plan ]; then echo '${diagnostic("error", "at risk")}'; exit 1; fi`);
    expect((await run("review")).out).toContain(line);
  });

  test("is told by imports", async () => {
    core(`if [ "$1" = show ]; then echo '{}'; fi`);
    const { status, out, err } = await run("imports");
    expect([status, out]).toEqual([0, expect.stringContaining("nothing to import")]);
    expect(err).toContain(warned);
  });
});

test("credentials that are not set are exit 2, and the comment says which", async () => {
  core(
    `if [ "$1" = plan ]; then echo '${diagnostic("error", "Environment variables A, B are not set")}'; exit 1; fi`,
  );
  const { status, out } = await run("review", "--folder", join(folder, "headquarters"));
  expect(status).toBe(2);
  expect(out).toContain("Environment variables A, B are not set: Mend `it`.");
});

test("what the core warns of is not in a plan, and told where the plan is made here", async () => {
  core(
    `if [ "$1" = plan ]; then echo '${diagnostic("warning", "Kea does not answer")}'; fi; if [ "$1" = show ]; then cat "${FLIP}"; fi`,
  );
  const made = await run("review", "--folder", join(folder, "headquarters"), "--fail-on", "warning");
  expect(made.status).toBe(1);
  expect(made.out).toContain("- `` Kea does not answer: Mend `it`. ``");
  expect((await run("review", FLIP, "--fail-on", "warning")).status).toBe(0);
});
