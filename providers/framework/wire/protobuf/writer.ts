/** Writes the primitives of protobuf into a buffer that grows. */
export class Writer {
  private buffer = Buffer.allocUnsafe(256);
  private length = 0;

  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  tag(number: number, wireType: number): void {
    this.unsigned(number * 8 + wireType);
  }

  unsigned(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length++] = rest;
  }

  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError("int64 fields need a safe integer");
    if (value >= 0) {
      this.unsigned(value);
      return;
    }
    this.reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.length++] = Number(rest);
  }

  lengthDelimited(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  string(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.unsigned(bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(text, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + more));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
