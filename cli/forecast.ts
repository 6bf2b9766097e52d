import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { deviceNameProblem } from "../constructs/phone-list";
import { printable } from "../trust/describe";
import { EVIDENCE_LEVELS, EVIDENCE_READERS, readersFor } from "../trust/evidence";
import { SWITCH_ATTRIBUTES, SWITCHES, type SwitchName } from "../trust/forecast/switches";
import { CommandError } from "./command-error";
import { type DeclaredWave, declaredWaves, layForecasts, noWave, readDeclaration } from "./declared-waves";
import { explain } from "./explained";
import {
  asJson,
  asLines,
  asText,
  type Forecast,
  isAccepted,
  OBSERVED_IN_STATE,
  type Result,
} from "./forecast-view";
import { type LastDeploy, readLastDeploy } from "./last-deploy";
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
  readonly wave: readonly string[];
  readonly phone: readonly string[];
  readonly accept: readonly string[];
  readonly alternateTftp: readonly string[];
  readonly switch: readonly Setting[];
  readonly requireEvidence?: string;
  readonly evidence: readonly string[];
  readonly back?: true;
  readonly json?: true;
  readonly jsonl?: true;
}

export function registerForecast(program: Command): void {
  const command = program
    .command("forecast")
    .description("say of every phone that is declared whether it will follow and register, and how we know")
    .option(...STACK_OPTION)
    .option(...JSON_FOLDER_OPTION)
    .addOption(repeatable("--wave <name>", "only this wave", "every wave"))
    .addOption(
      repeatable(
        "--phone <name>",
        "only this phone, with the whole chain of its steps",
        "every phone, in short",
        device,
      ),
    )
    .option("--back", "ask whether the phones can come back")
    .addOption(repeatable("--accept <phone>", "a phone that may be lost", "those of acceptLockouts", device))
    .addOption(
      repeatable(
        "--alternate-tftp <phone>",
        "a phone with Alternate TFTP on",
        "those of alternateTftp",
        device,
      ),
    )
    .addOption(
      new Option(
        "--switch <name=setting>",
        "settles what Cisco does not document, e.g. ctl_404=keep; repeatable",
      )
        .argParser(settings)
        .default([], "as declared"),
    )
    .addOption(
      valued(
        "--require-evidence <level>",
        "the least that a forecast must rest on",
        "as declared, or anything",
      ).choices(EVIDENCE_LEVELS),
    )
    .addOption(
      repeatable(
        "--evidence <reader>",
        `also read of phones: ${EVIDENCE_READERS.join(", ")}`,
        "as declared",
        reader,
      ),
    )
    .option("--json", "print JSON: every wave with its phones")
    .option("--jsonl", "print JSON Lines: one phone a line")
    .action(forecast);
  explain(command, {
    about: [`${SYNTH_BEFORE} Both clusters are read. ${PLANS}`],
    examples: [
      ["npx phone-migration forecast", "every declared phone, whatever its wave's word"],
      ["npx phone-migration forecast --phone SEP001122334455", "one phone, by each TFTP node"],
      [
        "npx phone-migration forecast --wave hq --back --jsonl",
        "whether wave hq can come back, for programs",
      ],
    ],
    statuses: {
      0: "every phone registers or is accepted, has the evidence that is required, no more phones than a wave's limits allow cannot follow, and everything that outcomes need was read",
      1: "some phone does not, something was not read, or no plan could be made",
    },
  });
}

