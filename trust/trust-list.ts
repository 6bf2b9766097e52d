import type { KeyObject } from "node:crypto";
import { Certificate } from "./certificate";
import {
  buildSigned,
  type FileHeader,
  fail,
  isSigner,
  parseFileHeader,
  type SignerId,
  type Signing,
  serialOf,
  signedBytes,
  verifySigned,
} from "./file-header";
import { addressBytes, addressText } from "./ip-address";
import { keyOf } from "./public-key";
import { Role } from "./roles";
import { type Field, readTlvs, type Tlv, TlvFields, textBytes, type UnknownField, writeTlvs } from "./tlv";

export { type Digest, type SignerId, TrustListError } from "./file-header";

/** A CTL or ITL file. Both have the same format; only the file name in the header tells them apart. */
export interface TrustList extends FileHeader {
  /** From the file name in the header; `undefined` when it is neither `CTL...` nor `ITL...`. */
  readonly kind?: "CTL" | "ITL";
  /** Same as `signer.issuer`. */
  readonly issuer: string;
  readonly records: readonly TrustRecord[];
  /** The whole file. */
  readonly bytes: Buffer;
  /** What the signature is over. */
  readonly signedBytes: Buffer;
}

export interface TrustRecord extends SignerId {
  /** One of {@link Role}; any other number is kept. */
  readonly role: number;
  /** Empty when the record has none. */
  readonly dnsName: string;
  /** Subject, issuer and serial are empty in a record without certificate (CTL of a cluster set to non-secure mode). */
  readonly subject: string;
  readonly publicKey?: KeyObject;
  /** As in the record: PKCS#1 of an RSA key, the point of an EC key. */
  readonly publicKeyBytes?: Buffer;
  /** Signature under the certificate; tokens have none. */
  readonly signature?: Buffer;
  readonly certificate?: Certificate;
  readonly ipAddress?: string;
  readonly certificateHash?: Buffer;
  readonly hashAlgorithm?: number;
  readonly unknown: readonly UnknownField[];
  /** Where the record begins in the file, and its length in bytes. */
  readonly offset: number;
  readonly length: number;
  /** Every field in order, for writing the same bytes again. */
  readonly tlvs: readonly Tlv[];
}

export const RecordTag = {
  RECORD_LENGTH: 1,
  DNS_NAME: 2,
  SUBJECT_NAME: 3,
  FUNCTION: 4,
  ISSUER_NAME: 5,
  SERIAL_NUMBER: 6,
  PUBLIC_KEY: 7,
  SIGNATURE: 8,
  CERTIFICATE: 9,
  IP_ADDRESS: 10,
  CERTIFICATE_HASH: 11,
  HASH_ALGORITHM: 12,
} as const;

const NAMES = {
  1: "RECORDLENGTH",
  2: "DNSNAME",
  3: "SUBJECTNAME",
  4: "FUNCTION",
  5: "ISSUERNAME",
  6: "SERIALNUMBER",
  7: "PUBLICKEY",
  8: "SIGNATURE",
  9: "CERTIFICATE",
  10: "IPADDRESS",
  11: "CERTIFICATEHASH",
  12: "HASHALGORITHM",
} as const;

/** Phones fail above 64 KB (Cisco's Security Guide, ITL). */
export const MAX_TRUST_LIST_BYTES = 65_536;
/** Above so many the file passes 64 KB (the same guide). */
export const MAX_TRUST_LIST_CERTIFICATES = 39;
const MAX_RECORDS = 1_024;
/** RECORDLENGTH itself. */
const RECORD_START = 5;

/**
 * Reads a CTL or ITL. Strict: every byte belongs to a field, no field comes twice, every length holds, every
 * certificate is well-formed and agrees with the serial number and key beside it. Signatures are not checked here.
 * @param options.maxBytes @default 65536
 * @throws TrustListError with the offset and what was expected
 */
