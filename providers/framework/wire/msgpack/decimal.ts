import { canonicalNumber, type NumberValue } from "../../schema/number";
import { BigDecimal } from "../../schema/value";

/** The number that a double of MessagePack is, to its last digit; undefined for NaN, which Terraform does not have. */
export function fromDouble(double: number): NumberValue | undefined {
  if (Number.isNaN(double)) return undefined;
  if (!Number.isFinite(double)) return double;
  if (Number.isSafeInteger(double)) return double === 0 ? 0 : double;
  if (Number.isInteger(double)) return BigInt(double);
  const exact = new BigDecimal(exactText(double));
  return canonicalNumber(exact) === canonicalNumber(double) ? double : exact;
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
