/**
 * Questions to TVS and its answers, from its trace at level Detailed (Cisco's document 213407). Lines of different
 * phones stand one behind the other; only some tell of which connection they are.
 */
import { DEVICE_ENDS, DUMP, deviceIn, dumpedIn, INCOMING, STAMP } from "../tvs-log";
import type { LogTime, Seen, SeenValue } from "./seen";

/** How what is said begins where it can be of interest. */
const BEGINNINGS = ["Inco", "MsgT", "tvsH", "Cert", "ERRO", "Send", "Reas", "ipAd", "Got ", "TLS "] as const;
const BEGINS = new Set(BEGINNINGS.map((text) => codeOf(Buffer.from(text, "latin1"), 0)));

function codeOf(bytes: Buffer, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Whether a line may be of interest, but for the lines of a dump and the rest of a broken line. */
export function isOfInterest(bytes: Buffer, from: number): boolean {
  if (bytes[from + STAMPED] !== BAR) return false;
  let at = from + STAMPED + 2;
  if (bytes[at] === 0x64 && bytes[at + 1] === 0x65 && bytes[at + 5] === SPACE) at += 6;
  if (BEGINS.has(codeOf(bytes, at))) return true;
  // A number of a connection, or an address; the bytes of a dump have no colon.
  for (let i = at; i < at + ADDRESS; i++) {
    if (bytes[i] === COLON) return true;
    if (bytes[i] === SPACE || bytes[i] === undefined) return false;
  }
  return false;
}

/** Where the bar stands behind the time of day. */
const STAMPED = 13;
const [BAR, SPACE, COLON] = [0x7c, 0x20, 0x3a];
const ADDRESS = 64;

/** A phone's connection. */
export interface Connection {
  readonly address: string;
  readonly seen: Seen;
  handshake?: Seen;
}

/** One question with its answer. Made with all its fields: there may be millions, and V8 is quick with one shape. */
export class Exchange {
  connection: Connection | undefined = undefined;
  /** Of the phone, by the lines around the question. */
  address: string | undefined = undefined;
  device: string | undefined = undefined;
  session: number | undefined = undefined;
  /** Length of the question, and of the answer. */
  asked: number | undefined = undefined;
  answered: number | undefined = undefined;
  incoming: Seen | undefined = undefined;
  type: SeenValue<string> | undefined = undefined;
  subject: SeenValue<string> | undefined = undefined;
  issuer: SeenValue<string> | undefined = undefined;
  serial: SeenValue<string> | undefined = undefined;
  /** Serial number and issuer, as one. */
  lookedUp: SeenValue<string> | undefined = undefined;
  notKnown: Seen | undefined = undefined;
  found: SeenValue<number> | undefined = undefined;
  readonly roles: SeenValue<number>[] = [];
  sending: Seen | undefined = undefined;
  reason: SeenValue<number> | undefined = undefined;
  sent: Seen | undefined = undefined;
  answeredSession: number | undefined = undefined;

  constructor(readonly file: string) {}
}

type Text = "subject" | "issuer" | "serial";

/** Bytes of a message up to the end of its session. */
const SESSION_ENDS = 8;
const CONNECTIONS = 10_000;
const OPEN = 256;
/** Roles that are listed; the enumeration of them is not longer. */
const ROLES = 32;

const NAMES = /^tvsHandleQueryCertReq : (Subject Name|Issuer Name|Serial Number) is:\s*(.{0,1024})/;
const LOOKED_UP =
  /::getCertificateInformation - Looking up the certificate cache using Unique MAP ID : (.{1,1024})/;
const FIELD: { readonly [words: string]: Text } = {
  "Subject Name": "subject",
  "Issuer Name": "issuer",
  "Serial Number": "serial",
};

/** Reads one TVS log, line by line. */
export class ExchangeReader {
  readonly #connections = new Map<string, Connection>();
  readonly #byDescriptor = new Map<string, string>();
  /** By the number of their connection. */
  readonly #open = new Map<string, Exchange>();
  #current: Exchange | null = null;
  #address: string | null = null;
  #dump: { readonly of: "question" | "answer"; bytes: number[] | null } | null = null;
  /** A line that may go on in the next one. */
  #said = "";
  #saidAt = 0;
  #clock = 0;
  #at: LogTime = { month: 0, day: 0, clock: 0 };
  #last = 0;

  constructor(
    private readonly file: string,
    private readonly take: (exchange: Exchange) => void,
  ) {}

  /** True: it wants the next line, whatever it says. */
  line(text: string, number: number): boolean {
    const stamp = STAMP.exec(text);
    const isOwn = stamp !== null || (text.startsWith("HEX_DUMP") && DUMP.test(text));
    if (isOwn || number !== this.#last + 1) this.#flush();
    this.#last = number;
    if (isOwn) {
      this.#said = stamp === null ? text : text.slice(stamp[0].length);
      this.#saidAt = number;
      if (stamp !== null) this.#clock = clockAt(text);
    } else if (this.#said !== "" && this.#said.length < 2048) this.#said += ` ${text}`;
    return this.#dump !== null || goesOn(this.#said);
  }

  /** Where the line stands that is looked at; made only for lines that count. */
  #here(): Seen {
    return { file: this.file, line: this.#saidAt, at: this.#time() };
  }

  #with<T>(value: T): SeenValue<T> {
    return { file: this.file, line: this.#saidAt, at: this.#time(), value };
  }

  /** One for all lines of a millisecond. */
  #time(): LogTime {
    if (this.#at.clock !== this.#clock) this.#at = { month: 0, day: 0, clock: this.#clock };
    return this.#at;
  }

  end(): void {
    this.#flush();
    for (const exchange of this.#open.values()) this.#close(exchange);
  }

  #flush(): void {
    const said = this.#said;
    if (said === "") return;
    this.#said = "";
    if (this.#dumped(said)) return;
    const [prefix, connection] = (isDigit(said) && NUMBERED.exec(said)) || [""];
    const text = prefix === "" ? said : said.slice(prefix.length);
    if (connection !== undefined) this.#current = this.#open.get(connection) ?? this.#current;
    if (text.startsWith("Incoming") && INCOMING.test(text)) {
      this.#begin(connection ?? "").incoming = this.#here();
      this.#dump = { of: "question", bytes: null };
    } else if (!this.#ofConnection(text)) this.#ofExchange(text);
  }

  #begin(connection: string): Exchange {
    const before = this.#open.get(connection);
    if (before !== undefined) this.#close(before);
    const exchange = new Exchange(this.file);
    const address = this.#byDescriptor.get(connection) ?? this.#address;
    if (address !== null) exchange.address = address;
    this.#open.set(connection, exchange);
    if (this.#open.size > OPEN) this.#close(this.#open.values().next().value!);
    this.#current = exchange;
    return exchange;
  }

  #close(exchange: Exchange): void {
    const connection = this.#connections.get(exchange.address ?? "");
    if (connection !== undefined) exchange.connection = connection;
    for (const [key, one] of this.#open) if (one === exchange) this.#open.delete(key);
    if (this.#current === exchange) this.#current = null;
    this.take(exchange);
  }

  /** Whether the line belongs to a dump. */
  #dumped(said: string): boolean {
    const dump = this.#dump;
    if (dump === null) return false;
    if (dump.bytes === null) {
      const [, length] = DUMP.exec(said) ?? [];
      if (length === undefined || this.#current === null) {
        this.#dump = null;
        return false;
      }
      dump.bytes = [];
      this.#current[dump.of === "question" ? "asked" : "answered"] = Number(length);
      return true;
    }
    const more = dumpedIn(said);
    if (more === null || this.#current === null) {
      this.#dump = null;
      return false;
    }
    dump.bytes.push(...more);
    this.#readDump(this.#current, dump.of, dump.bytes);
    return true;
  }

  #readDump(exchange: Exchange, of: "question" | "answer", bytes: readonly number[]): void {
    if (bytes.length < SESSION_ENDS) return;
    const [protocol, , , , a, b, c, d] = bytes;
    const session = ((a! * 256 + b!) * 256 + c!) * 256 + d!;
    if (protocol === 0x57 && of === "question") exchange.session ??= session;
    else if (protocol === 0x57) exchange.answeredSession ??= session;
    if (of === "question" && bytes.length < DEVICE_ENDS) return;
    const device = of === "question" ? deviceIn(bytes) : null;
    if (device) exchange.device ??= device;
    // Nothing more is wanted of it; its other lines are no lines of interest.
    if (device !== undefined) this.#dump = null;
  }

  /** Whether the line tells of a connection. */
  #ofConnection(text: string): boolean {
    switch (text[0]) {
      case "i": {
        const [, named] = /^ipAddrStr \(Phone\) (\S{1,64})/.exec(text) ?? [];
        if (named !== undefined) this.#passing(named);
        return named !== undefined;
      }
      case "G": {
        const [, opened, descriptor] = /^Got a new ph conn (\S{1,64}) on (\d{1,9})\b/.exec(text) ?? [];
        if (opened === undefined) return false;
        this.#from(opened, true);
        this.#byDescriptor.set(descriptor!, opened);
        if (this.#byDescriptor.size > CONNECTIONS) this.#byDescriptor.clear();
        return true;
      }
      case "T": {
        if (!text.startsWith("TLS HS Done for ph_conn")) return false;
        const connection = this.#connections.get(this.#address ?? "");
        if (connection !== undefined) connection.handshake = this.#here();
        return true;
      }
      default: {
        if (!text.includes(": tvsSSLHandShake ")) return false;
        const [, speaks] = /^(\S{1,64}): tvsSSLHandShake Session ciphers/.exec(text) ?? [];
        if (speaks !== undefined) this.#from(speaks, true);
        return speaks !== undefined;
      }
    }
  }

  /** The address that TVS names when it has answered, and whenever it looks at a connection. */
  #passing(address: string): void {
    const exchange = this.#current;
    if (exchange === null || !(exchange.sent ?? exchange.sending ?? exchange.reason))
      this.#from(address, false);
    else {
      exchange.address = address;
      this.#close(exchange);
    }
  }

  /** @param begins a handshake that was done was that of an earlier connection */
  #from(address: string, begins: boolean): void {
    this.#address = address;
    const known = this.#connections.get(address);
    if (known !== undefined && !(begins && known.handshake !== undefined)) return;
    this.#connections.delete(address);
    this.#connections.set(address, { address, seen: this.#here() });
    if (this.#connections.size > CONNECTIONS)
      this.#connections.delete(this.#connections.keys().next().value!);
  }

  #ofExchange(text: string): void {
    if (text.startsWith("MsgType :")) {
      const [, kind, way] = /^MsgType : TVS_MSG_(QUERY|VERIFY)_CERT_(REQ|RES)\b/.exec(text) ?? [];
      if (way !== "REQ") return;
      if (this.#current === null || this.#current.type !== undefined) this.#begin("");
      this.#current!.type = this.#with(kind!);
      return;
    }
    const exchange = this.#current;
    if (exchange === null) return;
    if (text.startsWith("tvsHandleQueryCertReq :")) {
      const [, field, value] = NAMES.exec(text) ?? [];
      const name = field === undefined ? undefined : FIELD[field]!;
      if (name !== undefined && (name === "serial" ? /^[0-9A-F]+\s*$/i : /=/).test(value!))
        exchange[name] ??= this.#with(value!.trim());
    } else if (text.startsWith("Sending")) {
      if (/^Sending (?:QUERY|VERIFY)_CERT_RES msg/.test(text)) exchange.sending ??= this.#here();
      if (!/^Sending TLS Msg\b/.test(text)) return;
      exchange.sent ??= this.#here();
      this.#dump = { of: "answer", bytes: null };
    } else if (text.startsWith("ReasonInfo")) {
      const [, reason] = /^ReasonInfo : (\d{1,3})\b/.exec(text) ?? [];
      if (reason !== undefined) exchange.reason ??= this.#with(Number(reason));
    } else if (text.includes("::getCertificateInformation - ")) this.#lookUp(exchange, text);
  }

  #lookUp(exchange: Exchange, text: string): void {
    const [, kind, value] = LOOK_UP.exec(text) ?? [];
    if (kind === "{role : ") {
      if (exchange.roles.length < ROLES) exchange.roles.push(this.#with(Number(value)));
    } else if (kind === "Found entry {rolecount : ") exchange.found ??= this.#with(Number(value));
    else if (/ - Cannot find the certificate/.test(text)) exchange.notKnown ??= this.#here();
    else {
      const [, key] = LOOKED_UP.exec(text) ?? [];
      if (key !== undefined) exchange.lookedUp ??= this.#with(key);
    }
  }
}

/** `8:UNKNOWN:`, the number of a connection; `2001:db8::5:` is an address, which TVS writes in lower case. */
const NUMBERED = /^(\d{1,9}):[A-Z]\w{0,31}:/;

const LOOK_UP = /::getCertificateInformation - (\{role : |Found entry \{rolecount : )(\d{1,3})\}/;

const isDigit = (text: string) => text.charCodeAt(0) - 0x30 < 10 && text.charCodeAt(0) >= 0x30;

/** Microseconds since midnight of a line that has a stamp. */
function clockAt(text: string): number {
  const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  const seconds = (two(0) * 60 + two(3)) * 60 + two(6);
  return seconds * 1_000_000 + (text.charCodeAt(9) - 48) * 100_000 + two(10) * 1000;
}

/** The value stands in the next line, or its dump does. */
const GOES_ON =
  /(?:Name|Number) is:\s*$|Looking up the certificate\s*$|Incoming Phone Msg:\s*$|^Sending TLS Msg\b/;

/** Most lines show by their last letter that they end there. */
const goesOn = (said: string) => " :.e".includes(said.at(-1) ?? "-") && GOES_ON.test(said);
