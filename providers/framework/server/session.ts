import type {
  AnyDataSource,
  AnyProvider,
  AnyResource,
  Context,
  Logger,
  LogLine,
  ValidateContext,
} from "../define";
import type { Diagnostic } from "../diagnostic";
import type { Schema } from "../schema/attribute";
import { withoutWriteOnly } from "../schema/complete";
import { conform, type Problem } from "../schema/conform";
import { showPath } from "../schema/path";
import { typeOfSchema } from "../schema/schema-type";
import type { AttributePath, Json, Value } from "../schema/value";
import type { Deadline } from "./deadline";
import { derivedLog } from "./derived-log";
import { endingOf } from "./ending";
import { heeding, withDeadline } from "./heeding";
import type { Most } from "./needles";
import { sayable } from "./sayable";
import { maskedLog, Secrets } from "./secrets";
import { becauseOf, bug, describe, diagnosticOf, type Stopped, stackOf, stopped } from "./thrown";

/** What outlives one call: the definition, its lookup tables, and the client once the provider is configured. */
export interface Session {
  readonly definition: AnyProvider;
  /** Masks whatever is in `seen`. */
  readonly log: Logger;
  readonly resources: ReadonlyMap<string, AnyResource<unknown>>;
  readonly dataSources: ReadonlyMap<string, AnyDataSource<unknown>>;
  configured: { readonly client: unknown } | null;
  /** What the provider's configuration holds of them. */
  readonly secrets: Secrets;
  /** What requests have held, the last ones: for what is not of one operation, like the lines of a library. */
  readonly seen: Secrets;
  /** Milliseconds that a hook has to end once it is told to stop. */
  readonly grace: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

const MOST_PROBLEMS = 10;
/** Some megabytes. A secret of several lines is as many texts; a run of thousands of states meets all of them. */
const MOST_SEEN: Most = { texts: 20_000, characters: 4 * 1024 * 1024 };
/** For calls that nobody can abort. */
const NEVER = new AbortController().signal;

/** One call of the server: collects its diagnostics and runs hooks so that nothing they throw gets out. */
export class Operation {
  readonly diagnostics: Diagnostic[] = [];
  /** A hook that was told to stop and has not done all that it should have: why. Nothing when it was not told. */
  interrupted: Diagnostic | undefined;
  private readonly secrets: Secrets;
  private lines: Logger | undefined;

  constructor(
    private readonly session: Session,
    /** What it is about, for summaries: a resource type, or `provider "cucm"`. */
    readonly subject: string,
    readonly signal: AbortSignal = NEVER,
  ) {
    this.secrets = new Secrets(session.secrets);
  }

  get log(): Logger {
    this.lines ??= maskedLog(logAbout(this.session.log, this.subject), this.secrets);
    return this.lines;
  }

  /** From now on what the schema calls sensitive of these objects is in no log line and in no hook's message. */
  protect(schema: Schema, ...objects: readonly (Value | Json)[]): this {
    this.session.seen.addTexts(this.secrets.add(schema, ...objects));
    this.session.seen.forget(MOST_SEEN, this.session.secrets);
    return this;
  }

  get failed(): boolean {
    return this.diagnostics.some((d) => d.severity === "error");
  }

  /**
   * Runs a hook that needs the device. It is not called when the provider is not configured, or too late.
   * @param how when it is told to stop, and whether it `writes`; see {@link Deadline}.
   */
  async hook<T>(
    name: string,
    run: (ctx: Context<unknown>) => Promise<T> | T,
    {
      deadline,
      writes = false,
    }: { readonly deadline?: Deadline | undefined; readonly writes?: boolean } = {},
  ): Promise<Outcome<T>> {
    const { configured, definition } = this.session;
    if (!configured) {
      this.error(
        `Provider "${definition.name}" is not configured`,
        `The ${name} of ${this.subject} needs the provider, but its configuration did not succeed. Fix that first.`,
      );
      return { ok: false };
    }
    if (this.signal.aborted) {
      this.diagnostics.push(this.stopped(name, this.signal));
      return { ok: false };
    }
    const { signal, release } = deadline
      ? withDeadline(this.signal, name, deadline)
      : { signal: this.signal, release: () => undefined };
    let named = false;
    const outcome = await heeding(
      { signal, ending: () => endingOf(this.signal) },
      this.session.grace,
      this.guard(
        name,
        () => run({ client: configured.client, ...this.contextWithoutClient(signal) }),
        signal,
      ),
      (): Outcome<T> | undefined => {
        const waits = writes && !becauseOf(signal).ending && !endingOf(this.signal).aborted;
        if (!named)
          this.log.warn(`the ${name} goes on although it was told to stop`, {
            why: describe(signal.reason),
            waits,
          });
        named = true;
        if (waits) return undefined;
        this.diagnostics.push(this.stopped(name, signal));
        return { ok: false };
      },
    );
    release();
    if (signal.aborted) this.told(this.stopped(name, signal), becauseOf(signal));
    return outcome;
  }

