/**
 * One piece of work for all who ask while it runs. Each may give up; it is aborted when all have.
 */
export class SharedWork<T> {
  private running:
    | { readonly result: Promise<T>; readonly stop: AbortController; waiting: number }
    | undefined;

  constructor(private readonly work: (signal: AbortSignal) => Promise<T>) {}

  /** @param cancelled the error for one who gives up. */
  ask(signal: AbortSignal, cancelled: () => Error): Promise<T> {
    if (signal.aborted) return Promise.reject(cancelled());
    const run = this.join();
    run.waiting++;
    return new Promise<T>((resolve, reject) => {
      const abort = () => {
        reject(cancelled());
        run.waiting--;
        if (run.waiting === 0) run.stop.abort();
      };
      signal.addEventListener("abort", abort, { once: true });
      run.result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }

  /** After a change: who asks from now on is given nothing that was begun before it. */
  renew(): void {
    this.running = undefined;
  }

  private join() {
    if (this.running && !this.running.stop.signal.aborted) return this.running;
    const stop = new AbortController();
    const result = this.work(stop.signal).finally(() => {
      if (this.running === run) this.running = undefined;
    });
    const run = { result, stop, waiting: 0 };
    this.running = run;
    return run;
  }
}
