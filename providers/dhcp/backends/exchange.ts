/** A request and its answer, whatever carries them. */
import type { Failures } from "./failures";

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** Milliseconds for all of it. */
  readonly timeout: number;
}

/** Collects an answer; false when it is longer than `max` bytes. */
export class Collector {
  private readonly chunks: Buffer[] = [];
  private length = 0;
  constructor(private readonly max: number) {}

  add(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > this.max) return false;
    this.chunks.push(chunk);
    return true;
  }
  get empty(): boolean {
    return this.length === 0;
  }
  bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Runs `start` until it settles, the time is up or the signal aborts; `stop` ends whatever is still open. */
export function bounded<T>(
  failures: Failures,
  o: ExchangeOptions,
  start: (settle: { resolve: (value: T) => void; reject: (error: Error) => void }) => { stop: () => void },
): Promise<T> {
  if (o.signal.aborted) return Promise.reject(failures.cancelled());
  return new Promise<T>((resolve, reject) => {
    let running: { stop: () => void } | undefined;
    const done = () => {
      clearTimeout(timer);
      o.signal.removeEventListener("abort", abort);
      running?.stop();
    };
    const settle = {
      resolve: (value: T) => {
        done();
        resolve(value);
      },
      reject: (error: Error) => {
        done();
        reject(error);
      },
    };
    const abort = () => settle.reject(failures.cancelled());
    const timer = setTimeout(() => settle.reject(failures.timeout(o.timeout)), o.timeout);
    o.signal.addEventListener("abort", abort, { once: true });
    running = start(settle);
  });
}
