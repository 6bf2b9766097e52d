import type { Logger, LogLine } from "../define";

/** The line of a level that nobody reads. What would be made of it first need not be made. */
export const silent: LogLine = () => undefined;

/** A log that changes each line before another one writes it; a silent level stays silent. */
export function derivedLog(log: Logger, line: (write: LogLine) => LogLine): Logger {
  const derived = (write: LogLine) => (write === silent ? silent : line(write));
  return {
    trace: derived(log.trace),
    debug: derived(log.debug),
    info: derived(log.info),
    warn: derived(log.warn),
    error: derived(log.error),
  };
}
