/**
 * What a phone believes: pure decisions about trust lists, signed configurations and TLS servers. Written from
 * Cisco's documents on security by default, tokenless CTL and phone migration between secure clusters; what those
 * leave open is a switch (docs/assumptions.md: how phones decide).
 */
import type { Certificate } from "../../trust/certificate";
import { Role } from "../../trust/roles";
import { type SignedFile, verifySignedFile } from "../../trust/signed-file";
import {
  type Digest,
  findRecord,
  type TrustList,
  type TrustRecord,
  verifyTrustList,
} from "../../trust/trust-list";

export interface Switches {
  /** A TVS server that does not know the certificate: ask the next one, or stop. */
  readonly tvsTryNextOnMiss: boolean;
  /** Whom to register with when the configuration is refused: the cached group, or the TFTP server itself. */
  readonly fallbackWhenConfigBad: "cached" | "tftpAsCcm";
  /** First CTL offered to a phone that has only an ITL: verified like any other, or trusted at first use. */
  readonly firstCtlWithItl: "verify" | "trust";
  /** A CCM+TFTP record of the CTL is enough for the signer of an ITL. */
  readonly ctlRole2AcceptsItl: boolean;
  /** The TFTP server must have a record in the lists once they are taken. */
  readonly enforceTftpAddress: boolean;
  /** A CTL that is not there (404) while one is installed. */
  readonly ctl404: "keep" | "erase";
  /**
   * A CCM+TFTP record of the ITL is enough for a CallManager's TLS. Guides of the 7911 say "a valid CallManager
   * certificate in the CTL"; a phone that took the new ITL but not the new CTL then finds nobody to register with.
   */
  readonly itlProvesCallManager: boolean;
}

export const DEFAULT_SWITCHES: Switches = {
  tvsTryNextOnMiss: false,
  fallbackWhenConfigBad: "cached",
  firstCtlWithItl: "verify",
  ctlRole2AcceptsItl: true,
  enforceTftpAddress: false,
  ctl404: "keep",
  itlProvesCallManager: false,
};

export interface Capabilities {
  /** Security By Default: asks for an ITL and knows TVS. */
  readonly sbd: boolean;
  readonly digests: readonly Digest[];
  /** Of the RSA key behind a signature. 2048 for most families, 4096 for later loads of some (phone feature list). */
  readonly maxKeyBits: number;
}

/** CP-8861 with a late load. */
export const DEFAULT_CAPABILITIES: Capabilities = {
  sbd: true,
  digests: ["sha1", "sha512"],
  maxKeyBits: 4096,
};

/** The trust lists that a phone holds. */
export interface Lists {
  readonly ctl: TrustList | null;
  readonly itl: TrustList | null;
}

export type Reason =
  | "malformed"
  | "digest-not-supported"
  | "key-too-large"
  | "bad-signature"
  | "no-tvs-capability"
  | "no-tvs-list"
  | "tvs-not-in-itl"
  | "tvs-miss"
  | "tvs-unreachable"
  | "tvs-role"
  | "not-signed"
  | "tftp-not-authorized"
  | "tftp-unreachable"
  | "file-not-found"
  | "dhcp-no-answer"
  | "no-option-150"
  | "no-callmanager"
  | "callmanager-unreachable"
  | "callmanager-not-in-lists"
  | "lsc-refused"
  | "registration-refused"
  | "public-key-unknown"
  | "capf-needs-a-person"
  | "capf-unreachable"
  | "capf-not-in-lists"
  | "capf-refuses";

export type Verdict =
  | { readonly kind: "accept"; readonly by: AcceptedBy }
  | { readonly kind: "reject"; readonly reason: Reason }
  /** Nothing on the phone knows the signer. */
  | { readonly kind: "ask-tvs" };

export type AcceptedBy = "first-use" | "local-ctl" | "local-itl" | "empty-itl" | "tvs" | "unsigned";

const accept = (by: AcceptedBy): Verdict => ({ kind: "accept", by });
const reject = (reason: Reason): Verdict => ({ kind: "reject", reason });

/** A new CTL or ITL against the lists that the phone holds now. */
export function judgeList(
  which: "ctl" | "itl",
  file: TrustList,
  lists: Lists,
  switches: Switches,
  caps: Capabilities,
): Verdict {
  const limit = beyond(file, caps);
  if (limit !== null) return limit;
  if (lists.ctl === null && lists.itl === null) return accept("first-use");
  if (which === "ctl" && lists.ctl === null && switches.firstCtlWithItl === "trust")
    return accept("first-use");

  const inCtl = signerIn(lists.ctl, file, [Role.SAST]);
  const byRole2 =
    which === "itl" && switches.ctlRole2AcceptsItl ? signerIn(lists.ctl, file, [Role.CCM_TFTP]) : undefined;
  const ctlRecord = inCtl ?? byRole2;
  const record = ctlRecord ?? signerIn(lists.itl, file, [Role.SAST]);
  if (record !== undefined) {
    if (!verifyTrustList(file, record.publicKey)) return reject("bad-signature");
    return accept(ctlRecord !== undefined ? "local-ctl" : "local-itl");
  }
  if (which === "itl" && isEmptyItl(lists.itl) && !servesSignedFiles({ ctl: lists.ctl, itl: null })) {
    return accept("empty-itl");
  }
  return caps.sbd ? { kind: "ask-tvs" } : reject("no-tvs-capability");
}

