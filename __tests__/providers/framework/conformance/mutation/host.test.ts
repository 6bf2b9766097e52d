import { Host } from "../../../../../providers/framework/testing/host/host";
import { attach } from "../../../../../providers/framework/testing/host/launch";
import { BrokenRule, RULES } from "../../../../../providers/framework/testing/host/rule";
import { type Mutant, serveMutant } from "./mutant";
import { BEFORE, FULL, type Moment, type Mutation } from "./mutation";
import { PLAN_MUTATIONS } from "./plan-mutations";
import { RESULT_MUTATIONS } from "./result-mutations";

const MUTATIONS = [...PLAN_MUTATIONS, ...RESULT_MUTATIONS];

/** A deliberately wrong provider for each rule: our host must see it, and say which rule. */

type Asked = Pick<Mutation, "config">;

const MOMENTS: { readonly [M in Moment]: (host: Host, mutant: Mutant, asked: Asked) => Promise<unknown> } = {
  start: async () => undefined,
  create: (host, mutant, { config = FULL }) => {
    mutant.begin();
    return host.resource("mutant_thing").apply(config);
  },
  update: async (host, mutant, { config = { ...BEFORE, note: "after" } }) => {
    const instance = host.resource("mutant_thing");
    await instance.apply(BEFORE);
    mutant.begin();
    return instance.apply(config);
  },
  destroy: async (host, mutant) => {
    const instance = host.resource("mutant_thing");
    await instance.apply(BEFORE);
    mutant.begin();
    return instance.destroy();
  },
  refresh: async (host, mutant) => {
    const instance = host.resource("mutant_thing");
    await instance.apply(BEFORE);
    mutant.begin();
    return instance.plan();
  },
  import: (host, mutant) => {
    mutant.begin();
    return host.resource("mutant_thing").import("a");
  },
  data: (host, mutant) => {
    mutant.begin();
    return host.data("mutant_source", { key: "k" });
  },
};

async function live({ how, moment, ...asked }: Pick<Mutation, "how" | "moment" | "config">): Promise<void> {
  const mutant = await serveMutant(how);
  if (moment === "start") mutant.begin();
  const client = await attach(mutant.reattach);
  try {
    await MOMENTS[moment](await Host.of(client), mutant, asked);
  } finally {
    await client.close();
    await mutant.close();
  }
}

test.each(MUTATIONS.map((mutation) => [mutation.rule, mutation.wrong, mutation] as const))(
  "%s: %s",
  async (rule, _, mutation) => {
    const failure = await live(mutation).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(BrokenRule);
    expect((failure as BrokenRule).message).toContain(RULES[rule]);
    expect((failure as BrokenRule).rule).toBe(rule);
  },
);

test.each(Object.keys(MOMENTS) as Moment[])("the same provider without a fault passes: %s", (moment) =>
  live({ how: {}, moment }),
);

test("no verdict would take just any error of a core", () => {
  const others = [
    "Failed",
    "Provider produced invalid plan\nof something else",
    "Provider produced inconsistent result after apply\nof something else",
    "Provider produced inconsistent final plan\nof something else",
    "Provider produced invalid object\nof something else",
    "Provider returned invalid result object after apply\nof something else",
    "Plugin error\nof something else",
  ];
  const verdicts = MUTATIONS.flatMap(({ terraform, tofu, withoutWriteOnly }) => [
    terraform,
    tofu,
    withoutWriteOnly,
  ]);
  const loose = verdicts.filter((v) => v instanceof RegExp && others.some((text) => v.test(text)));
  expect(loose).toEqual([]);
});

test("every rule of core's has a mutation", () => {
  const elsewhere = [
    // Told of a process, in host.test.ts.
    "handshake-valid",
    "shuts-down",
    // The kit's own steps, in steps.test.ts.
    "import-restores",
    "disappearance-is-seen",
    "drift-is-seen",
    "upgrade-needs-no-change",
    "move-needs-no-change",
    "move-returns-object",
  ];
  const tested = new Set<string>([...MUTATIONS.map(({ rule }) => rule), ...elsewhere]);
  expect(Object.keys(RULES).filter((rule) => !tested.has(rule))).toEqual([]);
});