  /** After a hook whose signal was aborted. */
  private told(why: Diagnostic, { stray, deadline }: Stopped["because"]): void {
    this.interrupted = why;
    // Whatever the hook made of the abort, the user reads first why there was one.
    const said = this.diagnostics.some((d) => d.summary === why.summary && d.detail === why.detail);
    if ((stray || deadline) && this.failed && !said) this.diagnostics.unshift(why);
  }

  /** Why a hook was told to stop. */
  private stopped(hook: string, signal: AbortSignal): Diagnostic {
    return this.ofAnyRequest(stopped({ hook, subject: this.subject, signal }));
  }

  /** What was thrown elsewhere may hold secrets of any request; its own may be forgotten among those. */
  private ofAnyRequest(diagnostic: Diagnostic): Diagnostic {
    return masked(masked(diagnostic, this.secrets), this.session.seen);
  }

  contextWithoutClient(signal = this.signal): Omit<Context<never>, "client"> {
    return { signal, log: this.log, ...this.reporter() };
  }

  reporter(): ValidateContext {
    return {
      warn: (summary, detail, path) =>
        this.report({ severity: "warning", summary, detail, ...(path && { path }) }),
      error: (summary, detail, path) => this.error(summary, detail, path),
    };
  }

  /** Runs code of the provider's author; what it throws becomes a diagnostic. */
  async guard<T>(name: string, run: () => Promise<T> | T, signal?: AbortSignal): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await run() };
    } catch (thrown) {
      this.caught(name, thrown, signal);
      return { ok: false };
    }
  }

  /** Reports what something threw. */
  caught(name: string, thrown: unknown, signal = this.signal): void {
    const { stray } = becauseOf(signal);
    const diagnostic = diagnosticOf(thrown, { hook: name, subject: this.subject, signal });
    this.diagnostics.push(stray ? this.ofAnyRequest(diagnostic) : masked(diagnostic, this.secrets));
    this.log.debug(`${name} threw`, { stack: stackOf(thrown) });
  }

  error(summary: string, detail: string, path?: AttributePath): void {
    this.report({ severity: "error", summary, detail, ...(path && { path }) });
  }

  /** What the author of a hook says, without secrets. */
  private report(diagnostic: Diagnostic): void {
    this.diagnostics.push(masked(diagnostic, this.secrets));
  }

  /** A hook's result as a value of the schema; undefined when it is none, which is reported. */
  conform(name: string, schema: Schema, result: unknown, known: readonly Value[]): Value | undefined {
    const { value, sound } = this.salvage(name, schema, result, known);
    return sound ? value : undefined;
  }

  /** The same with what can be used of a result that is not sound: null in place of what is wrong in it. */
  salvage(
    name: string,
    schema: Schema,
    result: unknown,
    known: readonly Value[],
  ): { readonly value: Value; readonly sound: boolean } {
    const problems: Problem[] = [];
    const value = conform(typeOfSchema(schema), result, (problem) => problems.push(problem), known);
    if (problems.length === 0 && (value === null || typeof value === "symbol"))
      problems.push({ path: [], message: "must be an object" });
    this.bugs(`The ${name} returned`, problems);
    return { value: withoutWriteOnly(schema, value), sound: problems.length === 0 };
  }

  /** Private data as it will be kept; undefined when a hook returned something that is no JSON. */
  encode<T>(name: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (thrown) {
      this.report(
        bug(this.subject, `The ${name} returned private data that is no JSON (${describe(thrown)})`),
      );
      return undefined;
    }
  }

  /** Reports broken rules as bugs of the provider, each with the attribute that it is about. */
  bugs(what: string, problems: readonly Problem[]): void {
    for (const { path, message } of problems.slice(0, MOST_PROBLEMS)) {
      const found =
        path.length === 0
          ? `${what} something that ${message}`
          : `${what} "${showPath(path)}", which ${message}`;
      this.report({ ...bug(this.subject, found), ...(path.length > 0 && { path }) });
    }
    if (problems.length > MOST_PROBLEMS)
      this.diagnostics.push(
        bug(this.subject, `${problems.length - MOST_PROBLEMS} more problems of this kind`),
      );
  }
}

const masked = ({ summary, detail, ...rest }: Diagnostic, secrets: Secrets): Diagnostic => ({
  ...rest,
  summary: secrets.mask(summary),
  detail: secrets.mask(detail),
});

/** Lines about one subject. */
const logAbout = (log: Logger, subject: string): Logger =>
  derivedLog(log, (write) => (message, more) => write(message, about(subject, more)));

function about(subject: string, more: Parameters<LogLine>[1]): Parameters<LogLine>[1] {
  try {
    return { subject, ...more };
  } catch {
    return { subject, ...sayable(more) };
  }
}
