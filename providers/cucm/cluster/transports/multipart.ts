/** Answers of type multipart/related: a SOAP envelope, and perhaps a file behind it. */
import type { IncomingHttpHeaders } from "node:http";

/** Bytes of the headers of one part. */
const HEADERS = 16 * 1024;

/** What separates the parts; null when the answer has none. */
export function boundaryOf(headers: IncomingHttpHeaders): string | null {
  const type = headers["content-type"] ?? "";
  if (!/^\s*multipart\/related\b/i.test(type)) return null;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type) ?? [];
  return quoted ?? bare ?? null;
}

/** Body of the first part. */
export function rootPart(body: Buffer, boundary: string): Buffer {
  const parts: Buffer[] = [];
  const reader = new PartReader(boundary, (chunk, part) => {
    if (part === 0) parts.push(chunk);
  });
  reader.push(body);
  return Buffer.concat(parts);
}

/** Passes on what stands behind the first part; of an answer without parts, everything. */
export function attachment(
  headers: IncomingHttpHeaders,
  sink: (chunk: Buffer) => void,
): (chunk: Buffer) => void {
  const boundary = boundaryOf(headers);
  if (boundary === null) return sink;
  const reader = new PartReader(boundary, (chunk, part) => {
    if (part > 0) sink(chunk);
  });
  return (chunk) => reader.push(chunk);
}

/** Tells the parts of a stream apart and keeps no more than a delimiter, or the headers of one part. */
class PartReader {
  readonly #delimiter: Buffer;
  // The first delimiter need not have a line before it.
  #rest: Buffer = Buffer.from("\r\n");
  #part = -1;
  #at: "headers" | "body" | "end" = "body";

  constructor(
    boundary: string,
    private readonly sink: (chunk: Buffer, part: number) => void,
  ) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#at !== "end" && (this.#at === "body" ? this.#body() : this.#headers()));
    if (this.#at === "end") this.#rest = Buffer.alloc(0);
  }

  /** @returns whether there is more to look at */
  #body(): boolean {
    const end = this.#rest.indexOf(this.#delimiter);
    const sure = end >= 0 ? end : Math.max(0, this.#rest.length - this.#delimiter.length + 1);
    // What stands before the first delimiter is no part.
    if (sure > 0 && this.#part >= 0) this.sink(this.#rest.subarray(0, sure), this.#part);
    this.#rest = this.#rest.subarray(end >= 0 ? sure + this.#delimiter.length : sure);
    if (end >= 0) this.#at = "headers";
    return end >= 0;
  }

  #headers(): boolean {
    if (this.#rest.length < 2) return false;
    const end = this.#rest.indexOf("\r\n\r\n");
    if (this.#rest.subarray(0, 2).toString("latin1") === "--" || (end < 0 && this.#rest.length > HEADERS)) {
      this.#at = "end";
      return false;
    }
    if (end < 0) return false;
    this.#rest = this.#rest.subarray(end + 4);
    this.#part++;
    this.#at = "body";
    return true;
  }
}
