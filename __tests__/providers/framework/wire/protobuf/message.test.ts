import * as fc from "fast-check";
import { DecodeError } from "../../../../../providers/framework/wire/decode-error";
import {
  bool,
  bytes,
  embedded,
  int64,
  type Message,
  mapOf,
  message,
  one,
  optional,
  repeated,
  string,
} from "../../../../../providers/framework/wire/protobuf/message";

interface Node {
  name: string;
  children: Node[];
}
const Node: Message<Node> = message("Node", {
  name: one(1, string),
  children: repeated<Node>(2, () => Node),
});
const Inner = message("Inner", { text: one(1, string), choice: optional(2, int64) });
const Sample = message("Sample", {
  flag: one(1, bool),
  count: one(2, int64),
  text: one(3, string),
  data: one(4, bytes),
  inner: embedded(5, Inner),
  list: repeated(6, Inner),
  map: mapOf(7, embedded(2, Inner)),
});

const int = fc.maxSafeInteger();
const inner = fc.record({
  text: fc.string({ unit: "grapheme" }),
  choice: fc.option(int, { nil: undefined }),
});
const sample = fc.record({
  flag: fc.boolean(),
  count: int,
  text: fc.string({ unit: "grapheme" }),
  data: fc.uint8Array(),
  inner: fc.option(inner, { nil: undefined }),
  list: fc.array(inner),
  map: fc
    .uniqueArray(fc.tuple(fc.string(), inner), { selector: ([k]) => k })
    .map((entries) => new Map(entries)),
});

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");

test("what is encoded decodes to the same", () => {
  fc.assert(
    fc.property(sample, (value) => {
      const decoded = Sample.decode(Sample.encode(value));
      expect({ ...decoded, data: [...decoded.data] }).toEqual({ ...value, data: [...value.data] });
    }),
  );
});

test("encodes the examples of the protobuf documentation", () => {
  const Test = message("Test", { a: one(1, int64) });
  expect(Test.encode({ a: 150 })).toEqual(hex("08 96 01"));
  expect(Test.encode({ a: -2 })).toEqual(hex("08 fe ff ff ff ff ff ff ff ff 01"));
  expect(message("Test2", { b: one(2, string) }).encode({ b: "testing" })).toEqual(
    hex("12 07 74657374696e67"),
  );
});

test("zero values are not written, unless their presence says something", () => {
  expect(Sample.encode({ flag: false, count: 0, text: "", data: new Uint8Array() })).toHaveLength(0);
  expect(Inner.encode({ choice: 0 })).toEqual(hex("10 00"));
  expect(Inner.decode(hex("10 00")).choice).toBe(0);
  expect(Inner.decode(hex("")).choice).toBeUndefined();
});

test("unknown fields of every wire type are passed over, groups too", () => {
  const unknown = hex("f8 01 ac02") // varint
    .toString("hex")
    .concat("f9010102030405060708", "fa0103616263", "fd0101020304", "fb01 0801 fc01".replace(/\s/g, ""));
  const withUnknown = Buffer.concat([hex(unknown), Sample.encode({ count: 7 }), hex(unknown)]);
  expect(Sample.decode(withUnknown).count).toBe(7);
});

test("the last of several values of a single field counts", () => {
  expect(Sample.decode(hex("10 01 10 02")).count).toBe(2);
});

describe("refuses", () => {
  const refused = (text: string) => expect(() => Sample.decode(hex(text))).toThrow(DecodeError);
  test("a message that ends within a value", () => {
    for (const text of ["10", "1a 05 61", "10 ff", "2a 03 0a 05 61", "f9 01 00"]) refused(text);
  });
  test("a length beyond what a number holds", () => refused("1a ff ff ff ff ff ff ff ff 7f"));
  test("a varint of more than ten bytes", () => refused("10 80 80 80 80 80 80 80 80 80 80 01"));
  test("field number zero", () => refused("00 01"));
  test("a known field with another wire type", () => refused("12 01 61"));
  test("wire types that do not exist", () => refused("fe 01"));
  test("a group that does not end, or ends with another number", () => {
    refused("fb 01 08 01");
    refused("fb 01 0c");
  });
  test("text that is not UTF-8", () => refused("1a 01 ff"));
  test("an int64 that a number cannot hold", () => refused("10 ff ff ff ff ff ff ff ff 7f"));
  test("messages that nest without end", () => {
    let nested: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 150; i++) {
      const length = message("L", { b: one(2, bytes) }).encode({ b: nested });
      nested = length.length === 0 ? hex("12 00") : length;
    }
    expect(() => Node.decode(nested)).toThrow("deeper");
    expect(() => Sample.decode(Buffer.from("fb01".repeat(5000), "hex"))).toThrow(DecodeError);
  });
});

test("any bytes either decode or are refused as such", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        Sample.decode(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }),
    { numRuns: 2000 },
  );
});
