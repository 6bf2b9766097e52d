import type { Logger } from "../../define";
import { GRACE } from "../../server/deadline";
import type { InFlight } from "../grpc/in-flight";

/** What is left to work that is aborted before the process ends regardless: by {@link GRACE} all is answered. */
const ABORT_GRACE = GRACE + 500;
/** The host gives us two seconds after Shutdown; it waits for the end, and does so several times a run. */
const SHUTDOWN_GRACE = 40;

/** The ways in which the process ends. */
export interface Exits {
  /** Shutdown: the answer is on its way; ends when the host closes the connection, or very soon. */
  shutdown(): void;
  /** To be told how many connections there are, whenever that changes. */
  connections(open: number): void;
  /** Aborts the work in flight, gives it a moment, ends. */
  abort(why: Error, code: number): void;
}

export function createExits(
  inFlight: () => InFlight,
  log: Logger,
  exit: (code: number) => void = process.exit,
): Exits {
  let shuttingDown = false;
  let aborting = false;
  return {
    shutdown: () => {
      shuttingDown = true;
      setTimeout(exit, SHUTDOWN_GRACE, 0);
    },
    connections: (open) => {
      if (shuttingDown && open === 0) exit(0);
    },
    abort: (why, code) => {
      if (aborting) return;
      aborting = true;
      log.warn("ending", { why: why.message });
      inFlight().abortAll(why);
      setTimeout(exit, ABORT_GRACE, code);
      void inFlight()
        .idle()
        // The answers leave with the next turns of the event loop.
        .then(() => setTimeout(exit, 20, code));
    },
  };
}
