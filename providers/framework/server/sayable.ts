import type { Json } from "../schema/value";

const DEEPEST = 10;
const HIDDEN = "(cannot be shown)";
type Fields = { readonly [name: string]: Json };

/** What can be said of fields that are no JSON after all (a bigint, a circle): a log line ends no operation. */
export const sayable = (fields: unknown): Fields => ({ ...(say(() => fields, []) as Fields) });

/** The text of a message that is none after all: an error, whatever a library logs. */
export function textOf(message: unknown): string {
  try {
    return String(message);
  } catch {
    return HIDDEN;
  }
}

function say(read: () => unknown, above: readonly unknown[]): Json {
  try {
    const value = read();
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value !== "object") return String(value);
    if (above.includes(value) || above.length > DEEPEST) return "(and so on)";
    const here = [...above, value];
    if (Array.isArray(value)) return value.map((item: unknown) => say(() => item, here));
    return Object.fromEntries(
      Object.keys(value).map((key) => [key, say(() => (value as { [name: string]: unknown })[key], here)]),
    );
  } catch {
    return HIDDEN;
  }
}
