/** A lab, a workspace and recording proxies between them: runs that are killed, and what must hold afterwards. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Core } from "../../../providers/framework/testing/core";
import { CoreError } from "../../../providers/framework/testing/run";
import type { Workspace } from "../../../providers/framework/testing/workspace";
import { type Declared, declaration } from "./declaration";
import { type Interrupted, interrupt, type Victim } from "./interrupted-run";
import { Journey, QUICK, SWIFT } from "./journey";
import { RecordingProxy, type Write } from "./recording-proxy";

const SIDES = ["source", "destination"] as const;
type Side = (typeof SIDES)[number];

interface Step {
  readonly name: string;
  readonly declared: Declared;
  readonly how: "deploy" | "destroy";
  /** Where phones and option 150 are in the end. */
  readonly ends: Side;
}
const settled = { limits: { settleTime: 2 } };
const SOURCE: Declared = { registeredOn: "source", ...settled };
export const STEPS = {
  create: {
    name: "deploy of the trust",
    declared: { ...SOURCE, trustOnly: true },
    how: "deploy",
    ends: "source",
  },
  forward: {
    name: "flip to destination",
    declared: { registeredOn: "destination", ...settled },
    how: "deploy",
    ends: "destination",
  },
  back: { name: "flip back to source", declared: SOURCE, how: "deploy", ends: "source" },
  destroy: { name: "destroy", declared: SOURCE, how: "destroy", ends: "source" },
} as const satisfies { readonly [name: string]: Step };
type StepName = keyof typeof STEPS;

type Store = "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust";
/** `cucm_trust_memberships` in a state file. */
export interface Memberships {
  readonly cluster: Side;
  readonly certificates: {
    readonly [sha256: string]: { readonly pem: string; readonly stores: readonly Store[] };
  };
  readonly already_present: readonly string[];
}
/** `<store>/<sha256>` */
export const keysOf = ({ certificates }: Memberships): string[] =>
  Object.entries(certificates).flatMap(([sha256, { stores }]) => stores.map((store) => `${store}/${sha256}`));

/** What a run starts from, or ends in. */
interface Snapshot {
  readonly state: string | undefined;
  readonly memberships: readonly Memberships[];
  /** Of every trust store and its replica on every node. */
  readonly stores: { readonly [side in Side]: string };
}

export class KillBench {
  /** What an undisturbed run of each step writes. */
  readonly writes: { [step in StepName]: readonly string[] } = {
    create: [],
    forward: [],
    back: [],
    destroy: [],
  };
  nothing!: Snapshot;
  deployed!: Snapshot;
  private answers!: { readonly [side in Side]: string };

  private constructor(
    private readonly journey: Journey,
    private readonly proxy: RecordingProxy,
  ) {}

  static async start(core: Core): Promise<KillBench> {
    const journey = await Journey.start(core, { ...QUICK, phones: 2, delays: SWIFT });
    return new KillBench(journey, await RecordingProxy.start(journey.lab.site));
  }

  async close(): Promise<void> {
    this.proxy.close();
    await this.journey.close();
  }

  get phones(): readonly string[] {
    return this.journey.lab.site.phones.healthy;
  }

  /** Every step undisturbed. Prints what each of them writes. */
  async listWrites(): Promise<void> {
    const { source, destination } = (await this.journey.clusters()).clusters;
    const tftp = ({ nodes }: typeof source) =>
      Object.values(nodes)
        .filter(({ files }) => files.itl !== null)
        .map(({ address }) => address)
        .join(",");
    this.answers = { source: tftp(source), destination: tftp(destination) };
    this.nothing = await this.snapshot();
    await this.list("create");
    await this.deploySource();
    this.deployed = await this.snapshot();
    await this.list("forward");
    await this.list("back");
    await this.list("destroy");
    await this.expectStores(this.nothing);
  }

  private async list(step: StepName): Promise<void> {
    const writes = await this.run(STEPS[step]);
    this.writes[step] = writes.map(({ words }) => words);
    const lines = this.writes[step].map((words, i) => `  W${i + 1}  ${words}`);
    say(
      `${this.journey.workspace.core.name}: ${STEPS[step].name}, ${lines.length} writes\n${lines.join("\n")}`,
    );
  }

  /** The migration declared with its phones on the source, which writes nothing that the trust has not written. */
  async deploySource(): Promise<void> {
    await this.run(STEPS.create);
    const writes = await this.run(STEPS.back);
    expect(writes).toEqual([]);
  }

