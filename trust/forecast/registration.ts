/**
 * Following is not registering: the phone must trust a CallManager, and the CallManager the phone's certificate
 * (security guides on CAPF and phone security, 12.5 to 15; guide of the 7911).
 */
import type { Certificate } from "../certificate";
import { sameName } from "../name";
import { Role } from "../roles";
import type { CertificateName, Held, Judgement, Reason, Refusal } from "./judgement";
import { reject } from "./judgement";
import type {
  CallManagerNode,
  Capf,
  Cluster,
  Device,
  Ends,
  Enrolment,
  Leg,
  Phone,
  PhoneCertificate,
  SecurityMode,
  TrustStore,
} from "./situation";
import type { Answers } from "./switches";
import { askTvs, type TvsQuestion, tvsDirectory } from "./tvs";

export interface Registered {
  readonly judgement: Judgement;
  /** The LSC that the phone has afterwards. */
  readonly lsc: PhoneCertificate | null;
}

/** A phone that has the destination's configuration. */
export function register(phone: Phone, held: Held, leg: Leg, device: Device, answers: Answers): Registered {
  const { from, to } = leg;
  const mode = effectiveMode(to, device);
  const lacksKey = () => device.encryptedConfig && !keyIsKnown(phone, device, leg, answers);
  const waiting = waitingEnrolment(phone, held, leg, device, lacksKey, answers);
  const enrolment = waiting === null ? null : enrol(phone, held, { from, to }, device, waiting, answers);
  // Without its public key in the database it gets a bare configuration until CAPF has it.
  if (enrolment !== "done" && lacksKey())
    return { judgement: reject(enrolment ?? "public-key-unknown"), lsc: phone.lsc };
  const lsc = enrolment === "done" ? newLsc(to.capf!) : phone.lsc;
  const judgement = connect(mode, device.callManagers, lsc ?? phone.mic, held, to, answers);
  if (
    !judgement.accepted &&
    enrolment !== null &&
    enrolment !== "done" &&
    ABOUT_THE_PHONE.includes(judgement.reason)
  )
    return { judgement: reject(enrolment), lsc };
  return { judgement, lsc };
}

/** The key of the LSC that it had there. One that was enrolled since where it comes from has another. */
function keyIsKnown({ lsc }: Phone, device: Device, leg: Leg, answers: Answers): boolean {
  const elsewhere = leg.from.capf;
  const isElsewhere = (shown: PhoneCertificate) =>
    elsewhere !== null && isIssuer(elsewhere.certificate, shown);
  if (device.publicKey === "none" || (lsc !== null && isElsewhere(lsc))) return false;
  const mayBeElsewhere = lsc?.orIssuedBy?.some((one) => isElsewhere({ issuer: one.subject, issuedBy: one }));
  if (lsc !== null && lsc.doubt === undefined && !mayBeElsewhere) return true;
  return answers.fact(
    idOf("public-key", leg),
    "whether the phone still has the key that the database knows",
    true,
  );
}

/** What one database says of a phone is not what the other says. */
const idOf = (doubt: string, { part }: Leg) => (part === "back" ? `${doubt}-back` : doubt);

/**
 * Whether one waits is only asked where a phone cannot register without, or not any more with what it would get; and
 * of a phone that is to come back, which would then show another certificate and have another key.
 */
function waitingEnrolment(
  phone: Phone,
  held: Held,
  leg: Leg,
  device: Device,
  lacksKey: () => boolean,
  answers: Answers,
): Enrolment | null {
  if (device.enrolment !== "unknown") return device.enrolment;
  const { to } = leg;
  const mode = effectiveMode(to, device);
  const fails = (shown: PhoneCertificate | null) => {
    const judgement = connect(mode, device.callManagers, shown, held, to, answers);
    return !judgement.accepted && ABOUT_THE_PHONE.includes(judgement.reason);
  };
  const matters = fails(phone.lsc ?? phone.mic) || (to.capf !== null && fails(newLsc(to.capf)));
  const comesBack = leg.part === "there" && to.capf !== null;
  if (!matters && !comesBack && !lacksKey()) return null;
  const where = leg.part === "back" ? "the cluster that it comes back to" : "the cluster that it goes to";
  const words = `whether a CAPF operation waits for the phone at ${where}, which would give it an LSC`;
  return answers.fact(idOf("enrolment", leg), words, false) ? "null string" : null;
}

