import type { Schema } from "../schema/attribute";
import { member, objectOrNull } from "../schema/equality";
import { type Operation, parseDuration } from "../schema/timeouts";
import type { Value } from "../schema/value";

/** A timer takes whole milliseconds, no more than these: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Milliseconds that a hook has to end once its signal is aborted. Who heeds the signal needs them to tell a device
 * goodbye.
 */
export const GRACE = 1_500;

/**
 * How long an operation may take, and the setting that says so. When it has passed, the hook's signal is aborted. A
 * hook that goes on all the same after {@link GRACE} is named in the log (WARN, once), and then
 * - one that only reads (read, plan, planDestroy, import, the read of a data source) is not waited for any longer:
 *   the user reads that the deadline has passed, and what it returns later is thrown away;
 * - one that writes (create, update, delete) is waited for, however long it takes: an answer would say that nothing
 *   changes any more, and core would go on beside it. What it returns is recorded.
 *
 * The same holds when the run is stopped. Only if the process itself is about to end, and every hook with it, all are
 * answered {@link GRACE} later, whatever they were told before.
 */
export interface Deadline {
  readonly milliseconds: number;
  /** As configured, or the default: `20m`. */
  readonly text: string;
  /** `timeouts.create`. */
  readonly setting: string;
}

/**
 * What the schema's `timeouts` say of an operation; undefined when it has none.
 * @param values where it may be configured, the first that is takes precedence.
 */
export function deadlineOf(
  schema: Schema,
  operation: Operation,
  ...values: readonly Value[]
): Deadline | undefined {
  const found = Object.entries(schema).find(
    ([, attribute]) => attribute.deadlines?.[operation] !== undefined,
  );
  if (!found) return undefined;
  const [name, attribute] = found;
  const configured = values
    .map((value) => member(objectOrNull(member(objectOrNull(value) ?? {}, name)) ?? {}, operation))
    .find((text) => typeof text === "string");
  const text = (configured as string | undefined) ?? attribute.deadlines![operation]!;
  const duration = parseDuration(text);
  if (duration === undefined) return undefined;
  const milliseconds = Math.min(Math.max(1, Math.round(duration)), LONGEST);
  return { milliseconds, text, setting: `${name}.${operation}` };
}
