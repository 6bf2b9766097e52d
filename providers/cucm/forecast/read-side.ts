/** One cluster as a phone meets it that comes or leaves: everything that can be read of it, by the facade. */
import { type Certificate, mapId } from "../../../trust/certificate";
import type {
  AssumedTrust,
  CallManagerNode,
  Cluster as ClusterOfForecast,
  Device,
  TftpNode,
  TvsAnswer,
  TvsNode,
} from "../../../trust/forecast/situation";
import { sameName } from "../../../trust/name";
import type { SignerId } from "../../../trust/trust-list";
import {
  type Cluster,
  ClusterError,
  type ClusterNode,
  type Operation,
  type PhoneCertificateFacts,
  type PhoneDevice,
  type Registrations,
} from "../cluster/cluster";
import { SharedQuestions } from "../cluster/shared-questions";
import { type Samples, ServedFiles } from "./served-files";
import type { Unread } from "./unread";

/** What one cluster answers; TVS is asked later, when the other cluster's signers are known. */
export interface Side {
  readonly name: string;
  readonly facade: Cluster;
  readonly nodes: readonly ClusterNode[];
  readonly files: ServedFiles;
  readonly mixedMode: boolean;
  readonly tftp: readonly TftpNode[];
  readonly devices: ReadonlyMap<string, PhoneDevice>;
  readonly registrations: Registrations;
  /** CAPF of the publisher: who issues LSCs. */
  readonly capf: Certificate | null;
  /** CAPF certificates that the publisher's stores still hold, beside that one; null: not read. */
  readonly formerCapf: readonly Certificate[] | null;
  /** What the database says of phones' certificates; null: not read. */
  readonly certificates: ReadonlyMap<string, PhoneCertificateFacts> | null;
}

export async function readRegistrations(
  facade: Cluster,
  phones: readonly string[],
  unread: Unread,
  op: Operation,
): Promise<Registrations> {
  const registrations = await unread.unless(null, () => facade.registrations(phones, op));
  if (registrations === null) return { phones: new Map(), silent: [`cluster "${facade.name}"`] };
  const { silent } = registrations;
  if (silent.length > 0)
    unread.note(
      new ClusterError(
        facade.name,
        null,
        `RIS has no answer from ${silent.join(", ")}`,
        "Whether phones are registered there is not known.",
        "unreachable",
      ),
    );
  return registrations;
}

/** @returns null when the cluster as a whole could not be read. */
export async function readSide(
  facade: Cluster,
  phones: readonly string[],
  registrations: Registrations,
  unread: Unread,
  op: Operation,
): Promise<Side | null> {
  const nodes = await unread.unless(null, () => facade.nodes(op));
  if (nodes === null) return null;
  const files = new ServedFiles(facade, unread, op);
  const [mode, devices, certificates, issuers] = await Promise.all([
    unread.unless(null, () => facade.securityMode(op)),
    unread.unless(null, () => facade.phoneDevices(phones, op)),
    unread.unless(null, () => facade.phoneCertificates(phones, op)),
    readCapf(facade, nodes, unread, op),
  ]);
  if (mode === null || devices === null) return null;
  const samples = samplesOf(devices);
  const tftp = await Promise.all(nodes.filter((n) => n.tftp).map((node) => files.node(node, samples)));
  return {
    name: facade.name,
    facade,
    nodes,
    files,
    mixedMode: mode === "mixed",
    tftp,
    devices,
    registrations,
    ...issuers,
    certificates,
  };
}

/** Of the phones that were asked about, whoever else asks: the same question has the same answer. */
function samplesOf(devices: ReadonlyMap<string, PhoneDevice>): Samples {
  const sorted = [...devices].sort(([a], [b]) => (a < b ? -1 : 1));
  const first = (encrypted: boolean) =>
    sorted.find(([, { encryptedConfig }]) => encryptedConfig === encrypted)?.[0];
  return { plain: first(false), encrypted: first(true) };
}

/**
 * Only the publisher's CAPF issues LSCs. Its stores also hold those of other nodes, which are present and not former,
 * and others that nobody shows any more: what the publisher had before. While a node is silent they cannot be told
 * apart: see {@link explainedBy}.
 */
async function readCapf(
  facade: Cluster,
  nodes: readonly ClusterNode[],
  unread: Unread,
  op: Operation,
): Promise<Pick<Side, "capf" | "formerCapf">> {
  const publisher = nodes.find(({ role }) => role === "publisher");
  if (publisher === undefined) return { capf: null, formerCapf: [] };
  const own = (node: ClusterNode) =>
    unread.unless("unread" as const, () => facade.identityCertificate(node, "CAPF", op));
  const [read, stored] = await Promise.all([
    own(publisher),
    unread.unless(null, () => facade.capfCertificates(publisher, op)),
  ]);
  const capf = read === "unread" ? null : read;
  if (stored === null) return { capf, formerCapf: null };
  if (stored.every((one) => one.sha256 === capf?.sha256)) return { capf, formerCapf: [] };
  const subscribers = nodes.filter((node) => node !== publisher);
  const present = await Promise.all(subscribers.map(own));
  const shown = new Set([capf?.sha256, ...present.map((one) => (one === "unread" ? null : one?.sha256))]);
  const unseen = stored.filter((one) => !shown.has(one.sha256));
  return { capf, formerCapf: unseen.length <= explainedBy(present) ? [] : unseen };
}

