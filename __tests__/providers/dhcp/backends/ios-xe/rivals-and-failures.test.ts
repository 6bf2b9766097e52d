import type { IosXeDevice } from "../../../../../lab/dhcp/ios-xe";
import type { Change, DhcpError } from "../../../../../providers/dhcp/backends/backend";
import { DESTINATION, op, SCOPE, SOURCE } from "../../support/backend";
import { Devices, entry, iosXeOn, native, POOL, voice } from "../../support/ios-xe";

/** Somebody else writes to the device, or it fails, at each point of a change. */

const devices = new Devices();
afterEach(() => devices.stop());

const RIVAL = entry(["203.0.113.9"]);
const CHANGE: Change = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" };
const ENTRY_GET = 3;
const PUT = 4;
const READ_BACK = 5;
/** Of one change: all, version, entry, PUT, entry, all. */
const REQUESTS = 6;
const each = Array.from({ length: REQUESTS }, (_, i) => i + 1);

const apply = async (device: IosXeDevice): Promise<DhcpError | null> => {
  try {
    await iosXeOn([device]).apply(SCOPE, CHANGE, op());
    return null;
  } catch (error) {
    return error as DhcpError;
  }
};
const atRequest = (nth: number, what: () => void) => (_: string, n: number) => {
  if (n === nth) what();
};

describe.each(["none", "resource", "datastore"] as const)("entity tags: %s", (etags) => {
  test.each(each)("a rival sets our option before request %i", async (nth) => {
    const device = await devices.start({ etags });
    device.before = atRequest(nth, () => device.set(POOL, 150, RIVAL));
    const error = await apply(device);
    if (nth === PUT && etags === "none") {
      // The one gap: between the last look and the write, on a device that has no tags.
      expect(error).toBeNull();
      expect(device.entry(POOL)).toEqual(entry(DESTINATION));
      return;
    }
    expect(error).toMatchObject({
      kind: "rival",
      summary: "Option 150 of subnet 10.1.20.0/24 was changed by somebody else",
    });
    expect(device.entry(POOL)).toEqual(RIVAL);
  });

  test.each(each)("a rival removes our option before request %i", async (nth) => {
    const device = await devices.start({ etags });
    device.before = atRequest(nth, () => device.set(POOL, 150, null));
    const error = await apply(device);
    if (nth === PUT && etags === "none") return expect(error).toBeNull();
    expect(error).toMatchObject({ kind: "rival" });
    expect(device.entry(POOL)).toBeNull();
  });

  test.each(each)(
    "a rival changes everything else before request %i: kept, and ours is made",
    async (nth) => {
      const device = await devices.start({ etags });
      device.before = atRequest(nth, () => {
        device.edit((pools) => {
          pools[0]!.network = "gone";
          pools[1]!.bootfile = "theirs";
        });
        device.set(POOL, 66, { "option-range": 66, "ascii-new": "theirs" });
      });
      expect(await apply(device)).toBeNull();
      expect(device.entry(POOL)).toEqual(entry(DESTINATION));
      expect(device.entry(POOL, 66)).toMatchObject({ "ascii-new": "theirs" });
      expect(device.text).toContain('"bootfile":"theirs"');
      expect(device.text).toContain('"network":"gone"');
    },
  );

  test.each(each.filter((nth) => nth <= PUT))("a rival removes the pool before request %i", async (nth) => {
    const device = await devices.start({ etags });
    device.before = atRequest(nth, () => device.edit((pools) => pools.splice(1, 1)));
    expect(await apply(device)).toMatchObject({ kind: expect.stringMatching(/scope|rival|refused|broken/) });
    expect(device.text).not.toContain(POOL);
  });
});

test("where there is nothing yet: a rival who makes the option right before the write is not overwritten", async () => {
  const device = await devices.start({ etags: "resource" });
  device.set(POOL, 150, null);
  device.before = atRequest(PUT, () => device.set(POOL, 150, RIVAL));
  const change: Change = { ...CHANGE, expected: ["inherited"] };
  await expect(iosXeOn([device]).apply(SCOPE, change, op())).rejects.toMatchObject({ kind: "rival" });
  expect(device.entry(POOL)).toEqual(RIVAL);
});

