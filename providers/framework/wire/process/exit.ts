import type { Logger } from "../../define";
import { GRACE } from "../../server/deadline";
import type { InFlight } from "../grpc/in-flight";

/** What is left to work that is aborted before the process ends regardless: by {@link GRACE} all is answered. */
const ABORT_GRACE = GRACE + 500;
/**
 * Answers leave with the next turns of the event loop. A host closes the connection as soon as it has the answer to
 * Shutdown, and then the process ends at once; this is for one that does not. It waits for the end several times a run.
 * Promised is 50 ms from the answer to Shutdown to the end of the process. Measured over TLS, medians: 16 ms with a host
 * that closes (10 at best), of which a Node that only calls process.exit takes 6 (4 at best); with one that does not, 6 ms
 * more than this.
 */
const ANSWERS_LEAVE = 20;

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
      setTimeout(exit, ANSWERS_LEAVE, 0);
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
        .then(() => setTimeout(exit, ANSWERS_LEAVE, code));
    },
  };
}
