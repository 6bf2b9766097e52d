import {
  type Fail,
  FormatError,
  readTlvs,
  TlvFields,
  type TlvInput,
  textBytes,
  type UnknownField,
  writeTlvs,
} from "./tlv";

/**
 * Messages of the Trust Verification Service (TCP 2445 inside TLS), decoded from the byte dumps in Cisco's document
 * 213407. Header of 10 bytes, big-endian: protocol discriminator, version, message type, a reserved byte, session
 * id (4), length of the body (2). The body is a row of tag-length-value fields.
 */
export type TvsMessage = TvsVerifyRequest | TvsVerifyResponse | TvsQueryRequest | TvsQueryResponse;

interface TvsFrame {
  /** The answer carries the session of its request. */
  readonly session: number;
  /** Requests carry 0; a real server sent 0xf7. Without meaning: ignore it. @default 0 */
  readonly reserved?: number;
  /** Fields whose tag has no meaning that we know. */
  readonly unknown?: readonly UnknownField[];
}

/** Is this certificate (of a TLS server) known? */
export interface TvsVerifyRequest extends TvsFrame {
  readonly type: "verify-request";
  /** E.g. `CP-8861-SEPB000B4BA0AEE`. */
  readonly deviceName: string;
  /** DER; not looked into. */
  readonly certificate: Buffer;
}

/** Give me the certificate with this issuer and serial number (it signed a file). */
export interface TvsQueryRequest extends TvsFrame {
  readonly type: "query-request";
  readonly deviceName: string;
  /** Name text, `CN=..;OU=..`. */
  readonly subject: string;
  /** Name text; TVS compares it literally. */
  readonly issuer: string;
  /** Upper-case hex, whole bytes. */
  readonly serial: string;
}

interface TvsAnswer extends TvsFrame {
  /** 0: known, 1: not known. Others are kept. */
  readonly status: number;
  /** Numbers of {@link Role}. Absent when the answer has no such field. */
  readonly roles?: readonly number[];
  /** Seconds the phone may keep the answer. */
  readonly timeToLive?: number;
}

export interface TvsVerifyResponse extends TvsAnswer {
  readonly type: "verify-response";
}
export interface TvsQueryResponse extends TvsAnswer {
  readonly type: "query-response";
  /** DER; always there when the status is 0. */
  readonly certificate?: Buffer;
}

export const TvsStatus = { VALID: 0, INVALID: 1 } as const;

/** SUBJECT and those before it are seen in dumps; docs/assumptions.md: TVS tags 4 and 5. */
export const TvsTag = {
  DEVICE_NAME: 1,
  CERTIFICATE: 2,
  SUBJECT: 3,
  ISSUER: 4,
  SERIAL_NUMBER: 5,
  STATUS: 7,
  ROLES: 8,
  TIME_TO_LIVE: 9,
} as const;

const NAMES = {
  1: "device name",
  2: "certificate",
  3: "subject name",
  4: "issuer name",
  5: "serial number",
  7: "status",
  8: "roles",
  9: "time to live",
} as const;

export const TVS_PROTOCOL = 0x57;
const VERSION = 1;
/** First byte of a device name's value; the name follows without NUL. */
const DEVICE_NAME_FORM = 1;
export const TVS_HEADER_BYTES = 10;
export const MAX_TVS_BODY_BYTES = 0xffff;

const CODES = {
  "verify-request": 1,
  "verify-response": 2,
  "query-request": 3,
  "query-response": 4,
} as const satisfies { [type in TvsMessage["type"]]: number };
const TYPES = Object.keys(CODES) as TvsMessage["type"][];

const ALLOWED: { readonly [type in TvsMessage["type"]]: readonly number[] } = {
  "verify-request": [TvsTag.DEVICE_NAME, TvsTag.CERTIFICATE],
  "verify-response": [TvsTag.STATUS, TvsTag.ROLES, TvsTag.TIME_TO_LIVE],
  "query-request": [TvsTag.DEVICE_NAME, TvsTag.SUBJECT, TvsTag.ISSUER, TvsTag.SERIAL_NUMBER],
  "query-response": [TvsTag.STATUS, TvsTag.CERTIFICATE, TvsTag.ROLES, TvsTag.TIME_TO_LIVE],
};