export function parseTrustList(bytes: Uint8Array, options: { readonly maxBytes?: number } = {}): TrustList {
  const maxBytes = options.maxBytes ?? MAX_TRUST_LIST_BYTES;
  if (bytes.length > maxBytes) throw fail(maxBytes, `a file of at most ${maxBytes} bytes`, `${bytes.length}`);
  const file = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  const header = parseFileHeader(file);
  const records: TrustRecord[] = [];
  for (let at = header.headerLength; at < file.length; ) {
    if (records.length === MAX_RECORDS) throw fail(at, `at most ${MAX_RECORDS} records`, "one more");
    const record = parseRecord(file, at);
    records.push(record);
    at += record.length;
  }
  const kind = /^(CTL|ITL)/.exec(header.filename ?? "")?.[1] as "CTL" | "ITL" | undefined;
  // Not `...header`: spreading makes an object that is many times slower to fill.
  return {
    version: header.version,
    headerLength: header.headerLength,
    signer: header.signer,
    digest: header.digest,
    signatureAlgorithm: header.signatureAlgorithm,
    modulusCode: header.modulusCode,
    signature: header.signature,
    filename: header.filename,
    timestamp: header.timestamp,
    signerVersion: header.signerVersion,
    unknown: header.unknown,
    tlvs: header.tlvs,
    kind,
    issuer: header.signer.issuer,
    records,
    bytes: file,
    signedBytes: signedBytes(file, header),
  };
}

/** Writes a list from its fields: the same bytes that it was read from. */
export function encodeTrustList(list: Pick<TrustList, "tlvs" | "records">): Buffer {
  return writeTlvs([...list.tlvs, ...list.records.flatMap((record) => record.tlvs)], fail);
}

export interface RecordInput {
  readonly role: number;
  /** Left out: a record of a server without certificate. */
  readonly certificate?: Certificate;
  /** @default "" */
  readonly dnsName?: string;
  /** @default "0.0.0.0" */
  readonly ipAddress?: string;
}

export interface TrustListInput extends Omit<Signing, "filename"> {
  readonly kind: "CTL" | "ITL";
  /** @default "CTLFile.tlv" or "ITLFile.tlv" */
  readonly filename?: string;
  readonly records: readonly RecordInput[];
}

/** A signed CTL or ITL. @throws TrustListError when a field does not fit or the key cannot sign */
export function buildTrustList(input: TrustListInput): Buffer {
  const filename = input.filename ?? `${input.kind}File.tlv`;
  return buildSigned({ ...input, filename }, Buffer.concat(input.records.map(buildRecord)));
}

/** What a certificate adds to a list, in bytes; names of servers add to that. */
export function recordLength(certificate: Certificate): number {
  return buildRecord({ role: Role.SAST, certificate }).length;
}

/** Whether that key signed the list. */
export function verifyTrustList(list: TrustList, key: KeyObject | Certificate): boolean {
  return verifySigned(list, key);
}

/**
 * The list's own record of its signer: role SAST, issuer and serial those of the header. Says nothing of the
 * signature: see {@link verifyTrustList}.
 */
export function findSigner(list: TrustList): TrustRecord | undefined {
  return findRecord(list, list.signer, [Role.SAST]);
}

/** First record of that certificate in one of these roles. Matching is by issuer and serial, as phones do it. */
export function findRecord(list: TrustList, id: SignerId, roles: readonly number[]): TrustRecord | undefined {
  return list.records.find((record) => roles.includes(record.role) && isSigner(id, record));
}

