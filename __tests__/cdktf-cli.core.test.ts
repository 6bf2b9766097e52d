/**
 * The way of every user: `cdktf` in the project's folder, here a folder of its own with the repository's main.ts and
 * a lab. No registry can be reached, the CLI configuration is one that does not exist, and each core starts in a
 * folder where nothing was ever run.
 */
import { type ExecException, execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { type Lab, startLab } from "../lab/up";
import { cores } from "../providers/framework/testing/core";

jest.setTimeout(300_000);

const ROOT = join(__dirname, "..");
const CDKTF = join(ROOT, "node_modules/.bin/cdktf");
const PHONES = ["SEP001122334401", "SEP001122334402"];

let lab: Lab;
let directory: string;
beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  directory = mkdtempSync(join(tmpdir(), "pm-cdktf-"));
  lab = await startLab({ directory: join(directory, "lab"), phones: PHONES, stale: 0 });
});
afterAll(async () => {
  await lab?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A project like this repository: its main.ts, its context, a shorter list of phones. */
function project(name: string, terraformProviders: readonly string[] = []): string {
  const folder = join(directory, name);
  mkdirSync(join(folder, "waves"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const { language, context } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8"));
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  const app = `node --import ${tsx} main.ts`;
  const settings = {
    language,
    app,
    context,
    terraformProviders,
    projectId: "test",
    sendCrashReports: "false",
  };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "waves/hq.csv"), PHONES.join("\n"));
  const main = readFileSync(join(ROOT, "main.ts"), "utf8");
  writeFileSync(join(folder, "main.ts"), main.replaceAll('from "./', `from "${ROOT}/`));
  return folder;
}

const NOBODY = "http://127.0.0.1:9";

function environment(folder: string, binary: string): { [name: string]: string } {
  return {
    PATH: [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
    HOME: folder,
    TMPDIR: tmpdir(),
    CI: "1",
    CHECKPOINT_DISABLE: "1",
    TERRAFORM_BINARY_NAME: binary,
    TF_CLI_CONFIG_FILE: join(folder, "no-such-file.tfrc"),
    // A core that asks a registry fails at once.
    HTTPS_PROXY: NOBODY,
    HTTP_PROXY: NOBODY,
    NO_PROXY: "127.0.0.0/8,localhost",
    LAB_SITE: join(lab.directory, "site.json"),
    ...lab.env,
  };
}

async function run(program: string, args: readonly string[], cwd: string, env: { [name: string]: string }) {
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 });
    return stripVTControlCharacters(stdout);
  } catch (error) {
    const { stdout, stderr } = error as ExecException;
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}

describe.each(cores())("with $name", (core) => {
  // As users set it: the name of what is on the PATH, or a path.
  const named = core.name === "terraform" && !process.env.TF_CORES?.includes("/");
  const binary = named ? "terraform" : core.binary;
  let folder: string;
  beforeAll(() => {
    folder = project(core.name);
  });
  const stack = () => join(folder, "cdktf.out/stacks/headquarters");
  const cdktf = (...args: readonly string[]) =>
    run(process.execPath, [CDKTF, ...args], folder, environment(folder, binary));

  test("the first plan works, and plans the trust and the waves", async () => {
    const printed = await cdktf("plan");
    expect(printed).toMatch(/Plan: 6 to add, 0 to change, 0 to destroy\./);
    expect(printed).toMatch(/cucm_phone_registration\.move_hq_registration_\w+/);
    expect(readFileSync(join(stack(), ".terraform.lock.hcl"), "utf8").match(/"h1:/g)).toHaveLength(3);
  });

  test("`synth --hcl` plans the same, a wave that moves included", async () => {
    const main = join(folder, "main.ts");
    const text = readFileSync(main, "utf8");
    writeFileSync(main, text.replace('registeredOn: "source"', 'registeredOn: "destination"'));
    const planned = async (output: string, ...options: readonly string[]) => {
      await cdktf("synth", "--output", output, ...options);
      const stack = join(folder, output, "stacks/headquarters");
      const ask = (...args: readonly string[]) => run(core.binary, args, stack, environment(folder, binary));
      await ask("init", "-input=false");
      await ask("plan", "-input=false", "-out=plan");
      const { resource_changes, prior_state } = JSON.parse(await ask("show", "-json", "plan"));
      return { files: readdirSync(stack), resource_changes, read: prior_state.values.root_module };
    };
    const json = await planned("json.out");
    const hcl = await planned("hcl.out", "--hcl");
    writeFileSync(main, text);
    expect(hcl.files).toContain("cdk.tf");
    expect(hcl.files).not.toContain("cdk.tf.json");
    expect(json.resource_changes.map(({ type }: { type: string }) => type)).toContain("null_resource");
    expect(hcl.resource_changes).toEqual(json.resource_changes);
    expect(hcl.read).toEqual(json.read);
  });

  test("deploys; a second plan says that there are no changes; the lock stays as it is", async () => {
    const lock = readFileSync(join(stack(), ".terraform.lock.hcl"), "utf8");
    await cdktf("deploy", "--auto-approve");
    expect(await cdktf("plan")).toContain("No changes. Your infrastructure matches the configuration.");
    expect(readFileSync(join(stack(), ".terraform.lock.hcl"), "utf8")).toBe(lock);
  });

  test("`providers schema -json` shows every resource", async () => {
    const schema = JSON.parse(
      await run(core.binary, ["providers", "schema", "-json"], stack(), environment(folder, binary)),
    );
    const of = (name: string) => schema.provider_schemas[`phone-migration.internal/voice/${name}`];
    expect(Object.keys(of("cucm").resource_schemas).sort()).toEqual([
      "cucm_phone_registration",
      "cucm_trust_memberships",
      "cucm_tvs_proof",
    ]);
    expect(Object.keys(of("cucm").data_source_schemas).sort()).toEqual([
      "cucm_assumptions",
      "cucm_cluster",
      "cucm_phone_whereabouts",
      "cucm_phones",
      "cucm_scope_coverage",
      "cucm_signers",
      "cucm_trust_forecast",
    ]);
    expect(Object.keys(of("dhcp").resource_schemas)).toEqual(["dhcp_option_150", "dhcp_scope_guard"]);
  });

  test("destroys", async () => {
    const printed = await cdktf("destroy", "--auto-approve");
    expect(printed).toMatch(/Destroy complete!/);
  });

  test("`cdktf get` makes bindings, with a mirror in the CLI configuration", async () => {
    const sources = ["cucm", "dhcp"].map((name) => `phone-migration.internal/voice/${name}@0.1.0`);
    const other = project(`${core.name}-get`, sources);
    const mirror = join(stack(), "terraform.d/plugins");
    const config = join(other, "cli.tfrc");
    writeFileSync(
      config,
      `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
    );
    await run(process.execPath, [CDKTF, "get"], other, {
      ...environment(other, binary),
      TF_CLI_CONFIG_FILE: config,
      // A launcher in cdktf's cache of packages has neither the stack nor the mirror around it.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    });
    const made = (provider: string) => readdirSync(join(other, ".gen/providers", provider)).sort();
    expect(made("cucm")).toEqual(
      expect.arrayContaining([
        "data-cucm-cluster",
        "data-cucm-signers",
        "phone-registration",
        "trust-memberships",
        "tvs-proof",
      ]),
    );
    expect(made("dhcp")).toEqual(expect.arrayContaining(["option-150", "provider"]));
    expect(existsSync(join(other, ".gen/providers/cucm/provider/index.ts"))).toBe(true);
  });
});