/** A phone that refused the configuration tries these CallManagers with the settings that it had. */
export function registerAsBefore(
  phone: Phone,
  held: Held,
  to: Cluster,
  group: readonly string[],
  device: Device | undefined,
  answers: Answers,
): Judgement {
  if (device === undefined) return reject("unknown-at-destination");
  const judgement = connect(phone.mode, group, phone.lsc ?? phone.mic, held, to, answers);
  if (judgement.accepted && phone.mode !== effectiveMode(to, device)) return reject("registration-refused");
  return judgement;
}

/** Secure profiles rest while a cluster is not in mixed mode. */
export function effectiveMode(cluster: Cluster, device: Device): SecurityMode {
  return cluster.mixedMode ? device.mode : "non-secure";
}

/** The more telling first. */
const TELLING: readonly Reason[] = [
  "issuer-not-trusted",
  "no-phone-certificate",
  "callmanager-not-in-lists",
  "callmanager-unreachable",
];
const ABOUT_THE_PHONE: readonly Reason[] = ["issuer-not-trusted", "no-phone-certificate"];

/** The group's members in order; the first that takes the phone. */
function connect(
  mode: SecurityMode,
  group: readonly string[],
  shown: PhoneCertificate | null,
  held: Held,
  to: Cluster,
  answers: Answers,
): Judgement {
  const failures = new Map<Reason, Refusal>();
  for (const address of group) {
    const node = to.callManagers.find((one) => one.address === address);
    const tried: Judgement =
      node === undefined || !node.reachable
        ? reject("callmanager-unreachable")
        : mode === "non-secure"
          ? { accepted: true, by: "no-tls" }
          : overTls(node, shown, held, to, answers);
    if (tried.accepted) return { ...tried, server: address };
    failures.set(tried.reason, { ...tried, server: address });
  }
  const reason = TELLING.find((one) => failures.has(one)) ?? "callmanager-unreachable";
  return failures.get(reason) ?? reject(reason);
}

function overTls(
  node: CallManagerNode,
  shown: PhoneCertificate | null,
  held: Held,
  to: Cluster,
  answers: Answers,
): Judgement {
  const by = trustsCallManager(node.certificate, held, answers);
  if (by === null) return reject("callmanager-not-in-lists");
  if (shown === null) return reject("no-phone-certificate");
  if (shown.doubt !== undefined && !answers.fact("phone-certificate", `whether ${shown.doubt}`, true))
    return reject("no-phone-certificate");
  const certificate = actual(shown, (one) => issuerIn(node, one, to, answers), answers);
  const issuer = issuerIn(node, certificate, to, answers);
  if (issuer === null) return { ...reject("issuer-not-trusted"), certificate: issuerName(certificate) };
  return { accepted: true, by, certificate: nameOf(issuer) };
}

/**
 * Of a certificate that one of several may have issued: asked only where it matters, that is, where not all of them
 * are trusted alike.
 */
function actual(
  shown: PhoneCertificate,
  trusted: (one: PhoneCertificate) => unknown,
  answers: Answers,
): PhoneCertificate {
  const { orIssuedBy = [], ...usual } = shown;
  const isTrusted = Boolean(trusted(usual));
  for (const issuer of orIssuedBy) {
    const other = { issuer: issuer.subject, issuedBy: issuer };
    if (Boolean(trusted(other)) === isTrusted) continue;
    const words = `whether ${withSerial(issuer)} issued its LSC, and not ${usual.issuedBy ? withSerial(usual.issuedBy) : usual.issuer}`;
    if (answers.fact(`lsc-issuer:${issuer.sha256}`, words, false)) return other;
  }
  return usual;
}

const withSerial = ({ commonName, serial }: Certificate) => `${commonName} (serial ${serial})`;

