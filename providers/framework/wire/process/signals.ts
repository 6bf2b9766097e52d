import type { Logger } from "../../define";

/**
 * Ctrl-C reaches every process of the terminal, us too. Terraform itself decides what becomes of it and sends
 * StopProvider, so that work in flight can end in good order: we do nothing. SIGTERM is meant for us.
 */
export function handleSignals(terminate: (why: string, code: number) => void): void {
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => terminate("SIGTERM", 128 + 15));
}

/** A defect somewhere must not take the state of the work in flight with it. */
export function reportStrayErrors(log: Logger, terminate: (why: string, code: number) => void): void {
  const report = (what: string, error: unknown) =>
    log.error(`provider bug: ${what}`, { error: error instanceof Error ? error.message : String(error) });
  process.on("unhandledRejection", (reason) => report("a promise was rejected and nobody looked", reason));
  process.on("uncaughtException", (error) => {
    report("an exception was not caught", error);
    terminate("an exception was not caught", 1);
  });
}
