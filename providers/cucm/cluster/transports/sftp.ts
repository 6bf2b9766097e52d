/** The directory that both clusters export to, as we see it. The host key is verified before anything is sent. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuthenticationType, SFTPWrapper } from "ssh2";
import type SftpClient from "ssh2-sftp-client";
import { withDeadline } from "../budget";
import { ClusterError } from "../cluster";
import type { SftpServer } from "../config";
import { asClusterError, type Endpoint, excerpt, failure, messageOf } from "../failure";
import { TooLargeError } from "./http";
import { hostKeyFingerprint, tcp } from "./ssh-shell";

const CONNECT_MS = 30_000;
const REQUEST_MS = 30_000;
/** How long a server may take to end the connection too. */
const GOODBYE_MS = 1000;
/** Far more than an exchange makes: what a server answers is held in memory. */
const MOST_ENTRIES = 2000;
/** Bytes from the server at one question: the library takes whatever comes. */
const ANSWER_LIMIT = 4 * 1024 * 1024;

export interface ExchangeFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds, in whole seconds. */
  readonly modified: number;
}

/** Names are relative to the directory; every method may throw {@link ClusterError}. */
export interface ExchangeDirectory {
  /** Plain files, sorted by name; folders are left out. Names are as the server sent them, with whatever is in them. */
  files(signal: AbortSignal): Promise<readonly ExchangeFile[]>;
  /** The first `most` bytes; null when there is no such file. */
  read(file: string, most: number, signal: AbortSignal): Promise<Buffer | null>;
  write(file: string, text: string, signal: AbortSignal): Promise<void>;
  remove(file: string, signal: AbortSignal): Promise<void>;
  /** Also its parents. */
  makeFolder(folder: string, signal: AbortSignal): Promise<void>;
  rename(from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Bytes that the login may still write there; null where the server does not tell (`statvfs@openssh.com`). */
  freeBytes(signal: AbortSignal): Promise<number | null>;
  close(): Promise<void>;
}

/** @throws ClusterError */
export async function openSftpDirectory(server: SftpServer, signal: AbortSignal): Promise<ExchangeDirectory> {
  const { default: Client } = await import("ssh2-sftp-client");
  const quiet = () => {};
  const client = new Client("sftp", { error: quiet, end: quiet, close: quiet });
  const at: Endpoint = { cluster: server.name, address: server.address, names: [] };
  let identity: ClusterError | null = null;
  try {
    const connection = await withDeadline(CONNECT_MS, signal, async (inner) => {
      const socket = await tcp(server.address, server.port, inner);
      const opened = new Connection(client, socket);
      const login = client.connect({
        sock: socket,
        username: server.credentials.username,
        readyTimeout: 0,
        authHandler: passwordOnce(server),
        hostVerifier: (key: Buffer) => {
          identity = hostKeyProblem(server, at, key);
          return identity === null;
        },
      });
      try {
        opened.sftp = await opened.orAborted(inner, login);
      } catch (error) {
        void opened.end();
        throw error;
      }
      return opened;
    });
    return new SftpDirectory(connection, server, at);
  } catch (error) {
    throw identity ?? refusedLogin(server, at, error) ?? asClusterError(at, service(server), error);
  }
}

/** The library only says goodbye, and waits for the answer for ever: a frozen server gives none. */
class Connection {
  /** Of the login: what the library does not offer itself. */
  sftp: SFTPWrapper | null = null;
  #ended: Promise<void> | null = null;
  #left = 0;
  #over = new AbortController();

