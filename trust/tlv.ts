import { isUtf8 } from "node:buffer";

/**
 * The tag-length-value coding that trust lists, signed files and TVS messages share: one byte of tag, two bytes of
 * length (big-endian), the value.
 */
export interface Tlv {
  readonly tag: number;
  /** `null` for a tag that stands alone, without length and value (the padding of file headers). */
  readonly value: Buffer | null;
  /** Where the tag is, counted from the beginning of the whole file or message. */
  readonly offset: number;
}

/** A field whose tag has no meaning that we know: kept, shown, written back. */
export interface UnknownField {
  readonly tag: number;
  readonly value: Buffer;
}

/** What is wrong with some bytes, and where. */
export class FormatError extends Error {
  override readonly name: string = "FormatError";
  constructor(
    /** Counted from the beginning of the file or message. */
    readonly offset: number,
    readonly expected: string,
    readonly found: string,
    options?: ErrorOptions,
  ) {
    super(`byte ${offset}: expected ${expected}, found ${found}`, options);
  }
}

/** Makes the caller's own kind of {@link FormatError}. */
export type Fail = (offset: number, expected: string, found: string, cause?: unknown) => FormatError;

export const MAX_VALUE = 0xffff;
const HEAD = 3;

/**
 * Reads the TLVs that fill `bytes` exactly.
 * @param base offset of `bytes[0]` in the whole file, for errors
 * @param alone a tag that stands alone
 */
export function readTlvs(bytes: Buffer, base: number, fail: Fail, alone?: number): Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    const offset = base + at;
    if (tag === alone) {
      tlvs.push({ tag, value: null, offset });
      at += 1;
      continue;
    }
    if (at + HEAD > bytes.length) throw fail(offset, `tag ${tag} with a length of 2 bytes`, "the end");
    const length = bytes.readUInt16BE(at + 1);
    const end = at + HEAD + length;
    if (end > bytes.length) {
      throw fail(offset, `tag ${tag} with ${length} bytes`, `only ${bytes.length - at - HEAD} bytes left`);
    }
    tlvs.push({ tag, value: bytes.subarray(at + HEAD, end), offset });
    at = end;
  }
  return tlvs;
}

/** @throws FormatError (by `fail`) when the value is longer than 65535 bytes. */
export function writeTlv(tag: number, value: Buffer, fail: Fail): Buffer {
  if (value.length > MAX_VALUE)
    throw fail(0, `at most ${MAX_VALUE} bytes for tag ${tag}`, `${value.length} bytes`);
  const bytes = Buffer.alloc(HEAD + value.length);
  bytes.writeUInt8(tag, 0);
  bytes.writeUInt16BE(value.length, 1);
  value.copy(bytes, HEAD);
  return bytes;
}

export function writeTlvs(tlvs: readonly Pick<Tlv, "tag" | "value">[], fail: Fail): Buffer {
  return Buffer.concat(
    tlvs.map(({ tag, value }) => (value === null ? Buffer.of(tag) : writeTlv(tag, value, fail))),
  );
}

/** Looks fields up by tag; a tag that comes twice would let two readers disagree, so it is an error. */
export class TlvFields {
  private readonly byTag = new Map<number, Tlv>();

  constructor(
    private readonly tlvs: readonly Tlv[],
    private readonly names: { readonly [tag: number]: string },
    /** Offset and name of what holds the fields, for errors about absent ones. */
    private readonly holder: { readonly offset: number; readonly name: string },
    private readonly fail: Fail,
  ) {
    for (const tlv of tlvs) {
      if (tlv.value === null || names[tlv.tag] === undefined) continue;
      if (this.byTag.has(tlv.tag))
        throw fail(tlv.offset, `${names[tlv.tag]} once in ${holder.name}`, "it again");
      this.byTag.set(tlv.tag, tlv);
    }
  }

  optional(tag: number): (Tlv & { readonly value: Buffer }) | undefined {
    return this.byTag.get(tag) as (Tlv & { readonly value: Buffer }) | undefined;
  }
  required(tag: number): Tlv & { readonly value: Buffer } {
    const tlv = this.optional(tag);
    if (tlv !== undefined) return tlv;
    throw this.fail(this.holder.offset, `${this.names[tag]} (tag ${tag}) in ${this.holder.name}`, "none");
  }
  /** A required field of exactly that many bytes. */
  sized(tag: number, size: number): Buffer {
    return this.checkSize(this.required(tag), size);
  }
  optionalSized(tag: number, size: number): Buffer | undefined {
    const tlv = this.optional(tag);
    return tlv === undefined ? undefined : this.checkSize(tlv, size);
  }
  /** A text with its final NUL taken off. */
  text(tag: number): string {
    return this.textOf(this.required(tag));
  }
  optionalText(tag: number): string | undefined {
    const tlv = this.optional(tag);
    return tlv === undefined ? undefined : this.textOf(tlv);
  }
  get unknown(): UnknownField[] {
    return this.tlvs.flatMap(({ tag, value }) =>
      value !== null && this.names[tag] === undefined ? [{ tag, value }] : [],
    );
  }

  private checkSize({ tag, value, offset }: Tlv & { readonly value: Buffer }, size: number): Buffer {
    if (value.length === size) return value;
    throw this.fail(offset, `${this.names[tag]} of ${size} bytes`, `${value.length}`);
  }
  private textOf({ tag, value, offset }: Tlv & { readonly value: Buffer }): string {
    const nul = value.indexOf(0);
    if (nul === value.length - 1 && nul >= 0) return decodeText(value.subarray(0, nul));
    const found = nul < 0 ? "none" : `one at its byte ${nul} of ${value.length}`;
    throw this.fail(offset, `${this.names[tag]} with one NUL, its last byte`, found);
  }
}

/** UTF-8, or Latin-1 when it is not: two different values never read the same. */
function decodeText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
}

/** UTF-8 with the final NUL of texts on the wire. @throws FormatError (by `fail`) when the text itself holds a NUL. */
export function textBytes(text: string, what: string, fail: Fail): Buffer {
  if (text.includes("\0")) throw fail(0, `${what} without NUL`, JSON.stringify(text));
  return Buffer.from(`${text}\0`, "utf8");
}
