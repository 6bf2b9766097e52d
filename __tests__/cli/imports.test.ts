/** What `phone-migration imports` prints, with a core that answers from a prepared plan. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB+It's\n-----END CERTIFICATE-----\n";

interface Resource {
  readonly address: string;
  readonly mode?: "managed" | "data";
  readonly actions?: readonly string[];
  readonly after?: { readonly [attribute: string]: unknown } | null;
}

const memberships: Resource = {
  address: "cucm_trust_memberships.trust_source-memberships_6B0E7981",
  after: {
    cluster: "source",
    certificates: { ab12: { pem: PEM, stores: ["CallManager-trust"] } },
    method: "manual",
    bulk: null,
    update_ctl: false,
    retain_on_destroy: false,
    prune: false,
    keep_until: null,
    missing: [],
  },
};
const registration: Resource = {
  address: "cucm_phone_registration.move_hq_registration_E73FD7C1",
  after: {
    source: "source",
    destination: "destination",
    phones: ["SEP001122334455"],
    registered_on: "destination",
    limits: { max_failures: 1 },
    scopes: null,
    on_stop: "error",
    evidence: null,
    on_destroy: "refuse",
    go_if: { "it's ${so} %{far}": true },
  },
};
const option: Resource = {
  address: "dhcp_option_150.move_hq_option-150-hq_3E20B1C0",
  after: {
    server: "kea",
    scope: { subnet: "10.1.20.0/24" },
    source_addresses: null,
    destination_addresses: ["10.20.0.12"],
    on_destroy: "refuse",
  },
};
const proof: Resource = {
  address: "cucm_tvs_proof.trust_source-proof_9FA7BCA7",
  after: { cluster: "source", signers: { ab12: PEM } },
};
const gate: Resource = { address: "null_resource.move_hq_gate_C8F5D6ED", after: { triggers: {} } };

let folder: string;
const before = { directory: process.cwd(), env: process.env };
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pm-imports-")));
  process.chdir(folder);
  process.env = { ...before.env };
  mkdirSync(join(folder, "cdktf.out/stacks/headquarters"), { recursive: true });
});
afterEach(() => {
  process.chdir(before.directory);
  process.env = before.env;
  rmSync(folder, { recursive: true });
});

const CORE = `#!/bin/sh
here=$(dirname "$0")
echo "$PWD $*" >> "$here/calls"
if [ "$1" = "$(cat "$here/fails")" ]; then echo "Error: it fails" >&2; exit 1; fi
if [ "$1" = show ]; then cat "$here/plan.json"; fi
`;

interface Run {
  readonly args?: readonly string[];
  /** The subcommand of the core that fails. */
  readonly fails?: string;
  /** Name of the core's program. */
  readonly core?: string;
}

/** Runs the command in the folder, on a plan of these resources. */
async function imports(
  resources: readonly Resource[],
  { args = [], fails = "none", core = "core" }: Run = {},
) {
  const resource_changes = resources.map(
    ({ address, mode = "managed", actions = ["create"], after = {} }) => ({
      address,
      mode,
      type: address.split(".")[0],
      change: { actions, after },
    }),
  );
  const binary = join(folder, core);
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ resource_changes }));
  if (!core.startsWith("no-such")) writeFileSync(binary, CORE, { mode: 0o755 });
  writeFileSync(join(folder, "fails"), fails);
  process.env.TERRAFORM_BINARY_NAME = binary;
  const printed = { log: [] as string[], error: [] as string[] };
  const into = (lines: string[]) => (line: unknown) => {
    lines.push(String(line));
  };
  const spies = [
    jest.spyOn(console, "log").mockImplementation(into(printed.log)),
    jest.spyOn(console, "error").mockImplementation(into(printed.error)),
  ];
  const status = await main(["imports", ...args]);
  for (const spy of spies) spy.mockRestore();
  return { stdout: printed.log.join("\n"), stderr: printed.error.join("\n"), status, binary };
}
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

/** What a shell makes of the lines that import: the arguments, one list a line. */
function argumentsOf(script: string): string[][] {
  const print = 'core() { for a in "$@"; do printf "%s\\036" "$a"; done; printf "\\035"; }';
  const lines = script.split("\n").filter((line) => / import /.test(line));
  const echoed = lines.map((line) => line.replace(/^\S+/, "core")).join("\n");
  return execFileSync("sh", ["-c", `${print}\n${echoed}`], { encoding: "utf8" })
    .split("\x1d")
    .slice(0, -1)
    .map((call) => call.split("\x1e").slice(0, -1));
}

