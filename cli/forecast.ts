import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { printable } from "../trust/describe";
import { EVIDENCE_LEVELS, EVIDENCE_READERS } from "../trust/evidence";
import type { SwitchName } from "../trust/forecast/switches";
import { CommandError } from "./command-error";
import { type DeclaredWave, declaredWaves, layForecasts, readDeclaration } from "./declared-waves";
import { FOLDER_OPTION, folderOf, planOf, STACK_OPTION, type StackOptions } from "./planned";
import { type Cell, styleOf, table } from "./table";

interface Options extends StackOptions {
  readonly wave: readonly string[];
  readonly phone: readonly string[];
  readonly accept: readonly string[];
  readonly alternateTftp: readonly string[];
  readonly switch: readonly (readonly [string, string])[];
  readonly requireEvidence?: string;
  readonly evidence: readonly string[];
  readonly back?: true;
  readonly json?: true;
  readonly jsonl?: true;
}

type Outcome = "registers" | "follows" | "locked out" | "uncertain";

/** Attributes of `cucm_trust_forecast` (docs/cucm/data-sources/trust_forecast.md). */
interface Forecast {
  readonly counts: { readonly [outcome in Outcome]: number };
  readonly moved: number;
  /** null: something could not be read. */
  readonly no_phone_at_risk: boolean | null;
  readonly evidence_suffices: boolean;
  readonly accept_lockouts: readonly string[] | null;
  readonly weak_evidence: readonly { readonly name: string; readonly reason: string }[];
  readonly assumed: readonly string[];
  readonly looked_at: readonly string[];
  readonly not_looked_at: readonly string[];
  readonly unread: readonly string[];
  readonly forecasts: readonly PhoneForecast[];
}

interface PhoneForecast {
  readonly name: string;
  readonly outcome: Outcome;
  readonly expected: string | null;
  readonly evidence: string | null;
  readonly because: string;
  readonly reason: string;
  readonly notes: readonly string[];
}

interface Result {
  readonly wave: DeclaredWave;
  readonly forecast: Forecast;
}

const COLOURS = { registers: "green", follows: "yellow", "locked out": "red", uncertain: "yellow" } as const;

const more = (text: string, before: readonly string[]) => [...before, text];

export function registerForecast(program: Command): void {
  program
    .command("forecast")
    .description("say of every phone that is declared whether it will follow and register, and how we know")
    .option(...STACK_OPTION)
    .option(...FOLDER_OPTION)
    .option("--wave <name>", "only this wave; repeatable", more, [])
    .option("--phone <name>", "only this phone; repeatable", more, [])
    .option("--back", "ask whether the phones can come back")
    .option("--accept <phone>", "a phone that may be lost; repeatable", more, [])
    .option("--alternate-tftp <phone>", "a phone with Alternate TFTP on; repeatable", more, [])
    .option(
      "--switch <name=setting>",
      "settles what Cisco does not document, e.g. ctl_404=keep; repeatable",
      (text: string, before: readonly (readonly [string, string])[]) => [...before, setting(text)],
      [],
    )
    .addOption(
      new Option("--require-evidence <level>", "the least that a forecast must rest on").choices(
        EVIDENCE_LEVELS,
      ),
    )
    .option(
      "--evidence <reader>",
      `also read of phones: ${EVIDENCE_READERS.join(", ")}; repeatable`,
      (text: string, before: readonly string[]) => [...before, reader(text)],
      [],
    )
    .option("--json", "print JSON: every wave with its phones")
    .option("--jsonl", "print JSON Lines: one phone a line")
    .addHelpText(
      "after",
      "\nRun `npx cdktf synth` once before: it lays out the stack. Both clusters are read, and nothing is changed." +
        "\nExit status 0 only when every phone registers, or is accepted, has the evidence that is required, and everything was read.",
    )
    .action(forecast);
}

