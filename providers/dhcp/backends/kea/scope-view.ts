import type { Answer, Scope } from "../backend";
import type { Entry, KeaDocument } from "./document";
import { Patch } from "./json-edit";
import {
  isNothing,
  items,
  type JsonNode,
  type JsonObject,
  member,
  parseJsonText,
  stringOf,
} from "./json-text";
import { classesOf, type Pilot } from "./pilot-classes";
import { findPlace, type Place } from "./place";
import { servedBy } from "./value";

/** One scope of a server's configuration, seen for its option 150. */
export interface ScopeView {
  readonly document: KeaDocument;
  readonly scope: Scope;
  readonly place: Place;
  /** All elements for option 150, in their order. */
  readonly entries: readonly Entry[];
  /** The one that a client gets which is in no class that has an element of its own. */
  readonly winner: Entry | null;
  readonly answer: Answer;
  /** Of a phone that has its option 150 by a class; its elements are those of the class. */
  readonly pilot: Pilot | null;
}

/** How a server's configuration is to be understood. */
export interface Rules {
  /** Of several elements for one option the first is served since Kea 2.7, the last before. */
  readonly firstWins: boolean;
  /** What gives a phone an option 150 of its own. */
  readonly pilotsBy: "reservation" | "class";
}

/** @returns null when the server has no such scope. */
export function viewScope(document: KeaDocument, scope: Scope, rules: Rules): ScopeView | null {
  const place = findPlace(document, scope);
  if (!place) return null;
  const pilot = pilotOf(scope, rules);
  const entries = pilot
    ? classesOf(document, pilot).flatMap((c) => c.entries)
    : document.entries(place.node ?? undefined);
  const candidates = pilot ? entries : entries.filter((e) => e.classes.length === 0);
  const winner = (rules.firstWins ? candidates[0] : candidates.at(-1)) ?? null;
  const answer = winner ? servedBy(winner, document.definition) : "inherited";
  return { document, scope, place, entries, winner, answer, pilot };
}

/** A phone that has its option 150 by a class; null for all others. */
export const pilotOf = (scope: Scope, { pilotsBy }: Rules): Pilot | null =>
  scope.kind === "reservation" && pilotsBy === "class" ? scope : null;

/** How the scope's option 150 is written on one server, to be restored byte for byte. */
export interface Original {
  /** The element's text; null when the scope had none. */
  readonly entry: string | null;
  readonly index: number;
  /** Whether the scope had a list `option-data` at all. */
  readonly list: boolean;
  /** Of a phone: whether it had a reservation, and its subnet a list of them. */
  readonly host?: { readonly there: boolean; readonly list: boolean };
}

export function originalOf(view: ScopeView): Original {
  const { document, scope, place, winner } = view;
  // What is written of a pilot's class follows from who is in it.
  if (view.pilot)
    return { entry: null, index: 0, list: member(place.subnet ?? undefined, "option-data") !== undefined };
  const list = member(place.node ?? undefined, "option-data");
  const hosts = member(place.subnet ?? undefined, "reservations");
  return {
    entry: winner ? withoutContext(document.slice(winner.node)) : null,
    index: winner?.index ?? items(list).length,
    list: list !== undefined,
    ...(scope.kind === "reservation"
      ? { host: { there: place.node !== null, list: hosts !== undefined } }
      : {}),
  };
}

/** Free text that its owner may have put secrets into; it stays in the server's document in any case. */
function withoutContext(entry: string): string {
  const node = parseJsonText(entry);
  if (node.kind !== "object") return entry;
  const patch = new Patch();
  for (const [index, m] of node.members.entries())
    if (m.key === "user-context" || m.key === "comment") patch.remove(node, index);
  return patch.apply(entry);
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

export const isOriginal = (each: unknown): each is Original =>
  typeof each === "object" && each !== null && "entry" in each;

/** Tells a reservation that was made for a pilot from one that is somebody's, also when the state is lost. */
const MADE_FOR = "option-150-of-one-phone";

/** A reservation without an address: the phone keeps the one that it gets from a pool. */
export const newHost = (mac: string, entry: string): string =>
  `{ "hw-address": "${mac}", "option-data": [ ${entry} ], "user-context": { "made-for": "${MADE_FOR}" } }`;

/** Whether a reservation was made by us, whatever else is in it by now. */
export const isMadeForPilot = (host: JsonObject): boolean =>
  stringOf(member(member(host, "user-context"), "made-for")) === MADE_FOR;

/** Whether nothing but our option is in a reservation that was made for it. */
export function isOnlyOurs(host: JsonObject, original: Original | undefined): boolean {
  const marked = isMadeForPilot(host);
  if (!marked && original?.host?.there !== false) return false;
  return host.members.every(({ key, value }) => {
    if (key === "hw-address") return true;
    if (key === "option-data") return items(value).length <= 1;
    if (key === "user-context") return value.kind === "object" && value.members.length <= (marked ? 1 : 0);
    return isNothing(value);
  });
}
