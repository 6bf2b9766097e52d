import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../../providers/framework/schema/value";
import type { Core } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../../../providers/framework/testing/expect";
import { Later } from "../../../../providers/framework/testing/host/config";
import type { Plan } from "../../../../providers/framework/testing/plan";
import { CoreError } from "../../../../providers/framework/testing/run";
import { type AttachedProvider, Workspace } from "../../../../providers/framework/testing/workspace";
import type { Device } from "./fixture/device";
import { type Step, type Story, unknown } from "./stories";

export const NAME = "it";

/** A configuration in Terraform's JSON syntax. What is known later comes from resources that are new. */
export function configuration(provider: object, type: string, config: object | null): string {
  const sources: { [name: string]: object } = {};
  const write = (value: unknown): unknown => {
    if (value instanceof Later) {
      const name = `later_${Object.keys(sources).length}`;
      sources[name] = { input: value.value };
      return `\${terraform_data.${name}.output}`;
    }
    if (typeof value === "bigint") return String(value);
    if (Array.isArray(value)) return value.map(write);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, write(v)]));
  };
  const body = config && write(config);
  return JSON.stringify(
    {
      provider,
      resource: {
        ...(body !== null && { [type]: { [NAME]: body } }),
        ...(Object.keys(sources).length > 0 && { terraform_data: sources }),
      },
    },
    null,
    2,
  );
}

/** A planned object with `unknown` where it is not known yet. */
function merge(after: Json | undefined, open: Json | undefined): unknown {
  if (open === true) return unknown;
  if (Array.isArray(open) && Array.isArray(after))
    return Array.from({ length: Math.max(open.length, after.length) }, (_, i) => merge(after[i], open[i]));
  if (typeof open !== "object" || open === null) return after ?? null;
  const [a, o] = [(after ?? {}) as { [k: string]: Json }, open as { [k: string]: Json }];
  return Object.fromEntries(Object.keys({ ...a, ...o }).map((key) => [key, merge(a[key], o[key])]));
}

/** Said of a plan that fails as it should (Terraform), and of whatever changed outside (OpenTofu). */
const USUAL =
  /Planning encountered errors, so plan is not applyable|unexpected new value for \S+ during refresh/;

/** What the core itself found odd about the provider, without telling the user. */
const oddities = (log: string): string[] =>
  readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes("[WARN]") && !USUAL.test(line));

/** Lives a story on a real core, which has nothing to say about it in its log. */
export async function liveOnCore(
  core: Core,
  provider: AttachedProvider,
  { file, device }: { readonly file: string; readonly device: Device },
  story: Story,
): Promise<void> {
  const log = `${file}.log`;
  writeFileSync(log, "");
  const env = { TF_LOG: "warn", TF_LOG_PATH: log };
  const workspace = new Workspace({ core, providers: { conf: provider }, env });
  const address = `${story.type}.${NAME}`;
  const configure = (config: object | null) =>
    workspace.write("main.tf.json", configuration({ conf: { device: file } }, story.type, config));
  const planned = (plan: Plan) => {
    const { after, after_unknown: open } = plan.change(address);
    return merge(after, open);
  };

  const live = async (step: Step): Promise<void> => {
    if ("apply" in step) {
      configure(step.apply);
      const plan = await workspace.plan();
      expect(plan.actions[address]).toBe(step.action);
      if (step.planned) expect(planned(plan)).toMatchObject(step.planned);
      if (step.replaces) {
        const paths = (plan.change(address).replace_paths ?? []).map((path) => path.join("."));
        expect(paths.sort()).toEqual(step.replaces);
      }
      const { state, diagnostics } = await workspace.apply(plan);
      if (step.warning) expectWarning({ diagnostics: [...plan.diagnostics, ...diagnostics] }, step.warning);
      if (step.state) expect(state.values(address)).toMatchObject(step.state);
      expectNoChanges(await workspace.plan());
    } else if ("plan" in step) {
      configure(step.plan);
      const plan = await workspace.plan();
      expect(plan.actions[address]).toBe(step.action);
      if (step.planned) expect(planned(plan)).toMatchObject(step.planned);
    } else if ("fails" in step) {
      configure(step.fails);
      await expectError(workspace.apply(), step.error, step.at);
      const { resources } = await workspace.state();
      if (step.leaves === null) expect(resources[address]).toBeUndefined();
      else if (step.leaves) expect(resources[address]!.values).toMatchObject(step.leaves);
      expect(resources[address]?.tainted ?? false).toBe(step.tainted ?? false);
    } else if ("outside" in step) step.outside(device);
    else if ("destroy" in step) {
      const { state } = await workspace.destroy();
      expect(state.resources[address]).toBeUndefined();
    } else if ("destroyFails" in step) await expectError(workspace.destroy(), step.destroyFails);
    else if ("importVerify" in step) await importVerify(step.importVerify, step.ignore ?? []);
    else await upgrade(step);
  };

  /** Forgets the object, imports it, and compares. */
  async function importVerify(id: string, ignore: readonly string[]): Promise<void> {
    const before = (await workspace.state()).values(address);
    await workspace.run(["state", "rm", address]);
    const after = (await workspace.import(address, id)).values(address);
    const differences = Object.keys(before).filter(
      (name) => !ignore.includes(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    expect(differences).toEqual([]);
    const { actions } = await workspace.plan();
    expect(actions[address]).toBe(ignore.length === 0 ? "no-op" : "update");
    if (ignore.length > 0) await workspace.apply();
  }

  /** The state file as an older provider would have left it. */
  async function upgrade({ upgrade: old, config }: Extract<Step, { upgrade: object }>): Promise<void> {
    const state = JSON.parse(workspace.stateFile()!);
    const [instance] = state.resources.find((r: { type: string }) => r.type === story.type).instances;
    Object.assign(instance, { schema_version: old.version, attributes: old.state });
    workspace.write("terraform.tfstate", JSON.stringify({ ...state, serial: state.serial + 1 }));
    configure(config);
    expectNoChanges(await workspace.plan());
  }

  try {
    for (const [index, step] of story.steps.entries()) {
      try {
        await live(step);
      } catch (error) {
        const where = error instanceof CoreError ? ` (${join(workspace.folder, "main.tf.json")})` : "";
        throw Object.assign(error as Error, {
          message: `step ${index + 1}${where}: ${(error as Error).message}`,
        });
      }
    }
    expect(oddities(log)).toEqual([]);
  } finally {
    workspace.remove();
  }
}
