import { DhcpError, sameAnswer, scopeText } from "../backend";
import { NEVER } from "../never";
import { isAsSent, scopesAsSent } from "./as-sent";
import { type KeaAnswer, refusal } from "./command";
import { type DeltaCommand, deltasBetween, hasDeltas } from "./delta";
import { KeaDocument } from "./document";
import { editAll, type Wish, type Wished } from "./edit";
import { Patch } from "./json-edit";
import { member, stringOf } from "./json-text";
import { originalOf, type Rules, viewScope } from "./scope-view";
import { type KeaServer, type Snapshot, sameDocument } from "./server";

/**
 * One server's change of some scopes: test, re-check, write, read back, and the way back when anything fails. Where
 * the server has commands for single options and reservations these are sent, otherwise the whole document.
 *
 * Nothing of a configuration gets into an error: it holds passwords.
 */
export class ServerChange {
  /** Sentences. Set when somebody's configuration was replaced by ours, and is lost, whatever comes after. */
  overwrote: string | null = null;
  /** When the server had been configured, just before the last check. */
  private witness: readonly string[] | null = null;

  private constructor(
    private readonly server: KeaServer,
    private readonly before: Snapshot,
    private readonly wishes: readonly Wish[],
    private readonly rules: Rules,
    private readonly next: KeaDocument,
    /** Empty: the server has no commands for this. */
    private readonly known: ReadonlySet<string>,
    private deltas: readonly DeltaCommand[] | null,
    private readonly progress: (line: string) => void,
  ) {}

  /** @returns null when the server answers all of it already. */
  static async prepare(
    server: KeaServer,
    before: Snapshot,
    wished: readonly Wished[],
    signal: AbortSignal,
    progress: (line: string) => void,
  ): Promise<ServerChange | null> {
    const several = wished.some(({ view }) => view.entries.length > 1);
    const rules = server.rules(!several || (await server.firstWins(signal)));
    const patch = new Patch();
    editAll(patch, before.document, wished, server.name);
    const text = patch.apply(before.document.text);
    if (text === before.document.text) return null;
    const next = new KeaDocument(text);
    const wishes = wished.map((w) => w.wish);
    const known = wishes.every((w) => hasDeltas(w.scope, rules))
      ? await server.commands(signal)
      : new Set<string>();
    const deltas = deltasBetween(before.document, next, wishes, known, rules);
    return new ServerChange(server, before, wishes, rules, next, known, deltas, progress);
  }

  /** Made by commands that are each about one scope. */
  get single(): boolean {
    return this.deltas !== null;
  }

  /** Whether the server would take it; single commands say so themselves, and change nothing when they refuse. */
  async test(signal: AbortSignal): Promise<void> {
    if (!this.deltas) {
      await this.server.test(this.next, signal);
      this.progress(`${this.server.label}: the changed configuration passes config-test`);
      return;
    }
    for (const { makesHost } of this.deltas)
      if (makesHost && (await this.server.hasHost(...makesHost, signal)))
        throw this.error(
          "refused",
          `has a reservation for ${makesHost[1]} in its database`,
          "a reservation in the configuration would take its place, with its address. Give that one option 150 in the database, or remove it there",
        );
  }

  /** @throws DhcpError kind "rival" when the configuration is no longer the one that was read. */
  async recheck(signal: AbortSignal): Promise<void> {
    if (!this.deltas) this.witness = await this.server.configurations(signal);
    if (await this.server.unchanged(this.before, signal)) return;
    throw this.rival(
      "Somebody changed its configuration while this change was prepared. Nothing was written: run it again.",
    );
  }

  /** Writes, and proves it by reading. On any failure the server is as before when this throws. */
  async commit(): Promise<Snapshot> {
    const { answer, failure } = this.deltas ? await this.runAll(this.deltas) : await this.setAll();
    if (answer && failure && this.deltas) return this.withoutCommands(failure);
    if (answer && failure) return this.undoAfter(failure, { refused: true });
    let after: Snapshot;
    try {
      after = await this.server.snapshot(NEVER);
    } catch (cause) {
      return this.undoAfter(failure ?? (cause as Error), {});
    }
    if (this.deltas ? this.scopesAsSent(after.document) !== null : this.asSent(after.document)) {
      // The answer was lost, and nobody has looked yet.
      if (failure) await this.lookForOverwritten();
      this.progress(`${this.server.label}: changed, and read back`);
      return after;
    }
    if (failure) return this.undoAfter(failure, {});
    const setHash = stringOf(member(answer?.arguments, "hash"));
    if (!this.deltas && setHash !== undefined && setHash === after.hash)
      return this.undoAfter(
        this.error(
          "answer",
          "did not take the configuration as it was sent",
          "what config-get gives back differs from what config-set was given",
        ),
        { ours: true },
      );
    return this.undoAfter(
      this.rival("Somebody changed its configuration in the same moment. Run it again."),
      {},
    );
  }

