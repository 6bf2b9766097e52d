import { abort } from "../../server/ending";

/** A call that is being answered. */
export class Call {
  private controller: AbortController | undefined;
  /** Why it was told to stop; once more when the process is about to end. */
  private readonly reasons: Error[] = [];
  /** Its answer has left: there is nothing to abort. */
  ended = false;

  /** Made when it is asked for: most calls are over before anybody could abort them, and never look. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      for (const reason of this.reasons) abort(this.controller, reason);
    }
    return this.controller.signal;
  }

  abort(reason: Error): void {
    if (this.controller) abort(this.controller, reason);
    else this.reasons.push(reason);
  }
}

/** The calls that are being answered, so that they can be aborted together. */
export class InFlight {
  private readonly calls = new Set<Call>();
  private whenIdle: (() => void)[] = [];

  get size(): number {
    return this.calls.size;
  }

  begin(): Call {
    const call = new Call();
    this.calls.add(call);
    return call;
  }

  end(call: Call): void {
    call.ended = true;
    this.calls.delete(call);
    if (this.calls.size > 0) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  abortAll(reason: Error): void {
    for (const call of this.calls) call.abort(reason);
  }

  idle(): Promise<void> {
    if (this.calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }
}
