import { createHash } from "node:crypto";
import type { Certificate } from "./certificate";
import { isSigner, modulusCodeOf, verifySigned } from "./file-header";
import { Role, roleName } from "./roles";
import { MAX_TRUST_LIST_BYTES, type TrustList, type TrustRecord } from "./trust-list";

/** Whether a trust list verifies, by what, and what is odd about it although it may verify. */
export interface Verdict {
  readonly verified: boolean;
  /** What made the signature; `null` when it is not verified. */
  readonly by: VerifiedBy | null;
  /** Why it is not verified, a clause; empty when it is. */
  readonly reason: string;
  /** The key of its signer was at hand, and did not make the signature: the file was changed, or signed by another. */
  readonly tampered: boolean;
  /** Sentences. Phones do not look at most of this; people should. */
  readonly warnings: readonly string[];
}

export type VerifiedBy =
  | { readonly kind: "record"; readonly number: number; readonly record: TrustRecord }
  /** One that the caller gave. */
  | { readonly kind: "certificate"; readonly certificate: Certificate };

export interface Judging {
  /** Signers that are known from elsewhere: a list that comes from another cluster need not contain its own. */
  readonly signers?: readonly Certificate[];
  /** @default now */
  readonly at?: Date;
}

const DAY_MS = 86_400_000;
/** Clocks of clusters and of this machine differ. */
const CLOCKS_MS = DAY_MS;
/** A list so near to what phones can take will not grow any more. */
const NEARLY_FULL = 0.9;

/**
 * Verifies a list by its own record of its signer (role SAST, issuer and serial number those of the header), as a phone
 * that has this list would verify the next, or by one of the caller's certificates.
 */
export function judgeTrustList(list: TrustList, { signers = [], at = new Date() }: Judging = {}): Verdict {
  const { by, reason, tampered = false } = verify(list, signers);
  const signer = by === null ? undefined : by.kind === "record" ? by.record.certificate : by.certificate;
  return {
    verified: by !== null,
    by,
    reason,
    tampered,
    warnings: [
      ...(signer === undefined ? [] : validityOf(signer, "signer's certificate", at)),
      ...headerWarnings(list, at),
      ...list.records.flatMap((record, i) => recordWarnings(record, i + 1, signer, at)),
      ...sizeWarnings(list),
    ],
  };
}

interface Verification {
  readonly by: VerifiedBy | null;
  readonly reason: string;
  readonly tampered?: boolean;
}

function verify(list: TrustList, signers: readonly Certificate[]): Verification {
  const own = list.records.findIndex((record) => record.role === Role.SAST && isSigner(list.signer, record));
  const record = list.records[own];
  const key = record?.publicKey ?? record?.certificate?.publicKey;
  if (record !== undefined && key !== undefined && verifySigned(list, key)) {
    return { by: { kind: "record", number: own + 1, record }, reason: "" };
  }
  const named = signers.filter((certificate) => isSigner(list.signer, certificate));
  const certificate = named.find((each) => verifySigned(list, each));
  if (certificate !== undefined) return { by: { kind: "certificate", certificate }, reason: "" };

  const no = (reason: string) => ({ by: null, reason });
  const changed = (reason: string) => ({ by: null, reason, tampered: true });
  if (record !== undefined && key === undefined) return no(`record ${own + 1}, its signer's, has no key`);
  if (record !== undefined) return changed(`its signature is not the one of its signer, record ${own + 1}`);
  if (named.length > 0) return changed("its signature is not the one of the certificate that was given");
  if (signers.some((each) => verifySigned(list, each))) {
    return no(
      "the given certificate's key made the signature, but its header names another issuer or serial number",
    );
  }
  const other = list.records.find((each) => isSigner(list.signer, each));
  if (other !== undefined)
    return no(`its signer is listed with role ${roleName(other.role)} only, not as SAST`);
  if (signers.length > 0)
    return no("its signer is neither listed nor one of the certificates that were given");
  return no("its signer is not listed");
}

function headerWarnings(list: TrustList, at: Date): string[] {
  const { timestamp, signature, modulusCode, signatureAlgorithm, signer } = list;
  const bits = signature.length * 8;
  const code = modulusCodeOf(signature.length);
  return [
    ...(list.kind === undefined
      ? [
          `The file name in its header is ${list.filename ? JSON.stringify(list.filename) : "missing"}: neither a CTL nor an ITL.`,
        ]
      : []),
    ...(timestamp !== undefined && timestamp.getTime() > at.getTime() + CLOCKS_MS
      ? [`It was signed in the future: ${timestamp.toISOString()}.`]
      : []),
    ...(code === undefined
      ? [`Its signature has ${bits} bits, and no modulus code is known for that; it has code ${modulusCode}.`]
      : code !== modulusCode
        ? [`Its modulus code is ${modulusCode}; ${code} is the one for ${bits} bits.`]
        : []),
    ...(signatureAlgorithm !== 0
      ? [`Its signature algorithm has the number ${signatureAlgorithm}; only 0, RSA, is known.`]
      : []),
    ...(signer.serial === "00" ? ["The signer's serial number is zero."] : []),
    ...unknownTags("the header", list.unknown),
  ];
}

function recordWarnings(
  record: TrustRecord,
  number: number,
  signer: Certificate | undefined,
  at: Date,
): string[] {
  const { certificate, certificateHash, hashAlgorithm } = record;
  const name = `record ${number}`;
  const algorithm = hashAlgorithm === undefined ? undefined : HASHES[hashAlgorithm];
  return [
    // The signer's has a sentence of its own.
    ...(certificate === undefined || certificate.sha256 === signer?.sha256
      ? []
      : validityOf(certificate, `certificate of ${name} (${roleName(record.role)})`, at)),
    ...(certificate &&
    certificateHash &&
    algorithm &&
    !hash(algorithm, certificate.der).equals(certificateHash)
      ? [`The certificate hash of ${name} is not the one of its certificate.`]
      : []),
    ...(certificate && !isSigner(record, certificate)
      ? [`The issuer of ${name} is not its certificate's: ${certificate.issuer}.`]
      : []),
    ...unknownTags(name, record.unknown),
  ];
}

const HASHES: { readonly [algorithm: number]: string } = { 1: "sha1", 2: "sha256", 3: "sha512" };

function sizeWarnings({ bytes }: TrustList): string[] {
  return bytes.length < NEARLY_FULL * MAX_TRUST_LIST_BYTES
    ? []
    : [`It has ${bytes.length} bytes: phones fail above ${MAX_TRUST_LIST_BYTES}.`];
}

function validityOf(certificate: Certificate, what: string, at: Date): string[] {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (certificate.isExpired(at)) return [`The ${what} expired on ${day(certificate.notAfter)}.`];
  if (at < certificate.notBefore) return [`The ${what} is not valid before ${day(certificate.notBefore)}.`];
  return [];
}

function unknownTags(where: string, unknown: TrustList["unknown"]): string[] {
  const tags = [...new Set(unknown.map(({ tag }) => tag))];
  if (tags.length === 0) return [];
  return [`Tags without known meaning in ${where}: ${tags.join(", ")}.`];
}

function hash(algorithm: string, bytes: Buffer): Buffer {
  return createHash(algorithm).update(bytes).digest();
}