/**
 * How many CAPF certificates that nobody shows are those of silent subscribers: each has one where every subscriber
 * that answers has (before 14). More than that, and any of them may be a former one of the publisher.
 */
function explainedBy(subscribers: readonly (Certificate | null | "unread")[]): number {
  const answers = subscribers.filter((one) => one !== "unread");
  const eachHasOne = answers.length > 0 && !answers.includes(null);
  return eachHasOne ? subscribers.length - answers.length : 0;
}

/** The signers that files name, once each. */
function signersOf(side: Side): SignerId[] {
  const found = new Map<string, SignerId>();
  for (const { ctl, itl, configuration } of side.tftp)
    for (const served of [ctl, itl, configuration.signed, configuration.encrypted])
      if (served.kind === "file")
        found.set(mapId(served.file.signer.serial, served.file.signer.issuer), served.file.signer);
  return [...found.values()];
}

/**
 * A signer's certificate as its own cluster's lists carry it. It only words the question to TVS; what counts is the
 * certificate in TVS's answer.
 */
function certificateOf(signer: SignerId, side: Side): Certificate | undefined {
  for (const { ctl, itl } of side.tftp)
    for (const served of [ctl, itl]) {
      if (served.kind !== "file") continue;
      const record = served.file.records.find(
        ({ serial, issuer, certificate }) =>
          certificate !== undefined && serial === signer.serial && sameName(issuer, signer.issuer),
      );
      if (record?.certificate !== undefined) return record.certificate;
    }
  return undefined;
}

/**
 * @param issuers of certificates that phones show to this cluster
 * @param publicKey whether its database has the keys of these phones
 */
export async function asCluster(
  side: Side,
  other: Side,
  issuers: readonly Certificate[],
  assumeTrusted: readonly AssumedTrust[],
  publicKey: Device["publicKey"],
  unread: Unread,
  op: Operation,
): Promise<ClusterOfForecast> {
  const { facade, nodes } = side;
  const identity = (node: ClusterNode, unit: "TVS" | "CallManager") =>
    unread.unless(null, () => facade.identityCertificate(node, unit, op));
  const inStore = async (node: ClusterNode, store: "CallManager-trust" | "CAPF-trust") =>
    (await unread.unless([], () => facade.trustEntries(node, store, issuers, op))).map(
      ({ certificate }) => certificate,
    );
  const callManagers = nodes
    .filter((n) => n.callManager)
    .map(async (node): Promise<CallManagerNode[]> => {
      const certificate = await identity(node, "CallManager");
      if (certificate === null) return [];
      const [callManagerTrust, capfTrust] = await Promise.all([
        inStore(node, "CallManager-trust"),
        inStore(node, "CAPF-trust"),
      ]);
      // Whether phones reach it is not seen from here; a node that answers is taken to be up.
      return [{ address: node.address, reachable: true, certificate, callManagerTrust, capfTrust }];
    });
  const tvs = nodes
    .filter((n) => n.tvs)
    .map(async (node): Promise<TvsNode[]> => {
      const certificate = await identity(node, "TVS");
      if (certificate === null) return [];
      const answers = await askTvs(side, node, other, unread, op);
      return [
        { address: node.address, reachable: answers !== null, certificate, answers: answers ?? new Map() },
      ];
    });
  const publisher = nodes.find(({ role }) => role === "publisher");
  return {
    mixedMode: side.mixedMode,
    tftp: side.tftp,
    tvs: (await Promise.all(tvs)).flat(),
    callManagers: (await Promise.all(callManagers)).flat(),
    capf:
      side.capf === null || publisher === undefined
        ? null
        : { reachable: true, certificate: side.capf, trust: await inStore(publisher, "CAPF-trust") },
    devices: new Map(
      [...side.devices].flatMap(([name, device]) =>
        asDevice(name, device, publicKey, side.certificates?.get(name)?.nothingWaits ?? false),
      ),
    ),
    assumeTrusted,
  };
}

/** A device whose profile or group could not be found is left out here and told about by whoever forecasts it. */
function asDevice(
  name: string,
  { mode, encryptedConfig, callManagers }: PhoneDevice,
  publicKey: Device["publicKey"],
  nothingWaits: boolean,
): [string, Device][] {
  if (mode === null || callManagers === null) return [];
  const enrolment = nothingWaits ? null : "unknown";
  return [[name, { mode, encryptedConfig, publicKey, callManagers, enrolment }]];
}

/** What one TVS says of the other cluster's signers, by {@link mapId}; null when it does not answer. */
async function askTvs(
  { facade }: Side,
  node: ClusterNode,
  other: Side,
  unread: Unread,
  op: Operation,
): Promise<ReadonlyMap<string, TvsAnswer> | null> {
  const answers = new Map<string, TvsAnswer>();
  const questions = SharedQuestions.of(facade);
  for (const signer of signersOf(other)) {
    const certificate = certificateOf(signer, other);
    // A question worded otherwise than phones word it proves nothing: TVS compares issuers as text.
    if (certificate === undefined || certificate.issuer !== signer.issuer) continue;
    const answer = await unread.unless(null, () => questions.askTvs(node, certificate, op));
    if (answer === null) return null;
    answers.set(
      mapId(signer.serial, signer.issuer),
      answer.kind === "unknown"
        ? { kind: "miss" }
        : { kind: "vouches", roles: answer.roles, certificate: answer.certificate },
    );
  }
  return answers;
}
