import fc from "fast-check";
import {
  decodeTvsMessage,
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  TvsMessageError,
  type TvsQueryRequest,
  type TvsQueryResponse,
} from "../../trust/tvs-message";

/** What the dumps in Cisco's document 213407 show, byte for byte; each dump is cut off where these end. */
const REQUEST_DUMP = bytes(`
  57 01 03 00 00 00 03 e9  00 8f 01 00 18 01 43 50  2d 38 38 36 31 2d 53 45  50 42 30 30 30 42 34 42
  41 30 41 45 45 03 00 42  43 4e 3d 75 63 6d 31 31  70 75`);
const RESPONSE_DUMP = bytes(`
  57 01 04 f7 00 00 03 e9  05 be 07 00 01 00 02 05  ab 30 82 05 a7 30 82 04  8f a0 03 02 01 02 02 13
  24 00 00 00 17 94 79 b8  f1 24 ac 3f 3b 00 00 00  00 00`);
/** The first bytes of the certificate, from the dump of the certificate itself. */
const CERTIFICATE_DUMP = bytes(`
  30 82 05 a7 30 82 04 8f  a0 03 02 01 02 02 13 24  00 00 00 17 94 79 b8 f1  24 ac 3f 3b 00 00 00 00
  00 17 30 0d 06 09 2a 86  48 86 f7 0d 01 01 0b 05  00 30`);

const request: TvsQueryRequest = {
  type: "query-request",
  session: 1001,
  reserved: 0,
  deviceName: "CP-8861-SEPB000B4BA0AEE",
  subject: "CN=ucm11pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU",
  issuer: "CN=stormin-WIN2012-CA",
  serial: "24000000179479B8F124AC3F3B000000000017",
};

const response: TvsQueryResponse = {
  type: "query-response",
  session: 1001,
  reserved: 0xf7,
  status: 0,
  certificate: Buffer.concat([CERTIFICATE_DUMP, Buffer.alloc(1451 - CERTIFICATE_DUMP.length, 0x5a)]),
  roles: [0, 3],
  timeToLive: 86_400,
};

describe("golden vectors of Cisco's document 213407", () => {
  test("the phone's request: 153 bytes, the visible ones bit for bit", () => {
    const encoded = encodeTvsMessage(request);
    expect(encoded).toHaveLength(153);
    expect(encoded.subarray(0, REQUEST_DUMP.length)).toEqual(REQUEST_DUMP);
    expect(decodeTvsMessage(encoded)).toEqual(request);
  });

  test("the rest of the request: subject, issuer and serial number with their lengths", () => {
    const tail = encodeTvsMessage(request).subarray(10 + 27);
    expect(tail.readUInt16BE(1)).toBe(66);
    expect(tail.subarray(69, 72)).toEqual(bytes("04 00 16"));
    expect(tail.subarray(69 + 25)).toEqual(bytes("05 00 13 24000000179479B8F124AC3F3B000000000017"));
  });

  test("the server's answer: 1480 bytes, its reserved byte kept, the visible ones bit for bit", () => {
    const encoded = encodeTvsMessage(response);
    expect(encoded).toHaveLength(1480);
    expect(encoded.subarray(0, RESPONSE_DUMP.length)).toEqual(RESPONSE_DUMP);
    expect(encoded.subarray(-12)).toEqual(bytes("08 00 02 00 03  09 00 04 00 01 51 80"));
    expect(decodeTvsMessage(encoded)).toEqual(response);
  });
});

