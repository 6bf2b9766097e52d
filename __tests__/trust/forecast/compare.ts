/** One situation, forecast and lived through: every way in which the two do not say the same. */
import { type Forecast, forecast, forecastReturn } from "../../../trust/forecast/forecast";
import { SWITCHES, type Switches, type SwitchName } from "../../../trust/forecast/switches";
import { asEnds, asPhone } from "./as-forecast";
import type { Side, Signing } from "./paper";
import type { Random } from "./random";
import { type AllSwitches, atHome, type Ending, move, type Reality, type State } from "./reality";
import { type DeviceSpec, type NodeSpec, TRUTHS, type World } from "./world";

const NAMES = Object.keys(SWITCHES) as SwitchName[];

export interface Compared {
  /** Empty when all agree. */
  readonly differences: readonly string[];
  /** With every switch at its default. */
  readonly expected: Ending;
  readonly uncertain: boolean;
  /** Reasons and means of acceptance in forecasts with settled switches, and why CallManagers refused the phone. */
  readonly seen: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
}

/** @param tries random settings of all switches, beside the defaults */
export async function compare(world: World, random: Random, tries: number): Promise<Compared> {
  const differences: string[] = [];
  const seen = new Set<string>();
  const settings = new Set<string>();
  const endings = { there: new Set<Ending>(), back: new Set<Ending>() };
  const phone = asPhone(world);
  let expected: Ending = "locked out";

  for (let i = 0; i <= tries; i++) {
    const switches = i === 0 ? DEFAULTS : drawSwitches(random);
    for (const name of NAMES) settings.add(`${name}=${switches[name]}`);
    const truths = i === 0 ? [world.truth] : TRUTHS();
    for (const truth of truths) {
      const told: World = { ...world, truth };
      const lived = await liveThrough(told, atHome(told), told.to, switches);
      const said = forecast(phone, asEnds(told, true), { switches });
      const ending = worst(lived.map((one) => one.ending));
      endings.there.add(ending);
      if (i === 0) expected = ending;
      const about = `${describe(switches)}, TVS ${truth.size > 0 ? "vouches" : "misses"}`;
      if (said.outcome !== ending) differences.push(`${about}: forecast ${said.outcome}, lived ${ending}`);
      differences.push(...chainDifferences(told, said, lived).map((one) => `${about}: ${one}`));
      for (const { refusals } of lived) for (const reason of refusals) seen.add(reason);
      for (const { steps } of said.nodes)
        for (const step of steps) seen.add(step.reason ?? step.by ?? step.result);
      if (i > 2 || world.phone.alternateTftp) continue;
      const back = await wayBack(told, lived, switches);
      endings.back.add(back);
      const promised = forecastReturn(phone, asEnds(told, true), { switches }).outcome;
      if (promised !== back) differences.push(`${about}, back: forecast ${promised}, lived ${back}`);
    }
  }

  const open = forecast(phone, asEnds(world, false));
  differences.push(...(await openDifferences(world, open, endings.there, liveThere)));
  if (!world.phone.alternateTftp) {
    const back = forecastReturn(phone, asEnds(world, false));
    const found = await openDifferences(world, back, endings.back, liveBack);
    differences.push(...found.map((one) => `back: ${one}`));
  }
  return { differences, expected, uncertain: open.outcome === "uncertain", seen, settings };
}

const DEFAULTS = Object.fromEntries(
  NAMES.map((name) => [name, SWITCHES[name].default]),
) as unknown as AllSwitches;

function drawSwitches(random: Random): AllSwitches {
  const drawn = NAMES.map((name) => [name, random.pick([SWITCHES[name].default, SWITCHES[name].other])]);
  return Object.fromEntries(drawn) as AllSwitches;
}

/** By every TFTP node that answers. */
async function liveThrough(world: World, state: State, to: Side, switches: AllSwitches): Promise<Reality[]> {
  const nodes = world.clusters[to].nodes.flatMap((node, i) => (node.reachable ? [i] : []));
  const by = world.phone.alternateTftp ? [0] : nodes.length === 0 ? [null] : nodes;
  const lived: Reality[] = [];
  for (const node of by) lived.push(await move(world, state, to, node, switches));
  return lived;
}

async function wayBack(world: World, there: readonly Reality[], switches: AllSwitches): Promise<Ending> {
  const endings: Ending[] = [];
  for (const { state } of there)
    for (const back of await liveThrough(world, state, world.from, switches)) endings.push(back.ending);
  return worst(endings);
}

type Live = (world: World, switches: AllSwitches) => Promise<Ending>;
const liveThere: Live = async (world, switches) =>
  worst((await liveThrough(world, atHome(world), world.to, switches)).map(({ ending }) => ending));
const liveBack: Live = async (world, switches) =>
  wayBack(world, await liveThrough(world, atHome(world), world.to, switches), switches);

/** `uncertain` must mean that it depends on what it says, and anything else that it depends on nothing. */
async function openDifferences(
  world: World,
  open: Forecast,
  lived: ReadonlySet<Ending>,
  live: Live,
): Promise<string[]> {
  if (open.outcome !== "uncertain")
    return lived.size === 1 && lived.has(open.outcome)
      ? []
      : [`forecast ${open.outcome} for certain, lived ${[...lived].join(" or ")}`];
  const endings = new Set([...lived, ...(await endingsByHinges(world, open, live))]);
  // A signer that nobody was asked about has no certificate here: that its signature is wrong only the phone can see.
  if (endings.size === 1 && open.hangsOn.some(({ id }) => id.startsWith("tvs:")))
    for (const ending of await endingsByHinges(rightlySigned(world), open, live)) endings.add(ending);
  return endings.size > 1 ? [] : [`forecast uncertain by ${hinges(open)}, lived always ${[...endings]}`];
}

