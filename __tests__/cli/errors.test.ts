/** What comes next after an error: each says it, and the exit status tells what has happened. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callsIn } from "../support/calls";
import { run } from "./command";

const ROOT = join(__dirname, "../..");

let folder: string;
const { env } = process;
const at = (name: string) => join(folder, name);
const core = (script: string) => {
  writeFileSync(at("core"), `#!/bin/sh\n${script}\n`);
  chmodSync(at("core"), 0o755);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-errors-"));
  mkdirSync(at("empty"));
  mkdirSync(at("cdktf.out/stacks/here"), { recursive: true });
  mkdirSync(at("cdktf.out/stacks/there"));
  const declared = {
    terraform: { required_providers: { cucm: {} } },
    provider: { cucm: [{ clusters: { old: {} } }] },
    resource: { cucm_phone_registration: { hq: { phones: ["SEP001122334401"], registered_on: "source" } } },
  };
  writeFileSync(at("cdktf.out/stacks/here/cdk.tf.json"), JSON.stringify(declared));
  const { resource: _, ...waveless } = declared;
  writeFileSync(at("cdktf.out/stacks/there/cdk.tf.json"), JSON.stringify(waveless));
  writeFileSync(at("CTL.tlv"), "<html>");
  hcl();
  process.env = { ...env, TERRAFORM_BINARY_NAME: at("core") };
  for (const name of ["USERNAME", "PASSWORD"]) delete process.env[`CUCM_SOURCE_APPLICATION_${name}`];
});
afterEach(() => {
  process.env = env;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** HCL, alone and with what puts the lab in place of its hosts. */