  constructor(
    readonly client: SftpClient,
    private readonly socket: Socket,
  ) {
    socket.on("data", (chunk: Buffer) => {
      this.#left -= chunk.length;
      if (this.#left >= 0) return;
      this.#over.abort(new TooLargeError(`more than ${ANSWER_LIMIT} bytes`));
      socket.destroy();
    });
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    // Nothing to wait for while it has not logged in: the library then answers at once.
    const goodbye = this.client.end().catch(() => {});
    await Promise.race([goodbye, sleep(GOODBYE_MS, undefined, { ref: false })]);
    this.socket.destroy();
  }

  /** What is going on ends with the connection, and an answer that is too large ends both. */
  orAborted<T>(given: AbortSignal, work: Promise<T>): Promise<T> {
    this.#left = ANSWER_LIMIT;
    this.#over = new AbortController();
    const signal = AbortSignal.any([given, this.#over.signal]);
    return new Promise((resolve, reject) => {
      const stop = () => {
        void this.end();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
      // Also when it was stopped: what then becomes of the work must not end the process.
      work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
      if (signal.aborted) stop();
    });
  }
}

class SftpDirectory implements ExchangeDirectory {
  constructor(
    private readonly connection: Connection,
    private readonly server: SftpServer,
    private readonly at: Endpoint,
  ) {}

  get #client(): SftpClient {
    return this.connection.client;
  }

  async files(signal: AbortSignal): Promise<readonly ExchangeFile[]> {
    const entries = await this.#do("be listed", "", signal, (path) => this.#client.list(path));
    if (entries.length > MOST_ENTRIES) throw this.#crowded(entries.length);
    return entries
      .filter(({ type }) => type === "-")
      .map(({ name, size, modifyTime }) => ({ name, size, modified: modifyTime }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  read(file: string, most: number, signal: AbortSignal): Promise<Buffer | null> {
    // The types do not know `end`, which is handed on to ssh2.
    const beginning = { readStreamOptions: { flags: "r" as const, end: most - 1 } };
    return this.#do("be read", file, signal, async (path) =>
      (await this.#client.exists(path)) === false
        ? null
        : // Without a destination it comes as a buffer.
          ((await this.#client.get(path, undefined, beginning)) as Buffer),
    );
  }

  async write(file: string, text: string, signal: AbortSignal): Promise<void> {
    await this.#do("be written to", file, signal, (path) => this.#client.put(Buffer.from(text), path));
  }

  async remove(file: string, signal: AbortSignal): Promise<void> {
    await this.#do("be written to", file, signal, (path) => this.#client.delete(path));
  }

  async makeFolder(folder: string, signal: AbortSignal): Promise<void> {
    await this.#do("be written to", folder, signal, async (path) => {
      if ((await this.#client.exists(path)) === false) await this.#client.mkdir(path, true);
    });
  }

  async rename(from: string, to: string, signal: AbortSignal): Promise<void> {
    await this.#do("be written to", from, signal, (path) => this.#client.rename(path, this.#path(to)));
  }

  freeBytes(signal: AbortSignal): Promise<number | null> {
    return this.#do("be looked at", "", signal, (path) => statvfs(this.connection.sftp, path));
  }

  async close(): Promise<void> {
    await this.connection.end();
  }

  async #do<T>(
    what: string,
    name: string,
    signal: AbortSignal,
    work: (path: string) => Promise<T>,
  ): Promise<T> {
    try {
      return await withDeadline(REQUEST_MS, signal, (inner) =>
        this.connection.orAborted(inner, work(this.#path(name))),
      );
    } catch (error) {
      throw this.#explained(what, name, error);
    }
  }

  #path(name: string): string {
    const directory = this.server.directory.replace(/(?<=.)\/+$/, "");
    return name === "" ? directory : `${directory === "/" ? "" : directory}/${name}`;
  }

  #crowded(entries: number): ClusterError {
    const { address, directory } = this.server;
    return failure(
      this.at,
      "refused",
      `Directory ${directory} of SFTP server ${address} has too many files`,
      `It has ${entries} entries, and an exchange has a few: more than ${MOST_ENTRIES} are not looked through. ` +
        "Name a directory for these two clusters alone.",
    );
  }

  #explained(what: string, name: string, error: unknown): ClusterError {
    const { address, directory } = this.server;
    if (error instanceof TooLargeError)
      return failure(
        this.at,
        "answer",
        `SFTP server ${address} answers too much`,
        `${error.message} for ${name === "" ? `the listing of ${directory}` : excerpt(name, 100)}. Give the exchange a directory of its own.`,
      );
    const said = `It answered: ${excerpt(messageOf(error))}.`;
    const advice = ADVICE.find(([reason]) => reason.test(messageOf(error)))?.[1];
    if (!advice) return asClusterError(this.at, service(this.server), error);
    return failure(
      this.at,
      "refused",
      `Directory ${directory} of SFTP server ${address} cannot ${what}`,
      `${name === "" ? "" : `At ${excerpt(name, 100)}. `}${said} ${advice}`,
    );
  }
}

/** Whatever a server says instead of numbers: it does not tell. */
function statvfs(sftp: SFTPWrapper | null, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const told = (error: Error | undefined, found: unknown) => {
      const { f_bavail: blocks, f_frsize: size } = (found ?? {}) as { readonly [field: string]: unknown };
      const bytes = Number(blocks) * Number(size);
      resolve(error || !Number.isFinite(bytes) ? null : bytes);
    };
    try {
      if (sftp === null) resolve(null);
      else sftp.ext_openssh_statvfs(path, told);
    } catch {
      // Not among the extensions that it offers.
      resolve(null);
    }
  });
}

/** By the words of SFTP's status codes, which survive where the library replaces the codes. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /no such (?:file|path|directory)/i,
    "Make the directory, or correct it: a relative one begins where the login begins.",
  ],
  [/permission denied/i, "Give the user of the exchange the right to read and write there."],
  [/failure/i, "Is the file system full or read-only?"],
];

const service = ({ port }: SftpServer) => `SFTP (TCP ${port})`;

type Answered = (answers: string[]) => void;

/** A refused password is not tried a second way: failed logins lock accounts. */
function passwordOnce({ credentials: { username, password } }: SftpServer) {
  let sent = false;
  const choose = (left: readonly AuthenticationType[] | null) => {
    if (left === null) return "none";
    if (sent) return false;
    const way = (["password", "keyboard-interactive"] as const).find((each) => left.includes(each));
    sent = way !== undefined;
    if (way === "password") return { type: way, username, password };
    if (way === undefined) return false;
    const prompt = (_n: string, _i: string, _l: string, prompts: readonly unknown[], finish: Answered) =>
      finish(prompts.map(() => password));
    return { type: way, username, prompt };
  };
  return (left: AuthenticationType[] | null, _partial: boolean | null, next: (choice: never) => void) =>
    // The types know neither `false`, which ends the attempts, nor the objects.
    next(choose(left) as never);
}

function hostKeyProblem(
  { name, address, hostKeys }: SftpServer,
  at: Endpoint,
  key: Buffer,
): ClusterError | null {
  const presented = hostKeyFingerprint(key);
  if (hostKeys.some((pin) => pin.trim().replace(/=+$/, "") === presented)) return null;
  if (hostKeys.length === 0)
    return failure(
      at,
      "identity",
      `The host key of SFTP server ${address} cannot be verified`,
      `None is configured for it, so nothing was sent. It shows ${presented}. Compare that with the server and add to ` +
        `sftp_servers["${name}"]: host_key_sha256 = ["${presented}"] (constructs: hostKeySha256).`,
    );
  return failure(
    at,
    "identity",
    `SFTP server ${address} shows another host key than the configured one`,
    `Nothing was sent to it. It shows ${presented}; accepted by sftp_servers["${name}"].host_key_sha256: ${hostKeys.join(", ")}. ` +
      "If the server was reinstalled, compare the new key on its console and change the setting; otherwise somebody stands in between.",
  );
}

function refusedLogin(
  { name, address, port }: SftpServer,
  at: Endpoint,
  error: unknown,
): ClusterError | null {
  if (error instanceof ClusterError || !/authentication methods failed/i.test(messageOf(error))) return null;
  return failure(
    at,
    "credentials",
    `SFTP (TCP ${port}) of ${address} refuses the credentials`,
    `User name or password of sftp_servers["${name}"] is wrong, the account is locked, or the server takes no password. Nothing was sent to a cluster.`,
  );
}
