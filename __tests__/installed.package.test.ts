/**
 * The package as another project has it: packed, installed from the archive beside cdktf and constructs, in a folder
 * that knows nothing of the repository. From there the lab is started, the trust is deployed, and commands are run.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { devDependencies, version } from "../package.json";
import { cores } from "../providers/framework/testing/core";

jest.setTimeout(300_000);

const ROOT = join(__dirname, "..");
/** Megabytes. */
const [PACKED, UNPACKED] = [4, 12];

const [core] = cores();
let folder: string;
let archive: string;
let project: Project;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pm-package-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT, stdio: "pipe" });
  archive = join(folder, `phone-migration-${version}.tgz`);
  project = new Project("app", { cdktf: devDependencies.cdktf, constructs: devDependencies.constructs });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What its user writes. */
const MAIN = `
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { fromEnv, KeaServer, PhoneMigration, SecureCluster, TrustExchange, VoiceScope, type Wave } from "phone-migration";
import { readSite, type Site } from "phone-migration/lab";

class Office extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const lab: Site = readSite();
    const source = new SecureCluster(this, "source", { ...lab.source, identity: lab.source, credentials: fromEnv("SOURCE") });
    const destination = new SecureCluster(this, "destination", { ...lab.destination, identity: lab.destination, credentials: fromEnv("DESTINATION") });
    const trust = new TrustExchange(this, "trust", { source, destination, migrateBack: true });
    const server = new KeaServer(this, "kea", { endpoints: lab.dhcp.endpoints });
    const scopes = [new VoiceScope(this, "hq", { server, subnet: lab.dhcp.subnet })];
    const first: Wave = { name: "first", scopes, phones: lab.phones.healthy, registeredOn: "source" };
    // @ts-expect-error: there are two words, and this is none of them
    const wrong: Wave = { ...first, registeredOn: "elsewhere" };
    new PhoneMigration(this, "move", { trust, waves: [wrong.name === "" ? wrong : first] });
  }
}

const app = new App({ context: { nullStandIn: "true" } });
new Office(app, "office");
app.synth();
`;

class Project {
  readonly folder: string;

