import { type Answer, type Scope, sameAnswer } from "../backend";
import type { KeaDocument } from "./document";
import { canonical, type JsonNode, JsonTextError, member } from "./json-text";
import { classesOf } from "./pilot-classes";
import { type Rules, type ScopeView, viewScope } from "./scope-view";
import { sameDocument } from "./server";

interface Wish {
  readonly scope: Scope;
  readonly answer: Answer;
}

/**
 * What config-get gives back is what was sent. For an element that is new Kea adds members with their defaults,
 * and chooses its place.
 */
export function isAsSent(
  sent: KeaDocument,
  now: KeaDocument,
  wishes: readonly Wish[],
  rules: Rules,
): boolean {
  if (sameDocument(now, sent)) return true;
  const own = scopesAsSent(sent, now, wishes, rules);
  return own !== null && canonical(now.root, own.got) === canonical(sent.root, own.sent);
}

/** The elements of the scopes in both documents; null unless those that came back are those that were sent. */
export function scopesAsSent(
  document: KeaDocument,
  now: KeaDocument,
  wishes: readonly Wish[],
  rules: Rules,
): { readonly sent: Set<JsonNode>; readonly got: Set<JsonNode> } | null {
  const own = { sent: new Set<JsonNode>(), got: new Set<JsonNode>() };
  for (const { scope, answer } of wishes) {
    const sent = viewScope(document, scope, rules);
    const got = readable(() => viewScope(now, scope, rules));
    if (!sent || !got || !sameAnswer(got.answer, answer)) return null;
    const [s, g] = [elementsOf(sent), elementsOf(got)];
    if (s.length !== g.length || !g.every((one, i) => covers(one, s[i]!))) return null;
    for (const one of s) own.sent.add(one);
    for (const one of g) own.got.add(one);
  }
  return own;
}

/** What a change may have made: of a phone the whole reservation, or its class and what only that is served. */
function elementsOf(view: ScopeView): readonly JsonNode[] {
  const { scope, document, place, winner, pilot } = view;
  if (pilot) return classesOf(document, pilot).flatMap((c) => [c.node, ...c.entries.map(({ node }) => node)]);
  const one = scope.kind === "reservation" ? place.node : winner?.node;
  return one ? [one] : [];
}

/** `got` says all that `sent` says; Kea adds members that were left out. */
function covers(got: JsonNode, sent: JsonNode): boolean {
  if (got.kind === "object" && sent.kind === "object")
    return sent.members.every((m) => {
      const same = member(got, m.key);
      return same !== undefined && covers(same, m.value);
    });
  if (got.kind === "array" && sent.kind === "array")
    return got.items.length === sent.items.length && got.items.every((g, i) => covers(g, sent.items[i]!));
  return canonical(got) === canonical(sent);
}

/** null when what the server gave is no JSON. */
function readable<T>(look: () => T): T | null {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof JsonTextError) return null;
    throw cause;
  }
}