describe("the other messages", () => {
  test("verify request", () => {
    const message: TvsMessage = {
      type: "verify-request",
      session: 7,
      reserved: 0,
      deviceName: "SEP001122334455",
      certificate: Buffer.from("3000", "hex"),
    };
    const encoded = encodeTvsMessage(message);
    expect(encoded.toString("hex")).toBe(
      `57010100${"00000007"}0018${"010010"}01${Buffer.from("SEP001122334455").toString("hex")}${"020002"}3000`,
    );
    expect(decodeTvsMessage(encoded)).toEqual(message);
  });

  test("verify response, known and not known", () => {
    const known: TvsMessage = {
      type: "verify-response",
      session: 7,
      reserved: 0,
      status: 0,
      roles: [7],
      timeToLive: 1,
    };
    expect(encodeTvsMessage(known).toString("hex")).toBe(
      "5701020000000007000f" + "07000100" + "08000107" + "09000400000001",
    );
    expect(decodeTvsMessage(encodeTvsMessage(known))).toEqual(known);
    const missed: TvsMessage = { type: "verify-response", session: 7, reserved: 0, status: 1 };
    expect(encodeTvsMessage(missed).toString("hex")).toBe("5701020000000007000407000101");
    expect(decodeTvsMessage(encodeTvsMessage(missed))).toEqual(missed);
  });

  test("a miss carries a status and nothing else", () => {
    const missed: TvsMessage = { type: "query-response", session: 1, reserved: 0, status: 1 };
    expect(decodeTvsMessage(encodeTvsMessage(missed))).toEqual(missed);
  });

  test("fields in another order and fields without known meaning are taken", () => {
    const body = bytes("08 00 01 00  63 00 02 aa bb  07 00 01 01");
    expect(decodeTvsMessage(frame(4, body))).toEqual({
      type: "query-response",
      session: 1,
      reserved: 0,
      status: 1,
      roles: [0],
      unknown: [{ tag: 0x63, value: bytes("aa bb") }],
    });
  });
});

describe("what is refused, and where", () => {
  test.each([
    ["another protocol", bytes("16 03 01 02 00 01 00 01 fc 03"), 0],
    ["another version", bytes("57 02 03 00 00 00 00 01 00 00"), 1],
    ["an unknown type", bytes("57 01 05 00 00 00 00 01 00 00"), 2],
    ["a cut header", bytes("57 01 03"), 0],
    ["a body shorter than its length", bytes("57 01 02 00 00 00 00 01 00 05 07 00 01 00"), 8],
    ["bytes after the body", bytes("57 01 02 00 00 00 00 01 00 04 07 00 01 00 00"), 8],
    ["a field that runs over", frame(2, bytes("07 00 02 00")), 10],
    ["a cut field", frame(2, bytes("07 00 01 00 08 00")), 14],
    ["a field twice", frame(2, bytes("07 00 01 00 07 00 01 01")), 14],
    ["a status of two bytes", frame(2, bytes("07 00 02 00 00")), 10],
    ["no status", frame(2, bytes("08 00 01 00")), 0],
    ["a field of another message", frame(2, bytes("07 00 01 00 03 00 02 41 00")), 14],
    ["status 0 without certificate", frame(4, bytes("07 00 01 00")), 0],
    ["a device name of another form", frame(1, bytes("01 00 02 02 41 02 00 00")), 10],
    ["a subject without NUL", frame(3, bytes("01 00 02 01 41 03 00 01 41 04 00 01 00 05 00 01 01")), 15],
    [
      "a subject with a NUL inside",
      frame(3, bytes("01 00 02 01 41 03 00 03 41 00 00 04 00 01 00 05 00 01 01")),
      15,
    ],
    ["an empty serial number", frame(3, bytes("01 00 02 01 41 03 00 01 00 04 00 01 00 05 00 00")), 23],
  ])("%s", (_, input, offset) => {
    expect(() => decodeTvsMessage(input)).toThrow(
      expect.objectContaining({ name: "TvsMessageError", offset }),
    );
  });

  test.each([
    ["a NUL in a name", { ...request, issuer: "CN=a\0b" }],
    ["a serial number that is not hex", { ...request, serial: "24:00" }],
    ["half a byte", { ...request, serial: "240" }],
    ["an empty device name", { ...request, deviceName: "" }],
    ["a device name outside ASCII", { ...request, deviceName: "SEPé" }],
    ["a session that does not fit", { ...request, session: 2 ** 32 }],
    ["a role that does not fit", { ...response, roles: [256] }],
    ["an answer that vouches for nothing", { ...response, certificate: undefined }],
    ["a body that does not fit", { ...response, certificate: Buffer.alloc(65_530) }],
    ["a known tag among the unknown", { ...response, unknown: [{ tag: 7, value: Buffer.of(1) }] }],
  ])("%s is not encoded", (_, message) => {
    expect(() => encodeTvsMessage(message as TvsMessage)).toThrow(TvsMessageError);
  });
});

