/**
 * What a phone's console log tells of its trust lists, in the words of Cisco's document 213407 (model 8861) and, for
 * refusals, of a console log of older phones (SECD). The text comes from files of any size and is not trusted.
 */
import { LINE_LIMIT } from "./log-lines";
import { clockOf, MONTHS, type Seen } from "./seen";

export type PhoneMark =
  | { readonly kind: "asked"; readonly file: "ctl" | "itl" | "other"; readonly device: string | null }
  /** How a download ended: 100 is success, otherwise the status of HTTP, or less than 100. */
  | { readonly kind: "fetched"; readonly value: number }
  | { readonly kind: "tftp"; readonly value: string }
  | { readonly kind: "connecting"; readonly value: string }
  | { readonly kind: "refused"; readonly value: string }
  | { readonly kind: "role" | "sent" | "received"; readonly value: number | null }
  | { readonly kind: "valid"; readonly value: boolean }
  | { readonly kind: "parsed"; readonly value: string }
  | { readonly kind: PlainMark };

export type PlainMark =
  | "connected"
  | "unconnected"
  | "no-tvs-record"
  | "handshake"
  | "not-known"
  | "cached"
  | "hashes"
  | "updated";

/** Every line of interest holds one of them. */
export const PHONE_WORDS = ["XXTP", "SECUREAPP-", "SECD"] as const;

const number = (text: string | undefined) => (text === undefined ? null : Number(text));

/** The first that fits counts. */
const MARKS: readonly (readonly [RegExp, (...groups: readonly string[]) => PhoneMark])[] = [
  [/\bGETXXTP\b.{0,200}?\[src=([^\]]{1,128})\]/, (name) => asked(name!)],
  [/\bXXTP complete - status = (\d{1,9})\b/, (status) => ({ kind: "fetched", value: Number(status) })],
  [/\bXXTP actualserver \[([^\]]{1,64})\]/, (value) => ({ kind: "tftp", value: value! })],
  [
    /\bAttempting connect to TVS server addr \[([^\]]{1,64})\]/,
    (value) => ({ kind: "connecting", value: value! }),
  ],
  [/\bTCP connect\(\) successful, \[/, () => ({ kind: "connected" })],
  // The document shows no failure; these are the words of the lab's phones.
  [/\bTVS provider Init - connect to \[.{1,64}?\] failed/, () => ({ kind: "unconnected" })],
  [/\bTVS provider Init - no TVS certificate in the ITL/, () => ({ kind: "no-tvs-record" })],
  [/\bCert Verification - Role is = (\d{1,9})\b/, (role) => ({ kind: "role", value: Number(role) })],
  [/\bCert Verification - Certificate is valid\b/, () => ({ kind: "valid", value: true })],
  [/\bCert Verification - Certificate is (?:not |in)valid\b/, () => ({ kind: "valid", value: false })],
  [
    /\bCert Verification - returning validation result = (\d{1,9})\b/,
    (value) => ({ kind: "valid", value: Number(value) === 1 }),
  ],
  [/\bSec SSL Connection - Handshake successful\b/, () => ({ kind: "handshake" })],
  [
    /\bSuccessfully sent the TVS request to TVS server(?:, bytes written : (\d{1,9}))?/,
    (bytes) => ({ kind: "sent", value: number(bytes) }),
  ],
  [/\bTVS Service receives (\d{1,9}) bytes of data/, (bytes) => ({ kind: "received", value: Number(bytes) })],
  [/\bTVS process response - certificate not found/, () => ({ kind: "not-known" })],
  [/\bTVS added cert to TVS cache\b/, () => ({ kind: "cached" })],
  [/\bHashes match\.\.\. authentication successful/, () => ({ kind: "hashes" })],
  [/\bTL parse to table: (\w{1,64})/, (value) => ({ kind: "parsed", value: value! })],
  [/\bTL file updated\b/, () => ({ kind: "updated" })],
  [
    /\bsgn verify file failed <[^>]{0,128}>(?:, errclass \d+, errcode \d+)? ?\(?([^)]{0,100})/,
    (why) => ({ kind: "refused", value: why! }),
  ],
];

const LIST = /^(CTL|ITL)(?:File|([A-Z]{3}[0-9A-F]{12}))\.tlv$/i;
const CONFIGURATION = /^([A-Z]{3}[0-9A-F]{12})\.cnf\.xml/i;

function asked(name: string): PhoneMark {
  const [, list, device] = LIST.exec(name) ?? [];
  if (list !== undefined)
    return {
      kind: "asked",
      file: list.toLowerCase() as "ctl" | "itl",
      device: device?.toUpperCase() ?? null,
    };
  return { kind: "asked", file: "other", device: CONFIGURATION.exec(name)?.[1]?.toUpperCase() ?? null };
}

/**
 * `3287 INF Nov 29 06:33:59.395199 SECUREAPP-...`; older phones write a colon behind the number and no day. Before it
 * may stand what a syslog server adds.
 */
const LINE =
  /^(.{0,160}?)\b(\d{1,10}):? (?:NOT|INF|DEB|WRN|ERR) (?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) )?(\d\d):(\d\d):(\d\d)\.(\d{1,9}) (.*)$/s;
/** Who wrote it, in what a syslog server adds. */
const WRITER = /\bSEP[0-9A-F]{12}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}\b/i;

export interface PhoneLine {
  readonly mark: PhoneMark;
  readonly seen: Seen;
  /** The number that the phone gave to it. */
  readonly number: number;
  /** Before the phone's own words, as a syslog server writes; null without. */
  readonly writer: string | null;
}

/** Reads one console log, line by line; what was broken over several lines is put together again. */
export class PhoneLogReader {
  #head: RegExpExecArray | null = null;
  #said = "";
  #first = 0;
  #last = 0;

  constructor(
    private readonly file: string,
    private readonly take: (line: PhoneLine) => void,
  ) {}

  /** True: the line behind it may be the rest of it. */
  line(bytes: Buffer, from: number, end: number, number: number): boolean {
    const text = bytes.toString("latin1", from, end);
    const head = LINE.exec(text);
    if (head !== null || number !== this.#last + 1) this.end();
    this.#last = number;
    if (head !== null) {
      if (!PHONE_WORDS.some((word) => text.includes(word))) return false;
      this.#head = head;
      this.#said = head[9]!;
      this.#first = number;
    } else if (this.#said.length + text.length < LINE_LIMIT) this.#said += ` ${text}`;
    return this.#head !== null && number - this.#first < BROKEN;
  }

  end(): void {
    const mark = this.#head && markIn(this.#said);
    if (this.#head !== null && mark !== null) this.#give(this.#head, mark);
    this.#head = null;
    this.#said = "";
  }

  #give([, before, own, month, day, hour, minute, second, fraction]: RegExpExecArray, mark: PhoneMark): void {
    const at = {
      month: MONTHS.indexOf(month ?? "") + 1,
      day: Number(day ?? 0),
      clock: clockOf(hour!, minute!, second!, fraction!),
    };
    this.take({
      mark,
      seen: { file: this.file, line: this.#first, at },
      number: Number(own),
      writer: WRITER.exec(before ?? "")?.[0].toUpperCase() ?? null,
    });
  }
}

/** Lines that one may be broken into. */
const BROKEN = 3;

function markIn(said: string): PhoneMark | null {
  for (const [pattern, mark] of MARKS) {
    const found = pattern.exec(said);
    if (found !== null) return mark(...found.slice(1));
  }
  return null;
}