  /** A run to its end. @throws CoreError */
  async run(step: Step, how = step.how): Promise<readonly Write[]> {
    const { output, writes } = await this.interrupt(step, how, "core", () => false);
    if (output.exitCode !== 0) throw new CoreError(`${step.name} (${how})`, output);
    return writes;
  }

  /** Kills one run after its `n`th write. @returns false when it made fewer, and was not killed */
  async killAfter(step: StepName, victim: Victim, n: number): Promise<boolean> {
    const { name, how } = STEPS[step];
    const killed = await this.interrupt(STEPS[step], how, victim, (_, index) => index === n);
    if (killed.after !== null) {
      this.report(name, victim, `W${n}`, killed);
      return true;
    }
    if (killed.output.exitCode !== 0) throw new CoreError(name, killed.output);
    const writes = killed.writes.map(({ words }) => words);
    this.expectWrites(step, writes);
    return false;
  }

  /** Kills run after run, each after its first write that none before it has made; the victims take turns. */
  async killAfterEveryNewWrite(step: StepName, victims: readonly Victim[]): Promise<void> {
    const { name, how } = STEPS[step];
    const made = new Set<string>();
    /** Made by a provider that outlived its core for a moment. */
    const orphaned = new Set<string>();
    for (;;) {
      const victim = victims[made.size % victims.length]!;
      const killed = await this.interrupt(STEPS[step], how, victim, ({ words }) => !made.has(words));
      // Nothing is imported or deleted a second time.
      const repeated = killed.writes
        .map(({ words }) => words)
        .filter((words) => made.has(words) || orphaned.has(words));
      expect(repeated.filter((words) => !words.includes(" Restart "))).toEqual([]);
      if (killed.after === null) {
        if (killed.output.exitCode !== 0) throw new CoreError(name, killed.output);
        break;
      }
      made.add(killed.after.words);
      for (const { words } of killed.writes.slice(killed.writes.indexOf(killed.after) + 1))
        orphaned.add(words);
      this.report(name, victim, `write ${made.size}`, killed);
    }
    this.expectWrites(step, [...made, ...orphaned]);
  }

  /** The same as those of an undisturbed run, in whatever order. */
  private expectWrites(step: StepName, writes: readonly string[]): void {
    // A deletion reaches the other nodes by itself, so how many of them are told of it is a matter of time.
    const essence = (words: string) => (words.includes(" delete ") ? words.replace(/^[^:]+/, "*") : words);
    const set = (of: readonly string[]) => [...new Set(of.map(essence))].sort();
    expect(set(writes)).toEqual(set(this.writes[step]));
  }

  /** The run after a kill: it reaches what the step is for, and nothing is left to do. */
  async converge(step: StepName): Promise<void> {
    const { how, ends, declared } = STEPS[step];
    await this.run(STEPS[step]);
    const { workspace } = this.journey;
    await this.expectStores(how === "destroy" ? this.nothing : this.deployed);
    expect(await this.journey.whereabouts()).toEqual(
      Object.fromEntries(this.phones.map((name) => [name, ends])),
    );
    expect(await this.servedAnswer()).toBe(this.answers[ends]);
    this.declare(declared);
    const plan = await workspace.start(["plan", "-json", "-input=false", "-detailed-exitcode", ...flags(how)])
      .output;
    if (plan.exitCode !== 0) throw new Error(`a plan after ${step} has changes:\n${plan.stdout}`);
    expect(JSON.parse(workspace.stateFile()!).resources.length === 0).toBe(how === "destroy");
  }

  memberships(): readonly Memberships[] {
    return membershipsIn(this.journey.workspace.stateFile());
  }

  /** Every membership of this moment on every node, once, and nothing else. */
  async expectStores({ stores, memberships }: Snapshot): Promise<void> {
    const { clusters } = await this.journey.clusters();
    for (const side of SIDES) {
      for (const [node, { stores: files }] of Object.entries(clusters[side].nodes)) {
        const keys = Object.entries(files).flatMap(([store, entries]) =>
          entries.map(({ sha256 }) => `${store}/${sha256}`),
        );
        const times = (key: string) => `${node}: ${keys.filter((each) => each === key).length} x ${key}`;
        expect([...new Set(keys)].map(times)).toEqual([...new Set(keys)].map((key) => `${node}: 1 x ${key}`));
        const wanted = memberships.filter(({ cluster }) => cluster === side).flatMap(keysOf);
        expect(wanted.map(times)).toEqual(wanted.map((key) => `${node}: 1 x ${key}`));
      }
      expect({ side, hash: clusters[side].storesHash }).toEqual({ side, hash: stores[side] });
    }
  }