test("where it is to be removed: a rival who does so right before us is no failure, and nothing is put back", async () => {
  const device = await devices.start({ etags: "resource" });
  device.before = atRequest(PUT, () => device.set(POOL, 150, null));
  const change: Change = { ...CHANGE, answer: "inherited" };
  expect(await iosXeOn([device]).apply(SCOPE, change, op())).toMatchObject({ answer: "inherited" });
  expect(device.requests[PUT - 1]).toMatch(/^DELETE/);
  expect(device.entry(POOL)).toBeNull();
});

test("a device that changes without end: given up, nothing written", async () => {
  const device = await devices.start({ etags: "datastore" });
  device.before = (request) => {
    if (request.startsWith("PUT")) device.set("DATA", 66, { "option-range": 66, "ascii-new": request });
  };
  const was = device.entry(POOL);
  expect(await apply(device)).toMatchObject({
    kind: "rival",
    summary: 'DHCP server "router" is being changed by somebody else',
  });
  expect(device.entry(POOL)).toEqual(was);
});

describe("a pair: a rival on the second device", () => {
  const pair = async (nth: number) => {
    const [one, two] = [
      await devices.start({ etags: "resource" }),
      await devices.start({ etags: "resource" }),
    ];
    const was = one.text;
    two.before = atRequest(nth, () => two.set(POOL, 150, RIVAL));
    const change: Change = { ...CHANGE, expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({ kind: "rival" });
    expect(two.entry(POOL)).toEqual(RIVAL);
    return { one, was };
  };

  test("seen before anything is written: the first was never touched", async () => {
    const { one, was } = await pair(3);
    expect(one.text).toBe(was);
    expect(one.requests.some((r) => r.startsWith("PUT"))).toBe(false);
  });

  test.each([4, 5, 6])("before its request %i: the first is put back", async (nth) => {
    const { one, was } = await pair(nth);
    expect(one.text).toBe(was);
  });
});

describe("a device that fails", () => {
  test.each(each)("drops the connection at request %i", async (nth) => {
    const device = await devices.start();
    const was = device.text;
    device.instead = (_, n) => (n === nth ? "drop" : undefined);
    const error = await apply(device);
    if (nth < READ_BACK) expect(device.text).toBe(was);
    else expect(device.entry(POOL)).toEqual(entry(DESTINATION));
    // What was written is looked for once more.
    if (nth === READ_BACK) expect(error).toBeNull();
    else expect(error).toMatchObject({ kind: "unreachable" });
  });

  test("is gone after the write: it is said that nobody knows, and what there was", async () => {
    const device = await devices.start();
    device.instead = (_, n) => (n >= READ_BACK ? "drop" : undefined);
    expect(await apply(device)).toMatchObject({
      kind: "broken",
      detail: expect.stringContaining("Look at the pool: before, it had 192.0.2.21, 192.0.2.22"),
    });
  });

  test("loses the answer to the write: what is read back decides", async () => {
    const device = await devices.start();
    device.losesAnswer = (request) => request.startsWith("PUT");
    expect(await apply(device)).toBeNull();
    expect(device.entry(POOL)).toEqual(entry(DESTINATION));
  });

  test("drops the write, and says that it is done", async () => {
    const device = await devices.start();
    device.losesWrites = true;
    expect(await apply(device)).toMatchObject({
      kind: "answer",
      summary: 'DHCP server "router" does not do what it says',
    });
  });

  test("answers 500, and has done it all the same: undone", async () => {
    const device = await devices.start();
    const was = device.text;
    device.before = atRequest(PUT, () => device.set(POOL, 150, entry(DESTINATION)));
    device.instead = (_, nth) => (nth === PUT ? { status: 500 } : undefined);
    expect(await apply(device)).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(/HTTP 500 to PUT .* the old entry was put back/),
    });
    expect(device.text).toBe(was);
  });

  test("the undo fails too: what stands there is said", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    two.instead = (request) => (request.startsWith("PUT") ? { status: 500 } : undefined);
    let puts = 0;
    one.instead = (request) => (request.startsWith("PUT") && ++puts >= 2 ? { status: 409 } : undefined);
    const change: Change = { ...CHANGE, expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "broken",
      summary: 'DHCP server "router" was left in between',
      detail: expect.stringContaining("before, it had 192.0.2.21, 192.0.2.22"),
    });
  });

  test("somebody's change on top of ours is not undone with it, and said", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    two.instead = (request) => {
      if (!request.startsWith("PUT")) return undefined;
      one.set(POOL, 150, RIVAL);
      return { status: 500 };
    };
    const change: Change = { ...CHANGE, expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "broken",
      detail: expect.stringMatching(
        /had 198\.51\.100\.21, 198\.51\.100\.22 a moment ago, and now has 203\.0\.113\.9/,
      ),
    });
    expect(one.entry(POOL)).toEqual(RIVAL);
  });

  test("an old entry that the device does not take again is put back in the leaf of its release", async () => {
    const both = { ...entry(SOURCE, "ip-new"), ip: SOURCE };
    const dhcp = () => native(voice([both]));
    const [one, two] = [
      await devices.start({ version: "17.12" }, dhcp()),
      await devices.start({ version: "17.12" }, dhcp()),
    ];
    two.instead = (request) => (request.startsWith("PUT") ? { status: 500 } : undefined);
    const change: Change = { ...CHANGE, expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({
      kind: "refused",
      detail: expect.stringContaining("the old entry was put back"),
    });
    expect(one.entry(POOL)).toEqual(entry(SOURCE, "ip-new"));
    expect(two.entry(POOL)).toEqual(both);
  });

  test("the undo is tried once more where the device was busy", async () => {
    const [one, two] = [await devices.start(), await devices.start()];
    const was = one.text;
    two.instead = (request) => (request.startsWith("PUT") ? { status: 500 } : undefined);
    let puts = 0;
    one.instead = (request) => (request.startsWith("PUT") && ++puts === 2 ? { status: 409 } : undefined);
    const change: Change = { ...CHANGE, expected: [SOURCE, SOURCE] };
    await expect(iosXeOn([one, two]).apply(SCOPE, change, op())).rejects.toMatchObject({ kind: "refused" });
    expect(one.text).toBe(was);
  });

  test("a device that is gone is not asked again by the others of the same deploy", async () => {
    const device = await devices.start();
    device.instead = (_, nth) => (nth >= ENTRY_GET ? "drop" : undefined);
    const backend = iosXeOn([device]);
    const data = { kind: "subnet", subnet: "10.1.10.0/24" } as const;
    const outcomes = await Promise.allSettled([
      backend.apply(SCOPE, CHANGE, op()),
      backend.apply(data, { ...CHANGE, expected: [["192.0.2.99"]] }, op()),
    ]);
    expect(outcomes.map((o) => o.status === "rejected" && o.reason.kind)).toEqual([
      "unreachable",
      "unreachable",
    ]);
    expect(
      outcomes.map((o) => o.status === "rejected" && /Nothing was written for this/.test(o.reason.detail)),
    ).toEqual([false, true]);
    expect(device.requests).toHaveLength(ENTRY_GET);
  });
});

test("cancelled before the write: nothing is written; after it began: it is finished", async () => {
  const device = await devices.start();
  const was = device.text;
  for (const [nth, written] of [
    [1, false],
    [PUT, true],
  ] as const) {
    const stop = new AbortController();
    device.requests.length = 0;
    device.before = atRequest(nth, () => stop.abort());
    const outcome = await iosXeOn([device])
      .apply(SCOPE, CHANGE, { signal: stop.signal })
      .catch((error: DhcpError) => error.kind);
    if (written) expect(device.entry(POOL)).toEqual(entry(DESTINATION));
    else expect([outcome, device.text]).toEqual(["cancelled", was]);
  }
});
