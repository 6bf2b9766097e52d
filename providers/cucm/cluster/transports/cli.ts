/**
 * The platform CLI of one node: one session, one command at a time. An answer ends with the prompt; whether a
 * command did what it should is not read from its text but from the state afterwards.
 */
import { StringDecoder } from "node:string_decoder";
import { DeadlineError, Gate, withDeadline } from "../budget";
import { ClusterError } from "../cluster";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import type { Log } from "../log";
import {
  afterEcho,
  confirmation,
  endsWithPager,
  endsWithPrompt,
  mayEndWithPrompt,
  plainText,
  withoutBeginning,
  withoutPagers,
  withoutPrompt,
  withoutSecrets,
} from "./cli-text";
import { openShell, type SshShell, type SshTarget } from "./ssh-shell";

/** The CLI itself takes its time to start. */
const START_MS = 90_000;
/** Once it prompts, it is there. */
const SET_UP_MS = 20_000;
/** A session whose start took so long to fail is not tried again for a while, by nobody who waits or asks then. */
const SLOW_MS = 5000;
const HUNG_MS = 60_000;
const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** Of the longest silence that a command may have: what drips does not go on for ever. */
const IN_ALL = 10;
/** What has to be looked at for a prompt, a pager or a question. */
const TAIL = 4096;
const QUESTIONS = 5;
/** A prompt without the echo of the command, or behind other output, counts after this much silence. */
const SILENCE_MS = 1500;

/** What to type when the end of the output so far asks for it, or null. */
export type Reply = (tail: string) => string | null;

export interface Command {
  readonly line: string;
  /** Besides pagers. Each may be given several times. */
  readonly reply?: Reply;
  /** A write is never repeated after a lost session. */
  readonly write?: boolean;
  /** Longest silence. */
  readonly timeoutMs: number;
  /** How many may be answered. @default 5 */
  readonly questions?: number;
  /** What is typed and must be seen in no answer, log or error, though the terminal may echo it. */
  readonly secrets?: readonly string[];
}

export class Cli {
  readonly #one = new Gate(1);
  #session: Session | null = null;
  #hung: { readonly error: ClusterError; readonly until: number } | null = null;

  constructor(
    private readonly target: SshTarget,
    private readonly log: Log,
    private readonly times = { start: START_MS, slow: SLOW_MS, hung: HUNG_MS },
  ) {}

  /** The answer without echo, pagers and prompt. @throws ClusterError */
  async run(command: Command, signal: AbortSignal): Promise<string> {
    try {
      return await this.#one.run(signal, () => this.#run(command, signal));
    } catch (error) {
      throw asClusterError(this.target.endpoint, "SSH", error);
    }
  }

  close(): void {
    this.#session?.close();
    this.#session = null;
  }

  async #run(command: Command, signal: AbortSignal): Promise<string> {
    const kept = this.#session?.alive === true;
    const session = kept ? this.#session! : await this.#open(signal);
    const started = Date.now();
    try {
      const answer = await session.run(command, signal);
      this.log(`CLI: ${command.line}`, {
        address: this.target.endpoint.address,
        ms: Date.now() - started,
        ...(command.write ? { answer: excerpt(answer) } : {}),
      });
      return answer;
    } catch (error) {
      // Whatever went wrong, the session is not where we think it is.
      this.close();
      if (!(error instanceof SessionLost)) throw error;
      // A kept session may have been ended by the node's idle timeout; nothing was typed into the new one yet.
      if (kept && !command.write && !signal.aborted) return this.#run(command, signal);
      throw lost(this.target.endpoint, command, error);
    }
  }

  async #open(signal: AbortSignal): Promise<Session> {
    if (this.#hung !== null && Date.now() < this.#hung.until) throw this.#hung.error;
    let session: Session | null = null;
    // Not the wait for other nodes' logins.
    let began = Number.POSITIVE_INFINITY;
    try {
      const shell = await this.target.refused.guard(() => {
        began = Date.now();
        return openShell(this.target, signal);
      });
      session = new Session(shell, this.target.endpoint);
      await session.start(this.times.start, signal);
      this.#session = session;
      return session;
    } catch (thrown) {
      session?.close();
      const start = { line: "(start of the CLI)", timeoutMs: this.times.start };
      const error = thrown instanceof SessionLost ? lost(this.target.endpoint, start, thrown) : thrown;
      if (error instanceof ClusterError && !signal.aborted && Date.now() - began >= this.times.slow)
        this.#hung = { error, until: Date.now() + this.times.hung };
      throw error;
    }
  }
}

