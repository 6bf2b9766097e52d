import { type JsonArray, type JsonObject, member, type Span } from "./json-text";

type List = JsonObject | JsonArray;

interface ListChange {
  readonly removed: Set<number>;
  readonly inserted: { readonly before: number; readonly text: string }[];
}

/**
 * Changes of one JSON text that keep every other byte. Elements of one list may come and go together; nothing may be
 * changed inside of what is removed or replaced.
 */
export class Patch {
  private readonly replaced: { readonly node: Span; readonly text: string }[] = [];
  private readonly lists = new Map<List, ListChange>();
  private readonly made = new Map<JsonObject, Map<string, string[]>>();

  replace(node: Span, text: string): void {
    this.replaced.push({ node, text });
  }

  /** Takes the element (of an object: the member) at `index` out, with one comma. */
  remove(list: List, index: number): void {
    this.change(list).removed.add(index);
  }

  /** Puts an element before the one at `index`, or at the end. */
  insert(list: List, index: number, text: string): void {
    const last = (list.kind === "object" ? list.members : list.items).length;
    this.change(list).inserted.push({ before: Math.min(index, last), text });
  }

  /** Puts an element into the list `key` of an object, which gets such a list when it has none. */
  add(owner: JsonObject, key: string, index: number, text: string): void {
    const list = member(owner, key);
    if (list?.kind === "array") {
      this.insert(list, index, text);
      return;
    }
    const lists = this.made.get(owner) ?? new Map<string, string[]>();
    this.made.set(owner, lists);
    lists.set(key, [...(lists.get(key) ?? []), text]);
  }

  /** How many elements of a list stay, without those that are put in. */
  staying(list: JsonArray): number {
    return list.items.length - (this.lists.get(list)?.removed.size ?? 0);
  }

  /** Whether an element is put in. */
  grows(list: JsonArray): boolean {
    return (this.lists.get(list)?.inserted.length ?? 0) > 0;
  }

  apply(text: string): string {
    for (const [owner, lists] of this.made)
      for (const [key, elements] of lists)
        this.insert(owner, Number.POSITIVE_INFINITY, `${JSON.stringify(key)}: [ ${elements.join(", ")} ]`);
    this.made.clear();
    const edits = this.replaced.map(({ node, text: t }) => ({ start: node.start, end: node.end, text: t }));
    for (const [list, change] of this.lists) edits.push(...editsOf(list, change, text));
    let out = "";
    let at = 0;
    for (const edit of edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
      // Inside of something that goes as a whole.
      if (edit.end <= at && edit.start < at) continue;
      out += text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return out + text.slice(at);
  }

  private change(list: List): ListChange {
    const known = this.lists.get(list);
    if (known) return known;
    const change: ListChange = { removed: new Set(), inserted: [] };
    this.lists.set(list, change);
    return change;
  }
}

interface Edit extends Span {
  readonly text: string;
}

/** Edits of the gaps between the elements that stay: what stands inside of them is not touched. */
function editsOf(list: List, { removed, inserted }: ListChange, text: string): Edit[] {
  const elements: readonly Span[] = list.kind === "object" ? list.members : list.items;
  const last = elements.length - 1;
  const kept = elements.flatMap((_, i) => (removed.has(i) ? [] : [i]));
  const sorted = [...inserted].sort((a, b) => a.before - b.before);
  const between = (from: number, to: number) =>
    sorted.filter((e) => e.before > from && e.before <= to).map((e) => e.text);
  const all = sorted.map((e) => e.text);
  if (last < 0)
    return all.length > 0 ? [{ start: list.start + 1, end: list.start + 1, text: all.join(", ") }] : [];
  if (kept.length === 0)
    return [{ start: elements[0]!.start, end: elements[last]!.end, text: all.join(", ") }];
  const edits: Edit[] = [];
  const edit = (start: number, end: number, changed: string) => {
    if (text.slice(start, end) !== changed) edits.push({ start, end, text: changed });
  };
  let previous = -1;
  for (const index of kept) {
    const next = elements[index]!;
    const before = between(previous, index);
    if (previous < 0) edit(elements[0]!.start, next.start, before.map((t) => `${t}, `).join(""));
    else {
      const comma = text.slice(elements[index - 1]!.end, next.start);
      edit(elements[previous]!.end, next.start, before.map((t) => `, ${t}`).join("") + comma);
    }
    previous = index;
  }
  const after = between(previous, Number.POSITIVE_INFINITY);
  edit(elements[previous]!.end, elements[last]!.end, after.map((t) => `, ${t}`).join(""));
  return edits;
}
