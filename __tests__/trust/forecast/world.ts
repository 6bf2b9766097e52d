/**
 * A situation: one phone and two clusters, as bytes and facts that both the lab's phone and the forecast are given.
 * It begins healthy; a few random faults, each named, are put in.
 */
import type { CapfMode } from "../../../lab/capf";
import type { Certificate } from "../../../trust/certificate";
import type { AssumedTrust } from "../../../trust/forecast/situation";
import { Role } from "../../../trust/roles";
import { CAPF_FAULTS } from "./capf-faults";
import { FAULTS, type Fault } from "./faults";
import {
  ADDRESSES,
  certificate,
  type Digest,
  once,
  other,
  RECORDS,
  type Records,
  type Side,
  type Signer,
  type Signing,
} from "./paper";
import type { Random } from "./random";

export interface FileSpec extends Signing {
  /** Of a list. */
  records: Records;
}

export interface NodeSpec {
  reachable: boolean;
  ctl: FileSpec | null;
  itl: FileSpec | null;
  config: Signing | null;
  plain: boolean;
}

export type Answer =
  | { readonly roles: readonly number[]; readonly certificate: Certificate }
  | "miss"
  /** Nobody asked; the truth is in {@link World.truth}. */
  | "unasked";

export interface TvsSpec {
  reachable: boolean;
  shown: Certificate;
  /** By SHA-256 of the true signer; absent: a miss. */
  answers: Map<string, Answer>;
}

export interface DeviceSpec {
  readonly mode: 1 | 2 | 3;
  readonly group: readonly number[];
  /** Its configuration is encrypted. */
  readonly encrypted: boolean;
  readonly enrolment: CapfMode | null;
  /** The phone's public key that the database knows: that of the certificate that it shows at first, or another. */
  readonly key: "its own" | "another" | null;
}

export interface ClusterSpec {
  mixed: boolean;
  nodes: [NodeSpec, NodeSpec];
  tvs: [TvsSpec, TvsSpec];
  callManagers: {
    reachable: boolean;
    shown: Certificate;
    callManagerTrust: Certificate[];
    capfTrust: Certificate[];
  }[];
  capf: { reachable: boolean; shown: Certificate; trust: Certificate[] };
  device: DeviceSpec | null;
  assumed: AssumedTrust[];
}

export interface Shown {
  readonly side: Side;
  readonly issuer: "capf" | "oldCapf" | "maker";
}

export interface World {
  readonly from: Side;
  readonly to: Side;
  phone: {
    ctl: FileSpec | null;
    itl: FileSpec | null;
    tvs: string[];
    group: number[];
    /** Whose CallManagers its configuration names. */
    groupOf: Side;
    mode: 1 | 2 | 3;
    alternateTftp: boolean;
    asksForEncrypted: boolean;
    /** The certificate that it shows, by who issued it; `null`: none. */
    shows: Shown | null;
    /** The issuer's certificate is known to the forecaster. */
    issuerKnown: boolean;
    securityByDefault: boolean;
    digests: Digest[];
    largeKeys: boolean;
  };
  readonly clusters: { readonly [side in Side]: ClusterSpec };
  /** Serial numbers of those whom TVS really knows, of the signers about which nobody asked it. */
  truth: ReadonlySet<string>;
  /** Nobody could read whether a cluster has a CAPF operation for the phone. */
  enrolmentUnread: boolean;
  readonly faults: string[];
}

const ASKED_ABOUT = ["cm0", "cm1", "recovery", "rogue", "large", "capf", "oldCapf"] as const;

/** Whom phones may ask TVS about, by {@link mapId}, and what is true of those about whom nobody asked: as after an import, or its own. */
export const knownToTvs = (): ReadonlyMap<string, Exclude<Answer, string>> =>
  once("known to TVS", () => {
    const entries = (["source", "destination"] as const).flatMap((side) =>
      ASKED_ABOUT.map((person): [string, Exclude<Answer, string>] => {
        const roles = person === "capf" || person === "oldCapf" ? [Role.CAPF] : [Role.SAST, Role.TFTP];
        const one = certificate(side, person);
        return [one.mapId, { certificate: one, roles }];
      }),
    );
    return new Map(entries);
  });

