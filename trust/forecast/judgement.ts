import type { KeyObject } from "node:crypto";
import { verifySigned } from "../file-header";
import { type Capability, capabilityWords, isSettled } from "../phone-model";
import type { SignedFile } from "../signed-file";
import type { TrustList } from "../trust-list";
import type { Phone } from "./situation";
import type { Answers } from "./switches";

/** Why something is refused, does not happen, or is not there. Words in `explain.ts`. */
export type Reason =
  | "alternate-tftp"
  | "tftp-unreachable"
  | "malformed"
  | "digest-not-supported"
  | "key-too-large"
  | "bad-signature"
  | "no-tvs-capability"
  | "no-tvs-list"
  | "tvs-not-in-itl"
  | "tvs-miss"
  | "tvs-role"
  | "tvs-unreachable"
  | "tftp-not-authorized"
  | "file-not-found"
  | "unknown-at-destination"
  | "callmanager-unreachable"
  | "callmanager-not-in-lists"
  | "no-phone-certificate"
  | "issuer-not-trusted"
  | "registration-refused"
  | "public-key-unknown"
  | "capf-unreachable"
  | "capf-not-in-lists"
  | "capf-refuses"
  | "capf-needs-a-person";

/** What made something pass. */
export type Means =
  | "first-use"
  | "local-ctl"
  | "local-itl"
  | "empty-itl"
  | "tvs"
  /** A file that nobody signed, taken because the phone's lists name no signer of configurations. */
  | "unsigned"
  | "no-tls";

/** Enough to find a certificate again; the SHA-256 where the certificate itself is known. */
export interface CertificateName {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly sha256?: string;
}

export type Judgement =
  | {
      readonly accepted: true;
      readonly by: Means;
      /** The one that made it pass. */
      readonly certificate?: CertificateName;
      /** Address of the TVS server or CallManager concerned. */
      readonly server?: string;
    }
  | Refusal;

export interface Refusal {
  readonly accepted: false;
  readonly reason: Reason;
  readonly server?: string;
  /** The one that is missing. */
  readonly certificate?: CertificateName;
  /** How we know what the model can do, where that decided. */
  readonly basis?: string;
}

export const reject = (reason: Reason, server?: string): Refusal => ({ accepted: false, reason, server });

/** Because of what the model cannot do. */
export function rejectModel(reason: Reason, { model }: Phone, capability: Capability): Refusal {
  return { accepted: false, reason, basis: `${model.name}: ${model.capabilities[capability].confidence}` };
}

/** The lists that a phone holds at one moment of its boot. */
export interface Held {
  readonly ctl: TrustList | null;
  readonly itl: TrustList | null;
}

/** Whether the model can; asked as a doubt where the table only guesses. */
export function can(phone: Phone, capability: Capability, answers: Answers): boolean {
  const { name, capabilities } = phone.model;
  const cell = capabilities[capability];
  answers.rest(`${name} ${capabilityWords(capability, cell.value)}: ${cell.confidence}`);
  if (isSettled(cell)) return cell.value;
  const words = `whether the ${name} ${capabilityWords(capability, true)} (${cell.confidence})`;
  return answers.fact(`model:${capability}`, words, cell.value);
}

const LARGE = 2048 / 8;

/** What keeps the model from checking such a signature at all. */
export function cannotCheck(file: TrustList | SignedFile, phone: Phone, answers: Answers): Refusal | null {
  if (file.digest !== "sha1" && !can(phone, file.digest, answers))
    return rejectModel("digest-not-supported", phone, file.digest);
  if (file.signature.length > LARGE && !can(phone, "largeRsaKeys", answers))
    return rejectModel("key-too-large", phone, "largeRsaKeys");
  return null;
}

const verdicts = new WeakMap<TrustList | SignedFile, WeakMap<KeyObject, boolean>>();

/** A file's signature under a key; the same question is computed once, however many phones ask it. */
export function signedBy(file: TrustList | SignedFile, key: KeyObject): boolean {
  const known = verdicts.get(file) ?? new WeakMap<KeyObject, boolean>();
  verdicts.set(file, known);
  const verdict = known.get(key) ?? verifySigned(file, key);
  known.set(key, verdict);
  return verdict;
}
