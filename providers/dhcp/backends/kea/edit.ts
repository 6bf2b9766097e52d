import { type Answer, type Scope, sameAnswer } from "../backend";
import { noDefinition } from "./definition";
import type { KeaDocument } from "./document";
import { editPilots } from "./edit-pilots";
import type { Patch } from "./json-edit";
import { items, type JsonObject, member, slice } from "./json-text";
import { entryOf, isOnlyOurs, newHost, type Original, type ScopeView } from "./scope-view";
import { newEntry, respell, servedBy } from "./value";

export interface Wish {
  readonly scope: Scope;
  readonly answer: Answer;
  /** Written verbatim when it means the same as `answer`. */
  readonly original?: Original | undefined;
}

export interface Wished {
  readonly view: ScopeView;
  readonly wish: Wish;
}

/** All changes of one document. @throws DhcpError kind "refused" */
export function editAll(
  patch: Patch,
  document: KeaDocument,
  wished: readonly Wished[],
  server: string,
): void {
  const pilots = wished.flatMap(({ view, wish }) => (view.pilot ? [{ ...wish, scope: view.pilot }] : []));
  editPilots(patch, document, pilots, server);
  for (const { view, wish } of wished) if (!view.pilot) editScope(patch, view, wish, server);
}

/**
 * Changes option 150 of one scope and keeps every other byte of the document. An element that is there keeps its
 * members and its place; only its `data` changes.
 * @throws DhcpError kind "refused" when a new element is needed and the server has no definition of the option.
 */
function editScope(patch: Patch, view: ScopeView, wish: Wish, server: string): void {
  if (wish.answer === "inherited") remove(patch, view, wish.original);
  else write(patch, view, wish, wish.answer, server);
}

function write(
  patch: Patch,
  view: ScopeView,
  wish: Wish,
  addresses: readonly string[],
  server: string,
): void {
  const { document, winner } = view;
  const original = entryOf(wish.original, document);
  const verbatim =
    original && sameAnswer(servedBy(original, document.definition), addresses) ? original : null;
  if (winner) {
    const data = member(winner.node, "data");
    const spelling = verbatim && member(verbatim.node, "data");
    if (verbatim && (verbatim.csv !== winner.csv || !data || !spelling))
      patch.replace(winner.node, wish.original!.entry!);
    else if (!verbatim && sameAnswer(servedBy(winner, document.definition), addresses)) return;
    else {
      const spelled = spelling
        ? slice(wish.original!.entry!, spelling)
        : JSON.stringify(respell(winner, addresses));
      if (data) patch.replace(data, spelled);
      else patch.insert(winner.node, winner.node.members.length, `"data": ${spelled}`);
    }
    return;
  }
  if (verbatim) {
    insert(patch, view, wish.original!.index, wish.original!.entry!);
    return;
  }
  if (!document.definition) throw noDefinition(server);
  insert(patch, view, Number.POSITIVE_INFINITY, newEntry(document.definition.name, addresses));
}

function insert(patch: Patch, { scope, place }: ScopeView, index: number, entry: string): void {
  if (place.node) patch.add(place.node, "option-data", index, entry);
  else if (place.subnet && scope.kind === "reservation")
    patch.add(place.subnet, "reservations", Number.POSITIVE_INFINITY, newHost(scope.mac, entry));
}

function remove(patch: Patch, view: ScopeView, original: Original | undefined): void {
  const { scope, place, entries } = view;
  const { node } = place;
  const list = member(node ?? undefined, "option-data");
  if (!view.winner || !node || list?.kind !== "array") return;
  // All of them: of several, another one would take the place of the one that is served.
  const untagged = entries.filter((e) => e.classes.length === 0);
  if (scope.kind === "reservation" && isOnlyOurs(node, original))
    removeHost(patch, view, original?.host?.list === false);
  else if (original && !original.list && patch.staying(list) === untagged.length && !patch.grows(list))
    patch.remove(
      node,
      node.members.findIndex((m) => m.value === list),
    );
  else for (const entry of untagged) patch.remove(list, entry.index);
}

function removeHost(patch: Patch, { document, place }: ScopeView, listToo: boolean): void {
  // Somebody may have moved it since.
  const owner = place.global ? (document.dhcp4 as JsonObject) : place.subnet!;
  const hosts = member(owner, "reservations");
  if (hosts?.kind !== "array") return;
  patch.remove(hosts, items(hosts).indexOf(place.node!));
  if (listToo && !place.global && patch.staying(hosts) === 0)
    patch.remove(
      owner,
      owner.members.findIndex((m) => m.value === hosts),
    );
}
