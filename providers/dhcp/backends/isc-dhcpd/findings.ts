import { isIPv4 } from "node:net";
import { shown } from "../answer-text";
import type { Finding } from "../backend";
import { byText } from "../findings";
import { below, keyword, type Node, statementsOf } from "./configuration";
import { DEFINITION_LINE, HOST_NAME, type Option150, option150In } from "./option-150";
import { ancestors, nameOf, placeText, poolsOf, servesIn } from "./places";
import { levelsOf, type ScopeView } from "./view";

/**
 * What stands in the way of option 150 reaching the phones of this scope, or beside it. Precedence as measured on
 * 4.4.3: host, group of the host, class, pool, subnet, shared network, global.
 */
export function findingsOf(view: ScopeView): Finding[] {
  return [
    ...managedFileFindings(view),
    ...definitionFindings(view),
    ...ownFindings(view),
    ...secondDeclaration(view),
    ...knownClients(view),
    ...limited(competing(view)),
    ...limited(leftovers(view)),
    ...inheritedValue(view),
    ...unreadFiles(view),
  ].sort(byText);
}

/** With one of these nothing can be written for the scope. */
const BLOCKING = [
  "not-included",
  "include-unread",
  "foreign-content",
  "definition-missing",
  "definition-after",
  "definition-type",
];
export const blockingFinding = (view: ScopeView): Finding | undefined =>
  [...managedFileFindings(view), ...definitionFindings(view)].find(
    (f) => f.severity === "error" && BLOCKING.includes(f.kind),
  );

function managedFileFindings({ managed, where, lookup }: ScopeView): Finding[] {
  const { path, notIncludedIn, file } = managed;
  const found: Finding[] = notIncludedIn.map((place) => ({
    kind: "not-included",
    severity: "error",
    scope: where,
    value: `${path} is not included in ${place}`,
    advice: `Make ${path} (empty, owned by the account of the run), add the line  include "${path}";  there, and restart dhcpd. Its configuration is never edited by a run; only what it includes is.`,
  }));
  if (managed.include === null) return found;
  if (file.kind === "missing")
    found.push({
      kind: "managed-file-missing",
      severity: "warning",
      scope: where,
      value: `${path} is included, and is not there`,
      advice: "dhcpd does not start without it. Make it, empty; a change of this scope makes it, too.",
    });
  if (file.kind === "unreadable")
    found.push({
      kind: "include-unread",
      severity: "error",
      scope: where,
      value: `${path}: ${file.why}`,
      advice: "Give it to the account of the run: it is the file that is written.",
    });
  const isOption = (words: readonly string[]) =>
    option150In({ ...managed.include!, words, children: null }, lookup.definitions) !== null;
  if (file.kind === "text" && !managed.keeping.ours(file.text, isOption))
    found.push({
      kind: "foreign-content",
      severity: "error",
      scope: where,
      value: `${path} has more in it than option 150`,
      advice: "The file is replaced as a whole. Move what is not option 150 to where it is included.",
    });
  return found;
}

function definitionFindings({ lookup, definition, managed }: ScopeView): Finding[] {
  const error = (kind: Finding["kind"], value: string, advice: string): Finding => ({
    kind,
    severity: "error",
    scope: "server",
    value,
    advice,
  });
  if (lookup.definitions.length === 0)
    return [
      error(
        "definition-missing",
        "no definition of code 150",
        `Add, outside of every block and before all else:  ${DEFINITION_LINE}`,
      ),
    ];
  if (!definition)
    return [
      error(
        "definition-after",
        `${managed.path} is included before code 150 is defined`,
        "Put the definition before it: dhcpd reads from the top.",
      ),
    ];
  const advice = `Change it to:  ${DEFINITION_LINE.replace("cisco-tftp", () => definition.name)}`;
  if (!definition.type.includes("ip-address"))
    return [error("definition-type", definition.type, `Phones expect addresses, four bytes each. ${advice}`)];
  if (!/^array of (?:ip-address|\{ ip-address \})$/.test(definition.type))
    return [error("definition-not-array", definition.type, `Two addresses do not fit. ${advice}`)];
  return [];
}

