import { BigDecimal, DECIMAL } from "./value";

/**
 * Terraform's numbers are decimals of 512 bits. In JavaScript a `number` stands here for the decimal that it is
 * printed as (0.1 means one tenth, not the nearest double), so that what the user wrote comes back unchanged.
 */
export type NumberValue = number | bigint | BigDecimal;

export const isNumberValue = (value: unknown): value is NumberValue =>
  typeof value === "number" || typeof value === "bigint" || value instanceof BigDecimal;

/** Turning longer texts into a bigint takes quadratic time; they stay text. */
const MAX_BIGINT_DIGITS = 5_000;

/** A decimal number in normal form: digits without zeros at either end, times ten to the power of `exponent`. */
interface Decimal {
  readonly sign: "-" | "";
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = match;
  const all = whole + fraction;
  let start = 0;
  while (all[start] === "0") start++;
  let end = all.length;
  while (end > start && all[end - 1] === "0") end--;
  if (start === end) return { sign: "", digits: "0", exponent: 0 };
  return {
    sign: sign === "-" ? "-" : "",
    digits: all.slice(start, end),
    exponent: Number(power) - fraction.length + (all.length - end),
  };
}

const spelled = ({ sign, digits, exponent }: Decimal): string => `${sign}${digits}e${exponent}`;

/**
 * One spelling per number, whatever holds it: significant digits and a power of ten (`1500` and `1.5e3` are both
 * `15e2`). Two numbers are equal when these texts are.
 */
export function canonicalNumber(value: NumberValue): string {
  const text = value instanceof BigDecimal ? value.text : String(value);
  const decimal = decimalOf(text);
  return decimal === undefined ? text : spelled(decimal);
}

/** As hooks see it: the nearest `number`. What they hand back unchanged becomes exact again (see `conform`). */
export const nearestNumber = (value: NumberValue): number =>
  value instanceof BigDecimal ? Number(value.text) : Number(value);

/** The smallest representation that holds a decimal text exactly; undefined when it is no number. */
export function parseNumber(text: string): NumberValue | undefined {
  const decimal = decimalOf(text);
  if (decimal === undefined) return undefined;
  const nearest = Number(text);
  if (Number.isFinite(nearest) && canonicalNumber(nearest) === spelled(decimal)) {
    if (!Number.isInteger(nearest) || Number.isSafeInteger(nearest)) return nearest === 0 ? 0 : nearest;
  }
  const { sign, digits, exponent } = decimal;
  if (exponent >= 0 && digits.length + exponent <= MAX_BIGINT_DIGITS) {
    const magnitude = BigInt(digits + "0".repeat(exponent));
    return sign === "-" ? -magnitude : magnitude;
  }
  return new BigDecimal(text);
}
