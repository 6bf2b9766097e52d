import type { NumberValue } from "../../schema/number";

/**
 * The number that a double of MessagePack is; undefined for NaN, which Terraform does not have.
 *
 * Core sends as a double what one holds exactly, and calls two numbers equal when their shortest texts are. For the
 * result of a function (53 bits) that text is the one that JavaScript prints; for a literal (512 bits) it is every
 * digit. Nothing on the wire tells the two apart. So a fraction is taken for a result and a whole number for a
 * literal; what core refuses in either case is rare: a literal with all 55 digits of the double 0.1, and `pow(2, 64)`.
 */
export function fromDouble(double: number): NumberValue | undefined {
  if (Number.isNaN(double)) return undefined;
  if (double === 0) return 0;
  return Number.isInteger(double) && !Number.isSafeInteger(double) ? BigInt(double) : double;
}
