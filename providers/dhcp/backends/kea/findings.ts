import { shown } from "../answer-text";
import { type Finding, scopeText } from "../backend";
import { byText } from "../findings";
import { shownText } from "../shown-text";
import { DEFINITION_ADVICE, DEFINITION_LINE } from "./definition";
import { type Entry, type KeaDocument, objects } from "./document";
import { items, member, numberOf, stringOf } from "./json-text";
import { className, narrower, poolsOf } from "./narrower";
import { classTagged, pilotFindings } from "./pilot-findings";
import { lookups } from "./reservations";
import type { ScopeView } from "./scope-view";
import { shadows } from "./shadows";
import { servedBy } from "./value";

/**
 * What stands in the way of option 150 reaching the phones of this scope, or beside it. Precedence as measured on
 * Kea 2.2, 2.6 and 3.0: host reservation, pool, subnet, shared network, class, global.
 */
export function findingsOf(
  view: ScopeView,
  { persist, classTags }: { readonly persist: "none" | "config-write"; readonly classTags: boolean | null },
): Finding[] {
  const where = scopeText(view.scope);
  return [
    ...backendFindings(view.document),
    ...definitionFindings(view, where),
    ...ownFindings(view, where),
    ...neverSendAbove(view),
    ...shadows(view),
    ...phoneFindings(view, where, classTags),
    ...leftovers(view, where),
    ...inheritedValue(view, where),
    ...(persist === "none" ? [NOT_PERSISTED] : []),
  ].sort(byText);
}

function phoneFindings(view: ScopeView, where: string, classTags: boolean | null): Finding[] {
  if (view.pilot) return pilotFindings(view, view.pilot, where, classTags);
  return view.scope.kind === "reservation" ? lookups(view, where, classTags) : [];
}

/** Whether it matters if the server knows options for a class: they are declared, or would help. */
export const asksForClassTags = (view: ScopeView): boolean =>
  view.scope.kind === "reservation" &&
  (view.pilot !== null || lookups(view, "", null).some((f) => f.severity === "error"));

const NOT_PERSISTED: Finding = {
  kind: "not-persisted",
  severity: "warning",
  scope: "server",
  value: 'persist = "none"',
  advice:
    "A change lives in the running server only: a restart or reload brings back what its file says. Change the file too, or set persist to config-write (it replaces the file, without its comments and includes).",
};

/** A configuration backend can put its own value over the one that we set, at any time. */
export function configBackend(document: KeaDocument): boolean {
  const control = member(document.dhcp4, "config-control");
  return items(member(control, "config-databases")).length > 0;
}

function backendFindings(document: KeaDocument): Finding[] {
  if (!configBackend(document)) return [];
  return [
    {
      kind: "config-control",
      severity: "error",
      scope: "server",
      value: "the server takes configuration from a database",
      advice: "Option 150 has to be changed in that database; this resource does not do it.",
    },
  ];
}

function definitionFindings({ document, winner }: ScopeView, where: string): Finding[] {
  const { definition } = document;
  if (!definition) {
    // Hexadecimal data needs no definition; a new element does.
    const hex = winner !== null && !winner.csv;
    return [
      {
        kind: "definition-missing",
        severity: hex ? "info" : "error",
        scope: hex ? where : "server",
        value: hex ? "option 150 is written in hexadecimal" : "no option-def for code 150, space dhcp4",
        advice: DEFINITION_ADVICE,
      },
    ];
  }
  const findings: Finding[] = [];
  const advice = `Change the definition to: ${DEFINITION_LINE.replace("cisco-tftp", () => shownText(definition.name))}`;
  if (definition.type !== "ipv4-address")
    findings.push({
      kind: "definition-type",
      severity: "error",
      scope: "server",
      value: `type ${shownText(definition.type)}`,
      advice: `Phones expect addresses, four bytes each. ${advice}`,
    });
  else if (!definition.array)
    findings.push({
      kind: "definition-not-array",
      severity: "error",
      scope: "server",
      value: "array false",
      advice: `Only the first address is served, silently. ${advice}`,
    });
  return findings;
}

