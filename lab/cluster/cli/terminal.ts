import { setTimeout as sleep } from "node:timers/promises";

/** The two ends of a shell with a PTY. */
export interface Wire {
  send(text: string): void;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** What is shown of a line while it is typed; of the last kind not even that it has ended. */
export type Echo = "all" | "stars" | "none" | "not even the end";

export class SessionClosed extends Error {
  override readonly name = "SessionClosed";
}

export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const PAGER = "Press <enter> for 1 line, <space> for one page, or <q> to quit";

/** Lines of output go out in small pieces, as a slow machine writes them. */
const LINES_PER_WRITE = 8;

/**
 * The line discipline of the OS CLI: echo, CR LF, a pager, and what is typed ahead is read when a command ends,
 * except where a question is asked: what came before a question is thrown away.
 */
export class Terminal {
  paginates = true;
  private input = "";
  private waiting: (() => void) | null = null;
  private closed = false;
  /** Lines since the pager last asked. */
  private shown = 0;
  /** The reader of this command has had enough. */
  private quit = false;
  private lastWasCr = false;

  constructor(
    private readonly wire: Wire,
    private readonly size: Size,
    /** Milliseconds between pieces of output. */
    private readonly pace: number,
  ) {}

  /** What the client typed. */
  feed(text: string): void {
    this.input += text;
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  /** A new command begins: the pager starts to count. */
  beginCommand(): void {
    this.shown = 0;
    this.quit = false;
  }

  /** Raw text without pager: prompts. */
  prompt(text: string): void {
    this.wire.send(text);
  }

  /** Whole lines, LF separated, through the pager. */
  async print(text: string): Promise<void> {
    const lines = text.replace(/\n$/, "").split("\n");
    let piece = "";
    for (const [i, line] of lines.entries()) {
      if (this.quit) return;
      if (this.paginates && this.shown >= this.size.rows - 1) {
        this.wire.send(piece);
        piece = "";
        await this.pause();
        if (this.quit) return;
      }
      piece += `${line}\r\n`;
      this.shown += 1;
      if (i % LINES_PER_WRITE === LINES_PER_WRITE - 1) {
        this.wire.send(piece);
        piece = "";
        await sleep(this.pace);
        if (this.closed) throw new SessionClosed();
      }
    }
    this.wire.send(piece);
  }

  /** A line as typed, echoed. Ctrl-C throws {@link Interrupted}. */
  async readLine(options: { fresh?: boolean; echo?: Echo } = {}): Promise<string> {
    if (options.fresh) this.input = "";
    const { echo = "all" } = options;
    let line = "";
    let column = 0;
    for (;;) {
      const key = await this.key();
      if (key === "\x03") {
        this.wire.send("^C\r\n");
        throw new Interrupted();
      }
      if (key === "\r" || key === "\n") {
        if (key === "\n" && this.lastWasCr) {
          this.lastWasCr = false;
          continue;
        }
        this.lastWasCr = key === "\r";
        if (echo !== "not even the end") this.wire.send("\r\n");
        return line;
      }
      this.lastWasCr = false;
      if (key === "\x7f" || key === "\b") {
        if (line.length > 0) this.wire.send("\b \b");
        line = line.slice(0, -1);
        continue;
      }
      if (key < " ") continue;
      line += key;
      if (echo === "none" || echo === "not even the end") continue;
      this.wire.send(echo === "stars" ? "*" : key);
      column += 1;
      // readline shows a line that is longer than the screen so
      if (column % this.size.columns === 0) this.wire.send(" \r");
    }
  }

  /** A pasted text up to its end, in one of the three ways that a CLI may mean. */
  async readPaste(end: "newline" | "empty-line" | "ctrl-d"): Promise<string> {
    this.input = "";
    let text = "";
    let line = "";
    for (;;) {
      const key = await this.key();
      if (key === "\x03") {
        this.wire.send("^C\r\n");
        throw new Interrupted();
      }
      if (key === "\x04") {
        if (end === "ctrl-d") return text + line;
        continue;
      }
      if (key !== "\r" && key !== "\n") {
        this.lastWasCr = false;
        line += key;
        this.wire.send(key);
        continue;
      }
      if (key === "\n" && this.lastWasCr) {
        this.lastWasCr = false;
        continue;
      }
      this.lastWasCr = key === "\r";
      this.wire.send("\r\n");
      text += `${line}\n`;
      if (end === "newline" && line.trim() === "-----END CERTIFICATE-----") return text;
      if (end === "empty-line" && line.trim() === "" && text.trim() !== "") return text;
      line = "";
    }
  }

  private async pause(): Promise<void> {
    this.wire.send(PAGER);
    for (;;) {
      const key = await this.key();
      if (key === "q" || key === "Q" || key === "\x03") this.quit = true;
      else if (key === " ") this.shown = 0;
      else if (key === "\r" || key === "\n") this.shown -= 1;
      else continue;
      this.wire.send(`\r${" ".repeat(PAGER.length)}\r`);
      return;
    }
  }

  private async key(): Promise<string> {
    while (this.input === "") {
      if (this.closed) throw new SessionClosed();
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
    const key = this.input[0]!;
    this.input = this.input.slice(1);
    return key;
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.();
  }
}