describe("commands", () => {
  test("import everything that the state does not have, with the arguments as the id", async () => {
    const { stdout, status } = await imports([memberships, proof, option, registration]);
    expect(status).toBe(0);
    expect(
      argumentsOf(stdout).map(([command, option, address, id]) => [
        command,
        option,
        address,
        JSON.parse(id!),
      ]),
    ).toEqual([
      [
        "import",
        "-input=false",
        memberships.address,
        {
          cluster: "source",
          certificates: memberships.after!.certificates,
          method: "manual",
          bulk: null,
          update_ctl: false,
          retain_on_destroy: false,
          prune: false,
          keep_until: null,
        },
      ],
      ["import", "-input=false", proof.address, { cluster: "source", signers: { ab12: PEM } }],
      ["import", "-input=false", option.address, option.after],
      [
        "import",
        "-input=false",
        registration.address,
        {
          source: "source",
          destination: "destination",
          phones: ["SEP001122334455"],
          registered_on: "destination",
          limits: { max_failures: 1 },
          scopes: null,
          on_stop: "error",
          evidence: null,
          on_destroy: "refuse",
        },
      ],
    ]);
  });

  // Of a proof about trust that another stack keeps; otherwise the memberships' import gives it.
  test("have the generation of a proof where the plan knows it", async () => {
    const kept = { ...proof, after: { ...proof.after, generation: "kept by trust/trust" } };
    const idOf = async (resource: Resource) =>
      JSON.parse(argumentsOf((await imports([resource])).stdout)[0]!.at(-1)!);
    expect(await idOf(kept)).toMatchObject({ cluster: "source", generation: "kept by trust/trust" });
    expect(await idOf(proof)).not.toHaveProperty("generation");
  });

  test("are a script that stops at the first failure, in the stack's folder", async () => {
    const { stdout, binary } = await imports([proof]);
    expect(stdout.split("\n").slice(0, 2)).toEqual(["set -e", "cd cdktf.out/stacks/headquarters"]);
    expect(stdout).toContain(`\n${binary} import -input=false ${proof.address} '{"cluster"`);
  });

  test("name a core with a blank in its path", async () => {
    const { stdout } = await imports([proof], { core: "my core" });
    expect(stdout).toContain(`'${folder}/my core' import`);
  });

  test("say what the lost state alone knew", async () => {
    expect((await imports([memberships])).stdout).toMatch(
      /^# Which certificates were in the trust stores before/m,
    );
    expect((await imports([proof])).stdout).not.toContain("# Which certificates");
  });

  test("make gates anew, by a plan that nothing else is in", async () => {
    const { stdout, binary } = await imports([option, gate]);
    expect(stdout).toContain(
      `${binary} plan -input=false -refresh=false -out=gates.tfplan -target=${gate.address}\n`,
    );
    expect(stdout).toContain(`${binary} apply -input=false gates.tfplan\n`);
    expect(stdout).not.toContain("auto-approve");
    expect((await imports([option])).stdout).not.toContain("gates");
  });

  test.each([
    ["the gate alone", `  # ${gate.address} will be created\n      # (1 unchanged)`, 0],
    [
      "a phone too",
      `  # ${gate.address} will be created\n  # ${registration.address} will be updated in-place`,
      1,
    ],
  ])("with %s in that plan end as they should", async (_, shown, status) => {
    const { stdout } = await imports([gate]);
    writeFileSync(
      join(folder, "core"),
      `#!/bin/sh\necho "$1" >> '${folder}/ran'\nif [ "$1" = plan ]; then touch gates.tfplan; fi\nif [ "$1" = show ]; then echo '${shown}'; fi\n`,
      { mode: 0o755 },
    );
    const ran = spawnSync("sh", ["-c", stdout], { cwd: folder, encoding: "utf8" });
    expect(ran.status).toBe(status);
    expect(readFileSync(join(folder, "ran"), "utf8").trim().split("\n")).toEqual(
      status === 0 ? ["plan", "show", "apply"] : ["plan", "show"],
    );
    expect(ran.stderr).toMatch(status === 0 ? /^$/ : /deploy, after a look at the plan/);
    expect(readdirSync(join(folder, "cdktf.out/stacks/headquarters"))).toEqual([]);
  });

  test("longer than a system takes are refused, with the other form", async () => {
    const certificates = Object.fromEntries(
      Array.from({ length: 80 }, (_, i) => [`${i}`, { pem: PEM + "A".repeat(2000), stores: [] }]),
    );
    const many = { ...memberships, after: { ...memberships.after, certificates } };
    const { stderr, status } = await imports([many]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("too long for a command. Use --format blocks."),
    ]);
    expect((await imports([many], { args: ["--format", "blocks"] })).status).toBe(0);
  });
});

