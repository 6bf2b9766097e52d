import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { printable } from "../trust/describe";
import { CommandError } from "./command-error";
import { declaredClusters, layQuestions, readDeclaration } from "./declared-waves";
import { asText, type Examination, type Finding, sharedRows } from "./doctor-view";
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
import { styleOf } from "./table";

interface Options extends StackOptions {
  readonly cluster: readonly string[];
  readonly json?: true;
  readonly fixture?: string;
}

const SOURCE = "cucm_assumptions";

export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("say which of docs/assumptions.md hold on your clusters, and what to set where one does not")
    .option(...STACK_OPTION)
    .option(...JSON_FOLDER_OPTION)
    .addOption(repeatable("--cluster <name>", "only this cluster of the provider's", "all of them"))
    .option("--json", "print JSON: every finding of every cluster")
    .addOption(
      valued(
        "--fixture <file>",
        "also write what was asked and answered into this new file, without names, addresses, serial numbers and secrets: for a bug report",
        "nothing is written",
      ),
    )
    .action(doctor);
  explain(command, {
    about: [`${SYNTH_BEFORE} Every node of the clusters is read. ${PLANS}`],
    examples: [
      ["npx phone-migration doctor", "every cluster, before the first plan against it"],
      [
        "npx phone-migration doctor --cluster source --fixture source.json",
        "one cluster, and a transcript for a bug report",
      ],
    ],
    statuses: {
      0: "nothing deviates and nothing is unknown (what only a write, a phone or a move would show is not tried and does not count)",
      1: "something deviates or could not be found out, or no plan could be made",
    },
  });
}

async function doctor(options: Options): Promise<void> {
  const { fixture } = options;
  if (fixture !== undefined && existsSync(fixture))
    throw new CommandError(`${fixture} is there already. Nothing was asked or written. Name a new file.`, 2);
  if (fixture !== undefined && !existsSync(dirname(resolve(fixture))))
    throw new CommandError(
      `There is no folder for ${fixture}. Nothing was asked or written. Make it first.`,
      2,
    );
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
    throw new CommandError(
      `${file} cannot be written: ${error instanceof Error ? error.message : error}. Name another file with --fixture.`,
    );
  }
  console.error(
    printable(`Written to ${file}. Read it before you pass it on: what it holds is yours to give.`),
  );
}

/** @throws CommandError when something deviates, or could not be found out */
function conclude(examinations: readonly Examination[]): void {
  // As many as the tables have rows.
  const rows = examinations.flatMap(({ findings }) => sharedRows(findings));
  const of = (verdict: Finding["verdict"]) => rows.filter(([one]) => one!.verdict === verdict).length;
  const [deviating, unknown] = [of("deviates"), of("unknown")];
  const reasons = [
    deviating > 0 && `${deviating} ${deviating === 1 ? "finding deviates" : "findings deviate"}.`,
    unknown > 0 && `${unknown} ${unknown === 1 ? "finding is" : "findings are"} unknown.`,
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
