import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { csv } from "../constructs/phone-list";
import { addressRange } from "../providers/cucm/address-range";
import { printable } from "../trust/describe";
import { CommandError } from "./command-error";
import {
  type Declaration,
  declaredClusters,
  declaredWaves,
  layQuestions,
  readDeclaration,
} from "./declared-waves";
import { explain } from "./explained";
import { repeatable, valued } from "./options";
import {
  folderOf,
  inScratch,
  JSON_FOLDER_OPTION,
  PLANS,
  planOf,
  STACK_OPTION,
  type StackOptions,
  SYNTH_BEFORE,
} from "./planned";
import { synthAge } from "./synth-age";

interface Options extends StackOptions {
  readonly cluster?: string;
  readonly devicePool: readonly string[];
  readonly model: readonly string[];
  readonly subnet: readonly string[];
  readonly name?: string;
  readonly percentage?: number;
  readonly exclude: readonly string[];
  readonly output?: string;
  readonly force?: true;
}

/** What is used of `cucm_phones`. */
interface Selection {
  readonly names: readonly string[];
  readonly unplaced: readonly string[];
  readonly unfit: readonly string[];
  readonly silent: readonly string[];
}

const SOURCE = "cucm_phones";
/** A file that begins so is ours to write again. */
const MARK = "# Written by phone-migration select";

export function registerSelect(program: Command): void {
  const command = program
    .command("select")
    .description(
      "write the list of a wave: the phones of a cluster that meet all that is asked, for you to commit",
    )
    .option(...STACK_OPTION)
    .option(...JSON_FOLDER_OPTION)
    .addOption(valued("--cluster <name>", "the cluster of the provider's", "the one that the waves leave"))
    .addOption(repeatable("--device-pool <name>", "in this device pool, or in any of several", "any"))
    .addOption(repeatable("--model <name>", 'of this model, as "Cisco 8861", or of any of several', "any"))
    .addOption(
      repeatable(
        "--subnet <cidr>",
        "registered with an address in it, as 10.1.20.0/24, or in any of several",
        "anywhere, or nowhere",
        subnet,
      ),
    )
    .addOption(valued("--name <glob>", 'with such a device name, as "SEP0011*"', "any"))
    .addOption(
      valued(
        "--percentage <number>",
        "about so many of a hundred, by a hash of the name: 10 are a part of 20",
        "100",
        percentage,
      ),
    )
    .addOption(
      new Option(
        "--exclude <file...>",
        "none of these lists; the file of --output is left out of them",
      ).default([], "none"),
    )
    .addOption(valued("--output <file>", "write the list there", "standard output"))
    .option("--force", "also over a file that was not written by this command")
    .action(select);
  explain(command, {
    about: [
      `${SYNTH_BEFORE} The cluster is read: AXL, and RIS for --subnet. ${PLANS} The same question gives the same list while the cluster is the same: commit it. No plan asks for it again.`,
    ],
    examples: [
      [
        "npx phone-migration select --device-pool HQ --output waves/hq.csv",
        "the phones of a device pool, as the list of a wave",
      ],
      [
        "npx phone-migration select --percentage 10 --exclude waves/*.csv --output waves/pilot.csv",
        "a tenth of what is in no list yet",
      ],
    ],
    statuses: {
      0: "the list is written (standard error names phones that it lacks because they are not registered)",
      1: "no phone meets all of that and nothing was written, or no plan could be made",
    },
  });
}

async function select(options: Options): Promise<void> {
  const { output } = options;
  if (output !== undefined) refuseOutput(output, options.force === true);
  const exclude = options.exclude.filter((file) => output === undefined || !isSameFile(file, output));
  const excluded = exclude.flatMap(listOf);
  const folder = folderOf(options);
  const declaration = readDeclaration(folder);
  const cluster = chosen(declaration, options.cluster);
  for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
  const { devicePool, model, subnet, name, percentage } = options;
  const asked = {
    cluster,
    ...(devicePool.length > 0 && { device_pools: devicePool }),
    ...(model.length > 0 && { models: model }),
    ...(subnet.length > 0 && { subnets: subnet }),
    ...(name !== undefined && { name }),
    ...(percentage !== undefined && { percentage }),
    ...(excluded.length > 0 && { exclude: [...new Set(excluded)].sort() }),
  };
  const plan = await inScratch("phone-migration-select-", (scratch) => {
    layQuestions(folder, declaration, { [SOURCE]: { selection: asked } }, SOURCE, scratch);
    return planOf(scratch, { TF_DATA_DIR: join(scratch, ".terraform") }) as Promise<Planned>;
  });
  const selection = plan.planned_values.outputs.selection.value;
  for (const line of left(cluster, selection)) console.error(printable(line));
  if (selection.names.length === 0)
    throw new CommandError(
      `No phone of cluster "${cluster}" meets all of that. Nothing was written. Leave an option out, or look at its spelling.`,
    );
  const text = listText(cluster, { ...options, exclude }, selection.names);
  if (output === undefined) console.log(text.trimEnd());
  else write(output, text, options.force === true, selection.names.length);
}

