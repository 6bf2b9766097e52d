import { BigDecimal } from "../../schema/value";

/**
 * Terraform's numbers are decimals of 512 bits. In JavaScript a `number` stands here for the decimal that it is
 * printed as (0.1 means one tenth, not the nearest double), so that what the user wrote comes back unchanged.
 */

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;
/** Turning longer texts into a bigint takes quadratic time; they stay text. */
const MAX_BIGINT_DIGITS = 5_000;

/** A decimal number in normal form: digits without zeros at either end, times ten to the power of `exponent`. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function parse(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const all = whole + fraction;
  let start = 0;
  while (all[start] === "0") start++;
  let end = all.length;
  while (end > start && all[end - 1] === "0") end--;
  if (start === end) return { negative: false, digits: "", exponent: 0 };
  return {
    negative: sign === "-",
    digits: all.slice(start, end),
    exponent: Number(power) - fraction.length + (all.length - end),
  };
}

const equal = (a: Decimal, b: Decimal): boolean =>
  a.negative === b.negative && a.digits === b.digits && a.exponent === b.exponent;

/** undefined when the text is no decimal number. */
export function fromText(text: string): number | bigint | BigDecimal | undefined {
  const decimal = parse(text);
  if (decimal === undefined) return undefined;
  const nearest = Number(text);
  if (Number.isFinite(nearest) && equal(parse(String(nearest))!, decimal)) {
    if (!Number.isInteger(nearest) || Number.isSafeInteger(nearest)) return nearest === 0 ? 0 : nearest;
  }
  if (decimal.exponent >= 0 && decimal.digits.length + decimal.exponent <= MAX_BIGINT_DIGITS) {
    const magnitude = BigInt(decimal.digits + "0".repeat(decimal.exponent));
    return decimal.negative ? -magnitude : magnitude;
  }
  return new BigDecimal(text);
}

/** undefined for NaN, which Terraform does not have. */
export function fromDouble(double: number): number | bigint | BigDecimal | undefined {
  if (Number.isNaN(double)) return undefined;
  if (!Number.isFinite(double)) return double;
  if (Number.isSafeInteger(double)) return double === 0 ? 0 : double;
  if (Number.isInteger(double)) return BigInt(double);
  const exact = exactText(double);
  return equal(parse(exact)!, parse(String(double))!) ? double : new BigDecimal(exact);
}

/** All digits of a double that is not an integer. */
function exactText(double: number): string {
  // Doubling is exact, so this ends with an integer m such that double = m / 2^k = m * 5^k / 10^k.
  let k = 0;
  let scaled = Math.abs(double);
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    k++;
  }
  const digits = (BigInt(scaled) * 5n ** BigInt(k)).toString().padStart(k + 1, "0");
  return `${double < 0 ? "-" : ""}${digits.slice(0, -k)}.${digits.slice(-k)}`;
}
