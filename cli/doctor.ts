import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { printable } from "../trust/describe";
import { CommandError } from "./command-error";
import { declaredClusters, layQuestions, readDeclaration } from "./declared-waves";
import { asText, type Examination, type Finding } from "./doctor-view";
import { FOLDER_OPTION, folderOf, inScratch, planOf, STACK_OPTION, type StackOptions } from "./planned";
import { synthAge } from "./synth-age";
import { styleOf } from "./table";

interface Options extends StackOptions {
  readonly cluster: readonly string[];
  readonly json?: true;
  readonly fixture?: string;
}

const SOURCE = "cucm_assumptions";

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("say which of docs/assumptions.md hold on your clusters, and what to set where one does not")
    .option(...STACK_OPTION)
    .option(...FOLDER_OPTION)
    .option(
      "--cluster <name>",
      "only this cluster of the provider's; repeatable",
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option("--json", "print JSON: every finding of every cluster")
    .option(
      "--fixture <file>",
      "also write what was asked and answered there, without names, addresses, serial numbers and secrets: for a bug report",
    )
    .addHelpText(
      "after",
      "\nRun `npx cdktf synth` once before: it lays out the stack. Every node is read, and nothing is changed." +
        "\nExit status 0 only when nothing deviates and nothing is unknown; what only a write, a phone or a move would show" +
        "\nis not tried and does not count.",
    )
    .action(doctor);
}

async function doctor(options: Options): Promise<void> {
  const { fixture } = options;
  if (fixture !== undefined && existsSync(fixture))
    throw new CommandError(`${fixture} is there already. Nothing was asked or written.`, 2);
  if (fixture !== undefined && !existsSync(dirname(resolve(fixture))))
    throw new CommandError(`There is no folder for ${fixture}. Nothing was asked or written.`, 2);
  const folder = folderOf(options);
  const declaration = readDeclaration(folder);
  const clusters = chosen(declaredClusters(declaration), options.cluster);
  for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
  const asked = Object.fromEntries(
    clusters.map((cluster, i) => [`cluster_${i}`, { cluster, record: fixture !== undefined }]),
  );
  const plan = await inScratch("phone-migration-doctor-", (scratch) => {
    layQuestions(folder, declaration, { [SOURCE]: asked }, SOURCE, scratch);
    return planOf(scratch, { TF_DATA_DIR: join(scratch, ".terraform") }) as Promise<Planned>;
  });
  const outputs = plan.planned_values.outputs;
  const examinations = clusters.map((_, i) => outputs[`cluster_${i}`]!.value);
  if (options.json) console.log(JSON.stringify(examinations.map(asJson), null, 2));
  else {
    for (const one of examinations) console.log(`${asText(styleOf(process.stdout), one)}\n`);
    console.log("The names are rows of docs/assumptions.md.");
  }
  if (fixture !== undefined) write(fixture, examinations);
  conclude(examinations);
}

/** What is used of `show -json`. */
interface Planned {
  readonly planned_values: { readonly outputs: { readonly [name: string]: { readonly value: Examination } } };
}

function chosen(declared: readonly string[] | null, wanted: readonly string[]): readonly string[] {
  const names = [...new Set(wanted)];
  const all = declared ?? names;
  if (all.length === 0)
    throw new CommandError("Which clusters there are is a reference. Name each with --cluster.", 2);
  const stranger = names.find((name) => !all.includes(name));
  if (stranger !== undefined)
    throw new CommandError(`There is no cluster ${stranger}. Declared are: ${all.join(", ")}.`, 2);
  return names.length > 0 ? names : all;
}

const asJson = ({ cluster, findings, lines_to_set }: Examination) => ({
  cluster,
  findings: findings.map(({ settings, ...finding }) => ({
    ...finding,
    settings: settings === null ? null : (JSON.parse(settings) as unknown),
  })),
  lines_to_set,
});

/** Clusters are numbered: their names are the user's. */
function write(file: string, examinations: readonly Examination[]): void {
  const transcripts = examinations.map(({ transcript }) => JSON.parse(transcript ?? "null") as unknown);
  try {
    writeFileSync(file, `${JSON.stringify(transcripts, null, 1)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : error}.`);
  }
  console.error(
    printable(`Written to ${file}. Read it before you pass it on: what it holds is yours to give.`),
  );
}

/** @throws CommandError when something deviates, or could not be found out */
function conclude(examinations: readonly Examination[]): void {
  const all = examinations.flatMap(({ findings }) => findings);
  const of = (verdict: Finding["verdict"]) =>
    new Set(all.filter((one) => one.verdict === verdict).map(({ assumption }) => assumption)).size;
  const [deviating, unknown] = [of("deviates"), of("unknown")];
  const reasons = [
    deviating > 0 && `${deviating} ${deviating === 1 ? "assumption does" : "assumptions do"} not hold.`,
    unknown > 0 && `${unknown} could not be found out.`,
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