/** All, or none. */
export const TRUTHS = (): readonly [ReadonlySet<string>, ReadonlySet<string>] =>
  once("truths", () => [
    new Set([...knownToTvs().values()].map(({ certificate }) => certificate.serial)),
    new Set<string>(),
  ]);

/** How a cluster signs: by release. */
type Era = "recovery" | "callManager";

const DRAWN = [...FAULTS, ...CAPF_FAULTS].flatMap((fault) => Array<Fault>(fault.weight ?? 1).fill(fault));

export function drawWorld(random: Random): World {
  const from: Side = random.pick(["source", "destination"]);
  const world = healthyWorld({
    from,
    eras: { source: random.pick(ERAS), destination: random.pick(ERAS) },
    digest: random.chance(0.3) ? "sha512" : "sha1",
    mode: random.pick([1, 2, 3, 3] as const),
    home: random.pick([0, 1] as const),
  });
  const { phone, clusters, to } = world;
  phone.asksForEncrypted = random.chance(0.2);
  phone.issuerKnown = random.chance(0.5);
  world.truth = random.pick(TRUTHS());
  world.enrolmentUnread = random.chance(0.3);
  if (random.chance(0.2)) changeDevice(world, "destination", { mode: random.pick([1, 3]) });
  if (random.chance(0.2)) changeDevice(world, from, { encrypted: true });
  if (random.chance(0.15)) changeDevice(world, to, { encrypted: true, enrolment: "null string" });
  else if (random.chance(0.1)) changeDevice(world, to, { enrolment: random.pick(MODES) });
  for (const side of ["source", "destination"] as const) exchangeTrust(clusters, side, random);
  if (random.chance(0.4)) clusters[to].nodes[1] = clusters[to].nodes[0];
  const faults = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
  for (let i = 0; i < faults; i++) {
    const fault = random.pick(DRAWN);
    fault.apply(world, random);
    world.faults.push(fault.name);
  }
  // Without TFTP it would stay with these CallManagers, and there was no move to forecast.
  if (clusters[to].nodes.every(({ reachable }) => !reachable)) phone.groupOf = from;
  agreeOnKeys(world);
  return world;
}

const MODES: readonly CapfMode[] = ["null string", "authentication string", "existing certificate"];

export function changeDevice(world: World, side: Side, change: Partial<DeviceSpec>): void {
  const cluster = world.clusters[side];
  if (cluster.device !== null) cluster.device = { ...cluster.device, ...change };
}

/**
 * What databases can know of the phone's key: CAPFs know those of the LSCs that they issued; of a key from before it
 * can only be told that it is not the present one where the other cluster's CAPF, as it is now, issued the LSC since.
 */
function agreeOnKeys(world: World): void {
  const { shows } = world.phone;
  for (const side of ["source", "destination"] as const) {
    const key = world.clusters[side].device?.key ?? null;
    const isLsc = shows !== null && shows.issuer !== "maker";
    if (key === null || (key === "its own" && isLsc && shows.side === side)) continue;
    const isNewer =
      shows !== null &&
      shows.side !== side &&
      certificate(shows.side, shows.issuer) === world.clusters[shows.side].capf.shown;
    changeDevice(world, side, { key: isNewer ? "another" : null });
  }
}

export interface Healthy {
  readonly from?: Side;
  readonly eras?: { readonly [side in Side]: Era };
  readonly digest?: Digest;
  readonly mode?: 1 | 2 | 3;
  /** TFTP node that the phone's lists come from. */
  readonly home?: 0 | 1;
}

