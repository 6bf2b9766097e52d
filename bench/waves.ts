import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Declared, declaration } from "../__tests__/journey/support/declaration";
import { VoiceScope } from "../constructs";
import type { RequestRecord } from "../lab/cluster/requests";
import { type Lab, startLab } from "../lab/up";
import { cores } from "../providers/framework/testing/core";
import { resident } from "../providers/framework/testing/resident";
import { Workspace } from "../providers/framework/testing/workspace";
import { nullStandInProvider } from "../providers/null-stand-in/provider";
import { row, timed } from "./numbers";
import { noting, usagesIn } from "./usage";

const ROOT = join(__dirname, "..");
const PHONES = Number(process.env.WAVES_PHONES ?? 1000);
const WAVES = 4;
/** What CUCM allows unless somebody raised it. */
const RIS_PER_MINUTE = 15;
const FIRST = "trust, phones on the source";
/** Milliseconds. A run knows nothing of what the one before it asked, and people read in between. */
const BETWEEN_RUNS = 60_000;
/** Of ours, so that what the lab needs shows, not the politeness: its default would spread 1000 phones over 9 minutes. */
const RESETS_PER_MINUTE = 1000;

/**
 * A programme end to end: 1000 phones of the lab, which really boot, in four waves; there and back. All phones are one
 * process, so are both clusters, and phones share a few key pairs: a process for each phone would need more memory
 * than the rest together. Fails when RIS of a cluster was asked oftener within a minute than it allows.
 */
export async function waves(): Promise<void> {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  const directory = mkdtempSync(join(tmpdir(), "pm-bench-waves-"));
  const notes = join(directory, "usage");
  const nothing = await resident(nullStandInProvider);
  let lab: Lab | undefined;
  let workspace: Workspace | undefined;
  try {
    const began = performance.now();
    lab = await startLab({
      directory: join(directory, "lab"),
      dhcp: "lab",
      phones: Array.from(
        { length: PHONES },
        (_, i) => `SEP0011223${(0x10000 + i).toString(16).toUpperCase()}`,
      ),
      stale: 0,
      subnets: WAVES,
      lscKeys: 8,
      keepalive: 60,
      // One process for all is slower than as many phones.
      phone: { timing: { network: 60_000, retry: 2000 } },
    });
    console.log(`${PHONES} phones in ${WAVES} waves, ${cores()[0]!.name}`);
    row("the lab starts", performance.now() - began);
    const ours = (name: string) => {
      const bundle = join(directory, `${name}.js`);
      writeFileSync(bundle, noting(join(ROOT, `dist/terraform-provider-${name}.js`), `${notes}-${name}`));
      return { source: `phone-migration.internal/voice/${name}`, version: "0.1.0", bundle };
    };
    const providers = { cucm: ours("cucm"), dhcp: ours("dhcp"), null: nothing };
    workspace = new Workspace({ core: cores()[0]!, providers, env: lab.env });
    for (const [what, side] of [
      [FIRST, "source"],
      ["to the destination", "destination"],
      ["back to the source", "source"],
    ] as const) {
      workspace.configure(declaration(lab.site, declared(lab, side)));
      if (what !== FIRST) await setTimeout(BETWEEN_RUNS);
      await workspace.init();
      const args = ["apply", "-input=false", "-no-color", "-auto-approve"];
      const time = await timed(() => workspace!.run(args));
      row(what, time, what === FIRST ? "" : `${Math.round((60_000 * PHONES) / time)} phones a minute`);
      await judgeRis(lab);
    }
    const usages = usagesIn(`${notes}-cucm`);
    const cpu = usages.reduce((sum, usage) => sum + usage.cpu, 0);
    const most = Math.max(...usages.map((usage) => usage.megabytes));
    row("processor time of the provider", cpu, `${usages.length} processes, ${most.toFixed(0)} MB at most`);
  } finally {
    workspace?.remove();
    await nothing.close();
    await lab?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function declared({ site }: Lab, registeredOn: "source" | "destination"): Declared {
  const rates = { resetsPerMinute: RESETS_PER_MINUTE };
  return {
    registeredOn,
    clusters: { source: rates, destination: rates },
    waves: (hq) =>
      Object.entries(site.dhcp.subnets).map(([subnet, phones], i) => ({
        name: `wave-${i + 1}`,
        scopes: [
          i === 0 ? hq : new VoiceScope(hq.node.scope!, `scope-${i + 1}`, { server: hq.server, subnet }),
        ],
        phones,
        registeredOn,
        // On the way back all waves are at it at once, and one process boots all these phones.
        limits: { batchSize: registeredOn === "destination" ? 120 : 30, timeout: 300 },
      })),
  };
}

/** By the lab's own log. @throws Error when a cluster was asked too often */
async function judgeRis({ site }: Lab): Promise<void> {
  const log = (await (await fetch(`${site.control.clusters}/requests/log`)).json()) as RequestRecord[];
  for (const side of ["source", "destination"] as const) {
    const times = log
      .filter(({ cluster, kind }) => cluster === side && kind === "ris")
      .map(({ at }) => Date.parse(at));
    const most = Math.max(...times.map((end) => times.filter((at) => at > end - 60_000 && at <= end).length));
    console.log(
      `    RIS of the ${side}: ${times.length} requests so far, at most ${most} within a minute (${RIS_PER_MINUTE} allowed)`,
    );
    if (most > RIS_PER_MINUTE) throw new Error(`RIS of the ${side} was asked ${most} times within a minute`);
  }
}
