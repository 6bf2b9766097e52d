import type { Scope } from "../backend";
import type { KeaDocument } from "./document";
import { Patch } from "./json-edit";
import { type JsonObject, member, numberOf, parseJsonText, slice, stringOf } from "./json-text";
import { identifierOf } from "./place";
import { pilotOf, type Rules, type ScopeView, viewScope } from "./scope-view";

/** A command that changes one thing and leaves the rest of the configuration alone. */
export interface DeltaCommand {
  readonly name: string;
  /** JSON text. */
  readonly args: string;
  /** A reservation that must not be in a database of the server: the subnet's id, and the MAC address. */
  readonly makesHost?: readonly [string, string];
}

/** Of the hook library `subnet_cmds`. */
const SUBNET = ["subnet4-delta-add", "subnet4-delta-del"];
/** Of `host_cmds`. */
const HOST = ["reservation-get", "reservation-add", "reservation-update", "reservation-del"];
const COMMANDS: { readonly [kind in Scope["kind"]]?: readonly string[] } = {
  subnet: SUBNET,
  reservation: HOST,
};
/** Whether a kind of scope has such commands at all. */
export const hasDeltas = (scope: Scope, rules: Rules): boolean =>
  COMMANDS[scope.kind] !== undefined && !pilotOf(scope, rules);
/** Whether the server has them. */
const canDelta = (scope: Scope, known: ReadonlySet<string>, rules: Rules): boolean =>
  hasDeltas(scope, rules) && COMMANDS[scope.kind]!.every((command) => known.has(command));

/** Commands for all of the scopes, or null: one document is better than half of each. */
export function deltasBetween(
  from: KeaDocument,
  to: KeaDocument,
  wishes: readonly { readonly scope: Scope }[],
  known: ReadonlySet<string>,
  rules: Rules,
): readonly DeltaCommand[] | null {
  if (!wishes.every((w) => canDelta(w.scope, known, rules))) return null;
  const commands: DeltaCommand[] = [];
  for (const { scope } of wishes) {
    const [a, b] = [viewScope(from, scope, rules), viewScope(to, scope, rules)];
    const delta = a && b && deltaOf(a, b);
    if (!delta) return null;
    commands.push(...delta);
  }
  return commands;
}

/**
 * What leads one scope from one document to another, or null when these commands cannot do it. With none of several
 * elements left to choose from they say the same as the document.
 */
function deltaOf(from: ScopeView, to: ScopeView): DeltaCommand[] | null {
  const subnet = from.place.subnet;
  const id = subnet && numberOf(member(subnet, "id"));
  if (!subnet || id === undefined || id === null || from.entries.length > 1 || to.entries.length > 1)
    return null;
  return from.scope.kind === "subnet" ? subnetDelta(from, to, id) : hostDelta(from, to, id);
}

function subnetDelta(from: ScopeView, to: ScopeView, id: number): DeltaCommand[] {
  const [was, is] = [textOf(from, from.winner?.node), textOf(to, to.winner?.node)];
  if (was === is) return [];
  const prefix = stringOf(member(from.place.subnet!, "subnet")) ?? "";
  const args = (option: string) =>
    `{ "subnet4": [ { "id": ${id}, "subnet": ${JSON.stringify(prefix)}, "option-data": [ ${option} ] } ] }`;
  return is === null
    ? [{ name: "subnet4-delta-del", args: args('{ "code": 150, "space": "dhcp4" }') }]
    : [{ name: "subnet4-delta-add", args: args(is) }];
}

/** Writers look for a database unless they are told: "memory" is what the configuration shows. */
const TARGET = '"operation-target": "memory"';

function hostDelta(from: ScopeView, to: ScopeView, id: number): DeltaCommand[] | null {
  const [was, is] = [textOf(from, from.place.node), textOf(to, to.place.node)];
  if (was === is) return [];
  if (from.place.global || to.place.global) return null;
  if (is === null) {
    const [type, identifier] = identifierOf(from.place.node!) ?? [];
    if (type === undefined) return null;
    const args = `{ ${TARGET}, "subnet-id": ${id}, "identifier-type": "${type}", "identifier": ${JSON.stringify(identifier)} }`;
    return [{ name: "reservation-del", args }];
  }
  const args = `{ ${TARGET}, "reservation": ${withSubnet(is, id)} }`;
  if (was !== null) return [{ name: "reservation-update", args }];
  const mac = to.scope.kind === "reservation" ? to.scope.mac : "";
  return [{ name: "reservation-add", args, makesHost: [String(id), mac] }];
}

const textOf = (view: ScopeView, node: JsonObject | null | undefined): string | null =>
  node ? slice(view.document.text, node) : null;

function withSubnet(host: string, id: number): string {
  const node = parseJsonText(host) as JsonObject;
  if (member(node, "subnet-id")) return host;
  const patch = new Patch();
  patch.insert(node, 0, `"subnet-id": ${id}`);
  return patch.apply(host);
}
