/** Runs the steps of a composite action of GitHub here: as much of its format as action.yml uses. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

interface Action {
  readonly inputs: { readonly [name: string]: { readonly default?: string } };
  readonly outputs: { readonly [name: string]: { readonly value: string } };
  readonly runs: { readonly steps: readonly Step[] };
}
interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly "working-directory"?: string;
  readonly env?: { readonly [name: string]: string };
  readonly run: string;
}

interface Ran {
  /** Exit status of the step that failed, 0 when none did. */
  readonly status: number | null;
  readonly output: string;
  readonly summary: string;
  /** Contents of the files that the outputs name. */
  readonly outputs: { readonly [name: string]: string };
}

/**
 * @param contexts what `${{ github.event_name }}` and the like stand for, by their whole name.
 * @throws Error when the action uses an expression that is not known here
 */
export function runAction(
  folder: string,
  inputs: { readonly [name: string]: string },
  contexts: { readonly [name: string]: string },
  env: NodeJS.ProcessEnv,
): Ran {
  const action = parse(readFileSync(join(folder, "action.yml"), "utf8")) as Action;
  const known: { [name: string]: string } = { ...contexts };
  const evaluate = (expression: string): string => {
    const value = known[expression];
    // A step that never ran has no outputs, which is no error there.
    if (value === undefined && expression.startsWith("steps.")) return "";
    if (value === undefined) throw new Error(`"${expression}" of action.yml is not known here`);
    return value;
  };
  const filled = (text: string) => text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => evaluate(name));
  for (const name of Object.keys(inputs))
    if (!action.inputs[name]) throw new Error(`action.yml has no input "${name}"`);
  for (const [name, input] of Object.entries(action.inputs))
    known[`inputs.${name}`] = inputs[name] ?? filled(input.default ?? "");
  /** `a == 'x' && b == 'y'`, which is all that it uses. */
  const holds = (condition: string) =>
    condition.split(" && ").every((term) => {
      const [name, text] = term.split(" == ");
      return `'${evaluate(name!)}'` === text;
    });

  const temporary = mkdtempSync(join(tmpdir(), "pm-action-"));
  const file = (name: string) => join(temporary, name);
  const said: string[] = [];
  let status: number | null = 0;
  for (const name of ["output", "summary"]) writeFileSync(file(name), "");
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !holds(step.if)) continue;
    if (step.shell !== "bash") throw new Error(`a step of action.yml wants the shell "${step.shell}"`);
    writeFileSync(file("output"), "");
    // As GitHub calls its bash.
    const child = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
      cwd: join(env.GITHUB_WORKSPACE ?? folder, filled(step["working-directory"] ?? ".")),
      encoding: "utf8",
      env: {
        ...env,
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text)])),
        RUNNER_TEMP: temporary,
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
      },
    });
    said.push(child.stdout, child.stderr);
    for (const line of readFileSync(file("output"), "utf8").split("\n").filter(Boolean))
      known[`steps.${step.id}.outputs.${line.slice(0, line.indexOf("="))}`] = line.slice(
        line.indexOf("=") + 1,
      );
    status = child.status;
    if (status !== 0) break;
  }
  const summary = readFileSync(file("summary"), "utf8");
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value)]),
  );
  // The review is read before it goes.
  for (const [name, path] of Object.entries(outputs))
    outputs[name] = path === "" ? "" : readFileSync(path, "utf8");
  rmSync(temporary, { recursive: true });
  return { status, output: said.join(""), summary, outputs };
}
