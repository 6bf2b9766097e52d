import { type ChildProcess, spawn } from "node:child_process";

/** Running a core and understanding what it prints with `-json`. */

/** As in https://developer.hashicorp.com/terraform/internals/machine-readable-ui, `diagnostic`. */
export interface CoreDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  /** The place in the configuration; present when the provider named an attribute. */
  readonly snippet?: { readonly context: string | null; readonly code: string };
}

export interface Output {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly diagnostics: readonly CoreDiagnostic[];
}

/** A core that is running; for tests that interfere with it. */
export interface Running {
  readonly process: ChildProcess;
  readonly output: Promise<Output>;
}

/** A command that failed, with what the core said of it. */
export class CoreError extends Error {
  override readonly name = "CoreError";
  constructor(
    readonly command: string,
    readonly output: Output,
  ) {
    super(`\`${command}\` failed (${output.signal ?? `exit code ${output.exitCode}`}):\n${explain(output)}`);
  }
  get errors(): readonly CoreDiagnostic[] {
    return this.output.diagnostics.filter(({ severity }) => severity === "error");
  }
}

const explain = ({ diagnostics, stdout, stderr }: Output) =>
  diagnostics.length > 0
    ? diagnostics.map((d) => `${d.severity}: ${d.summary}\n  ${d.detail.replaceAll("\n", "\n  ")}`).join("\n")
    : [stdout, stderr].filter((text) => text.trim() !== "").join("\n");

/** Standard input is closed at once, so that a question of the core is an error and not a wait. */
export function start(
  binary: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Running {
  const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk) => stdout.push(chunk));
  child.stderr.on("data", (chunk) => stderr.push(chunk));
  const output = new Promise<Output>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      const out = Buffer.concat(stdout).toString();
      resolve({
        exitCode,
        signal,
        stdout: out,
        stderr: Buffer.concat(stderr).toString(),
        diagnostics: diagnosticsIn(out),
      });
    });
  });
  return { process: child, output };
}

/** One event a line with `-json`; `validate -json` prints one document. Anything else holds no diagnostics. */
function diagnosticsIn(stdout: string): CoreDiagnostic[] {
  const documents = stdout.trimStart().startsWith("{\n") ? [stdout] : stdout.split("\n");
  return documents.flatMap((text) => {
    if (!text.startsWith("{")) return [];
    try {
      const event = JSON.parse(text);
      return event.type === "diagnostic" ? [event.diagnostic] : (event.diagnostics ?? []);
    } catch {
      return [];
    }
  });
}
