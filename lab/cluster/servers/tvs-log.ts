import { createWriteStream, type WriteStream } from "node:fs";

/** Lines of one file, and how many of the newest files are kept: for log collection, and in memory only. */
const LINES = 2000;
const FILES = 4;
/** A dump of a message this long is cut, as in the traces that Cisco published. */
const DUMPED = 512;

/** One file of the trace as the node would list it. */
export interface TvsLogFile {
  readonly name: string;
  readonly lines: string[];
  modified: Date;
}

/** TVS's trace at level Detailed, in the words of a real one (Cisco's document 213407). */
export class TvsLog {
  /** Oldest first. */
  readonly files: TvsLogFile[] = [];
  private readonly stream: WriteStream | null;
  private made = 0;

  constructor(file: string | null) {
    this.stream = file === null ? null : createWriteStream(file, { flags: "a", mode: 0o600 });
    // What was written before this lab began.
    this.begin();
  }

  get lines(): readonly string[] {
    return this.files.flatMap(({ lines }) => lines);
  }

  debug(...texts: readonly string[]): void {
    const now = new Date();
    const stamp = now.toISOString().slice(11, 23);
    for (const text of texts) {
      const line = `${stamp} | debug ${text}`;
      const file = this.current();
      file.lines.push(line);
      file.modified = now;
      this.stream?.write(`${line}\n`);
    }
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

  private current(): TvsLogFile {
    const last = this.files.at(-1);
    if (last !== undefined && this.made > 1 && last.lines.length < LINES) return last;
    return this.begin();
  }

  private begin(): TvsLogFile {
    const name = `tvs${String(++this.made).padStart(8, "0")}.txt`;
    const file = { name, lines: [], modified: new Date() };
    this.files.push(file);
    if (this.files.length > FILES) this.files.shift();
    return file;
  }
}
