import { attr } from "./attribute";

/** The operations that can have a deadline; a data source has `read` alone. */
export type Operation = "create" | "read" | "update" | "delete";

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Go writes them (`90s`, `1h30m`, `1.5h`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}

/** A validator: undefined when it is one of some length. */
export const isDuration = (text: string): string | undefined =>
  parseDuration(text)
    ? undefined
    : `${JSON.stringify(text)} is no duration. Write one like "90s", "20m" or "1h30m".`;

/**
 * The conventional attribute `timeouts`: how long each operation may take, the given text when nothing is
 * configured. Afterwards `ctx.signal` aborts, and the user reads which operation took too long. (One that ignores its
 * signal: see `Deadline` in `server/deadline.ts`.)
 *
 *     attributes: { timeouts: timeouts({ create: "20m", delete: "5m" }), ... }
 */
export function timeouts<const D extends { readonly [O in Operation]?: string }>(defaults: D) {
  const option = (operation: string, duration: string) =>
    attr.string({
      optional: true,
      description: `How long ${operation} may take, like \`90s\` or \`1h30m\`; \`${duration}\` when left out.`,
      validate: [isDuration],
    });
  type Option = ReturnType<typeof option>;
  const attributes = Object.fromEntries(
    Object.entries(defaults).map(([operation, duration]) => [operation, option(operation, duration)]),
  ) as unknown as { readonly [O in keyof D & string]: Option };
  const attribute = attr.object(attributes, { optional: true, description: "How long operations may take." });
  return { ...attribute, deadlines: defaults as { readonly [operation: string]: string } };
}