/** A TVS message that is not what the protocol says. */
export class TvsMessageError extends FormatError {
  override readonly name = "TvsMessageError";
}

const fail: Fail = (offset, expected, found, cause) =>
  new TvsMessageError(offset, expected, found, cause === undefined ? undefined : { cause });

/** The bytes of one message, header included. @throws TvsMessageError when a field does not fit */
export function encodeTvsMessage(message: TvsMessage): Buffer {
  const unknown = message.unknown ?? [];
  const known = unknown.find(({ tag }) => tag in NAMES);
  if (known !== undefined) throw fail(0, "unknown fields with unknown tags", `tag ${known.tag}`);
  const body = writeTlvs([...fieldsOf(message), ...unknown], fail);
  if (body.length > MAX_TVS_BODY_BYTES)
    throw fail(8, `a body of at most ${MAX_TVS_BODY_BYTES} bytes`, `${body.length}`);
  const { session, reserved = 0 } = message;
  checkUnsigned(session, 0xffffffff, "session id");
  checkUnsigned(reserved, 0xff, "reserved byte");
  const header = Buffer.alloc(TVS_HEADER_BYTES);
  header.set([TVS_PROTOCOL, VERSION, CODES[message.type], reserved]);
  header.writeUInt32BE(session, 4);
  header.writeUInt16BE(body.length, 8);
  return Buffer.concat([header, body]);
}

/**
 * Reads exactly one message. Fields may come in any order, each once; a field that belongs to another message is
 * an error, a field without a known meaning is kept in `unknown`.
 * @throws TvsMessageError with the offset and what was expected
 */
export function decodeTvsMessage(bytes: Uint8Array): TvsMessage {
  const frame = Buffer.from(bytes);
  if (frame.length < TVS_HEADER_BYTES) throw fail(0, "a header of 10 bytes", `${frame.length} bytes`);
  checkStart(frame);
  const length = frame.readUInt16BE(8);
  if (frame.length !== TVS_HEADER_BYTES + length) {
    throw fail(8, `a body of ${frame.length - TVS_HEADER_BYTES} bytes, as there are`, `${length}`);
  }
  const type = TYPES.find((name) => CODES[name] === frame[2])!;
  const tlvs = readTlvs(frame, TVS_HEADER_BYTES, frame.length, fail);
  const stray = tlvs.find(({ tag }) => tag in NAMES && !ALLOWED[type].includes(tag));
  if (stray !== undefined) {
    throw fail(stray.offset, `a field of a ${type}`, NAMES[stray.tag as keyof typeof NAMES]);
  }
  const fields = new TlvFields(tlvs, NAMES, { offset: 0, name: `the ${type}` }, fail);
  const common = {
    session: frame.readUInt32BE(4),
    reserved: frame[3]!,
    ...(fields.unknown.length > 0 ? { unknown: fields.unknown } : {}),
  };
  return readMessage(type, fields, common);
}

function readMessage(type: TvsMessage["type"], fields: TlvFields, common: TvsFrame): TvsMessage {
  switch (type) {
    case "verify-request":
      return {
        type,
        ...common,
        deviceName: deviceNameOf(fields),
        certificate: fields.required(TvsTag.CERTIFICATE).value,
      };
    case "query-request":
      return {
        type,
        ...common,
        deviceName: deviceNameOf(fields),
        subject: fields.text(TvsTag.SUBJECT),
        issuer: fields.text(TvsTag.ISSUER),
        serial: serialOf(fields),
      };
    case "verify-response":
      return { type, ...common, ...answerOf(fields) };
    case "query-response": {
      const answer = answerOf(fields);
      const certificate = (
        answer.status === TvsStatus.VALID
          ? fields.required(TvsTag.CERTIFICATE)
          : fields.optional(TvsTag.CERTIFICATE)
      )?.value;
      return { type, ...common, ...answer, ...(certificate === undefined ? {} : { certificate }) };
    }
  }
}