describe("TvsFrameReader", () => {
  const stream = Buffer.concat([encodeTvsMessage(request), encodeTvsMessage(response)]);

  test("cuts messages however the socket cuts its bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 20 }), (sizes) => {
        const reader = new TvsFrameReader();
        const messages: TvsMessage[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          messages.push(...reader.push(stream.subarray(at, at + size)));
          at = Math.min(at + size, stream.length);
        }
        reader.end();
        expect(messages).toEqual([request, response]);
      }),
      { numRuns: 100 },
    );
  });

  test("one byte at a time", () => {
    const reader = new TvsFrameReader();
    const messages = [...stream].flatMap((byte) => reader.push(Buffer.of(byte)));
    expect(messages).toEqual([request, response]);
    expect(reader.pending).toBe(0);
  });

  test("refuses another protocol at its first byte, and everything after", () => {
    const reader = new TvsFrameReader();
    expect(() => reader.push(Buffer.from("G"))).toThrow(TvsMessageError);
    expect(() => reader.push(stream)).toThrow(TvsMessageError);
    expect(() => reader.end()).toThrow(TvsMessageError);
  });

  test("refuses a message over the bound before its body comes", () => {
    const reader = new TvsFrameReader(1000);
    reader.push(encodeTvsMessage(request));
    expect(() => reader.push(encodeTvsMessage(response).subarray(0, 10))).toThrow(
      /at most 1000 bytes, found 1470/,
    );
  });

  test("an end inside a message is an error", () => {
    const reader = new TvsFrameReader();
    reader.push(stream.subarray(0, 5));
    expect(() => reader.end()).toThrow(/the rest of a message/);
  });
});

describe("properties", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 60 }).filter((s) => !s.includes("\0"));
  const printable = fc.string({ minLength: 1, maxLength: 40 }).filter((s) => /^[\x20-\x7e]+$/.test(s));
  const der = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b));
  const head = { session: fc.nat(0xffffffff), reserved: fc.nat(255) };
  const rights = {
    roles: fc.option(fc.array(fc.nat(255), { maxLength: 8 }), { nil: undefined }),
    timeToLive: fc.option(fc.nat(0xffffffff), { nil: undefined }),
  };
  const serial = fc
    .uint8Array({ minLength: 1, maxLength: 64 })
    .map((b) => Buffer.from(b).toString("hex").toUpperCase());
  const message: fc.Arbitrary<TvsMessage> = fc.oneof(
    fc.record({
      type: fc.constant("verify-request" as const),
      ...head,
      deviceName: printable,
      certificate: der,
    }),
    fc.record({
      type: fc.constant("query-request" as const),
      ...head,
      deviceName: printable,
      subject: text,
      issuer: text,
      serial,
    }),
    fc.record({ type: fc.constant("verify-response" as const), ...head, status: fc.nat(255), ...rights }),
    fc.record({
      type: fc.constant("query-response" as const),
      ...head,
      status: fc.nat(255),
      certificate: der,
      ...rights,
    }),
  );

  test("decode(encode(x)) is x", () => {
    fc.assert(fc.property(message, (x) => expect(decodeTvsMessage(encodeTvsMessage(x))).toEqual(x)));
  });

  test("random bytes and mutated messages end in a message or a typed error, encoded again the same", () => {
    const mutated = fc
      .tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([x, changes]) => {
        const raw = encodeTvsMessage(x);
        for (const [at, byte] of changes) raw[at % raw.length] = byte;
        return raw;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 64 })), (input) => {
        let decoded: TvsMessage;
        try {
          decoded = decodeTvsMessage(input);
        } catch (error) {
          expect(error).toBeInstanceOf(TvsMessageError);
          return;
        }
        expect(decodeTvsMessage(encodeTvsMessage(decoded))).toEqual(decoded);
      }),
      { numRuns: 3000 },
    );
  });
});

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s+/g, ""), "hex");
}

function frame(type: number, body: Buffer): Buffer {
  const head = Buffer.from([0x57, 1, type, 0, 0, 0, 0, 1, 0, 0]);
  head.writeUInt16BE(body.length, 8);
  return Buffer.concat([head, body]);
}
