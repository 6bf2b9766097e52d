import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "../providers/framework/wire/certificate";
import { MAGIC_COOKIE, PROTOCOL_VERSION } from "../providers/framework/wire/handshake";

/**
 * How long a provider takes from its start to the handshake line that Terraform waits for, beside `node -e ''`,
 * which does nothing: the least that a provider in this language can take. All take turns, so that a busy machine
 * slows all, and the ratio within a round is what counts.
 *
 *   npm run build && tsx bench/cold-start.ts [rounds]
 */

const AIM = 1.3;
const ROOT = join(__dirname, "..");
const providers = ["null-stand-in", "dhcp", "cucm"]
  .map((name) => ({ name, bundle: join(ROOT, `dist/terraform-provider-${name}.js`) }))
  .filter(({ bundle }) => existsSync(bundle));

const sockets = mkdtempSync(join(tmpdir(), "cold-start-"));
const host = {
  PATH: process.env.PATH,
  [MAGIC_COOKIE.name]: MAGIC_COOKIE.value,
  PLUGIN_PROTOCOL_VERSIONS: String(PROTOCOL_VERSION),
  PLUGIN_CLIENT_CERT: createIdentity().certificatePem,
  PLUGIN_UNIX_SOCKET_DIR: sockets,
};

/** Milliseconds until the first line on standard output; the provider is then stopped. */
function toHandshake(bundle: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, [bundle], { env: host, stdio: ["ignore", "pipe", "inherit"] });
    let took: number | undefined;
    child.stdout.once("data", () => {
      took = performance.now() - began;
      child.kill("SIGTERM");
    });
    child.on("error", reject);
    child.on("exit", () => (took === undefined ? reject(new Error(`${bundle} ended early`)) : resolve(took)));
  });
}

/** Milliseconds that a process lasts which does nothing. */
function bareNode(): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, ["-e", ""], { env: { PATH: process.env.PATH }, stdio: "ignore" });
    child.on("error", reject);
    child.on("exit", () => resolve(performance.now() - began));
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function main(): Promise<void> {
  if (providers.length === 0)
    throw new Error("There is nothing under dist/ to measure: run `npm run build` first.");
  const rounds = Number(process.argv[2] ?? 20);
  const bare: number[] = [];
  const took = new Map(providers.map(({ name }) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    const floor = await bareNode();
    const times: number[] = [];
    for (const { bundle } of providers) times.push(await toHandshake(bundle));
    // The first rounds fill the disk cache.
    if (round < 0) continue;
    bare.push(floor);
    providers.forEach(({ name }, i) => {
      took.get(name)!.push(times[i]!);
    });
  }
  console.log(
    `Cold start to the handshake line, medians of ${rounds} rounds (aim: at most ${AIM} times bare node)`,
  );
  console.log(`  ${"node -e ''".padEnd(34)} ${median(bare).toFixed(1).padStart(6)} ms`);
  for (const [name, times] of took) {
    const ratio = median(times.map((time, i) => time / bare[i]!));
    const verdict = ratio <= AIM ? "" : "  above the aim";
    console.log(
      `  ${`terraform-provider-${name}`.padEnd(34)} ${median(times).toFixed(1).padStart(6)} ms   ${ratio.toFixed(2)}${verdict}`,
    );
  }
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(sockets, { recursive: true, force: true }));
