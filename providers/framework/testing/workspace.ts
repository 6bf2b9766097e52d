import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Json } from "../schema/value";
import type { Reattach } from "../wire/serve-in-process";
import { type Core, sourceFor } from "./core";
import { Plan } from "./plan";
import { CoreError, type Output, type Running, start } from "./run";
import { State } from "./state";

/** A provider that the core starts itself: `node <bundle>`. */
export interface LaunchedProvider {
  readonly source: string;
  readonly version: string;
  /** Absolute path of the bundled provider. */
  readonly bundle: string;
}

/** A provider that runs already (resident.ts). */
export interface AttachedProvider {
  readonly source: string;
  readonly version: string;
  readonly reattach: Reattach;
}

export interface WorkspaceOptions {
  readonly core: Core;
  /** Local name -> provider. They are declared in `required_providers`. */
  readonly providers: { readonly [localName: string]: LaunchedProvider | AttachedProvider };
  /** Environment of the core and of the providers that it starts, beside what every run has. */
  readonly env?: { readonly [name: string]: string };
}

export interface PlanOptions {
  readonly destroy?: boolean;
  readonly refreshOnly?: boolean;
  readonly refresh?: boolean;
  readonly replace?: readonly string[];
  readonly target?: readonly string[];
  readonly args?: readonly string[];
}

/** What an apply left, and the warnings on the way. */
export interface Applied {
  readonly state: State;
  readonly diagnostics: Output["diagnostics"];
}

/**
 * A root module in a temporary folder with a real core on it. Nothing of the user's own set-up takes part: the
 * environment is made from nothing, the CLI configuration is a file of the workspace that knows a filesystem mirror
 * and no registry. Every command rejects with a {@link CoreError} when it fails.
 */
export class Workspace {
  readonly folder: string;
  readonly core: Core;
  private initialized = false;

