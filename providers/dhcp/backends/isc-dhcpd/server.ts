/** One machine that runs dhcpd: its configuration, and the three commands. */
import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DhcpError, type DhcpErrorKind } from "../backend";
import { NEVER } from "../never";
import type { IscDhcpdConfig } from "./config";
import { type Configuration, ConfigurationProblem, type FileText, loadConfiguration } from "./configuration";
import { explainCommand } from "./explain-command";
import type { Pace } from "./pace";
import { PENDING_FILE, type Pending, parsePending, pendingText } from "./pending";
import type { CommandResult, HostSession } from "./session";
import { holderIn } from "./ssh-lock";

/** Of one file. */
const MOST_BYTES = 8 * 1024 * 1024;
/** In the include directory. */
export const LOCK_FILE = ".lock";
/** Longer than the lock of a run that is lost lasts. */
const LOCK_SECONDS = 60;
/** OpenSSH's sftp-server works one request after the other: more only fills its queue. */
const READS_AT_ONCE = 16;

export class DhcpdServer {
  constructor(
    readonly config: IscDhcpdConfig,
    readonly session: HostSession,
    private readonly pace: Pace,
  ) {}

  get label(): string {
    return this.session.label;
  }

  /** @throws DhcpError */
  async configuration(signal: AbortSignal): Promise<Configuration> {
    const { configFile } = this.config;
    const gate = limiter(READS_AT_ONCE);
    const read = (path: string) => gate(() => this.text(path, signal));
    const main = await read(configFile);
    if (main.kind !== "text")
      throw this.error(
        `${configFile} of DHCP server ${this.label} cannot be read`,
        main.kind === "missing"
          ? "There is no such file: name it as config_file"
          : `${main.why}. It needs no other right there than to read`,
        "refused",
      );
    try {
      return await loadConfiguration(configFile, async (path) =>
        path === posix.normalize(configFile) ? main : read(path),
      );
    } catch (error) {
      if (!(error instanceof ConfigurationProblem)) throw error;
      throw this.error(
        `The configuration of DHCP server ${this.label} is not understood`,
        `${error.message} Does dhcpd take it (${this.config.testCommand})?`,
        "answer",
      );
    }
  }

  /** What a run that was ended has left. */
  async pending(signal: AbortSignal): Promise<Pending | null> {
    const file = await this.text(this.pendingPath, signal);
    if (file.kind === "missing") return null;
    const { files } = file.kind === "text" ? parsePending(file.text) : { files: [] };
    // Only what a run would have written.
    return { files: files.filter(({ path }) => posix.dirname(path) === this.config.includeDirectory) };
  }

  async setPending(pending: Pending, signal: AbortSignal): Promise<void> {
    await this.replace(this.pendingPath, pendingText(pending), async () => {}, signal);
  }

  clearPending(): Promise<void> {
    return this.session.remove(this.pendingPath, NEVER);
  }

  private get pendingPath(): string {
    return posix.join(this.config.includeDirectory, PENDING_FILE);
  }

  /** One character a byte. */
  async text(path: string, signal: AbortSignal): Promise<FileText> {
    const file = await this.session.read(path, MOST_BYTES, signal);
    return file.kind === "bytes" ? { kind: "text", text: file.bytes.toString("latin1") } : file;
  }

  /** One writer at a time, of all machines that run this. */
  async lock(signal: AbortSignal): Promise<void> {
    const path = posix.join(this.config.includeDirectory, LOCK_FILE);
    if (await this.session.lock(path, LOCK_SECONDS, signal)) return;
    const file = await this.text(path, signal);
    const holder = file.kind === "text" ? holderIn(file.text) : null;
    throw this.error(
      `DHCP server ${this.label} is being changed by another run`,
      `${path} is locked there, and was for ${LOCK_SECONDS} s${
        holder ? `, by process ${holder.process} for a run on ${holder.address}` : ""
      }. Nothing was changed: deploy again when that run has ended. The lock of a run that is lost ends by itself in less than a minute; to end it at once: ${
        holder ? `kill ${holder.process}` : `fuser -k ${path}`
      } on ${this.label}. To remove the file frees nothing`,
      "timeout",
    );
  }

  /** Puts `text` in the place of the file in one step. @param check called when all but the last step is done */
  async replace(path: string, text: string, check: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const temporary = `${path}.tmp.${randomBytes(6).toString("hex")}`;
    try {
      await this.session.create(temporary, Buffer.from(text, "latin1"), signal);
      await check();
      await this.session.rename(temporary, path, signal);
    } catch (error) {
      await this.session.remove(temporary, NEVER).catch(() => {});
      throw error;
    }
  }

  remove(path: string): Promise<void> {
    return this.session.remove(path, NEVER);
  }

  close(): void {
    this.session.close();
  }

  /** @returns null when dhcpd takes its configuration, otherwise what it says of it */
  test(managed: readonly string[]): Promise<string | null> {
    return this.command(this.config.testCommand, managed);
  }

  /**
   * @param wait with what else was restarted lately; an undo does not
   * @returns null when dhcpd runs, otherwise why not
   */
  async restart(wait: boolean): Promise<string | null> {
    if (wait) await this.pace.room();
    this.pace.started();
    return (await this.command(this.config.restartCommand, [])) ?? this.down();
  }

  /**
   * Asks twice: a unit of Type=simple is active as soon as it is started, and dhcpd may end after that.
   *
   * @returns null when dhcpd runs, otherwise why not
   */
  async down(): Promise<string | null> {
    const { statusCommand, settleMs } = this.config;
    const atOnce = await this.command(statusCommand, []);
    if (atOnce !== null) return atOnce;
    await sleep(settleMs);
    const later = await this.command(statusCommand, []);
    return later === null ? null : `it ran at first, and then ended: ${later}`;
  }

  private async command(command: string, managed: readonly string[]): Promise<string | null> {
    const result: CommandResult = await this.session.run(command, NEVER);
    return result.status === 0 ? null : `${command}: ${explainCommand(result, managed)}`;
  }

  error(summary: string, detail: string, kind: DhcpErrorKind): DhcpError {
    return new DhcpError(this.config.name, summary, detail, kind);
  }
}

function limiter(limit: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
