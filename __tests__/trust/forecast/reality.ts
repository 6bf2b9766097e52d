/**
 * What the lab's phone does in a situation: its own boot and decisions, with the network played by tables. The
 * CallManager's side (whom it takes) is written here: the lab has it only inside a TLS server.
 */
import type { CapfMode } from "../../../lab/capf";
import { type After, type Before, type BootIo, boot } from "../../../lab/phone/boot";
import type { CapfReply, IsTrusted } from "../../../lab/phone/capf";
import { type PhoneConfig, parsePhoneConfig } from "../../../lab/phone/config-file";
import { isTrustedCallManager, type Lists, type Switches as PhoneSwitches } from "../../../lab/phone/decide";
import type { Fetched } from "../../../lab/phone/tftp-client";
import type { TvsQuestion, TvsReply } from "../../../lab/phone/tvs-client";
import { type Certificate, mapId } from "../../../trust/certificate";
import { parseTrustList } from "../../../trust/trust-list";
import {
  ADDRESSES,
  certificate,
  configuration,
  configXml,
  DEVICE,
  list,
  once,
  other,
  phoneCertificate,
  type Side,
  type Signing,
} from "./paper";
import {
  type ClusterSpec,
  type DeviceSpec,
  type FileSpec,
  knownToTvs,
  type Shown,
  type World,
} from "./world";

/** The phone's switches, and the one that is CallManager's. */
export type AllSwitches = PhoneSwitches & { readonly lscIssuerStore: "CallManager-trust" | "either store" };

export type Ending = "registers" | "follows" | "locked out";
export interface Reality {
  readonly ending: Ending;
  /** Files that the phone took over, in order. */
  readonly kept: readonly string[];
  /** First step before CAPF that failed, in the lab's words; then those of CAPF and of the CallManagers that were tried. */
  readonly failed: { readonly step: string; readonly reason: string } | null;
  readonly refusals: readonly string[];
  /** The last configuration that it asked for; it may have taken another one before. */
  readonly refusesConfig: boolean;
  readonly state: State;
}

/** What a phone has in its memory. */
export interface State {
  readonly lists: Lists;
  readonly config: PhoneConfig | null;
  readonly shows: Shown | null;
  /** Of the certificate that it shows; `new` is that of an LSC that was issued on the way. */
  readonly key: "its own" | "new";
}

/** A specification never changes once it is made: its bytes are looked up by it, and for configurations by what is in them. */
const built = new WeakMap<Signing, Map<string, Buffer>>();

export function bytesOf(
  which: "ctl" | "itl" | "config",
  spec: FileSpec | Signing | null,
  payload = "",
): Buffer | null {
  if (spec === null) return null;
  const known = built.get(spec) ?? new Map<string, Buffer>();
  built.set(spec, known);
  const key = which + payload;
  const bytes = known.get(key) ?? build(which, spec, payload);
  known.set(key, bytes);
  return bytes;
}

function build(which: "ctl" | "itl" | "config", spec: FileSpec | Signing, payload: string): Buffer {
  const { side, signer, digest, damage } = spec;
  const signing = { side, signer, digest, damage };
  if (which === "config") return configuration(payload, signing);
  return list(which === "ctl" ? "CTL" : "ITL", (spec as FileSpec).records, signing);
}

/** @param full the one for a phone that can read it; otherwise what everybody may read */
export function configOf(
  side: Side,
  { device, mixed }: Pick<Serving, "device" | "mixed">,
  full = false,
): string {
  const { mode, group, encrypted, enrolment } = device ?? UNKNOWN_DEVICE;
  const tvs = group.map((i) => ADDRESSES[side][i]!);
  return configXml({
    side,
    mode: mixed ? mode : 1,
    group,
    tvs,
    encrypted,
    full: full || !encrypted,
    enrolment,
  });
}
/** As it would be if it were known. */
const UNKNOWN_DEVICE: DeviceSpec = { mode: 3, group: [0, 1], encrypted: false, enrolment: null, key: null };

export function atHome(world: World): State {
  const { phone } = world;
  const read = (which: "ctl" | "itl") => {
    const bytes = bytesOf(which, phone[which]);
    return bytes === null ? null : parseTrustList(bytes);
  };
  const { mode, group, groupOf, tvs, asksForEncrypted, shows } = phone;
  const config = { side: groupOf, mode, group, tvs, encrypted: asksForEncrypted, full: true };
  return {
    lists: { ctl: read("ctl"), itl: read("itl") },
    config: parsePhoneConfig(configXml({ ...config, enrolment: null })),
    shows,
    key: "its own",
  };
}

