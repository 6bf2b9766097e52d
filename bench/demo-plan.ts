import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Lab, startLab } from "../lab/up";
import { cucmProvider } from "../providers/cucm/provider";
import { dhcpProvider } from "../providers/dhcp/provider";
import { cores, sourceFor } from "../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../providers/framework/testing/resident";
import { nullStandInProvider } from "../providers/null-stand-in/provider";
import { median, row, timed } from "./numbers";

const ROOT = join(__dirname, "..");

/**
 * `cdktf plan` of the demo without changes, with the providers started by the core, and with the providers resident
 * in this process. Most of the rest is cdktf itself and the lab's answers, which take as long as a CLI's.
 */
export async function demoPlan(rounds: number): Promise<void> {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  const core = cores()[0]!;
  const directory = mkdtempSync(join(tmpdir(), "pm-bench-"));
  const providers: ResidentProvider[] = [];
  let lab: Lab | undefined;
  try {
    // A plan asks RIS once of each cluster, and measuring plans oftener than the 15 a minute that CUCM allows.
    const clusters = { source: { risPerMinute: 600 }, destination: { risPerMinute: 600 } };
    lab = await startLab({ directory: join(directory, "lab"), clusters });
    const folder = project(directory);
    const started = environment(lab, core.binary, directory);
    // Resident providers take the credentials from here.
    Object.assign(process.env, lab.env);
    for (const definition of [cucmProvider, dhcpProvider, nullStandInProvider])
      providers.push(await resident(definition));
    const reattach = Object.fromEntries(providers.map((p) => [sourceFor(core, p.source), p.reattach]));
    const attached = { ...started, TF_REATTACH_PROVIDERS: JSON.stringify(reattach) };

    const cdktf = (env: NodeJS.ProcessEnv, ...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [join(ROOT, "node_modules/.bin/cdktf"), ...args], {
        cwd: folder,
        env,
        maxBuffer: 2 ** 26,
      });
    await cdktf(started, "deploy", "--auto-approve");
    const ways = [
      { way: "providers started by the core", env: started, times: [] as number[] },
      { way: "providers resident", env: attached, times: [] as number[] },
    ];
    const few = Math.max(3, Math.round(rounds / 4));
    for (let round = 0; round < few; round++) {
      for (const { env, times } of ways)
        times.push(await timed(() => planWithoutChanges(() => cdktf(env, "plan"))));
    }
    console.log(`cdktf plan of the demo without changes, ${core.name}, medians of ${few} rounds`);
    const [base] = ways.map(({ times }) => median(times));
    for (const { way, times } of ways)
      row(way, median(times), `${(median(times) / base!).toFixed(2)} of the first`);
  } finally {
    for (const provider of providers) await provider.close();
    await lab?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function planWithoutChanges(plan: () => Promise<{ stdout: string }>): Promise<void> {
  const { stdout } = await plan();
  if (!stdout.includes("No changes.")) throw new Error(`the plan that is measured has changes:\n${stdout}`);
}

/** The repository's main.ts in a folder of its own, so that its state is its own. */
function project(directory: string): string {
  const folder = join(directory, "project");
  mkdirSync(folder);
  for (const name of ["node_modules", "waves"]) symlinkSync(join(ROOT, name), join(folder, name));
  const settings = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8"));
  const app = `node --import ${pathToFileURL(require.resolve("tsx")).href} ${join(ROOT, "main.ts")}`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ ...settings, app }));
  return folder;
}

function environment(lab: Lab, binary: string, directory: string): NodeJS.ProcessEnv {
  writeFileSync(join(directory, "cli.tfrc"), "");
  return {
    ...process.env,
    ...lab.env,
    LAB_SITE: join(lab.directory, "site.json"),
    TERRAFORM_BINARY_NAME: binary,
    TF_CLI_CONFIG_FILE: join(directory, "cli.tfrc"),
    CHECKPOINT_DISABLE: "1",
    CI: "1",
  };
}