async function forecast(options: Options): Promise<void> {
  if (options.json && options.jsonl) throw new CommandError("Choose one of --json and --jsonl.", 2);
  const folder = folderOf(options);
  const declaration = readDeclaration(folder);
  const waves = chosen(folder, declaredWaves(declaration), options);
  for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
  // The copy of variables' values may hold what nobody else should read.
  const plan = await inScratch("phone-migration-forecast-", (scratch) => {
    layForecasts(folder, declaration, waves, scratch);
    return planOf(scratch, { TF_DATA_DIR: join(scratch, ".terraform") }) as Promise<Planned>;
  });
  const last = await readLastDeploy(folder, options.back ? "source" : "destination");
  const results = waves.map((wave, i) => ({
    wave,
    forecast: contradicted(plan.planned_values.outputs[`wave_${i}`]!.value, last, wave),
  }));
  if (options.json) console.log(JSON.stringify(results.map(asJson), null, 2));
  else if (options.jsonl) for (const line of results.flatMap(asLines)) console.log(line);
  else console.log(results.map((result) => asText(result, options)).join("\n\n"));
  const gaps = gapsOf(results);
  // Whatever the format: who reads only the phones would take a missing fact for a good one.
  for (const line of [...gaps, ...notLookedAt(results, last)]) console.error(printable(line));
  conclude(results, gaps, options);
}

/** What the last deploy saw of a phone speaks against what is inferred of it, and leaves the outcome as it is: it may have been mended since. */
function contradicted(forecast: Forecast, { waves }: LastDeploy, { address }: DeclaredWave): Forecast {
  const seen = waves.get(address);
  return {
    ...forecast,
    forecasts: forecast.forecasts.map((phone) => {
      const said = seen?.get(phone.name);
      return said === undefined
        ? phone
        : { ...phone, against: [...phone.against, `${OBSERVED_IN_STATE}${said}`] };
    }),
  };
}

/** What is used of `show -json`. */
interface Planned {
  readonly planned_values: { readonly outputs: { readonly [name: string]: { readonly value: Forecast } } };
}

function chosen(folder: string, waves: readonly DeclaredWave[], options: Options): DeclaredWave[] {
  const stranger = options.wave.find((name) => !waves.some((wave) => wave.name === name));
  const names = waves.map(({ name }) => name).join(", ");
  if (waves.length === 0) throw new CommandError(noWave(folder), 2);
  if (stranger !== undefined)
    throw new CommandError(`There is no wave ${stranger}. Declared are: ${names}.`, 2);
  const phonesOf = ({ forecast }: DeclaredWave) => forecast.phones as readonly string[];
  const wanted = (phone: string) => options.phone.length === 0 || options.phone.includes(phone);
  const asked = waves.filter(({ name }) => options.wave.length === 0 || options.wave.includes(name));
  const given = { phone: options.phone, accept: options.accept, "alternate-tftp": options.alternateTftp };
  for (const [option, phones] of Object.entries(given)) {
    const nowhere = phones.find((phone) => !asked.some((wave) => phonesOf(wave).includes(phone)));
    if (nowhere !== undefined)
      throw new CommandError(
        `--${option} ${nowhere}: no such phone is in ${options.wave.length === 0 ? "any wave" : `the waves ${options.wave.join(", ")}`}. Add it to the list of one, and run \`npx cdktf synth\`.`,
        2,
      );
  }
  return asked
    .map((wave) => ({
      ...wave,
      forecast: { ...wave.forecast, ...told(wave, options), phones: phonesOf(wave).filter(wanted) },
    }))
    .filter((wave) => phonesOf(wave).length > 0);
}