const nameOf = ({ subject, issuer, serial, sha256 }: Certificate): CertificateName => ({
  subject,
  issuer,
  serial,
  sha256,
});

const issuerName = ({ issuer, issuedBy }: PhoneCertificate): CertificateName =>
  issuedBy === undefined ? { subject: issuer, issuer: "", serial: "" } : nameOf(issuedBy);

const IS_CALLMANAGER: readonly number[] = [Role.CCM, Role.CCM_TFTP];

/** Source TVS cannot vouch for a CallManager: imports get no such role. Only the phone's own lists count. */
function trustsCallManager(
  { sha256 }: Certificate,
  held: Held,
  answers: Answers,
): "local-ctl" | "local-itl" | null {
  const isIn = (list: Held["ctl"]) =>
    list?.records.some((one) => IS_CALLMANAGER.includes(one.role) && one.certificate?.sha256 === sha256);
  if (isIn(held.ctl)) return "local-ctl";
  return isIn(held.itl) && answers.setting("itlProvesCallManager") ? "local-itl" : null;
}

/** The trusted certificate of who issued the phone's. */
function issuerIn(
  node: CallManagerNode,
  shown: PhoneCertificate,
  to: Cluster,
  answers: Answers,
): Certificate | null {
  const inStore = (store: TrustStore, now: readonly Certificate[]) =>
    [...now, ...imports(to, store)].find((one) => isIssuer(one, shown)) ?? null;
  const found = inStore("CallManager-trust", node.callManagerTrust);
  if (found !== null) return found;
  const elsewhere = inStore("CAPF-trust", node.capfTrust);
  return elsewhere !== null && answers.setting("lscIssuerStore") === "either store" ? elsewhere : null;
}

/** By the certificate where it is known: after a renewal a CAPF may have its old name and another key. */
export function isIssuer(candidate: Certificate, { issuer, issuedBy }: PhoneCertificate): boolean {
  return issuedBy === undefined ? sameName(candidate.subject, issuer) : candidate.sha256 === issuedBy.sha256;
}

function imports(to: Cluster, store: TrustStore): readonly Certificate[] {
  return to.assumeTrusted.filter((one) => one.stores.includes(store)).map((one) => one.certificate);
}

/** Enrolment with the destination's CAPF. */
function enrol(
  phone: Phone,
  held: Held,
  ends: Ends,
  device: Device,
  mode: Enrolment,
  answers: Answers,
): "done" | Reason {
  const { to } = ends;
  const { capf } = to;
  // The phone waits for the string before it connects.
  if (mode === "authentication string") return "capf-needs-a-person";
  if (capf === null || !capf.reachable) return "capf-unreachable";
  // It asks the TVS servers of the configuration that it has just got.
  const asking = { ...phone, tvs: device.callManagers };
  if (!namesCapf(capf, held) && !askTvs(about(capf), asking, held, tvsDirectory(ends), answers).accepted)
    return "capf-not-in-lists";
  if (mode === "null string") return "done";
  const shown = phone.lsc ?? phone.mic;
  if (shown === null) return "no-phone-certificate";
  const stores = [...capf.trust, ...imports(to, "CAPF-trust")];
  const isTrusted = (certificate: PhoneCertificate) => stores.some((one) => isIssuer(one, certificate));
  return isTrusted(actual(shown, isTrusted, answers)) ? "done" : "capf-refuses";
}

const newLsc = ({ certificate }: Capf): PhoneCertificate => ({
  issuer: certificate.subject,
  issuedBy: certificate,
});

function about({ certificate: { subject: name, issuer, serial, sha256 } }: Capf): TvsQuestion {
  return {
    about: { name, issuer, serial },
    roles: [Role.CAPF],
    proves: (certificate) => certificate.sha256 === sha256,
  };
}

function namesCapf({ certificate: { sha256 } }: Capf, held: Held): boolean {
  return [held.ctl, held.itl].some((list) =>
    list?.records.some((one) => one.role === Role.CAPF && one.certificate?.sha256 === sha256),
  );
}
