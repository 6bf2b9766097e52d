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
import { Role } from "../../../trust/roles";
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
  /** What the database says of phones' certificates; null: not read. */
  readonly certificates: ReadonlyMap<string, PhoneCertificateFacts> | null;
}

export async function readRegistrations(
  facade: Cluster,
  phones: readonly string[],
  unread: Unread,
  op: Operation,
): Promise<Registrations> {
  const registrations = await unread.unless(null, () => SharedQuestions.of(facade).registrations(phones, op));
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
  const [mode, devices, certificates, capf] = await Promise.all([
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
    capf,
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

async function readCapf(
  facade: Cluster,
  nodes: readonly ClusterNode[],
  unread: Unread,
  op: Operation,
): Promise<Certificate | null> {
  const publisher = nodes.find(({ role }) => role === "publisher");
  if (publisher === undefined) return null;
  return unread.unless(null, () => facade.identityCertificate(publisher, "CAPF", op));
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

/** The CAPF, where phones have to ask TVS about it, since some list of its own cluster does not name it. */
function unlistedCapf({ capf, tftp }: Side): readonly Certificate[] {
  const isNamed = tftp.every(({ ctl, itl }) =>
    [ctl, itl].some(
      (served) =>
        served.kind === "file" &&
        served.file.records.some(
          ({ role, certificate }) => role === Role.CAPF && certificate?.sha256 === capf?.sha256,
        ),
    ),
  );
  return capf === null || isNamed ? [] : [capf];
}

/** What one TVS says of the other cluster's signers, and of its own CAPF, by {@link mapId}; null when it does not answer. */
async function askTvs(
  side: Side,
  node: ClusterNode,
  other: Side,
  unread: Unread,
  op: Operation,
): Promise<ReadonlyMap<string, TvsAnswer> | null> {
  const answers = new Map<string, TvsAnswer>();
  const questions = SharedQuestions.of(side.facade);
  const signers = signersOf(other).flatMap((signer) => {
    const certificate = certificateOf(signer, other);
    // A question worded otherwise than phones word it proves nothing: TVS compares issuers as text.
    return certificate === undefined || certificate.issuer !== signer.issuer ? [] : [certificate];
  });
  for (const certificate of [...signers, ...unlistedCapf(side)]) {
    const answer = await unread.unless(null, () => questions.askTvs(node, certificate, op));
    if (answer === null) return null;
    answers.set(
      certificate.mapId,
      answer.kind === "unknown"
        ? { kind: "miss" }
        : { kind: "vouches", roles: answer.roles, certificate: answer.certificate },
    );
  }
  return answers;
}
