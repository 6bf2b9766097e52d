import { posix } from "node:path";
import { type Answer, type Scope, scopeText } from "../backend";
import type { Configuration, FileText, Node } from "./configuration";
import { type Lookup, lookupIn } from "./lookup";
import { fileNameOf, hostFileName, type Keeping, ownFile, PILOTS_FILE, pilotHost } from "./managed-file";
import { type Definition, type Option150, option150In } from "./option-150";
import { nameOf, poolsOf, rangesOf, servesIn } from "./places";

/** One scope of a server's configuration, seen for its option 150. */
export interface ScopeView {
  readonly scope: Scope;
  /** As sentences name it. */
  readonly where: string;
  readonly configuration: Configuration;
  readonly lookup: Lookup;
  /** The definition that counts where we write; null when there is none before. */
  readonly definition: Definition | null;
  /** The scope's own block; for a phone without one, null. */
  readonly place: Node | null;
  /** Its own statements in their order: the last is served. */
  readonly own: readonly Option150[];
  readonly answer: Answer;
  readonly managed: ManagedFile;
}

export interface ManagedFile {
  readonly path: string;
  readonly keeping: Keeping;
  /** The last include of it where it has to be. */
  readonly include: Node | null;
  /** Where an include is missing, in words. */
  readonly notIncludedIn: readonly string[];
  readonly file: FileText;
}

/** @returns null when the server has no such scope. */
export function viewScope(
  configuration: Configuration,
  scope: Scope,
  includeDirectory: string,
): ScopeView | null {
  const lookup = lookupIn(configuration);
  const home = homeOf(configuration, lookup, scope, includeDirectory);
  if (!home) return null;
  const { place, places, path, keeping } = home;
  const included = lookup.includes.get(path) ?? [];
  const includes = places.map(
    ({ node }) => included.findLast(({ parent }) => node === null || parent === node) ?? null,
  );
  const include = includes.find((node) => node !== null) ?? null;
  const own = (place && lookup.optionsIn.get(place)) ?? [];
  return {
    scope,
    where: scopeText(scope),
    configuration,
    lookup,
    definition: lookup.definitions.findLast((d) => !include || d.order < include.order) ?? null,
    place,
    own,
    answer: own.at(-1)?.served ?? "inherited",
    managed: {
      path,
      keeping,
      include,
      notIncludedIn: places.filter((_, i) => includes[i] === null).map(({ text }) => text),
      file: configuration.files.get(path) ?? { kind: "missing" },
    },
  };
}

/** What the scope would answer with another text of its managed file. */
export function answerWith({ own, managed, lookup }: ScopeView, text: string): Answer {
  const { include, path, keeping } = managed;
  if (!include) return own.at(-1)?.served ?? "inherited";
  const after = own.findLast(({ node }) => node.file !== path && node.order > include.order);
  const inside = keeping
    .options(text)
    .flatMap((words) => option150In({ ...include, words, children: null }, lookup.definitions) ?? []);
  const before = own.findLast(({ node }) => node.file !== path && node.order < include.order);
  return (after ?? inside.at(-1) ?? before)?.served ?? "inherited";
}

interface Home {
  readonly place: Node | null;
  /** Where the managed file has to be included; null: anywhere. */
  readonly places: readonly { readonly node: Node | null; readonly text: string }[];
  readonly path: string;
  readonly keeping: Keeping;
}

function homeOf({ root }: Configuration, lookup: Lookup, scope: Scope, directory: string): Home | null {
  if (scope.kind === "reservation") return homeOfPhone(root, lookup, scope, directory);
  const place = placeOf(root, lookup, scope);
  if (!place) return null;
  const text =
    place === root ? outside(root) : `${place.file} line ${place.line}, in the block of ${scopeText(scope)}`;
  return {
    place,
    places: [{ node: place, text }],
    path: posix.join(directory, fileNameOf(scope)),
    keeping: ownFile,
  };
}

const outside = ({ file }: Node) => `${file}, outside of every block and after the definition of the option`;

function placeOf(
  root: Node,
  { subnets, networks }: Lookup,
  scope: Exclude<Scope, { kind: "reservation" }>,
): Node | null {
  switch (scope.kind) {
    case "global":
      return root;
    case "shared-network":
      return networks.get(scope.network) ?? null;
    case "subnet":
      return subnets.get(scope.subnet) ?? null;
    case "pool": {
      const subnet = subnets.get(scope.subnet);
      return (subnet && poolsOf(subnet).find((pool) => rangesOf(pool).includes(scope.pool))) ?? null;
    }
  }
}

/** Host declarations that somebody else wrote take an include; a phone without one gets a declaration of ours. */
function homeOfPhone(
  root: Node,
  lookup: Lookup,
  { mac, subnet }: Extract<Scope, { kind: "reservation" }>,
  directory: string,
): Home | null {
  if (!lookup.subnets.has(subnet)) return null;
  const pilots = posix.join(directory, PILOTS_FILE);
  const hosts = (lookup.hosts.get(mac) ?? []).filter((host) => servesIn(host, subnet));
  const theirs = hosts.filter(({ file }) => file !== pilots);
  if (theirs.length > 0)
    return {
      place: theirs[0]!,
      places: theirs.map((node) => ({
        node,
        text: `${node.file} line ${node.line}, in the declaration of host ${nameOf(node)}`,
      })),
      path: posix.join(directory, hostFileName(mac)),
      keeping: ownFile,
    };
  return {
    place: hosts.at(-1) ?? null,
    places: [{ node: null, text: outside(root) }],
    path: pilots,
    keeping: pilotHost(mac),
  };
}
