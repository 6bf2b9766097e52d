/**
 * Lays the providers into each stack's own folder at synth, where both Terraform and OpenTofu look without any
 * set-up, together with a dependency lock file, without which `cdktf` asks a registry about providers that are not
 * published. See docs/architecture.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ISynthesisSession, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Providers that synth can lay, by source without host, with the bundle that serves them. */
const BUNDLES: { readonly [provider: string]: { readonly bundle: string; readonly standIn?: true } } = {
  "voice/cucm": { bundle: "terraform-provider-cucm.js" },
  "voice/dhcp": { bundle: "terraform-provider-dhcp.js" },
  "hashicorp/null": { bundle: "terraform-provider-null-stand-in.js", standIn: true },
};
/** Where the bundles are: beside the command, which is one of them; above us in a package; in a checkout. */
const PLACES = [".", "..", "../dist"].map((place) => join(__dirname, place));
/** Below a stack's folder; both cores look there first. */
const PLUGINS = "terraform.d/plugins";
/** Below a stack's folder: what the launchers start. Cores run providers with the stack's folder as working directory. */
const PROGRAMS = "terraform.d/programs";
/** Marks the version of the stand-in, so that no cache of packages can take it for the real one. */
const STAND_IN_VERSION = "-stand-in";

/** `"context": { "nullStandIn": "true" }` in cdktf.json: nothing is downloaded, as in the lab and in tests. */
const STAND_IN_CONTEXT = "nullStandIn";

/** cdktf finds what it calls at the end of a stack's synthesis under this symbol. */
const CUSTOM_SYNTHESIS = Symbol.for("cdktf/customSynthesis");

export function layProvidersAtSynthesis(construct: Construct, stack: TerraformStack): void {
  const standIn = String(construct.node.tryGetContext(STAND_IN_CONTEXT)) === "true";
  Object.defineProperty(construct, CUSTOM_SYNTHESIS, {
    value: {
      onSynthesize(session: ISynthesisSession) {
        prepareNull(stack, standIn);
        const folder = join(session.outdir, session.manifest.forStack(stack).workingDirectory);
        layProviders(folder, Object.values(requiredProviders(stack)), standIn);
      },
    },
  });
}

/** Where our own providers are said to come from; nobody asks it. */
const HOST = "phone-migration.internal";

/**
 * Lays our own providers into a folder of `.tf` files, which no synth makes.
 *
 * @param version the one that is built
 * @returns what to declare in `required_providers`
 * @throws Error when they are not built
 */
export function layProvidersInto(
  folder: string,
  version: string,
): readonly { readonly name: string; readonly source: string; readonly version: string }[] {
  return Object.entries(BUNDLES).flatMap(([provider, { bundle, standIn }]) => {
    if (standIn) return [];
    const source = `${HOST}/${provider}`;
    layLauncher(folder, { address: source, version }, bundle);
    return [{ name: provider.slice(provider.indexOf("/") + 1), source, version }];
  });
}

function prepareNull(stack: TerraformStack, standIn: boolean): void {
  const required = requiredProviders(stack).null;
  if (!required) return;
  // cdktf looks for the short source `null` in the lock file under Terraform's host, whatever the binary.
  if (usesOpenTofu())
    stack.addOverride("terraform.required_providers.null.source", "registry.opentofu.org/hashicorp/null");
  const version = leastVersion(required.version);
  if (standIn && version && !version.endsWith(STAND_IN_VERSION))
    stack.addOverride("terraform.required_providers.null.version", `${version}${STAND_IN_VERSION}`);
}

interface RequiredProvider {
  readonly source: string;
  readonly version: string;
}

const usesOpenTofu = () => basename(process.env.TERRAFORM_BINARY_NAME ?? "").startsWith("tofu");

function requiredProviders(stack: TerraformStack): { readonly [name: string]: RequiredProvider } {
  return stack.toTerraform().terraform?.required_providers ?? {};
}

function layProviders(folder: string, required: readonly RequiredProvider[], standIn: boolean): void {
  const packages = required.map(fullyQualified).filter(hasVersion);
  let moved = false;
  for (const provider of packages) {
    const known = BUNDLES[provider.name];
    if (!known) continue;
    const changed =
      known.standIn && !standIn
        ? removeLauncher(folder, provider)
        : layLauncher(folder, provider, known.bundle);
    moved ||= changed;
  }
  const lockFile = join(folder, ".terraform.lock.hcl");
  const complete =
    existsSync(lockFile) && packages.every((p) => readFileSync(lockFile, "utf8").includes(lockHead(p)));
  // Hashes cover the launchers: a lock of other launchers, or of other versions, is void.
  if (moved || !complete) writeFileSync(lockFile, packages.map(lockEntry).join("\n"));
}

