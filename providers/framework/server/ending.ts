import { Stopped } from "./thrown";

/**
 * A signal is aborted once. Who has been told to stop already learns beside it that now the process is about to end.
 */
const endings = new WeakMap<AbortSignal, AbortController>();

function controllerOf(signal: AbortSignal): AbortController {
  const before = endings.get(signal);
  if (before !== undefined) return before;
  const made = new AbortController();
  endings.set(signal, made);
  return made;
}

/** For the signal of a call: what is aborted when the process is about to end. */
export const endingOf = (signal: AbortSignal): AbortSignal => controllerOf(signal).signal;

/** Aborts, and says it again to who was told before if the process is about to end. */
export function abort(controller: AbortController, reason: Error): void {
  controller.abort(reason);
  if (reason instanceof Stopped && reason.because.ending) controllerOf(controller.signal).abort(reason);
}
