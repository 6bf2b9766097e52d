/** How long nothing must arrive before what has arrived is taken, and how long that may take, in milliseconds. */
const QUIET = 20;
const LONGEST = 100;

/**
 * Collects jobs that arrive while earlier ones are worked on, so that many changes of one document are one write.
 * Terraform applies several resources at once (ten, unless `-parallelism` says otherwise), and each waits for its own.
 */
export class Queue<J> {
  private waiting: J[] = [];
  private running = false;

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
      await this.quiet();
      const taken: J[] = [];
      const left: J[] = [];
      for (const job of this.waiting) (this.together(job, taken) ? taken : left).push(job);
      this.waiting = left;
      await this.work(taken);
    }
    this.running = false;
  }

  private async quiet(): Promise<void> {
    for (let waited = 0, before = -1; waited < LONGEST && before !== this.waiting.length; waited += QUIET) {
      before = this.waiting.length;
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
  }
}
