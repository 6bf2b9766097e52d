import { setTimeout as sleep } from "node:timers/promises";
import { attr } from "../../../../providers/framework/schema/attribute";
import { parseDuration, timeouts } from "../../../../providers/framework/schema/timeouts";
import { UNKNOWN } from "../../../../providers/framework/schema/value";
import { linesOf, NO_BYTES, resourceOf, running, serverFor } from "./fixture";

const attributes = {
  name: attr.string({ description: "Name.", required: true }),
  timeouts: timeouts({ create: "20ms", update: "1h", delete: "5m" }),
};

const apply = async (
  config: { name: string; timeouts: { [operation: string]: string | null } | null },
  create: (signal: AbortSignal) => Promise<void>,
) => {
  const resource = resourceOf(attributes, {
    create: async ({ config }, ctx) => {
      await create(ctx.signal);
      return { state: config as never };
    },
  });
  const server = await serverFor(resource);
  const answer = await server.applyResourceChange({
    type: "test_thing",
    prior: null,
    planned: config,
    config,
    plannedPrivate: NO_BYTES,
    signal: running,
  });
  return { ...answer, said: linesOf(answer.diagnostics) };
};

test.each([
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["1.5m", 90_000],
  ["250ms", 250],
])("%s is %d ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
test.each(["", "5", "5 m", "m", "-5s", "5d", "1h "])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("a hook that heeds the signal ends at the default deadline, and the user reads which setting raises it", async () => {
  const { state, said } = await apply({ name: "a", timeouts: null }, async (signal) => {
    await sleep(60_000, undefined, { signal });
  });
  expect(state).toBeNull();
  expect(said).toEqual([
    expect.stringMatching(/^error: test_thing: the create took longer than 20ms .*raise `timeouts.create`/),
  ]);
});

test("what the hook says of the abort comes second", async () => {
  const { said } = await apply(
    { name: "a", timeouts: { create: "10ms", update: null, delete: null } },
    async (signal) => {
      await sleep(60_000, undefined, { signal }).catch(() => {
        throw Object.assign(new Error("late"), {
          summary: "The device is slow",
          detail: "It answered 3 of 7.",
        });
      });
    },
  );
  expect(said[0]).toMatch(/took longer than 10ms/);
  expect(said[1]).toBe("error: The device is slow / It answered 3 of 7.");
});

test("a configured one takes precedence, and work that is done in time is not disturbed", async () => {
  const long = { create: "1h", update: null, delete: null };
  const { state, said } = await apply({ name: "a", timeouts: long }, () => sleep(40));
  expect([state, said]).toEqual([{ name: "a", timeouts: long }, []]);
});

test.each(["720h", "2.3h", "1.001s"])(
  "%s, which no timer takes as it is, does not disturb either",
  async (create) => {
    const { said } = await apply(
      { name: "a", timeouts: { create, update: null, delete: null } },
      async (signal) => {
        await sleep(20);
        signal.throwIfAborted();
      },
    );
    expect(said).toEqual([]);
  },
);

test("work that was done in spite of the deadline is recorded without an error", async () => {
  const { state, said } = await apply({ name: "a", timeouts: null }, () => sleep(60));
  expect([state, said]).toEqual([{ name: "a", timeouts: null }, []]);
});

test("a text that is no duration is refused with its path; an unknown one is not judged", async () => {
  const server = await serverFor(resourceOf(attributes));
  const validate = async (create: string | typeof UNKNOWN) =>
    linesOf(
      (
        await server.validateResourceConfig({
          type: "test_thing",
          config: { name: "a", timeouts: { create, update: null, delete: null } },
          writeOnlyAllowed: true,
        })
      ).diagnostics,
    );
  expect(await validate("soon")).toEqual([
    expect.stringMatching(/^error timeouts.create: .*"soon" is no duration/),
  ]);
  expect(await validate(UNKNOWN)).toEqual([]);
});
