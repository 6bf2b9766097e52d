/** Plans that a command makes and throws away, by the core that `cdktf` uses. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CommandError } from "./command-error";

export interface StackOptions {
  readonly stack?: string;
  readonly folder?: string;
}

export const STACK_OPTION = ["--stack <name>", "the stack (needed when there is more than one)"] as const;
export const FOLDER_OPTION = [
  "--folder <dir>",
  "a folder with Terraform files, instead of a stack of cdktf",
] as const;

/** @throws CommandError when it is not clear which folder is meant, or there is none. */
export function folderOf({ stack, folder }: StackOptions): string {
  if (folder === undefined) return stackFolder(stack);
  if (stack !== undefined) throw new CommandError("Give --stack or --folder, not both.", 2);
  if (!existsSync(folder)) throw new CommandError(`There is no folder ${folder}.`, 2);
  return resolve(folder);
}

function stackFolder(name: string | undefined): string {
  const stacks = join(process.cwd(), "cdktf.out/stacks");
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  const stack = name ?? (names.length === 1 ? names[0]! : undefined);
  if (names.length === 0) throw new CommandError("No stack is laid out here. Run `npx cdktf plan` first.", 1);
  if (stack === undefined || !names.includes(stack))
    throw new CommandError(`Name one stack with --stack: ${names.join(", ")}.`, 2);
  return join(stacks, stack);
}

/**
 * What `show -json` says of a plan of that folder, which is made and thrown away; nothing is locked or changed.
 *
 * @param environment replaces variables of this process's
 */
export function planOf(folder: string, environment: NodeJS.ProcessEnv = {}): unknown {
  const scratch = mkdtempSync(join(tmpdir(), "phone-migration-plan-"));
  const run = (...args: string[]) => core(folder, args, { ...process.env, ...environment });
  try {
    const plan = join(scratch, "plan");
    run("init", "-input=false", "-no-color");
    run("plan", "-input=false", "-no-color", "-lock=false", `-out=${plan}`);
    return JSON.parse(run("show", "-json", plan));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Name or path of the core's program. */
export const binary = () => process.env.TERRAFORM_BINARY_NAME || "terraform";

function core(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = spawnSync(binary(), args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error)
    throw new CommandError(
      `${binary()} cannot be run (${error.message}). Install it, or set TERRAFORM_BINARY_NAME.`,
      1,
    );
  if (status !== 0) throw new CommandError(`${binary()} ${args[0]} failed in ${cwd}:\n${stderr.trim()}`, 1);
  return stdout;
}
