import type { Deadline } from "./deadline";
import { Stopped } from "./thrown";

/** A signal that follows another one, and is aborted when the deadline passes. */
export function withDeadline(signal: AbortSignal, hook: string, deadline: Deadline) {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  const { milliseconds, text } = deadline;
  const timer = setTimeout(
    () => controller.abort(new Stopped(`the ${hook} took longer than ${text}`, { deadline })),
    milliseconds,
  ).unref();
  signal.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", follow);
    },
  };
}

/**
 * What the work gives. When it still goes on so many milliseconds after its signal was aborted, `ignored` is asked, and
 * what that gives is the answer; with undefined the work is waited for, until the process is about to end: then it has
 * as long again, and `ignored` is asked again.
 */
export function heeding<T>(
  { signal, ending }: { readonly signal: AbortSignal; readonly ending: () => AbortSignal },
  grace: number,
  work: Promise<T>,
  ignored: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      // Most work is never aborted, and nothing is made for it.
      if (signal.aborted) ending().removeEventListener("abort", askLater);
    };
    const ask = () => {
      const answer = ignored();
      if (answer === undefined) return;
      done();
      resolve(answer);
    };
    const askLater = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, grace);
    };
    const aborted = () => {
      askLater();
      ending().addEventListener("abort", askLater, { once: true });
    };
    // The hook has begun by now, and may have been told at once.
    if (signal.aborted) aborted();
    else signal.addEventListener("abort", aborted, { once: true });
    void work.finally(done).then(resolve, reject);
  });
}
