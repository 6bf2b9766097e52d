/**
 * Questions to TVS and its answers, from its trace at level Detailed (Cisco's document 213407). Lines of different
 * phones stand one behind the other; only some tell of which connection they are.
 */
import { DUMP, deviceIn, dumpedIn, INCOMING, STAMP } from "../tvs-log";
import { clockOf, type LogTime, type Seen, type SeenValue } from "./seen";

/** Every line of interest holds one of them, but for the lines of a dump and the rest of a broken line. */
export const TVS_WORDS = [
  "Phone",
  "ph_conn",
  "ph conn",
  "tvsSSLHandShake ",
  "_CERT_RE",
  "tvsHandleQueryCertReq :",
  "::getCertificateInformation",
  "ReasonInfo",
  "Sending TLS Msg",
] as const;

/** A phone's connection. */
export interface Connection {
  readonly address: string;
  readonly seen: Seen;
  handshake?: Seen;
}

/** One question with its answer. */
export interface Exchange {
  readonly file: string;
  connection?: Connection;
  /** Of the phone, by the lines around the question. */
  address?: string;
  device?: string;
  session?: number;
  /** Length of the question, and of the answer. */
  asked?: number;
  answered?: number;
  incoming?: Seen;
  type?: SeenValue<string>;
  subject?: SeenValue<string>;
  issuer?: SeenValue<string>;
  serial?: SeenValue<string>;
  /** Serial number and issuer, as one. */
  lookedUp?: SeenValue<string>;
  notKnown?: Seen;
  found?: SeenValue<number>;
  readonly roles: SeenValue<number>[];
  sending?: Seen;
  reason?: SeenValue<number>;
  sent?: Seen;
  answeredSession?: number;
}

type Text = "subject" | "issuer" | "serial";