class SessionLost extends Error {
  override readonly name = "SessionLost";
}

function lost(at: Endpoint, command: Command, error: SessionLost): ClusterError {
  const said = error.message === "" ? "" : ` Last output: ${error.message}`;
  return command.write
    ? failure(
        at,
        "broken off",
        `The CLI session on ${at.address} ended in the middle of a command`,
        `"${command.line}" may or may not have been done. Run it again: it reads first.${said}`,
      )
    : failure(
        at,
        "unreachable",
        `The CLI session on ${at.address} ended`,
        `It was lost during "${command.line}".${said}`,
      );
}

class Session {
  #raw: string[] = [];
  #size = 0;
  #ended = false;
  #changed: (() => void) | null = null;
  #lastData = Date.now();
  #secrets: readonly string[] = [];
  #working = false;
  #endsAt = 0;

  constructor(
    private readonly shell: SshShell,
    private readonly at: Endpoint,
  ) {
    const decoder = new StringDecoder("utf8");
    const take = (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size <= OUTPUT_LIMIT) this.#raw.push(decoder.write(chunk));
      // Nobody waits who could say so.
      else if (!this.#working) return this.close();
      this.#lastData = Date.now();
      this.#changed?.();
    };
    shell.channel.on("data", take);
    shell.channel.stderr.on("data", take);
    const end = () => {
      this.#ended = true;
      this.#changed?.();
    };
    shell.channel.on("close", end);
    shell.channel.on("error", end);
  }

  get alive(): boolean {
    return !this.#ended;
  }

  close(): void {
    this.#ended = true;
    this.shell.close();
    this.#changed?.();
  }

