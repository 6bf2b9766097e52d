/**
 * A Kea `Dhcp4` document as the lab's own server understands it: the part of Kea's grammar that decides which
 * option 150 a phone gets. What it does not know it refuses by name, as Kea does.
 */
import { DocumentError, encodeOption, type OptionData, type OptionDef } from "./option-data";
import { type Version, versionOf } from "./version";

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json | undefined;
}

export interface Pool {
  readonly first: number;
  readonly last: number;
  readonly options: readonly OptionData[];
}
export interface Reservation {
  /** `hw-address`, lower case. */
  readonly mac: string;
  readonly address: string | null;
  readonly options: readonly OptionData[];
}
export interface Subnet {
  readonly id: number;
  /** As written, e.g. `10.1.20.0/24`. */
  readonly text: string;
  readonly base: number;
  readonly mask: number;
  readonly nextServer: string;
  readonly relays: readonly string[];
  readonly pools: readonly Pool[];
  readonly reservations: readonly Reservation[];
  readonly reservationsGlobal: boolean;
  readonly options: readonly OptionData[];
  readonly network: { readonly name: string; readonly options: readonly OptionData[] } | null;
  readonly lifetime: number;
}
export interface ClientClass {
  readonly name: string;
  /** Lower-case hardware addresses; null for a class that matches by vendor class only. */
  readonly macs: readonly string[] | null;
  readonly vendorPrefix: string | null;
  readonly options: readonly OptionData[];
}
export interface Dhcp4 {
  readonly definitions: readonly OptionDef[];
  readonly options: readonly OptionData[];
  readonly classes: readonly ClientClass[];
  readonly subnets: readonly Subnet[];
  readonly reservations: readonly Reservation[];
  readonly version: Version;
}

/** @param playing the version of Kea. @throws DocumentError */
export function readDocument(args: Json | undefined, playing: string): Dhcp4 {
  const version = versionOf(playing);
  const top = map(args, "arguments");
  for (const key of Object.keys(top))
    if (key !== "Dhcp4") throw new DocumentError(`Unsupported '${key}' parameter.`);
  if (top.Dhcp4 === undefined) throw new DocumentError("Missing mandatory 'Dhcp4' parameter.");
  const root = map(top.Dhcp4, "Dhcp4");
  const definitions = list(root["option-def"]).map((d) => definition(map(d, "option-def")));
  const options = (owner: JsonMap) => optionList(owner["option-data"], definitions, version);
  const lifetime = number(root["valid-lifetime"], 7200);
  const global = flag(root["reservations-global"], false);
  const reservation = (r: Json): Reservation => {
    const m = map(r, "reservations");
    const mac = text(m["hw-address"]).toLowerCase();
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) {
      throw new DocumentError(
        `the lab's own server knows reservations by hw-address only, not '${JSON.stringify(r)}'`,
      );
    }
    return {
      mac,
      address: m["ip-address"] === undefined ? null : text(m["ip-address"]),
      options: options(m),
    };
  };
  const subnet = (s: Json, network: Subnet["network"]): Subnet => {
    const m = map(s, "subnet4");
    const { base, mask } = prefix(text(m.subnet));
    const found: Subnet = {
      id: number(m.id, 0),
      text: text(m.subnet),
      base,
      mask,
      nextServer: text(m["next-server"] ?? root["next-server"] ?? "0.0.0.0"),
      relays: list(map(m.relay ?? {}, "relay")["ip-addresses"]).map(text),
      pools: list(m.pools).map((p) => pool(map(p, "pools"), options(map(p, "pools")), base, mask)),
      reservations: list(m.reservations).map(reservation),
      reservationsGlobal: flag(m["reservations-global"], global),
      options: options(m),
      network,
      lifetime: number(m["valid-lifetime"], lifetime),
    };
    return found;
  };
  const subnets = [
    ...list(root.subnet4).map((s) => subnet(s, null)),
    ...list(root["shared-networks"]).flatMap((n) => {
      const m = map(n, "shared-networks");
      const network = { name: text(m.name), options: options(m) };
      return list(m.subnet4).map((s) => subnet(s, network));
    }),
  ];
  unique(subnets);
  return {
    definitions,
    options: options(root),
    classes: list(root["client-classes"]).map((c) =>
      clientClass(map(c, "client-classes"), options(map(c, "c"))),
    ),
    subnets,
    reservations: list(root.reservations).map(reservation),
    version,
  };
}

function unique(subnets: readonly Subnet[]): void {
  const ids = new Set<number>();
  const prefixes = new Set<string>();
  for (const s of subnets) {
    if (s.id !== 0 && ids.has(s.id))
      throw new DocumentError(`ID of the new IPv4 subnet '${s.id}' is already in use`);
    if (prefixes.has(s.text)) throw new DocumentError(`subnet with the prefix of '${s.text}' already exists`);
    ids.add(s.id);
    prefixes.add(s.text);
  }
}

