import { setMaxListeners } from "node:events";
import type { Client, ClientChannel, SFTPWrapper } from "ssh2";
import { DhcpError } from "../backend";
import type { IscDhcpdConfig } from "./config";
import { DeadlineError, withDeadline } from "./deadline";
import type { CommandResult, HostFile, HostSession } from "./session";
import { asDhcpError, openConnection, type SshConnection } from "./ssh-connection";
import { BEAT, BUSY, HELD, LEASE, type Lease, lockCommand } from "./ssh-lock";

const REQUEST_MS = 30_000;
/** A restart of dhcpd reads all leases. */
const COMMAND_MS = 120_000;
const MOST_OUTPUT = 16 * 1024;
/** What OpenSSH gives in one answer. */
const CHUNK = 32 * 1024;
const MODE = 0o644;
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

/** @throws DhcpError */
export async function openSession(
  config: IscDhcpdConfig,
  host: string,
  signal: AbortSignal,
  lease: Lease = LEASE,
): Promise<HostSession> {
  const connection = await openConnection(config, host, signal);
  const session = new SshSession(config, host, connection, lease);
  try {
    await session.start(signal);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

class SshSession implements HostSession {
  private sftp!: SFTPWrapper;
  /** Raised when the connection ends, or the lock: nothing waits for an answer then, and nothing is asked any more. */
  private readonly ended = new AbortController();

  constructor(
    private readonly config: IscDhcpdConfig,
    readonly label: string,
    private readonly connection: SshConnection,
    private readonly lease: Lease,
  ) {
    setMaxListeners(0, this.ended.signal);
    const end = (error: Error) => this.ended.abort(error);
    this.client.on("error", end);
    this.client.on("close", () =>
      end(Object.assign(new Error("The connection was closed"), { code: "ECONNRESET" })),
    );
  }

  private get client(): Client {
    return this.connection.client;
  }

  async start(signal: AbortSignal): Promise<void> {
    try {
      this.sftp = await this.within(REQUEST_MS, signal, () =>
        calling<SFTPWrapper>((done) => this.client.sftp(done)),
      );
    } catch (error) {
      if (error instanceof DhcpError && error.kind !== "answer") throw error;
      throw new DhcpError(
        this.config.name,
        `DHCP server ${this.label} has no SFTP`,
        `The login succeeded, and then: ${(error as Error).message} Turn on the subsystem sftp of its sshd for this account`,
        "refused",
      );
    }
  }

  async read(path: string, limit: number, signal: AbortSignal): Promise<HostFile> {
    try {
      const bytes = await this.within(REQUEST_MS, signal, () => this.bytes(path, limit));
      if (bytes.length > limit) return { kind: "unreadable", why: `it has more than ${limit} bytes` };
      return { kind: "bytes", bytes };
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === NO_SUCH_FILE) return { kind: "missing" };
      if (code === PERMISSION_DENIED)
        return { kind: "unreadable", why: "the account of the run may not read it" };
      throw this.explained(error, `${path} cannot be read`);
    }
  }

  /** No more than `limit` and one byte, whatever the server says of the size. */
  private async bytes(path: string, limit: number): Promise<Buffer> {
    const handle = await calling<Buffer>((done) => this.sftp.open(path, "r", done));
    try {
      const chunks: Buffer[] = [];
      for (let at = 0; at <= limit; ) {
        const chunk = Buffer.alloc(Math.min(CHUNK, limit + 1 - at));
        const count = await calling<number>((done) =>
          this.sftp.read(handle, chunk, 0, chunk.length, at, done),
        );
        if (count === 0) break;
        chunks.push(chunk.subarray(0, count));
        at += count;
      }
      return Buffer.concat(chunks);
    } finally {
      await calling<void>((done) => this.sftp.close(handle, done));
    }
  }

  async create(path: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    await this.asking(signal, `${path} cannot be written`, async () => {
      const handle = await calling<Buffer>((done) => this.sftp.open(path, "wx", { mode: MODE }, done));
      try {
        // OpenSSH takes 256 KiB in one request; ours are smaller, and ssh2 splits what is not.
        await calling<void>((done) => this.sftp.write(handle, bytes, 0, bytes.length, 0, done));
        // The umask of the server may have taken away what dhcpd needs to read it.
        await calling<void>((done) => this.sftp.fchmod(handle, MODE, done));
        await calling<void>((done) => this.sftp.ext_openssh_fsync(handle, done)).catch(() => {});
      } finally {
        await calling<void>((done) => this.sftp.close(handle, done));
      }
    });
  }

  rename(from: string, to: string, signal: AbortSignal): Promise<void> {
    return this.asking(signal, `${from} cannot be renamed to ${to}`, () =>
      calling<void>((done) => this.sftp.ext_openssh_rename(from, to, done)),
    );
  }

  remove(path: string, signal: AbortSignal): Promise<void> {
    return this.asking(signal, `${path} cannot be removed`, () =>
      calling<void>((done) => this.sftp.unlink(path, done)),
    );
  }

  async run(command: string, signal: AbortSignal): Promise<CommandResult> {
    return this.asking(
      signal,
      "a command cannot be run",
      async () => {
        const channel = await calling<ClientChannel>((done) => this.client.exec(command, done));
        channel.end();
        return result(channel);
      },
      COMMAND_MS,
    );
  }

  async lock(path: string, seconds: number, signal: AbortSignal): Promise<boolean> {
    return this.asking(
      signal,
      `${path} cannot be locked`,
      async () => {
        const command = lockCommand(path, seconds, this.lease.holdSeconds);
        const channel = await calling<ClientChannel>((done) => this.client.exec(command, done));
        const held = new Promise<true>((resolve) => {
          let text = "";
          channel.on("data", (data: Buffer) => {
            text = (text + data.toString("latin1")).slice(-100);
            if (text.includes(HELD)) resolve(true);
          });
        });
        const outcome = await Promise.race([held, result(channel)]);
        if (outcome === true) {
          this.keep(channel, path);
          return true;
        }
        if (outcome.status === BUSY) return false;
        throw new DhcpError(
          this.config.name,
          `${path} on DHCP server ${this.label} cannot be locked`,
          outcome.status === 127
            ? "It lacks the command flock (package util-linux) or timeout (coreutils). Nothing was changed"
            : `flock ended with status ${outcome.status}. Does the directory exist, may the account of the run write there, and may it run commands? Nothing was changed`,
          "refused",
        );
      },
      (seconds + 30) * 1000,
    );
  }

  /** The holder has ended before us: it has not heard from us, or somebody has ended it. Nothing is written after that. */
  private keep(channel: ClientChannel, path: string): void {
    const beats = setInterval(() => channel.write(BEAT), this.lease.beatMs).unref();
    channel.on("close", () => clearInterval(beats));
    channel.on("exit", () =>
      this.ended.abort(
        new DhcpError(
          this.config.name,
          `The lock on DHCP server ${this.label} was lost`,
          `The process there that held ${path} has ended: nothing was heard of this run for ${this.lease.holdSeconds} s, or somebody ended it. Another run may be at work: nothing more was written with it`,
          "unreachable",
        ),
      ),
    );
  }

  close(): void {
    this.connection.close();
  }

  private async asking<T>(
    signal: AbortSignal,
    what: string,
    work: () => Promise<T>,
    ms = REQUEST_MS,
  ): Promise<T> {
    try {
      return await this.within(ms, signal, work);
    } catch (error) {
      throw this.explained(error, what);
    }
  }

  /** Ends with the signal, the deadline or the connection; the first two end the connection as well. */
  private async within<T>(ms: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      this.ended.signal.throwIfAborted();
      return await withDeadline(ms, signal, (inner) =>
        Promise.race([work(), raised(inner), raised(this.ended.signal)]),
      );
    } catch (error) {
      if (error instanceof DeadlineError || signal.aborted) this.close();
      throw error;
    }
  }

  private explained(error: unknown, what: string): DhcpError {
    const { code, message } = error as { code?: unknown; message?: string };
    // SFTP's status codes are numbers, everybody else's are words.
    if (typeof code !== "number" && !/unsupported|extension/i.test(message ?? ""))
      return asDhcpError(this.config, this.label, error);
    const advice =
      code === NO_SUCH_FILE
        ? "There is no such directory: make it, and give it to the account of the run"
        : code === PERMISSION_DENIED
          ? "The account of the run needs the right to do it"
          : "Is the file system full or read-only, and is it OpenSSH's SFTP server?";
    return new DhcpError(
      this.config.name,
      `On DHCP server ${this.label} ${what}`,
      `It answered: ${(message ?? "nothing").slice(0, 200)}. ${advice}`,
      "refused",
    );
  }
}

/** A function of ssh2 that calls back. */
function calling<T>(call: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));
}

function raised(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function result(channel: ClientChannel): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    let output = "";
    let status: number | null = null;
    const collect = (data: Buffer) => {
      if (output.length < MOST_OUTPUT) output += data.toString("latin1").slice(0, MOST_OUTPUT);
    };
    channel.on("data", collect);
    channel.stderr.on("data", collect);
    channel.on("exit", (code: number | null) => {
      status = code;
    });
    channel.on("error", reject);
    channel.on("close", () => resolve({ status, output }));
  });
}