/** One move by one TFTP node of `to`, or by none when it does not answer. */
export async function move(
  world: World,
  state: State,
  to: Side,
  node: number | null,
  switches: AllSwitches,
): Promise<Reality> {
  const tried = await bootOnce(world, state, to, node, switches, world.clusters[to].device !== null);
  const ending = await endingOf(world, tried, to, switches, async () => {
    const known = await bootOnce(world, state, to, node, switches, true);
    return known.kept.includes("config.xml");
  });
  const { lists, config } = tried.after;
  const { shows, key } = tried;
  return {
    ...ending,
    kept: tried.kept,
    failed: tried.after.failures.find(({ step }) => step !== "capf") ?? null,
    refusesConfig: tried.after.failures.some(({ step }) => step === "config"),
    state: { lists, config, shows, key },
  };
}

interface Tried {
  readonly after: After;
  readonly kept: readonly string[];
  readonly shows: Shown | null;
  readonly key: State["key"];
}

async function bootOnce(
  world: World,
  state: State,
  to: Side,
  node: number | null,
  switches: AllSwitches,
  isKnown: boolean,
): Promise<Tried> {
  const { phone } = world;
  const kept: string[] = [];
  // A phone with alternate TFTP goes to what was typed in: its own cluster, which serves it as ever.
  const serving = phone.alternateTftp ? other(to) : to;
  const address = ADDRESSES[serving][phone.alternateTftp ? 0 : (node ?? 0)]!;
  let { shows, key } = state;
  // The cluster that serves, with what its CAPF changes.
  let cluster: Serving = world.clusters[serving];
  const before: Before = {
    name: DEVICE,
    model: "CP-8861",
    lists: state.lists,
    config: state.config,
    remembered: { address: null, tftp: phone.alternateTftp ? [address] : [], tftpInUse: null },
    switches,
    caps: {
      sbd: phone.securityByDefault,
      digests: phone.digests,
      maxKeyBits: phone.largeKeys ? 4096 : 2048,
    },
    alternateTftp: null,
    dhcp: !phone.alternateTftp,
  };
  const io: BootIo = {
    console: { line: () => {} },
    lease: async () => ({ address: "10.1.20.7", server: "10.1.20.1", tftp: [address], tftpName: null }),
    fetch: async (asked, name) =>
      node === null && !phone.alternateTftp
        ? { kind: "unreachable", why: "down" }
        : fetchFrom(cluster, serving, asked, name, isKnown || serving !== to),
    askTvs: async (server, question, isTrusted) => answer(world, server.address, question, isTrusted),
    askCapf: async ({ server, mode }, isTrusted) => {
      const reply = await capf(cluster, mode, shows, server.address === ADDRESSES[serving][0], isTrusted);
      if (reply.kind === "issued") {
        const isRenewed = cluster.capf.shown === certificate(serving, "oldCapf");
        [shows, key] = [{ side: serving, issuer: isRenewed ? "oldCapf" : "capf" }, "new"];
        cluster = { ...cluster, device: { ...cluster.device!, key: "new", enrolment: null } };
      }
      return reply;
    },
    pause: async () => {},
    decrypt: (payload) => {
      const text = payload.toString();
      const end = text.indexOf("|");
      return shows !== null && text.slice(0, end) === key ? Buffer.from(text.slice(end + 1)) : null;
    },
    keep: (name) => kept.push(name),
    erase: (name) => kept.push(`erase ${name}`),
  };
  const after = await boot(before, io);
  return { after, kept, shows, key };
}

/** The phone's database row while it is there: an LSC may be issued. */
type Serving = Omit<ClusterSpec, "device"> & {
  readonly device: (Omit<DeviceSpec, "key"> & { readonly key: DeviceSpec["key"] | "new" }) | null;
};

function fetchFrom(cluster: Serving, side: Side, address: string, name: string, isKnown: boolean): Fetched {
  const node = cluster.nodes[ADDRESSES[side].indexOf(address) as 0 | 1];
  const payload = configOf(side, cluster);
  const { encrypted, key } = cluster.device ?? UNKNOWN_DEVICE;
  const forKey = encrypted && key !== null ? `${key}|${configOf(side, cluster, true)}` : null;
  const files: { readonly [name: string]: Buffer | null } = {
    [`CTL${DEVICE}.tlv`]: bytesOf("ctl", node.ctl),
    [`ITL${DEVICE}.tlv`]: bytesOf("itl", node.itl),
    [`${DEVICE}.cnf.xml.enc.sgn`]: isKnown && forKey !== null ? bytesOf("config", node.config, forKey) : null,
    [`${DEVICE}.cnf.xml.sgn`]: isKnown ? bytesOf("config", node.config, payload) : null,
    [`${DEVICE}.cnf.xml`]: isKnown && node.plain ? Buffer.from(payload) : null,
  };
  const bytes = files[name] ?? null;
  return bytes === null ? { kind: "not-found" } : { kind: "file", bytes };
}