function hcl(): void {
  for (const name of ["hcl", "hcl-on-lab"]) {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/providers.tf`), 'provider "cucm" {}\n');
  }
  writeFileSync(
    at("hcl-on-lab/lab_override.tf.json"),
    JSON.stringify({ provider: { cucm: { clusters: { old: {} } } } }),
  );
}

const HERE = ["--folder", "cdktf.out/stacks/here"];
const THERE = ["--folder", "cdktf.out/stacks/there"];
const diagnostic = (summary: string, detail: string) =>
  JSON.stringify({ type: "diagnostic", diagnostic: { severity: "error", summary, detail } });
const UNSET = diagnostic("Environment variable CUCM_SOURCE_PLATFORM_USERNAME is not set", "Set it.");
const SILENT = diagnostic("Cluster old does not answer", "no route");

/** Arguments, where they are called, exit status, and what is said. */
const TABLE: readonly (readonly [args: string, status: number, said: string, more?: Partial<Case>])[] = [
  ["", 2, "Usage: phone-migration"],
  ["forcast", 2, "Did you mean forecast?"],
  ["lab upp", 2, "Did you mean up?"],
  ["forecast --wafe hq", 2, "Did you mean --wave?"],
  ["forecast --wafe hq", 2, "`phone-migration forecast --help` explains its options"],
  ["verify --phone-log", 2, "argument missing"],
  ["review one two", 2, "too many arguments"],
  ["review --fail-on lockot", 2, "There are: lockout"],
  ["tvs ask 10.0.0.1 x.pem", 2, "--tvs-certificate"],
  ["lab status --dir empty", 2, "`npx phone-migration lab up --dir empty`"],
  ...["forecast", "status", "doctor", "select", "imports", "review"].map(
    (command) => [command, 2, "Run `npx cdktf synth` first", { cwd: "empty" }] as const,
  ),
  ["forecast", 2, "Name one stack with --stack: here, there"],
  ["forecast --stack ther", 2, "There is no stack ther. Name one stack with --stack: here, there"],
  ["forecast --folder nowhere", 2, "run `npx cdktf synth`"],
  ["status --folder empty", 2, "Run `npx cdktf synth`"],
  [`forecast ${THERE.join(" ")}`, 2, "Declare one with PhoneMigration"],
  ...["forecast", "status", "doctor", "select --cluster old"].flatMap((command) =>
    ["hcl", "hcl-on-lab"].map(
      (there) =>
        [
          `${command} --folder ${there}`,
          2,
          "The *.tf files there are not read: this command knows only *.tf.json.",
          { core: "" },
        ] as const,
    ),
  ),
  [`forecast ${HERE.join(" ")} --wave hp`, 2, "Declared are: hq"],
  [`forecast ${HERE.join(" ")} --phone SEP001122334499`, 2, "Add it to the list"],
  [`doctor ${HERE.join(" ")} --cluster odl`, 2, "Declared are: old"],
  // The core: not there, in need of something, and in trouble.
  [`forecast ${HERE.join(" ")}`, 2, "set TERRAFORM_BINARY_NAME"],
  [
    `forecast ${HERE.join(" ")}`,
    2,
    "CUCM_SOURCE_PLATFORM_USERNAME",
    { core: `[ $1 = init ] || { echo '${UNSET}'; exit 1; }` },
  ],
  [
    `forecast ${HERE.join(" ")}`,
    1,
    "no route",
    { core: `[ $1 = init ] || { echo '${UNSET}'; echo '${SILENT}'; exit 1; }` },
  ],
  [`select ${HERE.join(" ")} --cluster old --subnet 10.1`, 2, "10.1.20.0/24"],
  [`select ${HERE.join(" ")} --cluster old --subnet 10.1.20.1/24`, 2, "10.1.20.0/24"],
  [`forecast ${HERE.join(" ")}`, 1, "`npx cdktf plan`", { core: "echo no disk >&2; exit 1" }],
  ["verify --collect 10.0.0.1", 2, "--tls-sha256 or --ca"],
  [`verify --collect 10.0.0.1 --tls-sha256 ${"0".repeat(64)}`, 2, "CUCM_SOURCE_APPLICATION_USERNAME"],
  ["verify --phone-log nowhere", 2, "There is no file or folder nowhere"],
  ["trust-list nowhere.tlv", 2, "phone-migration: nowhere.tlv cannot be read: there is no such file"],
  ["trust-list nowhere.tlv CTL.tlv", 1, "nowhere.tlv cannot be read: there is no such file"],
  ["trust-list https://10.0.0.1/CTLFile.tlv", 2, "Write it as http://"],
  ["trust-list CTL.tlv", 1, "It looks like XML or HTML"],
  ["tvs ask 10.0.0.1 x.pem --tvs-certificate y.pem", 2, "y.pem cannot be read: there is no such file"],
  ["review nowhere.json", 2, "Give what `terraform show -json PLAN` prints"],
];

interface Case {
  readonly cwd: string;
  readonly core: string;
}

test.each(TABLE.map(([args, status, said, more = {}]) => [args, status, said, more] as const))(
  "phone-migration %s: %i, %s",
  async (args, status, said, more) => {
    if (more.core !== undefined) core(more.core);
    jest.spyOn(process, "cwd").mockReturnValue(join(folder, more.cwd ?? "."));
    const before = process.cwd;
    const away = args
      .split(" ")
      .map((word) => (/^(nowhere|empty|hcl|cdktf\.out|CTL\.tlv)/.test(word) ? at(word) : word));
    const ran = await run(...away.filter((word) => word !== ""));
    expect(process.cwd).toBe(before);
    expect(ran.err.replaceAll(`${folder}/`, "")).toContain(said);
    expect(ran.status).toBe(status);
  },
);

/** Messages that only pass on what somebody else says. */
const PASSED_ON =
  /^(--exclude: |\.\.\. of \.\.\. files do not verify:\n)?([ :]*\.\.\.)+[ :.]*$|^Stopped by \.\.\.\.$/;
const NEXT =
  /\b(Run|Give|Name|Choose|Write|Use|Install|Set|Start|Fetch|Save|Make|Declare|Add|Mend|Leave)\b|Declared are|There are:|\b(must|may) (be|name)\b|npx |--help|such as|needs/;

test("every error of a command says what comes next", () => {
  const messages = readdirSync(join(ROOT, "cli"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) =>
      callsIn(readFileSync(join(ROOT, "cli", name), "utf8"), [
        "CommandError",
        "CoreError",
        "InvalidArgumentError",
      ]).flatMap(({ says: [message = ["..."]] }) => message.map((text) => ({ name, text }))),
    );
  expect(messages.length).toBeGreaterThan(60);
  expect(messages.filter(({ text }) => !PASSED_ON.test(text) && !NEXT.test(text))).toEqual([]);
});
