import { textOf } from "../bytes";
import { DecodeError } from "../decode-error";

/** Wire types of protobuf (protobuf.dev, "Encoding"). 3 and 4 are the retired groups. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
const GROUP_START = 3;
const GROUP_END = 4;
export const FIXED32 = 5;

/** How deep messages may nest; the limit of the common protobuf libraries. */
const MAX_DEPTH = 100;

/** Reads the primitives of protobuf from bytes that are not trusted: every length is checked before it is used. */
export class Reader {
  private position: number;

  constructor(
    private readonly bytes: Buffer,
    start = 0,
    private readonly end = bytes.length,
    readonly depth = 0,
  ) {
    if (depth > MAX_DEPTH) throw new DecodeError(`message nests deeper than ${MAX_DEPTH} levels`);
    this.position = start;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** A field's number and wire type. */
  tag(): { number: number; wireType: number } {
    const tag = this.unsigned();
    const number = Math.floor(tag / 8);
    if (number < 1 || number > 0x1fffffff) throw new DecodeError(`field number ${number} does not exist`);
    return { number, wireType: tag % 8 };
  }

  /** A varint that fits a safe integer. */
  unsigned(): number {
    const value = this.varint();
    if (typeof value === "number") return value;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new DecodeError("varint is too large");
    return Number(value);
  }

  /** An int64 (two's complement in a varint). */
  int64(): number {
    const unsigned = this.varint();
    if (typeof unsigned === "number") return unsigned;
    const value = BigInt.asIntN(64, unsigned);
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
      throw new DecodeError("int64 is outside of what a number holds exactly");
    }
    return Number(value);
  }

  boolean(): boolean {
    const value = this.varint();
    return value !== 0 && value !== 0n;
  }

  /** Nearly every varint has at most four bytes: those need no bigint. */
  private varint(): number | bigint {
    let small = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.byte();
      small |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return small;
    }
    let value = BigInt(small);
    for (let i = 4; i < 10; i++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new DecodeError("varint is longer than ten bytes");
  }

  private byte(): number {
    if (this.position >= this.end) throw new DecodeError("message is truncated");
    return this.bytes[this.position++]!;
  }

  /** A view, not a copy. */
  lengthDelimited(): Buffer {
    const { start, end } = this.span();
    return this.bytes.subarray(start, end);
  }

  string(): string {
    const { start, end } = this.span();
    const text = textOf(this.bytes, start, end);
    if (text === undefined) throw new DecodeError("string is not UTF-8");
    return text;
  }

  /** A reader of the embedded message that follows. */
  message(): Reader {
    const { start, end } = this.span();
    return new Reader(this.bytes, start, end, this.depth + 1);
  }

  private span(): { start: number; end: number } {
    const length = this.unsigned();
    if (length > this.end - this.position) throw new DecodeError("message is truncated");
    const start = this.position;
    this.position += length;
    return { start, end: this.position };
  }

  /** Passes over a field that we do not know. */
  skip(number: number, wireType: number, depth = 0): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === FIXED64) this.fixed(8);
    else if (wireType === BYTES) this.span();
    else if (wireType === FIXED32) this.fixed(4);
    else if (wireType === GROUP_START) this.skipGroup(number, depth);
    else throw new DecodeError(`wire type ${wireType} is not expected here`);
  }

  private skipGroup(number: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new DecodeError(`group nests deeper than ${MAX_DEPTH} levels`);
    for (;;) {
      const inner = this.tag();
      if (inner.wireType === GROUP_END) {
        if (inner.number !== number) throw new DecodeError("group ends with another group's number");
        return;
      }
      this.skip(inner.number, inner.wireType, depth + 1);
    }
  }

  private fixed(length: number): void {
    if (length > this.end - this.position) throw new DecodeError("message is truncated");
    this.position += length;
  }
}
