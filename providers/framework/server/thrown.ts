import { type Diagnostic, isExplained } from "../diagnostic";
import type { Deadline } from "./deadline";

/** How a hook is told to stop, and what is said when it does. */
export interface Stop {
  readonly signal: AbortSignal;
  readonly stopped: () => Diagnostic;
}

/** Where something was thrown: the hook, of which type, and whether it had been told to stop. */
export interface Place extends Stop {
  readonly hook: string;
  readonly subject: string;
}

/** Whatever was thrown, as a diagnostic. No stack: that belongs into the log. */
export function diagnosticOf(thrown: unknown, { hook, subject, signal, stopped }: Place): Diagnostic {
  if (isExplained(thrown)) {
    const { summary, detail, path } = thrown;
    return { severity: "error", summary, detail, ...(path && { path }) };
  }
  if (signal.aborted && isAbort(thrown, signal)) return stopped();
  return bug(subject, `Its ${hook} failed with ${describe(thrown)}`);
}

export const cancelled = (subject: string, hook: string): Diagnostic => ({
  severity: "error",
  summary: `${subject}: cancelled`,
  detail: `The ${hook} was cancelled before it had finished. What is known to be done is recorded; run it again to go on.`,
});

/** The deadline of an operation has passed, whatever its hook made of that. */
export const tookTooLong = (subject: string, hook: string, { text, setting }: Deadline): Diagnostic => ({
  severity: "error",
  summary: `${subject}: the ${hook} took longer than ${text}`,
  detail: `It was told to stop. What is known to be done is recorded; run it again to go on, and raise \`${setting}\` if it needs more time.`,
});

export const bug = (subject: string, what: string): Diagnostic => ({
  severity: "error",
  summary: `Bug of the provider (${subject})`,
  detail: `${what}${/[.!?]$/.test(what) ? "" : "."}\n\nThis is a bug of the provider. Please report it to its developers.`,
});

/** An abort often arrives wrapped: the whole chain of causes counts. */
function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  for (let error = thrown, depth = 0; error !== undefined && error !== null && depth < 10; depth++) {
    if (error === signal.reason) return true;
    const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: unknown };
    if (name === "AbortError" || code === "ABORT_ERR") return true;
    error = cause;
  }
  return false;
}

function describe(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return `a thrown ${typeof thrown}: ${String(thrown)}`;
}
