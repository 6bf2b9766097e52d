import { Token } from "cdktf";
import { isInSubnet, isIpv4, isSubnet, numberOf } from "./addresses";

/** Which place of a DHCP server: a subnet, alone or with a pool or a phone; a shared network; or all of it. */
export interface ScopePlace {
  /** The subnet as the server declares it, e.g. `10.1.20.0/24`. */
  readonly subnet?: string;
  /** A pool of the subnet by its first and last address, e.g. `10.1.20.10-10.1.20.99`. @default the whole subnet */
  readonly pool?: string;
  /** Name of a shared network, instead of a subnet. */
  readonly sharedNetwork?: string;
  /** The options of the whole server, instead of a subnet. */
  readonly global?: true;
  /**
   * A pilot: one phone of the subnet, by its MAC address or device name, e.g. `SEP001122334455`. It gets an option 150
   * of its own, by a reservation without an address, and the other phones notice nothing. On IOS-XE its host pool has
   * to be there.
   * @default all phones of the subnet
   */
  readonly phone?: string;
}

const FORMS = "Write subnet; subnet and pool; subnet and phone; sharedNetwork; or global: true.";
const COMBINATIONS = new Set(["subnet", "pool subnet", "phone subnet", "sharedNetwork", "global"]);

/** What is wrong, and what to do; undefined when nothing is. */
export function placeProblem(place: ScopePlace): readonly [problem: string, fix: string] | undefined {
  const { subnet, pool, sharedNetwork, global, phone } = place;
  const given = Object.entries({ subnet, pool, sharedNetwork, global, phone }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (!COMBINATIONS.has([...given].sort().join(" ")))
    return [
      given.length === 0 ? "it names no place." : `${given.join(" and ")} are no place together.`,
      FORMS,
    ];
  if (subnet !== undefined && !isSubnet(subnet))
    return [
      `subnet "${subnet}" is no subnet.`,
      "Write the network address and its length, e.g. 10.1.20.0/24.",
    ];
  if (pool !== undefined && !isPool(pool))
    return [`pool "${pool}" is no pool.`, "Write its first and last address, e.g. 10.1.20.10-10.1.20.99."];
  const [first = "", last = ""] = pool === undefined || Token.isUnresolved(pool) ? [] : pool.split("-");
  if (numberOf(first) > numberOf(last))
    return [`pool "${pool}" ends before it begins.`, `Write "${last}-${first}".`];
  if (first !== "" && !Token.isUnresolved(subnet) && ![first, last].every((end) => isInSubnet(end, subnet!)))
    return [`pool "${pool}" is not within subnet ${subnet}.`, "Write both as the server declares them."];
  if (sharedNetwork?.trim() === "") return ["sharedNetwork is empty.", "Write its name."];
  if (global !== undefined && global !== true) return ["global is not true.", FORMS];
  if (phone !== undefined && !isPhone(phone))
    return [
      `phone "${phone}" is no phone.`,
      "Write its MAC address, or SEP and the twelve hex digits of it, e.g. SEP001122334455.",
    ];
  return undefined;
}

/** The same for every spelling of a place; sentences name it so. */
export function placeName({ subnet, pool, sharedNetwork, phone }: ScopePlace): string {
  if (sharedNetwork !== undefined) return `shared network ${sharedNetwork}`;
  if (pool !== undefined) return `pool ${pool} of subnet ${subnet}`;
  if (phone !== undefined) return `phone ${macOf(phone) ?? phone} in subnet ${subnet}`;
  return subnet === undefined ? "the global options" : `subnet ${subnet}`;
}

const isPool = (text: string): boolean => {
  if (Token.isUnresolved(text)) return true;
  const ends = text.split("-");
  return ends.length === 2 && ends.every(isIpv4);
};

/** The device name of the one phone that a place is about; undefined when it is about more, or known only at plan. */
export const pilotOf = ({ phone }: ScopePlace): string | undefined => {
  const digits = phone === undefined ? undefined : digitsOf(phone);
  return digits && `SEP${digits.toUpperCase()}`;
};

/** A MAC address, or a device name that has one in it; a token has its value at plan. */
export const isPhone = (text: string): boolean => Token.isUnresolved(text) || macOf(text) !== undefined;

const macOf = (phone: string): string | undefined => digitsOf(phone)?.replace(/..(?=.)/g, "$&:");

function digitsOf(phone: string): string | undefined {
  const digits = phone.replace(/^SEP/i, "").replace(/[:.-]/g, "");
  return /^[0-9a-f]{12}$/i.test(digits) ? digits.toLowerCase() : undefined;
}
