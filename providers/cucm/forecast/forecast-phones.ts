/** The forecast of a wave's phones from what both clusters answer now and what the plan will import. */
import type { Certificate } from "../../../trust/certificate";
import type { Evidence, EvidenceReader } from "../../../trust/evidence";
import { forecastFleet } from "../../../trust/forecast/fleet";
import type { Ending, NodePrediction, Outcome } from "../../../trust/forecast/forecast";
import type { AssumedTrust, Ends, Phone } from "../../../trust/forecast/situation";
import type { Switches } from "../../../trust/forecast/switches";
import { BY_LOAD, type ModelFacts } from "../../../trust/phone-model";
import type { Cluster, ClusterNode, Operation } from "../cluster/cluster";
import { located, type Side as SideName } from "../phones";
import { agreed, type Run } from "./agreement";
import { ALL_CAN_FOLLOW, type CannotFollow, cannotFollow } from "./cannot-follow";
import { unlessContradicted } from "./contradiction";
import { readFeatureList } from "./feature-list";
import { readFormerCapf } from "./former-capf";
import { type Holding, holdingOf, modelsOf, type Told } from "./holding";
import { missingIssuers } from "./lsc";
import { NOTHING_OBSERVED, type Observed, observe } from "./observe";
import {
  ASSUMED_FETCHED,
  ProvisionedCtl,
  type Sign,
  servingSince,
  showsFetched,
  signOf,
} from "./provisioned";
import { asCluster, readRegistrations, readSide, type Side } from "./read-side";
import type { ServedLists } from "./served-files";
import type { Unread } from "./unread";

export interface Question {
  readonly source: Cluster;
  readonly destination: Cluster;
  readonly phones: readonly string[];
  /** Where the phones are to go; `source` asks whether they can come back. */
  readonly to: SideName;
  /** What option 150 will answer; empty: every TFTP node of the destination. */
  readonly destinationTftp: readonly string[];
  /** What it answers on the source; empty: every TFTP node of the source. */
  readonly sourceTftp: readonly string[];
  readonly assumeTrusted: { readonly [side in SideName]: readonly AssumedTrust[] };
  readonly switches: Partial<Switches>;
  readonly models: ModelFacts;
  /** Whether the source's own phone feature list counts. */
  readonly readsFeatureList: boolean;
  /** Whether phones can have an LSC of a former CAPF certificate; null: nobody has said. */
  readonly formerCapfInUse: boolean | null;
  readonly alternateTftp: readonly string[];
  /** What is read of phones besides RIS. */
  readonly evidence: readonly EvidenceReader[];
}

export interface PhoneForecast {
  readonly name: string;
  readonly outcome: Outcome;
  /** What is expected where the outcome is uncertain; null when nothing is known of the phone. */
  readonly expected: Ending | null;
  readonly evidence: Evidence | null;
  /** One sentence; empty when it registers. */
  readonly reason: string;
  readonly notes: readonly string[];
  /** What was relied on about its model. */
  readonly restsOn: readonly string[];
  /** What each TFTP node leads to; empty when nothing is known of the phone. */
  readonly nodes: readonly NodePrediction[];
  /** The one of them that decides. */
  readonly deciding: NodePrediction | null;
}

export interface Answer {
  /** Sorted by name. */
  readonly forecasts: readonly PhoneForecast[];
  /** Phones that are on the destination already and were asked about going there. */
  readonly moved: readonly string[];
  /** What nobody can read and what is taken for granted, in sentences. */
  readonly assumed: readonly string[];
  /** What was looked at for evidence, in sentences with counts; and what could not be. */
  readonly lookedAt: readonly string[];
  readonly notLookedAt: readonly string[];
  /** Former CAPF certificates that may have issued LSCs of these phones and are not trusted where they are to go. */
  readonly missingIssuers: readonly Certificate[];
  /** On the way there. */
  readonly cannotFollow: CannotFollow;
}

export async function forecastPhones(question: Question, unread: Unread, op: Operation): Promise<Answer> {
  const answer = await forecastOfWhatWasRead(question, unread, op);
  const { files, sentences } = unread;
  // A node whose trust or TVS was not read stops the move by the memberships and the proof, which demand every node;
  // what was not read of LSCs and models is a doubt of the phones that it matters to.
  const doubtsOf = ({ outcome }: PhoneForecast) => (outcome === "registers" ? files : sentences);
  return {
    ...answer,
    forecasts: answer.forecasts.map((one) => unlessContradicted(unsettled(one, doubtsOf(one)))),
  };
}

