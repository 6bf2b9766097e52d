import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../providers/framework/testing/host/launch";
import { createIdentity } from "../providers/framework/wire/certificate";
import { MAGIC_COOKIE, PROTOCOL_VERSION } from "../providers/framework/wire/handshake";
import { median, row } from "./numbers";

/**
 * How long a provider takes from its start to the handshake line that Terraform waits for, beside `node -e ''`,
 * which does nothing: the least that a provider in this language can take. All take turns, so that a busy machine
 * slows all, and the ratio within a round is what counts. The environment holds nothing of the user's:
 * NODE_EXTRA_CA_CERTS, for one, makes every start of Node slower and the ratio better.
 *
 * HTTP/2 and TLS are loaded after the line, while the host connects: so the first answer (TLS, the whole schema) is
 * timed too. It has the client's own work in it, and no aim.
 */

const AIM = 1.3;
const ROOT = join(__dirname, "..");

export async function coldStart(rounds: number): Promise<void> {
  const bundles = ["null-stand-in", "dhcp", "cucm"]
    .map((name) => join(ROOT, `dist/terraform-provider-${name}.js`))
    .filter((bundle) => existsSync(bundle));
  const sockets = mkdtempSync(join(tmpdir(), "cold-start-"));
  try {
    const host = {
      [MAGIC_COOKIE.name]: MAGIC_COOKIE.value,
      PLUGIN_PROTOCOL_VERSIONS: String(PROTOCOL_VERSION),
      PLUGIN_CLIENT_CERT: createIdentity().certificatePem,
      PLUGIN_UNIX_SOCKET_DIR: sockets,
    };
    const bare: number[] = [];
    const starts = bundles.map(() => [] as number[]);
    const answers = bundles.map(() => [] as number[]);
    // The first rounds fill the disk cache.
    for (let round = -2; round < rounds; round++) {
      const floor = await toExit(["-e", ""]);
      if (round >= 0) bare.push(floor);
      for (const [i, bundle] of bundles.entries()) {
        const time = await toHandshake(bundle, host);
        const answer = await toFirstAnswer(bundle);
        if (round < 0) continue;
        starts[i]!.push(time);
        answers[i]!.push(answer);
      }
    }
    console.log(`Cold start to the handshake line, medians of ${rounds} rounds`);
    row("node -e ''", median(bare));
    for (const [i, bundle] of bundles.entries()) {
      const ratio = median(starts[i]!.map((time, round) => time / bare[round]!));
      row(
        bundle.split("/").at(-1)!,
        median(starts[i]!),
        `${ratio.toFixed(2)} (aim ${AIM}); first answer after ${median(answers[i]!).toFixed(0)} ms`,
      );
    }
  } finally {
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** Milliseconds until the first line on standard output; the provider is then stopped. */
function toHandshake(bundle: string, host: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const env = { PATH: process.env.PATH, ...host };
    const child = spawn(process.execPath, [bundle], { env, stdio: ["ignore", "pipe", "inherit"] });
    let took: number | undefined;
    child.stdout.once("data", () => {
      took = performance.now() - began;
      child.kill("SIGTERM");
    });
    child.on("error", reject);
    child.on("exit", () => (took === undefined ? reject(new Error(`${bundle} ended early`)) : resolve(took)));
  });
}

/** Milliseconds until the schema has come, through TLS. */
async function toFirstAnswer(bundle: string): Promise<number> {
  const began = performance.now();
  const client = await launch({ command: [process.execPath, bundle] });
  await client.schemas();
  const took = performance.now() - began;
  await client.close();
  return took;
}

/** Milliseconds that a process lasts. */
function toExit(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH }, stdio: "ignore" });
    child.on("error", reject);
    child.on("exit", () => resolve(performance.now() - began));
  });
}