/** What is used of `show -json`. */
interface Planned {
  readonly planned_values: { readonly outputs: { readonly selection: { readonly value: Selection } } };
}

/** The cluster that is named, or the one that every wave leaves, or the only one. */
function chosen(declaration: Declaration, wanted: string | undefined): string {
  const declared = declaredClusters(declaration);
  if (wanted !== undefined && (declared?.includes(wanted) ?? true)) return wanted;
  if (wanted !== undefined)
    throw new CommandError(`There is no cluster ${wanted}. Declared are: ${declared?.join(", ")}.`, 2);
  const left = [...new Set(declaredWaves(declaration).map(({ forecast }) => forecast.source))];
  const [only] = left.length === 0 ? (declared ?? []) : left;
  if (typeof only === "string" && (left.length || declared?.length) === 1) return only;
  throw new CommandError(
    `Name the cluster with --cluster: ${declared?.join(", ") ?? "as it is declared"}.`,
    2,
  );
}

/** As the provider reads it, before anything is laid out for it. */
function subnet(text: string): string {
  if (addressRange(text) !== null) return text;
  throw new InvalidArgumentError(
    "Write the network address and its length, as 10.1.20.0/24, or a first and a last address, as 10.1.20.10-10.1.20.99.",
  );
}

function percentage(text: string): number {
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number > 0 && number <= 100) return number;
  throw new InvalidArgumentError("Write a number above 0, and up to 100.");
}

/** @throws CommandError before anything is asked, when nothing could be written there in the end */
function refuseOutput(file: string, force: boolean): void {
  if (!existsSync(dirname(resolve(file))))
    throw new CommandError(`There is no folder for ${file}. Nothing was asked or written. Make it first.`, 2);
  if (force || !existsSync(file) || readFileSync(file, "utf8").startsWith(MARK)) return;
  throw new CommandError(
    `${file} is there, and was not written by this command. Choose another file, or give --force. Nothing was written.`,
    2,
  );
}

const isSameFile = (one: string, other: string) =>
  existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);

/** As a wave would read it. @throws CommandError */
function listOf(file: string): readonly string[] {
  try {
    return csv(file);
  } catch (error) {
    throw new CommandError(`--exclude: ${error instanceof Error ? error.message : error}`, 2);
  }
}

/** Phones that the list lacks and might be missed in it, in sentences. */
function left(cluster: string, { unplaced, unfit, silent }: Selection): string[] {
  const are = (count: number) => (count === 1 ? "phone is" : "phones are");
  return [
    unplaced.length > 0 &&
      `Not in the list: ${unplaced.length} ${are(unplaced.length)} not registered with cluster "${cluster}", so nobody knows the address: ${unplaced.join(", ")}.`,
    silent.length > 0 &&
      `RIS has no answer from ${silent.join(", ")}: phones that are registered there count as not registered.`,
    unfit.length > 0 &&
      `Not in the list: ${unfit.length} ${are(unfit.length)} named without a MAC address, so no wave can have them: ${unfit.join(", ")}.`,
  ].filter((line) => line !== false);
}

/** What `csv()` reads. Without a date, so that the same list is the same file. */
function listText(cluster: string, options: Options, names: readonly string[]): string {
  const { devicePool, model, subnet, name, percentage, exclude } = options;
  const each = (option: string, values: readonly string[]) => values.flatMap((value) => [option, value]);
  const words = [
    ...each("--cluster", [cluster]),
    ...each("--device-pool", devicePool),
    ...each("--model", model),
    ...each("--subnet", subnet),
    ...each("--name", name === undefined ? [] : [name]),
    ...each("--percentage", percentage === undefined ? [] : [String(percentage)]),
    ...each("--exclude", exclude),
  ];
  const phones = `${names.length} ${names.length === 1 ? "phone" : "phones"}`;
  const head = [
    `${MARK}, which may write it again: what is added by hand is lost then.`,
    `# phone-migration select ${words.map(quoted).join(" ")}`,
    `# ${phones} of cluster "${cluster}".`,
  ];
  return `${[...head.map(printable), ...[...names].sort()].join("\n")}\n`;
}

/** As a shell takes it. */
const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function write(file: string, text: string, force: boolean, count: number): void {
  // Somebody may have put a file there meanwhile.
  refuseOutput(file, force);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(
      `${file} cannot be written: ${error instanceof Error ? error.message : error}. Name another file with --output.`,
    );
  }
  console.error(printable(`${count} ${count === 1 ? "phone" : "phones"} written to ${file}.`));
}
