/** One server's change: files replaced, tested, dhcpd restarted, and the way back when anything fails. */
import { DhcpError, type DhcpErrorKind } from "../backend";
import { NEVER } from "../never";
import { changedBySomebody } from "../rival";
import type { FileText } from "./configuration";
import type { Pending } from "./pending";
import type { DhcpdServer } from "./server";

export interface FileEdit {
  readonly path: string;
  readonly before: FileText;
  readonly after: string;
  /** The scope that it is for, as sentences name it. */
  readonly where: string;
}

/** What became of an undo that put everything back. */
export interface Undone {
  /** To be said of it; empty when there was nothing to undo. */
  readonly said: string;
  /** Whether a part of the change may be tried again: not when dhcpd's configuration was broken before. */
  readonly well: boolean;
}

export class ServerChange {
  /** In the order in which they were replaced. */
  private readonly replaced: FileEdit[] = [];
  private marked = false;
  private restarted: boolean;

  /** @param interrupted dhcpd may run with something else than its files: it is restarted, whatever becomes of this */
  constructor(
    private readonly server: DhcpdServer,
    private readonly edits: readonly FileEdit[],
    private readonly interrupted: Pending | null,
    /** A new login, when the old one is lost. */
    private readonly again: () => Promise<DhcpdServer>,
  ) {
    this.restarted = interrupted !== null;
    this.marked = interrupted !== null;
  }

  get label(): string {
    return this.server.label;
  }

  /** @throws DhcpError; what was replaced until then is for `undo` */
  async stage(signal: AbortSignal): Promise<void> {
    const files = this.edits.map(({ path, before, after }) => ({
      path,
      before: before.kind === "text" ? before.text : null,
      after,
    }));
    this.marked = true;
    // Until dhcpd is restarted, it may run with what an earlier run has left.
    await this.server.setPending({ files: [...files, ...(this.interrupted?.files ?? [])] }, signal);
    for (const edit of this.edits) {
      const check = async () => {
        if (!sameText(await this.server.text(edit.path, signal), edit.before)) throw this.rival(edit);
      };
      await this.server.replace(edit.path, edit.after, check, signal);
      this.replaced.push(edit);
    }
    const refused = await this.server.test(this.edits.map(({ path }) => path));
    if (refused !== null)
      throw this.server.error(
        `dhcpd of ${this.label} refuses its configuration${this.wheres()}`,
        `${refused}. dhcpd was not restarted.`,
        "refused",
      );
  }

  /** @throws DhcpError */
  async activate(): Promise<void> {
    this.restarted = true;
    const stopped = await this.server.restart(true);
    if (stopped === null) return;
    throw this.server.error(
      `dhcpd of ${this.label} did not come back${this.wheres()}`,
      `${stopped}.`,
      // dhcpd has taken the configuration in its test: no part of it would do better, and each try is an outage.
      "broken",
    );
  }

  /** dhcpd runs with the files as they are. */
  finish(): Promise<void> {
    return this.server.clearPending();
  }

  /** Paths of the files that are no longer as they were written. */
  async lost(): Promise<readonly string[]> {
    const texts = await Promise.all(this.edits.map(({ path }) => this.server.text(path, NEVER)));
    return this.edits
      .filter(({ after }, i) => !sameText(texts[i]!, { kind: "text", text: after }))
      .map(({ path }) => path);
  }

  /**
   * Puts back what was there.
   *
   * @throws DhcpError of kind "broken" that says what was left, when that failed too
   */
  async undo(failure: Error): Promise<Undone> {
    if (!this.marked) return { said: "", well: true };
    try {
      return await this.putBack(this.server);
    } catch (first) {
      // What the server itself refuses, it refuses after another login as well: that restart would be for nothing.
      if (first instanceof DhcpError && OF_THE_SERVER.includes(first.kind))
        throw this.leftOver(failure, first);
      try {
        // The connection may be what failed.
        const server = await this.again();
        return await this.putBack(server).finally(() => server.close());
      } catch {
        throw this.leftOver(failure, first as Error);
      }
    }
  }

  private async putBack(server: DhcpdServer): Promise<Undone> {
    const touched = this.replaced.length > 0 || this.restarted;
    for (let edit = this.replaced.at(-1); edit; edit = this.replaced.at(-1)) {
      const now = await server.text(edit.path, NEVER);
      if (!sameText(now, edit.before)) {
        if (now.kind !== "text" || now.text !== edit.after) throw this.rival(edit);
        await this.putBackFile(server, edit);
      }
      this.replaced.pop();
    }
    const undone = touched ? await this.runAsBefore(server) : { said: "", well: true };
    if ((await server.pending(NEVER)) !== null) await server.clearPending();
    return undone;
  }

  private async runAsBefore(server: DhcpdServer): Promise<Undone> {
    const refused = await server.test([]);
    if (refused !== null && this.restarted)
      throw server.error("dhcpd refuses its configuration without this change, too", `${refused}.`, "broken");
    if (refused !== null)
      return {
        said: `The old content was put back. dhcpd refuses its configuration without this change, too (${refused}): mend that first, it would not survive a restart.`,
        well: false,
      };
    if (!this.restarted) return { said: "The old content was put back.", well: true };
    const stopped = await server.restart(false);
    if (stopped !== null) throw server.error("dhcpd did not come back", `${stopped}.`, "broken");
    this.restarted = false;
    return { said: "The old content was put back, and dhcpd runs with it.", well: true };
  }

  private async putBackFile(server: DhcpdServer, { path, before }: FileEdit): Promise<void> {
    if (before.kind !== "text") return server.remove(path);
    await server.replace(path, before.text, async () => {}, NEVER);
  }

  private leftOver(failure: Error, cause: Error): DhcpError {
    const files = this.replaced.map(({ path }) => path).join(" and ");
    return this.server.error(
      `DHCP server ${this.label} was left in between`,
      `${failure.message} Then the undo failed: ${cause.message} ${
        files === "" ? "The files are as they were." : `Look at ${files}: it has the new content.`
      } ${this.restarted ? "dhcpd may be down: look at its status, test its configuration and start it." : "dhcpd was not restarted, and still serves what it did."}`,
      "broken",
    );
  }

  private rival({ path, where }: FileEdit): DhcpError {
    return changedBySomebody(
      this.server.config.name,
      where,
      `${path} of ${this.label} has another content than a moment ago. It was not overwritten: plan again`,
    );
  }

  private wheres(): string {
    const wheres = [...new Set(this.edits.map(({ where }) => where))];
    if (wheres.length === 0) return "";
    return ` with option 150 of ${wheres.length > 3 ? `${wheres.length} scopes` : wheres.join(", ")}`;
  }
}

/** Not of the connection to it. */
const OF_THE_SERVER: readonly DhcpErrorKind[] = ["refused", "broken", "rival"];

const sameText = (a: FileText, b: FileText) =>
  a.kind === "text" && b.kind === "text" ? a.text === b.text : a.kind === b.kind && a.kind === "missing";