/** What the command line says, over what is declared. */
function told({ forecast }: DeclaredWave, options: Options): DeclaredWave["forecast"] {
  const declared = (name: string) => (forecast[name] ?? []) as readonly string[];
  const evidence = [...new Set([...declared("evidence"), ...options.evidence])];
  checkEvidence(options.requireEvidence, evidence);
  return {
    detail: true,
    ...(options.back && { to: "source" }),
    accept_lockouts: [...declared("accept_lockouts"), ...options.accept],
    alternate_tftp: [...declared("alternate_tftp"), ...options.alternateTftp],
    ...(options.requireEvidence !== undefined && { require_evidence: options.requireEvidence }),
    ...(evidence.length > 0 && { evidence }),
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

/** The provider would refuse it too, in the words of a declaration. */
function checkEvidence(level: string | undefined, readers: readonly string[]): void {
  const needed = EVIDENCE_LEVELS.filter((one) => one === level).flatMap(readersFor);
  if (needed.length === 0 || needed.some((reader) => readers.includes(reader))) return;
  throw new CommandError(
    `--require-evidence ${level} needs ${needed.map((reader) => `--evidence ${reader}`).join(" or ")}: nothing else shows it.`,
    2,
  );
}

/** As in a list, but in small letters, too: CUCM writes device names of phones in capitals. */
function device(text: string): string {
  const problem = deviceNameProblem(text.toUpperCase());
  if (problem === undefined) return text.toUpperCase();
  throw new InvalidArgumentError(problem);
}

type Setting = readonly [attribute: string, value: string];

function settings(text: string, before: readonly Setting[]): readonly Setting[] {
  const [attribute, value] = setting(text);
  if (before.some(([name]) => name === attribute))
    throw new InvalidArgumentError(`${attribute} is given twice. Give it once.`);
  return [...before, [attribute, value]];
}

function setting(text: string): Setting {
  const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(
      "Write name=setting (docs/cucm/data-sources/trust_forecast.md, switches).",
    );
  // Constructs spell it as our code does, declarations for a core otherwise: either is understood.
  const known = Object.entries(SWITCH_ATTRIBUTES) as [SwitchName, string][];
  const [key, attribute] = known.find((spellings) => spellings.includes(name)) ?? [];
  if (key === undefined || attribute === undefined)
    throw new InvalidArgumentError(
      `There is no switch ${name}. There are: ${Object.values(SWITCH_ATTRIBUTES).join(", ")}.`,
    );
  const { default: expected, other } = SWITCHES[key];
  if (![`${expected}`, `${other}`].includes(value))
    throw new InvalidArgumentError(
      `${attribute} is ${expected} or ${other}. Write ${name}=${expected}, say.`,
    );
  return [attribute, value];
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

/** Evidence never makes an outcome better: that it is missing is a failure only where `--require-evidence` demands it. */
function notLookedAt(results: readonly Result[], { unread }: LastDeploy): string[] {
  return [
    ...(unread === null
      ? []
      : [`Not looked at: the state, for what the last deploy saw of phones: ${unread}`]),
    ...new Set(
      results.flatMap(({ forecast }) =>
        forecast.not_looked_at.map((sentence) => `Not looked at: ${sentence}`),
      ),
    ),
  ];
}

/** @throws CommandError when somebody has to do something before the phones move */
function conclude(results: readonly Result[], gaps: readonly string[], { phone }: Options): void {
  const risky = results.flatMap(({ forecast }) =>
    forecast.forecasts.filter(({ name, outcome }) => outcome !== "registers" && !isAccepted(forecast, name)),
  );
  const weak = results.filter(({ forecast }) => !forecast.evidence_suffices);
  // Limits are those of a whole wave.
  const tooMany = results.filter(({ forecast }) => phone.length === 0 && forecast.within_limits === false);
  const unknown = risky.filter(({ evidence }) => evidence === null).length;
  const atRisk = risky.length - unknown;
  const phones = (count: number) => `${count} ${count === 1 ? "phone" : "phones"}`;
  const reasons = [
    atRisk > 0 && `${phones(atRisk)} ${atRisk === 1 ? "is" : "are"} at risk.`,
    unknown > 0 && `Nothing can be said of ${phones(unknown)}.`,
    tooMany.length > 0 &&
      `More phones cannot follow than the limits allow in ${tooMany.map(({ wave }) => wave.name).join(", ")}.`,
    weak.length > 0 && `The evidence does not suffice in ${weak.map(({ wave }) => wave.name).join(", ")}.`,
    gaps.length > 0 && "Not everything was read (see above), so the forecast is not complete.",
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
