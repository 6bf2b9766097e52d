import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, cores } from "../providers/framework/testing/core";
import { expectNoChanges } from "../providers/framework/testing/expect";
import { Workspace } from "../providers/framework/testing/workspace";
import { nullStandInProvider } from "../providers/null-stand-in/provider";
import { builtProvider } from "../scripts/built-provider";
import { median, row, timed } from "./numbers";
import { noting, type Usage, usagesIn } from "./usage";

/**
 * A plan without changes of resources of ours beside one of as many `terraform_data`, which the core has built in
 * and starts nothing for: what the protocol, the process and this language add. The two take turns, and the ratio
 * within a round is what counts. The provider is started by the core, as users have it; it notes its processor
 * time and its greatest memory when it ends. What of that is Node's own HTTP/2, `calls` shows.
 */
const SIZES = [1, 1_000, 3_000];
const AIM = { ratio: 1.3, milliseconds: 0.4, megabytes: 60 };
/** A plan of thousands takes the core many seconds. */
const MOST_ROUNDS = { few: 10, many: 3 };

export async function scale(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-scale-"));
  const notes = join(folder, "usage");
  try {
    const bundle = join(folder, "noting.js");
    writeFileSync(bundle, noting(builtProvider("null-stand-in", nullStandInProvider).bundle, notes));
    for (const core of cores()) {
      console.log(`Plan without changes beside terraform_data, ${core.name} (aim ${AIM.ratio} from 1000 on)`);
      let alone = 0;
      for (const size of SIZES) {
        const most = size < 100 ? MOST_ROUNDS.few : MOST_ROUNDS.many;
        const usages = await compare(core, bundle, notes, size, Math.min(rounds, most));
        const cpu = median(usages.map((plan) => sum(plan.map((process) => process.cpu))));
        const megabytes = Math.max(...usages.flat().map((process) => process.megabytes));
        const each =
          size === 1 ? "" : `, ${((cpu - alone) / (size - 1)).toFixed(2)} ms each (aim ${AIM.milliseconds})`;
        console.log(
          `    provider: ${usages[0]!.length} processes, ${cpu.toFixed(0)} ms of processor${each}, ${megabytes.toFixed(0)} MB (aim ${AIM.megabytes})`,
        );
        if (size === 1) alone = cpu;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints how long the plans take. @returns for each plan what every process of the provider used. */
async function compare(
  core: Core,
  bundle: string,
  notes: string,
  size: number,
  rounds: number,
): Promise<Usage[][]> {
  const { source, version } = nullStandInProvider;
  const ours = new Workspace({ core, providers: { null: { source, version, bundle } } });
  const builtIn = new Workspace({ core, providers: {} });
  try {
    ours.configure(`resource "null_resource" "many" {\n  count    = ${size}\n  triggers = { a = "x" }\n}\n`);
    builtIn.configure(`resource "terraform_data" "many" {\n  count = ${size}\n  input = { a = "x" }\n}\n`);
    for (const workspace of [ours, builtIn]) {
      await workspace.apply();
      expectNoChanges(await workspace.plan());
    }
    const plan = (workspace: Workspace) =>
      timed(() => workspace.run(["plan", "-input=false", "-no-color", "-detailed-exitcode"]));
    const times: { readonly ours: number; readonly builtIn: number }[] = [];
    const usages: Usage[][] = [];
    for (let round = 0; round < rounds; round++) {
      rmSync(notes, { force: true });
      times.push({ ours: await plan(ours), builtIn: await plan(builtIn) });
      usages.push(usagesIn(notes));
    }
    row(`${size} terraform_data`, median(times.map((t) => t.builtIn)));
    const ratio = median(times.map((t) => t.ours / t.builtIn));
    row(`${size} of a provider`, median(times.map((t) => t.ours)), ratio.toFixed(2));
    return usages;
  } finally {
    ours.remove();
    builtIn.remove();
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
