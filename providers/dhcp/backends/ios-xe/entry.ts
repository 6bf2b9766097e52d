/** What an entry of option 150 says, in whichever leaf of its choice; and how an answer is written as one. */
import { isIPv4 } from "node:net";
import type { Answer } from "../backend";
import type { AddressLeaf } from "./config";
import { at, child, type JsonMap, textOf, texts } from "./json";
import { OPTION_150 } from "./pools";

/** As a device gives it; null: the pool has no option 150. */
export type Entry = JsonMap | null;

/** Newest first: a release that still shows an older leaf shows the same there. */
const LISTS: readonly AddressLeaf[] = ["ip-ordered", "ip-new", "ip"];
const ASCII = ["ascii-new", "ascii"];
const HEX = ["hex-new", "hex"];

/**
 * The addresses that a client receives. Text is no address to a phone: it is told apart from one, so that it equals no
 * declared answer.
 */
export function answerOf(entry: Entry): Answer {
  if (entry === null) return "inherited";
  const [list] = listsOf(entry);
  if (list) return list.addresses;
  for (const name of ASCII) {
    const text = textOf(child(entry, name));
    if (text !== null) return [`ascii ${text}`];
  }
  for (const name of HEX) {
    const value = child(entry, name);
    const hex = textOf(at(value, "hex-line")) ?? textOf(value);
    if (hex !== null) return fromHex(hex) ?? [`hex ${hex}`];
  }
  return [];
}

/** Each leaf-list that has addresses, newest leaf first. */
export const listsOf = (entry: JsonMap) =>
  LISTS.flatMap((leaf) => {
    const addresses = texts(child(entry, leaf));
    return addresses.length > 0 ? [{ leaf, addresses }] : [];
  });

function fromHex(hex: string): readonly string[] | null {
  const digits = hex.replace(/^0x/i, "").replaceAll(".", "");
  if (!/^(?:[0-9a-f]{8})+$/i.test(digits)) return null;
  return digits.match(/.{8}/g)!.map((four) => Buffer.from(four, "hex").join("."));
}

/** @param addresses IPv4 */
export function newEntry(addresses: readonly string[], leaf: AddressLeaf): JsonMap {
  return {
    "option-range": OPTION_150,
    [leaf]: leaf === "hex-new" ? { "hex-line": hexOf(addresses) } : addresses,
  };
}

/** Without dots, which patterns of older releases may not have. */
const hexOf = (addresses: readonly string[]): string =>
  Buffer.from(addresses.flatMap((a) => a.split(".").map(Number))).toString("hex");

export const areAddresses = (answer: readonly string[]): boolean => answer.every((a) => isIPv4(a));
