/** Plans that a command makes and throws away, by the core that `cdktf` uses. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./command-error";

export interface StackOptions {
  readonly stack?: string;
  readonly folder?: string;
}

export const STACK_OPTION = [
  "--stack <name>",
  "the stack of cdktf.out (default: the only one that is there)",
] as const;
export const FOLDER_OPTION = [
  "--folder <dir>",
  "a folder with Terraform files, instead of a stack of cdktf (default: that of the stack)",
] as const;

/** Of commands that read the declaration themselves, and know no other syntax than what cdktf lays out. */
export const JSON_FOLDER_OPTION = [
  "--folder <dir>",
  "a folder with a declaration in JSON (*.tf.json; *.tf is not read), instead of a stack of cdktf (default: that of the stack)",
] as const;

/** For the help of commands that plan. */
export const SYNTH_BEFORE = "Run `npx cdktf synth` once before: it lays out the stack.";
export const PLANS =
  "It makes a plan of its own and throws it away, with `terraform` or what TERRAFORM_BINARY_NAME names, and with the credentials of a plan (the environment variables that `fromEnv` names). Nothing is locked, and no device is changed.";

/** @throws CommandError when it is not clear which folder is meant, or there is none. */
export function folderOf({ stack, folder }: StackOptions): string {
  if (folder === undefined) return stackFolder(stack);
  if (stack !== undefined) throw new CommandError("Give --stack or --folder, not both.", 2);
  if (!existsSync(folder))
    throw new CommandError(
      `There is no folder ${folder}. Name one that is there with --folder, or run \`npx cdktf synth\`.`,
      2,
    );
  return resolve(folder);
}

function stackFolder(name: string | undefined): string {
  const stacks = join(process.cwd(), "cdktf.out/stacks");
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  const stack = name ?? (names.length === 1 ? names[0]! : undefined);
  if (names.length === 0)
    throw new CommandError("No stack is laid out here. Run `npx cdktf synth` first.", 2);
  if (stack === undefined || !names.includes(stack))
    throw new CommandError(
      `${name === undefined ? "" : `There is no stack ${name}. `}Name one stack with --stack: ${names.join(", ")}.`,
      2,
    );
  return join(stacks, stack);
}

/**
 * What `show -json` says of a plan of that folder, which is made and thrown away; nothing is locked or changed.
 *
 * @param environment replaces variables of this process's
 * @param warn gets what the core warned of, which a plan does not hold
 */
export function planOf(
  folder: string,
  environment: NodeJS.ProcessEnv = {},
  warn: (warnings: readonly string[]) => void = () => {},
): Promise<unknown> {
  return inScratch("phone-migration-plan-", async (scratch) => {
    const run = (...args: string[]) => core(folder, args, { ...process.env, ...environment });
    const plan = join(scratch, "plan");
    await run("init", "-input=false", "-no-color");
    warn(diagnosed(await run("plan", "-json", "-input=false", "-lock=false", `-out=${plan}`), "warning"));
    return JSON.parse(await run("show", "-json", plan));
  });
}

/** A state as cores store it, as far as it matters here. */
export interface StoredState {
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes?: { readonly [name: string]: unknown } }[];
  }[];
}

/** Whether a core was there: only then it finds the state again. */
export const isInitialised = (folder: string) =>
  existsSync(resolve(folder, process.env.TF_DATA_DIR || ".terraform"));

/** The state of that folder as it is stored now; its lock is not asked for, so also while a deploy runs. */
export async function stateOf(folder: string): Promise<StoredState> {
  // Whoever has deployed from here has initialised it, and a deploy that runs must not see that done anew.
  if (!isInitialised(folder)) await core(folder, ["init", "-input=false", "-no-color"], process.env);
  for (let attempt = 1; ; attempt++) {
    try {
      const text = await core(folder, ["state", "pull"], process.env);
      return text.trim() === "" ? {} : (JSON.parse(text) as StoredState);
    } catch (error) {
      // A core writes its local state file in place: a reader may find a part of it.
      if (attempt === ATTEMPTS || (error instanceof CommandError && error.exitStatus > 128)) throw error;
      await sleep(PAUSE);
    }
  }
}
const ATTEMPTS = 3;
/** Milliseconds. */
const PAUSE = 300;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A private folder for the time of `work`; it is gone afterwards, also when a signal ends the command. */
export async function inScratch<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Whoever waits for a core stops it and comes back here; the second signal does not wait.
  let stopped: NodeJS.Signals | null = null;
  const stop = (signal: NodeJS.Signals) => {
    if (stopped !== null) remove();
    stopped = signal;
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const result = await work(folder);
    if (stopped !== null) throw endedBy(stopped);
    return result;
  } catch (error) {
    // What was given up because of the signal is no failure of its own.
    throw stopped === null ? error : endedBy(stopped);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    remove();
  }
}

const endedBy = (signal: NodeJS.Signals) =>
  new CommandError(`Stopped by ${signal}.`, 128 + constants.signals[signal]);

/** Name or path of the core's program. */
export const binary = () => process.env.TERRAFORM_BINARY_NAME || "terraform";

async function core(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, stderr } = await run(cwd, args, env);
  if (status === 0) return stdout;
  const errors = diagnosed(stdout, "error");
  if (errors.length > 0) throw new CoreError(errors.join("\n"), errors.every(isUnset) ? 2 : 1);
  throw new CoreError(
    `${binary()} ${args[0]} failed in ${cwd}:\n${stderr.trim() || stdout.trim()}\nMend that; \`npx cdktf plan\` shows it as well.`,
  );
}

/** The core ran, and ended with an error. */
export class CoreError extends CommandError {}

/** What our providers say of a cluster or server before they ask it anything. */
const isUnset = (error: string) => /^Environment variables? [\w, ]+ (is|are) not set\b/.test(error);

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A signal to this process is one to the core, and ends the command once the core has ended. */
function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(binary(), args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stopped: NodeJS.Signals | null = null;
    const stop = (signal: NodeJS.Signals) => {
      child.kill(stopped === null ? signal : "SIGKILL");
      stopped = signal;
    };
    const end = () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    child.on("error", (error) => {
      end();
      fail(
        new CommandError(
          `${binary()} cannot be run (${error.message}). Install it, or set TERRAFORM_BINARY_NAME to the core's program.`,
          2,
        ),
      );
    });
    child.on("close", (status) => {
      end();
      if (stopped === null) done({ status, ...said });
      else fail(endedBy(stopped));
    });
  });
}

/** What `plan -json` prints, a line each; only diagnostics are looked at. */
interface Line {
  readonly type?: string;
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
  };
}

/** What the core was told or found, without the frame that it draws around it; what several met, once. */
function diagnosed(output: string, wanted: "error" | "warning"): string[] {
  const found = output.split("\n").flatMap((text) => {
    const { type, diagnostic } = lineOf(text);
    if (type !== "diagnostic" || diagnostic?.severity !== wanted) return [];
    const { summary, detail = "" } = diagnostic;
    return [detail === "" ? summary : `${summary}: ${detail}`];
  });
  return [...new Set(found)];
}

function lineOf(text: string): Line {
  try {
    return (JSON.parse(text) as Line | null) ?? {};
  } catch {
    return {};
  }
}