/** Two clusters in order, and a phone on one of them; neither trusts the other yet. */
export function healthyWorld({
  from = "source",
  eras = { source: "callManager", destination: "recovery" },
  digest = "sha1",
  mode = 3,
  home = 0,
}: Healthy = {}): World {
  const clusters = {
    source: cluster("source", eras.source, digest),
    destination: cluster("destination", eras.destination, digest),
  };
  for (const side of ["source", "destination"] as const)
    clusters[side].device = {
      mode,
      group: [0, 1],
      encrypted: false,
      enrolment: null,
      key: side === from ? "its own" : null,
    };
  const { ctl, itl } = clusters[from].nodes[home];
  return {
    from,
    to: other(from),
    phone: {
      ctl,
      itl,
      tvs: [...ADDRESSES[from]],
      group: [0, 1],
      groupOf: from,
      mode,
      alternateTftp: false,
      asksForEncrypted: false,
      shows: { side: from, issuer: "capf" },
      issuerKnown: true,
      securityByDefault: true,
      digests: ["sha1", "sha512"],
      largeKeys: false,
    },
    clusters,
    truth: TRUTHS()[0],
    enrolmentUnread: false,
    faults: [],
  };
}

/** Both clusters' TVS vouch for the other's signers, both trust the other's LSCs: an import that was done. */
export function trustingWorld(options: Healthy = {}): World {
  const world = healthyWorld(options);
  for (const side of ["source", "destination"] as const) {
    const theirs = other(side);
    for (const tvs of world.clusters[side].tvs)
      for (const person of SIGNERS) {
        const one = certificate(theirs, person);
        tvs.answers.set(one.sha256, { roles: [Role.SAST, Role.TFTP], certificate: one });
      }
    for (const node of world.clusters[side].callManagers)
      node.callManagerTrust.push(certificate(theirs, "capf"));
  }
  return world;
}

const SIGNERS = ["cm0", "cm1", "recovery"] as const;

const ERAS: readonly Era[] = ["recovery", "callManager"];

function cluster(side: Side, era: Era, digest: Digest): ClusterSpec {
  const signing = (signer: Signer): Signing => ({ side, signer, digest, damage: "none" });
  const node = (i: 0 | 1): NodeSpec => ({
    reachable: true,
    ctl: { ...signing(era === "recovery" ? "recovery" : "cm0"), records: RECORDS.ctl(side) },
    itl: { ...signing(era === "recovery" ? "recovery" : `cm${i}`), records: RECORDS.itl(side, i) },
    config: signing(`cm${i}`),
    plain: true,
  });
  const capf = certificate(side, "capf");
  const tvs = (i: 0 | 1): TvsSpec => ({
    reachable: true,
    shown: certificate(side, `tvs${i}`),
    answers: new Map([[capf.sha256, { roles: [Role.CAPF], certificate: capf }]]),
  });
  return {
    mixed: true,
    nodes: [node(0), node(1)],
    tvs: [tvs(0), tvs(1)],
    callManagers: ([0, 1] as const).map((i) => ({
      reachable: true,
      shown: certificate(side, `cm${i}`),
      callManagerTrust: [certificate(side, "capf")],
      capfTrust: [],
    })),
    capf: { reachable: true, shown: certificate(side, "capf"), trust: [certificate(side, "capf")] },
    device: null,
    assumed: [],
  };
}

/** The other side's signers into Phone-SAST-trust, its CAPF into the two stores: done already, or planned. */
function exchangeTrust(clusters: World["clusters"], side: Side, random: Random): void {
  const mine = clusters[side];
  const theirs = other(side);
  const signers = SIGNERS.map((one) => certificate(theirs, one));
  if (random.chance(0.4)) {
    mine.assumed = signers.map((one) => ({ certificate: one, stores: ["Phone-SAST-trust"] }));
    for (const tvs of mine.tvs)
      for (const one of signers) tvs.answers.set(one.sha256, random.pick(["miss", "unasked"]));
  } else {
    const roles = random.pick([
      [Role.SAST, Role.TFTP],
      [Role.SAST, Role.CCM_TFTP],
      [Role.SAST, Role.TFTP],
    ]);
    for (const tvs of mine.tvs)
      for (const one of signers) tvs.answers.set(one.sha256, { roles, certificate: one });
  }
  const capf = certificate(theirs, "capf");
  if (random.chance(0.5))
    mine.assumed.push({ certificate: capf, stores: ["CAPF-trust", "CallManager-trust"] });
  else {
    for (const node of mine.callManagers) node.callManagerTrust.push(capf);
    mine.capf.trust.push(capf);
  }
}