function forecast(options: Options): void {
  if (options.json && options.jsonl) throw new CommandError("Choose one of --json and --jsonl.", 2);
  const folder = folderOf(options);
  const declaration = readDeclaration(folder);
  const waves = chosen(declaredWaves(declaration), options);
  const scratch = mkdtempSync(join(tmpdir(), "phone-migration-forecast-"));
  let results: Result[];
  try {
    layForecasts(folder, declaration, waves, scratch);
    const plan = planOf(scratch, { TF_DATA_DIR: join(scratch, ".terraform") }) as Planned;
    results = waves.map((wave, i) => ({ wave, forecast: plan.planned_values.outputs[`wave_${i}`]!.value }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (options.json) console.log(JSON.stringify(results.map(asJson), null, 2));
  else if (options.jsonl) for (const line of results.flatMap(asLines)) console.log(line);
  else console.log(results.map((result) => asText(result, options)).join("\n\n"));
  const gaps = gapsOf(results);
  // Whatever the format: who reads only the phones would take a missing fact for a good one.
  for (const gap of gaps) console.error(printable(gap));
  conclude(results, gaps);
}

/** What is used of `show -json`. */
interface Planned {
  readonly planned_values: { readonly outputs: { readonly [name: string]: { readonly value: Forecast } } };
}

function chosen(waves: readonly DeclaredWave[], options: Options): DeclaredWave[] {
  const stranger = options.wave.find((name) => !waves.some((wave) => wave.name === name));
  const names = waves.map(({ name }) => name).join(", ") || "none";
  if (stranger !== undefined || waves.length === 0)
    throw new CommandError(`There is no wave ${stranger ?? "at all"}. Declared are: ${names}.`, 2);
  const phonesOf = ({ forecast }: DeclaredWave) => forecast.phones as readonly string[];
  const wanted = (phone: string) => options.phone.length === 0 || options.phone.includes(phone);
  const asked = waves.filter(({ name }) => options.wave.length === 0 || options.wave.includes(name));
  const given = [...options.phone, ...options.accept, ...options.alternateTftp];
  const nowhere = given.find((phone) => !asked.some((wave) => phonesOf(wave).includes(phone)));
  if (nowhere !== undefined)
    throw new CommandError(
      `${nowhere} is in ${options.wave.length === 0 ? "no wave" : `none of the waves ${options.wave.join(", ")}`}.`,
      2,
    );
  return asked
    .map((wave) => ({
      ...wave,
      forecast: { ...wave.forecast, ...settings(wave, options), phones: phonesOf(wave).filter(wanted) },
    }))
    .filter((wave) => phonesOf(wave).length > 0);
}

/** What the command line says, over what is declared. */
function settings({ forecast }: DeclaredWave, options: Options): DeclaredWave["forecast"] {
  const declared = (name: string) => (forecast[name] ?? []) as readonly string[];
  return {
    detail: true,
    ...(options.back && { to: "source" }),
    accept_lockouts: [...declared("accept_lockouts"), ...options.accept],
    alternate_tftp: [...declared("alternate_tftp"), ...options.alternateTftp],
    ...(options.requireEvidence !== undefined && { require_evidence: options.requireEvidence }),
    ...(options.evidence.length > 0 && {
      evidence: [...new Set([...declared("evidence"), ...options.evidence])],
    }),
    ...(options.switch.length > 0 && {
      switches: { ...(forecast.switches as object | undefined), ...Object.fromEntries(options.switch) },
    }),
  };
}

function reader(text: string): string {
  const found = EVIDENCE_READERS.find((one) => one === text.replaceAll("-", "_"));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It may be ${EVIDENCE_READERS.join(", ")}.`);
}

/** Attributes of the data source, by what constructs call them: either spelling is understood. */
const SWITCHES: { readonly [name in SwitchName]: string } = {
  tvsTryNextOnMiss: "tvs_try_next_on_miss",
  fallbackWhenConfigBad: "fallback_when_config_bad",
  firstCtlWithItl: "first_ctl_with_itl",
  ctlRole2AcceptsItl: "ctl_role2_accepts_itl",
  enforceTftpAddress: "enforce_tftp_address",
  ctl404: "ctl_404",
  itlProvesCallManager: "itl_proves_call_manager",
  lscIssuerStore: "lsc_issuer_store",
};

function setting(text: string): readonly [string, string] {
  const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(
      "Write name=setting (docs/cucm/data-sources/trust_forecast.md, switches).",
    );
  const [, attribute] = Object.entries(SWITCHES).find((spellings) => spellings.includes(name)) ?? [];
  if (attribute === undefined)
    throw new InvalidArgumentError(
      `There is no switch ${name}. There are: ${Object.values(SWITCHES).join(", ")}.`,
    );
  return [attribute, value];
}

const isAccepted = ({ accept_lockouts }: Forecast, name: string) => accept_lockouts?.includes(name) ?? false;

function asText({ wave, forecast }: Result, { back }: Options): string {
  const { counts, moved, assumed, looked_at, not_looked_at, unread, weak_evidence } = forecast;
  const weak = new Map(weak_evidence.map(({ name, reason }) => [name, reason]));
  const rows = forecast.forecasts.map(({ name, outcome, evidence, reason }): Cell[] => [
    printable(name),
    { text: outcome, colour: COLOURS[outcome] },
    evidence ?? "none",
    printable(
      [isAccepted(forecast, name) && reason !== "" ? "(accepted)" : "", reason, weak.get(name) ?? ""]
        .filter((text) => text !== "")
        .join(" "),
    ),
  ]);
  const numbers = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  const elsewhere = moved > 0 ? `; ${moved} on the destination already` : "";
  return [
    `Wave ${wave.name}${back ? ", the way back" : ""}: ${numbers.join(", ")}${elsewhere}`,
    ...(rows.length > 0
      ? ["", table(styleOf(process.stdout), ["PHONE", "OUTCOME", "EVIDENCE", "WHY"], rows)]
      : []),
    ...section("Taken for granted:", assumed),
    ...section("Looked at:", [...looked_at, ...not_looked_at]),
    ...section("Not read:", unread),
  ].join("\n");
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  - ${printable(line)}`)];

function asLines({ wave, forecast }: Result): string[] {
  return forecast.forecasts.map((phone) =>
    JSON.stringify({ wave: wave.name, ...phone, accepted: isAccepted(forecast, phone.name) }),
  );
}

function asJson({ wave, forecast }: Result) {
  const { counts, moved, assumed, unread, weak_evidence, no_phone_at_risk, evidence_suffices } = forecast;
  const { looked_at, not_looked_at } = forecast;
  return {
    wave: wave.name,
    registered_on: wave.registeredOn,
    counts,
    moved,
    no_phone_at_risk,
    evidence_suffices,
    weak_evidence,
    assumed,
    looked_at,
    not_looked_at,
    unread,
    phones: forecast.forecasts.map((phone) => ({ ...phone, accepted: isAccepted(forecast, phone.name) })),
  };
}

/** What the forecasts do without, in sentences. */
function gapsOf(results: readonly Result[]): string[] {
  const unread = results.flatMap(({ forecast }) =>
    forecast.unread.map((sentence) => `Not read: ${sentence}`),
  );
  const untold = results.flatMap(({ wave }) =>
    wave.untold.map(
      (name) => `Not read: ${name} of wave ${wave.name}, a reference, which is told only on the destination`,
    ),
  );
  return [...new Set([...unread, ...untold])];
}

/** @throws CommandError when somebody has to do something before the phones move */
function conclude(results: readonly Result[], gaps: readonly string[]): void {
  const risky = results.flatMap(({ forecast }) =>
    forecast.forecasts.filter(({ name, outcome }) => outcome !== "registers" && !isAccepted(forecast, name)),
  );
  const weak = results.filter(({ forecast }) => !forecast.evidence_suffices);
  const reasons = [
    risky.length > 0 && `${risky.length} ${risky.length === 1 ? "phone is" : "phones are"} at risk.`,
    weak.length > 0 && `The evidence does not suffice in ${weak.map(({ wave }) => wave.name).join(", ")}.`,
    gaps.length > 0 && "Not everything was read (see above), so the forecast is not complete.",
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
