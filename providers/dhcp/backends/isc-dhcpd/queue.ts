/** Collects what comes together, and works on one collection after the other. */
export class Queue<T, R> {
  private waiting: { readonly item: T; readonly done: (result: Promise<R>) => void }[] = [];
  private running = false;

  /** @param work one result for each item, in their order */
  constructor(private readonly work: (items: readonly T[]) => Promise<readonly R[]>) {}

  add(item: T): Promise<R> {
    return new Promise((done) => {
      this.waiting.push({ item, done });
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.waiting.length > 0) {
      // Core asks for what is independent within a few milliseconds.
      await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      const batch = this.waiting.splice(0);
      const results = this.work(batch.map(({ item }) => item));
      for (const [i, { done }] of batch.entries()) done(results.then((all) => all[i]!));
      await results.catch(() => {});
    }
    this.running = false;
  }
}

const TOGETHER_MS = 50;
