/** The parent's half of a lab process. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { ROOT } from "./root";

export interface Child<R> {
  readonly name: string;
  readonly pid: number;
  readonly ready: R;
  /** Resolves when the process has ended, for whatever reason, with a phrase: `exit status 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** What node runs: the source through tsx; in an installed package there are only bundles (scripts/build.mjs). */
function programOf(name: string, script: string): string[] {
  const source = join(ROOT, script);
  if (!existsSync(source)) return [join(ROOT, `dist/lab-${name}.js`)];
  return ["--import", pathToFileURL(createRequire(join(ROOT, "package.json")).resolve("tsx")).href, source];
}

/**
 * Starts `script` (of this project's sources) with `options` and waits for its ready line. It gets a process group
 * of its own, so that Ctrl-C reaches it through its parent only, and ends when its standard input closes.
 *
 * @throws Error with the child's own sentence and the place of its log
 */
export async function spawnChild<R>(
  name: string,
  script: string,
  options: unknown,
  directory: string,
  timeout = 60_000,
): Promise<Child<R>> {
  const optionsFile = join(directory, `${name}.options.json`);
  writeFileSync(optionsFile, JSON.stringify(options), { mode: 0o600 });
  const logFile = join(directory, `${name}.log`);
  const log = createWriteStream(logFile, { mode: 0o600 });
  const child = spawn(process.execPath, [...programOf(name, script), "--options", optionsFile], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    cwd: ROOT,
    // Nothing of the caller's test or debug set-up belongs in there.
    env: { ...process.env, NODE_OPTIONS: "", NODE_ENV: "" },
  });
  child.stdin.on("error", () => {});
  child.stderr.pipe(log);
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => done(signal ?? `exit status ${code}`));
  });
  const ready = await new Promise<R>((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`${name} is not ready after ${timeout / 1000} s; see ${logFile}`)),
      timeout,
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const message = parse(line);
      if (message?.ready !== undefined) {
        clearTimeout(timer);
        done(message.ready as R);
      } else if (typeof message?.failed === "string") {
        clearTimeout(timer);
        fail(new Error(`${name} did not start: ${message.failed}; see ${logFile}`));
      } else log.write(`${line}\n`);
    });
    void ended.then((how) => {
      clearTimeout(timer);
      fail(new Error(`${name} ended before it was ready (${how}); see ${logFile}`));
    });
  }).catch(async (error: unknown) => {
    await stop(child, ended);
    throw error;
  });
  return { name, pid: child.pid!, ready, ended, close: () => stop(child, ended) };
}

/** Asks, waits, insists. */
async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.stdin?.end();
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 4000);
  await ended;
  clearTimeout(insist);
}

function parse(line: string): { ready?: unknown; failed?: unknown } | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as { ready?: unknown; failed?: unknown };
  } catch {
    return undefined;
  }
}
