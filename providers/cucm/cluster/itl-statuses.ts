/** The ITL status that newer releases record of phones, by the question that somebody has found out. */
import type { ItlStatuses } from "./cluster";
import type { Spellings } from "./config";
import { type Axl, aboutPhones } from "./transports/axl";

/**
 * @param names validated device names
 * @returns null when nobody has said how to ask
 */
export async function itlStatuses(
  axl: Axl,
  names: readonly string[],
  { itlStatusQuery: query, itlStatusCurrent, itlStatusOther }: Spellings,
  signal: AbortSignal,
): Promise<ItlStatuses | null> {
  if (query === null) return null;
  const meanings = new Map([
    ...itlStatusCurrent.map((value) => [value.toLowerCase(), "current"] as const),
    ...itlStatusOther.map((value) => [value.toLowerCase(), "other"] as const),
  ]);
  const phones = new Map<string, "current" | "other">();
  const unexplained = new Set<string>();
  for (const statement of aboutPhones(query, names)) {
    for (const { name = "", status = "" } of await axl.sql(statement, signal)) {
      const meaning = meanings.get(status.toLowerCase());
      if (meaning !== undefined) phones.set(name, meaning);
      else if (status !== "") unexplained.add(status);
    }
  }
  return { phones, unexplained: [...unexplained].sort() };
}
