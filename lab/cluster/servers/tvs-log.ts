import { createWriteStream, type WriteStream } from "node:fs";

/** How many lines are kept in memory. */
const KEPT = 5000;
/** A dump of a message this long is cut, as in the traces that Cisco published. */
const DUMPED = 512;

/** TVS's trace at level Detailed, in the words of a real one (Cisco's document 213407). */
export class TvsLog {
  private readonly kept: string[] = [];
  private readonly stream: WriteStream | null;

  constructor(file: string | null) {
    this.stream = file === null ? null : createWriteStream(file, { flags: "a", mode: 0o600 });
  }

  get lines(): readonly string[] {
    return this.kept;
  }

  debug(...texts: readonly string[]): void {
    const stamp = new Date().toISOString().slice(11, 23);
    for (const text of texts) {
      const line = `${stamp} | debug ${text}`;
      this.kept.push(line);
      this.stream?.write(`${line}\n`);
    }
    // Cutting the front of a long array is slow, so it is done rarely.
    if (this.kept.length > 2 * KEPT) this.kept.splice(0, this.kept.length - KEPT);
  }

  hexDump(title: string, bytes: Buffer): void {
    this.debug(`${title}`, `HEX_DUMP: Len = ${bytes.length}:`);
    for (let at = 0; at < Math.min(bytes.length, DUMPED); at += 8) {
      this.debug(
        bytes
          .subarray(at, Math.min(at + 8, DUMPED))
          .toString("hex")
          .replace(/..(?=.)/g, "$& "),
      );
    }
  }

  close(): void {
    this.stream?.end();
  }
}
