import type { Evidence } from "../evidence";
import { boot, encryptedFile, type Step } from "./boot";
import type { Reason } from "./judgement";
import { type Note, notesOn } from "./notes";
import { effectiveMode, register, registerAsBefore } from "./registration";
import type { Device, Ends, Leg, Phone, TftpNode } from "./situation";
import { type Answers, type Doubt, decisive, everyWay, type Switches, type Way, type Ways } from "./switches";
import { tvsDirectory } from "./tvs";

/**
 * `registers`: takes the destination's files and registers as its profile there says. `follows`: trusts them, but
 * cannot register. `locked out`: does not take them. `uncertain`: hangs on something that is not known.
 */
export type Outcome = "registers" | "follows" | "locked out" | "uncertain";
/** An outcome once everything is settled. */
export type Ending = Exclude<Outcome, "uncertain">;

/** Better first. */
const ENDINGS: readonly Ending[] = ["registers", "follows", "locked out"];

/** What one TFTP node leads to, everything unknown at its expected setting. */
export interface NodePrediction {
  /** Address of the TFTP node; on the way back, of the one that served on the way there, then of the one back. */
  readonly address: string;
  readonly outcome: Outcome;
  /** The ending that is expected. */
  readonly expected: Ending;
  readonly steps: readonly Step[];
  /** Of the step that decided against the phone; `null` when it is expected to register. */
  readonly reason: Reason | null;
}

/** An outcome may hang on it. */
export interface Hinge extends Doubt {
  /** Ending by setting, the others as expected; sorted by setting. All alike: it decides only together with others. */
  readonly endings: readonly { readonly setting: string; readonly ending: Ending }[];
}

export interface Prediction {
  /** The worst of all TFTP nodes. */
  readonly outcome: Outcome;
  readonly expected: Ending;
  /** Of the worst node; `null` when the phone registers for certain. */
  readonly reason: Reason | null;
  /** Not empty exactly if the outcome is `uncertain`. */
  readonly hangsOn: readonly Hinge[];
  readonly nodes: readonly NodePrediction[];
  /** The nodes do not all lead to the same. */
  readonly nodesDiffer: boolean;
  readonly notes: readonly Note[];
  /** What is known of the model and was looked at, in sentences, each with how it is known. */
  readonly restsOn: readonly string[];
}

/** A prediction never goes without what it rests on. */
export interface Forecast extends Prediction {
  readonly phone: string;
  readonly evidence: Evidence;
}

export interface ForecastOptions {
  /** Settings that are known, e.g. tried in a lab: not varied. */
  readonly switches?: Partial<Switches>;
}

/** Whether that phone will follow and register when option 150 names the TFTP nodes of `ends.to`. */
export function forecast(phone: Phone, ends: Ends, options: ForecastOptions = {}): Forecast {
  return { ...predict(phone, ends, options), phone: phone.name, evidence: phone.evidence };
}

/**
 * Whether that phone can come back: where it ends up after `ends`, whichever TFTP node serves it, and then the same
 * with the ends exchanged.
 */
export function forecastReturn(phone: Phone, ends: Ends, options: ForecastOptions = {}): Forecast {
  return { ...predictReturn(phone, ends, options), phone: phone.name, evidence: phone.evidence };
}

/** {@link forecast} without what is the phone's own: equal for phones that hold the same. */
export function predict(phone: Phone, ends: Ends, options: ForecastOptions = {}): Prediction {
  const all = routes(phone, { ...ends, part: "alone" }).map(({ address, go }) => ({
    address,
    run: (answers: Answers) => go(phone, answers),
  }));
  return conclude(options, notesOn(phone, ends), all);
}

/** {@link forecastReturn} without what is the phone's own. */
export function predictReturn(phone: Phone, ends: Ends, options: ForecastOptions = {}): Prediction {
  const returns = routes(phone, { from: ends.to, to: ends.from, part: "back" });
  const all = routes(phone, { ...ends, part: "there" }).flatMap((there) =>
    returns.map((back) => ({
      address: `${there.address} and back by ${back.address}`,
      run: (answers: Answers) => back.go(there.go(phone, answers).after, answers),
    })),
  );
  return conclude(options, [], all);
}

/** One journey, by one TFTP node. */
interface Journey {
  readonly ending: Ending;
  readonly steps: readonly Step[];
  readonly after: Phone;
}

