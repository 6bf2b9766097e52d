import { GrpcError, Status } from "./status";

/** One byte "compressed", four bytes of length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const HEADER = 5;
export const MAX_MESSAGE = 256 * 1024 * 1024;

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(HEADER + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, HEADER);
  return framed;
}

/** Puts messages together from chunks. Keeps what has arrived and reserves nothing for what was only announced. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly limit = MAX_MESSAGE) {}

  /** The messages that the chunk completes. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    const messages: Buffer[] = [];
    for (let message = this.take(); message !== undefined; message = this.take()) messages.push(message);
    return messages;
  }

  /** To be called when the stream ends: half a message is an error. */
  end(): void {
    if (this.size > 0) throw new GrpcError(Status.internal, "stream ended within a message");
  }

  private take(): Buffer | undefined {
    if (this.size < HEADER) return undefined;
    const header = this.header();
    if (header[0] === 1) throw new GrpcError(Status.unimplemented, "compressed messages are not supported");
    if (header[0] !== 0) throw new GrpcError(Status.internal, "message has an unknown compression flag");
    const length = header.readUInt32BE(1);
    if (length > this.limit) {
      throw new GrpcError(Status.resourceExhausted, `message of ${length} bytes exceeds ${this.limit}`);
    }
    if (this.size < HEADER + length) return undefined;
    const all = this.joined();
    this.chunks = all.length > HEADER + length ? [all.subarray(HEADER + length)] : [];
    this.size -= HEADER + length;
    return all.subarray(HEADER, HEADER + length);
  }

  /** The first bytes, without joining what may be many chunks. */
  private header(): Buffer {
    const first = this.chunks[0]!;
    return first.length >= HEADER ? first : this.joined();
  }

  private joined(): Buffer {
    const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.size);
    this.chunks = [all];
    return all;
  }
}
