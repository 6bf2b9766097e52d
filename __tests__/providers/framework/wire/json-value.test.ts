import * as fc from "fast-check";
import { BigDecimal, DynamicValue } from "../../../../providers/framework/schema/value";
import { DecodeError } from "../../../../providers/framework/wire/decode-error";
import { parseJson, valueFromJson } from "../../../../providers/framework/wire/json-value";

const parse = (text: string) => parseJson(Buffer.from(text));

test("numbers that would be rounded come as text", () => {
  expect(
    parse('{"a": 12345678901234567890, "b": [0.1, 1e400], "c": "12345678901234567890 \\" 5e5"}'),
  ).toEqual({
    a: "12345678901234567890",
    b: [0.1, "1e400"],
    c: '12345678901234567890 " 5e5',
  });
});

test("other JSON is what JSON.parse says", () => {
  const text = fc.string().map((s) => `"1e99 ${s}`);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      fc.dictionary(text, fc.oneof(text, fc.array(number), fc.constantFrom(null, true))),
      (value) => {
        const numbers = (_: string, v: unknown) => (Array.isArray(v) ? v.map(Number) : v);
        const json = JSON.stringify(value);
        expect(JSON.parse(JSON.stringify(parse(json)), numbers)).toEqual(JSON.parse(json));
      },
    ),
  );
});

test("values by type", () => {
  expect(
    valueFromJson(parse('{"n": 12345678901234567890, "l": ["a"], "m": {"k": true}, "t": [1, "x"]}'), [
      "object",
      {
        n: "number",
        l: ["set", "string"],
        m: ["map", "bool"],
        t: ["tuple", ["number", "string"]],
        gone: "string",
      },
    ]),
  ).toEqual({ n: 12345678901234567890n, l: ["a"], m: { k: true }, t: [1, "x"], gone: null });
  expect(valueFromJson("0.333333333333333333333", "number")).toEqual(
    new BigDecimal("0.333333333333333333333"),
  );
  expect(valueFromJson({ type: "bool", value: false }, "dynamic")).toEqual(new DynamicValue("bool", false));
});

test("values of another type are refused", () => {
  expect(() => valueFromJson("x", "number")).toThrow(DecodeError);
  expect(() => valueFromJson(1, "string")).toThrow(DecodeError);
  expect(() => valueFromJson([], ["map", "string"])).toThrow(DecodeError);
  expect(() => valueFromJson({ b: 1 }, ["object", { a: "number" }])).toThrow("undeclared");
  expect(() => parse("{")).toThrow(DecodeError);
});
