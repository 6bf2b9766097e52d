import { type Core, cores, isAtLeast } from "../../../../../providers/framework/testing/core";
import { CoreError } from "../../../../../providers/framework/testing/run";
import { Workspace } from "../../../../../providers/framework/testing/workspace";
import { configuration } from "../core-driver";
import { type Mutant, mutantProvider, serveMutant } from "./mutant";
import { BEFORE, FULL, type Moment, type Mutation, type Verdict } from "./mutation";
import { PLAN_MUTATIONS } from "./plan-mutations";
import { RESULT_MUTATIONS } from "./result-mutations";

const MUTATIONS = [...PLAN_MUTATIONS, ...RESULT_MUTATIONS];

/** The same wrong providers on the real cores: what our host demands is what they demand. */

const thing = (config: object | null) => configuration({ mutant: {} }, "mutant_thing", config);

type Asked = Pick<Mutation, "config">;

const MOMENTS: {
  readonly [M in Moment]: (workspace: Workspace, mutant: Mutant, asked: Asked) => Promise<unknown>;
} = {
  start: async (workspace, mutant) => {
    mutant.begin();
    workspace.write("main.tf.json", thing(FULL));
    return workspace.plan();
  },
  create: async (workspace, mutant, { config = FULL }) => {
    mutant.begin();
    workspace.write("main.tf.json", thing(config));
    return workspace.apply();
  },
  update: async (workspace, mutant, { config = { ...BEFORE, note: "after" } }) => {
    workspace.write("main.tf.json", thing(BEFORE));
    await workspace.apply();
    mutant.begin();
    workspace.write("main.tf.json", thing(config));
    return workspace.apply();
  },
  destroy: async (workspace, mutant) => {
    workspace.write("main.tf.json", thing(BEFORE));
    await workspace.apply();
    mutant.begin();
    return workspace.destroy();
  },
  refresh: async (workspace, mutant) => {
    workspace.write("main.tf.json", thing(BEFORE));
    await workspace.apply();
    mutant.begin();
    return workspace.plan();
  },
  import: async (workspace, mutant) => {
    mutant.begin();
    workspace.write("main.tf.json", thing(BEFORE));
    return workspace.import("mutant_thing.it", "a");
  },
  data: async (workspace, mutant) => {
    mutant.begin();
    workspace.write("main.tf.json", JSON.stringify({ data: { mutant_source: { it: { key: "k" } } } }));
    return workspace.apply();
  },
};

function verdictOf(core: Core, { terraform, tofu = terraform, withoutWriteOnly }: Mutation): Verdict {
  if (withoutWriteOnly && !isAtLeast(core, 1, 11)) return withoutWriteOnly;
  return core.name === "terraform" ? terraform : tofu;
}

/** Mutation -> core -> what it says. Printed at the end. */
const said = new Map<Mutation, { [core: string]: string }>();
const note = (mutation: Mutation, core: Core, text: string) =>
  said.set(mutation, { ...said.get(mutation), [core.name]: text.trim().split("\n")[0]!.slice(0, 60) });
afterAll(() => console.table([...said].map(([{ rule, wrong }, cores]) => ({ rule, wrong, ...cores }))));

describe.each(cores())("with $name", (core) => {
  const live = async (
    mutation: Pick<Mutation, "how" | "moment" | "config">,
    after?: (w: Workspace) => Promise<void>,
  ) => {
    const mutant = await serveMutant(mutation.how);
    const { source, version } = mutantProvider;
    const workspace = new Workspace({
      core,
      providers: { mutant: { source, version, reattach: mutant.reattach } },
    });
    try {
      await MOMENTS[mutation.moment](workspace, mutant, mutation);
      await after?.(workspace);
      return undefined;
    } catch (error) {
      if (error instanceof CoreError) return error;
      throw error;
    } finally {
      workspace.remove();
      await mutant.close();
    }
  };

  test.each(MUTATIONS.map((mutation) => [mutation.rule, mutation.wrong, mutation] as const))(
    "%s: %s",
    async (_rule, _wrong, mutation) => {
      const verdict = verdictOf(core, mutation);
      if (verdict instanceof RegExp) {
        const failure = await live(mutation);
        const { stderr, stdout } = failure?.output ?? { stderr: "", stdout: "it took it" };
        const text =
          failure?.errors.map((e) => `${e.summary}\n${e.detail}`).join("\n") ||
          `${stderr}${stdout}`.replace(/[╷│╵]/g, " ");
        note(mutation, core, text);
        expect(failure).toBeInstanceOf(CoreError);
        expect(text).toMatch(verdict);
        return;
      }
      note(mutation, core, `(takes it: ${verdict.takes})`);
      const failure = await live(mutation, async (workspace) => {
        if (!verdict.after) return;
        const { actions } = await workspace.plan();
        expect(actions["mutant_thing.it"]).toBe("update");
      });
      expect(failure).toBeUndefined();
    },
    60_000,
  );

  test.each(Object.keys(MOMENTS) as Moment[])(
    "the same provider without a fault passes: %s",
    async (moment) => expect(await live({ how: {}, moment })).toBeUndefined(),
    60_000,
  );
});
