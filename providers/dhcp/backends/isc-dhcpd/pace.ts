import { setTimeout as sleep } from "node:timers/promises";

/**
 * systemd gives a service up that is started more than five times in ten seconds (StartLimitBurst and
 * StartLimitIntervalSec of systemd-system.conf(5)), a restart by hand included: then nobody is served. Changes leave
 * room for the restarts of an undo, which do not wait.
 */
const MOST = 3;
const WINDOW_MS = 10_000;

export class Pace {
  private readonly starts: number[] = [];
  constructor(private readonly windowMs = WINDOW_MS) {}

  /** Until one more start is well within the limit. */
  async room(): Promise<void> {
    for (;;) {
      const since = performance.now() - this.windowMs;
      const recent = this.starts.filter((start) => start > since);
      if (recent.length < MOST) return;
      await sleep(recent.at(-MOST)! - since + 1);
    }
  }

  started(): void {
    this.starts.push(performance.now());
    this.starts.splice(0, this.starts.length - 10);
  }
}
