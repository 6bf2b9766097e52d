import { setTimeout as sleep } from "node:timers/promises";
import { Stopped } from "../../../../../providers/framework/server/thrown";
import { GrpcError, Status } from "../../../../../providers/framework/wire/grpc/status";
import { createLogger } from "../../../../../providers/framework/wire/logger";
import { reportStrayErrors } from "../../../../../providers/framework/wire/process/signals";

/** What a rejection that nobody has looked at leads to: the lines of the log, and why the running calls are aborted. */
function rejected(thrown: unknown) {
  const lines: string[] = [];
  const aborts: Stopped[] = [];
  const handlers = new Map<string | symbol, (thrown: unknown) => void>();
  const on = jest.spyOn(process, "on").mockImplementation((event, handler) => {
    handlers.set(event, handler as (thrown: unknown) => void);
    return process;
  });
  const log = createLogger({ name: "test", env: { TF_LOG: "error" }, write: (line) => lines.push(line) });
  reportStrayErrors(
    log,
    () => fail("a rejection ends no process"),
    (why) => aborts.push(why),
  );
  on.mockRestore();
  handlers.get("unhandledRejection")!(thrown);
  return { lines, aborts };
}

async function thrownBySleep(reason: Error): Promise<unknown> {
  const controller = new AbortController();
  const sleeping = sleep(60_000, undefined, { signal: controller.signal });
  controller.abort(reason);
  return sleeping.catch((error: unknown) => error);
}

const late = new Stopped("the create took longer than 300ms");
const gone = new GrpcError(Status.cancelled, "the host gave the call up");

test.each([
  ["the reason itself", async () => late],
  ["the reason of a call that the host gave up", async () => gone],
  ["what Node makes of it", () => thrownBySleep(late)],
  ["what Node makes of the other one", () => thrownBySleep(gone)],
  ["an error that wraps it", async () => new Error("the device was not waited for", { cause: gone })],
])("the echo of one call's abort stops no other: %s", async (_, thrown) => {
  const { lines, aborts } = rejected(await thrown());
  expect(aborts).toEqual([]);
  expect(lines).toHaveLength(1);
});

test("any other rejection stops what runs, and is said with where it came from", () => {
  const { lines, aborts } = rejected(new TypeError("x is undefined"));
  expect(aborts).toMatchObject([{ because: { stray: { thrown: new TypeError("x is undefined") } } }]);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    error: "TypeError: x is undefined",
    stack: expect.stringContaining("signals.test.ts"),
  });
});

test("what has no text is a rejection like any other", () => {
  const { lines, aborts } = rejected(Object.create(null));
  expect(aborts).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ error: "a thrown object that has no text" });
});
