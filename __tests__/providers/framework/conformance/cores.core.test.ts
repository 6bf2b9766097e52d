// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundled } from "../../../../providers/framework/testing/bundle";
import { cores, isAtLeast } from "../../../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";
import { liveOnCore } from "./core-driver";
import { EXPRESSION_STORIES } from "./expression-stories";
import { Device } from "./fixture/device";
import { confProvider } from "./fixture/provider";
import { SECRET_STORY, STORIES } from "./stories";

/** The fixture on the real cores: the same lives as on our own host. */

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const file = join(folder, "device.json");
const device = new Device(file);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(cores())("with $name", (core) => {
  let provider: ResidentProvider;
  beforeAll(async () => {
    provider = await resident(confProvider);
  });
  afterAll(() => provider.close());
  const live = (story: (typeof STORIES)[number]) => liveOnCore(core, provider, { file, device }, story);

  test.each([...STORIES, ...EXPRESSION_STORIES])("$name", live, 120_000);

  test(SECRET_STORY.name, async () => {
    if (isAtLeast(core, 1, 11)) return live(SECRET_STORY);
    // Before 1.11 neither core has write-only attributes: the provider says so instead of leaking the value into a state.
    const [first] = SECRET_STORY.steps;
    if (!first || !("apply" in first)) throw new Error("the story begins with an apply");
    const refusal = { error: /needs a newer Terraform/, at: "password_wo", leaves: null };
    await live({ ...SECRET_STORY, steps: [{ fails: first.apply, ...refusal }] });
  }, 120_000);

  test("started by the core, it leaves no warning in the log: plan, apply, data source, destroy", async () => {
    const conf = await bundled(confProvider, join(__dirname, "fixture/main.ts"));
    const workspace = new Workspace({ core, providers: { conf }, env: { TF_LOG: "warn" } });
    try {
      workspace.configure({
        provider: { conf: { device: file } },
        resource: { conf_everything: { one: { name: "logged", words: ["a"] } } },
        data: { conf_lookup: { one: { names: ["${conf_everything.one.id}"] } } },
        output: { revision: { value: '${data.conf_lookup.one.found["thing-logged"].revision}' } },
      });
      await workspace.init();
      const apply = await workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
      expect((await workspace.state()).outputs).toEqual({ revision: 1 });
      const plan = await workspace.run(["plan", "-input=false", "-no-color"]);
      const destroy = await workspace.run([
        "apply",
        "-destroy",
        "-auto-approve",
        "-input=false",
        "-no-color",
      ]);
      for (const { stderr } of [apply, plan, destroy]) expect(stderr).toBe("");
    } finally {
      workspace.remove();
      conf.remove();
    }
  }, 120_000);
});
