import type { Operation } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, keaOn, op, SCOPE, SOURCE } from "../../support/backend";
import {
  type Configuration,
  configuration,
  entry,
  type FakeKea,
  type FakeOptions,
} from "../../support/fake-kea";
import { startKea } from "../../support/started-kea";

const kea = (options?: FakeOptions) => startKea(configuration([entry(SOURCE.join(", "))]), options);

const forward = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
const reserve = (d: Configuration) =>
  void d.Dhcp4.subnet4[1]!.reservations.push({ "hw-address": "02:00:00:00:00:99" });
const apply = (servers: FakeKea[], operation: Operation = op()) =>
  keaOn(servers).apply(SCOPE, forward, operation);

describe.each(["2.2.0", "3.0.4"])("on %s", (version) => {
  test("config-set refused just after a rival's: theirs is set again as it is, and the server serves again", async () => {
    const server = await kea({ version });
    let theirs = "";
    server.before = (command, nth) => {
      if (command !== "config-set" || nth > 1) return;
      server.edit(reserve);
      theirs = server.text;
    };
    server.instead = (command, nth) =>
      command === "config-set" && nth === 1 ? { result: 1, text: "cannot open socket" } : undefined;
    const failure = await apply([server]).catch((e) => e);
    expect(failure).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/cannot open socket.*set once more as it was.*Our change is not in it/),
    });
    expect(server.sets).toEqual([theirs]);
    expect(server.text).toBe(theirs);
    expect(server.deaf).toBe(false);
  });
});

describe("a rival's configuration that ours replaced is told of, whatever fails after it", () => {
  /** A rival just before the first config-set. */
  const overwritten = async () => {
    const server = await kea();
    server.before = (command, nth) => {
      if (command === "config-set" && nth === 1) server.edit(reserve);
    };
    return server;
  };
  const told = (server: FakeKea, failure: RegExp) =>
    expect.stringMatching(new RegExp(`${failure.source}.*${server.endpoint}: between .* changed is lost`));

  test("config-write", async () => {
    const server = await overwritten();
    server.instead = (c) => (c === "config-write" ? { result: 1, text: "Unable to open file" } : undefined);
    const outcome = keaOn([server], { persist: "config-write" }).apply(SCOPE, forward, op());
    await expect(outcome).rejects.toMatchObject({ kind: "refused", detail: told(server, /was undone/) });
  });

  test("the second of a pair", async () => {
    const pair = [await overwritten(), await kea()];
    pair[1]!.instead = (c, nth) => (c === "config-set" && nth === 1 ? { result: 1, text: "no" } : undefined);
    await expect(apply(pair)).rejects.toMatchObject({
      kind: "refused",
      detail: told(pair[0]!, /result 1: no/),
    });
  });

  test("reading back", async () => {
    const server = await overwritten();
    server.instead = (c, nth) => (c === "config-get" && nth > 2 ? { result: 1, text: "busy" } : undefined);
    await expect(apply([server])).rejects.toMatchObject({ detail: told(server, /busy/) });
  });

  test("a fault of our own", async () => {
    const server = await overwritten();
    const progress = (line: string) => {
      if (line.includes("read back")) throw new TypeError("our fault");
    };
    await expect(apply([server], { ...op(), progress })).rejects.toMatchObject({
      message: told(server, /our fault/),
    });
  });

  test("nothing fails: of a pair both are told", async () => {
    const pair = [await overwritten(), await overwritten()];
    const failure = await apply(pair).catch((e) => e);
    expect(failure).toMatchObject({ kind: "rival", detail: told(pair[0]!, /^/) });
    expect(failure.detail).toEqual(told(pair[1]!, / /));
    expect(failure.detail).toMatch(/Option 150 is as declared\.$/);
  });
});