  constructor(private readonly options: WorkspaceOptions) {
    this.core = options.core;
    // The core resolves symbolic links; paths should compare equal.
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), `${this.core.name}-`)));
    this.write("versions.tf.json", JSON.stringify(requiredProviders(options)));
    this.write(CLI_CONFIG, cliConfig(join(this.folder, MIRROR)));
    for (const provider of Object.values(options.providers)) {
      if ("bundle" in provider) installLauncher(join(this.folder, MIRROR), this.core, provider);
    }
  }

  /** Replaces the configuration: HCL text, or what Terraform's JSON syntax holds. */
  configure(configuration: string | object): this {
    const json = typeof configuration === "object";
    rmSync(join(this.folder, json ? "main.tf" : "main.tf.json"), { force: true });
    this.write(json ? "main.tf.json" : "main.tf", json ? JSON.stringify(configuration) : configuration);
    return this;
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  async init(): Promise<void> {
    // A core needs no preparation for providers that run already.
    if (!this.initialized && Object.values(this.options.providers).some((provider) => "bundle" in provider)) {
      await this.run(["init", "-input=false", "-no-color"]);
    }
    this.initialized = true;
  }

  async validate(): Promise<Output> {
    await this.init();
    return this.run(["validate", "-json"]);
  }

  async plan(options: PlanOptions = {}): Promise<Plan> {
    await this.init();
    const file = join(this.folder, "plan");
    const { diagnostics } = await this.run([
      "plan",
      "-json",
      "-input=false",
      `-out=${file}`,
      ...planArgs(options),
    ]);
    const { stdout } = await this.run(["show", "-json", file]);
    return new Plan(JSON.parse(stdout), diagnostics, file);
  }

  /** Applies a plan that was made before, or plans and applies. */
  async apply(what: Plan | PlanOptions = {}): Promise<Applied> {
    await this.init();
    const args = what instanceof Plan ? [what.file] : ["-auto-approve", ...planArgs(what)];
    const { diagnostics } = await this.run(["apply", "-json", "-input=false", ...args]);
    return { state: await this.state(), diagnostics };
  }

  destroy(): Promise<Applied> {
    return this.apply({ destroy: true });
  }

  async import(address: string, id: string): Promise<State> {
    await this.init();
    await this.run(["import", "-input=false", "-no-color", address, id]);
    return this.state();
  }

  async taint(address: string): Promise<void> {
    await this.run(["taint", "-no-color", address]);
  }

  /** The state as `show -json` prints it. */
  async state(): Promise<State> {
    const { stdout } = await this.run(["show", "-json"]);
    return new State(JSON.parse(stdout));
  }

  /** The text of the state file, all that is ever stored; undefined until something is. */
  stateFile(): string | undefined {
    const file = join(this.folder, "terraform.tfstate");
    // A core that locks the state makes an empty file.
    return existsSync(file) ? readFileSync(file, "utf8") || undefined : undefined;
  }

  /** The providers' schemas as the core read them. */
  async providersSchema(): Promise<Json> {
    await this.init();
    return JSON.parse((await this.run(["providers", "schema", "-json"])).stdout);
  }

  /** Runs any command. */
  async run(args: readonly string[]): Promise<Output> {
    const output = await this.start(args).output;
    if (output.exitCode !== 0) throw new CoreError(`${this.core.name} ${args.join(" ")}`, output);
    return output;
  }

  /** Starts any command, for tests that interfere with it. */
  start(args: readonly string[]): Running {
    return start(this.core.binary, args, { cwd: this.folder, env: this.environment() });
  }

  /** What a core in this workspace must find in its environment, and nothing else. */
  environment(): { [name: string]: string } {
    const attached = Object.values(this.options.providers).flatMap((provider) =>
      "reattach" in provider ? [[sourceFor(this.core, provider.source), provider.reattach]] : [],
    );
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.folder,
      TMPDIR: tmpdir(),
      // No question to a user, no hints for one, no question to the world whether there is a newer version.
      TF_INPUT: "0",
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: join(this.folder, CLI_CONFIG),
      TF_DATA_DIR: join(this.folder, ".terraform"),
      ...(attached.length > 0 && { TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(attached)) }),
      ...this.options.env,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const MIRROR = "mirror";
const CLI_CONFIG = "cli.tfrc";

/** Without a `direct` section no registry is ever asked. */
const cliConfig = (mirror: string) =>
  `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`;

const requiredProviders = ({ core, providers }: WorkspaceOptions) => ({
  terraform: {
    required_providers: Object.fromEntries(
      Object.entries(providers).map(([name, { source, version }]) => [
        name,
        { source: sourceFor(core, source), version },
      ]),
    ),
  },
});

const ARCHITECTURES: { readonly [node: string]: string } = { x64: "amd64", ia32: "386" };

/**
 * Lays a provider into a filesystem mirror. The core hashes the folder, so it holds nothing but a launcher that is
 * the same before and after a build; `exec`, because a core that kills the launcher means the provider.
 */
export function installLauncher(
  mirror: string,
  core: Core,
  { source, version, bundle }: LaunchedProvider,
): void {
  const address = sourceFor(core, source);
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  const folder = join(mirror, address, version, platform);
  const launcher = join(folder, `terraform-provider-${address.split("/").at(-1)}_v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(launcher, `#!/bin/sh\nexec ${shell(process.execPath)} ${shell(bundle)}\n`);
  chmodSync(launcher, 0o755);
}

const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const planArgs = ({ destroy, refreshOnly, refresh, replace, target, args }: PlanOptions): string[] => [
  ...(destroy ? ["-destroy"] : []),
  ...(refreshOnly ? ["-refresh-only"] : []),
  ...(refresh === false ? ["-refresh=false"] : []),
  ...(replace ?? []).map((address) => `-replace=${address}`),
  ...(target ?? []).map((address) => `-target=${address}`),
  ...(args ?? []),
];
