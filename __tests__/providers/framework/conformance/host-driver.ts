import { UNKNOWN } from "../../../../providers/framework/schema/value";
import { refused } from "../../../../providers/framework/testing/host/failure";
import type { Host } from "../../../../providers/framework/testing/host/host";
import type { Device } from "./fixture/device";
import { type Step, type Story, unknown } from "./stories";

const readable = (value: unknown): unknown => {
  if (value === UNKNOWN) return unknown;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, readable(v)]));
};

/** Lives a story on our host. */
export async function liveOnHost(host: Host, device: Device, story: Story): Promise<void> {
  const instance = host.resource(story.type);
  const live = async (step: Step): Promise<void> => {
    if ("apply" in step) {
      const { action, planned, state, replaces, warnings } = await instance.apply(step.apply);
      expect(action).toBe(step.action);
      if (step.planned) expect(readable(planned)).toMatchObject(step.planned);
      if (step.state) expect(state).toMatchObject(step.state);
      if (step.replaces) expect([...replaces].sort()).toEqual(step.replaces);
      if (step.warning) expect(warnings.map((w) => w.summary).join("\n")).toMatch(step.warning);
    } else if ("plan" in step) {
      const { action, planned } = await instance.plan(step.plan);
      expect(action).toBe(step.action);
      if (step.planned) expect(readable(planned)).toMatchObject(step.planned);
    } else if ("fails" in step) {
      await instance.fails(step.fails, step.error, step.at === undefined ? {} : { at: step.at });
      if (step.leaves === null) expect(instance.state).toBeNull();
      else if (step.leaves) expect(instance.state).toMatchObject(step.leaves);
      expect(instance.tainted).toBe(step.tainted ?? false);
    } else if ("outside" in step) step.outside(device);
    else if ("destroy" in step) {
      await instance.destroy();
      expect(instance.state).toBeNull();
    } else if ("destroyFails" in step) await refused(instance.destroy(), step.destroyFails);
    else if ("importVerify" in step)
      await instance.importVerify(step.importVerify, { ignore: step.ignore ?? [] });
    else await instance.upgradesFrom(step.upgrade, step.config);
  };
  for (const [index, step] of story.steps.entries()) {
    try {
      await live(step);
    } catch (error) {
      throw Object.assign(error as Error, { message: `step ${index + 1}: ${(error as Error).message}` });
    }
  }
}