  /** A command was refused: where nothing has changed the whole document is as good, with all that guards it. */
  private async withoutCommands(failure: Error): Promise<Snapshot> {
    let now: Snapshot;
    try {
      now = await this.server.snapshot(NEVER);
    } catch {
      return this.undoAfter(failure, {});
    }
    if (!sameDocument(now.document, this.before.document)) return this.undoAfter(failure, {});
    this.progress(`${detailOf(failure)} The whole configuration is set instead.`);
    try {
      await this.server.test(this.next, NEVER);
    } catch (cause) {
      if (!(failure instanceof DhcpError) || !(cause instanceof DhcpError)) throw cause;
      const detail = `${failure.detail} Nor does it take the whole configuration: ${cause.detail} Nothing was changed.`;
      throw new DhcpError(failure.server, failure.summary, detail, cause.kind);
    }
    this.deltas = null;
    await this.recheck(NEVER);
    return this.commit();
  }

  private async setAll(): Promise<Written> {
    let answer: KeaAnswer;
    try {
      answer = await this.server.set(this.next, NEVER);
    } catch (cause) {
      // No answer: it may be done or not. Reading decides.
      return { answer: null, failure: cause as Error };
    }
    if (answer.result !== 0)
      return {
        answer,
        failure: refusal(this.server.name, this.server.transport, "config-set", answer, this.next.root),
      };
    await this.lookForOverwritten();
    return { answer, failure: null };
  }

  private async runAll(deltas: readonly DeltaCommand[]): Promise<Written> {
    let answer: KeaAnswer | null = null;
    for (const delta of deltas) {
      try {
        answer = await this.server.run(delta, NEVER);
      } catch (cause) {
        return { answer: null, failure: cause as Error };
      }
      if (answer.result !== 0)
        return {
          answer,
          failure: refusal(this.server.name, this.server.transport, delta.name, answer, this.next.root),
        };
    }
    return { answer, failure: null };
  }

  /** There is no compare-and-set; but the server counts something anew whenever it takes a configuration. */
  private async lookForOverwritten(): Promise<void> {
    const last = this.witness?.[0];
    if (last === undefined) return;
    const now = await this.server.configurations(NEVER).catch(() => null);
    if (!now || now.indexOf(last) < 2) return;
    this.overwrote = `${this.server.label}: between the last check and our write somebody set a configuration, and ours has replaced it: what they changed is lost. Find out who it was, and have it done again.`;
  }

  /**
   * Puts the server back to what it was.
   * @param o.refused Kea before 2.3.6 goes deaf after a config-set that it refused, whatever config-get says: only a
   *   good config-set cures it.
   * @param o.ours the server proved that nobody else wrote since.
   * @returns what was done, a sentence.
   */
  async undo(o: { readonly refused?: boolean; readonly ours?: boolean } = {}): Promise<string> {
    const undone = "Our change is not in the server's configuration any more.";
    // Not readable: the saved document is the best there is.
    const now = await this.server.snapshot(NEVER).then(
      (snapshot) => snapshot.document,
      () => null,
    );
    let target: KeaDocument | null = this.before.document;
    if (now) {
      const untouched = sameDocument(now, this.before.document);
      if (untouched && !o.refused) return undone;
      // What is there after a refusal is all theirs.
      if (!untouched && !o.ours && !this.asSent(now)) target = o.refused ? null : this.undoOnTopOf(now);
    }
    const theirs = target === null && o.refused ? now : null;
    target ??= theirs;
    if (target === null) return undone;
    const back = now && this.deltas ? this.deltasTo(now, target) : null;
    const byCommands = back !== null && (await this.putBack(back, now!));
    if (!byCommands) {
      const answer = await this.server.set(target, NEVER);
      if (answer.result !== 0)
        throw refusal(this.server.name, this.server.transport, "config-set", answer, target.root);
    }
    const after = (await this.server.snapshot(NEVER)).document;
    if (byCommands ? this.deltasTo(after, target)?.length === 0 : sameDocument(after, target))
      return theirs
        ? "Somebody else had set a configuration just before. It was set once more as it was, since Kea before 2.3.6 serves nobody after a configuration that it refuses. Our change is not in it."
        : undone;
    throw this.rival("It changed again while it was put back.");
  }

