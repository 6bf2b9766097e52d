import { readFile, stat } from "node:fs/promises";
import { type LabOptions, startClusters } from "./start";

/**
 * The clusters as a process: `--options FILE` names a JSON file of {@link LabOptions} with mode 0600 (it holds
 * passwords). One line of JSON on stdout, `{"ready": {...}}`, when everything answers. It ends on SIGTERM or
 * SIGINT, and with `--attached` also when its standard input ends, so that it never outlives who started it.
 */
async function main(): Promise<void> {
  const file = process.argv[process.argv.indexOf("--options") + 1];
  if (!process.argv.includes("--options") || file === undefined)
    throw new Error("usage: process --options FILE");
  if (((await stat(file)).mode & 0o077) !== 0)
    throw new Error(`${file} holds passwords: its mode must be 0600`);
  const options = JSON.parse(await readFile(file, "utf8")) as LabOptions;
  const running = await startClusters(options);
  process.stdout.write(`${JSON.stringify({ ready: running.ready })}\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
    if (!process.argv.includes("--attached")) return;
    process.stdin.once("end", resolve);
    process.stdin.once("error", resolve);
    process.stdin.resume();
  });
  await running.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
