import type { Logger } from "../../define";
import { describe, isAbort, Stopped, stackOf } from "../../server/thrown";
import { GrpcError } from "../grpc/status";

type Terminate = (why: Stopped, code: number) => void;

/**
 * Ctrl-C reaches every process of the terminal, us too. Terraform itself decides what becomes of it and sends
 * StopProvider, so that work in flight can end in good order: we do nothing. SIGTERM is meant for us.
 */
export function handleSignals(terminate: Terminate): void {
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => terminate(new Stopped("SIGTERM", { ending: true }), 128 + 15));
}

/**
 * What is thrown where nothing catches it. The hook that waits for it may wait for ever, and nobody knows which one
 * that is: all are told to stop, and say what was thrown, and what they return is recorded as ever. After an
 * exception the process ends, since it broke off anywhere; after a rejection it goes on.
 */
export function reportStrayErrors(log: Logger, terminate: Terminate, abort: (why: Stopped) => void): void {
  const report = (what: string, thrown: unknown) =>
    log.error(`provider bug: ${what}`, {
      error: describe(thrown),
      stack: stackOf(thrown),
    });
  process.on("unhandledRejection", (thrown) => {
    const what = "a promise was rejected and nobody looked";
    report(what, thrown);
    // The echo of an abort stops no other work. What a call is aborted with is one of these two.
    if (!isAbort(thrown, (error) => error instanceof Stopped || error instanceof GrpcError))
      abort(new Stopped(what, { stray: { thrown } }));
  });
  process.on("uncaughtException", (thrown) => {
    const what = "an exception was not caught";
    report(what, thrown);
    terminate(new Stopped(what, { stray: { thrown }, ending: true }), 1);
  });
}
