/** A server's whole configuration: the main file and everything that it includes. */
import { posix } from "node:path";
import { decoded } from "../shown-text";
import { parseStatements, type Statement, StatementError, unquoted } from "./statements";

/** A statement where it stands, with what it includes in its place. */
export interface Node {
  readonly words: readonly string[];
  readonly children: readonly Node[] | null;
  readonly parent: Node | null;
  readonly file: string;
  readonly line: number;
  /** In the order in which dhcpd reads: a definition counts only for what comes after it. */
  readonly order: number;
  /** The path, for an `include`. */
  readonly includes: string | null;
}

export interface Configuration {
  /** A node without words that holds the main file. */
  readonly root: Node;
  /** Text of each file, one character a byte; null when there is none, or it could not be read. */
  readonly files: ReadonlyMap<string, FileText>;
}

export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly why: string };

/** Why the configuration is not understood. Names files and lines, never what stands there. */
export class ConfigurationProblem extends Error {
  override readonly name = "ConfigurationProblem";
}

const MOST_FILES = 2000;
const MOST_BYTES = 32 * 1024 * 1024;
const DEEPEST_INCLUDE = 16;
const MOST_NODES = 1_000_000;

/**
 * Reads the main file and its includes; those of one level at the same time.
 *
 * @throws ConfigurationProblem, and whatever `read` throws
 */
export async function loadConfiguration(
  main: string,
  read: (path: string) => Promise<FileText>,
): Promise<Configuration> {
  const files = new Map<string, FileText>();
  const parsed = new Map<string, readonly Statement[]>();
  let bytes = 0;
  let level = [posix.normalize(main)];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_INCLUDE)
      throw new ConfigurationProblem(`${level[0]}: includes more than ${DEEPEST_INCLUDE} deep.`);
    if (files.size + level.length > MOST_FILES)
      throw new ConfigurationProblem(`More than ${MOST_FILES} files are included.`);
    const texts = await Promise.all(level.map(read));
    const next = new Set<string>();
    for (const [i, path] of level.entries()) {
      const file = texts[i]!;
      files.set(path, file);
      if (file.kind !== "text") continue;
      bytes += file.text.length;
      if (bytes > MOST_BYTES)
        throw new ConfigurationProblem(`The files have more than ${MOST_BYTES / 1024 / 1024} MiB.`);
      const statements = parsedFile(path, file.text);
      parsed.set(path, statements);
      for (const included of includesIn(statements)) if (!files.has(included)) next.add(included);
    }
    level = [...next].filter((path) => !files.has(path));
  }
  return assemble(posix.normalize(main), files, parsed);
}

function parsedFile(path: string, text: string): readonly Statement[] {
  try {
    return parseStatements(text);
  } catch (error) {
    if (error instanceof StatementError)
      throw new ConfigurationProblem(`${path} line ${error.line}: ${error.problem}.`);
    throw error;
  }
}

/** Relative paths begin where dhcpd was started: `/` for a service. */
const includedPath = (words: readonly string[]): string | null =>
  words[0]?.toLowerCase() === "include" && words.length === 2
    ? posix.resolve("/", decoded(unquoted(words[1]!)))
    : null;

function* includesIn(statements: readonly Statement[]): Generator<string> {
  for (const { words, block } of statements) {
    const path = includedPath(words);
    if (path !== null) yield path;
    if (block) yield* includesIn(block);
  }
}

function assemble(
  main: string,
  files: ReadonlyMap<string, FileText>,
  parsed: ReadonlyMap<string, readonly Statement[]>,
): Configuration {
  let order = 0;
  const nodes = (
    statements: readonly Statement[],
    file: string,
    parent: Node,
    chain: readonly string[],
  ): Node[] =>
    statements.map(({ words, block, line }) => {
      if (++order > MOST_NODES) throw new ConfigurationProblem(`More than ${MOST_NODES} statements.`);
      const includes = includedPath(words);
      const node: Building = { words, children: null, parent, file, line, order, includes };
      if (block) node.children = nodes(block, file, node, chain);
      if (includes === null) return node;
      if (chain.includes(includes))
        throw new ConfigurationProblem(`${file} line ${line}: ${includes} includes itself.`);
      // Its statements belong to the block in which the include stands.
      node.children = nodes(parsed.get(includes) ?? [], includes, parent, [...chain, includes]);
      return node;
    });
  const root: Building = {
    words: [],
    children: [],
    parent: null,
    file: main,
    line: 1,
    order: 0,
    includes: null,
  };
  root.children = nodes(parsed.get(main) ?? [], main, root, [main]);
  return { root, files };
}

type Building = { -readonly [key in keyof Node]: Node[key] };

/** The statements of a block, those of its includes in their place; an `include` comes before what it includes. */
export function* statementsOf(node: Node): Generator<Node> {
  for (const child of node.children ?? []) {
    yield child;
    if (child.includes !== null) yield* statementsOf(child);
  }
}

/** All statements below, in the order in which dhcpd reads them. */
export function* below(node: Node): Generator<Node> {
  for (const child of node.children ?? []) {
    yield child;
    yield* below(child);
  }
}

/** `subnet`, `host`, ...: what a statement is, in lower case. */
export const keyword = (node: Node): string => node.words[0]?.toLowerCase() ?? "";