  async start(withinMs: number, signal: AbortSignal): Promise<void> {
    await this.#busy(async () => {
      // Silence behind a banner is told as silence.
      this.#endsAt = Date.now() + 2 * withinMs;
      await this.#until(endsWithPrompt, withinMs, signal, 'the prompt "admin:"');
      // Releases without this command answer with an error and go on paging, which run() copes with.
      await this.#command({ line: "set cli pagination off", timeoutMs: SET_UP_MS }, signal);
    });
  }

  run(command: Command, signal: AbortSignal): Promise<string> {
    return this.#busy(() => this.#command(command, signal));
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#working = true;
    this.shell.busy(true);
    try {
      return await work();
    } finally {
      this.#working = false;
      this.shell.busy(false);
    }
  }

  async #command(command: Command, signal: AbortSignal): Promise<string> {
    this.#raw = [];
    this.#size = 0;
    this.#secrets = command.secrets ?? [];
    this.#type(`${command.line}\n`);
    let answeredAt = 0;
    this.#endsAt = Date.now() + IN_ALL * command.timeoutMs;
    for (let questions = 0; ; ) {
      const reply = await this.#untilSomething(command, answeredAt, signal);
      if (reply === null) return withoutSecrets(this.#answer(command.line), this.#secrets);
      answeredAt = this.#size;
      if (reply === " ") {
        // A page more.
        this.#type(reply);
        continue;
      }
      if (++questions > (command.questions ?? QUESTIONS)) {
        throw failure(
          this.at,
          "answer",
          `The CLI of ${this.at.address} keeps asking`,
          excerpt(this.#shown()),
        );
      }
      this.#type(reply);
    }
  }

  /** Waits for the prompt (null), or for something to be answered after position `after`. */
  async #untilSomething(command: Command, after: number, signal: AbortSignal): Promise<string | null> {
    let reply: string | null = null;
    const settled = (tail: string) => {
      if (endsWithPrompt(tail) && this.#echoed(command.line)) return true;
      if (mayEndWithPrompt(tail)) return Date.now() - this.#lastData >= SILENCE_MS;
      if (this.#size === after) return false;
      reply = endsWithPager(tail) ? " " : (command.reply?.(tail) ?? null);
      return reply !== null;
    };
    await this.#until(settled, command.timeoutMs, signal, `the end of "${command.line}"`);
    return reply;
  }

  /** A prompt that belongs to an earlier command comes before the echo of this one. */
  #echoed(line: string): boolean {
    return afterEcho(plainText(this.#raw.join("")), line) !== null;
  }

  #answer(line: string): string {
    const text = withoutPagers(plainText(this.#raw.join("")));
    return withoutPrompt(afterEcho(text, line) ?? text).trim();
  }

  #type(text: string): void {
    if (this.#ended) throw new SessionLost("");
    this.shell.channel.write(text);
  }

  /** Looks whenever something came, and now and then; gives up after `silenceMs` without output. */
  async #until(
    done: (tail: string) => boolean,
    silenceMs: number,
    signal: AbortSignal,
    what: string,
  ): Promise<void> {
    let seen = -1;
    for (;;) {
      const tail = plainText(this.#tail());
      if (done(tail)) return;
      if (this.#ended) throw new SessionLost(excerpt(this.#shown(), 200));
      if (this.#size > OUTPUT_LIMIT) {
        throw failure(
          this.at,
          "answer",
          `The CLI of ${this.at.address} prints too much`,
          `Waiting for ${what}: more than ${OUTPUT_LIMIT} bytes, which were not read to the end.`,
        );
      }
      if (signal.aborted) throw signal.reason;
      if (Date.now() > this.#endsAt) {
        throw failure(
          this.at,
          "timeout",
          `The CLI of ${this.at.address} does not come to an end`,
          `Waiting for ${what}: it goes on printing, too slowly. Last output: ${excerpt(this.#shown().slice(-300))}`,
        );
      }
      if (seen !== this.#size) {
        seen = this.#size;
        this.#lastData = Date.now();
      } else if (Date.now() - this.#lastData > silenceMs) {
        throw failure(
          this.at,
          "timeout",
          `The CLI of ${this.at.address} does not answer`,
          `Waiting for ${what}: ${new DeadlineError(silenceMs).message}. Last output: ${excerpt(this.#shown().slice(-300)) || "(nothing)"}`,
        );
      }
      await this.#news(signal);
    }
  }

  /** Something new, or half a second. */
  async #news(signal: AbortSignal): Promise<void> {
    const news = (inner: AbortSignal) =>
      new Promise<void>((resolve) => {
        this.#changed = resolve;
        inner.addEventListener("abort", () => resolve(), { once: true });
      });
    await withDeadline(500, signal, news);
    this.#changed = null;
  }

  /** The last output for an error. A secret may be echoed, and the session may end in the middle of that. */
  #shown(): string {
    if (this.#secrets.length === 0) return plainText(this.#tail());
    return withoutBeginning(
      withoutSecrets(plainText(this.#raw.join("")), this.#secrets),
      this.#secrets,
    ).slice(-TAIL);
  }

  #tail(): string {
    let tail = "";
    for (let i = this.#raw.length - 1; i >= 0 && tail.length < TAIL; i--) tail = this.#raw[i]! + tail;
    return tail.slice(-TAIL);
  }
}

/** Says yes to whatever asks for a confirmation. */
export const confirming: Reply = (tail) => {
  const answer = confirmation(tail);
  return answer === null ? null : `${answer}\n`;
};