/** What was not read might say otherwise, of any phone: nothing is certain then, nor a reason to act upon. */
function unsettled(forecast: PhoneForecast, unread: readonly string[]): PhoneForecast {
  if (unread.length === 0 || forecast.outcome === "uncertain") return forecast;
  const others = unread.length === 1 ? "" : ` (and ${unread.length - 1} more)`;
  return {
    ...forecast,
    outcome: "uncertain",
    reason: `not everything could be read: ${unread[0]}${others} By what was read: ${forecast.outcome}`,
  };
}

async function forecastOfWhatWasRead(question: Question, unread: Unread, op: Operation): Promise<Answer> {
  const { phones, to, assumeTrusted } = question;
  const [atSource, atDestination] = await Promise.all([
    readRegistrations(question.source, phones, unread, op),
    readRegistrations(question.destination, phones, unread, op),
  ]);
  const places = [...phones].sort().map((name) => located(name, atSource, atDestination));
  const moved = places.filter(({ side }) => side === "destination").map(({ name }) => name);
  // Whoever is asked about the way back has to be found first; on the way there a phone that moved is no worse off.
  const lost = to === "source" ? places.filter(({ unseenBy }) => unseenBy.length > 0) : [];
  const staying = places
    .filter((place) => place.side !== "destination" && !lost.includes(place))
    .map(({ name }) => name);
  // Every later plan of a wave that has moved comes by here.
  if (to === "destination" && staying.length === 0) return { ...NOTHING, moved };
  const [source, whole, features] = await Promise.all([
    readSide(question.source, phones, atSource, unread, op),
    readSide(question.destination, phones, atDestination, unread, op),
    question.readsFeatureList ? readFeatureList(question.source, unread, op) : undefined,
  ]);
  const destination = whole && servedBy(whole, question.destinationTftp);
  const following =
    to === "source" ? ALL_CAN_FOLLOW : cannotFollow(places, whole && new Set(whole.devices.keys()));
  const unreadSide = source === null ? question.source.name : question.destination.name;
  if (source === null || destination === null) {
    const why = `cluster "${unreadSide}" could not be read`;
    const forecasts = [...phones].sort().map((name) => notKnown(name, why));
    return { ...NOTHING, forecasts, cannotFollow: following };
  }
  const formerCapf = {
    source: await readFormerCapf(source, destination.capf, unread, op),
    destination:
      to === "source" && moved.length > 0 ? await readFormerCapf(destination, source.capf, unread, op) : [],
  };
  const former = [...(formerCapf.source ?? []), ...(formerCapf.destination ?? [])].filter(
    ({ sha256 }, i, all) =>
      all.findIndex((one) => one.sha256 === sha256) === i && sha256 !== source.capf?.sha256,
  );
  const issuers = [source.capf, destination.capf, ...former].filter((one) => one !== null);
  // What phones hold now came from any node; what they come back to is what option 150 names.
  const backAt = to === "source" ? servedBy(source, question.sourceTftp) : source;
  const [ofSource, ofDestination] = await Promise.all([
    asCluster(backAt, destination, issuers, assumeTrusted.source, "from before", unread, op),
    asCluster(destination, source, issuers, assumeTrusted.destination, "none", unread, op),
  ]);
  const there: Ends = { from: ofSource, to: ofDestination };
  const back: Ends = { from: ofDestination, to: ofSource };
  const told = {
    source,
    formerCapf,
    modelOf: modelsOf(question.models, features),
    alternateTftp: new Set(question.alternateTftp),
    formerCapfInUse: question.formerCapfInUse,
    observed: NOTHING_OBSERVED,
  };
  const goal = to === "source" ? source : destination;
  const back150 = to === "source" ? strangers(source, question.sourceTftp) : null;
  const obstacle = strangers(destination, question.destinationTftp) ?? back150;
  const leaving = { names: staying, home: source, goal, ends: there, told, obstacle };
  const returning = {
    names: moved,
    home: destination,
    goal,
    ends: back,
    direction: "there",
    told,
    obstacle: back150,
  } as const;
  const groups: readonly Group[] =
    to === "destination"
      ? [{ ...leaving, direction: "there" }]
      : [{ ...leaving, direction: "back" }, returning];
  const nowhere = lost.map(({ name, unseenBy }) =>
    notKnown(name, `where it is registered could not be read: RIS has no answer from ${unseenBy.join(", ")}`),
  );
  const answers = await Promise.all(groups.map((group) => forecastGroup(group, question, op)));
  const forecasts = [...answers.map((one) => one.forecasts), nowhere]
    .flat()
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const said = (which: "looked" | "gaps") => answers.flatMap(({ observed }) => observed[which]).sort();
  return {
    forecasts,
    moved: to === "destination" ? moved : [],
    assumed: [
      ...assumptions(source, formerCapf.source ?? [], question),
      ...answers.flatMap(({ assumed }) => assumed),
      ...loadsOf(forecasts),
    ].sort(),
    missingIssuers: missingIssuers(
      former,
      answers.flatMap((one) => one.phones),
      to === "source" ? ofSource : ofDestination,
    ),
    lookedAt: said("looked"),
    notLookedAt: said("gaps"),
    cannotFollow: following,
  };
}

