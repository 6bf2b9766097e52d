/** The child's half of a lab process: options from a file, one line when ready, an end with its parent. */
import { readFileSync } from "node:fs";

export interface Running {
  /** What the parent needs to know; printed as `{"ready": ...}`. */
  readonly ready: unknown;
  close(): Promise<void>;
}

/**
 * Runs `start` with the options of `--options FILE` (a JSON file, mode 0600: they may hold secrets, so they never
 * come as arguments). Ends when told to (SIGTERM, SIGINT) and when its parent is gone (standard input closed).
 */
export function childMain<O>(start: (options: O) => Promise<Running>): void {
  const file = process.argv[process.argv.indexOf("--options") + 1];
  let running: Running | undefined;
  let ending = false;
  const end = async (code: number) => {
    if (ending) return;
    ending = true;
    // Whatever hangs in there must not keep an orphan alive.
    setTimeout(() => process.exit(code), 3000).unref();
    await running?.close().catch(() => {});
    process.exit(code);
  };
  process.on("SIGTERM", () => void end(0));
  process.on("SIGINT", () => void end(0));
  process.stdin.on("end", () => void end(0));
  process.stdin.on("error", () => void end(0));
  process.stdin.resume();
  void (async () => {
    if (file === undefined || !process.argv.includes("--options")) throw new Error("usage: --options FILE");
    running = await start(JSON.parse(readFileSync(file, "utf8")) as O);
    if (ending) await running.close();
    else process.stdout.write(`${JSON.stringify({ ready: running.ready })}\n`);
  })().catch((error: unknown) => {
    process.stdout.write(
      `${JSON.stringify({ failed: error instanceof Error ? error.message : String(error) })}\n`,
    );
    void end(1);
  });
}
