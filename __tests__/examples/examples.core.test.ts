/**
 * Every folder of examples/, as it stands, planned against one lab: synthesised by the command in its cdktf.json, with
 * the providers that synth lays, and the lab in place of the hosts that it names. The folders are listed: one without
 * an entry in PLANS fails.
 */
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { overrideWithLab } from "../../examples/on-the-lab";
import type { Fault } from "../../lab/cluster/faults";
import { type Lab, startLab } from "../../lab/up";
import { type Core, cores } from "../../providers/framework/testing/core";
import { Plan, type ResourceChange } from "../../providers/framework/testing/plan";
import { CoreError, start } from "../../providers/framework/testing/run";
import { run as cli } from "../cli/command";
import { SWIFT } from "../journey/support/journey";

jest.setTimeout(180_000);

const ROOT = join(__dirname, "../..");
/** Not declarations of a migration; each has tests of its own. */
const OTHERS = ["provider-in-40-lines", "workflows"];
const examples = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !OTHERS.includes(entry.name))
  .map(({ name }) => name);

let directory: string;
let lab: Lab;
beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  directory = mkdtempSync(join(tmpdir(), "pm-examples-"));
  // What the examples refer to stands where it stands in the repository; what they write stays here.
  for (const name of ["node_modules", "constructs", "scripts"])
    symlinkSync(join(ROOT, name), join(directory, name));
  mkdirSync(join(directory, "examples"));
  symlinkSync(join(ROOT, "examples/pins.ts"), join(directory, "examples/pins.ts"));
  lab = await startLab({
    directory: join(directory, "lab"),
    dhcp: "lab",
    phones: 12,
    stale: 0,
    subnets: 3,
    delays: SWIFT,
    // A pair that an exchange in bulk is not refused for.
    clusters: {
      source: { version: "10.5.2.13900-12", risPerMinute: 600 },
      destination: { version: "12.5.1.11900-146", risPerMinute: 600 },
    },
  });
});
afterAll(async () => {
  await lab?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** An example's folder in the hands of somebody who has copied it. */
class Project {
  readonly folder: string;

  constructor(
    readonly example: string,
    private readonly core: Core,
  ) {
    this.folder = join(directory, "examples", example);
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(join(ROOT, "examples", example), this.folder, { recursive: true });
  }

  /** What its cdktf.json says, as `cdktf synth` runs it. */
  async synth(): Promise<void> {
    const { app, context } = JSON.parse(readFileSync(join(this.folder, "cdktf.json"), "utf8"));
    const env = {
      ...this.environment(),
      CDKTF_OUTDIR: "cdktf.out",
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
      TERRAFORM_BINARY_NAME: this.core.binary,
    };
    await promisify(execFile)("sh", ["-c", app], { cwd: this.folder, env });
  }

  edit(file: string, from: string, to: string): void {
    const text = readFileSync(join(this.folder, file), "utf8");
    expect(text.split(from)).toHaveLength(2);
    writeFileSync(join(this.folder, file), text.replace(from, to));
  }

  manifest() {
    return JSON.parse(readFileSync(join(this.folder, "cdktf.out/manifest.json"), "utf8"));
  }

  stackFolder(stack: string): string {
    return join(this.folder, "cdktf.out/stacks", stack);
  }

  /** With the lab in place of the hosts, and initialised. */
  async ready(folder: string): Promise<string> {
    overrideWithLab(folder, lab.site);
    await this.run(folder, "init", "-input=false", "-no-color");
    return folder;
  }

  async plan(folder: string): Promise<Plan> {
    const { diagnostics } = await this.run(folder, "plan", "-json", "-input=false", "-out=plan");
    const { stdout } = await this.run(folder, "show", "-json", "plan");
    return new Plan(JSON.parse(stdout), diagnostics, "plan");
  }

  async run(folder: string, ...args: string[]) {
    const output = await start(this.core.binary, args, { cwd: folder, env: this.environment() }).output;
    if (output.exitCode !== 0) throw new CoreError(`${this.core.name} ${args.join(" ")}`, output);
    return output;
  }

  /** @throws Error unless all is well */
  async status(folder: string): Promise<string> {
    const args = [join(ROOT, "dist/phone-migration.js"), "status", "--folder", folder];
    const env = { ...this.environment(), TERRAFORM_BINARY_NAME: this.core.binary };
    return (await promisify(execFile)(process.execPath, args, { env })).stdout;
  }

  /** Nothing of the user's set-up, and no registry. */
  private environment(): { [name: string]: string } {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.folder,
      TMPDIR: tmpdir(),
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: join(this.folder, "no-such-file.tfrc"),
      HTTPS_PROXY: "http://127.0.0.1:9",
      HTTP_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.0/8,localhost",
      ...lab.env,
    };
  }
}

const changes = (plan: Plan): readonly ResourceChange[] =>
  (plan.json.resource_changes ?? []).filter(({ mode }) => mode === "managed");

/** `type action` -> how many. */
function kinds(plan: Plan): { readonly [kind: string]: number } {
  const counted: { [kind: string]: number } = {};
  for (const { type, change } of changes(plan)) {
    const kind = `${type} ${change.actions.join("+")}`;
    counted[kind] = (counted[kind] ?? 0) + 1;
  }
  return counted;
}

/** Resource, without type, prefix and hash -> the word that it is declared with. */
const words = (plan: Plan) =>
  Object.fromEntries(
    changes(plan)
      .map(({ address, change }) => [nameOf(address), change.after?.registered_on ?? change.after?.serve])
      .filter(([, word]) => word !== undefined),
  );
const nameOf = (address: string) => address.replace(/^\w+\.(move_)?/, "").replace(/_[0-9A-F]{8}$/, "");

const named = (plan: Plan, name: string): ResourceChange => {
  const found = changes(plan).filter(({ address }) => nameOf(address) === name);
  expect(found).toHaveLength(1);
  return found[0]!;
};

const TRUST = { "cucm_trust_memberships create": 2, "cucm_tvs_proof create": 2 };
const wavesOf = (waves: number, scopes = waves) => ({
  "cucm_phone_registration create": waves,
  "dhcp_option_150 create": scopes,
});

async function power(node: string, up: boolean): Promise<void> {
  const body = JSON.stringify({ kind: "node", cluster: "destination", node, up } satisfies Fault);
  const answer = await fetch(`${lab.site.control.clusters}/fault`, { method: "POST", body });
  expect(answer.status).toBe(200);
}

/** Example -> what its plan says. */
const PLANS: { readonly [example: string]: (project: Project) => Promise<void> } = {
  async minimal(project) {
    const plan = await only(project);
    expect(kinds(plan)).toEqual({ ...TRUST, ...wavesOf(1) });
    expect(words(plan)).toEqual({ hq_registration: "source", "hq_option-150-hq": "source" });
  },

  async "method-1"(project) {
    const plan = await only(project);
    expect(kinds(plan)).toEqual({ ...TRUST, ...wavesOf(1) });
    const bulk = (peer: string) => ({ method: "bulk", bulk: { peer, sftp_server: "trust" } });
    expect(named(plan, "trust_source-memberships").change.after).toMatchObject(bulk("destination"));
    expect(named(plan, "trust_destination-memberships").change.after).toMatchObject(bulk("source"));
  },

  async "pilots-and-waves"(project) {
    const plan = await only(project);
    expect(kinds(plan)).toEqual({ ...TRUST, ...wavesOf(4, 5), "null_resource create": 1 });
    expect(words(plan)).toEqual({
      pilot_registration: "destination",
      "pilot_option-150-pilot-SEP001122334401": "destination",
      "pilot_option-150-pilot-SEP001122334402": "destination",
      hq_registration: "source",
      "hq_option-150-hq": "source",
      north_registration: "source",
      "north_option-150-north": "source",
      south_registration: "source",
      "south_option-150-south": "source",
    });
    expect(named(plan, "pilot_registration").change.after?.phones).toEqual([
      "SEP001122334401",
      "SEP001122334402",
    ]);
    // Its lists are what the lab's phones are, each once.
    const listed = changes(plan).flatMap(
      ({ change }) => (change.after?.phones as string[] | undefined) ?? [],
    );
    expect(listed.sort()).toEqual(lab.site.phones.healthy);
    expect(named(plan, "hq_registration").change.after?.limits).toMatchObject({
      max_failures: 1,
      batch_size: 10,
    });
    expect(named(plan, "north_registration").change.after?.limits).toMatchObject({ max_failure_ratio: 0.05 });
  },

  async "going-back"(project) {
    await project.synth();
    const folder = await project.ready(project.stackFolder("going-back"));
    const before = await project.plan(folder);
    expect(kinds(before)).toEqual({ ...TRUST, ...wavesOf(2), "null_resource create": 1 });
    // The state of the day before, when the wave was declared on the destination.
    const { address, change } = named(before, "north_registration");
    const { source, destination, phones } = change.after!;
    const id = JSON.stringify({ source, destination, phones, registered_on: "destination" });
    await project.run(folder, "import", "-input=false", "-no-color", address, id);
    const plan = await project.plan(folder);
    expect(named(plan, "north_registration").change).toMatchObject({
      actions: ["update"],
      before: { registered_on: "destination" },
      after: { registered_on: "source", go_if: null },
    });
    expect(words(plan)).toMatchObject({
      hq_registration: "destination",
      "hq_option-150-hq": "destination",
      north_registration: "source",
      "north_option-150-north": "source",
    });
  },

  async "several-sites"(project) {
    project.edit(
      "main.ts",
      '"10.41.0.0/22",\n  registeredOn: "source"',
      '"10.41.0.0/22",\n  registeredOn: "destination"',
    );
    await project.synth();
    const { stacks } = project.manifest();
    const waitsFor = (stack: string) => ({ dependencies: stack === "trust" ? [] : ["trust"] });
    expect(stacks).toMatchObject({
      trust: waitsFor("trust"),
      berlin: waitsFor("berlin"),
      lisbon: waitsFor("lisbon"),
    });
    const [trust, berlin, lisbon] = await Promise.all(
      ["trust", "berlin", "lisbon"].map((stack) => project.ready(project.stackFolder(stack))),
    );
    expect(kinds(await project.plan(trust!))).toEqual(TRUST);
    const resting = await project.plan(lisbon!);
    expect(kinds(resting)).toEqual({ "cucm_tvs_proof create": 2, ...wavesOf(1) });
    expect(words(resting)).toEqual({ lisbon_registration: "source", "lisbon_option-150-phones": "source" });

    // A site whose word is flipped is held back while nobody has deployed the trust, and goes once it is there.
    await expect(project.plan(berlin!)).rejects.toThrow(/no phone is at risk/);
    await project.run(trust!, "apply", "-input=false", "-auto-approve");
    expect(await project.status(trust!)).toContain("This stack has no wave");
    const moving = await project.plan(berlin!);
    expect(kinds(moving)).toEqual({
      "cucm_tvs_proof create": 2,
      ...wavesOf(1),
      "null_resource create": 1,
    });
    expect(words(moving)).toEqual({
      berlin_registration: "destination",
      "berlin_option-150-phones": "destination",
    });
    await project.run(berlin!, "apply", "-input=false", "-auto-approve");
    const after = await project.plan(berlin!);
    expect(Object.keys(kinds(after)).filter((kind) => !kind.endsWith("no-op"))).toEqual([]);
    expect(named(after, "trust_source-proof").change.after).toMatchObject({ proven: true });

    // While a node of the destination shows no signers, the proof and the gate stay what they are.
    const node = Object.keys(lab.site.destination.nodeAddresses)[1]!;
    await power(node, false);
    const reading = await project.plan(berlin!).finally(() => power(node, true));
    expect(reading.diagnostics.map(({ summary }) => summary).join()).toContain("Not read");
    expect(named(reading, "trust_source-proof").change.actions).toEqual(["no-op"]);
    expect(changes(reading).find(({ type }) => type === "null_resource")?.change.actions).toEqual(["no-op"]);
  },

  async "plain-hcl"(project) {
    const { status, out } = await cli("providers", "--into", project.folder);
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining("required_providers") });
    await project.run(project.folder, "fmt", "-check");
    const plan = await project.plan(await project.ready(project.folder));
    expect(kinds(plan)).toEqual({
      "cucm_trust_memberships create": 2,
      "cucm_tvs_proof create": 1,
      ...wavesOf(2),
    });
    expect(words(plan)).toEqual({ pilot: "destination", hq: "source" });

    // What goes by a plan needs no synth.
    const file = join(project.folder, "plan.json");
    writeFileSync(file, JSON.stringify(plan.json));
    const review = await cli("review", file);
    expect(review.status).toBe(0);
    expect(review.out).toContain("1 phone of wave pilot moves to the destination");
    expect(review.out).toContain("- ✔ no phone is at risk\n");
    expect(review.out).toContain("- ✔ its limits allow for the phones that cannot follow\n");
  },
};

/** The plan of an example with one stack, named like it. */
async function only(project: Project): Promise<Plan> {
  await project.synth();
  expect(Object.keys(project.manifest().stacks)).toEqual([project.example]);
  return project.plan(await project.ready(project.stackFolder(project.example)));
}

test("every example has a plan here, and says in a README what it shows", () => {
  expect([...examples].sort()).toEqual(Object.keys(PLANS).sort());
  for (const name of examples)
    expect(readFileSync(join(ROOT, "examples", name, "README.md"), "utf8")).toMatch(/^# .+\n\n.{80,}/);
});

describe.each(cores())("with $name", (core) => {
  test.each(Object.keys(PLANS).sort())("%s", (name) => PLANS[name]!(new Project(name, core)));
});