/** A cluster of which option 150 names these TFTP nodes, in this order. */
function servedBy(side: Side, addresses: readonly string[]): Side {
  if (addresses.length === 0) return side;
  const named = addresses.flatMap((one) => side.tftp.filter(({ address }) => address === one));
  return { ...side, tftp: named };
}

interface Group {
  readonly names: readonly string[];
  /** Where they are. */
  readonly home: Side;
  /** Where they are to end. */
  readonly goal: Side;
  readonly ends: Ends;
  readonly direction: "there" | "back";
  readonly told: Told;
  /** Why nothing can be said of any of them. */
  readonly obstacle: string | null;
}

interface GroupAnswer {
  readonly forecasts: readonly PhoneForecast[];
  /** Those of which something is known, as they are assumed to be. */
  readonly phones: readonly Phone[];
  readonly observed: Observed;
  /** Beside what holds for every group. */
  readonly assumed: readonly string[];
}

async function forecastGroup(
  group: Group,
  { switches, evidence }: Question,
  op: Operation,
): Promise<GroupAnswer> {
  const { names, home, goal, ends, direction, obstacle } = group;
  if (names.length === 0) return { forecasts: [], phones: [], observed: NOTHING_OBSERVED, assumed: [] };
  const observed = await observe(home, names, evidence, op);
  const told = { ...group.told, observed };
  const tftp = home.nodes.filter((node) => node.tftp);
  const own = await home.files.ofPhones(tftp, names);
  const holdings = new Map<string, Holding>(
    names.map((name) => {
      const why = obstacle ?? incomplete(goal, name);
      return [name, why === null ? holdingOf(name, own.get(name), home, told) : { kind: "not known", why }];
    }),
  );
  const known = names.filter((name) => holdings.get(name)?.kind === "phone");
  const byNode = listsByNode(home, tftp, own).map(({ node, listsOf }) => ({
    node,
    phones: known.flatMap((name) => {
      const holding = holdingOf(name, listsOf(name), home, told);
      return holding.kind === "phone" ? [holding.phone] : [];
    }),
  }));
  const { older, signs, assumed } = await notFetched(
    byNode.flatMap(({ phones }) => phones),
    group,
    op,
  );
  const run = (node: ClusterNode, ctl: Run["ctl"], phones: readonly Phone[]): Run => {
    const forecasts = [...forecastFleet(phones, ends, { switches, direction })];
    return { node, ctl, byName: new Map(forecasts.map((one) => [one.phone, one])) };
  };
  const runs = byNode.flatMap(({ node, phones }) => [
    run(
      node,
      "before",
      phones.flatMap((phone) => older.get(phone) ?? []),
    ),
    run(node, "as served", phones),
  ]);
  const forecasts = names.map((name) => {
    const holding = holdings.get(name)!;
    return holding.kind === "phone" ? agreed(name, runs, home, signs.get(name)) : notKnown(name, holding.why);
  });
  const phones = [...holdings.values()].flatMap((one) => (one.kind === "phone" ? [one.phone] : []));
  return { forecasts, phones, observed, assumed };
}