function ownFindings({ own, managed, where }: ScopeView): Finding[] {
  const found: Finding[] = [];
  const { include, path } = managed;
  const after = own.filter(({ node }) => include && node.file !== path && node.order > include.order);
  const last = own.at(-1);
  if (after.length > 0)
    found.push({
      kind: "duplicate",
      severity: "error",
      scope: where,
      value: `${shown(after.at(-1)!.served)} in ${after.at(-1)!.node.file} line ${after.at(-1)!.node.line}, after ${path}`,
      advice:
        "The last one is served, so the file would change nothing. Remove that statement, or move it before the include.",
    });
  else if (own.length > 1)
    found.push({
      kind: "duplicate",
      severity: "warning",
      scope: where,
      value: own.map(({ served }) => shown(served)).join(" and "),
      advice: "The last one is served. Keep one, in the managed file.",
    });
  if (last && !last.served.every((address) => isIPv4(address)))
    found.push({
      kind: "host-name",
      severity: "error",
      scope: where,
      value: shown(last.served),
      advice: HOST_NAME.test(last.served.join(""))
        ? "dhcpd looks a name up when it answers, and sends nothing when it finds none. Write addresses."
        : "This is not a list of addresses. Write addresses.",
    });
  return found;
}

/** A pilot of ours whom somebody has declared since: dhcpd knows the phone twice. */
function secondDeclaration({ scope, place, lookup, where }: ScopeView): Finding[] {
  if (scope.kind !== "reservation" || !place) return [];
  const hosts = (lookup.hosts.get(scope.mac) ?? []).filter((host) => servesIn(host, scope.subnet));
  return hosts
    .filter((host) => host !== place && /^option150-[0-9a-f]{12}$/.test(nameOf(host)))
    .map((host) => ({
      kind: "duplicate",
      severity: "warning",
      scope: where,
      value: `${placeText(host)} in ${host.file}, beside ${placeText(place)}`,
      advice: "dhcpd chooses one of them. Remove ours from that file, and restart dhcpd.",
    }));
}

/** A host declaration makes its phone a known client, wherever it counts. */
function knownClients({ scope, lookup }: ScopeView): Finding[] {
  if (scope.kind !== "reservation" || lookup.hosts.has(scope.mac)) return [];
  return poolsOf(lookup.subnets.get(scope.subnet)!).flatMap((pool): Finding[] => {
    const said = (what: string) =>
      [...statementsOf(pool)]
        .filter((node) => keyword(node) === what)
        .map(({ words }) => words.slice(1).join("-").toLowerCase());
    const allowed = said("allow");
    const denied = said("deny").includes("known-clients");
    const unknown = allowed.includes("unknown-clients");
    if (!denied && (!unknown || allowed.some((a) => a === "known-clients" || a === "all-clients"))) return [];
    return [
      {
        kind: "known-clients",
        severity: "error",
        scope: placeText(pool),
        value: denied ? "deny known-clients" : "allow unknown-clients",
        advice:
          "A host declaration makes the phone a known client, which gets no address from this pool. Change that statement, or move the whole subnet.",
      },
    ];
  });
}

/** What has an option 150 that goes before the scope's own, for some of its clients. */
function competing(view: ScopeView): Finding[] {
  const found: Finding[] = [];
  for (const option of view.lookup.options) {
    const { node } = option;
    if (node.parent === view.place) continue;
    const block = blockOf(node);
    if (block === view.place) found.push(conditional(view, option));
    else if (goesBefore(block, view)) found.push(shadow(view, block, option));
  }
  return found;
}

const CLASSES = new Set(["class", "subclass"]);
const CONDITIONS = new Set(["if", "elsif", "else", "switch", "on"]);
/** The scope that a statement is for, under a condition or not. */
const blockOf = (node: Node): Node => ancestors(node).find((a) => !CONDITIONS.has(keyword(a)))!;

function goesBefore(block: Node, { scope, place, configuration }: ScopeView): boolean {
  if (scope.kind === "reservation") return false;
  const within = place !== null && ancestors(block).includes(place);
  const subnet = "subnet" in scope ? scope.subnet : null;
  switch (keyword(block)) {
    case "host":
      return subnet === null || servesIn(block, subnet);
    case "class":
    case "subclass":
      return true;
    case "group":
      return within || [...below(block)].some((n) => keyword(n) === "host");
    case "pool":
      return within || (scope.kind === "subnet" && place !== null && poolsOf(place).includes(block));
    default:
      return within && block !== configuration.root;
  }
}