function ownFindings(view: ScopeView, where: string): Finding[] {
  const { document, entries, winner } = view;
  const { definition } = document;
  const findings: Finding[] = [];
  const rivals = view.pilot ? entries : entries.filter((e) => e.classes.length === 0);
  if (rivals.length > 1)
    findings.push({
      kind: "duplicate",
      severity: "error",
      scope: where,
      value: rivals.map((e) => shown(servedBy(e, definition))).join(" and "),
      advice: "Keep one: which of them is served differs between versions of Kea.",
    });
  for (const entry of entries) {
    if (entry.classes.length > 0 && !view.pilot) findings.push(classTagged(entry, definition, where));
    if (entry.neverSend) findings.push(neverSend(where));
  }
  if (winner?.alwaysSend)
    findings.push({
      kind: "always-send",
      severity: "info",
      scope: where,
      value: "always-send true",
      advice: "The option goes to clients that do not ask for it, too. It is left as it is.",
    });
  if (winner && servedBy(winner, definition).length === 0)
    findings.push({
      kind: "empty",
      severity: "warning",
      scope: where,
      value: shown([]),
      advice: "The element is there, but nothing is sent. Remove it, or give it addresses.",
    });
  return findings;
}

const neverSend = (scope: string): Finding => ({
  kind: "never-send",
  severity: "error",
  scope,
  value: "never-send true",
  advice: "The option is suppressed, here and in every scope below. Remove never-send.",
});

/** never-send sticks over the whole chain of inheritance. */
function neverSendAbove(view: ScopeView): Finding[] {
  return [...poolsOf(view), ...view.place.above].flatMap(({ name, node }) =>
    view.document.entries(node).some((e) => e.neverSend) ? [neverSend(name)] : [],
  );
}

const OPTION_66 = 66;

/** Other ways to tell a phone its TFTP server, wherever it may get them. Which of them wins differs between models. */
function leftovers(view: ScopeView, where: string): Finding[] {
  const { node: own, above } = view.place;
  const chain = [...(own ? [{ name: where, node: own }] : []), ...poolsOf(view), ...narrower(view), ...above];
  return chain.flatMap(({ name: scope, node }) => {
    const found: Finding[] = [];
    const add = (kind: Finding["kind"], value: string) =>
      found.push({
        kind,
        severity: "warning",
        scope,
        value: shown([value]).slice(0, 200),
        advice:
          "Some phones take this instead of option 150. Remove it, or make sure that it does not lead back to the source cluster.",
      });
    for (const option of items(member(node, "option-data")))
      if (
        numberOf(member(option, "code")) === OPTION_66 &&
        (stringOf(member(option, "space")) ?? "dhcp4") === "dhcp4"
      )
        add("option-66", stringOf(member(option, "data")) ?? "");
    const next = stringOf(member(node, "next-server")) ?? "";
    if (next !== "" && next !== "0.0.0.0") add("next-server", next);
    const host = stringOf(member(node, "server-hostname")) ?? "";
    if (host !== "") add("server-hostname", host);
    return found;
  });
}

/** A scope without an option of its own: what its clients get instead. */
function inheritedValue(view: ScopeView, where: string): Finding[] {
  const { document, place, scope, winner } = view;
  if (winner || scope.kind === "global") return [];
  const found = (from: string, entries: readonly Entry[]): Finding[] =>
    untagged(entries).map((entry) => ({
      kind: "inherited-value",
      severity: "info",
      scope: where,
      value: `${shown(servedBy(entry, document.definition))} from ${from}`,
      advice: "This is what the scope's clients are served while it has no option 150 of its own.",
    }));
  const untagged = (all: readonly Entry[]) => all.filter((e) => e.classes.length === 0).slice(0, 1);
  const pools = poolsOf(view).flatMap(({ name, node }) =>
    found(`${name}, for its addresses`, document.entries(node)),
  );
  for (const { name, node } of place.above.slice(0, -1)) {
    const own = found(name, document.entries(node));
    if (own.length > 0) return [...pools, ...own];
  }
  const classes = objects(member(document.dhcp4, "client-classes")).flatMap((c) =>
    found(className(c), document.entries(c)),
  );
  return [...pools, ...classes, ...found("the global options", document.entries(document.dhcp4))];
}
