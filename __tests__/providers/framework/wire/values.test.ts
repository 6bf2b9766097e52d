import * as fc from "fast-check";
import { type CtyType, DynamicValue, UNKNOWN } from "../../../../providers/framework/schema/value";
import { DecodeError } from "../../../../providers/framework/wire/decode-error";
import { decodeValue } from "../../../../providers/framework/wire/decode-value";
import { EncodeError, encodeValue } from "../../../../providers/framework/wire/encode-value";
import { type, typedValue } from "./fixture/values";

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");

test("what is encoded decodes to the same", () => {
  fc.assert(
    fc.property(typedValue, ({ type, value }) => {
      expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});

describe("a value as Terraform sends it", () => {
  test.each<[string, CtyType, string, unknown]>([
    ["nothing at all", "string", "", null],
    ["nil", ["list", "string"], "c0", null],
    ["an empty list", ["list", "string"], "90", []],
    ["a plain unknown", "string", "d4 00 00", UNKNOWN],
    ["an unknown with refinements", "string", "c7 05 0c 82 01 c2 02 a1", UNKNOWN],
    ["an unknown of a kind to come", "string", "d6 7f 01 02 03 04", UNKNOWN],
    ["a positive fixint", "number", "7f", 127],
    ["a negative fixint", "number", "e0", -32],
    ["an int64", "number", "d3 8000000000000000", -(2n ** 63n)],
    ["a small int64", "number", "d3 ffffffffffffffff", -1],
    ["a uint64", "number", "cf ffffffffffffffff", 2n ** 64n - 1n],
    ["a double", "number", "cb 3fe0000000000000", 0.5],
    ["a float", "number", "ca 3f000000", 0.5],
    ["a decimal text", "number", "a3 302e31", 0.1],
    ["a dynamic value", "dynamic", "92 c4 08 22737472696e6722 a1 78", new DynamicValue("string", "x")],
    [
      "a dynamic value with its type as text",
      "dynamic",
      "92 a6 22626f6f6c22 c3",
      new DynamicValue("bool", true),
    ],
    ["a dynamic null", "dynamic", "c0", null],
  ])("%s", (_, type, bytes, value) => {
    expect(decodeValue(hex(bytes), type)).toStrictEqual(value);
  });

  test("an object with a key that JavaScript is particular about", () => {
    const value = decodeValue(hex("81 a9 5f5f70726f746f5f5f a1 78"), ["map", "string"]);
    expect(Object.entries(value as object)).toEqual([["__proto__", "x"]]);
    expect(encodeValue(value, ["map", "string"])).toEqual(hex("81 a9 5f5f70726f746f5f5f a1 78"));
  });
});

describe("refuses bytes", () => {
  test.each<[string, CtyType, string]>([
    ["of another type", "string", "c3"],
    ["that end within a text", "string", "a5 61"],
    ["that go on after the value", "string", "a1 61 61"],
    ["with text that is not UTF-8", "string", "a1 ff"],
    ["that are no MessagePack", "string", "c1"],
    ["with an array that is longer than all", ["list", "string"], "dd ffffffff"],
    ["with a map that is longer than all", ["map", "string"], "df 7fffffff"],
    ["with a text that is longer than all", "string", "db ffffffff 61"],
    ["with an extension that is longer than all", "string", "c9 ffffffff 00"],
    ["of an object that lacks an attribute", ["object", { a: "bool", b: "bool" }], "81 a1 61 c3"],
    ["of an object with another attribute", ["object", { a: "bool" }], "81 a1 62 c3"],
    [
      "of an object with an attribute that all objects have",
      ["object", { a: "bool" }],
      "81 a8 746f537472696e67 c3",
    ],
    ["with a name twice", ["map", "bool"], "82 a1 61 c3 a1 61 c3"],
    ["with a key that is no text", ["map", "bool"], "81 01 c3"],
    ["with NaN", "number", "cb 7ff8000000000001"],
    ["with a text that is no number", "number", "a1 78"],
    ["of a dynamic value without a type", "dynamic", "91 c3"],
    ["of a dynamic value with a made-up type", "dynamic", "92 a7 22626f6f6c6c22 c3"],
    ["of a tuple of another length", ["tuple", ["bool"]], "92 c3 c3"],
  ])("%s", (_, type, bytes) => expect(() => decodeValue(hex(bytes), type)).toThrow(DecodeError));

  test("that nest without end", () => {
    const pair = Buffer.concat([hex("92 c4 09"), Buffer.from('"dynamic"')]);
    const deep = Buffer.concat([...Array.from({ length: 5000 }, () => pair), hex("c0")]);
    expect(() => decodeValue(deep, "dynamic")).toThrow("deeper");
    const type = `${'["list",'.repeat(5000)}"bool"${"]".repeat(5000)}`;
    const head = Buffer.from([0x92, 0xc5, type.length >> 8, type.length & 0xff]);
    expect(() => decodeValue(Buffer.concat([head, Buffer.from(type), hex("c0")]), "dynamic")).toThrow(
      DecodeError,
    );
  });

  test("any bytes either decode or are refused as such", () => {
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 100 }), (of, noise) => {
        try {
          decodeValue(noise, of);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("of which some were cut off or turned over", () => {
    fc.assert(
      fc.property(typedValue, fc.nat(), fc.nat(255), ({ type, value }, at, byte) => {
        const bytes = Buffer.from(encodeValue(value, type));
        const cut = bytes.subarray(0, at % bytes.length);
        if (cut.length > 0) expect(() => decodeValue(cut, type)).toThrow(DecodeError);
        bytes[at % bytes.length] = byte;
        try {
          decodeValue(bytes, type);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("does not encode", () => {
  test.each<[string, CtyType, unknown, string]>([
    ["a number as text", "string", 1, "the value is a number, expected string"],
    ["a missing attribute", ["object", { a: ["object", { b: "bool" }] }], { a: {} }, "a.b is missing"],
    ["an attribute that is not declared", ["object", { a: "bool" }], { a: true, c: 1 }, "c is not declared"],
    ["undefined", ["list", "bool"], [undefined], "0 is undefined, expected bool"],
    ["NaN", "number", Number.NaN, "the value is NaN, expected number"],
    ["an object as list", ["list", "bool"], {}, "the value is a object, expected list"],
    ["a bare value as dynamic", "dynamic", "x", "the value is a string, expected dynamic value"],
  ])("%s", (_, type, value, message) => {
    expect(() => encodeValue(value as never, type)).toThrow(new EncodeError(message));
  });

  test("the value into the message, which may be secret", () => {
    expect(() => encodeValue("hunter2", "number")).not.toThrow(/hunter2/);
  });
});
