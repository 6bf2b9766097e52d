/**
 * What one line of TVS's trace tells, in the words of Cisco's document 213407, and by which of its bytes a line of
 * interest is known. The text comes from files of any size and is not trusted.
 */
import { DUMP, dumpedIn } from "../tvs-log";

export type TraceMark =
  | ConnectionMark
  | { readonly kind: "sending" | "sent" | "notKnown" }
  | { readonly kind: NameMark; readonly value: string }
  | { readonly kind: "found" | "role" | "reason"; readonly value: number };

export type NameMark = "subject" | "issuer" | "serial" | "lookedUp";

/** Of a connection, or that a question begins. */
export type ConnectionMark =
  | { readonly kind: "incoming" | "handshake" }
  | { readonly kind: "request"; readonly value: string }
  | { readonly kind: "opened"; readonly address: string; readonly descriptor: string }
  | { readonly kind: "speaks" | "passing"; readonly address: string };

interface Pattern {
  /** How the line begins; null: its first word has a colon. */
  readonly begins: string | null;
  readonly all: RegExp;
  readonly mark: (...groups: readonly string[]) => TraceMark | null;
}

/** A line that begins so, and goes on so. */
const says = (begins: string, more: RegExp, mark: Pattern["mark"]): Pattern => ({
  begins,
  all: new RegExp(`^${begins.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}${more.source}`),
  mark,
});

/** A line whose first word has a colon: who says it, or to whom. */
const names = (more: RegExp, mark: Pattern["mark"]): Pattern => ({
  begins: null,
  all: new RegExp(`^(?=[^ :]{0,${FIRST_WORD - 1}}:)${more.source}`),
  mark,
});

/** Bytes of a first word that are looked at. */
const FIRST_WORD = 64;

/** The first that fits counts. {@link isOfInterest} knows lines by what stands here, and by nothing else. */
export const PATTERNS: readonly Pattern[] = [
  says("Incoming Phone Msg:", /\s*$/, () => ({ kind: "incoming" })),
  says("MsgType : TVS_MSG_", /(QUERY|VERIFY)_CERT_REQ\b/, (value) => ({ kind: "request", value: value! })),
  says("tvsHandleQueryCertReq : ", /Subject Name is:\s*(.{0,1024})/, (text) => name("subject", text!)),
  says("tvsHandleQueryCertReq : ", /Issuer Name is:\s*(.{0,1024})/, (text) => name("issuer", text!)),
  says("tvsHandleQueryCertReq : ", /Serial Number is:\s*([0-9A-Fa-f]{1,1024})\s*$/, (value) => ({
    kind: "serial",
    value: value!,
  })),
  says("Sending ", /(?:QUERY|VERIFY)_CERT_RES msg/, () => ({ kind: "sending" })),
  says("Sending ", /TLS Msg\b/, () => ({ kind: "sent" })),
  says("ReasonInfo : ", /(\d{1,3})\b/, (value) => ({ kind: "reason", value: Number(value) })),
  says("ipAddrStr (Phone) ", /(\S{1,64})/, (address) => ({ kind: "passing", address: address! })),
  says("Got a new ph conn ", /(\S{1,64}) on (\d{1,9})\b/, (address, descriptor) => ({
    kind: "opened",
    address: address!,
    descriptor: descriptor!,
  })),
  says("TLS HS Done for ph_conn", /.*/, () => ({ kind: "handshake" })),
  names(/(\S{1,64}): tvsSSLHandShake Session ciphers/, (address) => ({ kind: "speaks", address: address! })),
  names(/.*?::getCertificateInformation - \{role : (\d{1,3})\}/, (value) => ({
    kind: "role",
    value: Number(value),
  })),
  names(/.*?::getCertificateInformation - Found entry \{rolecount : (\d{1,3})\}/, (value) => ({
    kind: "found",
    value: Number(value),
  })),
  names(/.*?::getCertificateInformation - Cannot find the certificate/, () => ({ kind: "notKnown" })),
  names(
    /.*?::getCertificateInformation - Looking up the certificate cache using Unique MAP ID : (.{1,1024})/,
    (value) => ({ kind: "lookedUp", value: value! }),
  ),
];

const name = (kind: NameMark, text: string): TraceMark | null =>
  text.includes("=") ? { kind, value: text.trim() } : null;

/** One line, or what was put together of a broken one. */
export interface Saying {
  readonly text: string;
  /** The value stands in the next line, or its dump does. */
  readonly goesOn: boolean;
  /** Number of the connection that it is of, as TVS writes it. */
  readonly connection: string | null;
  readonly mark: TraceMark | null;
  /** Bytes of the dump that it is the title of. */
  readonly dumpLength: number | null;
  /** Of a line of a dump. */
  readonly dumped: readonly number[] | null;
}

