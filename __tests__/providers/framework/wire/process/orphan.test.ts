import { watchForOrphaning } from "../../../../../providers/framework/wire/process/orphan";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watch() {
  const host = { pid: 42 };
  const reasons: string[] = [];
  const watcher = watchForOrphaning((why) => reasons.push(why), {
    interval: 10,
    start: 2000,
    grace: 50,
    parent: () => host.pid,
  });
  return { host, reasons, watcher };
}

test("another parent means that the host has ended; said once", () => {
  const { host, reasons } = watch();
  jest.advanceTimersByTime(100);
  expect(reasons).toEqual([]);
  host.pid = 1;
  jest.advanceTimersByTime(100);
  expect(reasons).toEqual(["the process that started the provider has ended"]);
});

test("a connection that is gone for long means it too", () => {
  const { reasons, watcher } = watch();
  watcher.connections(1);
  watcher.connections(0);
  jest.advanceTimersByTime(100);
  expect(reasons).toEqual(["the host's connection has been closed"]);
});

test("a host that never comes has ended before we could look", () => {
  const { reasons } = watch();
  jest.advanceTimersByTime(1999);
  expect(reasons).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(reasons).toEqual(["no host has connected"]);
});

test("a host that comes back in time, or has not come yet, is no reason", () => {
  const { reasons, watcher } = watch();
  jest.advanceTimersByTime(1000);
  watcher.connections(1);
  watcher.connections(0);
  jest.advanceTimersByTime(40);
  watcher.connections(1);
  jest.advanceTimersByTime(1000);
  expect(reasons).toEqual([]);
});
