import { DhcpError, type Operation, sameAnswer } from "../backend";
import { type KeaAnswer, refusal } from "./command";
import { KeaDocument } from "./document";
import { editScope, type Wish } from "./edit";
import { canonical, type JsonNode, member, stringOf } from "./json-text";
import { originalOf, type ScopeView, viewScope } from "./scope-view";
import { type KeaServer, type Snapshot, sameDocument } from "./server";

/** From the first write on nothing is cancelled half-way; time-outs still hold. */
const NEVER = new AbortController().signal;

/**
 * One server's change of one scope: test, re-check, set, read back, and the way back when anything fails.
 *
 * Nothing of a configuration gets into an error: it holds passwords.
 */
export class ServerChange {
  private constructor(
    private readonly server: KeaServer,
    private readonly before: Snapshot,
    private readonly wish: Wish,
    private readonly firstWins: boolean,
    private readonly next: KeaDocument,
    private readonly progress: (line: string) => void,
  ) {}

  static async prepare(
    server: KeaServer,
    before: Snapshot,
    view: ScopeView,
    wish: Wish,
    op: Operation,
  ): Promise<ServerChange | null> {
    const firstWins = view.entries.length < 2 || (await server.firstWins(op.signal));
    const next = editScope(view, wish, server.name, firstWins);
    if (next === before.document.text) return null;
    const progress = op.progress ?? (() => {});
    return new ServerChange(server, before, wish, firstWins, new KeaDocument(next), progress);
  }

  async test(signal: AbortSignal): Promise<void> {
    await this.server.test(this.next, signal);
    this.progress(`${this.server.label}: the changed configuration passes config-test`);
  }

  /** @throws DhcpError kind "rival" when the configuration is no longer the one that was read. */
  async recheck(signal: AbortSignal): Promise<void> {
    if (await this.server.unchanged(this.before, signal)) return;
    throw this.rival(
      "Somebody changed its configuration while this change was prepared. Nothing was written: run it again.",
    );
  }

  /** Writes, and proves it by reading. On any failure the server is as before when this throws. */
  async commit(): Promise<Snapshot> {
    let answer: KeaAnswer | null = null;
    let failure: Error | null = null;
    try {
      answer = await this.server.set(this.next, NEVER);
      if (answer.result !== 0)
        failure = refusal(this.server.name, this.server.transport, "config-set", answer, this.next.root);
    } catch (cause) {
      // No answer: it may be done or not. Reading decides.
      failure = cause as Error;
    }
    if (answer && failure) return this.undoAfter(failure, { refused: true });
    let after: Snapshot;
    try {
      after = await this.server.snapshot(NEVER);
    } catch (cause) {
      return this.undoAfter(failure ?? (cause as Error), {});
    }
    if (this.asSent(after.document)) {
      this.progress(`${this.server.label}: changed, and read back`);
      return after;
    }
    if (failure) return this.undoAfter(failure, {});
    const setHash = stringOf(member(answer?.arguments, "hash"));
    if (setHash !== undefined && setHash === after.hash)
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

  /**
   * Puts the server back to what it was.
   * @param o.refused Kea before 2.3.6 goes deaf after a config-set that it refused, whatever config-get says: only a
   *   good config-set cures it.
   * @param o.ours the server proved that nobody else wrote since.
   */
  async undo(o: { readonly refused?: boolean; readonly ours?: boolean } = {}): Promise<void> {
    let target: KeaDocument | null = this.before.document;
    try {
      const now = (await this.server.snapshot(NEVER)).document;
      const untouched = sameDocument(now, this.before.document);
      if (untouched && !o.refused) return;
      if (!untouched && !o.ours && !this.asSent(now)) target = this.undoOnTopOf(now);
    } catch {
      // Not readable: the saved document is the best there is.
    }
    if (target === null) return;
    const answer = await this.server.set(target, NEVER);
    if (answer.result !== 0)
      throw refusal(this.server.name, this.server.transport, "config-set", answer, target.root);
    const back = (await this.server.snapshot(NEVER)).document;
    if (!sameDocument(back, target)) throw this.rival("It changed again while it was put back.");
  }

  /** Somebody else's configuration with our change taken out of it; null when our change is not in it. */
  private undoOnTopOf(now: KeaDocument): KeaDocument | null {
    const view = viewScope(now, this.wish.scope, this.firstWins);
    const before = viewScope(this.before.document, this.wish.scope, this.firstWins);
    if (!view || !before || !sameAnswer(view.answer, this.wish.answer)) return null;
    const wish = { scope: this.wish.scope, answer: before.answer, original: originalOf(before) };
    return new KeaDocument(editScope(view, wish, this.server.name, this.firstWins));
  }

  private async undoAfter(
    failure: Error,
    o: { readonly refused?: boolean; readonly ours?: boolean },
  ): Promise<never> {
    try {
      await this.undo(o);
    } catch (cause) {
      throw this.leftOver(failure, cause as Error);
    }
    if (!(failure instanceof DhcpError)) throw failure;
    const detail = `${failure.detail} (Our change is not in the server's configuration any more.)`;
    throw new DhcpError(failure.server, failure.summary, detail, failure.kind);
  }

  leftOver(failure: Error, cause: Error): DhcpError {
    return this.error(
      "answer",
      "could not be put back",
      `${detailOf(failure)} Putting the saved configuration back failed as well: ${detailOf(cause)} ` +
        "Look at this server at once: it may serve nobody (Kea before 2.3.6 stops serving after a configuration that it refuses). " +
        "Load a good configuration with config-reload, or restart it",
    );
  }

  /**
   * What config-get gives back is what was sent. For an element that is new Kea adds members with their defaults,
   * and chooses its place.
   */
  private asSent(now: KeaDocument): boolean {
    if (sameDocument(now, this.next)) return true;
    const sent = viewScope(this.next, this.wish.scope, this.firstWins);
    const got = viewScope(now, this.wish.scope, this.firstWins);
    if (!sent?.winner || !got?.winner || !sameAnswer(got.answer, this.wish.answer)) return false;
    const gotMembers = got.winner.node.members;
    const kept = sent.winner.node.members.every((m) =>
      gotMembers.some((g) => g.key === m.key && canonical(g.value) === canonical(m.value)),
    );
    const except = (document: KeaDocument, entry: JsonNode) => canonical(document.root, new Set([entry]));
    return kept && except(now, got.winner.node) === except(this.next, sent.winner.node);
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

const detailOf = (error: Error): string => (error instanceof DhcpError ? error.detail : `${error.name}.`);
