import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { CommandError } from "./command-error";

/** The arguments that an import id carries as JSON, by resource type (see each resource's page, "Import"). */
const ID_ARGUMENTS: { readonly [type: string]: readonly string[] } = {
  cucm_trust_memberships: ["cluster", "certificates", "retain_on_destroy", "prune"],
  cucm_tvs_proof: ["cluster", "signers"],
  cucm_phone_registration: ["source", "destination", "phones", "registered_on", "limits", "on_destroy"],
  dhcp_option_150: ["server", "scope", "source_addresses", "destination_addresses", "on_destroy"],
};

/** A gate holds nothing, and nobody can import it: it is made anew, and that touches nothing else. */
const GATE = "null_resource";

/** Linux takes no longer argument (MAX_ARG_STRLEN). */
const LONGEST_ARGUMENT = 128 * 1024 - 1;

/** What is used of `terraform show -json`. */
interface PlannedResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    /** What the plan knows of it; unknown attributes are left out. */
    readonly after: { readonly [attribute: string]: unknown } | null;
  };
}

/** What the state does not have. */
interface Lost {
  readonly importable: readonly { readonly address: string; readonly type: string; readonly id: string }[];
  readonly gates: readonly string[];
  /** Of other providers. */
  readonly others: readonly string[];
}

interface Options {
  readonly stack?: string;
  readonly folder?: string;
  readonly format: string;
}

export function registerImports(program: Command): void {
  program
    .command("imports")
    .description(
      "print what rebuilds a lost state: import commands, or import blocks, for everything that is declared",
    )
    .option("--stack <name>", "the stack (needed when there is more than one)")
    .option("--folder <dir>", "a folder with Terraform files, instead of a stack of cdktf")
    .option("--format <form>", "commands (a shell script) or blocks (HCL for imports.tf)", "commands")
    .addHelpText(
      "after",
      "\nRun `npx cdktf plan` once before: it lays out the stack. Nothing is changed by this command.",
    )
    .action((options: Options) => {
      const { format } = options;
      if (format !== "commands" && format !== "blocks")
        throw new CommandError(`--format ${format} is not known. Use commands or blocks.`, 2);
      const folder = folderOf(options);
      const lost = lostIn(plannedResources(folder));
      console.log(format === "commands" ? commands(folder, lost) : blocks(lost));
    });
}

function folderOf({ stack, folder }: Options): string {
  if (folder === undefined) return stackFolder(stack);
  if (stack !== undefined) throw new CommandError("Give --stack or --folder, not both.", 2);
  if (!existsSync(folder)) throw new CommandError(`There is no folder ${folder}.`, 2);
  return resolve(folder);
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
    return JSON.parse(core(folder, ["show", "-json", plan])).resource_changes ?? [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const binary = () => process.env.TERRAFORM_BINARY_NAME || "terraform";

function core(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(binary(), args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error)
    throw new CommandError(
      `${binary()} cannot be run (${error.message}). Install it, or set TERRAFORM_BINARY_NAME.`,
      1,
    );
  if (status !== 0) throw new CommandError(`${binary()} ${args[0]} failed in ${cwd}:\n${stderr.trim()}`, 1);
  return stdout;
}

/** What a plan would create: all that is declared and that the state does not have. */
function lostIn(planned: readonly PlannedResource[]): Lost {
  const created = planned.filter(
    ({ mode, change }) =>
      mode === "managed" && change.actions.includes("create") && change.actions.length === 1,
  );
  const ours = ({ type }: PlannedResource) => Object.hasOwn(ID_ARGUMENTS, type);
  return {
    importable: created.filter(ours).map((r) => ({ address: r.address, type: r.type, id: importId(r) })),
    gates: created.filter((r) => r.type === GATE).map((r) => r.address),
    others: created.filter((r) => !ours(r) && r.type !== GATE).map((r) => r.address),
  };
}

function importId({ address, type, change }: PlannedResource): string {
  const after = change.after ?? {};
  const unknown = ID_ARGUMENTS[type]!.find((name) => !Object.hasOwn(after, name));
  if (unknown !== undefined)
    throw new CommandError(
      `${unknown} of ${address} is not known at plan, so it cannot be imported. Mend what the plan warns of (a cluster that cannot be read?) and try again.`,
      1,
    );
  return JSON.stringify(Object.fromEntries(ID_ARGUMENTS[type]!.map((name) => [name, after[name]])));
}

const NOTHING = "# The state has everything that is declared: there is nothing to import.";

const forgotten = ({ importable }: Lost) =>
  importable.some(({ type }) => type === "cucm_trust_memberships")
    ? [
        "# Which certificates were in the trust stores before the migration, only the lost state knew: a destroy will",
        '# remove all of these. To keep one, add it to the id: "already_present":["<store>/<sha256>"].',
      ]
    : [];

const foreign = (address: string) => `# ${address} belongs to another provider: import it as that one says.`;

function commands(folder: string, lost: Lost): string {
  if (lost.importable.length + lost.gates.length + lost.others.length === 0) return NOTHING;
  const long = lost.importable.find(({ id }) => quoted(id).length > LONGEST_ARGUMENT);
  if (long)
    throw new CommandError(`The id of ${long.address} is too long for a command. Use --format blocks.`, 1);
  const program = quoted(binary());
  return [
    "set -e",
    `cd ${quoted(relative(process.cwd(), folder) || ".")}`,
    ...forgotten(lost),
    ...lost.importable.map(
      ({ address, id }) => `${program} import -input=false ${quoted(address)} ${quoted(id)}`,
    ),
    ...lost.others.map(foreign),
    ...makeGates(program, lost.gates),
  ].join("\n");
}

/** A gate brings everything that it waits for into the plan: phones must not move because of it. */
function makeGates(program: string, gates: readonly string[]): string[] {
  if (gates.length === 0) return [];
  const targets = gates.map((address) => `-target=${quoted(address)}`).join(" ");
  return [
    "# Gates hold nothing and cannot be imported: they are made anew, if that changes nothing else.",
    `${program} plan -input=false -refresh=false -out=gates.tfplan ${targets}`,
    `if ${program} show -no-color gates.tfplan | grep '^  # ' | grep -v ' # ${GATE}\\.'; then`,
    '  echo "This differs from what is declared: deploy, after a look at the plan. The gates come with it." >&2',
    "  rm gates.tfplan",
    "  exit 1",
    "fi",
    `${program} apply -input=false gates.tfplan`,
    "rm gates.tfplan",
  ];
}

function blocks(lost: Lost): string {
  if (lost.importable.length + lost.gates.length + lost.others.length === 0) return NOTHING;
  return [
    ...(forgotten(lost).length > 0 ? [forgotten(lost).join("\n")] : []),
    ...lost.importable.map(({ address, id }) => `import {\n  to = ${address}\n  id = ${hcl(id)}\n}`),
    ...lost.others.map(foreign),
    ...lost.gates.map(
      (address) => `# ${address} cannot be imported and holds nothing: the next deploy makes it anew.`,
    ),
  ].join("\n\n");
}

/** One argument to a shell. */
const quoted = (text: string) => (/^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A string of HCL, where `${` and `%{` begin templates unless their first character is doubled. */
const hcl = (text: string) => JSON.stringify(text).replace(/[$%](?=\{)/g, (begin) => begin + begin);