  /** Brings the stores and the state file back to what they were, not through the providers. */
  async restore(to: Snapshot): Promise<void> {
    const state = join(this.journey.workspace.folder, "terraform.tfstate");
    if (to.state === undefined) rmSync(state, { force: true });
    else writeFileSync(state, to.state);
    const { clusters } = await this.journey.clusters();
    for (const { cluster, certificates } of this.deployed.memberships) {
      const there = new Set(
        Object.values(clusters[cluster].nodes).flatMap(({ stores }) =>
          Object.entries(stores).flatMap(([store, files]) => files.map(({ sha256 }) => `${store}/${sha256}`)),
        ),
      );
      for (const [sha256, { pem, stores }] of Object.entries(certificates))
        for (const store of stores)
          if (to.memberships.length > 0)
            await this.journey.fault({ kind: "plant-trust", cluster, store, pem });
          else if (there.has(`${store}/${sha256}`))
            await this.journey.fault({ kind: "remove-trust", cluster, store, sha256, scope: "cluster" });
    }
    const service = "Cisco Trust Verification Service";
    for (const cluster of SIDES)
      await this.journey.fault({ kind: "service", cluster, service, order: "Restart" });
    for (let started = false; !started; await sleep(50)) {
      const now = (await this.journey.clusters()).clusters;
      started = SIDES.every((side) =>
        Object.values(now[side].nodes).every(({ services }) => services[service] === "Started"),
      );
    }
    await this.expectStores(to);
  }

  private async snapshot(): Promise<Snapshot> {
    const state = this.journey.workspace.stateFile();
    const { source, destination } = (await this.journey.clusters()).clusters;
    return {
      state,
      memberships: membershipsIn(state),
      stores: { source: source.storesHash, destination: destination.storesHash },
    };
  }

  private declare(declared: Declared): Workspace {
    return this.journey.workspace.configure(declaration(this.proxy.site, declared));
  }

  private async interrupt(
    { declared }: Step,
    how: Step["how"],
    victim: Victim,
    when: (write: Write, index: number) => boolean,
  ): Promise<Interrupted> {
    const args = ["apply", "-json", "-input=false", "-auto-approve", ...flags(how)];
    const look = (write: Write) => this.look(write);
    const done = await interrupt(this.declare(declared), this.proxy.log, { args, victim, when, look });
    // Whose state it was when it was killed is still written there; a run that ended has cleared it.
    expect(done.lockInfo).toBe(done.after !== null && victim === "core");
    return done;
  }

  /** At every write: nobody but the two of them is ever served, nor told to be. */
  private async look({ document }: Write): Promise<void> {
    const seen = [await this.servedAnswer(), ...(document === undefined ? [] : [this.answerIn(document)])];
    for (const answer of seen) expect(Object.values(this.answers)).toContain(answer);
  }

  private async servedAnswer(): Promise<string> {
    return this.answerIn(JSON.parse(await this.journey.keaConfiguration()));
  }

  /** Option 150 of the phones' subnet in a document of Kea. */
  private answerIn(document: unknown): string {
    const { Dhcp4 } = document as KeaDocument;
    const subnet = Dhcp4.subnet4.find((each) => each.subnet === this.proxy.site.dhcp.subnet);
    const options = subnet?.["option-data"].filter(({ code }) => code === 150) ?? [];
    return options.map(({ data }) => data.replace(/\s/g, "")).join(" and ");
  }

  private report(name: string, victim: Victim, which: string, killed: Interrupted): void {
    const { after, writes, output } = killed;
    expect(output.exitCode).not.toBe(0);
    const later = writes.slice(writes.indexOf(after!) + 1).map(({ words }) => words);
    const more = later.length === 0 ? "" : `; what lived on made ${later.join(", ")}`;
    say(`${name}: ${victim} killed after ${which} (${after!.words})${more}`);
    if (victim === "provider") expect(later).toEqual([]);
  }
}

interface KeaDocument {
  readonly Dhcp4: {
    readonly subnet4: readonly {
      readonly subnet: string;
      readonly "option-data": readonly { readonly code?: number; readonly data: string }[];
    }[];
  };
}

const flags = (how: Step["how"]) => (how === "destroy" ? ["-destroy"] : []);

function membershipsIn(state: string | undefined): Memberships[] {
  const resources: readonly { type: string; mode: string; instances: { attributes: Memberships }[] }[] =
    state === undefined ? [] : JSON.parse(state).resources;
  return resources
    .filter(({ mode, type }) => mode === "managed" && type === "cucm_trust_memberships")
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}

/** Not console.log, which adds the place in the test to every line. */
const say = (text: string) => void process.stderr.write(`${text}\n`);