  constructor(name: string, dependencies: { readonly [name: string]: string }, more: object = {}) {
    this.folder = join(folder, name);
    mkdirSync(this.folder);
    this.write("package.json", {
      private: true,
      dependencies: { ...dependencies, "phone-migration": `file:${archive}` },
      ...more,
    });
    this.write("tsconfig.json", {
      compilerOptions: { strict: true, target: "es2022", module: "nodenext", types: [] },
      files: ["main.ts"],
    });
    writeFileSync(join(this.folder, "main.ts"), MAIN);
    execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"], {
      cwd: this.folder,
      stdio: "pipe",
    });
  }

  private write(name: string, content: object): void {
    writeFileSync(join(this.folder, name), JSON.stringify(content));
  }

  readonly installed = (...path: string[]) => join(this.folder, "node_modules", ...path);
  readonly stack = () => join(this.folder, "cdktf.out/stacks/office");
  /** Without what differs by tool and folder: metadata, and where the state is. */
  declaration(): object {
    const { "//": _, ...declared } = JSON.parse(readFileSync(join(this.stack(), "cdk.tf.json"), "utf8"));
    delete declared.terraform.backend;
    return declared;
  }

  /** No program of the repository is on its PATH. */
  environment(): { [name: string]: string } {
    return {
      PATH: [dirname(process.execPath), process.env.PATH ?? ""]
        .join(delimiter)
        .split(delimiter)
        .filter((path) => !path.startsWith(ROOT))
        .join(delimiter),
      HOME: process.env.HOME ?? this.folder,
      CI: "1",
      CHECKPOINT_DISABLE: "1",
      TERRAFORM_BINARY_NAME: core!.binary,
      TF_CLI_CONFIG_FILE: join(this.folder, "none.tfrc"),
    };
  }

  /** Compiles it with the repository's compiler, which a project of its own brings itself, and runs it. */
  async synth(): Promise<void> {
    await this.node(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".");
    await this.node("main.js");
  }

  node(...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, args);
  }

  command(...args: readonly string[]): Promise<string> {
    return this.withLab("npx", ["--no-install", "phone-migration", ...args]);
  }

  /** With the credentials of its lab, as its users take them. */
  withLab(program: string, args: readonly string[], cwd = this.folder): Promise<string> {
    const script = `[ ! -f "$LAB" ] || . "$LAB"; exec "$@"`;
    return this.run("sh", ["-c", script, "sh", program, ...args], cwd, {
      LAB: join(this.folder, ".lab/env.sh"),
    });
  }

  private async run(program: string, args: readonly string[], cwd = this.folder, env: object = {}) {
    try {
      const options = { cwd, env: { ...this.environment(), ...env }, maxBuffer: 2 ** 26 };
      return (await promisify(execFile)(program, args, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
    }
  }
}

describe("the archive", () => {
  const listed = () =>
    execFileSync("tar", ["-tvzf", archive], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => {
        const [, , size, , , path] = line.split(/\s+/);
        return { path: path!.replace(/^package\//, ""), size: Number(size) };
      });

  test("holds what is run and read, and no more", () => {
    const files = listed().map(({ path }) => path);
    expect([...new Set(files.map((path) => path.split("/")[0]))].sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "action.yml",
      "bin",
      "dist",
      "docs",
      "examples",
      "package.json",
      "scripts",
    ]);
    expect(files.filter((path) => /(?<!\.d)\.ts$|__tests__|\/\.|\.map$/.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/constructs/index.d.ts",
        "dist/constructs/index.js",
        "dist/lab/site.d.ts",
        "dist/lab-clusters.js",
        "dist/lazy/ssh2.js",
        "dist/phone-migration.js",
        "dist/terraform-provider-cucm.js",
        "dist/terraform-provider-dhcp.js",
        "examples/workflows/deploy.yml",
        "examples/workflows/review.yml",
        "scripts/review-comment.sh",
      ]),
    );
  });

  test("holds the licences of what is bundled", () => {
    const text = execFileSync("tar", ["-xzOf", archive, "package/dist/THIRD-PARTY-LICENSES.txt"], {
      encoding: "utf8",
    });
    const packages = [...text.matchAll(/^(\S+) \S+ \(.+\)$/gm)].map(([, name]) => name);
    expect(packages).toEqual(
      expect.arrayContaining(["commander", "fast-xml-parser", "node-forge", "ssh2", "ssh2-sftp-client"]),
    );
    expect(text).toContain("Copyright Brian White");
  });

  test("is small", () => {
    expect(readFileSync(archive).length).toBeLessThan(PACKED * 1e6);
    expect(listed().reduce((sum, { size }) => sum + size, 0)).toBeLessThan(UNPACKED * 1e6);
  });
});

describe("installed", () => {
  const ours = () => project.installed("phone-migration");

  test("runs no script, and brings no tool to build with", () => {
    const { scripts } = JSON.parse(readFileSync(join(ours(), "package.json"), "utf8"));
    expect(Object.keys(scripts).filter((name) => /install|prepare$/.test(name))).toEqual([]);
    const packages = readdirSync(project.installed()).filter((name) => !name.startsWith("."));
    expect(packages.sort()).toEqual(["@cdktf", "cdktf", "constructs", "phone-migration"]);
    expect(existsSync(join(ours(), "node_modules"))).toBe(false);
  });

  test("names nothing of the repository's folder", () => {
    const named = files(ours()).filter((file) => readFileSync(file).includes(ROOT));
    expect(named).toEqual([]);
  });

  test("is imported from ES modules by its names, too", async () => {
    const script = 'import { csv } from "phone-migration"; console.log(typeof csv);';
    expect(await project.node("--input-type=module", "-e", script)).toBe("function\n");
  });

  test("its command explains itself, and needs no sources", async () => {
    expect(await project.command("--help")).toContain("Usage: phone-migration");
    expect((await project.command("--version")).trim()).toBe(version);
  });
});

describe("with its lab", () => {
  let lab: ChildProcess;
  beforeAll(async () => {
    lab = spawn("npx", ["--no-install", "phone-migration", "lab", "up", "--phones", "2", "--stale", "0"], {
      cwd: project.folder,
      env: { ...project.environment(), PHONE_MIGRATION_LAB_DHCP: "lab" },
    });
    await says(lab, "Ctrl-C ends the lab.");
    await project.synth();
  });
  afterAll(async () => {
    await project.command("lab", "down");
  });

  test("a strict program compiles and synthesises; the providers are those of the package", () => {
    const programs = join(project.stack(), "terraform.d/programs");
    expect(readFileSync(join(programs, "terraform-provider-cucm.js"), "utf8")).toBe(
      `require("${project.installed("phone-migration/dist/terraform-provider-cucm.js")}");\n`,
    );
    expect(readdirSync(programs).sort()).toEqual([
      "terraform-provider-cucm.js",
      "terraform-provider-dhcp.js",
      "terraform-provider-null.js",
    ]);
  });

  test("deploys, and a second plan says that there are no changes", async () => {
    const tofu = (...args: string[]) => project.withLab(core!.binary, args, project.stack());
    await tofu("init", "-input=false");
    expect(await tofu("apply", "-auto-approve", "-input=false", "-no-color")).toContain(
      "Apply complete! Resources: 6 added, 0 changed, 0 destroyed.",
    );
    expect(await tofu("plan", "-input=false", "-no-color")).toContain("No changes.");
  });

  test("commands plan with the providers of the package", async () => {
    expect(await project.command("review")).toContain("**Nothing changes.**");
    expect(await project.command("lab", "status")).toMatch(/SEP\w+ +source/);
  });

  test("in a project of the fork cdktn, one `cdktf` declares the same", async () => {
    const fork = `npm:cdktn@${devDependencies.cdktn}`;
    const other = new Project(
      "fork",
      { cdktf: fork, constructs: devDependencies.constructs },
      { overrides: { cdktf: "$cdktf" } },
    );
    const copies = files(other.installed()).filter((file) =>
      /\/(cdktf|cdktn|constructs)\/package\.json$/.test(file),
    );
    expect(copies.map((file) => file.slice(other.installed().length + 1)).sort()).toEqual([
      "cdktf/package.json",
      "constructs/package.json",
    ]);
    expect(JSON.parse(readFileSync(other.installed("cdktf/package.json"), "utf8")).name).toBe("cdktn");
    mkdirSync(join(other.folder, ".lab"));
    writeFileSync(join(other.folder, ".lab/site.json"), readFileSync(join(project.folder, ".lab/site.json")));
    await other.synth();
    expect(other.declaration()).toEqual(project.declaration());
  });
});

function files(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** @throws Error with all that it said, when it ends without */
function says(child: ChildProcess, words: string): Promise<void> {
  return new Promise((done, fail) => {
    let said = "";
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes(words)) done();
      });
    }
    child.on("exit", () => fail(new Error(`It ended without "${words}":\n${said}`)));
  });
}