  /** @returns false when the server refuses a command, and nothing has changed since `now`. */
  private async putBack(commands: readonly DeltaCommand[], now: KeaDocument): Promise<boolean> {
    const { answer, failure } = await this.runAll(commands);
    if (!failure) return true;
    if (!answer || !sameDocument((await this.server.snapshot(NEVER)).document, now)) throw failure;
    this.progress(`${detailOf(failure)} The whole configuration is put back instead.`);
    return false;
  }

  private deltasTo = (from: KeaDocument, to: KeaDocument) =>
    deltasBetween(from, to, this.wishes, this.known, this.rules);

  /**
   * Somebody else's configuration with our change taken out of it; null when our change is not in it.
   * @throws DhcpError kind "rival" when that cannot be done: theirs is not replaced by the saved document.
   */
  private undoOnTopOf(now: KeaDocument): KeaDocument | null {
    try {
      return this.withoutOurs(now);
    } catch (cause) {
      throw this.rival(
        `somebody else's configuration is in force, our change cannot be taken out of it (${detailOf(cause as Error)}), and it was left as it is.`,
      );
    }
  }

  private withoutOurs(now: KeaDocument): KeaDocument | null {
    const patch = new Patch();
    const wished = this.wishes.flatMap(({ scope, answer }): Wished[] => {
      const view = viewScope(now, scope, this.rules);
      const before = viewScope(this.before.document, scope, this.rules);
      if (!view || !before || !sameAnswer(view.answer, answer)) return [];
      return [{ view, wish: { scope, answer: before.answer, original: originalOf(before) } }];
    });
    editAll(patch, now, wished, this.server.name);
    const text = patch.apply(now.text);
    return text === now.text ? null : new KeaDocument(text);
  }

  private async undoAfter(
    failure: Error,
    o: { readonly refused?: boolean; readonly ours?: boolean },
  ): Promise<never> {
    let outcome: string;
    try {
      outcome = await this.undo(o);
    } catch (cause) {
      throw this.leftOver(failure, cause as Error);
    }
    if (!(failure instanceof DhcpError)) throw failure;
    const detail = `${failure.detail} (${outcome})`;
    throw new DhcpError(failure.server, failure.summary, detail, failure.kind);
  }

  leftOver(failure: Error, cause: Error): DhcpError {
    const what = "could not be put back";
    if (cause instanceof DhcpError && cause.kind === "rival")
      return this.error(
        "left",
        what,
        `${detailOf(failure)} ${cause.detail} Look at option 150 of ${this.wishes.map((w) => scopeText(w.scope)).join(", ")} there`,
      );
    return this.error(
      "left",
      what,
      `${detailOf(failure)} Putting the saved configuration back failed as well: ${detailOf(cause)} ` +
        "Look at this server at once: it may serve nobody (Kea before 2.3.6 stops serving after a configuration that it refuses). " +
        "Load a good configuration with config-reload, or restart it",
    );
  }

  private asSent(now: KeaDocument): boolean {
    return isAsSent(this.next, now, this.wishes, this.rules);
  }
  private scopesAsSent(now: KeaDocument) {
    return scopesAsSent(this.next, now, this.wishes, this.rules);
  }

  private rival(detail: string): DhcpError {
    return this.error("rival", "was changed by somebody else", detail);
  }
  private error(kind: DhcpError["kind"], what: string, detail: string): DhcpError {
    return new DhcpError(
      this.server.name,
      `DHCP server "${this.server.name}" ${what}`,
      `${this.server.label}: ${detail}`,
      kind,
    );
  }
}

interface Written {
  /** null when none came. */
  readonly answer: KeaAnswer | null;
  readonly failure: Error | null;
}

const detailOf = (error: Error): string => (error instanceof DhcpError ? error.detail : `${error.name}.`);
