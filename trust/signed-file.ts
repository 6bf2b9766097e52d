import type { KeyObject } from "node:crypto";
import type { Certificate } from "./certificate";
import {
  buildSigned,
  type FileHeader,
  fail,
  parseFileHeader,
  type Signing,
  signedBytes,
  verifySigned,
} from "./file-header";
import { writeTlvs } from "./tlv";

export { TrustListError } from "./file-header";

/** A signed configuration file (`.sgn`): the header of a trust list, then the file as it is. */
export interface SignedFile extends FileHeader {
  readonly payload: Buffer;
  /** The whole file. */
  readonly bytes: Buffer;
  /** What the signature is over. */
  readonly signedBytes: Buffer;
}

/** Configurations are tens of KB; locale files can be more. */
export const MAX_SIGNED_FILE_BYTES = 1_048_576;

/**
 * Reads a `.sgn` file. The signature is not checked here.
 * @param options.maxBytes @default 1048576
 * @throws TrustListError with the offset and what was expected
 */
export function parseSignedFile(bytes: Uint8Array, options: { readonly maxBytes?: number } = {}): SignedFile {
  const maxBytes = options.maxBytes ?? MAX_SIGNED_FILE_BYTES;
  if (bytes.length > maxBytes) throw fail(maxBytes, `a file of at most ${maxBytes} bytes`, `${bytes.length}`);
  const file = Buffer.from(bytes);
  const header = parseFileHeader(file);
  return {
    ...header,
    payload: file.subarray(header.headerLength),
    bytes: file,
    signedBytes: signedBytes(file, header),
  };
}

/** Writes a file from its fields: the same bytes that it was read from. */
export function encodeSignedFile(file: Pick<SignedFile, "tlvs" | "payload">): Buffer {
  return Buffer.concat([writeTlvs(file.tlvs, fail), file.payload]);
}

/** A signed file. @throws TrustListError when a field does not fit or the key cannot sign */
export function buildSignedFile(input: Signing & { readonly payload: Uint8Array }): Buffer {
  return buildSigned(input, Buffer.from(input.payload));
}

/** Whether that key signed the file. */
export function verifySignedFile(file: SignedFile, key: KeyObject | Certificate): boolean {
  return verifySigned(file, key);
}
