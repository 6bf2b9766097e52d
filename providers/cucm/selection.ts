/** Which phones of a cluster a list is made of. */
import { createHash } from "node:crypto";
import { type AddressRange, isWithin } from "./address-range";
import type { Cluster, ListedPhone, Operation } from "./cluster/cluster";
import { isRegistered } from "./phones";

/** All that are given have to hold; what is left out holds for every phone. Of several values of one, any. */
export interface Criteria {
  readonly devicePools: readonly string[];
  readonly models: readonly string[];
  /** Device name with `*` and `?`, in any case. */
  readonly name: string | null;
  /** About so many of a hundred. */
  readonly percentage: number | null;
  /** Device names. */
  readonly exclude: readonly string[];
  /** What RIS says of the address. */
  readonly ranges: readonly AddressRange[];
}

export interface Selection {
  /** Sorted. */
  readonly names: readonly string[];
  /** Phones for which everything holds but of whose address RIS says nothing: not registered here. Sorted. */
  readonly unplaced: readonly string[];
  /** Names for which everything holds and that no list can hold: without a MAC address. Sorted. */
  readonly unfit: readonly string[];
  /** Nodes that did not answer RIS, while it was asked about addresses. */
  readonly silent: readonly string[];
}

/** What a committed list can hold; `constructs/phone-list.ts` demands it. */
const LISTABLE = /^(SEP|ATA)[0-9A-F]{12}$/;

export async function select(cluster: Cluster, criteria: Criteria, op: Operation): Promise<Selection> {
  const chosen = matching(await cluster.listedPhones(op), criteria);
  const names = chosen.filter((name) => LISTABLE.test(name));
  const unfit = chosen.filter((name) => !LISTABLE.test(name));
  if (criteria.ranges.length === 0 || names.length === 0) return { names, unplaced: [], unfit, silent: [] };
  const { phones, silent } = await cluster.registrations(names, op);
  const addressOf = (name: string) => {
    const report = phones.get(name);
    return isRegistered(report) ? report.address : null;
  };
  const isInside = (name: string) => {
    const address = addressOf(name);
    return address !== null && criteria.ranges.some((range) => isWithin(address, range));
  };
  return {
    names: names.filter(isInside),
    unplaced: names.filter((name) => addressOf(name) === null),
    unfit,
    silent,
  };
}

/** Their names, sorted. What RIS would have to be asked about is left out of account. */
function matching(phones: readonly ListedPhone[], criteria: Criteria): readonly string[] {
  const { devicePools, models, name, percentage } = criteria;
  const isAny = (wanted: readonly string[], value: string) => wanted.length === 0 || wanted.includes(value);
  const pattern = name === null ? null : globOf(name);
  const excluded = new Set(criteria.exclude);
  return phones
    .filter(
      (phone) =>
        isAny(devicePools, phone.devicePool) &&
        isAny(models, phone.model) &&
        (pattern?.test(phone.name) ?? true) &&
        (percentage === null || shareOf(phone.name) < percentage) &&
        !excluded.has(phone.name),
    )
    .map((phone) => phone.name)
    .sort();
}

/** From 0 to 100, by nothing but the name: a larger percentage has all phones of a smaller one. */
function shareOf(name: string): number {
  return (createHash("sha256").update(name).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

function globOf(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i");
}
