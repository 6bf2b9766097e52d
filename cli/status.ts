import { join } from "node:path";
import type { Command } from "commander";
import { printable } from "../trust/describe";
import { atLastDeploy } from "../trust/not-followed";
import { CommandError } from "./command-error";
import {
  type Declaration,
  declaredWaves,
  decommissionedClusters,
  layQuestions,
  noWave,
  readDeclaration,
} from "./declared-waves";
import { explain } from "./explained";
import { keepsTrust, trustProblems } from "./kept-trust";
import {
  folderOf,
  inScratch,
  JSON_FOLDER_OPTION,
  PLANS,
  planOf,
  STACK_OPTION,
  type StackOptions,
  type StoredState,
  SYNTH_BEFORE,
  stateOf,
} from "./planned";
import {
  dependents,
  instancesOf,
  isDeployed,
  type Status,
  type WaveStatus,
  type Whereabouts,
} from "./source-dependents";
import { asText } from "./status-view";
import { synthAge } from "./synth-age";

interface Options extends StackOptions {
  readonly json?: true;
}

const ASKED = "cucm_phone_whereabouts";

export function registerStatus(program: Command): void {
  const command = program
    .command("status")
    .description(
      "say where every wave is: its declared word, the state's, where the phones are now, and what still needs the source",
    )
    .option(...STACK_OPTION)
    .option(...JSON_FOLDER_OPTION)
    .option("--json", "print JSON, with every phone")
    .action(status);
  explain(command, {
    about: [
      `${SYNTH_BEFORE} The state is read without its lock, so this works while a deploy runs. RIS of both clusters is asked; times are those of RIS. ${PLANS} Of a stack without a wave it shows the trust that it keeps, by the state alone.`,
    ],
    examples: [
      ["npx phone-migration status", "every wave, its stragglers, and what still needs the source"],
      ["npx phone-migration status --json", "the same with every phone, for programs"],
    ],
    statuses: {
      0: "every wave is deployed as declared and was not stopped, every phone is where its wave's word says, and everybody answered; without a wave, the trust is deployed as declared, whole and proven",
      1: "that is not so, or no plan could be made",
    },
  });
}

async function status(options: Options): Promise<void> {
  const folder = folderOf(options);
  const declaration = readDeclaration(folder);
  for (const line of synthAge(folder, process.cwd())) console.error(printable(line));
  const state = await stateOf(folder);
  const all = wavesOf(declaration, state);
  const alone = all.length === 0;
  if (alone && !keepsTrust(declaration, state)) throw new CommandError(noWave(folder), 2);
  const answers = alone ? [] : await askClusters(folder, declaration, all);
  const decommissioned = decommissionedClusters(declaration);
  const waves = all.map((wave) => withPhones(wave, answers, decommissioned));
  const found: Status = {
    deployed: isDeployed(state),
    waves,
    source_needed_by: dependents(declaration, state, waves),
    trust_problems: alone && isDeployed(state) ? trustProblems(declaration, state) : [],
    decommissioned,
    unread: [...new Set(answers.flatMap(({ unread }) => unread))].sort(),
  };
  console.log(options.json ? JSON.stringify(found, null, 2) : asText(found));
  conclude(found);
}

/** A wave of the declaration, of the state, or of both. */
interface Known {
  readonly name: string;
  readonly address: string;
  readonly scopes: readonly string[];
  readonly source: string;
  readonly destination: string;
  readonly phones: readonly string[];
  readonly declared: string | null;
  readonly state: string | null;
  readonly stopped: boolean;
  readonly put_back: boolean;
  /** Phones that the state has in the wave. */
  readonly deployed: ReadonlySet<string>;
  /** What the last deploy or refresh said of phones. */
  readonly reasons: ReadonlyMap<string, string>;
}

function wavesOf(declaration: Declaration, state: StoredState): Known[] {
  const stored = instancesOf(state, "cucm_phone_registration");
  const declared = declaredWaves(declaration);
  const leftover = [...stored.keys()]
    .filter((address) => !declared.some((wave) => wave.address === address))
    .map((address) => ({
      name: address,
      address,
      scopes: [],
      registeredOn: null,
      onStop: null,
      forecast: {},
    }));
  return [...declared, ...leftover].map(({ name, address, scopes, registeredOn, onStop, forecast }) => {
    const kept = stored.get(address);
    const args: { readonly [name: string]: unknown } = { ...kept, ...forecast };
    const failed = (kept?.failed ?? []) as readonly { readonly name: string; readonly reason: string }[];
    return {
      name,
      address,
      scopes,
      source: String(args.source),
      destination: String(args.destination),
      phones: (Array.isArray(args.phones) ? args.phones : (kept?.phones ?? [])) as readonly string[],
      declared: registeredOn,
      state: (kept?.registered_on ?? null) as string | null,
      stopped: kept?.stopped === true,
      // The declaration of the way back, or of another way to stop, has no guard any more.
      put_back: kept?.stopped === true && [onStop, kept.on_stop].includes("report"),
      deployed: new Set((kept?.phones ?? []) as readonly string[]),
      reasons: new Map(failed.map((one) => [one.name, one.reason])),
    };
  });
}

