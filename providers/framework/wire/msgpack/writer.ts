/** Writes MessagePack in the shortest format of each value. */
export class MsgpackWriter {
  private buffer = Buffer.allocUnsafe(512);
  private length = 0;

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  nil(): void {
    this.byte(0xc0);
  }

  bool(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  /** Terraform's plain unknown: extension 0 with one zero byte. */
  unknown(): void {
    this.byte(0xd4);
    this.byte(0);
    this.byte(0);
  }

  /** A whole number from -2^63 to 2^64 - 1. */
  int(value: number | bigint): void {
    if (value >= 0) {
      if (value < 0x80) this.byte(Number(value));
      else if (value <= 0xff) this.head(0xcc, 1, Number(value));
      else if (value <= 0xffff) this.head(0xcd, 2, Number(value));
      else if (value <= 0xffffffff) this.head(0xce, 4, Number(value));
      else this.wide(0xcf, BigInt(value));
    } else if (value >= -0x20) this.byte(Number(value) + 0x100);
    else if (value >= -0x80) this.head(0xd0, 1, Number(value) + 0x100);
    else if (value >= -0x8000) this.head(0xd1, 2, Number(value) + 0x10000);
    else if (value >= -0x80000000) this.head(0xd2, 4, Number(value) + 0x100000000);
    else this.wide(0xd3, BigInt(value));
  }

  float(value: number): void {
    this.reserve(9);
    this.buffer[this.length++] = 0xcb;
    this.length = this.buffer.writeDoubleBE(value, this.length);
  }

  string(text: string): void {
    const length = Buffer.byteLength(text);
    if (length < 0x20) this.byte(0xa0 | length);
    else if (length <= 0xff) this.head(0xd9, 1, length);
    else if (length <= 0xffff) this.head(0xda, 2, length);
    else this.head(0xdb, 4, length);
    this.reserve(length);
    this.length += this.buffer.write(text, this.length);
  }

  binary(bytes: Uint8Array): void {
    if (bytes.length <= 0xff) this.head(0xc4, 1, bytes.length);
    else if (bytes.length <= 0xffff) this.head(0xc5, 2, bytes.length);
    else this.head(0xc6, 4, bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  array(length: number): void {
    if (length < 0x10) this.byte(0x90 | length);
    else if (length <= 0xffff) this.head(0xdc, 2, length);
    else this.head(0xdd, 4, length);
  }

  map(length: number): void {
    if (length < 0x10) this.byte(0x80 | length);
    else if (length <= 0xffff) this.head(0xde, 2, length);
    else this.head(0xdf, 4, length);
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  private head(format: number, size: 1 | 2 | 4, value: number): void {
    this.reserve(5);
    this.buffer[this.length++] = format;
    this.length = this.buffer.writeUIntBE(value, this.length, size);
  }

  private wide(format: number, value: bigint): void {
    this.reserve(9);
    this.buffer[this.length++] = format;
    this.length = this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value), this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + more));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
