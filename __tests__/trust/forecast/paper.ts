/** Two clusters on paper: real keys and certificates, lists and configurations really signed, each made once. */
import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { CAPF_MODES, type CapfMode as Enrolment } from "../../../lab/capf";
import { type Identity, issue, type Name } from "../../../lab/cluster/pki/issue";
import type { Certificate } from "../../../trust/certificate";
import { HeaderTag, parseFileHeader } from "../../../trust/file-header";
import { Role } from "../../../trust/roles";
import { buildSignedFile } from "../../../trust/signed-file";
import { buildTrustList, type RecordInput } from "../../../trust/trust-list";

export type Side = "source" | "destination";
export const other = (side: Side): Side => (side === "source" ? "destination" : "source");

/** `cm0`, `cm1`: CallManager of the two nodes; `large` has a key of 4096 bits; `rogue` is in no list. */
export type Signer = "cm0" | "cm1" | "recovery" | "rogue" | "large";
type Person = Signer | "tvs0" | "tvs1" | "oldTvs0" | "oldTvs1" | "capf" | "oldCapf" | "maker";

export const ADDRESSES: { readonly [side in Side]: readonly string[] } = {
  source: ["10.10.0.11", "10.10.0.12"],
  destination: ["10.20.0.11", "10.20.0.12"],
};
export const DEVICE = "SEP001122334455";

const made = new Map<string, unknown>();
export function once<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

const DAY = 24 * 3600 * 1000;
const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 1000 * DAY) };

function keyOf(name: string): KeyObject {
  // Large keys take long to make: both sides have the same.
  const large = name.endsWith("large");
  const make = () => generateKeyPairSync("rsa", { modulusLength: large ? 4096 : 1024 }).privateKey;
  return once(large ? "large key" : `key ${name}`, make);
}
function nameOf(side: Side, person: Person): Name {
  return [
    ["O", "Stormin"],
    ["CN", `${side}-${person === "oldCapf" ? "capf" : person}`],
  ];
}
const serialOf = (text: string) => createHash("sha256").update(text).digest().subarray(0, 12).fill(1, 0, 1);

/** An old CAPF has the name of the new one and another key, as after a regeneration by an authority. */
export function identity(side: Side, person: Person): Identity {
  const full = `${side}-${person}`;
  return once(full, () =>
    issue({ subject: nameOf(side, person), key: keyOf(full), serial: serialOf(full), ...validity }),
  );
}
export const certificate = (side: Side, person: Person): Certificate => identity(side, person).certificate;

/** Issuer and serial number of a signer, but another key. */
export function impostor(side: Side, person: Signer): Certificate {
  const full = `${side}-${person}`;
  return once(`impostor ${full}`, () =>
    issue({ subject: nameOf(side, person), key: keyOf("impostor"), serial: serialOf(full), ...validity }),
  ).certificate;
}

/** A phone's own certificate, really issued by that CAPF (an LSC) or by the maker (a MIC). */
export function phoneCertificate(side: Side, issuer: "capf" | "oldCapf" | "maker"): Certificate {
  return once(`phone ${side} ${issuer}`, () =>
    issue({
      subject: [["CN", `CP-8861-${DEVICE}`]],
      key: keyOf("phone"),
      issuer: { name: nameOf(side, issuer), key: identity(side, issuer).key },
      ...validity,
    }),
  ).certificate;
}

export type Damage = "none" | "signature" | "malformed";
export type Digest = "sha1" | "sha512";

/** Who stands in a list, in which role, at which address. */
export type Records = readonly (readonly [role: number, side: Side, person: Person, node?: number])[];

export interface Signing {
  readonly side: Side;
  readonly signer: Signer;
  readonly digest: Digest;
  readonly damage: Damage;
}

export function list(kind: "CTL" | "ITL", records: Records, signing: Signing): Buffer {
  return once(`${kind} ${JSON.stringify([records, signing])}`, () =>
    damaged(buildTrustList({ kind, ...keys(signing), records: records.map(record) }), signing.damage),
  );
}

function record([role, side, person, node]: Records[number]): RecordInput {
  const ipAddress = node === undefined ? undefined : ADDRESSES[side][node];
  return { role, certificate: certificate(side, person), dnsName: `${side}-${node ?? "x"}`, ipAddress };
}

export function configuration(payload: string, signing: Signing): Buffer {
  return once(`sgn ${payload} ${JSON.stringify(signing)}`, () =>
    damaged(
      buildSignedFile({ ...keys(signing), filename: `${DEVICE}.cnf.xml.sgn`, payload: Buffer.from(payload) }),
      signing.damage,
    ),
  );
}

function keys({ side, signer, digest }: Signing) {
  const { certificate, key } = identity(side, signer);
  return { signer: certificate, privateKey: key, digest, timestamp: new Date(1.7e12) } as const;
}

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if (damage === "malformed") return bytes.subarray(0, bytes.length - 3).fill(0xff, 5, 9);
  if (damage === "none") return bytes;
  const copy = Buffer.from(bytes);
  const signature = parseFileHeader(bytes).tlvs.find(({ tag }) => tag === HeaderTag.SIGNATURE)!;
  const at = signature.offset + 20;
  copy[at] = copy[at]! ^ 0x55;
  return copy;
}

export interface PhoneConfig {
  readonly side: Side;
  readonly mode: 1 | 2 | 3;
  /** Nodes of the CallManager group and of the TVS list. */
  readonly group: readonly number[];
  readonly tvs: readonly string[];
  readonly encrypted: boolean;
  /** Not the bare one that stands in for an encrypted one. */
  readonly full: boolean;
  readonly enrolment: Enrolment | null;
}

export function configXml(config: PhoneConfig): string {
  const { side, mode, group, tvs, encrypted, full, enrolment } = config;
  const callManagers = group.map(
    (node, i) =>
      `<member priority="${i}"><callManager><ports><securedSipPort>5061</securedSipPort></ports><processNodeName>${ADDRESSES[side][node]}</processNodeName></callManager></member>`,
  );
  const servers = tvs.map(
    (address, i) => `<member priority="${i}"><port>2445</port><address>${address}</address></member>`,
  );
  return `<device><devicePool><callManagerGroup><members>${callManagers.join("")}</members></callManagerGroup></devicePool><TVS><members>${servers.join("")}</members></TVS><deviceSecurityMode>${mode}</deviceSecurityMode><fullConfig>${full}</fullConfig><encrConfig>${encrypted}</encrConfig><capfAuthMode>${enrolment === null ? 0 : CAPF_MODES[enrolment]}</capfAuthMode><capfList><capf><phonePort>3804</phonePort><processNodeName>${ADDRESSES[side][0]}</processNodeName></capf></capfList></device>`;
}

/** What a healthy CTL or ITL of a cluster holds; a list of one TFTP node's. */
export const RECORDS = {
  ctl: (side: Side): Records => [
    [Role.SAST, side, "recovery"],
    [Role.SAST, side, "cm0"],
    [Role.CCM_TFTP, side, "cm0", 0],
    [Role.CCM_TFTP, side, "cm1", 1],
    [Role.CAPF, side, "capf"],
  ],
  itl: (side: Side, node: 0 | 1): Records => [
    [Role.SAST, side, `cm${node}`, node],
    [Role.SAST, side, "recovery"],
    [Role.CCM_TFTP, side, `cm${node}`, node],
    [Role.TVS, side, "tvs0", 0],
    [Role.TVS, side, "tvs1", 1],
    [Role.CAPF, side, "capf"],
  ],
};