/** A signed configuration against the lists that the phone holds after they were updated. */
export function judgeConfig(file: SignedFile, lists: Lists, caps: Capabilities): Verdict {
  const limit = beyond(file, caps);
  if (limit !== null) return limit;
  const inCtl = signerIn(lists.ctl, file, SIGNS_CONFIGURATIONS);
  const record = inCtl ?? signerIn(lists.itl, file, SIGNS_CONFIGURATIONS);
  if (record === undefined) return caps.sbd ? { kind: "ask-tvs" } : reject("no-tvs-capability");
  if (!verifySignedFile(file, record.publicKey)) return reject("bad-signature");
  return accept(inCtl !== undefined ? "local-ctl" : "local-itl");
}

/** A signature that the phone has no means to check. It is as long as the key's modulus. */
function beyond({ digest, signature }: TrustList | SignedFile, caps: Capabilities): Verdict | null {
  if (!caps.digests.includes(digest)) return reject("digest-not-supported");
  return signature.length * 8 > caps.maxKeyBits ? reject("key-too-large") : null;
}

const SIGNS_CONFIGURATIONS = [Role.CCM_TFTP, Role.TFTP];

/** A TVS server's answer about the signer of a file. Lists need SAST, configurations a TFTP role. */
export function judgeVouch(
  what: "ctl" | "itl" | "config",
  file: TrustList | SignedFile,
  vouch: { readonly roles: readonly number[]; readonly certificate: Certificate },
): Verdict {
  const needed: readonly number[] = what === "config" ? SIGNS_CONFIGURATIONS : [Role.SAST];
  if (!vouch.roles.some((role) => needed.includes(role))) return reject("tvs-role");
  const genuine =
    "records" in file ? verifyTrustList(file, vouch.certificate) : verifySignedFile(file, vouch.certificate);
  return genuine ? accept("tvs") : reject("bad-signature");
}

/** A TVS server's answer about the certificate that a TLS server shows. */
export function judgeServer(
  shown: Certificate,
  role: number,
  vouch: { readonly roles: readonly number[]; readonly certificate: Certificate },
): Verdict {
  if (!vouch.roles.includes(role)) return reject("tvs-role");
  return vouch.certificate.sha256 === shown.sha256 ? accept("tvs") : reject("tvs-miss");
}

/** How one TVS server fared. */
export type TvsOutcome = "not-in-itl" | "unreachable" | "miss";

/** Null: go on with the next server, if there is one. */
export function afterTvs(outcomes: readonly TvsOutcome[], switches: Switches): Reason | null {
  return outcomes.at(-1) === "miss" && !switches.tvsTryNextOnMiss ? "tvs-miss" : null;
}

/** When every server was tried in vain. A server whose certificate was refused says more than one that is silent. */
export function tvsFailure(outcomes: readonly TvsOutcome[]): Reason {
  if (outcomes.length === 0) return "no-tvs-list";
  if (outcomes.includes("miss")) return "tvs-miss";
  return outcomes.includes("not-in-itl") ? "tvs-not-in-itl" : "tvs-unreachable";
}

/** No TVS server can pass without a TVS record in the ITL: the phone need not even connect. */
export function hasTvsRecords(lists: Lists): boolean {
  return lists.itl?.records.some((record) => record.role === Role.TVS) ?? false;
}

/** The certificate that a TVS server shows must be the one of a TVS record of the ITL; the CTL has none. */
export function isTrustedTvs(certificate: Certificate, lists: Lists): boolean {
  return hasCertificate(lists.itl, certificate, [Role.TVS]);
}

/** The certificate that a CallManager shows must be the one of a CCM or CCM+TFTP record. */
export function isTrustedCallManager(certificate: Certificate, lists: Lists, switches: Switches): boolean {
  const roles = [Role.CCM, Role.CCM_TFTP];
  if (hasCertificate(lists.ctl, certificate, roles)) return true;
  return switches.itlProvesCallManager && hasCertificate(lists.itl, certificate, roles);
}

/** With a TFTP certificate in its lists the phone asks for signed configurations, and takes no other. */
export function servesSignedFiles(lists: Lists): boolean {
  return [lists.ctl, lists.itl].some((list) =>
    list?.records.some((r) => SIGNS_CONFIGURATIONS.includes(r.role as 2 | 3) && r.certificate !== undefined),
  );
}

/** The ITL of a cluster that was prepared for rollback: neither TVS nor TFTP records. */
export function isEmptyItl(itl: TrustList | null): boolean {
  return itl !== null && !itl.records.some((r) => [Role.TVS, Role.CCM_TFTP, Role.TFTP].includes(r.role as 2));
}

/** Whether the lists name that TFTP server by address or name. */
export function isListedTftp(address: string, lists: Lists): boolean {
  return [lists.ctl, lists.itl].some((list) =>
    list?.records.some((r) => r.ipAddress === address || r.dnsName === address),
  );
}

type KeyedRecord = TrustRecord & { readonly publicKey: NonNullable<TrustRecord["publicKey"]> };

function signerIn(
  list: TrustList | null,
  file: TrustList | SignedFile,
  roles: readonly number[],
): KeyedRecord | undefined {
  const record = list === null ? undefined : findRecord(list, file.signer, roles);
  return record?.publicKey === undefined ? undefined : (record as KeyedRecord);
}

function hasCertificate(list: TrustList | null, certificate: Certificate, roles: readonly number[]): boolean {
  return (
    list?.records.some((r) => roles.includes(r.role) && r.certificate?.sha256 === certificate.sha256) ?? false
  );
}
