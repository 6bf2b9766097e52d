import { type Answer, DhcpError, type Scope, sameAnswer } from "../backend";
import { KeaDocument } from "./document";
import {
  applyEdits,
  type Edit,
  insertElement,
  type JsonNode,
  member,
  removeElement,
  slice,
} from "./json-text";
import { entryOf, newEntry, type Original, type ScopeView, viewScope } from "./scope-view";
import { respell, servedBy } from "./value";

export interface Wish {
  readonly scope: Scope;
  readonly answer: Answer;
  /** Written verbatim when it means the same as `answer`. */
  readonly original?: Original | undefined;
}

/**
 * The document with option 150 of one scope changed and every other byte kept. An element that is there keeps its
 * members and its place; only its `data` changes.
 * @throws DhcpError kind "refused" when a new element is needed and the server has no definition of the option.
 */
export function editScope(view: ScopeView, wish: Wish, server: string, firstWins: boolean): string {
  const edits =
    wish.answer === "inherited" ? remove(view, wish.original) : write(view, wish, wish.answer, server);
  const text = applyEdits(view.document.text, edits);
  if (wish.answer !== "inherited" || edits.length === 0) return text;
  // A second element would take the place of the removed one.
  const next = viewScope(new KeaDocument(text), wish.scope, firstWins);
  return next?.winner ? editScope(next, wish, server, firstWins) : text;
}

function write(view: ScopeView, wish: Wish, addresses: readonly string[], server: string): Edit[] {
  const { document, winner } = view;
  const original = entryOf(wish.original, document);
  const verbatim =
    original && sameAnswer(servedBy(original, document.definition), addresses) ? original : null;
  if (winner) {
    const data = member(winner.node, "data");
    if (verbatim && (verbatim.csv !== winner.csv || !data))
      return [{ ...winner.node, text: wish.original!.entry! }];
    const sameAlready = !verbatim && sameAnswer(servedBy(winner, document.definition), addresses);
    if (sameAlready) return [];
    const spelled = verbatim
      ? slice(wish.original!.entry!, member(verbatim.node, "data")!)
      : JSON.stringify(respell(winner, addresses));
    return data
      ? [replace(data, spelled)]
      : [insertElement(winner.node, winner.node.members.length, `"data": ${spelled}`)];
  }
  if (verbatim) return insert(view, wish.original!.index, wish.original!.entry!);
  if (!document.definition)
    throw new DhcpError(
      server,
      `DHCP server "${server}" has no definition of option 150`,
      DEFINITION_ADVICE,
      "refused",
    );
  return insert(view, Number.POSITIVE_INFINITY, newEntry(document.definition.name, addresses));
}

export const DEFINITION_LINE =
  '{ "name": "cisco-tftp", "code": 150, "space": "dhcp4", "type": "ipv4-address", "array": true }';
export const DEFINITION_ADVICE = `Add this to "option-def" of the server's configuration: ${DEFINITION_LINE}`;

function insert(view: ScopeView, index: number, entry: string): Edit[] {
  const { node } = view.place;
  const list = member(node, "option-data");
  if (list?.kind === "array") return [insertElement(list, index, entry)];
  return [insertElement(node, node.members.length, `"option-data": [ ${entry} ]`)];
}

function remove(view: ScopeView, original: Original | undefined): Edit[] {
  const { node } = view.place;
  const list = member(node, "option-data");
  if (!view.winner || list?.kind !== "array") return [];
  if (original && !original.list && list.items.length === 1)
    return [
      removeElement(
        node,
        node.members.findIndex((m) => m.value === list),
      ),
    ];
  return [removeElement(list, view.winner.index)];
}

const replace = (node: JsonNode, text: string): Edit => ({ start: node.start, end: node.end, text });
