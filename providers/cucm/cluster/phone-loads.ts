/**
 * Which firmware a cluster tells phones to run: what is set on the device, or else the default of its model and
 * protocol (table `defaults`, which several public programs ask; AXL has no listing of it in all releases).
 */
import { rowsOf } from "./phone-certificates";
import { type Axl, aboutPhones } from "./transports/axl";

export const LOADS =
  "select d.name as name,d.specialloadinformation as special,f.loadinformation as usual from device as d " +
  "left outer join defaults as f on f.tkmodel=d.tkmodel and f.tkdeviceprotocol=d.tkdeviceprotocol " +
  "where d.name in ({phones})";

/** @param names validated device names. @returns nothing of devices without either, nor where there is no such table */
export async function phoneLoads(
  axl: Axl,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const loads = new Map<string, string>();
  for (const statement of aboutPhones(LOADS, names))
    for (const { name = "", special = "", usual = "" } of await rowsOf(axl, statement, signal)) {
      const load = special.trim() || usual.trim();
      if (load !== "") loads.set(name, load);
    }
  return loads;
}
