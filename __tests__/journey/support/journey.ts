import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../../../lab/cluster/faults";
import type { State as ClustersState } from "../../../lab/cluster/state";
import type { PhoneView } from "../../../lab/phone/phone";
import { readPhones } from "../../../lab/phones";
import { type Lab, type StartOptions, startLab } from "../../../lab/up";
import { cucmProvider } from "../../../providers/cucm/provider";
import { dhcpProvider } from "../../../providers/dhcp/provider";
import type { Core } from "../../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../../providers/framework/testing/resident";
import type { Output } from "../../../providers/framework/testing/run";
import { Workspace, type WorkspaceOptions } from "../../../providers/framework/testing/workspace";
import { nullStandInProvider } from "../../../providers/null-stand-in/provider";
import { type Declared, declaration } from "./declaration";

const ROOT = join(__dirname, "../../..");

/** A lab quick enough for tests. What a real cluster limits is still limited, only with more room. */
export const QUICK: StartOptions = {
  phones: 4,
  stale: 0,
  clusters: { source: { risPerMinute: 600 }, destination: { risPerMinute: 600 } },
  delays: {
    replication: [0.1, 0.6],
    serviceStop: [0.1, 0.2],
    serviceStart: [0.1, 0.4],
    cliBanner: [0.05, 0.1],
    cliCommand: [0.01, 0.03],
  },
};

/** Delays where many runs wait for them. */
export const SWIFT: StartOptions["delays"] = {
  replication: [0.05, 0.15],
  serviceStop: [0.02, 0.05],
  serviceStart: [0.05, 0.1],
  cliBanner: [0, 0.02],
  cliCommand: [0.005, 0.01],
};

/** One lab with one workspace of a real core on it: the declaration of main.ts, planned and applied for real. */
export class Journey {
  private constructor(
    readonly lab: Lab,
    readonly workspace: Workspace,
    private readonly directory: string,
    /** What is not ours starts once, not three times a run; so does what is, where the start is not the point. */
    private readonly residents: { readonly [name: string]: ResidentProvider },
  ) {}

  /** With the providers as they are built: a core starts them three or four times a run. */
  static async start(core: Core, options: StartOptions = QUICK): Promise<Journey> {
    execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
    const directory = mkdtempSync(join(tmpdir(), "pm-journey-"));
    const lab = await startLab({ ...options, directory: join(directory, "lab") });
    const residents = { null: await resident(nullStandInProvider) };
    return new Journey(lab, workspaceOn(core, lab, { ...BUNDLES, ...residents }), directory, residents);
  }

  /** With the providers in this process, which cost no start. One at a time: the credentials are in its environment. */
  static async startResident(core: Core, options: StartOptions = QUICK): Promise<Journey> {
    const directory = mkdtempSync(join(tmpdir(), "pm-journey-"));
    const lab = await startLab({ ...options, directory: join(directory, "lab") });
    Object.assign(process.env, lab.env);
    const residents = {
      null: await resident(nullStandInProvider),
      cucm: await resident(cucmProvider),
      dhcp: await resident(dhcpProvider),
    };
    return new Journey(lab, workspaceOn(core, lab, residents), directory, residents);
  }

  /** A fresh workspace of another core on the same lab; the former one's state stays with it. */
  on(core: Core): Journey {
    const workspace = workspaceOn(core, this.lab, { ...BUNDLES, ...this.residents });
    return new Journey(this.lab, workspace, this.directory, this.residents);
  }

  declare(declared: Declared): Workspace {
    return this.workspace.configure(declaration(this.lab.site, declared));
  }

  /** Plan and apply, without the state afterwards, for which every provider would start once more. */
  async deploy(declared: Declared): Promise<Output> {
    const workspace = this.declare(declared);
    await workspace.init();
    return workspace.run(["apply", "-json", "-input=false", "-auto-approve"]);
  }

  async clusters(): Promise<ClustersState> {
    return (await fetch(`${this.lab.site.control.clusters}/state`)).json() as Promise<ClustersState>;
  }

  async fault(fault: Fault): Promise<void> {
    const answer = await fetch(`${this.lab.site.control.clusters}/fault`, {
      method: "POST",
      body: JSON.stringify(fault),
    });
    if (!answer.ok) throw new Error(`the lab refuses the fault: ${await answer.text()}`);
  }

  phones(): Promise<PhoneView[]> {
    return readPhones(this.lab.site.control.phones);
  }

  /** The DHCP server's whole configuration, as it answers config-get. */
  keaConfiguration(): Promise<string> {
    const socket = connect(new URL(this.lab.site.dhcp.endpoints[0]!).pathname);
    return new Promise((resolve, reject) => {
      let text = "";
      socket.on("data", (part) => {
        text += part;
      });
      socket.on("error", reject);
      socket.on("end", () => resolve(JSON.stringify(JSON.parse(text).arguments)));
      socket.write(JSON.stringify({ command: "config-get" }));
    });
  }

  /** Where every phone is registered, by the phones' own word. */
  async whereabouts(): Promise<{ readonly [name: string]: "source" | "destination" | "nowhere" }> {
    const source = Object.values(this.lab.site.source.nodeAddresses);
    const side = ({ registered }: PhoneView) =>
      registered === null ? "nowhere" : source.includes(registered.address) ? "source" : "destination";
    return Object.fromEntries((await this.phones()).map((phone) => [phone.name, side(phone)]));
  }

  async close(): Promise<void> {
    this.workspace.remove();
    for (const provider of Object.values(this.residents)) await provider.close();
    await this.lab.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const bundle = (name: string) => join(ROOT, `dist/terraform-provider-${name}.js`);
const BUNDLES: WorkspaceOptions["providers"] = {
  cucm: { source: "phone-migration.internal/voice/cucm", version: "0.1.0", bundle: bundle("cucm") },
  dhcp: { source: "phone-migration.internal/voice/dhcp", version: "0.1.0", bundle: bundle("dhcp") },
};

const workspaceOn = (core: Core, lab: Lab, providers: WorkspaceOptions["providers"]): Workspace =>
  new Workspace({ core, providers, env: lab.env });
