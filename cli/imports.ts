import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { CommandError } from "./command-error";

/** The arguments that an import id carries as JSON, by resource type (see each resource's page, "Import"). */
const ID_ARGUMENTS: { readonly [type: string]: readonly string[] } = {
  cucm_trust_memberships: ["cluster", "certificates"],
  cucm_tvs_proof: ["cluster", "signers"],
  cucm_phone_registration: ["source", "destination", "phones", "registered_on"],
  dhcp_option_150: ["server", "scope", "source_addresses", "destination_addresses"],
};

/** What is used of `terraform show -json`. */
interface PlannedResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly change: { readonly after: { readonly [attribute: string]: unknown } | null };
}

export function registerImports(program: Command): void {
  program
    .command("imports")
    .description("print what rebuilds a lost state: import commands, or import blocks, for everything that is declared")
    .option("--stack <name>", "the stack (needed when there is more than one)")
    .option("--format <form>", "commands (a shell script) or blocks (HCL for imports.tf)", "commands")
    .addHelpText("after", "\nRun `npx cdktf plan` once before: it lays out the stack. Nothing is changed by this command.")
    .action((options: { stack?: string; format: string }) => {
      if (options.format !== "commands" && options.format !== "blocks")
        throw new CommandError(`--format ${options.format} is not known. Use commands or blocks.`, 2);
      const folder = stackFolder(options.stack);
      const resources = plannedResources(folder);
      console.log(options.format === "commands" ? commands(folder, resources) : blocks(resources));
    });
}

function stackFolder(name: string | undefined): string {
  const stacks = join(process.cwd(), "cdktf.out/stacks");
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  const stack = name ?? (names.length === 1 ? names[0]! : undefined);
  if (names.length === 0) throw new CommandError("No stack is laid out here. Run `npx cdktf plan` first.", 1);
  if (stack === undefined || !names.includes(stack))
    throw new CommandError(`Name one stack with --stack: ${names.join(", ")}.`, 2);
  return join(stacks, stack);
}

/** The import ids need values that only a plan knows (certificates, addresses), so one is made and thrown away. */
function plannedResources(folder: string): PlannedResource[] {
  const scratch = mkdtempSync(join(tmpdir(), "phone-migration-imports-"));
  try {
    const plan = join(scratch, "plan");
    core(folder, ["init", "-input=false", "-no-color"]);
    core(folder, ["plan", "-input=false", "-no-color", "-lock=false", `-out=${plan}`]);
    const { resource_changes } = JSON.parse(core(folder, ["show", "-json", plan]));
    return (resource_changes as PlannedResource[]).filter((r) => r.mode === "managed" && r.change.after !== null);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const binary = () => process.env.TERRAFORM_BINARY_NAME ?? "terraform";

function core(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(binary(), args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error) throw new CommandError(`${binary()} cannot be run (${error.message}). Install it, or set TERRAFORM_BINARY_NAME.`, 1);
  if (status !== 0) throw new CommandError(`${binary()} ${args[0]} failed in ${cwd}:\n${stderr.trim()}`, 1);
  return stdout;
}

const importId = ({ type, change }: PlannedResource) =>
  JSON.stringify(Object.fromEntries(ID_ARGUMENTS[type]!.map((name) => [name, change.after![name]])));

const importable = (resources: readonly PlannedResource[]) => resources.filter((r) => r.type in ID_ARGUMENTS);
/** A null_resource cannot be imported, and holds nothing: it is made anew, and that touches nothing else. */
const remade = (resources: readonly PlannedResource[]) => resources.filter((r) => !(r.type in ID_ARGUMENTS));

function commands(folder: string, resources: readonly PlannedResource[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const targets = remade(resources).map((r) => `-target=${quoted(r.address)}`);
  return [
    "set -e",
    `cd ${quoted(relative(process.cwd(), folder))}`,
    ...importable(resources).map((r) => `${binary()} import -input=false ${quoted(r.address)} ${quoted(importId(r))}`),
    ...(targets.length > 0
      ? ["# Gates hold nothing and cannot be imported: they are made anew.", `${binary()} apply -input=false -auto-approve -refresh=false ${targets.join(" ")}`]
      : []),
  ].join("\n");
}

function blocks(resources: readonly PlannedResource[]): string {
  const hcl = (text: string) => JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
  return [
    ...importable(resources).map((r) => `import {\n  to = ${r.address}\n  id = ${hcl(importId(r))}\n}`),
    ...remade(resources).map((r) => `# ${r.address} cannot be imported and holds nothing: the next deploy makes it anew.`),
  ].join("\n\n");
}
