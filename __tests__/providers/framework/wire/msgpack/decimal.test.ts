import * as fc from "fast-check";
import { BigDecimal } from "../../../../../providers/framework/schema/value";
import { fromDouble } from "../../../../../providers/framework/wire/msgpack/decimal";

test("a double is the number that prints with all of its digits, or else those digits", () => {
  expect(fromDouble(0.5)).toBe(0.5);
  expect(fromDouble(-1234.375)).toBe(-1234.375);
  expect(fromDouble(2 ** 60)).toBe(2n ** 60n);
  expect(fromDouble(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(fromDouble(Number.NaN)).toBeUndefined();
  expect(fromDouble(0.1)).toStrictEqual(
    new BigDecimal("0.1000000000000000055511151231257827021181583404541015625"),
  );
  expect(fromDouble(Number.MIN_VALUE)).toBeInstanceOf(BigDecimal);
});

test("the digits of a double give the same double", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      const value = fromDouble(n);
      expect(Number(value instanceof BigDecimal ? value.text : value)).toBe(Object.is(n, -0) ? 0 : n);
    }),
  );
});
