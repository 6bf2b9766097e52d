import type { Answer, Scope } from "../backend";
import { type Entry, type KeaDocument, SPACE, type SubnetPlace } from "./document";
import {
  applyEdits,
  items,
  type JsonNode,
  member,
  parseJsonText,
  removeElement,
  stringOf,
} from "./json-text";
import { servedBy } from "./value";

/** One scope of a server's configuration, seen for its option 150. */
export interface ScopeView {
  readonly document: KeaDocument;
  readonly place: SubnetPlace;
  /** All elements for option 150, in their order. */
  readonly entries: readonly Entry[];
  /** The one that a client gets which is in no class that has an element of its own. */
  readonly winner: Entry | null;
  readonly answer: Answer;
}

/**
 * @param firstWins of several elements: the first wins since Kea 2.7, the last before.
 * @returns null when the server has no such subnet.
 */
export function viewScope(document: KeaDocument, scope: Scope, firstWins: boolean): ScopeView | null {
  const place = scope.kind === "subnet" ? document.subnet(scope.subnet) : null;
  if (!place) return null;
  const entries = document.entries(place.node);
  const untagged = entries.filter((e) => e.classes.length === 0);
  const winner = (firstWins ? untagged[0] : untagged.at(-1)) ?? null;
  const answer = winner ? servedBy(winner, document.definition) : "inherited";
  return { document, place, entries, winner, answer };
}

/** How the scope's option 150 is written on one server, to be restored byte for byte. */
export interface Original {
  /** The element's text; null when the scope had none. */
  readonly entry: string | null;
  readonly index: number;
  /** Whether the scope had a list `option-data` at all. */
  readonly list: boolean;
}

export function originalOf(view: ScopeView): Original {
  const list = member(view.place.node, "option-data");
  return {
    entry: view.winner ? withoutContext(view.document.slice(view.winner.node)) : null,
    index: view.winner?.index ?? items(list).length,
    list: list !== undefined,
  };
}

/** Free text that its owner may have put secrets into; it stays in the server's document in any case. */
function withoutContext(entry: string): string {
  const node = parseJsonText(entry);
  if (node.kind !== "object") return entry;
  const index = node.members.findIndex((m) => m.key === "user-context" || m.key === "comment");
  return index < 0 ? entry : withoutContext(applyEdits(entry, [removeElement(node, index)]));
}

/** Reads the text of an original's element as an {@link Entry}; null when it has none or is not understood. */
export function entryOf(original: Original | undefined, document: KeaDocument): Entry | null {
  if (!original?.entry) return null;
  const node = parseJsonText(original.entry);
  if (node.kind !== "object") return null;
  const csv: JsonNode | undefined = member(node, "csv-format");
  return {
    node,
    index: original.index,
    data: stringOf(member(node, "data")) ?? "",
    csv: csv ? csv.kind === "true" : document.definition !== null,
    neverSend: false,
    alwaysSend: false,
    classes: [],
  };
}

/** `[Original, ...]`, one for each server, as `Reading.original` carries it; undefined when it is not that. */
export function parseOriginals(text: string | undefined, servers: number): readonly Original[] | undefined {
  if (text === undefined) return undefined;
  try {
    const list = JSON.parse(text) as Original[];
    return Array.isArray(list) && list.length === servers ? list : undefined;
  } catch {
    return undefined;
  }
}

/** An element that Kea accepts and gives back with these members, keys sorted as Kea sorts them. */
export function newEntry(name: string, addresses: readonly string[]): string {
  return `{ "always-send": false, "code": 150, "csv-format": true, "data": ${JSON.stringify(addresses.join(", "))}, "name": ${JSON.stringify(name)}, "space": "${SPACE}" }`;
}
