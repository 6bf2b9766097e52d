import type { Finding } from "../backend";
import { type KeaDocument, objects } from "./document";
import { isTrue, type JsonNode, type JsonObject, member, stringOf } from "./json-text";
import { unknownOnly } from "./known-clients";
import { hostName, hostOf, identifiersOf } from "./place";
import { isMadeForPilot, type ScopeView } from "./scope-view";

const FLAGS = {
  global: { flag: "reservations-global", modes: ["global"], unsaid: false },
  subnet: { flag: "reservations-in-subnet", modes: ["all", "out-of-pool"], unsaid: true },
} as const;

/** Which reservations Kea looks up for clients of a subnet; the nearest scope that says so decides. */
export function looksUp(
  what: keyof typeof FLAGS,
  document: KeaDocument,
  subnet: JsonNode,
  network: JsonNode | null,
): boolean {
  const { flag, modes, unsaid } = FLAGS[what];
  for (const node of [subnet, network ?? undefined, document.dhcp4]) {
    const said = member(node, flag);
    if (said) return isTrue(said);
    // How it was said before 1.9.1.
    const mode = stringOf(member(node, "reservation-mode"));
    if (mode !== undefined) return modes.some((m) => m === mode);
  }
  return unsaid;
}

/** What keeps Kea from finding the reservation of one phone, or has it find another one. */
export function lookups(view: ScopeView, where: string): Finding[] {
  const findings: Finding[] = [];
  const { document, place } = view;
  const { node, subnet, network } = place;
  const made = node !== null && isMadeForPilot(node);
  const global = !node || made ? globalReservation(view) : null;
  if (global)
    findings.push({
      kind: "global-reservation",
      severity: made ? "warning" : "error",
      scope: where,
      value: `the phone has the global ${hostName(global)}`,
      advice: made
        ? "The one that was made in the subnet takes its place: an address or options that it says are not served. Take the phone back to the source; then put option 150 into the global reservation by hand, or move that to the subnet."
        : "One made in the subnet would take its place, with all that it says. Put option 150 into the global reservation by hand, or move that to the subnet.",
    });
  else if (!node || made) findings.push(...unknownOnly(view, made ? "warning" : "error"));
  if (subnet && !looksUp("subnet", document, subnet, network))
    findings.push({
      kind: "reservations-off",
      severity: "error",
      scope: where,
      value: "reservations of the subnet are not looked up",
      advice: "Set reservations-in-subnet to true for the subnet: without it no phone in it can be a pilot.",
    });
  if (!node && !identifiersOf(document).includes("hw-address"))
    findings.push({
      kind: "identifier-off",
      severity: "error",
      scope: where,
      value: "host-reservation-identifiers has no hw-address",
      advice: "A reservation by MAC address would not be found. Add hw-address to the list.",
    });
  if (["hosts-database", "hosts-databases"].some((key) => isThere(member(document.dhcp4, key))))
    findings.push({
      kind: "hosts-database",
      severity: "warning",
      scope: where,
      value: "the server keeps reservations in a database, too",
      advice:
        "One that the database has for this phone cannot be seen here, and a reservation of the configuration goes before it, with its address. Look there first.",
    });
  return findings;
}

/** One outside of the subnet, which Kea takes while the subnet has none for the phone. */
function globalReservation({ document, scope, place: { subnet, network } }: ScopeView): JsonObject | null {
  if (scope.kind !== "reservation" || !subnet || !looksUp("global", document, subnet, network)) return null;
  return hostOf(document, objects(member(document.dhcp4, "reservations")), scope.mac);
}

const isThere = (node: JsonNode | undefined): boolean =>
  node?.kind === "object" || (node?.kind === "array" && node.items.length > 0);