/** The lab's endings over all settings of what the forecast says the outcome hangs on. */
async function endingsByHinges(world: World, said: Forecast, live: Live): Promise<Set<Ending>> {
  const hangs = (on: string) => said.hangsOn.some(({ id }) => id === on);
  const names = NAMES.filter(hangs);
  const enrolled = (worlds: readonly World[], side: Side) =>
    worlds.flatMap((one) => [enrolling(one, side, null), enrolling(one, side, "null string")]);
  let worlds: readonly World[] = [world];
  if (hangs("enrolment")) worlds = enrolled(worlds, world.to);
  if (hangs("enrolment-back")) worlds = enrolled(worlds, world.from);
  const truths = truthsOf(said.hangsOn.flatMap(({ id }) => (id.startsWith("tvs:") ? [id.slice(4)] : [])));
  const endings = new Set<Ending>();
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const chosen = names.map((name, i) => [
      name,
      bits & (1 << i) ? SWITCHES[name].other : SWITCHES[name].default,
    ]);
    const switches: AllSwitches = { ...DEFAULTS, ...(Object.fromEntries(chosen) as Partial<Switches>) };
    for (const truth of truths)
      for (const one of worlds) {
        endings.add(await live({ ...one, truth }, switches));
        if (endings.size > 1) return endings;
      }
  }
  return endings;
}

/** Each of these signers known or not; the others all, or none. */
function truthsOf([first, ...others]: readonly string[]): readonly ReadonlySet<string>[] {
  if (first === undefined) return TRUTHS();
  return truthsOf(others).flatMap((known) => [
    new Set([...known, first]),
    new Set([...known].filter((serial) => serial !== first)),
  ]);
}

function enrolling(world: World, side: Side, enrolment: DeviceSpec["enrolment"]): World {
  const cluster = world.clusters[side];
  const device = cluster.device && { ...cluster.device, enrolment };
  return { ...world, clusters: { ...world.clusters, [side]: { ...cluster, device } } };
}

function rightlySigned(world: World): World {
  const mended = <F extends Signing | null>(file: F): F =>
    file?.damage === "signature" ? { ...file, damage: "none" } : file;
  const cluster = world.clusters[world.to];
  const mend = (node: NodeSpec): NodeSpec => ({
    ...node,
    ctl: mended(node.ctl),
    itl: mended(node.itl),
    config: mended(node.config),
  });
  const nodes: [NodeSpec, NodeSpec] = [mend(cluster.nodes[0]), mend(cluster.nodes[1])];
  return { ...world, clusters: { ...world.clusters, [world.to]: { ...cluster, nodes } } };
}

/** Files taken or not, and why not. */
function chainDifferences(world: World, said: Forecast, lived: readonly Reality[]): string[] {
  if (world.phone.alternateTftp) return [];
  return lived.flatMap((reality, i) => {
    const node = said.nodes[i];
    if (node === undefined) return [`no forecast for node ${i}`];
    const differences: string[] = [];
    if (node.outcome !== reality.ending)
      differences.push(`node ${i}: forecast ${node.outcome}, lived ${reality.ending}`);
    for (const { step, file } of FILES) {
      const one = node.steps.filter((each) => each.step === step).at(-1);
      const taken = one?.result === "accepted" || one?.result === "erased";
      const kept =
        (reality.kept.includes(file) && !(step === "configuration" && reality.refusesConfig)) ||
        (step === "ctl" && reality.kept.includes("erase ctl.tlv"));
      if (taken !== kept) differences.push(`node ${i}: ${step} ${taken ? "" : "not "}taken by forecast only`);
    }
    const refused = node.steps.find(({ result, step }) => result === "rejected" && step !== "registration");
    const reason = refused?.reason;
    if (!sameReason(world, reason, reality.failed?.reason))
      differences.push(`node ${i}: forecast ${reason}, lived ${reality.failed?.reason}`);
    const registration = node.steps.find(
      ({ step, result }) => step === "registration" && result === "rejected",
    );
    if (registration?.reason !== undefined && !reality.refusals.includes(registration.reason))
      differences.push(`node ${i}: registration ${registration.reason}, lived ${reality.refusals}`);
    return differences;
  });
}

const FILES = [
  { step: "ctl", file: "ctl.tlv" },
  { step: "itl", file: "itl.tlv" },
  { step: "configuration", file: "config.xml" },
] as const;

function sameReason(world: World, said: string | undefined, lived: string | undefined): boolean {
  if (said === lived) return true;
  // The phone's file is not there, so the phone cannot see what would be wrong with it.
  return lived === "file-not-found" && said !== undefined && world.clusters[world.to].device === null;
}

const ORDER: readonly Ending[] = ["registers", "follows", "locked out"];
const worst = (endings: readonly Ending[]) => ORDER[Math.max(...endings.map((one) => ORDER.indexOf(one)))]!;
const hinges = (said: Forecast) => said.hangsOn.map(({ id }) => id).join(", ");
const describe = (switches: AllSwitches) =>
  NAMES.filter((name) => switches[name] !== SWITCHES[name].default).join(" ") || "defaults";
