import type { InFlight } from "../../../../../providers/framework/wire/grpc/in-flight";
import { createLogger } from "../../../../../providers/framework/wire/logger";
import { createExits } from "../../../../../providers/framework/wire/process/exit";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function exits() {
  const codes: number[] = [];
  const aborted: string[] = [];
  let finish = () => {};
  const idle = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const inFlight = {
    abortAll: (why: Error) => aborted.push(why.message),
    idle: () => idle,
  } as unknown as InFlight;
  const log = createLogger({ name: "test", env: {} });
  return {
    codes,
    aborted,
    finish,
    exits: createExits(
      () => inFlight,
      log,
      (code) => codes.push(code),
    ),
  };
}

test("after Shutdown it ends as soon as the host has closed the connection", () => {
  const { codes, exits: ends } = exits();
  ends.connections(1);
  ends.connections(0);
  expect(codes).toEqual([]);
  ends.connections(1);
  ends.shutdown();
  ends.connections(0);
  expect(codes).toEqual([0]);
});

test("after Shutdown it waits for a host that keeps the connection, but not 50 ms", () => {
  const { codes, exits: ends } = exits();
  ends.connections(1);
  ends.shutdown();
  expect(codes).toEqual([]);
  jest.advanceTimersByTime(49);
  expect(codes).toEqual([0]);
});

test("an abort waits for the work in flight, and for work that never ends two seconds", async () => {
  const patient = exits();
  patient.exits.abort(new Error("SIGTERM"), 143);
  patient.exits.abort(new Error("again"), 1);
  expect(patient.aborted).toEqual(["SIGTERM"]);
  jest.advanceTimersByTime(1_999);
  expect(patient.codes).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(patient.codes).toEqual([143]);

  const quick = exits();
  quick.exits.abort(new Error("SIGTERM"), 143);
  quick.finish();
  await jest.advanceTimersByTimeAsync(20);
  expect(quick.codes).toEqual([143]);
});
