import { asBuffer, textOf } from "../bytes";
import { DecodeError } from "../decode-error";

/** What comes next in a MessagePack text (msgpack spec, "Formats"); `extension` bodies are skipped. */
export type Token =
  | { readonly kind: "nil" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "binary"; readonly value: Buffer }
  | { readonly kind: "array"; readonly length: number }
  | { readonly kind: "map"; readonly length: number }
  | { readonly kind: "extension"; readonly type: number };

const NIL = { kind: "nil" } as const;
const TRUE = { kind: "bool", value: true } as const;
const FALSE = { kind: "bool", value: false } as const;

/** Reads MessagePack token by token from bytes that are not trusted: no length is believed beyond the bytes left. */
export class MsgpackReader {
  private position = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = asBuffer(bytes);
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  next(): Token {
    const head = this.bytes[this.take(1)]!;
    if (head < 0x80) return { kind: "int", value: head };
    if (head < 0x90) return this.container("map", head & 0x0f);
    if (head < 0xa0) return this.container("array", head & 0x0f);
    if (head < 0xc0) return this.string(head & 0x1f);
    if (head >= 0xe0) return { kind: "int", value: head - 0x100 };
    const read = FORMATS[head - 0xc0];
    if (read === undefined) throw new DecodeError("MessagePack has a byte that starts no value");
    return read(this);
  }

  uint(length: 1 | 2 | 4): number {
    return this.bytes.readUIntBE(this.take(length), length);
  }

  int(length: 1 | 2 | 4): number {
    return this.bytes.readIntBE(this.take(length), length);
  }

  int64(signed: boolean): number | bigint {
    const at = this.take(8);
    const value = signed ? this.bytes.readBigInt64BE(at) : this.bytes.readBigUInt64BE(at);
    const narrowed = Number(value);
    return Number.isSafeInteger(narrowed) ? narrowed : value;
  }

  float(length: 4 | 8): number {
    const at = this.take(length);
    return length === 4 ? this.bytes.readFloatBE(at) : this.bytes.readDoubleBE(at);
  }

  string(length: number): Token {
    const at = this.take(length);
    const value = textOf(this.bytes, at, at + length);
    if (value === undefined) throw new DecodeError("MessagePack string is not UTF-8");
    return { kind: "string", value };
  }

  /** A view, not a copy. */
  binary(length: number): { readonly kind: "binary"; readonly value: Buffer } {
    const at = this.take(length);
    return { kind: "binary", value: this.bytes.subarray(at, at + length) };
  }

  container(kind: "array" | "map", length: number): Token {
    // Each element has at least one byte: a longer one cannot be honest.
    if (length * (kind === "map" ? 2 : 1) > this.left) {
      throw new DecodeError(`MessagePack ${kind} is longer than the message`);
    }
    return { kind, length };
  }

  extension(length: number): Token {
    const type = this.int(1);
    this.take(length);
    return { kind: "extension", type };
  }

  private take(length: number): number {
    if (length > this.left) throw new DecodeError("MessagePack is truncated");
    const at = this.position;
    this.position += length;
    return at;
  }
}

/** Formats 0xc0 to 0xdf. */
const FORMATS: readonly (((r: MsgpackReader) => Token) | undefined)[] = [
  () => NIL,
  undefined, // 0xc1 is never used
  () => FALSE,
  () => TRUE,
  (r) => r.binary(r.uint(1)),
  (r) => r.binary(r.uint(2)),
  (r) => r.binary(r.uint(4)),
  (r) => r.extension(r.uint(1)),
  (r) => r.extension(r.uint(2)),
  (r) => r.extension(r.uint(4)),
  (r) => ({ kind: "float", value: r.float(4) }),
  (r) => ({ kind: "float", value: r.float(8) }),
  (r) => ({ kind: "int", value: r.uint(1) }),
  (r) => ({ kind: "int", value: r.uint(2) }),
  (r) => ({ kind: "int", value: r.uint(4) }),
  (r) => ({ kind: "int", value: r.int64(false) }),
  (r) => ({ kind: "int", value: r.int(1) }),
  (r) => ({ kind: "int", value: r.int(2) }),
  (r) => ({ kind: "int", value: r.int(4) }),
  (r) => ({ kind: "int", value: r.int64(true) }),
  (r) => r.extension(1),
  (r) => r.extension(2),
  (r) => r.extension(4),
  (r) => r.extension(8),
  (r) => r.extension(16),
  (r) => r.string(r.uint(1)),
  (r) => r.string(r.uint(2)),
  (r) => r.string(r.uint(4)),
  (r) => r.container("array", r.uint(2)),
  (r) => r.container("array", r.uint(4)),
  (r) => r.container("map", r.uint(2)),
  (r) => r.container("map", r.uint(4)),
];
