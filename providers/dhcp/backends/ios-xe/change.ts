/** One pool's option 150 on one device: look, write, read back, and the way back when anything fails. */
import { isDeepStrictEqual } from "node:util";
import { answerText } from "../answer-text";
import { type Answer, DhcpError, type DhcpErrorKind, isUnreachable, sameAnswer } from "../backend";
import { NEVER } from "../never";
import { changedBySomebody } from "../rival";
import type { Device } from "./device";
import { answerOf, type Entry } from "./entry";

/** A tag may be of the whole configuration: then any change elsewhere makes it stale, and the entry is as it was. */
const TRIES = 4;
/** A second, before something is tried once more. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
const AGAIN: readonly DhcpErrorKind[] = ["unreachable", "timeout", "refused"];

export interface Edit {
  readonly pool: string;
  /** The scope, as sentences name it. */
  readonly where: string;
  readonly before: Entry;
  /** Entries that mean the answer, in the order in which they are tried. */
  readonly candidates: readonly Entry[];
  /** The same for the way back: `before`, and what means the same where the device does not take that again. */
  readonly back: readonly Entry[];
  readonly answer: Answer;
}

export class EntryChange {
  /** What stands there since `commit`; undefined: nothing was written. */
  private written: Entry | undefined;

  constructor(
    readonly device: Device,
    private readonly edit: Edit,
  ) {}

  /** @throws DhcpError kind "rival" when the entry is no longer as it was read. Writes nothing. */
  async check(signal: AbortSignal): Promise<void> {
    const { entry } = await this.device.entry(this.edit.pool, signal);
    if (!isDeepStrictEqual(entry, this.edit.before)) throw this.rival(this.edit.before, entry);
  }

  /** Writes, and proves it by reading. When this throws, the entry is as before, or the error says what stands there. */
  async commit(): Promise<void> {
    for (const [i, candidate] of this.edit.candidates.entries()) {
      const last = i === this.edit.candidates.length - 1;
      const refused = await this.attempt(candidate, last);
      if (!refused) return;
    }
  }

  /**
   * @returns whether it was refused, nothing has changed, and there is another candidate.
   */
  private async attempt(candidate: Entry, last: boolean): Promise<boolean> {
    const { before, answer } = this.edit;
    let failure: Error | null = null;
    let sent = false;
    try {
      await this.replace(before, candidate, () => {
        sent = true;
      });
    } catch (cause) {
      // It was compared, and not written.
      if (!sent || (cause instanceof DhcpError && cause.kind === "rival")) throw cause;
      failure = cause as Error;
    }
    let now: Entry;
    try {
      now = await this.readBack();
    } catch (cause) {
      throw this.leftOver(failure ?? (cause as Error), cause as Error);
    }
    if (failure === null || !isAnswered(failure)) {
      // Without an answer it may be done or not: what is read decides.
      if (sameAnswer(answerOf(now), answer)) {
        this.written = now;
        return false;
      }
    }
    if (isDeepStrictEqual(now, before)) {
      if (!failure) throw this.dropped();
      // Another spelling may do; another try of a refused password would not.
      if (failure instanceof DhcpError && failure.kind === "refused" && !last) return true;
      throw failure;
    }
    if (!sameSet(answerOf(now), answer)) throw this.replaced(now);
    this.written = now;
    const why = failure ?? this.reordered(now);
    const outcome = await this.undoAfter(why);
    throw why instanceof DhcpError
      ? new DhcpError(why.server, why.summary, `${why.detail} ${outcome}`, why.kind)
      : why;
  }

  /**
   * Puts the old entry back.
   * @returns what was done, a sentence.
   * @throws DhcpError
   */
  async undo(): Promise<string> {
    if (this.written === undefined) return "";
    const { before, pool } = this.edit;
    const { entry: now } = await this.device.entry(pool, NEVER);
    if (!isDeepStrictEqual(now, before)) {
      await this.putBack(this.written);
      const { entry: after } = await this.device.entry(pool, NEVER);
      if (!sameAnswer(answerOf(after), answerOf(before))) throw this.dropped();
    }
    this.written = undefined;
    return `On ${this.device.label} the old entry was put back.`;
  }