function conditional({ where }: ScopeView, { node, served }: Option150): Finding {
  return {
    kind: "conditional",
    severity: "warning",
    scope: where,
    value: `${shown(served)} in ${node.file} line ${node.line}`,
    advice:
      "Clients for which the condition holds may be served this. Remove it, or know why it is there: a phone that is a pilot of another wave keeps its own.",
  };
}

function shadow({ managed }: ScopeView, block: Node, { served, node }: Option150): Finding {
  const pilot = node.file.startsWith(managed.path.slice(0, managed.path.lastIndexOf("/") + 1));
  return {
    kind: "shadowed",
    severity: pilot ? "info" : "warning",
    scope: placeText(block),
    value: shown(served),
    advice: pilot
      ? "It is written by a run, for a scope of its own, and goes before this one."
      : "This goes before the scope's own answer: phones there do not see the change. Remove it, or know why it is there: a phone that is a pilot of another wave keeps its own.",
  };
}

const MOST = 100;
function limited(found: Finding[]): Finding[] {
  if (found.length <= MOST) return found;
  const [listed, left] = [found.sort(byText).slice(0, MOST), found.slice(MOST)];
  return [
    ...listed,
    {
      kind: left[0]!.kind,
      severity: "warning",
      scope: "server",
      value: `${left.length} more`,
      advice: "Mend those that are listed; the others show then.",
    },
  ];
}

/** Wherever a client of this scope may get them. */
function leftovers(view: ScopeView): Finding[] {
  const { own, pools, above } = levelsOf(view);
  const reach = new Set([...own, ...pools, ...above]);
  return view.lookup.leftovers.flatMap(({ node, kind, value }): Finding[] => {
    const block = blockOf(node);
    if (!reach.has(block) && !CLASSES.has(keyword(block)) && !goesBefore(block, view)) return [];
    return [
      {
        kind,
        severity: "warning",
        scope: placeText(block),
        value,
        advice:
          "Some phones take this instead of option 150. Remove it, or make sure that it does not lead back to the source cluster.",
      },
    ];
  });
}

/** A scope without an option of its own: what its clients get instead. */
function inheritedValue(view: ScopeView): Finding[] {
  if (view.own.length > 0) return [];
  const found = (block: Node, which = ""): Finding[] => {
    const last = view.lookup.optionsIn.get(block)?.at(-1);
    const from = block === view.configuration.root ? "the global options" : placeText(block);
    return last
      ? [
          {
            kind: "inherited-value",
            severity: "info",
            scope: view.where,
            value: `${shown(last.served)} from ${from}${which}`,
            advice: "This is what the scope's clients are served while it has no option 150 of its own.",
          },
        ]
      : [];
  };
  const first = (blocks: readonly Node[]) => blocks.flatMap((block) => found(block)).slice(0, 1);
  const { own, pools, above } = levelsOf(view);
  const nearest = first(own);
  if (nearest.length > 0) return nearest;
  return [...pools.flatMap((pool) => found(pool, ", for its addresses")), ...first(above)];
}

/** What we may not read, dhcpd may: nothing is known of what it says. */
function unreadFiles({ configuration, managed }: ScopeView): Finding[] {
  return [...configuration.files].flatMap(([path, file]): Finding[] =>
    file.kind === "text" || path === managed.path
      ? []
      : [
          {
            kind: "include-unread",
            severity: "warning",
            scope: "server",
            value: `${path}: ${file.kind === "missing" ? "there is no such file" : file.why}`,
            advice:
              file.kind === "missing"
                ? "dhcpd does not start without it."
                : "An option 150 in it is not seen. Let the account of the run read it, unless it holds keys only.",
          },
        ],
  );
}

/** A run was ended between writing the file and restarting dhcpd, or is at it now. */
export function interrupted({ managed, where }: ScopeView): Finding {
  return {
    kind: "interrupted",
    severity: "warning",
    scope: where,
    value: `a run began to change ${managed.path} and did not end`,
    advice:
      "dhcpd may serve what was there before or after. If no other run is at work, deploy: it takes the half back, and restarts dhcpd with what is declared.",
  };
}
