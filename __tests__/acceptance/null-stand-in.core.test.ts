import { cores } from "../../providers/framework/testing/core";
import { expectActions, expectError, expectNoChanges } from "../../providers/framework/testing/expect";
import { type ResidentProvider, resident } from "../../providers/framework/testing/resident";
import {
  type AttachedProvider,
  type LaunchedProvider,
  Workspace,
} from "../../providers/framework/testing/workspace";
import { nullStandInProvider } from "../../providers/null-stand-in/provider";
import { builtProvider } from "../../scripts/built-provider";

const gate = (triggers: string) => `resource "null_resource" "gate" {\n  triggers = ${triggers}\n}\n`;

let attached: ResidentProvider;
beforeAll(async () => {
  attached = await resident(nullStandInProvider);
});
afterAll(() => attached.close());

const WAYS: readonly { way: string; provider: () => AttachedProvider | LaunchedProvider }[] = [
  { way: "hosted by the test", provider: () => attached },
  { way: "started by the core", provider: () => builtProvider("null-stand-in", nullStandInProvider) },
];

describe.each(cores())("with $name", (core) => {
  describe.each(WAYS)("$way", ({ provider }) => {
    let workspace: Workspace;
    beforeEach(() => {
      workspace = new Workspace({ core, providers: { null: provider() } });
    });
    afterEach(() => workspace.remove());

    test("is created, replaced when a trigger changes, destroyed; and nothing in between", async () => {
      workspace.configure(gate('{ proof = "1" }'));
      const create = await workspace.plan();
      expectActions(create, { "null_resource.gate": "create" });
      expect(create.change("null_resource.gate").after_unknown).toMatchObject({ id: true });

      const { state } = await workspace.apply(create);
      const { id } = state.values("null_resource.gate");
      expect(id).toMatch(/^\d+$/);
      expectNoChanges(await workspace.plan());

      workspace.configure(gate('{ proof = "2" }'));
      const replace = await workspace.plan();
      expectActions(replace, { "null_resource.gate": "replace" });
      expect(replace.change("null_resource.gate").replace_paths).toEqual([["triggers"]]);

      const after = await workspace.apply(replace);
      expect(after.state.values("null_resource.gate").id).not.toBe(id);
      expect(after.state.values("null_resource.gate").triggers).toEqual({ proof: "2" });
      expectNoChanges(await workspace.plan());

      expect((await workspace.destroy()).state.resources).toEqual({});
    }, 60_000);

    test("may have triggers that are known only after apply, or none", async () => {
      workspace.configure(
        `resource "null_resource" "first" {}\n${gate("{ first = null_resource.first.id }")}`,
      );
      const { state } = await workspace.apply();
      expect(state.values("null_resource.first").triggers ?? null).toBeNull();
      expect(state.values("null_resource.gate").triggers).toEqual({
        first: state.values("null_resource.first").id,
      });
      expectNoChanges(await workspace.plan());
    }, 60_000);

    test("is imported by its id", async () => {
      workspace.configure('resource "null_resource" "gate" {}');
      const state = await workspace.import("null_resource.gate", "42");
      expect(state.values("null_resource.gate").id).toBe("42");
      expectNoChanges(await workspace.plan());
    }, 60_000);

    test("refuses what it does not have", async () => {
      workspace.configure('resource "null_resource" "gate" {\n  trigger = {}\n}');
      await expectError(workspace.plan(), /argument named "trigger" is not expected/, "trigger");
    }, 60_000);
  });
});
