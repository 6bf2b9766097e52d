/** The pools of a device, from what RESTCONF gives of `ip dhcp`. Shapes from Cisco-IOS-XE-dhcp.yang. */
import { isIPv4 } from "node:net";
import { canonicalMac } from "../mac";
import { canonicalSubnet } from "../subnet";
import { at, child, isMap, items, type Json, type JsonMap, textOf, texts, withoutModules } from "./json";

export interface Pool {
  readonly id: string;
  readonly vrf: string | null;
  /** `10.1.20.0/24`; null for a pool of one host, or of neither. */
  readonly network: string | null;
  /** Other networks that get the same options. */
  readonly secondary: readonly string[];
  /** Address of a host pool. */
  readonly host: string | null;
  /** By which MAC address a host pool is found, and how that is written. */
  readonly client: { readonly mac: string; readonly by: "client-identifier" | "hardware-address" } | null;
  /** Option 150's entry as it stands. */
  readonly entry: JsonMap | null;
  readonly option66: JsonMap | null;
  /** Classes of the pool that have an option 150 of their own. */
  readonly classes: readonly { readonly name: string; readonly option: JsonMap }[];
  readonly nextServers: readonly string[];
  readonly bootfile: string | null;
}

export const OPTION_150 = 150;
const OPTION_66 = 66;

/** @param dhcp what stands below `ip dhcp`. */
export const poolsIn = (dhcp: Json | undefined): readonly Pool[] =>
  items(child(dhcp, "pool")).flatMap((pool) => poolOf(withoutModules(pool)) ?? []);

function poolOf(pool: Json): Pool | null {
  const id = textOf(child(pool, "id"));
  if (id === null) return null;
  const options = items(at(pool, "option", "option-range"));
  const option = (code: number) =>
    options.find((o): o is JsonMap => isMap(o) && textOf(child(o, "option-range")) === String(code)) ?? null;
  return {
    id,
    vrf: textOf(child(pool, "vrf")),
    // Public programs for older releases have no primary-network between them.
    network: networkOf(at(pool, "network", "primary-network")) ?? networkOf(child(pool, "network")),
    secondary: items(at(pool, "network", "secondary-network")).flatMap((n) => networkOf(n) ?? []),
    host: textOf(at(pool, "host", "number")),
    client: clientOf(pool),
    entry: option(OPTION_150),
    option66: option(OPTION_66),
    classes: items(child(pool, "class")).flatMap(classesOf),
    nextServers: texts(child(pool, "next-server")),
    bootfile: textOf(child(pool, "bootfile")),
  };
}

function networkOf(network: Json | undefined): string | null {
  const number = textOf(child(network, "number"));
  const bits = maskBits(textOf(child(network, "mask")));
  return number === null || bits === null ? null : canonicalSubnet(`${number}/${bits}`);
}

/** Of `255.255.255.0` or `/24`. */
function maskBits(mask: string | null): number | null {
  if (mask === null) return null;
  const length = /^\/(\d{1,2})$/.exec(mask)?.[1];
  if (length !== undefined) return Number(length);
  if (!isIPv4(mask)) return null;
  const bits = mask
    .split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.replace(/0/g, "").length : null;
}

/** Client identifiers of phones are their MAC address behind the type of hardware, 1. */
function clientOf(pool: Json): Pool["client"] {
  const identifier = textOf(child(pool, "client-identifier"))?.replaceAll(".", "") ?? "";
  const fromIdentifier = /^01/.test(identifier) ? canonicalMac(identifier.slice(2)) : null;
  if (fromIdentifier) return { mac: fromIdentifier, by: "client-identifier" };
  const hardware = textOf(at(pool, "hardware-address", "hardware-address-val"));
  const mac = hardware === null ? null : canonicalMac(hardware);
  return mac ? { mac, by: "hardware-address" } : null;
}

/** A class has one option, and room for another. */
function classesOf(cls: Json): Pool["classes"] {
  const name = textOf(child(cls, "name")) ?? "";
  return [at(cls, "option"), at(cls, "option", "ext")]
    .filter((o): o is JsonMap => isMap(o) && textOf(child(o, "option")) === String(OPTION_150))
    .map((option) => ({ name, option }));
}