function fieldsOf(message: TvsMessage): TlvInput[] {
  switch (message.type) {
    case "verify-request":
      return [deviceName(message.deviceName), { tag: TvsTag.CERTIFICATE, value: message.certificate }];
    case "query-request":
      return [
        deviceName(message.deviceName),
        { tag: TvsTag.SUBJECT, value: textBytes(message.subject, "subject name", fail) },
        { tag: TvsTag.ISSUER, value: textBytes(message.issuer, "issuer name", fail) },
        { tag: TvsTag.SERIAL_NUMBER, value: serialBytes(message.serial) },
      ];
    case "verify-response":
      return [status(message), ...rights(message)];
    case "query-response":
      if (message.status === TvsStatus.VALID && message.certificate === undefined) {
        throw fail(0, "a certificate in an answer with status 0", "none");
      }
      return [
        status(message),
        ...(message.certificate === undefined
          ? []
          : [{ tag: TvsTag.CERTIFICATE, value: message.certificate }]),
        ...rights(message),
      ];
  }
}

function deviceName(name: string): TlvInput {
  if (!/^[\x20-\x7e]{1,128}$/.test(name)) {
    throw fail(0, "a device name of 1 to 128 printable ASCII characters", JSON.stringify(name));
  }
  return { tag: TvsTag.DEVICE_NAME, value: Buffer.concat([Buffer.of(DEVICE_NAME_FORM), Buffer.from(name)]) };
}

function deviceNameOf(fields: TlvFields): string {
  const { value, offset } = fields.required(TvsTag.DEVICE_NAME);
  const name = value.toString("latin1", 1);
  if (value[0] !== DEVICE_NAME_FORM || !/^[\x20-\x7e]{1,128}$/.test(name)) {
    throw fail(
      offset,
      "the byte 01 and a device name of 1 to 128 printable ASCII characters",
      value.toString("hex", 0, 8),
    );
  }
  return name;
}

function serialBytes(serial: string): Buffer {
  if (!/^([0-9A-F]{2}){1,64}$/i.test(serial)) {
    throw fail(0, "a serial number of 1 to 64 bytes in hex", JSON.stringify(serial));
  }
  return Buffer.from(serial, "hex");
}

/** Not shortened: what was asked is what is looked up. */
function serialOf(fields: TlvFields): string {
  const { value, offset } = fields.required(TvsTag.SERIAL_NUMBER);
  if (value.length < 1 || value.length > 64)
    throw fail(offset, "a serial number of 1 to 64 bytes", `${value.length}`);
  return value.toString("hex").toUpperCase();
}

function status(answer: TvsAnswer): TlvInput {
  checkUnsigned(answer.status, 0xff, "status");
  return { tag: TvsTag.STATUS, value: Buffer.of(answer.status) };
}

function rights({ roles, timeToLive }: TvsAnswer): TlvInput[] {
  const fields: TlvInput[] = [];
  if (roles !== undefined) {
    for (const role of roles) checkUnsigned(role, 0xff, "role");
    fields.push({ tag: TvsTag.ROLES, value: Buffer.from(roles) });
  }
  if (timeToLive !== undefined) {
    checkUnsigned(timeToLive, 0xffffffff, "time to live");
    const value = Buffer.alloc(4);
    value.writeUInt32BE(timeToLive);
    fields.push({ tag: TvsTag.TIME_TO_LIVE, value });
  }
  return fields;
}

function answerOf(fields: TlvFields): Pick<TvsAnswer, "status" | "roles" | "timeToLive"> {
  const roles = fields.optional(TvsTag.ROLES)?.value;
  const timeToLive = fields.optionalNumber(TvsTag.TIME_TO_LIVE, 4);
  return {
    status: fields.number(TvsTag.STATUS, 1),
    ...(roles === undefined ? {} : { roles: [...roles] }),
    ...(timeToLive === undefined ? {} : { timeToLive }),
  };
}

