import type { Scope } from "../backend";
import { canonicalMac } from "../mac";
import { type Entry, type KeaDocument, objects } from "./document";
import { isNothing, items, type JsonObject, member, stringOf } from "./json-text";

/**
 * Pilots without reservations (Kea 2.7 and later): a class of phones by their MAC addresses, and an element of the
 * subnet's `option-data` that only its members are served. There is one class for each subnet and answer; all that is
 * written of it follows from who is in it, so that taking a phone out leaves what was there before it.
 */
export type Pilot = Extract<Scope, { kind: "reservation" }>;

export interface PilotClass {
  readonly node: JsonObject;
  readonly index: number;
  readonly name: string;
  /** Lower case, with colons. */
  readonly macs: readonly string[];
  /** Of the subnet's `option-data`, for members of this class alone. */
  readonly entries: readonly Entry[];
}

/** Tells classes that were made for pilots from those of somebody. */
const MADE_FOR = "option-150-of-pilots";
const PREFIX = "option-150 ";

export const classNameOf = (subnet: string, addresses: readonly string[]): string =>
  `${PREFIX}${subnet} ${addresses.join(" ")}`;
/** Digits, dots, blanks and a slash: the same as bytes and as text. */
export const isClassName = (name: string): boolean => /^option-150 [\d./]+(?: [\d.]+)+$/.test(name);

export const isForPilots = ({ classes }: Entry): boolean => classes.length > 0 && classes.every(isClassName);

/** Those that were made for pilots of a subnet, as they were made. One that somebody has changed is not ours. */
export function pilotClasses(document: KeaDocument, subnet: string): readonly PilotClass[] {
  const place = document.subnet(subnet);
  if (!place) return [];
  const entries = document.entries(place.node);
  return made(document).flatMap((one) =>
    one.name.startsWith(`${PREFIX}${subnet} `)
      ? [{ ...one, entries: entries.filter(({ node }) => isFor(node, one.name)) }]
      : [],
  );
}

/** Those with this phone in them. */
export const classesOf = (document: KeaDocument, { subnet, mac }: Pilot): readonly PilotClass[] =>
  pilotClasses(document, subnet).filter(({ macs }) => macs.includes(mac));

/** Of all subnets. */
export function made(document: KeaDocument): readonly Omit<PilotClass, "entries">[] {
  return items(member(document.dhcp4, "client-classes")).flatMap((node, index) => {
    const name = stringOf(member(node, "name")) ?? "";
    if (node.kind !== "object" || !isClassName(name)) return [];
    const macs = macsIn(stringOf(member(node, "test")) ?? "");
    return macs && isAsMade(node) ? [{ node, index, name, macs }] : [];
  });
}

/** Names of classes for pilots of a subnet that are not as they were made; what stands there is their owner's. */
export function takenNames(document: KeaDocument, subnet: string): readonly string[] {
  const ours = made(document).map(({ name }) => name);
  return objects(member(document.dhcp4, "client-classes"))
    .map((c) => stringOf(member(c, "name")) ?? "")
    .filter((name) => name.startsWith(`${PREFIX}${subnet} `) && isClassName(name) && !ours.includes(name));
}

export const testOf = (macs: readonly string[]): string =>
  [...macs]
    .sort()
    .map((mac) => `pkt4.mac == 0x${mac.replaceAll(":", "")}`)
    .join(" or ");

export const newClass = (name: string, macs: readonly string[]): string =>
  `{ "name": "${name}", "test": "${testOf(macs)}", "user-context": { "made-for": "${MADE_FOR}" } }`;

/** null unless the test is one that is written here. */
function macsIn(test: string): readonly string[] | null {
  const macs = test
    .split(" or ")
    .map((t) => canonicalMac(/^pkt4\.mac == 0x([0-9a-f]{12})$/.exec(t)?.[1] ?? ""));
  return macs.every((mac): mac is string => mac !== null) ? macs : null;
}

const isFor = (entry: JsonObject, name: string): boolean => {
  const classes = items(member(entry, "client-classes"));
  return classes.length === 1 && stringOf(classes[0]) === name;
};

/** Kea adds members with their defaults. */
const isAsMade = (node: JsonObject): boolean =>
  node.members.every(({ key, value }) => {
    if (key === "name" || key === "test") return true;
    if (key !== "user-context") return isNothing(value);
    return value.kind === "object" && value.members.length === 1;
  }) && stringOf(member(member(node, "user-context"), "made-for")) === MADE_FOR;
