import { posix } from "node:path";
import { type Answer, type Scope, scopeText } from "../backend";
import { below, type Configuration, type FileText, type Node, statementsOf } from "./configuration";
import { fileNameOf, hostFileName, type Keeping, ownFile, PILOTS_FILE, pilotHost } from "./managed-file";
import { type Definition, definitionsOf, type Option150, option150In } from "./option-150";
import { findNetwork, findSubnet, hostsOf, poolsOf, rangesOf } from "./places";

/** One scope of a server's configuration, seen for its option 150. */
export interface ScopeView {
  readonly scope: Scope;
  /** As sentences name it. */
  readonly where: string;
  readonly configuration: Configuration;
  readonly definitions: readonly Definition[];
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
  /** The first include of it where it has to be. */
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
  const home = homeOf(configuration, scope, includeDirectory);
  if (!home) return null;
  const { place, places, path, keeping } = home;
  const definitions = definitionsOf(configuration);
  const includes = places.map(
    ({ node, deep }) =>
      [...(deep ? below(node) : statementsOf(node))].find((n) => n.includes === path) ?? null,
  );
  const include = includes.find((node) => node !== null) ?? null;
  const own = place ? [...statementsOf(place)].flatMap((node) => option150In(node, definitions) ?? []) : [];
  return {
    scope,
    where: scopeText(scope),
    configuration,
    definitions,
    definition: definitions.findLast((d) => !include || d.order < include.order) ?? null,
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

interface Home {
  readonly place: Node | null;
  /** Where the managed file has to be included; `deep`: anywhere below. */
  readonly places: readonly { readonly node: Node; readonly text: string; readonly deep?: true }[];
  readonly path: string;
  readonly keeping: Keeping;
}

function homeOf(configuration: Configuration, scope: Scope, directory: string): Home | null {
  const { root } = configuration;
  if (scope.kind === "reservation") return homeOfPhone(root, scope, directory);
  const place = placeOf(root, scope);
  if (!place) return null;
  const text =
    place === root
      ? `${root.file}, outside of every block and after the definition of the option`
      : `${place.file} line ${place.line}, in the block of ${scopeText(scope)}`;
  return {
    place,
    places: [{ node: place, text }],
    path: posix.join(directory, fileNameOf(scope)),
    keeping: ownFile,
  };
}

function placeOf(root: Node, scope: Exclude<Scope, { kind: "reservation" }>): Node | null {
  switch (scope.kind) {
    case "global":
      return root;
    case "shared-network":
      return findNetwork(root, scope.network);
    case "subnet":
      return findSubnet(root, scope.subnet);
    case "pool": {
      const subnet = findSubnet(root, scope.subnet);
      return (subnet && poolsOf(subnet).find((pool) => rangesOf(pool).includes(scope.pool))) ?? null;
    }
  }
}

/** Host declarations that somebody else wrote take an include; a phone without one gets a declaration of ours. */
function homeOfPhone(
  root: Node,
  { mac, subnet }: Extract<Scope, { kind: "reservation" }>,
  directory: string,
): Home | null {
  if (!findSubnet(root, subnet)) return null;
  const pilots = posix.join(directory, PILOTS_FILE);
  const hosts = hostsOf(root, mac, subnet);
  const theirs = hosts.filter(({ file }) => file !== pilots);
  if (theirs.length > 0)
    return {
      place: theirs[0]!,
      places: theirs.map((node) => ({
        node,
        text: `${node.file} line ${node.line}, in the declaration of host ${node.words[1]}`,
      })),
      path: posix.join(directory, hostFileName(mac)),
      keeping: ownFile,
    };
  return {
    place: hosts.at(-1) ?? null,
    places: [
      {
        node: root,
        text: `${root.file}, outside of every block and after the definition of the option`,
        deep: true,
      },
    ],
    path: pilots,
    keeping: pilotHost(mac),
  };
}
