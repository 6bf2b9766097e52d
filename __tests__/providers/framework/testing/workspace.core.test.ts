import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineProvider, defineResource } from "../../../../providers/framework/define";
import { DiagnosticError } from "../../../../providers/framework/diagnostic";
import { attr } from "../../../../providers/framework/schema/attribute";
import { cores } from "../../../../providers/framework/testing/core";
import {
  expectActions,
  expectError,
  expectNoChanges,
  expectWarning,
} from "../../../../providers/framework/testing/expect";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { installLauncher, Workspace } from "../../../../providers/framework/testing/workspace";

/** What the device of this provider holds; tests change it behind the core's back. */
let device: string | null = null;
let held: Promise<void> | undefined;

const text = defineResource()({
  type: "probe_text",
  description: "A text on a device.",
  example: "",
  attributes: {
    text: attr.string({ description: "The text.", required: true }),
    length: attr.number({ description: "Its length.", computed: true }),
  },
  read: async () => (device === null ? null : { state: { text: device, length: device.length } }),
  create: async ({ config }, ctx) => {
    await held;
    if (config.text === "bad")
      throw new DiagnosticError("The device refuses it", "It says so.", [{ attribute: "text" }]);
    if (config.text === "odd") ctx.warn("The device wonders", "But takes it.");
    device = config.text;
    return { state: { text: device, length: device.length } };
  },
  update: async ({ config }) => {
    device = config.text;
    return { state: { text: device, length: device.length } };
  },
  delete: async () => {
    device = null;
  },
  import: {
    idForm: "<text>",
    run: async (id) => {
      if (id !== device)
        throw new DiagnosticError("There is no such text", `The device does not hold "${id}".`);
      return { state: { text: id, length: id.length } };
    },
  },
});

const probe = defineProvider({
  name: "probe",
  source: "example.internal/test/probe",
  version: "0.0.1",
  description: "A device with one text.",
  example: "",
  attributes: {},
  configure: () => undefined,
  resources: [text],
  dataSources: [],
});

const config = (value: string) => `resource "probe_text" "one" {\n  text = "${value}"\n}\n`;

describe.each(cores())("with $name", (core) => {
  let provider: ResidentProvider;
  let workspace: Workspace;
  beforeAll(async () => {
    provider = await resident(probe);
  });
  afterAll(() => provider.close());
  beforeEach(() => {
    device = null;
    held = undefined;
    workspace = new Workspace({ core, providers: { probe: provider } });
  });
  afterEach(() => workspace.remove());

  test("a step shows plan, state and drift", async () => {
    const { state } = await workspace.configure(config("a")).apply();
    expect(state.values("probe_text.one")).toEqual({ text: "a", length: 1 });
    expectNoChanges(await workspace.plan());

    device = "else";
    const repair = await workspace.plan();
    expect(repair.drift).toEqual(["probe_text.one"]);
    expectActions(repair, { "probe_text.one": "update" });
    expect(repair.change("probe_text.one")).toMatchObject({ before: { text: "else" }, after: { text: "a" } });
    await workspace.apply(repair);
    expect(device).toBe("a");

    device = null;
    expectActions(await workspace.plan(), { "probe_text.one": "create" });
  }, 60_000);

  test("JSON replaces HCL and the other way round; outputs are read", async () => {
    const json = {
      resource: { probe_text: { one: { text: "json" } } },
      output: { length: { value: ["$", "{probe_text.one.length}"].join("") } },
    };
    const { state } = await workspace.configure(config("hcl")).configure(json).apply();
    expect(state.outputs).toEqual({ length: 4 });
    expectActions(await workspace.configure(config("back")).plan(), { "probe_text.one": "update" });
  }, 60_000);

  test("errors have their attribute, warnings are handed back", async () => {
    const error = await expectError(workspace.configure(config("bad")).apply(), /device refuses it/, "text");
    expect(error.address).toBe("probe_text.one");
    expect((await workspace.state()).resources).toEqual({});
    expectWarning(await workspace.configure(config("odd")).apply(), /wonders\nBut takes it/);
    await expectError(
      workspace.import("probe_text.two", "x"),
      /before importing|does not exist in the configuration/,
    );
  }, 60_000);

  test("import, taint, replace, target, refresh-only and destroy do what they do", async () => {
    device = "there";
    workspace.configure(config("there"));
    await expectError(workspace.import("probe_text.one", "not there"), /There is no such text/);
    const state = await workspace.import("probe_text.one", "there");
    expect(state.values("probe_text.one").length).toBe(5);

    expectActions(await workspace.plan({ replace: ["probe_text.one"] }), { "probe_text.one": "replace" });
    await workspace.taint("probe_text.one");
    expectActions(await workspace.plan(), { "probe_text.one": "replace" });
    expectActions(await workspace.plan({ destroy: true }), { "probe_text.one": "delete" });

    device = "changed";
    await workspace.apply({ refreshOnly: true });
    expect((await workspace.state()).values("probe_text.one").text).toBe("changed");
    expect((await workspace.destroy()).state.resources).toEqual({});
    expect(device).toBeNull();
  }, 60_000);

  test("a run can be interfered with", async () => {
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    workspace.configure(config("held"));
    const running = workspace.start(["apply", "-json", "-auto-approve", "-input=false"]);
    await new Promise<void>((resolve) =>
      running.process.stdout!.on("data", (chunk) => {
        if (String(chunk).includes("apply_start")) resolve();
      }),
    );
    running.process.kill("SIGKILL");
    expect(await running.output).toMatchObject({ exitCode: null, signal: "SIGKILL" });
    release();
    expect(workspace.stateFile()).toBeUndefined();
  }, 60_000);

  test("nothing of the user's environment reaches the core, and its registry is never asked", async () => {
    process.env.TF_VAR_leak = "leaked";
    try {
      const environment = workspace.environment();
      expect(Object.keys(environment).sort()).toEqual([
        "CHECKPOINT_DISABLE",
        "HOME",
        "PATH",
        "TF_CLI_CONFIG_FILE",
        "TF_DATA_DIR",
        "TF_INPUT",
        "TF_IN_AUTOMATION",
        "TF_REATTACH_PROVIDERS",
        "TMPDIR",
      ]);
      expect(environment.TF_CLI_CONFIG_FILE!.startsWith(workspace.folder)).toBe(true);
    } finally {
      delete process.env.TF_VAR_leak;
    }
    const other = new Workspace({
      core,
      providers: { none: { source: "example.internal/test/none", version: "1.0.0", bundle: "/nowhere.js" } },
    });
    // Needs a provider that the mirror does not have.
    other.write("more.tf", 'resource "random_id" "one" {}\n');
    await expectError(other.init(), /hashicorp\/random/);
    other.remove();
    expect(existsSync(other.folder)).toBe(false);
  }, 60_000);

  test("a launcher is an exec, whatever is in the paths", () => {
    const bundle = join(workspace.folder, "it's here.js");
    installLauncher(join(workspace.folder, "m"), core, {
      source: "example.internal/test/x",
      version: "1.2.3",
      bundle,
    });
    const [platform] = [`${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`];
    const launcher = join(
      workspace.folder,
      `m/example.internal/test/x/1.2.3/${platform}/terraform-provider-x_v1.2.3`,
    );
    expect(readFileSync(launcher, "utf8")).toBe(
      `#!/bin/sh\nexec '${process.execPath}' '${workspace.folder}/it'\\''s here.js'\n`,
    );
  });
});
