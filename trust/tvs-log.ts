/**
 * Who asked TVS, from its trace at level Detailed (lines as in Cisco's document 213407). No line spells the name of
 * the device: it stands in the dump of the message. The text comes from a file of any size and is not trusted.
 */
import { MONTHS } from "./moves/seen";
import { askerOf, TVS_HEADER_BYTES, TVS_NAME_ENDS } from "./tvs-message";

/** No zone on earth is further ahead of UTC. */
const FURTHEST_ZONE = 14 * 3600 * 1000;
/** Characters of a line that are looked at. */
const LINE = 4096;
/** Devices that are kept: the names are what the askers wrote. */
const DEVICES = 100_000;

/** `18:01:06.345 | debug 57 01 03 00`: the time of day, and what is said. */
const STAMP = /^\d\d:\d\d:\d\d\.\d{3} \| (?:debug ?)?/;
const INCOMING = /Incoming Phone Msg:\s*$/;
export const DUMP = /^HEX_DUMP: Len = (\d+):\s*$/;
/** Bytes that a line of a dump has at most. */
export const DUMP_LINE = 32;
const BYTES = new RegExp(`^[0-9a-f]{2}(?: [0-9a-f]{2}){0,${DUMP_LINE - 1}}\\s*$`, "i");
/** `CP-8861-SEPB000B4BA0AEE`, or the device's name alone. */
const DEVICE = /(?:^|-)([a-z]{3}[0-9a-f]{12})$/i;

/** Reads one log file. Keeps a line, and the devices that asked. */
export class TvsLogReader {
  readonly #asked = new Set<string>();
  #line = "";
  /** `title` was read, or the bytes that were dumped. */
  #state: "none" | "title" | number[] = "none";

  /** Chunks may end anywhere. */
  push(chunk: Uint8Array): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const lines = text.split("\n");
    for (const [i, part] of lines.entries()) {
      if (this.#line.length < LINE) this.#line += part.slice(0, LINE - this.#line.length);
      if (i === lines.length - 1) return;
      this.#read(this.#line.replace(/\r$/, ""));
      this.#line = "";
    }
  }

  /**
   * The devices in whose name somebody asked, in upper case. When, nobody can tell by the file: its lines have the
   * time of day only, and a day without lines leaves no trace.
   */
  end(): ReadonlySet<string> {
    this.#read(this.#line);
    this.#line = "";
    return this.#asked;
  }

  #read(line: string): void {
    const text = line.replace(STAMP, "");
    if (INCOMING.test(text)) this.#state = "title";
    else if (this.#state === "title") this.#state = DUMP.test(text) ? [] : "none";
    else if (this.#state !== "none") this.#dumped(this.#state, text);
  }

  #dumped(bytes: number[], text: string): void {
    const more = dumpedIn(text);
    if (more === null) {
      this.#state = "none";
      return;
    }
    bytes.push(...more);
    const device = deviceIn(Uint8Array.from(bytes));
    if (device === undefined) return;
    this.#state = "none";
    if (device !== null && this.#asked.size < DEVICES) this.#asked.add(device);
  }
}

/** The bytes of a line of a dump; null when it is none. */
export function dumpedIn(text: string): readonly number[] | null {
  if (!BYTES.test(text)) return null;
  const bytes: number[] = [];
  for (let at = 0; at + 1 < text.length && text[at] !== " "; at += 3)
    bytes.push(nibble(text.charCodeAt(at)) * 16 + nibble(text.charCodeAt(at + 1)));
  return bytes;
}

/** Of a digit of either case. */
const nibble = (code: number) => (code < 0x40 ? code - 0x30 : (code | 0x20) - 0x57);

/** No message is shorter whose asker is a device. */
export const DEVICE_ENDS = TVS_HEADER_BYTES + 4 + "SEP001122334455".length;

/** Who asks, in upper case: null when the message does not begin with that, undefined when more of it has to tell. */
export function deviceIn(dumped: Uint8Array): string | null | undefined {
  const asker = askerOf(dumped);
  if (asker === undefined && dumped.length < TVS_NAME_ENDS) return undefined;
  return DEVICE.exec(asker ?? "")?.[1]?.toUpperCase() ?? null;
}

/**
 * A file's time as a node tells it, written as if its time zone were UTC: names of zones are ambiguous.
 * @returns null when it is neither `Sat Nov 28 09:52:18 EST 2026` nor `2026-11-28 09:52:18`
 */
export function nodeTime(text: string): number | null {
  const spoken = /^\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?: [\w:+-]{1,12})? (\d{4})$/.exec(
    text.trim(),
  );
  const sorted = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text.trim());
  const [year, month, ...rest] = spoken
    ? [spoken[6], MONTHS.indexOf(spoken[1]!), spoken[2], spoken[3], spoken[4], spoken[5]]
    : sorted
      ? [sorted[1], Number(sorted[2]) - 1, ...sorted.slice(3, 7)]
      : [];
  if (month === undefined || Number(month) < 0) return null;
  const [day, hour, minute, second] = rest.map(Number);
  return Date.UTC(Number(year), Number(month), day, hour, minute, second);
}

/** Whether something that happened at a {@link nodeTime} is later than `date`, whatever the node's time zone. */
export function isSince(at: number, date: Date): boolean {
  return at - FURTHEST_ZONE >= date.getTime();
}