type Locked = Package & { readonly version: string };
const hasVersion = (p: Package): p is Locked => p.version !== undefined;

interface Package {
  readonly address: string;
  /** Address without host. */
  readonly name: string;
  /** undefined: the constraints name none that satisfies them. */
  readonly version: string | undefined;
  readonly constraints: string;
}

function fullyQualified({ source, version }: RequiredProvider): Package {
  const parts = source.split("/");
  const path = parts.length === 1 ? ["hashicorp", parts[0]!] : parts.slice(-2);
  const host =
    parts.length === 3 ? parts[0]! : usesOpenTofu() ? "registry.opentofu.org" : "registry.terraform.io";
  const name = path.join("/");
  return { address: `${host}/${name}`, name, version: leastVersion(version), constraints: version };
}

/** What bindings of cdktf demand is exact; of a range a lock file has to choose one, and the least surely exists. */
function leastVersion(constraints: string): string | undefined {
  const named = /(?:^|,)\s*(?:=|~>|>=)?\s*(\d[^\s,]*)/.exec(constraints)?.[1];
  return named && (/^\d+$/.test(named) ? `${named}.0.0` : /^\d+\.\d+$/.test(named) ? `${named}.0` : named);
}

function bundled(name: string): string {
  const archived = process.versions.pnp === undefined ? undefined : archiveProblem(name, __dirname);
  if (archived !== undefined) throw new Error(archived);
  const found = PLACES.map((place) => join(place, name)).find((file) => existsSync(file));
  if (found === undefined)
    throw new Error(
      `${name} is missing below ${dirname(__dirname)}. Run: npm run build (where it is installed as a package: install it again)`,
    );
  return found;
}

/** Node reads what Yarn's Plug'n'Play keeps in an archive; the process that a core starts could not. */
export function archiveProblem(name: string, folder: string): string | undefined {
  const archive = /^.*?\.zip(?=[\\/])/.exec(folder)?.[0];
  return archive === undefined
    ? undefined
    : `${name} is in the archive ${archive}, and a core starts providers as files. With Yarn, set nodeLinker: node-modules in .yarnrc.yml (or \`yarn unplug\` this package) and install again.`;
}

/**
 * The launcher's text is the same everywhere: its hash is in the lock file, and `cdktf` lets all projects of a user
 * share a cache of packages, where a path of this checkout would start it for another.
 *
 * @returns whether it had to be written.
 */
function layLauncher(
  folder: string,
  { address, version }: Pick<Locked, "address" | "version">,
  bundle: string,
): boolean {
  const program = bundled(bundle);
  const type = address.slice(address.lastIndexOf("/") + 1);
  const name = `terraform-provider-${type}`;
  writeChanged(join(folder, PROGRAMS, `${name}.js`), `require(${JSON.stringify(program)});\n`);
  const file = join(folder, PLUGINS, address, version, platform(), `${name}_v${version}`);
  if (existsSync(file) && readFileSync(file, "utf8") === launcher(name)) return false;
  rmSync(dirname(file), { recursive: true, force: true });
  writeChanged(file, launcher(name), 0o755);
  return true;
}

/**
 * In the stack's folder it is the program there, wherever a core keeps the launcher; elsewhere (`cdktf get`, with the
 * plugins as a mirror) the one beside the plugins. What goes wrong is said on stdout: that is where a core looks for
 * the first word of a provider.
 */
const launcher = (name: string) => `#!/bin/sh
program=./${PROGRAMS}/${name}.js
[ -f "$program" ] || program=$(cd -P "$(dirname "$0")/../../../../../.." && pwd)/programs/${name}.js
[ -f "$program" ] || { echo "$program is missing in $PWD: run this in the folder of a synthesised stack"; exit 1; }
exec node "$program" "$@"
`;

function writeChanged(file: string, text: string, mode = 0o644): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** A core prefers what lies there to what it would download. @returns whether there was one. */
function removeLauncher(folder: string, { address }: Package): boolean {
  const laid = join(folder, PLUGINS, address);
  if (!existsSync(laid)) return false;
  rmSync(laid, { recursive: true });
  return true;
}

function platform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${os}_${arch}`;
}

const lockHead = ({ address, version, constraints }: Locked) =>
  `provider "${address}" {\n  version     = "${version}"\n  constraints = "${constraints}"\n`;
const lockEntry = (p: Locked) => `${lockHead(p)}}\n`;
