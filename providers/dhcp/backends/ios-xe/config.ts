/** How an IOS-XE device is reached, and what we take for granted about its releases (docs/ios-xe.md). */

import type { Identity } from "../tls";

/** Where an entry of option 150 may have its addresses, in the YANG of some release. */
export const ADDRESS_LEAVES = ["ip-ordered", "ip-new", "ip", "hex-new"] as const;
export type AddressLeaf = (typeof ADDRESS_LEAVES)[number];

/** Those that are not `ordered-by user`: the model does not promise to keep the order. */
export const UNORDERED: readonly AddressLeaf[] = ["ip-new", "ip"];

/**
 * Newest first. Read in Cisco's YANG files of 17.3.1, 17.12.1, 17.14.1 and 17.15.1; the releases between 17.3 and 17.12
 * are assumed to be like these, and those before 17.3 to know the oldest leaf only. A setting overrides it.
 */
const LEAF_SINCE: readonly (readonly [major: number, minor: number, leaf: AddressLeaf])[] = [
  [17, 15, "ip-ordered"],
  [17, 3, "ip-new"],
  [0, 0, "ip"],
];

/** The leaf that a release wants, by its `17.12` or `17.12.1`; null when that is no version. */
export function leafFor(version: string): AddressLeaf | null {
  const [, major, minor] = /^(\d+)\.(\d+)(?:\D|$)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return null;
  const reached = LEAF_SINCE.find(
    ([m, n]) => Number(major) > m || (Number(major) === m && Number(minor) >= n),
  );
  return reached?.[2] ?? null;
}

/** Of the command line; the YANG has no limit. */
export const MOST_ADDRESSES = 8;

export interface Security extends Identity {
  readonly username: string;
  readonly password: string;
}

export interface IosXeConfig {
  /** The name that the declaration gives to this server, or pair. */
  readonly name: string;
  /** `https://host[:port]`; all devices that must agree. */
  readonly endpoints: readonly string[];
  readonly security: Security;
  /** Pools of this VRF are looked at; null: those without one. */
  readonly vrf: string | null;
  /** null: by the device's version. */
  readonly addressLeaf: AddressLeaf | null;
  /** Whether the running configuration is copied to startup after a change. */
  readonly saveConfig: boolean;
}