interface Route {
  readonly address: string;
  readonly go: (phone: Phone, answers: Answers) => Journey;
}

function routes({ alternateTftp }: Phone, leg: Leg): readonly Route[] {
  const stays = (address: string, reason: Reason): Route => ({
    address,
    go: (phone) => ({
      ending: "locked out",
      steps: [{ step: "option-150", result: "rejected", reason }],
      after: phone,
    }),
  });
  const { tftp } = leg.to;
  const serving = tftp.filter((node) => node.reachable);
  if (alternateTftp) return [stays("alternate TFTP", "alternate-tftp")];
  if (serving.length === 0) return [stays(tftp.map((node) => node.address).join(", "), "tftp-unreachable")];
  return serving.map((node) => ({
    address: node.address,
    go: (phone, answers) => journey(node, phone, leg, answers),
  }));
}

function journey(node: TftpNode, phone: Phone, leg: Leg, answers: Answers): Journey {
  const { to } = leg;
  const device = to.devices.get(phone.name);
  const tvs = tvsDirectory(leg);
  const { held, configured, steps } = boot(node, phone, device, tvs, answers);
  const moved: Phone = { ...phone, ...held };
  if (configured && device !== undefined) {
    const { judgement, lsc } = register(phone, held, leg, device, answers);
    const encrypted =
      device.encryptedConfig && steps.at(-1)?.by === "unsigned"
        ? // By the TVS servers of the configuration that it has just got.
          encryptedFile(
            node,
            lsc !== phone.lsc,
            { ...phone, tvs: device.callManagers },
            device,
            held,
            tvs,
            answers,
          )
        : null;
    const after = {
      ...moved,
      lsc,
      mode: effectiveMode(to, device),
      tvs: device.callManagers,
      callManagers: device.callManagers,
      asksForEncrypted: device.encryptedConfig,
    };
    const last: Step = judgement.accepted
      ? { step: "registration", result: "accepted", ...without(judgement) }
      : { step: "registration", result: "rejected", ...without(judgement) };
    const taken = encrypted === null ? steps : [...steps, encrypted];
    if (encrypted?.result === "rejected") return { ending: "follows", steps: taken, after };
    return { ending: judgement.accepted ? "registers" : "follows", steps: [...taken, last], after };
  }
  if (steps.at(-1)?.reason === "unknown-at-destination") return { ending: "follows", steps, after: moved };
  return fallback(node.address, steps, moved, held, device, leg, answers);
}

function fallback(
  address: string,
  steps: readonly Step[],
  moved: Phone,
  held: Pick<Phone, "ctl" | "itl">,
  device: Device | undefined,
  { to }: Ends,
  answers: Answers,
): Journey {
  const stays: Journey = { ending: "locked out", steps, after: moved };
  const trying = (group: readonly string[]) => registerAsBefore(moved, held, to, group, device, answers);
  const cached = trying(moved.callManagers);
  const tftp = trying([address]);
  // Only where they differ does it matter what the phone tries.
  const tried =
    cached.accepted === tftp.accepted || answers.setting("fallbackWhenConfigBad") === "cached"
      ? cached
      : tftp;
  if (!tried.accepted) return stays;
  return {
    ...stays,
    ending: "registers",
    steps: [...steps, { step: "fallback", result: "accepted", ...without(tried) }],
  };
}

function without<T extends { readonly accepted: boolean }>({ accepted: _, ...rest }: T): Omit<T, "accepted"> {
  return rest;
}

/** What comes of one route, everything else being unknown to it. */
interface Reckoned {
  readonly node: NodePrediction;
  readonly best: Ending;
  readonly worst: Ending;
  readonly hinges: readonly Hinge[];
  /** Of the first way that is not good. */
  readonly reason: Reason | null;
  readonly rests: readonly string[];
}

