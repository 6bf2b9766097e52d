import { BigDecimal } from "./value";

export type NumberValue = number | bigint | BigDecimal;

export const isNumberValue = (value: unknown): value is NumberValue =>
  typeof value === "number" || typeof value === "bigint" || value instanceof BigDecimal;

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/**
 * One spelling per number, whatever holds it: significant digits and a power of ten (`1500` and `1.5e3` are both
 * `15e2`). Two numbers are equal when these texts are.
 */
export function canonicalNumber(value: NumberValue): string {
  const text = value instanceof BigDecimal ? value.text : String(value);
  const match = DECIMAL.exec(text);
  if (!match) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === "-" ? "-" : ""}${significant}e${power}`;
}

/** As hooks see it: the nearest `number`. What they hand back unchanged becomes exact again (see `conform`). */
export const nearestNumber = (value: NumberValue): number =>
  value instanceof BigDecimal ? Number(value.text) : Number(value);

/** The smallest representation that holds a decimal text exactly; undefined when it is no number. */
export function parseNumber(text: string): NumberValue | undefined {
  if (!DECIMAL.test(text) || !/\d/.test(text)) return undefined;
  const near = Number(text);
  if (Number.isFinite(near) && canonicalNumber(near) === canonicalNumber(new BigDecimal(text))) return near;
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, "")) : new BigDecimal(text);
}