  private async putBack(written: Entry): Promise<void> {
    const { back } = this.edit;
    for (const [i, entry] of back.entries()) {
      try {
        return await this.replace(written, entry);
      } catch (cause) {
        const refused = cause instanceof DhcpError && cause.kind === "refused";
        if (!refused || i === back.length - 1) throw cause;
      }
    }
  }

  /** @throws DhcpError that says what was left, when that fails too */
  async undoAfter(failure: Error): Promise<string> {
    try {
      return await this.undo().catch(async (cause: unknown) => {
        // Somebody's change stays; a device that is busy, or was away, may take it a moment later.
        if (!(cause instanceof DhcpError) || !AGAIN.includes(cause.kind)) throw cause;
        await pause();
        return this.undo();
      });
    } catch (cause) {
      throw this.leftOver(failure, cause as Error);
    }
  }

  /** Looks right before it writes, and writes only on top of what it saw where the device can tell. */
  private async replace(from: Entry, to: Entry, sending = () => {}): Promise<void> {
    const { pool } = this.edit;
    for (let i = 0; i < TRIES; i++) {
      const { entry, condition } = await this.device.entry(pool, NEVER);
      if (!isDeepStrictEqual(entry, from)) throw this.rival(from, entry);
      sending();
      if (await this.device.write(pool, to, condition, NEVER)) return;
    }
    throw this.device.error(
      "rival",
      "is being changed by somebody else",
      `between our look and our write its configuration changed ${TRIES} times. Nothing was written: deploy again when they are done`,
    );
  }

  /** What was written must not be in doubt for one lost packet. */
  private async readBack(): Promise<Entry> {
    try {
      return (await this.device.entry(this.edit.pool, NEVER)).entry;
    } catch (cause) {
      if (!isUnreachable(cause)) throw cause;
      await pause();
      return (await this.device.entry(this.edit.pool, NEVER)).entry;
    }
  }

  private rival(was: Entry, now: Entry): DhcpError {
    return changedBySomebody(
      this.device.name,
      this.edit.where,
      `${this.device.label}: pool ${this.edit.pool} had ${answerText(answerOf(was))} a moment ago, and now has ${answerText(answerOf(now))}. It was not overwritten: plan again`,
    );
  }

  private replaced(now: Entry): DhcpError {
    return changedBySomebody(
      this.device.name,
      this.edit.where,
      `${this.device.label}: right after our write pool ${this.edit.pool} has ${answerText(answerOf(now))}, which is not ours. It was left alone: plan again`,
    );
  }

  private dropped(): DhcpError {
    return this.device.error(
      "answer",
      "does not do what it says",
      `it accepted the change of pool ${this.edit.pool}, and a moment later the pool is as it was. See the device's log, and whether its configuration is being synchronised`,
    );
  }

  private reordered(now: Entry): DhcpError {
    return this.device.error(
      "refused",
      "does not keep the order of addresses",
      `pool ${this.edit.pool} was given ${answerText(this.edit.answer)} and has ${answerText(answerOf(now))}; phones ask the first one first. Set address_leaf to hex-new, which keeps the order.`,
    );
  }

  private leftOver(failure: Error, cause: Error): DhcpError {
    const { pool, before } = this.edit;
    return this.device.error(
      this.device.saves ? "left" : "broken",
      "was left in between",
      `${detailOf(failure)} What became of option 150 of pool ${pool} is not certain, or was not undone: ${detailOf(cause)} Look at the pool: before, it had ${answerText(answerOf(before))}.`,
    );
  }
}

/** The device said no, as opposed to saying nothing. */
const isAnswered = (failure: Error): boolean => failure instanceof DhcpError && !isUnreachable(failure);

const sameSet = (a: Answer, b: Answer): boolean =>
  a === "inherited" || b === "inherited" ? a === b : sameAnswer([...a].sort(), [...b].sort());

const detailOf = (error: Error): string => (error instanceof DhcpError ? error.detail : `${error.name}.`);
