import { shown } from "../answer-text";
import type { Finding } from "../backend";
import { type Definition, type Entry, type KeaDocument, objects } from "./document";
import { member } from "./json-text";
import { looksUp } from "./looks-up";
import { poolsOf } from "./narrower";
import { isForPilots, type Pilot, takenNames } from "./pilot-classes";
import { hostName, hostOf, type Level } from "./place";
import { hasHostsDatabase } from "./reservations";
import type { ScopeView } from "./scope-view";
import { TAGS_ADVICE } from "./server";
import { servedBy } from "./value";

/**
 * What keeps the option of a pilot's class from the phone. It stands in the subnet: a pool and a reservation with an
 * option 150 of their own go before it.
 * @param tags whether the server knows options for a class.
 */
export function pilotFindings(view: ScopeView, scope: Pilot, where: string, tags: boolean | null): Finding[] {
  const { document, place } = view;
  const findings: Finding[] = [];
  if (tags === false)
    findings.push({
      kind: "class-tags",
      severity: "error",
      scope: "server",
      value: "it refuses client-classes in option-data",
      advice: TAGS_ADVICE,
    });
  const pools = poolsOf(view);
  const own = pools.filter(({ node }) => document.entries(node).length > 0);
  // The phone has its address from one of them; which, nobody knows before.
  const severity = own.length > 0 && own.length === pools.length ? "error" : "warning";
  findings.push(...own.flatMap((level) => before(level, document, severity, POOL)));
  findings.push(
    ...reservations(view, scope).flatMap((level) => before(level, document, "error", RESERVATION)),
  );
  for (const entry of document.entries(place.subnet!))
    if (entry.classes.length > 0 && !isForPilots(entry))
      findings.push(classTagged(entry, document.definition, where));
  for (const name of takenNames(document, scope.subnet))
    findings.push({
      kind: "class-taken",
      severity: "error",
      scope: where,
      value: `class ${name} is not as a run makes it`,
      advice: "Somebody has made or changed it, and it is left as it is: rename or remove it.",
    });
  if (hasHostsDatabase(document))
    findings.push({
      kind: "hosts-database",
      severity: "warning",
      scope: where,
      value: "the server keeps reservations in a database, too",
      advice:
        "One that the database has for this phone cannot be seen here, and an option 150 in it goes before that of the class. Look there first.",
    });
  return findings;
}

const POOL =
  "This goes before the option of the phone's class: the phone is not served that here. Remove it, or move the pool itself.";
const RESERVATION =
  "This goes before the option of the phone's class. Take option 150 out of it; if a run has made it, set pilots_by back, take the phone back to the source, and change pilots_by then.";

const before = (
  { name: scope, node }: Level,
  document: KeaDocument,
  severity: Finding["severity"],
  advice: string,
): Finding[] =>
  document.entries(node).map((entry) => ({
    kind: "shadowed",
    severity,
    scope: entry.classes.length > 0 ? `${scope} class ${entry.classes.join(", ")}` : scope,
    value: shown(servedBy(entry, document.definition)),
    advice,
  }));

/** The phone's own, in the subnet and global. */
function reservations({ document, place: { subnet, network } }: ScopeView, { mac }: Pilot): Level[] {
  return [subnet, document.dhcp4].flatMap((owner): Level[] => {
    const counts = looksUp(owner === subnet ? "subnet" : "global", document, subnet!, network);
    const host = counts ? hostOf(document, objects(member(owner ?? undefined, "reservations")), mac) : null;
    return host ? [{ name: hostName(host), node: host }] : [];
  });
}

/** An element for members of a class only. */
export const classTagged = (entry: Entry, definition: Definition | null, where: string): Finding => {
  const ours = isForPilots(entry);
  return {
    kind: "class-tagged",
    severity: ours ? "info" : "warning",
    scope: `${where} class ${entry.classes.join(", ")}`,
    value: shown(servedBy(entry, definition)),
    advice: ours
      ? "It is written by a run, for pilots, and goes before the scope's own answer."
      : "Members of this class are served this, whatever the scope serves to the others.",
  };
};
