/**
 * Questions to TVS and its answers, from its trace at level Detailed (Cisco's document 213407). Lines of different
 * phones stand one behind the other; only some tell of which connection they are.
 */
import { DEVICE_ENDS, DUMP_LINE, deviceIn } from "../tvs-log";
import { TVS_NAME_ENDS, TVS_PROTOCOL } from "../tvs-message";
import { Recent } from "./recent";
import { Sayings } from "./sayings";
import type { LogTime, Seen, SeenValue } from "./seen";
import {
  type ConnectionMark,
  clockIn,
  mayBeTitle,
  type Saying,
  saidAt,
  sayingOf,
  type TraceMark,
} from "./trace-lines";

/** A phone's connection. */
export interface Connection {
  readonly address: string;
  readonly seen: Seen;
  handshake: Seen | undefined;
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
  roles: readonly SeenValue<number>[] = [];
  sending: Seen | undefined = undefined;
  reason: SeenValue<number> | undefined = undefined;
  sent: Seen | undefined = undefined;
  answeredSession: number | undefined = undefined;

  constructor(
    readonly file: string,
    /** Of its connection, as TVS writes it; empty where no line tells. */
    readonly number: string,
  ) {}
}

/** Bytes of a message up to the end of its session. */
const SESSION_ENDS = 8;
const CONNECTIONS = 5000;
const OPEN = 256;
/** Roles that are listed; the enumeration of them is not longer. */
const ROLES = 32;
/** Characters of a broken line that more is put to. */
const BROKEN = 2048;

/** Who asks, by the bytes of a question. */
const askerOf = (dumped: string) => ({ device: deviceIn(Buffer.from(dumped, "latin1")) });
const NOBODY = { device: null };

/** Reads one TVS log, line by line. */
export class ExchangeReader {
  readonly #connections = new Recent<Connection>(CONNECTIONS);
  readonly #byDescriptor = new Recent<string>(CONNECTIONS);
  /** By the number of their connection. */
  readonly #open = new Map<string, Exchange>();
  #current: Exchange | null = null;
  #address: string | null = null;
  readonly #sayings = new Sayings(sayingOf);
  readonly #askers = new Sayings(askerOf);
  /** What is dumped, its title being read or awaited; as many of its bytes as are looked at. */
  #dump: "question" | "answer" | null = null;
  #hasTitle = false;
  readonly #message = Buffer.alloc(TVS_NAME_ENDS + DUMP_LINE);
  #bytes = 0;
  /** May go on in the next line. */
  #said: Saying | null = null;
  #saidAt = 0;
  #clock = 0;
  #at: LogTime = { month: 0, day: 0, clock: 0 };
  #last = 0;

  constructor(
    private readonly file: string,
    private readonly take: (exchange: Exchange) => void,
  ) {}

