/** Somebody with a clone and a terminal, who types what a page says. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const ROOT = join(__dirname, "../../..");

export interface Said {
  readonly command: string;
  /** Both streams. */
  readonly output: string;
  readonly status: number | null;
}

export class Newcomer {
  readonly folder = mkdtempSync(join(tmpdir(), "pm-newcomer-"));
  readonly transcript: Said[] = [];
  /** What changes the shell for the lines after it. */
  private readonly shell: string[] = [];
  private readonly staying: ChildProcess[] = [];

  /** What a clone would have: files that are tracked, and new ones that are not ignored, as they are now. */
  clone(): void {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const names = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
    for (const name of names) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      cpSync(join(ROOT, name), join(this.folder, name));
    }
  }

  async type(command: string): Promise<Said> {
    if (/^(\.|export) /.test(command)) this.shell.push(command);
    const child = this.spawn([...this.shell, command].join("\n"));
    let output = "";
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const said = { command, output: stripVTControlCharacters(output), status };
    this.transcript.push(said);
    return said;
  }

  /** What stays in another terminal. Returns when it has said `words`. @throws Error when it ends before */
  async leaveRunning(command: string, words: string): Promise<void> {
    const child = this.spawn(`exec ${command}`);
    this.staying.push(child);
    let output = "";
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout!, child.stderr!])
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          if (output.includes(words)) resolve();
        });
      child.on("exit", () => reject(new Error(`\`${command}\` ended:\n${output}`)));
    });
    this.transcript.push({ command, output, status: null });
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  }

  /** @param end the command that ends what was left running */
  async close(end: string): Promise<void> {
    const left = this.staying.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = left.map((child) => new Promise((resolve) => child.on("exit", resolve)));
    if (left.length > 0) await this.type(end);
    await Promise.all(ended);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(script: string): ChildProcess {
    // Settings of jest, and of whoever runs it, are no newcomer's.
    const { NODE_ENV: _, JEST_WORKER_ID: __, TF_CLI_CONFIG_FILE: ___, ...env } = process.env;
    return spawn("bash", ["-c", script], {
      cwd: this.folder,
      env: { ...env, CI: "true", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}