function parseRecord(file: Buffer, at: number): TrustRecord {
  if (at + RECORD_START > file.length) {
    throw fail(at, "a record of at least 5 bytes", `only ${file.length - at} bytes left`);
  }
  if (file[at] !== RecordTag.RECORD_LENGTH || file.readUInt16BE(at + 1) !== 2) {
    throw fail(at, "RECORDLENGTH (tag 1) of 2 bytes at the beginning of a record", `tag ${file[at]}`);
  }
  const length = file.readUInt16BE(at + 3);
  if (length < RECORD_START || at + length > file.length) {
    throw fail(at + 3, `a record length of ${RECORD_START} to ${file.length - at}`, `${length}`);
  }
  const tlvs = readTlvs(file, at, at + length, fail);
  const fields = new TlvFields(tlvs, NAMES, { offset: at, name: "the record" }, fail);
  const serial = fields.optional(RecordTag.SERIAL_NUMBER);
  const certificate = readCertificate(fields.optional(RecordTag.CERTIFICATE));
  const key = readKey(fields.optional(RecordTag.PUBLIC_KEY), certificate);
  const signature = fields.optional(RecordTag.SIGNATURE);
  const address = fields.optional(RecordTag.IP_ADDRESS);
  const ipAddress = address && addressText(address.bytes, address.start, address.end);
  if (address && ipAddress === undefined) {
    throw fail(address.offset, "IPADDRESS of 4 or 16 bytes", `${address.size}`);
  }
  const record: TrustRecord = {
    role: fields.number(RecordTag.FUNCTION, 2),
    dnsName: fields.optionalText(RecordTag.DNS_NAME) ?? "",
    subject: fields.optionalText(RecordTag.SUBJECT_NAME) ?? "",
    issuer: fields.optionalText(RecordTag.ISSUER_NAME) ?? "",
    serial: serial === undefined ? "" : serialOf(serial),
    publicKey: key?.publicKey,
    publicKeyBytes: key?.bytes,
    signature:
      signature &&
      (certificate && signature.equals(certificate.signature) ? certificate.signature : signature.value),
    certificate,
    ipAddress,
    certificateHash: fields.optional(RecordTag.CERTIFICATE_HASH)?.value,
    hashAlgorithm: fields.optionalNumber(RecordTag.HASH_ALGORITHM, 1),
    unknown: fields.unknown,
    offset: at,
    length,
    tlvs,
  };
  if (certificate && serial && certificate.serial !== record.serial) {
    throw fail(
      serial.offset,
      `the serial number of the record's certificate, ${certificate.serial}`,
      record.serial,
    );
  }
  return record;
}

function readCertificate(field: Field | undefined): Certificate | undefined {
  if (field === undefined || field.size === 0) return undefined;
  try {
    return Certificate.fromDer(field.value);
  } catch (cause) {
    throw fail(field.offset, "a DER certificate", (cause as Error).message, cause);
  }
}

/** A phone checks signatures with the record's key, so it must be the key of the certificate beside it. */
function readKey(
  field: Field | undefined,
  certificate: Certificate | undefined,
): { readonly bytes: Buffer; readonly publicKey?: KeyObject } | undefined {
  if (field === undefined) return undefined;
  if (certificate !== undefined && field.equals(certificate.publicKeyBytes))
    return { bytes: certificate.publicKeyBytes, publicKey: certificate.publicKey };
  const bytes = field.value;
  if (bytes.length === 0) return { bytes };
  if (certificate !== undefined) {
    throw fail(field.offset, "the public key of the record's certificate", "another");
  }
  try {
    return { bytes, publicKey: keyOf(bytes) };
  } catch (cause) {
    throw fail(field.offset, "an RSA key (PKCS#1) or an EC point", `${bytes.length} other bytes`, cause);
  }
}

function buildRecord(input: RecordInput): Buffer {
  const { certificate, dnsName = "", ipAddress = "0.0.0.0" } = input;
  const address = addressBytes(ipAddress);
  if (address === undefined) throw fail(0, "an IPv4 or IPv6 address", JSON.stringify(ipAddress));
  if (!Number.isInteger(input.role) || input.role < 0 || input.role > 0xffff) {
    throw fail(0, "a role of 0 to 65535", `${input.role}`);
  }
  const fields = writeTlvs(
    [
      { tag: RecordTag.DNS_NAME, value: textBytes(dnsName, "DNS name", fail) },
      ...(certificate === undefined
        ? [{ tag: RecordTag.FUNCTION, value: uint16(input.role) }]
        : [
            { tag: RecordTag.SUBJECT_NAME, value: textBytes(certificate.subject, "subject", fail) },
            { tag: RecordTag.FUNCTION, value: uint16(input.role) },
            { tag: RecordTag.ISSUER_NAME, value: textBytes(certificate.issuer, "issuer", fail) },
            { tag: RecordTag.SERIAL_NUMBER, value: certificate.serialBytes },
            { tag: RecordTag.PUBLIC_KEY, value: certificate.publicKeyBytes },
            { tag: RecordTag.SIGNATURE, value: certificate.signature },
            { tag: RecordTag.CERTIFICATE, value: certificate.der },
          ]),
      { tag: RecordTag.IP_ADDRESS, value: address },
    ],
    fail,
  );
  const length = RECORD_START + fields.length;
  if (length > 0xffff) throw fail(0, "a record of at most 65535 bytes", `${length}`);
  return Buffer.concat([writeTlvs([{ tag: RecordTag.RECORD_LENGTH, value: uint16(length) }], fail), fields]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
