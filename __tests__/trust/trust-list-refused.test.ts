import { buildTrustList, parseTrustList, TrustListError } from "../../trust/trust-list";
import { identity } from "./authority";
import { hex, input, publisher, recordOf, text, tlv } from "./lists";

describe("what is refused, and where", () => {
  let file: Buffer;
  let header: Buffer;
  let record: Buffer;
  beforeAll(() => {
    file = buildTrustList(input());
    const list = parseTrustList(file);
    header = file.subarray(0, list.headerLength);
    record = file.subarray(list.headerLength, list.headerLength + list.records[0]!.length);
  });
  const patched = (base: Buffer, at: number, ...bytes: number[]) => {
    const copy = Buffer.from(base);
    copy.set(bytes, at);
    return copy;
  };

  test.each<[string, () => Buffer, number | undefined]>([
    ["an empty file", () => Buffer.alloc(0), 0],
    ["a text", () => Buffer.from("<device><fullConfig>"), undefined],
    ["version 2.0", () => patched(file, 3, 2, 0), 3],
    ["version 1.3", () => patched(file, 4, 3), 3],
    ["a header longer than the file", () => patched(header, 8, 0xff, 0xff), 8],
    ["a header shorter than its start", () => patched(file, 8, 0, 9), 8],
    ["a header cut in a field", () => patched(file, 8, 0, 100), undefined],
    ["digest algorithm 4", () => patched(file, 168, 4), 165],
    ["modulus code 2 with a signature of 128 bytes", () => patched(file, 179, 2), 180],
    ["a file name without NUL", () => patched(file, header.indexOf("CTLFile.tlv") + 11, 0x41), undefined],
    ["a record of length 0", () => Buffer.concat([header, hex("0100020000")]), 339],
    ["a record beyond the end", () => file.subarray(0, -1), undefined],
    ["a few bytes after the records", () => Buffer.concat([file, hex("0100")]), undefined],
    ["a record that begins with another field", () => Buffer.concat([header, hex("0400020000")]), 336],
    ["a record without role", () => Buffer.concat([header, recordOf(tlv(2, text("a")))]), 336],
    ["a role of one byte", () => Buffer.concat([header, recordOf(tlv(4, hex("00")))]), 341],
    ["a role twice", () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(4, hex("0002")))]), 346],
    ["a field that leaves its record", () => Buffer.concat([header, hex("010002000a" + "0400040000")]), 341],
    [
      "an address of 5 bytes",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(10, Buffer.alloc(5)))]),
      346,
    ],
    [
      "a certificate that is none",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(9, hex("3000")))]),
      346,
    ],
    [
      "a key that is none",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(7, hex("3000")))]),
      346,
    ],
    [
      "a point off its curve",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(7, Buffer.alloc(65, 4)))]),
      346,
    ],
    [
      "an empty serial number",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(6, hex("")))]),
      346,
    ],
    [
      "a serial number that is not the certificate's",
      () => {
        const at = record.indexOf(Buffer.concat([hex("060010"), publisher.certificate.serialBytes]));
        return Buffer.concat([header, patched(record, at + 3, 0x71)]);
      },
      undefined,
    ],
    [
      "a key that is not the certificate's",
      () => {
        const key = record.indexOf(hex("07008c"));
        const bytes = Buffer.from(record);
        identity().certificate.publicKeyBytes.copy(bytes, key + 3);
        return Buffer.concat([header, bytes]);
      },
      undefined,
    ],
    ["more than 64 KB", () => Buffer.concat([file, Buffer.alloc(65_536)]), 65_536],
    [
      "more than 1024 records",
      () => Buffer.concat([header, ...Array(1025).fill(recordOf(tlv(4, hex("0000"))))]),
      336 + 10_240,
    ],
  ])("%s", (_, make, offset) => {
    const expected = offset === undefined ? { name: "TrustListError" } : { name: "TrustListError", offset };
    expect(() => parseTrustList(make())).toThrow(expect.objectContaining(expected));
  });

  test("the bound is the caller's", () => {
    expect(() => parseTrustList(file, { maxBytes: file.length - 1 })).toThrow(/at most/);
    expect(parseTrustList(file, { maxBytes: file.length }).records).toHaveLength(6);
  });

  test("a header without signer, or with half of one", () => {
    const bare = Buffer.concat([hex("0100020102" + "020002000a")]);
    expect(() => parseTrustList(bare)).toThrow(/SIGNERID \(tag 3\) in the header, found none/);
    const half = Buffer.concat([hex("0100020102" + "0200020015"), tlv(3, tlv(4, text("CN=a")))]);
    expect(() => parseTrustList(half)).toThrow(TrustListError);
  });
});
