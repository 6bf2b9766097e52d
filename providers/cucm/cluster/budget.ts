/**
 * The one place for concurrency, rate and retry against a cluster. Everything here takes an AbortSignal and gives
 * up with its reason at once.
 */
import { setMaxListeners } from "node:events";

/** One run's signal has a listener for each of many requests: that is no leak, so Node need not warn. */
export function unlimited(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** @throws the signal's reason. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Settles like `promise`, or rejects with the signal's reason as soon as that is raised. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Raised by {@link withDeadline}: told apart from a caller's abort. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  constructor(readonly ms: number) {
    super(`no answer within ${Math.round(ms / 1000)} s`);
  }
}

/** Runs `work` with a signal that is raised by the caller's or after `ms`. */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const stop = () => inner.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => inner.abort(new DeadlineError(ms)), ms);
  try {
    return await work(unlimited(inner.signal));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** At most `limit` at a time, in the order of asking. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  constructor(private readonly limit: number) {}

  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#running < this.limit) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(signal.reason);
      };
      const admit = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      this.#waiting.push(admit);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Hands the place to the next in line, so nobody can slip in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}

/** At most `limit` starts within any `windowMs`; a server that still complains pauses everybody. */
export class RateWindow {
  readonly #starts: number[] = [];
  readonly #queue = new Gate(1);
  #pausedUntil = 0;
  #limit: number;
  /** @param foreign places of the first window that are left to others, such as the run before this one */
  constructor(
    limit: number,
    private readonly windowMs = 60_000,
    foreign = 0,
  ) {
    this.#limit = Math.max(1, Math.floor(limit));
    const now = Date.now();
    this.#starts.push(...Array.from({ length: Math.min(foreign, this.#limit - 1) }, () => now));
  }

  /** Waits for a free place and takes it. `onWait` is told how long, when it is worth telling. */
  take(signal: AbortSignal, onWait?: (ms: number) => void): Promise<void> {
    return this.#queue.run(signal, async () => {
      for (;;) {
        const wait = this.#wait(Date.now());
        if (wait <= 0) break;
        if (wait > 1000) onWait?.(wait);
        await sleep(wait, signal);
      }
      this.#starts.push(Date.now());
    });
  }

  /** The server refused for its rate: nobody starts for `ms`, and its own limit counts from now on. */
  refused(ms: number, serverLimit?: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + ms);
    if (serverLimit !== undefined && serverLimit >= 1) this.#limit = Math.min(this.#limit, serverLimit);
  }

  #wait(now: number): number {
    while (this.#starts.length > 0 && this.#starts[0]! <= now - this.windowMs) this.#starts.shift();
    const crowded =
      this.#starts.length < this.#limit
        ? 0
        : this.#starts[this.#starts.length - this.#limit]! + this.windowMs - now + 1;
    return Math.max(crowded, this.#pausedUntil - now);
  }
}

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}
export const RETRY: RetryPolicy = { attempts: 6, firstDelayMs: 500, maxDelayMs: 20_000 };

/**
 * Tries again while `again` says so (a number of milliseconds replaces the exponential delay), with full jitter so
 * that several clients do not come back together.
 */
export async function retry<T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  again: (error: unknown, attempt: number) => boolean | number,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (signal.aborted || attempt >= policy.attempts) throw error;
      const verdict = again(error, attempt);
      if (verdict === false) throw error;
      const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
      const delay = verdict === true ? ceiling : Math.min(verdict, policy.maxDelayMs);
      await sleep(delay * (0.5 + Math.random() / 2), signal);
    }
  }
}

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly abort: AbortController;
  readonly startedAt: number;
  waiters: number;
  settled: boolean;
}

/**
 * One value that many callers want: asked once, shared by all who ask meanwhile, kept until {@link drop}. A caller
 * that gives up does not spoil it for the others; when all gave up the work is aborted. Failures are not kept.
 */
export class Shared<T> {
  #flight: Flight<T> | null = null;

  async get(
    signal: AbortSignal,
    make: (signal: AbortSignal) => Promise<T>,
    maxAgeMs = Number.POSITIVE_INFINITY,
  ) {
    const kept = this.#flight;
    const flight =
      kept && !(kept.settled && Date.now() - kept.startedAt > maxAgeMs) ? kept : this.#start(make);
    flight.waiters++;
    try {
      return await orAborted(flight.promise, signal);
    } finally {
      flight.waiters--;
      if (flight.waiters === 0 && !flight.settled) {
        flight.abort.abort(signal.reason);
        if (this.#flight === flight) this.#flight = null;
      }
    }
  }

  drop(): void {
    this.#flight = null;
  }

  #start(make: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight: Flight<T> = {
      promise: make(unlimited(abort.signal)),
      abort,
      startedAt: Date.now(),
      waiters: 0,
      settled: false,
    };
    this.#flight = flight;
    flight.promise.then(
      () => {
        flight.settled = true;
      },
      () => {
        flight.settled = true;
        if (this.#flight === flight) this.#flight = null;
      },
    );
    return flight;
  }
}