/** Phones that may hold the CTL from before it listed signers of where they go, each as it would be then. */
async function notFetched(phones: readonly Phone[], { home, ends }: Group, op: Operation) {
  const provisioned = new ProvisionedCtl(ends);
  const concerned = phones.filter((phone) => provisioned.before(phone) !== phone);
  if (concerned.length === 0)
    return { older: new Map<Phone, Phone>(), signs: new Map<string, Sign>(), assumed: [] };
  const since = await servingSince(home, op);
  // A phone shows the lists of one TFTP node.
  const fetched = new Set(concerned.filter(showsFetched).map(({ name }) => name));
  const left = concerned.filter(({ name }) => !fetched.has(name));
  return {
    older: new Map(left.map((phone) => [phone, provisioned.before(phone)])),
    signs: new Map(left.map((phone) => [phone.name, signOf(phone, home, since)])),
    assumed: [ASSUMED_FETCHED(home)],
  };
}

function incomplete({ name, devices }: Side, phone: string): string | null {
  const device = devices.get(phone);
  if (device === undefined || (device.mode !== null && device.callManagers !== null)) return null;
  return `its security profile or CallManager group on "${name}" could not be read`;
}

/** Perhaps a proxy, perhaps nobody: what is served there cannot be looked at. */
function strangers({ name, tftp }: Side, addresses: readonly string[]): string | null {
  const unknown = addresses.filter((one) => !tftp.some(({ address }) => address === one));
  if (unknown.length === 0) return null;
  return `option 150 will name ${unknown.join(", ")}, which is no TFTP node of "${name}": what is served there is not known`;
}

/**
 * Up to 11.5 every TFTP node signs an ITL of its own, and which node served a phone last is not known: besides the
 * lists under each phone's own name, those of the other nodes count.
 */
function listsByNode(
  { tftp }: Side,
  nodes: readonly ClusterNode[],
  own: ReadonlyMap<string, ServedLists>,
): { readonly node: ClusterNode; readonly listsOf: (name: string) => ServedLists | undefined }[] {
  const [first, ...others] = nodes.map((node) => ({
    node,
    served: tftp.find(({ address }) => address === node.address),
  }));
  if (first === undefined) return [];
  const differing = others.filter(
    ({ served }) =>
      served?.reachable === true &&
      (served.itl.kind !== "absent" || served.ctl.kind !== "absent") &&
      !(served.ctl === first.served?.ctl && served.itl === first.served?.itl),
  );
  return [
    { node: first.node, listsOf: (name: string) => own.get(name) },
    ...differing.map(({ node, served }) => ({ node, listsOf: () => served })),
  ];
}

function notKnown(name: string, why: string): PhoneForecast {
  return {
    name,
    outcome: "uncertain",
    expected: null,
    evidence: null,
    reason: why,
    notes: [],
    restsOn: [],
    nodes: [],
    deciding: null,
  };
}

const NOTHING: Answer = {
  forecasts: [],
  moved: [],
  assumed: [],
  missingIssuers: [],
  lookedAt: [],
  notLookedAt: [],
  cannotFollow: ALL_CAN_FOLLOW,
};

/** What models can do with a load that is new enough: nobody looks at loads. */
function loadsOf(forecasts: readonly PhoneForecast[]): string[] {
  const relied = new Set(forecasts.flatMap(({ restsOn }) => restsOn));
  return [...relied].filter((sentence) => sentence.endsWith(`: ${BY_LOAD}`));
}

function assumptions(
  { name, capf }: Side,
  formerCapf: readonly Certificate[],
  { to, sourceTftp, formerCapfInUse, assumeTrusted }: Question,
): string[] {
  const others = formerCapfInUse === false ? [] : formerCapf.map(({ commonName }) => commonName);
  const stored =
    others.length === 0 ? "" : ` or one of the other CAPF certificates in its stores (${others.join(", ")})`;
  return [
    `each phone took the lists that TFTP serves for it now: no interface of CUCM shows what a phone holds`,
    `Alternate TFTP is off, except on the phones that alternate_tftp names: CUCM does not show it`,
    ...(assumeTrusted.source.length + assumeTrusted.destination.length === 0
      ? []
      : [
          `the certificates that the declaration imports are in the stores of every node, and TVS knows them`,
        ]),
    `CallManager and CAPF of every node that answers take phones`,
    `each TFTP node has a configuration for every phone of its database, signed like the one that was looked at`,
    ...(capf === null
      ? []
      : [
          `a phone with a secure profile shows an LSC that ${capf.commonName}, the CAPF of "${name}",${stored} issued, unless the database names another issuer or says that CAPF never enrolled it`,
        ]),
    ...(to === "source" && sourceTftp.length === 0
      ? [`option 150 will name every TFTP node of "${name}" again`]
      : []),
  ];
}
