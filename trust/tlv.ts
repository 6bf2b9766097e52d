import { isUtf8 } from "node:buffer";

/**
 * The tag-length-value coding that trust lists, signed files and TVS messages share: one byte of tag, two bytes of
 * length (big-endian), the value.
 */
export class Tlv {
  constructor(
    readonly tag: number,
    /** Where the tag is, counted from the beginning of the whole file or message. */
    readonly offset: number,
    /** Bytes of the value; -1 for a tag that stands alone. */
    readonly size: number,
    /** The whole file or message. */
    readonly bytes: Buffer,
  ) {}

  /** Where the value begins. */
  get start(): number {
    return this.offset + HEAD;
  }
  get end(): number {
    return this.offset + HEAD + this.size;
  }
  /** `null` for a tag that stands alone, without length and value (the padding of file headers). */
  get value(): Buffer | null {
    return this.size < 0 ? null : this.bytes.subarray(this.start, this.end);
  }
  /** Whether the value is these bytes. */
  equals(other: Buffer): boolean {
    return this.size === other.length && other.compare(this.bytes, this.start, this.end) === 0;
  }
}

/** A field to be written. */
export type TlvInput = Pick<Tlv, "tag" | "value">;
/** A field that has a value. */
export type Field = Tlv & { readonly value: Buffer };

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
 * Reads the TLVs that fill `bytes` from `start` to `end` exactly.
 * @param bytes the whole file or message: offsets in errors are counted from its beginning
 * @param alone a tag that stands alone
 */
export function readTlvs(bytes: Buffer, start: number, end: number, fail: Fail, alone?: number): Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = start; at < end; ) {
    const tag = bytes[at]!;
    if (tag === alone) {
      tlvs.push(new Tlv(tag, at, -1, bytes));
      at += 1;
      continue;
    }
    if (at + HEAD > end) throw fail(at, `tag ${tag} with a length of 2 bytes`, "the end");
    const size = bytes[at + 1]! * 256 + bytes[at + 2]!;
    if (at + HEAD + size > end) {
      throw fail(at, `tag ${tag} with ${size} bytes`, `only ${end - at - HEAD} bytes left`);
    }
    tlvs.push(new Tlv(tag, at, size, bytes));
    at += HEAD + size;
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

export function writeTlvs(tlvs: readonly TlvInput[], fail: Fail): Buffer {
  return Buffer.concat(
    tlvs.map(({ tag, value }) => (value === null ? Buffer.of(tag) : writeTlv(tag, value, fail))),
  );
}

const NONE: readonly UnknownField[] = [];

/** Looks fields up by tag; a tag that comes twice would let two readers disagree, so it is an error. */
export class TlvFields {
  /** Fields whose tag has no name here. */
  readonly unknown: readonly UnknownField[];

  constructor(
    private readonly tlvs: readonly Tlv[],
    /** Tags below 32 and their names. */
    private readonly names: { readonly [tag: number]: string },
    /** Offset and name of what holds the fields, for errors about absent ones. */
    private readonly holder: { readonly offset: number; readonly name: string },
    private readonly fail: Fail,
  ) {
    let unknown: UnknownField[] | undefined;
    let seen = 0;
    for (const tlv of tlvs) {
      const { tag } = tlv;
      if (tlv.size < 0) continue;
      if (names[tag] === undefined) {
        unknown ??= [];
        unknown.push({ tag, value: tlv.value! });
        continue;
      }
      if (seen & (1 << tag)) throw fail(tlv.offset, `${names[tag]} once in ${holder.name}`, "it again");
      seen |= 1 << tag;
    }
    this.unknown = unknown ?? NONE;
  }

  optional(tag: number): Field | undefined {
    for (const tlv of this.tlvs) if (tlv.tag === tag && tlv.size >= 0) return tlv as Field;
    return undefined;
  }
  required(tag: number): Field {
    const tlv = this.optional(tag);
    if (tlv !== undefined) return tlv;
    throw this.fail(this.holder.offset, `${this.names[tag]} (tag ${tag}) in ${this.holder.name}`, "none");
  }
  /** An unsigned number (big-endian) of exactly that many bytes. */
  number(tag: number, size: number): number {
    return this.numberOf(this.required(tag), size);
  }
  optionalNumber(tag: number, size: number): number | undefined {
    const tlv = this.optional(tag);
    return tlv === undefined ? undefined : this.numberOf(tlv, size);
  }
  /** A text with its final NUL taken off. */
  text(tag: number): string {
    return this.textOf(this.required(tag));
  }
  optionalText(tag: number): string | undefined {
    const tlv = this.optional(tag);
    return tlv === undefined ? undefined : this.textOf(tlv);
  }

  private numberOf(field: Field, size: number): number {
    if (field.size === size) return field.bytes.readUIntBE(field.start, size);
    throw this.fail(field.offset, `${this.names[field.tag]} of ${size} bytes`, `${field.size}`);
  }
  private textOf(field: Field): string {
    const { bytes, start, size } = field;
    const last = field.end - 1;
    let ascii = true;
    let nul = start;
    for (; nul <= last && bytes[nul] !== 0; nul++) if (bytes[nul]! >= 0x80) ascii = false;
    if (nul === last) return ascii ? bytes.toString("latin1", start, last) : decodeText(bytes, start, last);
    const found = nul > last ? "none" : `one at its byte ${nul - start} of ${size}`;
    throw this.fail(field.offset, `${this.names[field.tag]} with one NUL, its last byte`, found);
  }
}

/** UTF-8, or Latin-1 when it is not: two different values never read the same. */
function decodeText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString(isUtf8(bytes.subarray(start, end)) ? "utf8" : "latin1", start, end);
}

/** UTF-8 with the final NUL of texts on the wire. @throws FormatError (by `fail`) when the text itself holds a NUL. */
export function textBytes(text: string, what: string, fail: Fail): Buffer {
  if (text.includes("\0")) throw fail(0, `${what} without NUL`, JSON.stringify(text));
  return Buffer.from(`${text}\0`, "utf8");
}
