/** The attribute `scope`: which combinations mean a place, and which place. */
import { attr, type MaybeUnknown, type StateOf } from "../../framework/schema/attribute";
import { UNKNOWN } from "../../framework/schema/value";
import type { Scope } from "../backends/backend";
import { canonicalMac } from "../backends/mac";
import { canonicalPool, poolIsIn } from "../backends/pool";
import { canonicalSubnet } from "../backends/subnet";

export const scopeAttributes = {
  subnet: attr.string({
    optional: true,
    description: "The subnet, e.g. `10.1.20.0/24`. Alone, or with `pool` or `phone`.",
    validate: [
      (s) =>
        canonicalSubnet(s) === s
          ? undefined
          : `Must be an IPv4 network such as ${canonicalSubnet(s) ?? "10.1.20.0/24"}.`,
    ],
  }),
  pool: attr.string({
    optional: true,
    description:
      "A pool of the subnet by its first and last address, e.g. `10.1.20.10-10.1.20.99`. Not on IOS-XE.",
    validate: [
      (p) =>
        canonicalPool(p) === p
          ? undefined
          : `Must be the first and the last address of the pool, such as ${canonicalPool(p) ?? "10.1.20.10-10.1.20.99"}.`,
    ],
  }),
  shared_network: attr.string({
    optional: true,
    description: "Name of a shared network. Stands alone. Not on IOS-XE.",
    validate: [(name) => (name.trim() === "" ? "Must be the name of a shared network." : undefined)],
  }),
  global: attr.bool({
    optional: true,
    description: "`true`: the options of the whole server. Stands alone. Not on IOS-XE.",
    validate: [(yes) => (yes ? undefined : "Write true, or leave it out.")],
  }),
  phone: attr.string({
    optional: true,
    description:
      "One phone of the subnet, a pilot: its MAC address, or its device name, e.g. `SEP001122334455`. It gets an option 150 of its own by a reservation (on IOS-XE in its host pool, which has to be there); `source_addresses` left out means that it has none.",
    validate: [
      (phone) =>
        canonicalMac(phone)
          ? undefined
          : "Must be a MAC address such as 00:11:22:33:44:55, or a device name such as SEP001122334455.",
    ],
    canonical: (phone) => canonicalMac(phone) ?? phone,
  }),
} as const;

export type ScopeArguments = StateOf<typeof scopeAttributes>;
type Given = MaybeUnknown<ScopeArguments>;

export const SCOPE_FORMS = "subnet; subnet and pool; subnet and phone; shared_network; or global = true";

/** What is wrong with a combination, as far as it is known; undefined when nothing is. */
export function scopeProblem(given: Given): string | undefined {
  if (given === UNKNOWN) return undefined;
  const set = (Object.keys(scopeAttributes) as (keyof ScopeArguments)[]).filter(
    (name) => given[name] !== null && given[name] !== undefined,
  );
  const combination = [...set].sort().join(" ");
  if (!COMBINATIONS.has(combination))
    return `Name one place: ${SCOPE_FORMS}. ${set.length === 0 ? "Nothing is given" : `Given: ${set.join(", ")}`}.`;
  const { subnet, pool } = given;
  if (typeof subnet === "string" && typeof pool === "string" && !poolIsIn(pool, subnet))
    return `The pool ${pool} is not in the subnet ${subnet}.`;
  return undefined;
}
const COMBINATIONS = new Set(["subnet", "pool subnet", "phone subnet", "shared_network", "global"]);

/** The place that arguments without a problem mean; null while something of it is unknown. */
export function scopeIn(given: Given): Scope | null {
  if (given === UNKNOWN || Object.values(given).includes(UNKNOWN)) return null;
  return scopeOf(given as ScopeArguments);
}

export function scopeOf({ subnet, pool, shared_network: network, phone }: ScopeArguments): Scope {
  if (network !== null) return { kind: "shared-network", network };
  if (subnet === null) return { kind: "global" };
  if (pool !== null) return { kind: "pool", subnet, pool };
  if (phone !== null) return { kind: "reservation", subnet, mac: canonicalMac(phone) ?? phone };
  return { kind: "subnet", subnet };
}

/** The arguments that are set, in a fixed order and spelling: what ids are made of. */
export function argumentsOf(scope: Scope): Partial<ScopeArguments> {
  switch (scope.kind) {
    case "subnet":
      return { subnet: scope.subnet };
    case "pool":
      return { subnet: scope.subnet, pool: scope.pool };
    case "shared-network":
      return { shared_network: scope.network };
    case "global":
      return { global: true };
    case "reservation":
      return { subnet: scope.subnet, phone: scope.mac };
  }
}