/** Each TFTP node by itself, whose doubts are few; together they would be every combination of all of them. */
function conclude(
  { switches = {} }: ForecastOptions,
  notes: readonly Note[],
  all: readonly { readonly address: string; readonly run: (answers: Answers) => Journey }[],
): Prediction {
  const reckoned = all.map(({ address, run }) => reckon(address, everyWay(switches, run)));
  const nodes = reckoned.map(({ node }) => node);
  const expected = worst(nodes.map((node) => node.expected));
  // Whatever holds, it ends no better: only what may make it worse than that is worth to be known.
  const floor = worst(reckoned.map((one) => one.best));
  const deciding = reckoned.filter((one) => ENDINGS.indexOf(one.worst) > ENDINGS.indexOf(floor));
  return {
    outcome: deciding.length === 0 ? floor : "uncertain",
    expected,
    reason:
      (expected === "registers" ? reckoned : reckoned.filter(({ node }) => node.expected === expected)).find(
        ({ reason }) => reason !== null,
      )?.reason ?? null,
    hangsOn: inOne(
      deciding.flatMap(({ node, hinges }) => hinges.map((hinge) => ({ node, hinge }))),
      nodes,
    ),
    nodes,
    nodesDiffer: new Set(nodes.map((node) => `${node.outcome} ${node.expected}`)).size > 1,
    notes,
    restsOn: [...new Set(reckoned.flatMap(({ rests }) => rests))],
  };
}

function reckon(address: string, { ways, doubts, cut }: Ways<Journey>): Reckoned {
  const [{ result: usual, rests }] = ways as [Way<Journey>];
  const endings = ways.map(({ settings, result }) => ({ settings, result: result.ending }));
  const possible = cut ? ENDINGS : ENDINGS.filter((one) => endings.some(({ result }) => result === one));
  const hinges = cut
    ? [tooMuch(usual.ending)]
    : [...decisive(endings, (a, b) => a === b)].map((id) => ({
        ...doubts.get(id)!,
        endings: endingsOf(id, endings),
      }));
  return {
    node: {
      address,
      outcome: possible.length === 1 ? usual.ending : "uncertain",
      expected: usual.ending,
      steps: usual.steps,
      reason: decidingReason(usual),
    },
    best: possible[0]!,
    worst: possible.at(-1)!,
    hinges,
    reason: ways.map(({ result }) => decidingReason(result)).find((one) => one !== null) ?? null,
    rests,
  };
}

const tooMuch = (expected: Ending): Hinge => ({
  id: "too much is unknown",
  words: "more than can be tried, since too much is unknown",
  endings: [
    { setting: "as expected", ending: expected },
    { setting: "otherwise", ending: "locked out" },
  ],
});

/** A doubt of several nodes is one: they all end as it settles, the others as expected. */
function inOne(
  found: readonly { readonly node: NodePrediction; readonly hinge: Hinge }[],
  nodes: readonly NodePrediction[],
): Hinge[] {
  const byId = new Map<string, Hinge>();
  for (const { hinge } of found) {
    if (byId.has(hinge.id)) continue;
    const same = found.filter((one) => one.hinge.id === hinge.id);
    const others = nodes.filter((node) => !same.some((one) => one.node === node));
    const endings = hinge.endings.map(({ setting }) => ({
      setting,
      ending: worst([
        ...others.map(({ expected }) => expected),
        ...same.flatMap((one) =>
          one.hinge.endings.filter((each) => each.setting === setting).map(({ ending }) => ending),
        ),
      ]),
    }));
    byId.set(hinge.id, { ...hinge, endings });
  }
  return [...byId.values()];
}

/** The one that a prediction is the worst of: its chain explains the outcome. */
export function decidingNode({
  nodes,
  outcome,
  expected,
}: Pick<Prediction, "nodes" | "outcome" | "expected">): NodePrediction | undefined {
  const likely = nodes.filter((node) => node.expected === expected);
  return (
    likely.find((node) => node.outcome === outcome) ?? nodes.find((n) => n.outcome === outcome) ?? likely[0]
  );
}

function endingsOf(
  id: string,
  ways: readonly { readonly settings: ReadonlyMap<string, string | boolean>; readonly result: Ending }[],
): Hinge["endings"] {
  const bySetting = new Map<string, Ending>();
  for (const { settings, result } of ways) {
    const setting = settings.get(id);
    // Ways come with the fewest unexpected settings first: the others are as expected, as far as this one matters then.
    if (setting !== undefined && !bySetting.has(`${setting}`)) bySetting.set(`${setting}`, result);
  }
  return [...bySetting]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([setting, ending]) => ({ setting, ending }));
}

function worst(endings: readonly Ending[]): Ending {
  return ENDINGS[Math.max(...endings.map((ending) => ENDINGS.indexOf(ending)))]!;
}

/** A list refused before all else explains what follows; a phone that registers needs no reason. */
function decidingReason({ ending, steps }: Journey): Reason | null {
  if (ending === "registers") return null;
  return steps.find((step) => step.result === "rejected")?.reason ?? null;
}
