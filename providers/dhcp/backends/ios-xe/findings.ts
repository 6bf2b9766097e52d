/**
 * What stands in the way of option 150 reaching the phones of a scope, or beside it. That pools inherit, and what goes
 * before what, is from Cisco's documents; nothing was tried on a device.
 */
import { shown } from "../answer-text";
import { type Finding, sameAnswer, scopeText } from "../backend";
import { byText } from "../findings";
import { MOST_ADDRESSES, UNORDERED } from "./config";
import { answerOf, areAddresses, listsOf } from "./entry";
import type { Pool } from "./pools";
import type { Release } from "./release";
import type { ScopeView } from "./view";

export function findingsOf(view: ScopeView, release: Release, saveConfig: boolean): readonly Finding[] {
  return [
    ...(saveConfig ? [] : [NOT_PERSISTED]),
    ...releaseFindings(release),
    ...ownFindings(view),
    ...shadows(view),
    ...lookup(view),
    ...leftovers(view),
    ...inheritedValue(view),
    ...secondaries(view),
  ].sort(byText);
}

const NOT_PERSISTED: Finding = {
  kind: "not-persisted",
  severity: "warning",
  scope: "server",
  value: "save_config = false",
  advice:
    "A change lives in the running configuration only: a reload brings back what startup says. Save it by hand (write memory), or set save_config to true (it saves all of the running configuration, whoever changed it).",
};

function releaseFindings({ version, leaf }: Release): readonly Finding[] {
  if (leaf === null)
    return [
      {
        kind: "leaf-unknown",
        severity: "error",
        scope: "server",
        value: version === null ? "the device does not tell its version" : `version ${shown([version])}`,
        advice: "Set address_leaf: ip-ordered from 17.15 on, ip-new from 17.3 on, ip before.",
      },
    ];
  if (!UNORDERED.includes(leaf)) return [];
  return [
    {
      kind: "order-not-kept",
      severity: "warning",
      scope: "server",
      value: `addresses go into ${leaf}`,
      advice:
        "The model of this release does not promise to keep their order, and phones ask the first one first. It is read back, and a change that comes out in another order is undone; then set address_leaf to hex-new, which keeps it.",
    },
  ];
}

function ownFindings({ pool: { entry }, where, answer }: ScopeView): readonly Finding[] {
  if (entry === null || answer === "inherited") return [];
  const found: Finding[] = [];
  const add = (kind: Finding["kind"], severity: Finding["severity"], value: string, advice: string) =>
    found.push({ kind, severity, scope: where, value, advice });
  const [first, ...others] = listsOf(entry);
  const other = first && others.find(({ addresses }) => !sameAnswer(addresses, first.addresses));
  if (first && other)
    add(
      "duplicate",
      "warning",
      `${first.leaf}: ${shown(first.addresses)} and ${other.leaf}: ${shown(other.addresses)}`,
      "Two leaves of one option say different things; the first is taken to be served. A change writes one of them.",
    );
  const twice = answer.find((a, i) => answer.indexOf(a) !== i);
  if (twice !== undefined) add("duplicate", "warning", `${twice} twice`, "Keep one of them.");
  if (answer.length === 0)
    add(
      "empty",
      "warning",
      shown([]),
      "The option is there, but has no value. Remove it, or give it addresses.",
    );
  if (answer.length > MOST_ADDRESSES)
    add(
      "too-many-addresses",
      "warning",
      `${answer.length} addresses`,
      `IOS takes ${MOST_ADDRESSES}, and phones ask the first two.`,
    );
  if (!areAddresses(answer)) {
    const text = answer.some((a) => /^(?:ascii|hex) /.test(a));
    add(
      text ? "not-addresses" : "host-name",
      "warning",
      shown(answer),
      text
        ? "Phones expect addresses, four bytes each: write it as `option 150 ip`. A change does so."
        : "Phones expect addresses. What IOS makes of a name is not known: write the address.",
    );
  }
  return found;
}

const poolName = ({ id }: Pool): string => `pool ${id}`;

/** What goes before the scope's own answer, for some of its clients. */
function shadows({ pool, below, where, scope }: ScopeView): readonly Finding[] {
  // A host pool has no address range that a class could be about.
  const classes = scope.kind === "reservation" ? [] : pool.classes;
  return [
    ...classes.map(({ name, option }) => shadow(`${where} class ${name}`, shown(textsOf(option)))),
    ...below.flatMap((other) => [
      ...(other.entry === null ? [] : [shadow(placeText(other), shown(textsOf(other.entry)))]),
      ...other.classes.map(({ name, option }) =>
        shadow(`${placeText(other)} class ${name}`, shown(textsOf(option))),
      ),
    ]),
  ];
}

const shadow = (scope: string, value: string): Finding => ({
  kind: "shadowed",
  severity: "warning",
  scope,
  value,
  advice:
    "This goes before the scope's own answer: phones there do not see the change. Remove it, or know why it is there: a phone that is a pilot of another wave keeps its own.",
});

function textsOf(entry: NonNullable<Pool["entry"]>): readonly string[] {
  const answer = answerOf(entry);
  return answer === "inherited" ? [] : answer;
}

const placeText = (pool: Pool): string =>
  `${poolName(pool)} (${pool.network === null ? `host ${pool.host}` : scopeText({ kind: "subnet", subnet: pool.network })})`;

/** Phones send option 61. */
function lookup({ scope, pool, where }: ScopeView): readonly Finding[] {
  if (scope.kind !== "reservation" || pool.client?.by !== "hardware-address") return [];
  return [
    {
      kind: "identifier-off",
      severity: "warning",
      scope: where,
      value: `${poolName(pool)} has hardware-address`,
      advice:
        "Phones send a client identifier, and IOS looks for that: write `client-identifier`, 01 and the MAC address, or make sure that the phone gets the address of this pool.",
    },
  ];
}

/** Other ways to tell a phone its TFTP server. Which of them wins differs between models. */
function leftovers({ pool, above }: ScopeView): readonly Finding[] {
  return [pool, ...above].flatMap((each) => {
    const found: Finding[] = [];
    const add = (kind: Finding["kind"], value: string) =>
      found.push({
        kind,
        severity: "warning",
        scope: placeText(each),
        value: value.slice(0, 200),
        advice:
          "Some phones take this instead of option 150. Remove it, or make sure that it does not lead back to the source cluster.",
      });
    if (each.option66) add("option-66", shown(textsOf(each.option66)));
    if (each.nextServers.length > 0) add("next-server", shown(each.nextServers));
    if (each.bootfile !== null) add("bootfile", shown([each.bootfile]));
    return found;
  });
}

/** A scope without an option of its own: what its clients get instead. */
function inheritedValue({ pool, above, where }: ScopeView): readonly Finding[] {
  if (pool.entry !== null) return [];
  const from = above.find(({ entry }) => entry !== null);
  if (!from) return [];
  return [
    {
      kind: "inherited-value",
      severity: "info",
      scope: where,
      value: `${shown(textsOf(from.entry!))} from ${placeText(from)}`,
      advice: "This is what the scope's clients are served while it has no option 150 of its own.",
    },
  ];
}

function secondaries({ pool, where }: ScopeView): readonly Finding[] {
  if (pool.secondary.length === 0) return [];
  return [
    {
      kind: "secondary-networks",
      severity: "info",
      scope: where,
      value: pool.secondary.join(", "),
      advice: `${poolName(pool)} serves these as well, and their phones move with this scope.`,
    },
  ];
}