interface Answer {
  readonly source: string;
  readonly destination: string;
  readonly registered_on: string;
  readonly whereabouts: readonly Whereabouts[];
  readonly unread: readonly string[];
}

/** One question for all waves between the same clusters that have the same word: RIS is rationed. */
async function askClusters(
  folder: string,
  declaration: Declaration,
  waves: readonly Known[],
): Promise<readonly Answer[]> {
  const questions = new Map<string, Omit<Answer, "whereabouts" | "unread"> & { readonly phones: string[] }>();
  for (const wave of waves) {
    const { source, destination } = wave;
    const registered_on = wordOf(wave);
    const key = JSON.stringify([source, destination, registered_on]);
    const question = questions.get(key) ?? { source, destination, registered_on, phones: [] };
    questions.set(key, question);
    question.phones.push(...wave.phones);
  }
  const asked = Object.fromEntries([...questions.values()].map((question, i) => [`question_${i}`, question]));
  const plan = await inScratch("phone-migration-status-", (scratch) => {
    layQuestions(folder, declaration, { [ASKED]: asked }, ASKED, scratch);
    return planOf(scratch, { TF_DATA_DIR: join(scratch, ".terraform") }) as Promise<Planned>;
  });
  return Object.keys(asked).map((name) => plan.planned_values.outputs[name]!.value);
}

/** What is used of `show -json`. */
interface Planned {
  readonly planned_values: { readonly outputs: { readonly [name: string]: { readonly value: Answer } } };
}

/** Where the phones of a wave should be. */
const wordOf = ({ declared, state }: Known) => declared ?? state ?? "source";

function withPhones(wave: Known, answers: readonly Answer[], decommissioned: readonly string[]): WaveStatus {
  const { name, address, scopes, source, destination, declared, state, stopped, put_back } = wave;
  const answer = answers.find(
    (one) => one.source === source && one.destination === destination && one.registered_on === wordOf(wave),
  );
  const names = new Set(wave.phones);
  const phones = (answer?.whereabouts ?? []).filter((one) => names.has(one.name));
  const on = (side: Whereabouts["on"]) => phones.filter((one) => one.on === side);
  const arrivals = phones.filter((one) => one.reason === null).flatMap(({ since }) => since ?? []);
  return {
    name,
    address,
    scopes,
    source,
    destination,
    declared,
    state,
    stopped,
    put_back,
    counts: { source: on("source").length, destination: on("destination").length, missing: on(null).length },
    last_arrival: arrivals.sort().at(-1) ?? null,
    on_source: on("source"),
    stragglers: phones
      .filter((one) => one.reason !== null)
      .map((one) => ({ ...one, reason: reasonOf(one, one.reason!, wave, decommissioned) })),
  };
}

/** Why a phone is not where it should be, by what RIS shows now and by what the state knows of it. */
function reasonOf(
  { name, on }: Whereabouts,
  now: string,
  wave: Known,
  decommissioned: readonly string[],
): string {
  const { source, state, put_back, deployed, reasons } = wave;
  const then = reasons.get(name);
  if (on === null && decommissioned.includes(source)) {
    const known = deployed.has(name)
      ? `the state last knew it on the ${state}`
      : "the state does not know it";
    return [
      now.replace(/^registered nowhere(; no cluster has seen it)?/, "not on the destination"),
      "the source is decommissioned and was not asked",
      then === undefined ? known : `the state last knew: ${then}`,
    ].join("; ");
  }
  // One that had not followed is among the state's failures.
  if (put_back && on === "source" && then === undefined && deployed.has(name))
    return now.replace("still registered on the source", "came back; its scope serves the source");
  // What the deploy found says more than RIS does now, as long as the phone is where it was.
  if (then === undefined || then.endsWith(now)) return then ?? now;
  const said = atLastDeploy(then, wordOf(wave) === "source" ? "source" : "destination");
  return said === null ? now : `${now}; ${said}`;
}

/** @throws CommandError when not all is as declared, or not all is known */
function conclude({ deployed, waves, trust_problems, unread }: Status): void {
  const away = waves.flatMap(({ stragglers }) => stragglers).length;
  const behind = waves.filter(({ declared, state }) => declared !== state).map(({ name }) => name);
  const undone = waves.filter(({ put_back }) => put_back).map(({ name }) => name);
  const reasons = [
    !deployed && "Nothing is deployed.",
    deployed && behind.length > 0 && `Not deployed as declared: ${behind.join(", ")}.`,
    away > 0 && `${away} ${away === 1 ? "phone is" : "phones are"} not where the wave's word says.`,
    undone.length > 0 && `Stopped, and their scopes were put back: ${undone.join(", ")}.`,
    ...trust_problems,
    unread.length > 0 && "Not everybody answered (see above).",
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) throw new CommandError(reasons.join(" "));
}