function definition(m: JsonMap): OptionDef {
  return {
    name: text(m.name),
    code: number(m.code, 0),
    space: text(m.space ?? "dhcp4"),
    type: text(m.type),
    array: flag(m.array, false),
  };
}

function optionList(
  value: Json | undefined,
  definitions: readonly OptionDef[],
  { classTags }: Version,
): OptionData[] {
  return list(value).map((o) => {
    const m = map(o, "option-data");
    if (!classTags && m["client-classes"] !== undefined)
      throw new DocumentError("spurious 'client-classes' parameter");
    const entry = {
      code: typeof m.code === "number" ? m.code : null,
      name: m.name === undefined ? null : text(m.name),
      space: text(m.space ?? "dhcp4"),
      csv: m["csv-format"] === undefined ? null : flag(m["csv-format"], true),
      data: text(m.data ?? ""),
      alwaysSend: flag(m["always-send"], false),
      neverSend: flag(m["never-send"], false),
      classes: list(m["client-classes"]).map(text),
    };
    return encodeOption(entry, definitions);
  });
}

/** Tests that the lab's own server can evaluate; any other is refused, so no class is ever silently dead. */
function clientClass(m: JsonMap, options: readonly OptionData[]): ClientClass {
  const name = text(m.name);
  const test = text(m.test ?? "");
  const macs = test
    .split(/\s+or\s+/)
    .map((t) => /^pkt4\.mac\s*==\s*0x([0-9a-f]{12})$/i.exec(t.trim())?.[1]?.toLowerCase());
  if (macs.every((mac) => mac !== undefined)) {
    return { name, macs: macs.map((mac) => mac!.replace(/..(?=.)/g, "$&:")), vendorPrefix: null, options };
  }
  const vendor = /^substring\(option\[60\]\.(?:hex|text),\s*0,\s*(\d+)\)\s*==\s*'([^']*)'$/.exec(test.trim());
  if (vendor?.[2] !== undefined && vendor[2].length === Number(vendor[1])) {
    return { name, macs: null, vendorPrefix: vendor[2], options };
  }
  throw new DocumentError(`the lab's own server cannot evaluate the test of client class '${name}'`);
}

function pool(m: JsonMap, options: readonly OptionData[], base: number, mask: number): Pool {
  const spec = text(m.pool).trim();
  const slash = /^([\d.]+)\s*\/\s*(\d+)$/.exec(spec);
  const range = /^([\d.]+)\s*-\s*([\d.]+)$/.exec(spec);
  let first: number;
  let last: number;
  if (slash !== null) {
    const p = prefix(`${slash[1]}/${slash[2]}`);
    [first, last] = [p.base, (p.base | ~p.mask) >>> 0];
  } else if (range !== null) {
    [first, last] = [address(range[1]!), address(range[2]!)];
  } else throw new DocumentError(`Failed to create pool defined by: ${spec}`);
  for (const one of [first, last]) {
    if ((one & mask) >>> 0 !== base)
      throw new DocumentError(
        `a pool of type V4, with the following address range: ${spec} does not match the prefix of a subnet`,
      );
  }
  if (last < first) throw new DocumentError(`Failed to create pool defined by: ${spec}`);
  return { first, last, options };
}

export function address(dotted: string): number {
  const parts = dotted.split(".");
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) {
    throw new DocumentError(`Failed to convert string to address '${dotted}': Invalid argument`);
  }
  return parts.reduce((sum, p) => sum * 256 + Number(p), 0);
}

function prefix(cidr: string): { base: number; mask: number } {
  const [dotted, length, ...rest] = cidr.split("/");
  const bits = Number(length);
  if (dotted === undefined || rest.length > 0 || !Number.isInteger(bits) || bits < 0 || bits > 32) {
    throw new DocumentError(`Invalid subnet syntax (prefix/len expected):${cidr}`);
  }
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { base: (address(dotted) & mask) >>> 0, mask };
}

function map(value: Json | undefined, what: string): JsonMap {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new DocumentError(`${what} is not a map`);
  return value as JsonMap;
}
function list(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new DocumentError(`${JSON.stringify(value)} is not a list`);
  return value;
}
function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new DocumentError(`${JSON.stringify(value ?? null)} is not a string`);
  return value;
}
function number(value: Json | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== "number") throw new DocumentError(`${JSON.stringify(value)} is not a number`);
  return value;
}
function flag(value: Json | undefined, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw new DocumentError(`${JSON.stringify(value)} is not a boolean`);
  return value;
}
