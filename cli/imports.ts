import { relative } from "node:path";
import type { Command } from "commander";
import { printable } from "../trust/describe";
import { CommandError } from "./command-error";
import { explain } from "./explained";
import {
  binary,
  FOLDER_OPTION,
  folderOf,
  PLANS,
  planOf,
  STACK_OPTION,
  type StackOptions,
  SYNTH_BEFORE,
} from "./planned";
import { synthAge } from "./synth-age";

/** The arguments that an import id carries as JSON, by resource type (see each resource's page, "Import"). */
const ID_ARGUMENTS: { readonly [type: string]: readonly string[] } = {
  cucm_trust_memberships: [
    "cluster",
    "certificates",
    "method",
    "bulk",
    "update_ctl",
    "retain_on_destroy",
    "prune",
    "keep_until",
  ],
  cucm_tvs_proof: ["cluster", "signers"],
  cucm_phone_registration: [
    "source",
    "destination",
    "phones",
    "registered_on",
    "limits",
    "scopes",
    "on_stop",
    "evidence",
    "on_destroy",
  ],
  dhcp_option_150: ["server", "scope", "source_addresses", "destination_addresses", "on_destroy"],
  dhcp_scope_guard: ["scopes"],
};

/** What it carries besides where the plan knows it: memberships that are imported as well have a value of their own. */
const ID_ARGUMENTS_IF_KNOWN: { readonly [type: string]: readonly string[] } = {
  cucm_tvs_proof: ["generation"],
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

interface Options extends StackOptions {
  readonly format: string;
}

export function registerImports(program: Command): void {
  const command = program
    .command("imports")
    .description(
      "print what rebuilds a lost state: import commands, or import blocks, for everything that is declared",
    )
    .option(...STACK_OPTION)
    .option(...FOLDER_OPTION)
    .option("--format <form>", "commands (a shell script) or blocks (HCL for imports.tf)", "commands")
    .action(async (options: Options) => {
      const { format } = options;
      if (format !== "commands" && format !== "blocks")
        throw new CommandError(`--format ${format} is not known. Use commands or blocks.`, 2);
      const folder = folderOf(options);
      for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
      const lost = lostIn(await plannedResources(folder));
      console.log(format === "commands" ? commands(folder, lost) : blocks(lost));
    });
  explain(command, {
    about: [
      `${SYNTH_BEFORE} Both clusters and the DHCP servers are read. ${PLANS} Nothing is imported before you run what it prints.`,
    ],
    examples: [
      [
        "npx phone-migration imports > rebuild.sh",
        "import commands for all that the state lacks, as a script",
      ],
      ["npx phone-migration imports --format blocks > imports.tf", "import blocks instead"],
    ],
    statuses: {
      0: "everything that the state lacks is printed, or it lacks nothing",
      1: "a value that an import needs is not known, since a cluster could not be read, or no plan could be made",
    },
  });
}

/** The import ids need values that only a plan knows (certificates, addresses). */
async function plannedResources(folder: string): Promise<readonly PlannedResource[]> {
  const plan = (await planOf(folder)) as { resource_changes?: readonly PlannedResource[] };
  return plan.resource_changes ?? [];
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
  const known = (ID_ARGUMENTS_IF_KNOWN[type] ?? []).filter((name) => Object.hasOwn(after, name));
  const names = [...ID_ARGUMENTS[type]!, ...known];
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, after[name]])));
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