  /** True: it wants the next line, whatever it says. */
  line(bytes: Buffer, from: number, end: number, number: number): boolean {
    const at = saidAt(bytes, from);
    const isStamped = at >= 0;
    const said = isStamped ? this.#sayings.of(bytes, at, end) : this.#titleIn(bytes, from, end);
    if (said !== null || number !== this.#last + 1) this.#flush();
    this.#last = number;
    if (said !== null) {
      this.#said = said.text === "" ? null : said;
      this.#saidAt = number;
      if (isStamped) this.#clock = clockIn(bytes, from);
    } else if (this.#said !== null && this.#said.text.length < BROKEN)
      this.#said = sayingOf(`${this.#said.text} ${bytes.toString("latin1", from, end)}`);
    return this.#dump !== null || (this.#said?.goesOn ?? false);
  }

  /** The title of a dump, which may stand without a time. */
  #titleIn(bytes: Buffer, from: number, end: number): Saying | null {
    if (!mayBeTitle(bytes, from)) return null;
    const saying = this.#sayings.of(bytes, from, end);
    return saying.dumpLength === null ? null : saying;
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
    if (said === null) return;
    this.#said = null;
    if (this.#dump !== null && this.#dumped(this.#dump, said)) return;
    const { connection, mark } = said;
    if (connection !== null) this.#current = this.#open.get(connection) ?? this.#current;
    if (mark !== null) this.#note(mark, connection ?? "");
  }

  #begin(connection: string): Exchange {
    const before = this.#open.get(connection);
    if (before !== undefined) this.#close(before);
    const exchange = new Exchange(this.file, connection);
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
    if (this.#open.get(exchange.number) === exchange) this.#open.delete(exchange.number);
    if (this.#current === exchange) this.#current = null;
    this.take(exchange);
  }

  /** Whether the line belongs to a dump. */
  #dumped(of: "question" | "answer", { dumpLength, dumped }: Saying): boolean {
    const exchange = this.#current;
    if (exchange === null || (this.#hasTitle ? dumped : dumpLength) === null) {
      this.#dump = null;
      return false;
    }
    if (this.#hasTitle) {
      for (let i = 0; i < dumped!.length; i++) this.#message[this.#bytes++] = dumped![i]!;
      this.#readDump(exchange, of);
    } else {
      this.#hasTitle = true;
      exchange[of === "question" ? "asked" : "answered"] = dumpLength!;
    }
    return true;
  }

  #awaitDump(of: "question" | "answer"): void {
    this.#dump = of;
    this.#hasTitle = false;
    this.#bytes = 0;
  }

  #readDump(exchange: Exchange, of: "question" | "answer"): void {
    if (this.#bytes < SESSION_ENDS) return;
    if (this.#message[0] === TVS_PROTOCOL) {
      const session = this.#message.readUInt32BE(4);
      if (of === "question") exchange.session ??= session;
      else exchange.answeredSession ??= session;
    }
    if (of === "question" && this.#bytes < DEVICE_ENDS) return;
    // The session says nothing of who asks.
    for (let at = SESSION_ENDS - 4; at < SESSION_ENDS; at++) this.#message[at] = 0;
    const { device } = of === "question" ? this.#askers.of(this.#message, 0, this.#bytes) : NOBODY;
    if (device) exchange.device ??= device;
    // Nothing more is wanted of it; its other lines are no lines of interest.
    if (device !== undefined) this.#dump = null;
  }

  #note(mark: TraceMark, connection: string): void {
    switch (mark.kind) {
      case "incoming":
        this.#begin(connection).incoming = this.#here();
        this.#awaitDump("question");
        return;
      case "request":
        if (this.#current === null || this.#current.type !== undefined) this.#begin("");
        this.#current!.type = this.#with(mark.value);
        return;
      case "passing":
        this.#passing(mark.address);
        return;
      case "opened":
        this.#from(mark.address, true);
        this.#byDescriptor.set(mark.descriptor, mark.address);
        return;
      case "speaks":
        this.#from(mark.address, true);
        return;
      case "handshake": {
        const from = this.#connections.get(this.#address ?? "");
        if (from !== undefined) from.handshake = this.#here();
        return;
      }
      default:
        if (this.#current !== null) this.#noteIn(this.#current, mark);
    }
  }

  #noteIn(exchange: Exchange, mark: Exclude<TraceMark, ConnectionMark>): void {
    switch (mark.kind) {
      case "subject":
      case "issuer":
      case "serial":
      case "lookedUp":
        exchange[mark.kind] ??= this.#with(mark.value);
        return;
      case "reason":
      case "found":
        exchange[mark.kind] ??= this.#with(mark.value);
        return;
      case "role":
        if (exchange.roles.length < ROLES) exchange.roles = [...exchange.roles, this.#with(mark.value)];
        return;
      case "sending":
      case "notKnown":
        exchange[mark.kind] ??= this.#here();
        return;
      case "sent":
        exchange.sent ??= this.#here();
        this.#awaitDump("answer");
        return;
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
    this.#connections.set(address, { address, seen: this.#here(), handshake: undefined });
  }
}
