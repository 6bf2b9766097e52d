/** Log files that a command line names: files, folders, patterns, `-` for standard input; compressed or not. */
import { closeSync, createReadStream, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { CommandError } from "./command-error";

export const STDIN = "-";
/** More would not stay in the processor's cache, nor in V8's space for what is soon forgotten. */
const CHUNK = 64 * 1024;

/** By their names, what lies beside logs and is none: keys, certificates, trust lists, signed files, captures. */
const NO_LOG =
  /(?:^id_(?:rsa|dsa|ecdsa|ed25519)|^\.?env(?:\.sh)?|\.(?:key|pem|crt|cer|der|csr|p7b|p12|pfx|jks|tlv|sgn|enc|pid|pcap|pcapng))(?:\.gz)?$/i;

export interface LogFiles {
  /** Oldest first within a folder or a pattern, since programs that rotate logs rename them. */
  readonly read: readonly string[];
  /** Those of them that the command line names, rather than a folder or a pattern. */
  readonly named: ReadonlySet<string>;
  /** In folders and patterns, what is no log by its name. */
  readonly unread: readonly string[];
}

/** @throws CommandError when there is none */
export function logFiles(given: readonly string[], option: string): LogFiles {
  const named = new Set<string>();
  const files = given.flatMap((one) => {
    if (one === STDIN || (existsSync(one) && !isFolder(one))) {
      named.add(one);
      return [one];
    }
    if (existsSync(one)) return oldestFirst(below(one));
    const found = oldestFirst(matching(one).flatMap((path) => (isFolder(path) ? below(path) : [path])));
    if (found.length > 0) return found;
    const what = /[*?]/.test(one) ? `No file is named like ${one}` : `There is no file or folder ${one}`;
    throw new CommandError(`${what} (${option}). Name what is there; a pattern belongs in quotes.`, 2);
  });
  const all = [...new Set(files)];
  const isRead = (path: string) => named.has(path) || !NO_LOG.test(basename(path));
  const read = all.filter(isRead);
  const unread = all.filter((path) => !isRead(path));
  if (given.length > 0 && read.length === 0)
    throw new CommandError(
      unread.length === 0
        ? `There is no file in ${given.join(", ")} (${option}). Name the folder that has the logs.`
        : `There is no log in ${given.join(", ")} (${option}): by their names the files are keys, certificates or lists, such as ${unread[0]}. Name a file itself to have it read.`,
      2,
    );
  return { read, named, unread };
}

const isFolder = (path: string) => statSync(path).isDirectory();

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return below(path);
    return entry.isFile() || (entry.isSymbolicLink() && existsSync(path) && statSync(path).isFile())
      ? [path]
      : [];
  });
}

function oldestFirst(paths: readonly string[]): string[] {
  const names = new Intl.Collator("en", { numeric: true });
  return paths
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .sort((a, b) => a.at - b.at || names.compare(a.path, b.path))
    .map(({ path }) => path);
}

/** `*` and `?` within one part of a path, as a shell does; for patterns in quotes. */
function matching(pattern: string): string[] {
  const parts = pattern.split("/");
  const first = parts[0] === "" ? "/" : ".";
  return parts
    .filter((part) => part !== "")
    .reduce<string[]>(
      (folders, part) => {
        if (!/[*?]/.test(part)) return folders.map((one) => join(one, part)).filter((one) => existsSync(one));
        const like = new RegExp(
          `^${part
            .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
            .replaceAll("*", ".*")
            .replaceAll("?", ".")}$`,
        );
        return folders.filter(isFolder).flatMap((one) =>
          readdirSync(one)
            .filter((name) => like.test(name) && (!name.startsWith(".") || part.startsWith(".")))
            .map((name) => join(one, name)),
        );
      },
      [first],
    );
}

/** For people. */
export const nameOf = (path: string) => (path === STDIN ? "standard input" : path);

/** The phone by the name of the file or of its folder. */
export function deviceOf(path: string): string | null {
  const named = [basename(path), basename(dirname(path))].map((name) => /SEP[0-9A-F]{12}/i.exec(name)?.[0]);
  return (named[0] ?? named[1])?.toUpperCase() ?? null;
}

/**
 * Gives the whole of a log in chunks, which may be overwritten when `take` has returned.
 * @throws CommandError when it cannot be read, or not to its end
 */
export async function readLog(path: string, take: (chunk: Buffer) => void): Promise<void> {
  const name = nameOf(path);
  try {
    const chunks = path === STDIN ? (process.stdin as AsyncIterable<Buffer>) : chunksOf(path);
    await unpacked(name, chunks, take);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${name} ${reasonOf(error)}`);
  }
}

/** Files are read at once: to wait for each chunk costs more than to read it. What is none (a pipe) is waited for. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  if (!statSync(path).isFile()) {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
    return;
  }
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
      yield buffer.subarray(0, count);
  } finally {
    closeSync(file);
  }
}

/** Compressed data tells itself by its first bytes. */
async function unpacked(
  name: string,
  chunks: AsyncIterable<Buffer>,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const all = chunks[Symbol.asyncIterator]();
  try {
    const first = await all.next();
    if (first.done) return;
    const [a, b] = first.value;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
      throw new CommandError(`${name} is text in UTF-16, which no log of phone or TVS is. Save it as UTF-8.`);
    const isPacked = a === 0x1f && b === 0x8b;
    if (isPacked)
      await pipeline(
        Readable.from(from(first.value, all)),
        createGunzip(),
        async (plain: AsyncIterable<Buffer>) => {
          for await (const chunk of plain) take(chunk);
        },
      );
    else for (let next: IteratorResult<Buffer> = first; !next.done; next = await all.next()) take(next.value);
  } finally {
    await all.return?.();
  }
}

/** Copies: whoever unpacks still has them when the next one is read. */
async function* from(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next: IteratorResult<Buffer> = { value: first }; !next.done; next = await rest.next())
    yield Buffer.from(next.value);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR")
    return "ends in the middle of its compressed data: it is truncated. Fetch it again.";
  if (code?.startsWith("Z_")) return `is compressed and damaged (${message}). Fetch it again.`;
  return `cannot be read: ${message}.`;
}
