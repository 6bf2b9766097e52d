import type { Finding } from "../backend";
import { type KeaDocument, objects } from "./document";
import { type JsonNode, type JsonObject, member } from "./json-text";
import { unknownOnly } from "./known-clients";
import { looksUp } from "./looks-up";
import { classesOf } from "./pilot-classes";
import { hostName, hostOf, identifiersOf } from "./place";
import { isMadeForPilot, type ScopeView } from "./scope-view";

/**
 * What keeps Kea from finding the reservation of one phone, or what the phone would lose by one.
 * @param tags whether the server can do without a reservation.
 */
export function lookups(view: ScopeView, where: string, tags: boolean | null): Finding[] {
  const findings: Finding[] = [];
  const { document, place, scope } = view;
  const { node, subnet, network, global: general } = place;
  const made = node !== null && isMadeForPilot(node);
  const global = made ? globalReservation(view) : null;
  const error = (kind: "reservations-off" | "identifier-off", value: string, advice: string) =>
    findings.push({ kind, severity: "error", scope: where, value, advice: orClass(advice, tags) });
  if (general)
    findings.push({
      kind: "global-reservation",
      severity: "info",
      scope: where,
      value: `option 150 goes into the phone's global ${hostName(node!)}`,
      advice: "It goes with the phone into every subnet where global reservations are looked up.",
    });
  else if (global)
    findings.push({
      kind: "global-reservation",
      severity: "warning",
      scope: where,
      value: `the phone has the global ${hostName(global)}`,
      advice:
        "The one that was made in the subnet takes its place: an address or options that it says are not served. Take the phone back to the source; after that it gets option 150 in the global one.",
    });
  else if (!node || made)
    for (const f of unknownOnly(view, made ? "warning" : "error"))
      findings.push({ ...f, advice: orClass(f.advice, tags) });
  if (subnet && !general && !looksUp("subnet", document, subnet, network))
    error(
      "reservations-off",
      "reservations of the subnet are not looked up",
      "Set reservations-in-subnet to true for the subnet: without it no phone in it can be a pilot.",
    );
  if (!node && !identifiersOf(document).includes("hw-address"))
    error(
      "identifier-off",
      "host-reservation-identifiers has no hw-address",
      "A reservation by MAC address would not be found. Add hw-address to the list.",
    );
  if (scope.kind === "reservation")
    for (const { name } of classesOf(document, scope))
      findings.push({
        kind: "pilot-class",
        severity: "error",
        scope: where,
        value: `the phone is in class ${name}, which an earlier run has made`,
        advice:
          'It is served by the class whatever this says. Set pilots_by to "class" again, take the phone back to the source, and change pilots_by then.',
      });
  if (hasHostsDatabase(document))
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

const orClass = (advice: string, tags: boolean | null): string =>
  tags ? `${advice} Or set pilots_by to "class" for this server: that needs no reservation.` : advice;

export const hasHostsDatabase = (document: KeaDocument): boolean =>
  ["hosts-database", "hosts-databases"].some((key) => isThere(member(document.dhcp4, key)));

/** One outside of the subnet, which Kea takes while the subnet has none for the phone. */
function globalReservation({ document, scope, place: { subnet, network } }: ScopeView): JsonObject | null {
  if (scope.kind !== "reservation" || !subnet || !looksUp("global", document, subnet, network)) return null;
  return hostOf(document, objects(member(document.dhcp4, "reservations")), scope.mac);
}

const isThere = (node: JsonNode | undefined): boolean =>
  node?.kind === "object" || (node?.kind === "array" && node.items.length > 0);