describe("blocks", () => {
  const blocks = async (...resources: Resource[]) =>
    (await imports(resources, { args: ["--format", "blocks"] })).stdout;

  test("have one for each resource, and say what the next deploy makes", async () => {
    expect(await blocks(option, proof, gate)).toBe(
      [
        `import {\n  to = ${option.address}\n  id = ${JSON.stringify(JSON.stringify(option.after))}\n}`,
        `import {\n  to = ${proof.address}\n  id = ${JSON.stringify(JSON.stringify(proof.after))}\n}`,
        `# ${gate.address} cannot be imported and holds nothing: the next deploy makes it anew.`,
      ].join("\n\n"),
    );
  });

  test("keep templates, quotes and line feeds as text", async () => {
    const server = ["a$", "{b}%{c}'d\ne"].join("");
    expect(await blocks({ ...option, after: { ...option.after, server } })).toContain(
      ['id = "{\\"server\\":\\"a$$', "{b}%%{c}'d\\\\ne\\\""].join(""),
    );
  });
});

describe("what is printed", () => {
  test("is only what the state does not have", async () => {
    const kept = { ...option, actions: ["no-op"] };
    const changed = { ...registration, actions: ["update"] };
    const gone = { ...memberships, actions: ["delete"], after: null };
    const read = { ...proof, mode: "data" as const, actions: ["read"] };
    const { stdout } = await imports([kept, changed, gone, read, proof]);
    expect(argumentsOf(stdout).map(([, , address]) => address)).toEqual([proof.address]);
  });

  test("is a comment when nothing is lost", async () => {
    const nothing = "# The state has everything that is declared: there is nothing to import.";
    expect((await imports([{ ...option, actions: ["no-op"] }])).stdout).toBe(nothing);
    expect((await imports([], { args: ["--format", "blocks"] })).stdout).toBe(nothing);
  });

  test("leaves other providers' resources to them, and never makes one anew", async () => {
    const other = { address: "aws_instance.phone", after: { ami: "x" } };
    for (const format of ["commands", "blocks"])
      expect((await imports([option, other], { args: ["--format", format] })).stdout).toContain(
        "# aws_instance.phone belongs to another provider: import it as that one says.",
      );
  });
});

describe("the plan", () => {
  test("is made in the stack's folder, without a lock, and thrown away", async () => {
    await imports([option]);
    const stack = join(folder, "cdktf.out/stacks/headquarters");
    expect(calls().map((call) => call.split(" ").slice(0, 2))).toEqual([
      [stack, "init"],
      [stack, "plan"],
      [stack, "show"],
    ]);
    expect(calls()[1]).toContain(" -lock=false ");
    expect(existsSync(/-out=(\S+)/.exec(calls()[1]!)![1]!)).toBe(false);
    expect(readdirSync(stack)).toEqual([]);
  });

  test("that fails is shown", async () => {
    const { stderr, status } = await imports([option], { fails: "plan" });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/core plan failed in .*headquarters:\nError: it fails/),
    ]);
  });

  test("in which an argument is not known is an error that names it", async () => {
    const { certificates, ...after } = memberships.after!;
    const { stdout, stderr, status } = await imports([{ ...memberships, after }]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `certificates of ${memberships.address} is not known at plan, so it cannot be imported.`,
    );
  });

  test("needs a core", async () => {
    const { stderr, status } = await imports([option], { core: "no-such-core" });
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("Install it, or set TERRAFORM_BINARY_NAME"),
    ]);
  });
});

describe("the folder", () => {
  test("may be one of Terraform files", async () => {
    mkdirSync(join(folder, "plain files"));
    const { stdout } = await imports([option], { args: ["--folder", "plain files"] });
    expect(stdout).toContain("\ncd 'plain files'\n");
    expect((await imports([option], { args: ["--folder", "."] })).stdout).toContain("\ncd .\n");
  });

  test.each<[string, string[], number, string]>([
    [
      "--folder and --stack",
      ["--folder", ".", "--stack", "headquarters"],
      2,
      "Give --stack or --folder, not both.",
    ],
    ["a folder that is not there", ["--folder", "nowhere"], 2, "There is no folder nowhere."],
    [
      "a stack that is not there",
      ["--stack", "branch"],
      2,
      "There is no stack branch. Name one stack with --stack: headquarters.",
    ],
    [
      "a form that is not known",
      ["--format", "json"],
      2,
      "--format json is not known. Use commands or blocks.",
    ],
  ])("%s is refused", async (_, args, exit, message) => {
    const { stderr, status } = await imports([option], { args });
    expect([status, stderr]).toEqual([exit, expect.stringContaining(message)]);
  });

  test("without a stack says what to run; with two asks which", async () => {
    mkdirSync(join(folder, "cdktf.out/stacks/branch"));
    expect((await imports([option])).stderr).toContain("Name one stack with --stack: branch, headquarters.");
    expect((await imports([option], { args: ["--stack", "branch"] })).status).toBe(0);
    rmSync(join(folder, "cdktf.out"), { recursive: true });
    expect((await imports([option])).stderr).toContain(
      "No stack is laid out here. Run `npx cdktf synth` first.",
    );
  });
});
