import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CucmProvider } from "../../constructs/generated/cucm";
import { DhcpProvider } from "../../constructs/generated/dhcp";
import { archiveProblem } from "../../constructs/local-providers";

const BUNDLES = ["cucm", "dhcp", "null-stand-in"].map((name) => `terraform-provider-${name}.js`);
const PLATFORM = `${process.platform === "win32" ? "windows" : process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const OURS = "phone-migration.internal/voice";
const NULL = "registry.terraform.io/hashicorp/null";
const NULL_OF_TOFU = "registry.opentofu.org/hashicorp/null";

let root: string;
const { TERRAFORM_BINARY_NAME } = process.env;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pm-laid-"));
  delete process.env.TERRAFORM_BINARY_NAME;
});
afterEach(() => {
  rmSync(root, { recursive: true });
  if (TERRAFORM_BINARY_NAME === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = TERRAFORM_BINARY_NAME;
});

/** A checkout of its own, with bundles that nobody starts: the module finds dist/ beside itself. */
function checkout(name = "checkout", bundles: readonly string[] = BUNDLES): string {
  const folder = join(root, name);
  for (const part of ["constructs", "dist"]) mkdirSync(join(folder, part), { recursive: true });
  copyFileSync(
    join(__dirname, "../../constructs/local-providers.ts"),
    join(folder, "constructs/local-providers.ts"),
  );
  for (const bundle of bundles) writeFileSync(join(folder, "dist", bundle), "");
  return folder;
}

interface Options {
  readonly from?: string;
  readonly context?: { readonly [key: string]: unknown };
  /** Constraint of the null provider, where it is not what its bindings demand. */
  readonly nullVersion?: string;
}

/** Synthesises a stack with all three providers. @returns its folder */
function synth({ from = checkout(), context = { nullStandIn: "true" }, nullVersion }: Options = {}): string {
  const { layProvidersAtSynthesis } = require(join(from, "constructs/local-providers.ts"));
  const outdir = join(root, "out");
  const app = new App({ outdir, context });
  const stack = new TerraformStack(app, "stack");
  new CucmProvider(stack, "cucm", { clusters: {} });
  new DhcpProvider(stack, "dhcp", { servers: {} });
  new NullProvider(stack, "null");
  if (nullVersion !== undefined) stack.addOverride("terraform.required_providers.null.version", nullVersion);
  const construct = new Construct(stack, "providers");
  layProvidersAtSynthesis(construct, stack);
  app.synth();
  return join(outdir, "stacks/stack");
}

const launcher = (folder: string, address: string, version: string) =>
  join(
    folder,
    "terraform.d/plugins",
    address,
    version,
    PLATFORM,
    `terraform-provider-${address.split("/")[2]}_v${version}`,
  );
const STAND_IN = "3.2.4-stand-in";
const lockFile = (folder: string) => join(folder, ".terraform.lock.hcl");
const lock = (folder: string) => readFileSync(lockFile(folder), "utf8");
const nullSource = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")).terraform.required_providers.null.source;

/** What a core does at `init`: it adds the hashes. */
const withHashes = (text: string) => text.replaceAll(/^}$/gm, '  hashes = [\n    "h1:abc=",\n  ]\n}');

describe("launchers", () => {
  const program = (folder: string) =>
    readFileSync(join(folder, "terraform.d/programs/terraform-provider-cucm.js"), "utf8");

  test("are programs that become node on what stands beside them", () => {
    const from = checkout();
    const folder = synth({ from });
    const file = launcher(folder, `${OURS}/cucm`, "0.1.0");
    expect(readFileSync(file, "utf8")).toContain('\nexec node "$program" "$@"\n');
    expect(statSync(file).mode & 0o777).toBe(0o755);
    expect(program(folder)).toBe(`require("${from}/dist/terraform-provider-cucm.js");\n`);
    expect(existsSync(launcher(folder, `${OURS}/dhcp`, "0.1.0"))).toBe(true);
  });

  test("say which file they miss, on stdout, where a core looks", () => {
    const folder = synth();
    rmSync(join(folder, "terraform.d/programs"), { recursive: true });
    const file = launcher(folder, `${OURS}/cucm`, "0.1.0");
    const { status, stdout } = spawnSync(file, { cwd: root, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toContain("/programs/terraform-provider-cucm.js is missing in");
  });

  // cdktf lets all projects of a user share a cache of packages.
  test("are the same for every checkout, and start each checkout's own bundle", () => {
    const [here, there] = [checkout("here"), checkout("there")];
    const text = () => readFileSync(launcher(synth({ from: here }), `${OURS}/cucm`, "0.1.0"), "utf8");
    const first = text();
    expect(first).not.toContain(root);
    const folder = synth({ from: there });
    expect(readFileSync(launcher(folder, `${OURS}/cucm`, "0.1.0"), "utf8")).toBe(first);
    expect(program(folder)).toContain(there);
  });

  test("are left alone as long as they say the same", () => {
    const from = checkout();
    const file = launcher(synth({ from }), `${OURS}/cucm`, "0.1.0");
    const { ino, mtimeMs } = statSync(file);
    writeFileSync(join(from, "dist/terraform-provider-cucm.js"), "// built anew");
    synth({ from });
    expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  });

  test("without a bundle are an error that says what to run", () => {
    const from = checkout("checkout", BUNDLES.slice(0, 1));
    expect(() => synth({ from })).toThrow(
      `terraform-provider-dhcp.js is missing below ${from}. Run: npm run build`,
    );
  });
});

describe("without synth", () => {
  const lay = (from: string) =>
    require(join(from, "constructs/local-providers.ts")).layProvidersInto(
      join(root, "hcl"),
      "0.1.0",
      join(from, "dist"),
    );

  test("both of ours are laid as synth lays them, and no stand-in", () => {
    const from = checkout();
    expect(lay(from)).toEqual([
      { name: "cucm", source: `${OURS}/cucm`, version: "0.1.0" },
      { name: "dhcp", source: `${OURS}/dhcp`, version: "0.1.0" },
    ]);
    const synthesised = synth({ from });
    for (const name of ["cucm", "dhcp"])
      expect(readFileSync(launcher(join(root, "hcl"), `${OURS}/${name}`, "0.1.0"), "utf8")).toBe(
        readFileSync(launcher(synthesised, `${OURS}/${name}`, "0.1.0"), "utf8"),
      );
    expect(existsSync(join(root, "hcl/terraform.d/plugins/registry.terraform.io"))).toBe(false);
  });

  test("a bundle that is missing is an error that says what to run", () => {
    const from = checkout("checkout", []);
    expect(() => lay(from)).toThrow(
      `terraform-provider-cucm.js is missing below ${from}. Run: npm run build`,
    );
  });
});

describe("a package in an archive, as Yarn's Plug'n'Play keeps it", () => {
  test.each([
    "/app/.yarn/cache/phone-migration-npm-0.1.0-3f.zip/node_modules/phone-migration/constructs",
    "C:\\app\\.yarn\\cache\\phone-migration-npm-0.1.0-3f.zip\\node_modules\\phone-migration",
  ])("is named, with the setting that helps: %s", (folder) => {
    expect(archiveProblem("terraform-provider-cucm.js", folder)).toMatch(
      /^terraform-provider-cucm.js is in the archive .*-3f\.zip, .* set nodeLinker: node-modules in \.yarnrc\.yml/,
    );
  });

  test.each(["/app/node_modules/phone-migration/constructs", "/home/zip/a.zipped/constructs"])(
    "is nothing of %s",
    (folder) => expect(archiveProblem("terraform-provider-cucm.js", folder)).toBeUndefined(),
  );
});

describe("the stand-in for the null provider", () => {
  test("is laid with the context only", () => {
    const from = checkout();
    expect(existsSync(launcher(synth({ from, context: {} }), NULL, STAND_IN))).toBe(false);
    expect(existsSync(launcher(synth({ from, context: { nullStandIn: "false" } }), NULL, STAND_IN))).toBe(
      false,
    );
    expect(existsSync(launcher(synth({ from, context: { nullStandIn: true } }), NULL, STAND_IN))).toBe(true);
  });

  test("goes with the context, and the lock with it: a core would go on using what lies there", () => {
    const from = checkout();
    const folder = synth({ from });
    writeFileSync(lockFile(folder), withHashes(lock(folder)));
    synth({ from, context: {} });
    expect(existsSync(join(folder, "terraform.d/plugins", NULL))).toBe(false);
    expect(lock(folder)).not.toContain("hashes");
  });

  test("has a version of its own, so that no cache takes it for the real one", () => {
    const from = checkout();
    expect(existsSync(launcher(synth({ from, nullVersion: "~> 3.2" }), NULL, "3.2.0-stand-in"))).toBe(true);
  });
});

describe("the lock file", () => {
  test("names every provider with version and constraints, and leaves hashes to the core", () => {
    expect(lock(synth())).toBe(
      [`${OURS}/cucm 0.1.0`, `${OURS}/dhcp 0.1.0`, `${NULL} ${STAND_IN}`]
        .map((entry) => entry.split(" "))
        .map(([address, v]) => `provider "${address}" {\n  version     = "${v}"\n  constraints = "${v}"\n}\n`)
        .join("\n"),
    );
  });

  test("with hashes is kept", () => {
    const from = checkout();
    const folder = synth({ from });
    const complete = withHashes(lock(folder));
    writeFileSync(lockFile(folder), complete);
    synth({ from });
    expect(lock(folder)).toBe(complete);
  });

  test("is void when another version is demanded, or a provider is missing in it", () => {
    const from = checkout();
    const folder = synth({ from });
    writeFileSync(lockFile(folder), withHashes(lock(folder)));
    synth({ from, nullVersion: "3.2.3" });
    expect(lock(folder)).toContain('version     = "3.2.3-stand-in"');
    expect(lock(folder)).not.toContain("hashes");
    writeFileSync(lockFile(folder), 'provider "registry.terraform.io/hashicorp/null" {\n}\n');
    synth({ from });
    expect(lock(folder)).toContain(`provider "${OURS}/cucm"`);
  });

  test.each([
    ["3.2.4", "3.2.4"],
    ["= 3.2.4", "3.2.4"],
    ["~> 3.2", "3.2.0"],
    [">= 3, < 4", "3.0.0"],
    ["< 4.0.0, >= 3.1", "3.1.0"],
    ["3.2.4-beta1", "3.2.4-beta1"],
  ])("of constraints %j locks %s", (nullVersion, version) => {
    expect(lock(synth({ nullVersion, context: {} }))).toContain(
      `provider "${NULL}" {\n  version     = "${version}"\n  constraints = "${nullVersion}"\n}`,
    );
  });

  test("says nothing of a provider whose constraints name no version that satisfies them", () => {
    expect(lock(synth({ nullVersion: "< 4.0.0" }))).not.toContain(NULL);
  });
});

describe("with OpenTofu", () => {
  test.each(["tofu", "/opt/bin/tofu", "tofu-1.6.2"])(
    "as %s, the null provider has its registry's full address",
    (binary) => {
      process.env.TERRAFORM_BINARY_NAME = binary;
      const folder = synth();
      expect(nullSource(folder)).toBe(NULL_OF_TOFU);
      expect(lock(folder)).toContain(`provider "${NULL_OF_TOFU}" {`);
      expect(lock(folder)).not.toContain(NULL);
      expect(existsSync(launcher(folder, NULL_OF_TOFU, STAND_IN))).toBe(true);
    },
  );

  test.each(["terraform", "/home/tofu/terraform", ""])("but not as %j", (binary) => {
    process.env.TERRAFORM_BINARY_NAME = binary;
    expect(nullSource(synth())).toBe("null");
  });

  test("after Terraform, in the same folder, has a lock of its own", () => {
    const from = checkout();
    const folder = synth({ from });
    writeFileSync(lockFile(folder), withHashes(lock(folder)));
    process.env.TERRAFORM_BINARY_NAME = "tofu";
    synth({ from });
    expect(lock(folder)).not.toContain("hashes");
    expect(lock(folder)).toContain(NULL_OF_TOFU);
  });
});
