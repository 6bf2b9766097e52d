/** In milliseconds: the step of waiting for company, the longest wait (of small documents), and how long the last batch tells of the next. */
const STEP = 20;
const LONGEST = 200;
const RECENT = 1000;

/**
 * Collects jobs that arrive while earlier ones are worked on, so that many changes of one server are one write
 * and one restart.
 * Terraform applies several resources at once (ten, unless `-parallelism` says otherwise), and each waits for its own.
 */
export class Queue<J> {
  private waiting: J[] = [];
  private running = false;
  /** Of the last batch, and when it ended. */
  private callers = 0;
  private ended = Number.NEGATIVE_INFINITY;
  private took = 0;

  /**
   * @param work settles each job itself, and never throws.
   * @param together whether a job may go along with these.
   */
  constructor(
    private readonly work: (jobs: readonly J[]) => Promise<void>,
    private readonly together: (job: J, others: readonly J[]) => boolean,
  ) {}

  add(job: J): void {
    this.waiting.push(job);
    if (this.running) return;
    this.running = true;
    void this.drain();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.gather();
      const taken: J[] = [];
      const left: J[] = [];
      for (const job of this.waiting) (this.together(job, taken) ? taken : left).push(job);
      this.waiting = left;
      const began = performance.now();
      await this.work(taken);
      this.callers = taken.length + this.waiting.length;
      this.ended = performance.now();
      this.took = this.ended - began;
    }
    this.running = false;
  }

  /**
   * Waits for as many as there were callers at the last batch: each that has its outcome is followed by another one.
   * Of the first batch that is not known: it is complete when nobody comes any more.
   */
  private async gather(): Promise<void> {
    const expected = performance.now() - this.ended < RECENT ? this.callers : 0;
    // A batch more costs as much as the last one: some of that is well spent.
    const longest = Math.max(LONGEST, this.took / 4);
    for (let waited = 0, before = 0; waited < longest; waited += STEP) {
      const now = this.waiting.length;
      if (expected > 0 ? now >= expected : now === before) return;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
  }
}