/** @param text behind the time of day */
export function sayingOf(text: string): Saying {
  const dumped = dumpedIn(text);
  if (dumped !== null) return { text, goesOn: false, connection: null, mark: null, dumpLength: null, dumped };
  const [prefix, connection] = CONNECTION.exec(text) ?? [""];
  const length = DUMP.exec(text)?.[1];
  return {
    text,
    goesOn: GOES_ON.test(text),
    connection: connection ?? null,
    mark: markIn(text.slice(prefix.length)),
    dumpLength: length === undefined ? null : Number(length),
    dumped,
  };
}

/** `8:UNKNOWN:`, the number of a connection; `2001:db8::5:` is an address, which TVS writes in lower case. */
const CONNECTION = /^(\d{1,9}):[A-Z]\w{0,31}:/;
const GOES_ON =
  /(?:Name|Number) is:\s*$|Looking up the certificate\s*$|Incoming Phone Msg:\s*$|^Sending TLS Msg\b/;

function markIn(text: string): TraceMark | null {
  for (const { begins, all, mark } of PATTERNS) {
    if (begins !== null && !text.startsWith(begins)) continue;
    const found = all.exec(text);
    if (found !== null) return mark(...found.slice(1));
  }
  return null;
}

/** The title of a dump may stand without a time. */
export const mayBeTitle = (bytes: Buffer, from: number) => codeOf(bytes, from) === HEX;

/** Whether a line may be of interest, but for the lines of a dump and the rest of a broken line. */
export function isOfInterest(bytes: Buffer, from: number, end: number): boolean {
  if (end - from < SHORTEST || bytes[from + BAR_AT] !== BAR) return false;
  const at = behindBar(bytes, from);
  if (FIRST_BYTES[bytes[at]!] === 1 && BEGINNINGS.has(codeOf(bytes, at))) return true;
  // Who says it, such as `8:UNKNOWN:`; the bytes of a dump have no colon.
  const until = Math.min(end, at + FIRST_WORD);
  for (let i = at; i < until; i++) {
    if (bytes[i] === COLON) return true;
    if (bytes[i] === SPACE) return false;
  }
  return false;
}

/** Where it stands what a line says, behind `18:01:06.345 | debug `; -1 when it does not begin so. */
export function saidAt(bytes: Buffer, from: number): number {
  const isStamped =
    isDigit(bytes[from]!) &&
    isDigit(bytes[from + 1]!) &&
    bytes[from + 2] === COLON &&
    isDigit(bytes[from + 3]!) &&
    isDigit(bytes[from + 4]!) &&
    bytes[from + 5] === COLON &&
    isDigit(bytes[from + 6]!) &&
    isDigit(bytes[from + 7]!) &&
    bytes[from + 8] === POINT &&
    isDigit(bytes[from + 9]!) &&
    isDigit(bytes[from + 10]!) &&
    isDigit(bytes[from + 11]!) &&
    bytes[from + 12] === SPACE &&
    bytes[from + BAR_AT] === BAR &&
    bytes[from + 14] === SPACE;
  return isStamped ? behindBar(bytes, from) : -1;
}

/** Microseconds since midnight, of a line that begins so. */
export function clockIn(bytes: Buffer, from: number): number {
  const two = (at: number) => bytes[from + at]! * 10 + bytes[from + at + 1]! - 528;
  const seconds = (two(0) * 60 + two(3)) * 60 + two(6);
  return seconds * 1_000_000 + (bytes[from + 9]! - 48) * 100_000 + two(10) * 1000;
}

function behindBar(bytes: Buffer, from: number): number {
  const at = from + BAR_AT + 2;
  if (codeOf(bytes, at) !== DEBU || bytes[at + 4] !== 0x67) return at;
  return bytes[at + 5] === SPACE ? at + 6 : at + 5;
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
// One by one, and as numbers: only then they are part of the code wherever they are used.
const SPACE = 0x20;
const COLON = 0x3a;
const POINT = 0x2e;
const BAR = 0x7c;
/** In `18:01:06.345 | `. */
const BAR_AT = 13;
/** `18:01:06.345 | 8:a:` */
const SHORTEST = 19;
/** `debu` and `HEX_`, see {@link codeOf}. */
const DEBU = 0x64656275;
const HEX = 0x4845585f;

/** Four bytes tell enough. */
function codeOf(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
const codeOfText = (text: string) => codeOf(Buffer.from(text, "latin1"), 0);

const begun = PATTERNS.flatMap(({ begins }) => (begins === null ? [] : begins));
const BEGINNINGS: ReadonlySet<number> = new Set(begun.map(codeOfText));
const FIRST_BYTES = new Uint8Array(256);
for (const text of begun) FIRST_BYTES[text.charCodeAt(0)] = 1;
