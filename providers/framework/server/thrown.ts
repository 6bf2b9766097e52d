import { type Diagnostic, isExplained } from "../diagnostic";
import type { Deadline } from "./deadline";

/** Why an operation is told to stop: the reason of its signal. */
export class Stopped extends Error {
  /** As the errors of Node's own interfaces, which hooks and libraries know. */
  override readonly name = "AbortError";
  constructor(
    message: string,
    readonly because: {
      /** Something was thrown where nothing could catch it: a bug of the provider, whatever the hook says. */
      readonly stray?: { readonly thrown: unknown };
      readonly deadline?: Deadline;
      /** The process is about to end, and with it whatever a hook still does. */
      readonly ending?: boolean;
    } = {},
  ) {
    super(message);
  }
}

/** How a hook is told to stop. */
export interface Place {
  readonly hook: string;
  /** The type, or the provider, that the operation is about. */
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Whatever was thrown, as a diagnostic. No stack: that belongs into the log. */
export function diagnosticOf(thrown: unknown, place: Place): Diagnostic {
  const explained = attempt(() => explanation(thrown), undefined);
  if (explained) return explained;
  if (place.signal.aborted && isAbort(thrown, (error) => error === place.signal.reason))
    return stopped(place);
  return bug(place.subject, `Its ${place.hook} failed with ${describe(thrown)}`);
}

/** What the user reads of a hook whose signal is aborted. */
export function stopped({ hook, subject, signal }: Place): Diagnostic {
  const { stray, deadline } = becauseOf(signal);
  if (stray)
    return bug(
      subject,
      `Its ${hook} was stopped: something was thrown where nothing catches it, namely ${describe(stray.thrown)}. What is known to be done is recorded`,
    );
  return deadline ? tookTooLong(subject, hook, deadline) : cancelled(subject, hook);
}

/** Why the signal was aborted; nothing when that was not our doing. */
export const becauseOf = ({ reason }: AbortSignal): Stopped["because"] =>
  reason instanceof Stopped ? reason.because : {};

const cancelled = (subject: string, hook: string): Diagnostic => ({
  severity: "error",
  summary: `${subject}: cancelled`,
  detail: `The ${hook} was cancelled before it had finished. What is known to be done is recorded; run it again to go on.`,
});

const tookTooLong = (subject: string, hook: string, { text, setting }: Deadline): Diagnostic => ({
  severity: "error",
  summary: `${subject}: the ${hook} took longer than ${text}`,
  detail: `It was told to stop. What is known to be done is recorded; run it again to go on, and raise \`${setting}\` if it needs more time.`,
});

export const bug = (subject: string, what: string): Diagnostic => ({
  severity: "error",
  summary: `Bug of the provider (${subject})`,
  detail: `${what}${/[.!?]$/.test(what) ? "" : "."}\n\nThis is a bug of the provider. Please report it to its developers.`,
});

function explanation(thrown: unknown): Diagnostic | undefined {
  if (!isExplained(thrown)) return undefined;
  const { summary, detail, path } = thrown;
  return { severity: "error", summary, detail, ...(path && { path }) };
}

/**
 * Whether it says that something was aborted: an error of Node's own interfaces, or one that `isReason`. It often
 * arrives wrapped: the whole chain of causes counts.
 */
export function isAbort(thrown: unknown, isReason: (error: unknown) => boolean): boolean {
  return attempt(() => {
    for (let error = thrown, depth = 0; error !== undefined && error !== null && depth < 10; depth++) {
      if (isReason(error)) return true;
      const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: unknown };
      if (name === "AbortError" || code === "ABORT_ERR") return true;
      error = cause;
    }
    return false;
  }, false);
}

/** In one line. */
export const describe = (thrown: unknown): string =>
  attempt(
    () =>
      thrown instanceof Error
        ? unquoted(thrown, `${thrown.name}: ${thrown.message}`)
        : `a thrown ${typeof thrown}: ${String(thrown)}`,
    `a thrown ${typeof thrown} that has no text`,
  );

/** Where it was thrown, as far as it tells. */
export const stackOf = (thrown: unknown): string =>
  attempt(
    () => (thrown instanceof Error ? unquoted(thrown, thrown.stack ?? String(thrown)) : String(thrown)),
    describe(thrown),
  );

/** `JSON.parse` quotes a piece of what it was given. A piece of a secret is not found when secrets are masked. */
const unquoted = ({ name }: Error, text: string): string =>
  name === "SyntaxError"
    ? text.replace(/(?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON/s, "the text is not valid JSON")
    : text;

/** Anything can be thrown, even what throws itself when one looks at it: a Proxy, an object without prototype. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
