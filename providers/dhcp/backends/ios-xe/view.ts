/** Which pool of a device is a scope, and where it stands among the others. */
import { type Answer, type Scope, scopeText } from "../backend";
import { canonicalSubnet } from "../subnet";
import { answerOf } from "./entry";
import type { Pool } from "./pools";

export interface ScopeView {
  readonly scope: Scope;
  /** As sentences name it. */
  readonly where: string;
  readonly pool: Pool;
  readonly answer: Answer;
  /** Pools of wider networks that it inherits from, nearest first. */
  readonly above: readonly Pool[];
  /** Pools within its network, whose own options go before its. */
  readonly below: readonly Pool[];
}

/**
 * Pools are a tree by their networks: a narrower one inherits from a wider one, and a host pool from the network that
 * its address is in.
 *
 * @returns why there is no such pool, in sentences.
 */
export function viewScope(all: readonly Pool[], scope: Scope, vrf: string | null): ScopeView | string {
  const pools = all.filter((pool) => pool.vrf === vrf);
  const pool = findPool(pools, all, scope);
  if (typeof pool === "string") return pool;
  const own = pool.network ?? `${pool.host}/32`;
  const around = pools.filter((other) => other !== pool);
  return {
    scope,
    where: scopeText(scope),
    pool,
    answer: answerOf(pool.entry),
    above: around
      .filter(({ network }) => network !== null && network !== own && isWithin(own, network))
      .sort((a, b) => bitsOf(b.network!) - bitsOf(a.network!)),
    below: around.filter((other) => {
      const place = other.network ?? (other.host === null ? null : `${other.host}/32`);
      return place !== null && place !== own && isWithin(place, own);
    }),
  };
}

const bitsOf = (network: string): number => Number(network.slice(network.indexOf("/") + 1));

export function isWithin(inner: string, outer: string): boolean {
  const bits = bitsOf(outer);
  return bitsOf(inner) >= bits && canonicalSubnet(`${inner.slice(0, inner.indexOf("/"))}/${bits}`) === outer;
}

function findPool(pools: readonly Pool[], all: readonly Pool[], scope: Scope): Pool | string {
  switch (scope.kind) {
    case "subnet":
      return subnetPool(pools, all, scope.subnet);
    case "pool":
      return "IOS-XE keeps options with a whole subnet, its `ip dhcp pool`, and not with a range of it: name the subnet alone.";
    case "shared-network":
      return "IOS-XE has no shared networks: name each subnet, a scope of its own.";
    case "global":
      return "IOS-XE has no options of the whole server: name each subnet, a scope of its own.";
    case "reservation":
      return hostPool(pools, scope);
  }
}

function subnetPool(pools: readonly Pool[], all: readonly Pool[], subnet: string): Pool | string {
  const found = pools.filter((pool) => pool.network === subnet);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    return `${names(found)} all have \`network\` ${subnet}, and which of them is used cannot be told. Keep one.`;
  const primary = pools.find((pool) => pool.secondary.includes(subnet));
  if (primary)
    return `It is a secondary network of pool ${primary.id}, which has one answer for all of its networks: name its subnet ${primary.network}.`;
  const elsewhere = all.filter((pool) => pool.network === subnet);
  if (elsewhere.length > 0)
    return `There is ${elsewhere.map(({ id, vrf }) => `pool ${id} ${vrf === null ? "without a VRF" : `of VRF ${vrf}`}`).join(" and ")}: set \`vrf\` of this server to it, or leave it out for pools without one.`;
  return "No `ip dhcp pool` has this `network`.";
}

function hostPool(pools: readonly Pool[], { mac, subnet }: Extract<Scope, { kind: "reservation" }>) {
  const found = pools.filter(
    ({ client, host }) => client?.mac === mac && host !== null && isWithin(`${host}/32`, subnet),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1) return `${names(found)} are all for this phone. Keep one.`;
  const identifier = dotted(`01${mac.replaceAll(":", "")}`);
  return `Only a phone with a host pool can have an option of its own, and a host pool needs an address, which is for you to choose. Configure \`ip dhcp pool SEP${mac.replaceAll(":", "").toUpperCase()}\`, \`host ADDRESS MASK\` and \`client-identifier ${identifier}\`, clear the phone's binding, and plan again.`;
}

const names = (pools: readonly Pool[]): string => `pools ${pools.map(({ id }) => id).join(" and ")}`;

/** `0102.0000.0000.42`, as IOS writes it. */
const dotted = (digits: string): string => digits.match(/.{1,4}/g)!.join(".");
