import * as fc from "fast-check";
import { fromDouble } from "../../../../../providers/framework/wire/msgpack/decimal";

test("a fraction is the number that is printed as it is, a whole number all of its digits", () => {
  expect(fromDouble(0.5)).toBe(0.5);
  expect(fromDouble(-1234.375)).toBe(-1234.375);
  expect(fromDouble(0.1)).toBe(0.1);
  expect(fromDouble(-0)).toBe(0);
  expect(fromDouble(2 ** 60)).toBe(2n ** 60n);
  expect(fromDouble(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(fromDouble(Number.NaN)).toBeUndefined();
});

test("every double is the same double as a number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      expect(Number(fromDouble(n))).toBe(Object.is(n, -0) ? 0 : n);
    }),
  );
});
