/** The situation in the forecast's own words. */

import type {
  CallManagerNode,
  Cluster,
  Device,
  Ends,
  Phone,
  SecurityMode,
  TvsAnswer,
} from "../../../trust/forecast/situation";
import { servedConfiguration, servedTrustList } from "../../../trust/forecast/situation";
import type { Capabilities } from "../../../trust/phone-model";
import { ADDRESSES, certificate, DEVICE, type Side } from "./paper";
import { bytesOf, configOf } from "./reality";
import { type ClusterSpec, knownToTvs, type TvsSpec, type World } from "./world";

const MODES: readonly SecurityMode[] = ["non-secure", "non-secure", "authenticated", "encrypted"];

export function asPhone(world: World): Phone {
  const { phone } = world;
  const cell = (value: boolean) => ({ value, confidence: "the user says so" }) as const;
  const capabilities: Capabilities = {
    securityByDefault: cell(phone.securityByDefault),
    sha256: cell(false),
    sha512: cell(phone.digests.includes("sha512")),
    largeRsaKeys: cell(phone.largeKeys),
  };
  const held = (which: "ctl" | "itl") => {
    const served = servedTrustList(bytesOf(which, phone[which]));
    return served.kind === "file" ? served.file : null;
  };
  const shows = phone.shows && {
    issuer: certificate(phone.shows.side, phone.shows.issuer).subject,
    ...(phone.issuerKnown && { issuedBy: certificate(phone.shows.side, phone.shows.issuer) }),
  };
  const isMic = phone.shows?.issuer === "maker";
  return {
    name: DEVICE,
    model: { name: "Cisco 8861", family: "8861, 8865", capabilities, remark: "" },
    ctl: held("ctl"),
    itl: held("itl"),
    tvs: phone.tvs,
    callManagers: phone.group.map((i) => ADDRESSES[phone.groupOf][i]!),
    mode: MODES[phone.mode]!,
    alternateTftp: phone.alternateTftp,
    asksForEncrypted: phone.asksForEncrypted,
    lsc: isMic ? null : shows,
    mic: isMic ? shows : null,
    evidence: { level: "served", against: [] },
  };
}

/** @param settled what TVS was not asked about is told, too */
export function asEnds(world: World, settled: boolean): Ends {
  const cluster = (side: Side): Cluster => asCluster(world, side, world.clusters[side], settled);
  return { from: cluster(world.from), to: cluster(world.to) };
}

function asCluster(world: World, side: Side, spec: ClusterSpec, settled: boolean): Cluster {
  const device: Device | null = spec.device && {
    mode: MODES[spec.device.mode]!,
    encryptedConfig: spec.device.encrypted,
    publicKey: spec.device.key === null ? "none" : "from before",
    callManagers: spec.device.group.map((i) => ADDRESSES[side][i]!),
    enrolment: world.enrolmentUnread && !settled ? "unknown" : spec.device.enrolment,
  };
  const isEncrypted = device?.encryptedConfig && device.publicKey !== "none";
  return {
    mixedMode: spec.mixed,
    tftp: spec.nodes.map((node, i) => ({
      address: ADDRESSES[side][i]!,
      reachable: node.reachable,
      ctl: servedTrustList(bytesOf("ctl", node.ctl)),
      itl: servedTrustList(bytesOf("itl", node.itl)),
      configuration: {
        signed: servedConfiguration(bytesOf("config", node.config, configOf(side, spec))),
        // Signed as the other one, and its content is seen by the phone only.
        encrypted: servedConfiguration(
          isEncrypted ? bytesOf("config", node.config, configOf(side, spec)) : null,
        ),
        plain: node.plain ? "served" : "absent",
      },
    })),
    tvs: spec.tvs.map((tvs, i) => ({
      address: ADDRESSES[side][i]!,
      reachable: tvs.reachable,
      certificate: tvs.shown,
      answers: answersOf(world, tvs, settled),
    })),
    callManagers: spec.callManagers.map(
      ({ reachable, shown, callManagerTrust, capfTrust }, i): CallManagerNode => ({
        address: ADDRESSES[side][i]!,
        reachable,
        certificate: shown,
        callManagerTrust,
        capfTrust,
      }),
    ),
    capf: { reachable: spec.capf.reachable, certificate: spec.capf.shown, trust: spec.capf.trust },
    devices: new Map(device === null ? [] : [[DEVICE, device]]),
    assumeTrusted: spec.assumed,
  };
}

/** Both clusters' certificates: a phone may ask any TVS about any of them. */
function answersOf(world: World, tvs: TvsSpec, settled: boolean): ReadonlyMap<string, TvsAnswer> {
  const answers = new Map<string, TvsAnswer>();
  for (const [key, truth] of knownToTvs()) {
    const said = tvs.answers.get(truth.certificate.sha256) ?? "miss";
    if (said === "unasked" && !settled) continue;
    const answer = said === "unasked" ? (world.truth.has(truth.certificate.serial) ? truth : "miss") : said;
    answers.set(key, answer === "miss" ? { kind: "miss" } : { kind: "vouches", ...answer });
  }
  return answers;
}