/** Bytes of a message up to the end of its session. */
const SESSION_ENDS = 8;
const CONNECTIONS = 10_000;
const OPEN = 256;
/** Roles that are listed; the enumeration of them is not longer. */
const ROLES = 32;
const UNKNOWN_TIME: LogTime = { month: 0, day: 0, clock: 0 };

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
  #seen: Seen;
  #last = 0;

  constructor(
    private readonly file: string,
    private readonly take: (exchange: Exchange) => void,
  ) {
    this.#seen = { file, line: 0, at: UNKNOWN_TIME };
  }

  /** True: it wants the next line, whatever it says. */
  line(text: string, number: number): boolean {
    const stamp = STAMP.exec(text);
    const isOwn = stamp !== null || DUMP.test(text);
    if (isOwn || number !== this.#last + 1) this.#flush();
    this.#last = number;
    if (isOwn) {
      this.#said = stamp === null ? text : text.slice(stamp[0].length);
      const at =
        stamp === null
          ? this.#seen.at
          : { month: 0, day: 0, clock: clockOf(stamp[1]!, stamp[2]!, stamp[3]!, stamp[4]!) };
      this.#seen = { file: this.file, line: number, at };
    } else if (this.#said !== "" && this.#said.length < 2048) this.#said += ` ${text}`;
    return this.#dump !== null || GOES_ON.test(this.#said);
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
    const [prefix, connection] = /^(\d{1,9}):\w{1,32}:/.exec(said) ?? ["", undefined];
    const text = said.slice(prefix.length);
    if (connection !== undefined) this.#current = this.#open.get(connection) ?? this.#current;
    if (INCOMING.test(text)) {
      this.#begin(connection ?? "").incoming = this.#seen;
      this.#dump = { of: "question", bytes: null };
    } else if (!this.#ofConnection(text)) this.#ofExchange(text);
  }

  #begin(connection: string): Exchange {
    const before = this.#open.get(connection);
    if (before !== undefined) this.#close(before);
    const exchange: Exchange = { file: this.file, roles: [] };
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
    const session = bytes[0] === 0x57 ? Buffer.from(bytes.slice(4, 8)).readUInt32BE() : undefined;
    if (session !== undefined && of === "question") exchange.session ??= session;
    else if (session !== undefined) exchange.answeredSession ??= session;
    const device = of === "question" ? deviceIn(bytes) : null;
    if (device) exchange.device ??= device;
    // Nothing more is wanted of it; its other lines are no lines of interest.
    if (device !== undefined) this.#dump = null;
  }

  /** Whether the line tells of a connection. */
  #ofConnection(text: string): boolean {
    const [, named] = /^ipAddrStr \(Phone\) (\S{1,64})/.exec(text) ?? [];
    if (named !== undefined) {
      const exchange = this.#current;
      if (exchange !== null && (exchange.sent ?? exchange.sending ?? exchange.reason)) {
        exchange.address = named;
        this.#close(exchange);
      } else this.#from(named, false);
      return true;
    }
    const [, opened, descriptor] = /^Got a new ph conn (\S{1,64}) on (\d{1,9})\b/.exec(text) ?? [];
    if (opened !== undefined) {
      this.#from(opened, true);
      this.#byDescriptor.set(descriptor!, opened);
      if (this.#byDescriptor.size > CONNECTIONS) this.#byDescriptor.clear();
      return true;
    }
    const [, speaks] = /^(\S{1,64}): tvsSSLHandShake Session ciphers/.exec(text) ?? [];
    if (speaks !== undefined) {
      this.#from(speaks, true);
      return true;
    }
    if (!text.startsWith("TLS HS Done for ph_conn")) return false;
    const connection = this.#connections.get(this.#address ?? "");
    if (connection !== undefined) connection.handshake = this.#seen;
    return true;
  }

  /** @param begins a handshake that was done was that of an earlier connection */
  #from(address: string, begins: boolean): void {
    this.#address = address;
    const known = this.#connections.get(address);
    if (known !== undefined && !(begins && known.handshake !== undefined)) return;
    this.#connections.delete(address);
    this.#connections.set(address, { address, seen: this.#seen });
    if (this.#connections.size > CONNECTIONS)
      this.#connections.delete(this.#connections.keys().next().value!);
  }

  #ofExchange(text: string): void {
    const seen = this.#seen;
    const [, kind, way] = /^MsgType : TVS_MSG_(QUERY|VERIFY)_CERT_(REQ|RES)\b/.exec(text) ?? [];
    if (way === "REQ" && (this.#current === null || this.#current.type !== undefined)) this.#begin("");
    const exchange = this.#current;
    if (exchange === null) return;
    if (way === "REQ") exchange.type = { ...seen, value: kind! };
    const [, field, value] = NAMES.exec(text) ?? [];
    const name = field === undefined ? undefined : FIELD[field]!;
    if (name !== undefined && (name === "serial" ? /^[0-9A-F]+\s*$/i : /=/).test(value!))
      exchange[name] ??= { ...seen, value: value!.trim() };
    const [, key] = LOOKED_UP.exec(text) ?? [];
    if (key !== undefined) exchange.lookedUp ??= { ...seen, value: key };
    const [, count] = /::getCertificateInformation - Found entry \{rolecount : (\d{1,3})\}/.exec(text) ?? [];
    if (count !== undefined) exchange.found ??= { ...seen, value: Number(count) };
    const [, role] = /::getCertificateInformation - \{role : (\d{1,3})\}/.exec(text) ?? [];
    if (role !== undefined && exchange.roles.length < ROLES)
      exchange.roles.push({ ...seen, value: Number(role) });
    if (/::getCertificateInformation - Cannot find the certificate/.test(text)) exchange.notKnown ??= seen;
    if (/^Sending (?:QUERY|VERIFY)_CERT_RES msg/.test(text)) exchange.sending ??= seen;
    const [, reason] = /^ReasonInfo : (\d{1,3})\b/.exec(text) ?? [];
    if (reason !== undefined) exchange.reason ??= { ...seen, value: Number(reason) };
    if (/^Sending TLS Msg\b/.test(text)) {
      exchange.sent ??= seen;
      this.#dump = { of: "answer", bytes: null };
    }
  }
}

/** The value stands in the next line, or its dump does. */
const GOES_ON =
  /(?:Name|Number) is:\s*$|Looking up the certificate\s*$|Incoming Phone Msg:\s*$|^Sending TLS Msg\b/;
