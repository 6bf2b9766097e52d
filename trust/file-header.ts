import { constants, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { type Certificate, serialText } from "./certificate";
import { sameName } from "./name";
import {
  type Fail,
  type Field,
  FormatError,
  readTlvs,
  type Tlv,
  TlvFields,
  type TlvInput,
  textBytes,
  type UnknownField,
  writeTlv,
  writeTlvs,
} from "./tlv";

/**
 * The header that every file signed for phones begins with: CTL, ITL and `.sgn` configuration.
 *
 * Facts, from the transcripts of `show ctl` in Cisco's documents 118892 and 118893, whose lengths all add up:
 * header length counts the whole header, itself included; SIGNERID and SIGNATUREINFO wrap the fields that follow
 * them and their value is the sum of these; the header is padded to a multiple of 4. See docs/assumptions.md for
 * where the padding stands, the numbers of the signature algorithm and what exactly is signed.
 */
export interface FileHeader {
  /** `1.0`, `1.1` or `1.2`. */
  readonly version: string;
  readonly headerLength: number;
  readonly signer: SignerId & { readonly name: string };
  readonly digest: Digest;
  readonly signatureAlgorithm: number;
  /**
   * 0..3 for signatures of 64, 128, 256, 512 bytes. No source has a code for other sizes (CUCM offers 3072 bits, too):
   * such a file is read whatever its code is, see {@link modulusCodeOf}.
   */
  readonly modulusCode: number;
  readonly signature: Buffer;
  /** As it was when signed, e.g. `CTLFile.tlv`. */
  readonly filename?: string;
  readonly timestamp?: Date;
  /** Raw bytes of the signer version, e.g. `0101`; from 1.1 on the signer knows elliptic curves. */
  readonly signerVersion?: Buffer;
  readonly unknown: readonly UnknownField[];
  /** Every field in order, for writing the same bytes again. */
  readonly tlvs: readonly Tlv[];
}

/** Who signed: issuer and serial number of the signer's certificate, never its name alone. */
export interface SignerId {
  /** Name text, `CN=..;OU=..`. */
  readonly issuer: string;
  /** Upper-case hex, as {@link Certificate.serial}. */
  readonly serial: string;
}

export type Digest = "sha1" | "sha256" | "sha512";

/** A trust list or signed file that is not what the format says. */
export class TrustListError extends FormatError {
  override readonly name = "TrustListError";
}

export const fail: Fail = (offset, expected, found, cause) =>
  new TrustListError(offset, expected, found, cause === undefined ? undefined : { cause });

export const HeaderTag = {
  VERSION: 1,
  HEADER_LENGTH: 2,
  SIGNER_ID: 3,
  SIGNER_NAME: 4,
  SERIAL_NUMBER: 5,
  CA_NAME: 6,
  SIGNATURE_INFO: 7,
  DIGEST_ALGORITHM: 8,
  SIGNATURE_ALGORITHM_INFO: 9,
  SIGNATURE_ALGORITHM: 10,
  SIGNATURE_MODULUS: 11,
  SIGNATURE: 12,
  /** Stands alone, without length and value. */
  PADDING: 13,
  FILENAME: 14,
  TIMESTAMP: 15,
  SIGNER_VERSION: 28,
} as const;

const NAMES = {
  1: "VERSION",
  2: "HEADERLENGTH",
  3: "SIGNERID",
  7: "SIGNATUREINFO",
  12: "SIGNATURE",
  14: "FILENAME",
  15: "TIMESTAMP",
  28: "SIGNERVERSION",
} as const;
const SIGNER_NAMES = { 4: "SIGNERNAME", 5: "SERIALNUMBER", 6: "CANAME" } as const;
const SIGNATURE_NAMES = { 8: "DIGESTALGORITHM", 9: "SIGNATUREALGOINFO" } as const;
const ALGORITHM_NAMES = { 10: "SIGNATUREALGORITHM", 11: "SIGNATUREMODULUS" } as const;

const DIGESTS: { readonly [code: number]: Digest } = { 1: "sha1", 2: "sha256", 3: "sha512" };
/** No transcript shows the value; docs/assumptions.md: number of the signature algorithm. */
const RSA = 0;
const VERSIONS = ["1.0", "1.1", "1.2"];
const MIN_SIGNATURE_BYTES = 64;
const MODULUS_BYTES: readonly number[] = [64, 128, 256, 512];
const ALIGNMENT = 4;
/** VERSION and HEADERLENGTH, the two fields that must come first. */
const START = 10;

/** The code for signatures of that many bytes; `undefined` when none is known. */
export function modulusCodeOf(signatureBytes: number): number | undefined {
  const code = MODULUS_BYTES.indexOf(signatureBytes);
  return code < 0 ? undefined : code;
}

/** Reads the header at the beginning of `bytes`. @throws TrustListError */
export function parseFileHeader(bytes: Buffer): FileHeader {
  if (bytes.length < START) throw fail(0, `a header of at least ${START} bytes`, `${bytes.length} bytes`);
  if (bytes[0] !== HeaderTag.VERSION || bytes.readUInt16BE(1) !== 2) {
    throw fail(0, "VERSION (tag 1) of 2 bytes as the first field", `tag ${bytes[0]}`);
  }
  const [version, length] = readTlvs(bytes, 0, START, fail) as [Tlv, Tlv | undefined];
  const text = `${bytes[version.start]}.${bytes[version.start + 1]}`;
  if (!VERSIONS.includes(text)) throw fail(3, `version ${VERSIONS.join(", ")}`, text);
  if (length?.tag !== HeaderTag.HEADER_LENGTH || length.size !== 2) {
    throw fail(5, "HEADERLENGTH (tag 2) of 2 bytes as the second field", `tag ${bytes[5]}`);
  }
  const headerLength = bytes.readUInt16BE(length.start);
  if (headerLength < START || headerLength > bytes.length) {
    throw fail(8, `a header length of ${START} to ${bytes.length}`, `${headerLength}`);
  }
  const tlvs = readTlvs(bytes, 0, headerLength, fail, HeaderTag.PADDING);
  const fields = new TlvFields(tlvs, NAMES, { offset: 0, name: "the header" }, fail);
  const signer = inside(fields.required(HeaderTag.SIGNER_ID), SIGNER_NAMES, "SIGNERID");
  const info = inside(fields.required(HeaderTag.SIGNATURE_INFO), SIGNATURE_NAMES, "SIGNATUREINFO");
  const algorithm = inside(
    info.required(HeaderTag.SIGNATURE_ALGORITHM_INFO),
    ALGORITHM_NAMES,
    "SIGNATUREALGOINFO",
  );
  const digestCode = info.number(HeaderTag.DIGEST_ALGORITHM, 1);
  const digest = DIGESTS[digestCode];
  if (digest === undefined) {
    throw fail(
      info.required(HeaderTag.DIGEST_ALGORITHM).offset,
      "digest algorithm 1, 2 or 3",
      `${digestCode}`,
    );
  }
  const modulusCode = algorithm.number(HeaderTag.SIGNATURE_MODULUS, 1);
  const signature = fields.required(HeaderTag.SIGNATURE);
  // Two codes for one length would let two readers disagree; a length without a code is only reported.
  const code = modulusCodeOf(signature.size);
  if (
    signature.size < MIN_SIGNATURE_BYTES ||
    (code !== undefined && modulusCode <= 3 && code !== modulusCode)
  ) {
    throw fail(signature.offset, `SIGNATURE of ${64 << Math.min(modulusCode, 3)} bytes`, `${signature.size}`);
  }
  const timestamp = fields.optionalNumber(HeaderTag.TIMESTAMP, 4);
  return {
    version: text,
    headerLength,
    signer: {
      name: signer.text(HeaderTag.SIGNER_NAME),
      issuer: signer.text(HeaderTag.CA_NAME),
      serial: serialOf(signer.required(HeaderTag.SERIAL_NUMBER)),
    },
    digest,
    signatureAlgorithm: algorithm.number(HeaderTag.SIGNATURE_ALGORITHM, 1),
    modulusCode,
    signature: signature.value,
    filename: fields.optionalText(HeaderTag.FILENAME),
    timestamp: timestamp === undefined ? undefined : new Date(timestamp * 1000),
    signerVersion: fields.optional(HeaderTag.SIGNER_VERSION)?.value,
    unknown: allOf(fields.unknown, signer.unknown, info.unknown, algorithm.unknown),
    tlvs,
  };
}

function allOf(...lists: readonly (readonly UnknownField[])[]): readonly UnknownField[] {
  return lists.some((list) => list.length > 0) ? lists.flat() : lists[0]!;
}

/** Serial number of 1 to 64 bytes. */
export function serialOf(field: Field): string {
  if (field.size < 1 || field.size > 64)
    throw fail(field.offset, "a serial number of 1 to 64 bytes", `${field.size}`);
  return serialText(field.bytes, field.start, field.end);
}

/**
 * What the signature is over: the whole file, header and body, with the SIGNATURE field (tag, length and value)
 * cut out. The header length stays what it is in the file, counting the field that was cut out; the padding stays in.
 */
export function signedBytes(file: Buffer, header: Pick<FileHeader, "tlvs">): Buffer {
  const field = header.tlvs.find((tlv) => tlv.tag === HeaderTag.SIGNATURE)!;
  const rest = Buffer.allocUnsafe(file.length - (field.end - field.offset));
  file.copy(rest, 0, 0, field.offset);
  file.copy(rest, field.offset, field.end);
  return rest;
}

/** Everything about a signed file that its author chooses, but the body. */
export interface Signing {
  readonly signer: Certificate;
  /** The signer's own RSA key: 512, 1024, 2048 or 4096 bits, others only with a `modulusCode`. */
  readonly privateKey: KeyObject;
  /** What to write for a key whose size has no known code. @default the code of the key's size */
  readonly modulusCode?: number;
  readonly digest: Digest;
  readonly filename: string;
  readonly timestamp: Date;
  /** Major and minor version of the signer, e.g. `[1, 1]`; left out when absent. */
  readonly signerVersion?: readonly [number, number];
  /** @default "1.2" */
  readonly version?: "1.0" | "1.1" | "1.2";
}

/** Header and body, signed. @throws TrustListError when the key cannot sign such a file or a field is too long. */
export function buildSigned(options: Signing, body: Buffer): Buffer {
  const { signer, privateKey, digest } = options;
  if (privateKey.type !== "private" || !createPublicKey(privateKey).equals(signer.publicKey)) {
    throw fail(0, "the private key of the signer's certificate", "another key");
  }
  const size = (signer.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const modulusCode = modulusCodeOf(size) ?? options.modulusCode;
  if (signer.publicKey.asymmetricKeyType !== "rsa" || modulusCode === undefined) {
    throw fail(0, "an RSA key of 512, 1024, 2048 or 4096 bits", keyWords(signer.publicKey));
  }
  const seconds = Math.floor(options.timestamp.getTime() / 1000);
  if (!(seconds >= 0 && seconds <= 0xffffffff))
    throw fail(0, "a timestamp from 1970 to 2106", `${seconds} s`);

  const before = [
    tlv(HeaderTag.SIGNER_ID, signerFields(signer)),
    tlv(HeaderTag.SIGNATURE_INFO, signatureFields(digest, modulusCode)),
  ];
  const after = [
    tlv(HeaderTag.FILENAME, textBytes(options.filename, "file name", fail)),
    tlv(HeaderTag.TIMESTAMP, uint32(seconds)),
    ...(options.signerVersion === undefined
      ? []
      : [tlv(HeaderTag.SIGNER_VERSION, Buffer.from(options.signerVersion))]),
  ];
  const bare = START + writeTlvs([...before, ...after], fail).length + 3 + size;
  const padding = (ALIGNMENT - (bare % ALIGNMENT)) % ALIGNMENT;
  if (bare + padding > 0xffff) throw fail(0, "a header of at most 65535 bytes", `${bare + padding}`);

  const version = (options.version ?? "1.2").split(".").map(Number);
  const head = writeTlvs(
    [
      tlv(HeaderTag.VERSION, Buffer.from(version)),
      tlv(HeaderTag.HEADER_LENGTH, uint16(bare + padding)),
      ...before,
    ],
    fail,
  );
  const tail = Buffer.concat([Buffer.alloc(padding, HeaderTag.PADDING), writeTlvs(after, fail), body]);
  const signature = signWith(privateKey, digest, Buffer.concat([head, tail]));
  return Buffer.concat([head, writeTlv(HeaderTag.SIGNATURE, signature, fail), tail]);
}

/** Whether that key made the file's signature: RSA PKCS#1 v1.5. A key of another kind or size: false. */
export function verifySigned(
  file: { readonly digest: Digest; readonly signature: Buffer; readonly signedBytes: Buffer },
  key: KeyObject | Certificate,
): boolean {
  const publicKey = "publicKey" in key ? key.publicKey : key;
  if (publicKey.asymmetricKeyType !== "rsa") return false;
  if (publicKey.asymmetricKeyDetails?.modulusLength !== file.signature.length * 8) return false;
  try {
    return verify(
      file.digest,
      file.signedBytes,
      { key: publicKey, padding: constants.RSA_PKCS1_PADDING },
      file.signature,
    );
  } catch {
    return false;
  }
}

/** Whether a certificate or record is the one that `id` names: serial numbers equal, issuers the same name. */
export function isSigner(id: SignerId, candidate: SignerId): boolean {
  return id.serial === candidate.serial && sameName(id.issuer, candidate.issuer);
}

function inside(field: Field, names: { readonly [tag: number]: string }, name: string) {
  const { bytes, start, end, offset } = field;
  return new TlvFields(readTlvs(bytes, start, end, fail), names, { offset, name }, fail);
}

function signWith(privateKey: KeyObject, digest: Digest, bytes: Buffer): Buffer {
  try {
    return sign(digest, bytes, { key: privateKey, padding: constants.RSA_PKCS1_PADDING });
  } catch (cause) {
    // A key of 512 bits is too short for PKCS#1 with SHA-512.
    throw fail(0, `a key that can sign with ${digest}`, (cause as Error).message, cause);
  }
}

function signerFields(signer: Certificate): Buffer {
  return writeTlvs(
    [
      tlv(HeaderTag.SIGNER_NAME, textBytes(signer.subject, "signer name", fail)),
      tlv(HeaderTag.SERIAL_NUMBER, signer.serialBytes),
      tlv(HeaderTag.CA_NAME, textBytes(signer.issuer, "CA name", fail)),
    ],
    fail,
  );
}

function signatureFields(digest: Digest, modulusCode: number): Buffer {
  const code = Number(Object.keys(DIGESTS).find((key) => DIGESTS[Number(key)] === digest));
  const algorithm = [
    tlv(HeaderTag.SIGNATURE_ALGORITHM, Buffer.of(RSA)),
    tlv(HeaderTag.SIGNATURE_MODULUS, Buffer.of(modulusCode)),
  ];
  return writeTlvs(
    [
      tlv(HeaderTag.DIGEST_ALGORITHM, Buffer.of(code)),
      tlv(HeaderTag.SIGNATURE_ALGORITHM_INFO, writeTlvs(algorithm, fail)),
    ],
    fail,
  );
}

function tlv(tag: number, value: Buffer): TlvInput {
  return { tag, value };
}
function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
function keyWords(key: KeyObject): string {
  return `${key.asymmetricKeyType} of ${key.asymmetricKeyDetails?.modulusLength ?? "unknown"} bits`;
}
