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
 * What the work gives, which never rejects. When it still goes on so many milliseconds after its signal was aborted, `ignored` is asked
 * once, and what that gives is the answer; with undefined the work is waited for.
 */
export function heeding<T>(
  signal: AbortSignal,
  grace: number,
  work: Promise<T>,
  ignored: () => T | undefined,
): Promise<T> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const aborted = () => {
      timer = setTimeout(() => {
        const answer = ignored();
        if (answer !== undefined) resolve(answer);
      }, grace);
    };
    // The hook has begun by now, and may have been told at once.
    if (signal.aborted) aborted();
    else signal.addEventListener("abort", aborted, { once: true });
    void work.then((answer) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      resolve(answer);
    });
  });
}
