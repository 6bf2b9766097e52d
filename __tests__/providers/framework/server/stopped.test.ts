import { setTimeout as sleep } from "node:timers/promises";
import { attr } from "../../../../providers/framework/schema/attribute";
import { timeouts } from "../../../../providers/framework/schema/timeouts";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { endingOf } from "../../../../providers/framework/server/ending";
import { Stopped } from "../../../../providers/framework/server/thrown";
import { Call } from "../../../../providers/framework/wire/grpc/in-flight";
import { type Line, linesOf, NO_BYTES, providerOf, recordingLog, resourceOf, running } from "./fixture";

const attributes = {
  name: attr.string({ description: "Name.", required: true }),
  timeouts: timeouts({ create: "5ms", read: "5ms" }),
};
const object = { name: "a", timeouts: null };
const type = "test_thing";

/** A server that lets a hook go on for a moment once it is told to stop. */
async function serverWith(hooks: Parameters<typeof resourceOf<typeof attributes>>[1]) {
  const { log, lines } = recordingLog();
  const server = createProviderServer(providerOf(resourceOf(attributes, hooks)), { log, grace: 5 });
  await server.configureProvider({ config: { region: null }, signal: running });
  return { server, lines };
}
const ignored = (lines: readonly Line[]) => lines.filter(({ level }) => level === "warn");

/** A hook that hears nothing, until it is let go. */
function deaf() {
  let letGo: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { ended, letGo: () => letGo() };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

test("a create that ignores its deadline is waited for and recorded, and the log says once that it goes on", async () => {
  const hook = deaf();
  const { server, lines } = await serverWith({
    create: async () => {
      await hook.ended;
      return { state: object };
    },
  });
  let answered = false;
  const answer = server
    .applyResourceChange({
      type,
      prior: null,
      planned: object,
      config: object,
      plannedPrivate: NO_BYTES,
      signal: running,
    })
    .finally(() => {
      answered = true;
    });
  await until(() => ignored(lines).length > 0);
  await sleep(30);
  expect(answered).toBe(false);
  hook.letGo();
  expect(await answer).toMatchObject({ state: object, diagnostics: [] });
  expect(ignored(lines)).toEqual([
    {
      level: "warn",
      message: "the create goes on although it was told to stop",
      fields: { subject: type, why: "AbortError: the create took longer than 5ms", waits: true },
    },
  ]);
});

test("a read that ignores its deadline is not waited for: the state stays, and what it returns later is nothing", async () => {
  const hook = deaf();
  const { server, lines } = await serverWith({
    read: async () => {
      await hook.ended;
      throw new Error("too late");
    },
  });
  const answer = await server.readResource({ type, current: object, private: NO_BYTES, signal: running });
  expect(answer.state).toEqual(object);
  expect(linesOf(answer.diagnostics)).toEqual([
    expect.stringMatching(/^error: test_thing: the read took longer than 5ms .*raise `timeouts.read`/),
  ]);
  expect(ignored(lines)).toMatchObject([{ fields: { waits: false } }]);
  hook.letGo();
  await sleep(5);
});

test("the same when the run is stopped: a plan is answered", async () => {
  const { server } = await serverWith({ plan: () => new Promise(() => undefined) });
  const run = new AbortController();
  const answer = server.planResourceChange({
    type,
    prior: null,
    proposed: object,
    config: object,
    priorPrivate: NO_BYTES,
    signal: run.signal,
  });
  run.abort(new Stopped("the run was stopped"));
  expect(linesOf((await answer).diagnostics)).toEqual([
    expect.stringMatching(/^error: test_thing: cancelled/),
  ]);
});

describe("the process ends after a hook was told to stop", () => {
  const ending = new Stopped("SIGTERM", { ending: true });
  const begin = async (hooks: Parameters<typeof serverWith>[0]) => {
    const { server, lines } = await serverWith(hooks);
    const call = new Call();
    const given = { type, prior: null, planned: object, config: object, plannedPrivate: NO_BYTES };
    return { answer: server.applyResourceChange({ ...given, signal: call.signal }), call, lines };
  };

  it.each([
    ["by a rejection", (call: Call) => call.abort(new Stopped("a rejection", { stray: { thrown: 1 } }))],
    ["by Ctrl-C", (call: Call) => call.abort(new Stopped("the run was stopped"))],
    ["by its deadline", () => undefined],
  ])("%s: one that writes and hears nothing is answered for", async (_, tell) => {
    const { answer, call, lines } = await begin({ create: () => new Promise(() => undefined) });
    tell(call);
    await until(() => ignored(lines).length > 0);
    call.abort(ending);
    expect(await answer).toMatchObject({ state: null, diagnostics: [{ severity: "error" }] });
    expect(ignored(lines)).toHaveLength(1);
  });

  it("and what it still has done by then is recorded", async () => {
    const hook = deaf();
    const { answer, call, lines } = await begin({
      create: async () => {
        await hook.ended;
        return { state: object };
      },
    });
    call.abort(new Stopped("the run was stopped"));
    await until(() => ignored(lines).length > 0);
    call.abort(ending);
    hook.letGo();
    expect(await answer).toMatchObject({ state: object, diagnostics: [] });
  });

  it("also one whose signal nobody had asked for by then", () => {
    const call = new Call();
    call.abort(new Stopped("the run was stopped"));
    call.abort(ending);
    expect([call.signal.reason, endingOf(call.signal).reason]).toEqual([
      new Stopped("the run was stopped"),
      ending,
    ]);
  });
});

describe("something is thrown where nothing catches it", () => {
  const stray = { stray: { thrown: new TypeError("x is undefined") } };
  const bug =
    /^error: Bug of the provider \(test_thing\) \/ Its create was stopped: .*TypeError: x is undefined/;
  const apply = async (
    create: (signal: AbortSignal) => Promise<{ state: typeof object }>,
    because: Stopped["because"] = stray,
  ) => {
    const { server } = await serverWith({
      create: async (_, { signal }) => {
        run.abort(new Stopped("an exception was not caught", because));
        return create(signal);
      },
    });
    const run = new AbortController();
    const { state, diagnostics } = await server.applyResourceChange({
      type,
      prior: null,
      planned: object,
      config: { ...object, timeouts: { create: "1h", read: null } },
      plannedPrivate: NO_BYTES,
      signal: run.signal,
    });
    return { state, said: linesOf(diagnostics) };
  };

  it("is what the user reads of a hook that stops", async () => {
    const { state, said } = await apply(async (signal) => {
      throw signal.reason;
    });
    expect([state, said]).toEqual([null, [expect.stringMatching(bug)]]);
  });

  it("comes first when the hook wraps the abort", async () => {
    const { said } = await apply(async () => {
      throw Object.assign(new Error(), { summary: "The device was not waited for", detail: "Cancelled." });
    });
    expect(said).toEqual([expect.stringMatching(bug), "error: The device was not waited for / Cancelled."]);
  });

  it("is said of a result that is half done", async () => {
    const { state, said } = await apply(async () => ({ state: { ...object, name: "half" } }));
    expect([state, said]).toEqual([{ ...object, name: "half" }, [expect.stringMatching(bug)]]);
  });

  it("does not taint what was done all the same", async () => {
    expect(await apply(async () => ({ state: object }))).toEqual({ state: object, said: [] });
  });

  it("and the process ends: even a hook that writes is answered for", async () => {
    const answer = await apply(() => new Promise(() => undefined), { ...stray, ending: true });
    expect(answer).toEqual({ state: null, said: [expect.stringMatching(bug)] });
  });
});