/** Checks as many of the first three bytes as are there. */
function checkStart(header: Buffer): void {
  if (header.length > 0 && header[0] !== TVS_PROTOCOL)
    throw fail(0, "protocol discriminator 0x57", hex(header[0]!));
  if (header.length > 1 && header[1] !== VERSION) throw fail(1, "version 1", `${header[1]}`);
  if (header.length > 2 && !TYPES.some((type) => CODES[type] === header[2])) {
    throw fail(2, "message type 1 to 4", `${header[2]}`);
  }
}

function checkUnsigned(value: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw fail(0, `a ${what} of 0 to ${max}`, `${value}`);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/**
 * Cuts a socket's bytes into messages. Memory is bounded by one message; what is not TVS is refused at the first
 * byte that shows it. After an error the stream cannot be followed any more: every further call fails.
 */
export class TvsFrameReader {
  private readonly header = Buffer.alloc(TVS_HEADER_BYTES);
  private frame: Buffer | undefined;
  private filled = 0;
  private broken: TvsMessageError | undefined;

  /** @param maxBodyBytes refuses longer messages as soon as their header is there. @default 65535 */
  constructor(private readonly maxBodyBytes = MAX_TVS_BODY_BYTES) {}

  /** Bytes of a message that is not complete yet. */
  get pending(): number {
    return this.filled;
  }

  /** The messages that `chunk` completes, in order. @throws TvsMessageError */
  push(chunk: Uint8Array): TvsMessage[] {
    if (this.broken !== undefined) throw this.broken;
    try {
      return this.take(chunk);
    } catch (error) {
      if (error instanceof TvsMessageError) this.broken = error;
      throw error;
    }
  }

  /** Call when the peer ends. @throws TvsMessageError when it ends inside a message */
  end(): void {
    if (this.broken !== undefined) throw this.broken;
    if (this.filled > 0) throw fail(this.filled, "the rest of a message", "the end of the stream");
  }

  private take(chunk: Uint8Array): TvsMessage[] {
    const messages: TvsMessage[] = [];
    for (let at = 0; at < chunk.length; ) {
      const into = this.frame ?? this.header;
      const count = Math.min(into.length - this.filled, chunk.length - at);
      into.set(chunk.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.frame === undefined) this.startFrame();
      if (this.frame !== undefined && this.filled === this.frame.length) {
        messages.push(decodeTvsMessage(this.frame));
        this.frame = undefined;
        this.filled = 0;
      }
    }
    return messages;
  }

  private startFrame(): void {
    checkStart(this.header.subarray(0, this.filled));
    if (this.filled < TVS_HEADER_BYTES) return;
    const length = this.header.readUInt16BE(8);
    if (length > this.maxBodyBytes)
      throw fail(8, `a body of at most ${this.maxBodyBytes} bytes`, `${length}`);
    this.frame = Buffer.alloc(TVS_HEADER_BYTES + length);
    this.header.copy(this.frame);
  }
}

/** Bytes of a question in which its device name is sure to have ended. */
export const TVS_NAME_ENDS = TVS_HEADER_BYTES + 3 + 1 + 128;

/**
 * Who asks, from the beginning of a message; logs cut long ones.
 * @returns null when it is no question that begins with a device name; undefined when more bytes have to tell
 */
export function askerOf(beginning: Uint8Array): string | null | undefined {
  const nameAt = TVS_HEADER_BYTES + 4;
  if (beginning.length < nameAt) return undefined;
  const type = beginning[2];
  const end = nameAt - 1 + beginning[nameAt - 3]! * 256 + beginning[nameAt - 2]!;
  const isQuestion = type === CODES["query-request"] || type === CODES["verify-request"];
  if (beginning[0] !== TVS_PROTOCOL || beginning[1] !== VERSION || !isQuestion) return null;
  if (beginning[nameAt - 4] !== TvsTag.DEVICE_NAME || beginning[nameAt - 1] !== DEVICE_NAME_FORM) return null;
  if (end > TVS_NAME_ENDS) return null;
  if (beginning.length < end) return undefined;
  return String.fromCharCode(...beginning.subarray(nameAt, end));
}