function answer(
  world: World,
  address: string,
  { issuer, serial }: TvsQuestion,
  isTrusted: (shown: Certificate) => boolean,
): TvsReply {
  const side = ADDRESSES.source.includes(address) ? "source" : "destination";
  const cluster = world.clusters[side];
  const tvs = cluster.tvs[ADDRESSES[side].indexOf(address) as 0 | 1];
  if (!tvs.reachable) return { kind: "unreachable", why: "down" };
  if (!isTrusted(tvs.shown)) return { kind: "not-in-itl", shown: tvs.shown };
  const known = knownToTvs().get(mapId(serial, issuer));
  if (known === undefined) return { kind: "miss" };
  const signer = known.certificate;
  const said = tvs.answers.get(signer.sha256) ?? "miss";
  const imported = cluster.assumed.some(
    (one) => one.certificate.sha256 === signer.sha256 && one.stores.includes("Phone-SAST-trust"),
  );
  const now = said === "unasked" ? (world.truth.has(signer.serial) ? known : "miss") : said;
  if (now === "miss") return imported ? vouch([0, 3], signer) : { kind: "miss" };
  return vouch(imported ? [...now.roles, 0, 3] : now.roles, now.certificate);
}

/** The server's side of an enrolment. */
async function capf(
  { capf: server, device, assumed }: Serving,
  mode: CapfMode,
  shows: Shown | null,
  isThere: boolean,
  isTrusted: IsTrusted,
): Promise<CapfReply> {
  if (!server.reachable || !isThere) return { kind: "unreachable", why: "down" };
  if (!(await isTrusted(server.shown))) return { kind: "not-in-lists" };
  if (device === null || device.enrolment !== mode) return { kind: "refused", why: "nothing is ordered" };
  if (mode === "null string") return { kind: "issued" };
  if (shows === null) return { kind: "refused", why: "no certificate" };
  const own = phoneCertificate(shows.side, shows.issuer);
  const planned = assumed.filter((one) => one.stores.includes("CAPF-trust"));
  const trusted = [...server.trust, ...planned.map((one) => one.certificate)];
  return trusted.some((one) => issued(own, one)) ? { kind: "issued" } : { kind: "refused", why: "unknown" };
}

function vouch(roles: readonly number[], of: Certificate): TvsReply {
  return { kind: "vouch", roles, certificate: of, timeToLive: 86_400 };
}

async function endingOf(
  world: World,
  { after, kept, shows }: Tried,
  to: Side,
  switches: AllSwitches,
  wouldBeConfigured: () => Promise<boolean>,
): Promise<Pick<Reality, "ending" | "refusals">> {
  const cluster = world.clusters[to];
  const configured = kept.includes("config.xml") && !world.phone.alternateTftp;
  const refusals: string[] = [];
  for (const { step, reason } of after.failures) {
    if (step !== "capf") continue;
    refusals.push(reason);
    // What it is that CAPF refuses.
    if (reason === "capf-refuses" && shows === null) refusals.push("no-phone-certificate");
  }
  for (const server of after.callManagers) {
    const i = ADDRESSES[to].indexOf(server.address);
    if (i < 0) continue;
    const refused = refusal(cluster, i, after, shows, switches);
    if (refused === null) return { ending: "registers", refusals };
    refusals.push(refused);
  }
  if (configured) return { ending: "follows", refusals };
  // Nothing but a row in the database is missing.
  const follows = cluster.device === null && !world.phone.alternateTftp && (await wouldBeConfigured());
  return { ending: follows ? "follows" : "locked out", refusals };
}

function refusal(
  cluster: ClusterSpec,
  i: number,
  after: After,
  shows: Shown | null,
  switches: AllSwitches,
): string | null {
  const node = cluster.callManagers[i]!;
  const mode = after.config?.securityMode ?? 1;
  if (!node.reachable) return "callmanager-unreachable";
  if (mode !== 1) {
    if (!isTrustedCallManager(node.shown, after.lists, switches)) return "callmanager-not-in-lists";
    if (shows === null) return "no-phone-certificate";
    const own = phoneCertificate(shows.side, shows.issuer);
    const planned = (store: "CallManager-trust" | "CAPF-trust") =>
      cluster.assumed.filter((one) => one.stores.includes(store)).map((one) => one.certificate);
    const stores = [...node.callManagerTrust, ...planned("CallManager-trust")];
    if (switches.lscIssuerStore === "either store") stores.push(...node.capfTrust, ...planned("CAPF-trust"));
    if (!stores.some((one) => issued(own, one))) return "issuer-not-trusted";
  }
  if (cluster.device === null) return "unknown-at-destination";
  return mode === (cluster.mixed ? cluster.device.mode : 1) ? null : "registration-refused";
}

function issued(own: Certificate, issuer: Certificate): boolean {
  return once(`issued ${own.sha256} ${issuer.sha256}`, () => own.isSignedBy(issuer));
}
