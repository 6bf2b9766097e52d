import { type Answer, DhcpError, sameAnswer } from "../backend";
import { noDefinition } from "./definition";
import type { KeaDocument } from "./document";
import type { Patch } from "./json-edit";
import { items, type JsonObject, member } from "./json-text";
import {
  classNameOf,
  isClassName,
  made,
  newClass,
  type Pilot,
  type PilotClass,
  pilotClasses,
  takenNames,
  testOf,
} from "./pilot-classes";
import type { Original } from "./scope-view";
import { newEntry, respell, servedBy } from "./value";

export interface PilotWish {
  readonly scope: Pilot;
  readonly answer: Answer;
  readonly original?: Original | undefined;
}

/**
 * Puts phones into the classes of their answers, and takes them out of all others: all of a document at once, since
 * they share classes. Before any other change of the same `option-data`.
 * @throws DhcpError kind "refused"
 */
export function editPilots(
  patch: Patch,
  document: KeaDocument,
  wishes: readonly PilotWish[],
  server: string,
): void {
  const gone: number[] = [];
  const added: { readonly name: string; readonly macs: readonly string[] }[] = [];
  for (const subnet of new Set(wishes.map(({ scope }) => scope.subnet))) {
    const here = wishes.filter(({ scope }) => scope.subnet === subnet);
    const there = pilotClasses(document, subnet);
    const wanted = membership(there, here);
    const answers = new Map(here.map((wish) => [nameOf(wish), wish.answer] as const));
    const node = document.subnet(subnet)!.node;
    const entries = new Edited(patch, node, document);
    for (const [name, macs] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const own = there.find((c) => c.name === name);
      if (macs.length === 0) {
        gone.push(own!.index);
        entries.remove(own!);
        continue;
      }
      if (!own) {
        if (takenNames(document, subnet).includes(name)) throw isTaken(server, name);
        added.push({ name, macs });
      } else if (testOf(macs) !== testOf(own.macs))
        patch.replace(member(own.node, "test")!, `"${testOf(macs)}"`);
      const answer = answers.get(name);
      if (answer !== undefined && answer !== "inherited") entries.put(name, own, answer, server);
    }
    if (here.every(({ original }) => original?.list === false)) entries.removeEmptyList();
  }
  editClasses(patch, document, gone, added);
}

const nameOf = ({ scope, answer }: PilotWish): string | null =>
  answer === "inherited" ? null : classNameOf(scope.subnet, answer);

/** Who is in which class afterwards. */
function membership(
  there: readonly PilotClass[],
  wishes: readonly PilotWish[],
): Map<string, readonly string[]> {
  const wanted = new Map(there.map(({ name, macs }) => [name, macs] as const));
  for (const wish of wishes) {
    for (const [name, macs] of wanted)
      wanted.set(
        name,
        macs.filter((mac) => mac !== wish.scope.mac),
      );
    const name = nameOf(wish);
    if (name !== null) wanted.set(name, [...(wanted.get(name) ?? []), wish.scope.mac]);
  }
  return wanted;
}

/** The subnet's `option-data`. Elements of pilots come last, in the order of their names. */
class Edited {
  constructor(
    private readonly patch: Patch,
    private readonly subnet: JsonObject,
    private readonly document: KeaDocument,
  ) {}

  remove({ entries }: PilotClass): void {
    const list = member(this.subnet, "option-data");
    if (list?.kind === "array") for (const { index } of entries) this.patch.remove(list, index);
  }

  put(name: string, own: PilotClass | undefined, addresses: readonly string[], server: string): void {
    const { definition } = this.document;
    const entry = own?.entries[0];
    const data = entry && member(entry.node, "data");
    if (entry && sameAnswer(servedBy(entry, definition), addresses)) return;
    if (entry && data) {
      this.patch.replace(data, JSON.stringify(respell(entry, addresses)));
      return;
    }
    if (!definition) throw noDefinition(server);
    const after = this.document
      .entries(this.subnet)
      .find(({ classes: [first = ""] }) => isClassName(first) && first > name);
    this.patch.add(
      this.subnet,
      "option-data",
      after?.index ?? Number.POSITIVE_INFINITY,
      newEntry(definition.name, addresses, name),
    );
  }

  removeEmptyList(): void {
    const list = member(this.subnet, "option-data");
    if (list?.kind === "array" && this.patch.staying(list) === 0 && !this.patch.grows(list))
      this.patch.remove(
        this.subnet,
        this.subnet.members.findIndex((m) => m.value === list),
      );
  }
}

/** Ours come last, in the order of their names. Kea prints no list when there is no class. */
function editClasses(
  patch: Patch,
  document: KeaDocument,
  gone: readonly number[],
  added: readonly { readonly name: string; readonly macs: readonly string[] }[],
): void {
  const root = document.dhcp4 as JsonObject;
  const list = member(root, "client-classes");
  if (list?.kind === "array") for (const index of gone) patch.remove(list, index);
  for (const { name, macs } of [...added].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const after = made(document).find((c) => c.name > name);
    patch.add(root, "client-classes", after?.index ?? Number.POSITIVE_INFINITY, newClass(name, macs));
  }
  if (list?.kind === "array" && gone.length === items(list).length && added.length === 0)
    patch.remove(
      root,
      root.members.findIndex((m) => m.value === list),
    );
}

const isTaken = (server: string, name: string) =>
  new DhcpError(
    server,
    `DHCP server "${server}" has a class "${name}" that was not made for pilots`,
    "Somebody has made it, or has changed the one that was made. It is left as it is: rename or remove it",
    "refused",
  );
