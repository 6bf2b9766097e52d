import type { Schema } from "./attribute";
import { isSensitiveAt } from "./schema-type";
import { type AttributePath, BigDecimal, DynamicValue, UNKNOWN, type Value } from "./value";

const LONGEST = 160;

function plain(value: unknown): unknown {
  if (value === UNKNOWN) return "(known after apply)";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof BigDecimal) return value.text;
  if (value instanceof DynamicValue) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

/** A value for a message: short, and never that of a sensitive attribute. */
export function showValue(schema: Schema, path: AttributePath, value: Value): string {
  if (value === null) return "null";
  if (value === UNKNOWN) return "unknown";
  if (isSensitiveAt(schema, path)) return "(sensitive value)";
  const text = JSON.stringify(plain(value)) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
