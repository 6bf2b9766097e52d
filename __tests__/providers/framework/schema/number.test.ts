import * as fc from "fast-check";
import { parseNumber } from "../../../../providers/framework/schema/number";
import { BigDecimal } from "../../../../providers/framework/schema/value";

test.each([
  ["0", 0],
  ["-0", 0],
  ["+1", 1],
  ["1.50", 1.5],
  ["0.1", 0.1],
  ["1e3", 1000],
  ["0.0000001", 1e-7],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ["9007199254740993", 9007199254740993n],
  ["-12345678901234567890", -12345678901234567890n],
  ["1e20", 10n ** 20n],
])("%s is the number %s", (text, value) => expect(parseNumber(text)).toStrictEqual(value));

test.each(["0.1000000000000000055511151231257827", "0.333333333333333333333", "1e999999999", "1e-400"])(
  "%s stays text, because no number prints like it",
  (text) => expect(parseNumber(text)).toStrictEqual(new BigDecimal(text)),
);

test("an integer of a million digits stays text and takes no time", () => {
  const text = "7".repeat(1_000_000);
  expect(parseNumber(text)).toStrictEqual(new BigDecimal(text));
});

test.each(["", "x", "1.", ".5", "1e", "NaN", "Infinity", "0x10", "1 "])("%p is no number", (text) =>
  expect(parseNumber(text)).toBeUndefined(),
);

test("every number is what it prints as", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      const back = parseNumber(String(n));
      if (Number.isInteger(n) && !Number.isSafeInteger(n)) expect(typeof back).toBe("bigint");
      else expect(back === n || Object.is(n, -0)).toBe(true);
    }),
  );
});

test.each(["abc", "", "0x10", "1,5"])("%p is no BigDecimal, and the error says so", (text) =>
  expect(() => new BigDecimal(text)).toThrow(`"${text}" is no decimal number; one is written like "-12.5"`),
);
