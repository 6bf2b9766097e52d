import { defineProvider, defineResource, type Move } from "../../../../providers/framework/define";
import { attr } from "../../../../providers/framework/schema/attribute";
import { cores, isAtLeast } from "../../../../providers/framework/testing/core";
import { expectError, expectNoChanges } from "../../../../providers/framework/testing/expect";
import { type ResidentProvider, resident } from "../../../../providers/framework/testing/resident";
import { Workspace } from "../../../../providers/framework/testing/workspace";

/** `moved` from one type to another, of the same provider and of core's own. */

const description = "Text.";
let made = 0;

const typeOf = (type: string, moves: readonly Move[]) =>
  defineResource()({
    type,
    description,
    example: "",
    version: 1,
    upgraders: { 0: (state) => state },
    attributes: {
      text: attr.string({ description, required: true }),
      id: attr.string({ description, computed: true, keepPriorValue: true }),
    },
    moves,
    read: async ({ state, private: kept }) => ({ state, private: kept }),
    create: async ({ config }) => ({ state: { ...config, id: `made-${++made}` }, private: { of: type } }),
    update: async ({ config, prior }) => ({ state: { ...config, id: prior.id } }),
    delete: async () => undefined,
  });

const seen: number[] = [];
const provider = defineProvider({
  name: "move",
  source: "example.internal/test/move",
  version: "0.0.1",
  description,
  example: "",
  attributes: {},
  configure: () => undefined,
  resources: [
    typeOf("move_old", []),
    typeOf("move_new", [
      {
        from: "move_old",
        run: (state, version) => {
          seen.push(version);
          return state;
        },
      },
      {
        from: "terraform_data",
        provider: "terraform.io/builtin/terraform",
        // `input` of the type dynamic: as value and type.
        run: ({ input, id }) => ({ text: (input as { value: string }).value, id: id! }),
      },
    ]),
  ],
  dataSources: [],
});

const moved = (from: string, to: string) => `moved {\n  from = ${from}.one\n  to   = ${to}.one\n}\n`;

describe.each(cores())("with $name", (core) => {
  let attached: ResidentProvider;
  let workspace: Workspace;
  beforeAll(async () => {
    attached = await resident(provider);
  });
  afterAll(() => attached.close());
  beforeEach(() => {
    workspace = new Workspace({ core, providers: { move: attached } });
  });
  afterEach(() => workspace.remove());

  const move = async (from: string, before: string, to: string) => {
    await workspace.configure(before).apply();
    workspace.configure(`resource "${to}" "one" {\n  text = "a"\n}\n${moved(from, to)}`);
    return workspace.plan();
  };
  const OLD = 'resource "move_old" "one" {\n  text = "a"\n}\n';

  // Terraform since 1.8, OpenTofu since 1.10.
  if (!isAtLeast(core, 1, core.name === "tofu" ? 10 : 8)) {
    test("this core moves within a type only, and says so", async () => {
      await expectError(
        move("move_old", OLD, "move_new"),
        /Resource type mismatch\n.*from move_old\.one to move_new\.one, which is a resource of a different type/,
      );
    }, 60_000);
    return;
  }

  test("to another type of the provider: the object stays, and nothing else changes", async () => {
    const plan = await move("move_old", OLD, "move_new");
    expect(plan.actions).toEqual({ "move_new.one": "no-op" });
    expect(seen).toEqual([1]);
    const { state } = await workspace.apply(plan);
    expect(state.values("move_new.one")).toEqual({ text: "a", id: `made-${made}` });
    expectNoChanges(await workspace.plan());
  }, 60_000);

  test("from a type of another provider", async () => {
    const before = 'resource "terraform_data" "one" {\n  input = "a"\n}\n';
    const plan = await move("terraform_data", before, "move_new");
    expect(plan.actions).toEqual({ "move_new.one": "no-op" });
    await workspace.apply(plan);
    expectNoChanges(await workspace.plan());
  }, 60_000);

  test("what cannot be moved is refused in our words", async () => {
    const before = 'resource "move_new" "one" {\n  text = "a"\n}\n';
    await expect(move("move_new", before, "move_old")).rejects.toThrow(/move_new cannot become move_old/);
  }, 60_000);
});
