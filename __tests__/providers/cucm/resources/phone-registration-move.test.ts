/** What is known before the first reset, why phones failed, and runs that end in the middle. */
import { setTimeout as sleep } from "node:timers/promises";
import { move } from "../../../../providers/cucm/move";
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance } from "../fake-core";
import { FakeFleet } from "../fake-fleet";

jest.mock("../../../../providers/cucm/cluster/budget", () => require("../virtual-clock").budget);

const PHONES = [1, 2, 3, 4, 5, 6].map((i) => `SEP00000000000${i}`);
const [one, two] = PHONES as [string, string];
const LOAD = "sip88xx.12-8-1-0001-455";
const limits = { settle_time: 0, timeout: 30, batch_size: 2 };
const on = (registered_on: string, more: object = {}) => ({
  source: "source",
  destination: "destination",
  phones: PHONES,
  registered_on,
  limits,
  ...more,
});
const forward = (more: object = {}) => on("destination", { go_if: { "all is well": true }, ...more });
const allowing = (max_failures: number) => ({ limits: { ...limits, max_failures } });

let fleet: FakeFleet;
let source: FakeCluster;
let destination: FakeCluster;
let wave: FakeInstance;

async function begin(): Promise<void> {
  source = new FakeCluster("source");
  destination = new FakeCluster("destination");
  fleet = new FakeFleet();
  for (const phone of PHONES) fleet.add(phone);
  source.fleet = destination.fleet = fleet;
  wave = (await FakeCore.with(source, destination)).resource("cucm_phone_registration");
}
async function onSource(): Promise<void> {
  await begin();
  await wave.apply(on("source"));
  fleet.serves = "destination";
}
beforeEach(onSource);

const everywhere = (side: string) => Object.fromEntries(PHONES.map((p) => [p, side]));
/** Firmware that the destination tells every phone to run, and the nodes that have it. */
function orders(load: string, ...nodes: string[]) {
  for (const phone of PHONES) destination.loads.set(phone, load);
  for (const node of nodes) destination.files.set(`${node} ${load}.loads`, Buffer.from("images"));
}

describe("before the first reset", () => {
  test("devices that the destination does not know are told at plan; too many of them, and nobody is sent", async () => {
    fleet.add(one, { knownTo: ["source"] });
    const plan = await wave.plan(forward());
    expect(plan.action).toBe("update");
    expect(plan.said).toEqual([
      `warning: 1 phones of this wave do not exist in the database of the destination / ${one} They are not reset and count as failed: add these devices there, or take them out of the list.`,
      expect.stringMatching(
        /^warning: 1 phones of this wave cannot follow, and its limits allow 0 \/ No phone would be reset, and whoever restarts/,
      ),
    ]);
    expect((await wave.plan(forward(allowing(1)))).said).toHaveLength(1);
    const said = (await wave.apply(forward())).join("\n");
    expect(said).toMatch(/error: 6 of 6 phones did not move/);
    expect(said).toContain(`${two}: not reset, since too many of the wave do not follow: still registered`);
    expect(fleet.resets).toEqual([]);

    await wave.apply(forward(allowing(1)));
    expect(fleet.resets).toHaveLength(5);
  });

  test("a phone that is registered nowhere is told, not waited for, and counts", async () => {
    fleet.put(one, null);
    const plan = await wave.plan(forward());
    expect(plan.said.join()).toMatch(/^warning: 1 phones of this wave are registered nowhere \/ SEP0+1 /);
    const began = Date.now();
    expect((await wave.apply(forward())).join()).toMatch(/error: 6 of 6 phones did not move/);
    expect(fleet.resets).toEqual([]);
    expect(Date.now() - began).toBeLessThan(1000);

    await wave.apply(forward(allowing(1)));
    expect(wave.state.counts).toEqual({ source: 0, destination: 5, missing: 1 });
  });

  test("phones that are known to be off hold up no repair", async () => {
    fleet.put(one, null);
    await wave.apply(forward(allowing(1)));
    fleet.put(two, "source");
    fleet.resets.length = 0;
    await wave.apply(forward());
    expect(fleet.resets).toEqual([`source ${two}`]);
  });

  test("firmware that a TFTP node lacks is told at plan, and stops nobody", async () => {
    orders(LOAD, "destination-sub1");
    const plan = await wave.plan(forward());
    expect(plan.said.join()).toMatch(
      /^warning: Firmware of 6 phones of this wave is missing on the destination .*- sip88xx\.12-8-1-0001-455 is not on TFTP node destination-sub2: SEP0+1, /,
    );
    expect((await wave.apply(forward())).join()).not.toMatch(/error/);
    expect(fleet.where()).toEqual(everywhere("destination"));
  });

  test("a load that is there, that the phone runs, or whose file is not to be had: nothing to tell", async () => {
    orders(LOAD, "destination-sub1", "destination-sub2");
    expect((await wave.plan(forward())).said).toEqual([]);
    orders("sip88xx.14-2-1");
    for (const phone of PHONES) fleet.runs(phone, "sip88xx.14-2-1");
    expect((await wave.plan(forward())).said).toEqual([]);
    orders("sip88xx.14-3-1");
    destination.fail("servedFile");
    expect((await wave.plan(forward())).said).toEqual([]);
  });

  test("a plan for the destination that cannot read says so; nothing is read on the way back", async () => {
    destination.fail("phoneLoads", null, "refused");
    expect((await wave.plan(forward())).said.join()).toMatch(
      /^warning: Not checked before the move: the phones of this wave on cluster "destination"/,
    );
    expect((await wave.apply(forward())).join()).not.toMatch(/error/);
    expect(fleet.where()).toEqual(everywhere("destination"));
    fleet.serves = "source";
    destination.fail("existingPhones");
    expect((await wave.plan(on("source"))).said).toEqual([]);
  });

  test("on the way back a database of the source that does not tell holds up nobody", async () => {
    await wave.apply(forward());
    fleet.serves = "source";
    source.fail("existingPhones", null, "refused");
    expect((await wave.apply(on("source"))).join()).not.toMatch(/error/);
    expect(fleet.where()).toEqual(everywhere("source"));
  });

  test("a create is looked at likewise", async () => {
    await begin();
    fleet.serves = "destination";
    fleet.put(one, null);
    fleet.put(two, "destination");
    fleet.add("SEP000000000003", { knownTo: ["source"] });
    const { said } = await wave.plan(forward());
    expect(said).toEqual([
      expect.stringMatching(/^warning: 1 phones of this wave are registered nowhere \/ SEP0+1 /),
      expect.stringMatching(/^warning: 1 phones of this wave do not exist .* SEP0+3 /),
      expect.stringMatching(/^warning: 2 phones of this wave cannot follow, and its limits allow 0 /),
    ]);
  });
});

test("while it moves phones it tells how far it is", async () => {
  const told: string[] = [];
  const moving = {
    to: "destination",
    names: PHONES,
    batchSize: 4,
    settleTime: 0,
    timeout: 30,
    maxFailures: 0,
    givenUp: new Set<string>(),
    unharmed: new Set<string>(),
    everyone: true,
    tvsLog: false,
    confirm: () => {},
  } as const;
  const { signal } = new AbortController();
  await move({ source, destination }, moving, { signal, progress: (line) => told.push(line) });
  const phones = (on: number, there: number, nowhere: number) =>
    `phones: ${on} on the source, ${there} on the destination, ${nowhere} registered nowhere`;
  expect(told).toEqual([
    "phones: resetting 4, batch 1 of 2",
    phones(2, 0, 4),
    phones(2, 4, 0),
    "phones: resetting 2, batch 2 of 2",
    phones(0, 4, 2),
    phones(0, 6, 0),
  ]);
});

describe("reasons", () => {
  const reasonOf = (name: string) =>
    wave.state.failed.find((f: { readonly name: string }) => f.name === name)?.reason;
  const unknownSigner = { subject: "CN=cucm11-pub;O=Lab", serial: "4F1A" };

  test("RIS's numbers are in words", async () => {
    fleet.behave(one, "lost");
    await wave.apply(forward(allowing(1)));
    expect(reasonOf(one)).toMatch(
      /^did not follow the reset: registered nowhere; .* as UnRegistered \(reason 13: it sends no keepalives\)$/,
    );
  });

  test("on the way back it did not come back", async () => {
    await wave.apply(forward());
    fleet.serves = "source";
    fleet.behave(one, "stays");
    expect((await wave.apply(on("source"))).join()).toContain(
      `${one}: did not come back after its reset: still registered on the destination`,
    );
  });

  test("missing firmware, of a phone that fails", async () => {
    orders(LOAD);
    fleet.behave(one, "lost");
    await wave.apply(forward(allowing(1)));
    expect(reasonOf(one)).toMatch(
      /^did not follow the reset \(its firmware load sip88xx\.12-8-1-0001-455 is not on TFTP node destination-sub1, destination-sub2 of the destination\): registered nowhere/,
    );
  });

  test("the TVS log of the cluster that it left, only where it is asked for", async () => {
    source.tvsRefused.set("source-sub1", new Map([[one, unknownSigner]]));
    for (const phone of [one, two]) fleet.behave(phone, "stays");
    await wave.apply(forward(allowing(2)));
    expect(reasonOf(one)).toMatch(/^did not follow the reset: still registered/);
    await onSource();
    source.tvsRefused.set("source-sub1", new Map([[one, unknownSigner]]));
    for (const phone of [one, two]) fleet.behave(phone, "stays");
    const config = forward({ ...allowing(2), evidence: ["tvs_log"] });
    await wave.apply(config);
    expect(reasonOf(one)).toBe(
      "did not follow the reset (by its log TVS of node source-sub1 did not vouch for CN=cucm11-pub;O=Lab, serial 4F1A): still registered on the source, node source-sub1",
    );
    expect(reasonOf(two)).toMatch(/^did not follow the reset: still registered/);
    // The reason stays, and is no change.
    expect(await wave.plan(config)).toMatchObject({ action: "no-op", said: [] });
  });

  test("a log that cannot be read changes nothing", async () => {
    source.fail("tvsRefusals", null, "authorization");
    fleet.behave(one, "stays");
    const said = await wave.apply(forward({ ...allowing(1), evidence: ["tvs_log"] }));
    expect(said).toEqual([expect.stringMatching(/^warning: 1 of 6 phones are not on the destination/)]);
    expect(reasonOf(one)).toMatch(/^did not follow the reset: still registered/);
  });

  test("what cannot be read is refused", async () => {
    expect((await wave.plan(forward({ evidence: ["web"] }))).said.join()).toMatch(
      /"web" cannot be read here/,
    );
  });
});

describe("runs that end in the middle", () => {
  /** Requests to both clusters of one deploy, refresh and plans included. */
  async function countRequests(from: "source" | "destination"): Promise<number> {
    await prepared(from);
    let requests = 0;
    listen(() => requests++);
    await flip(from);
    return requests;
  }
  function listen(heard: () => void): void {
    source.onRequest = destination.onRequest = heard;
  }
  async function prepared(from: "source" | "destination"): Promise<void> {
    await onSource();
    if (from === "destination") await flip("source");
    fleet.serves = from === "source" ? "destination" : "source";
    // Longer than a question or two: phones are between the clusters when the next run begins.
    fleet.bootSteps = 2;
    fleet.resets.length = 0;
  }
  const flip = (from: "source" | "destination", signal?: AbortSignal) => {
    const config = from === "source" ? forward() : on("source");
    return wave.apply(config, config, signal);
  };
  /** The next run reaches the end; nobody was reset twice. */
  async function converges(from: "source" | "destination"): Promise<void> {
    listen(() => {});
    expect((await flip(from)).join()).not.toMatch(/error/);
    expect(fleet.where()).toEqual(everywhere(from === "source" ? "destination" : "source"));
    expect([...fleet.resets].sort()).toEqual(PHONES.map((p) => `${from} ${p}`));
  }

  test.each(["source", "destination"] as const)("killed before each request, from the %s", async (from) => {
    const requests = await countRequests(from);
    expect(requests).toBeGreaterThan(20);
    for (let last = 0; last < requests; last++) {
      await prepared(from);
      const restore = wave.save();
      let heard = 0;
      listen(() => {
        if (heard++ >= last) throw new Error("killed");
      });
      expect((await flip(from)).join()).toMatch(/error/);
      restore();
      await converges(from);
    }
  });

  test.each(["source", "destination"] as const)("Ctrl-C at each request, from the %s", async (from) => {
    const requests = await countRequests(from);
    for (let last = 0; last < requests; last++) {
      await prepared(from);
      const stop = new AbortController();
      let heard = 0;
      listen(() => {
        if (heard++ >= last) stop.abort(new Error("cancelled"));
      });
      await flip(from, stop.signal);
      await converges(from);
    }
  });

  describe("say where option 150 stands, how to go on and how to go back", () => {
    const scopes = ['subnet 10.1.20.0/24 on DHCP server "kea"'];
    const stands = (where: string) =>
      new RegExp(
        `Option 150 of ${where} serves the destination, .*To go on, deploy again: .*To go back, declare the wave on the source`,
        "s",
      );

    test("when a cluster does not answer, in that error", async () => {
      source.fail("resetPhone");
      const said = (await wave.apply(forward({ scopes }))).filter((line) => line.startsWith("error"));
      expect(said).toEqual([expect.stringMatching(stands('subnet 10.1.20.0/24 on DHCP server "kea"'))]);
      expect((await wave.apply(forward())).join()).toMatch(stands("the wave's scopes"));
      const many = Array.from({ length: 12 }, (_, i) => `scope ${i}`);
      expect((await wave.apply(forward({ scopes: many }))).join()).toMatch(/ scope 9 and 2 more serves/);
    });

    test.each([
      ["at a question", (stop: () => void) => stop()],
      ["between two", (stop: () => void) => setImmediate(stop)],
    ])("after Ctrl-C while phones are watched, %s", async (_, when) => {
      await prepared("source");
      fleet.bootSteps = 20;
      const stop = new AbortController();
      let watched = 0;
      destination.onRequest = (method) => {
        if (method === "registrations" && fleet.resets.length > 0 && watched++ === 1)
          when(() => stop.abort(new Error("cancelled")));
      };
      const config = forward({ scopes });
      const said = (await wave.apply(config, config, stop.signal)).join("\n");
      expect(said).toMatch(/^error/m);
      expect(said).toMatch(stands('subnet 10.1.20.0/24 on DHCP server "kea"'));
    });

    test("not on the way back, where it serves the source", async () => {
      await wave.apply(forward({ scopes }));
      fleet.serves = "source";
      destination.fail("resetPhone");
      const said = (await wave.apply(on("source", { scopes }))).join();
      expect(said).toMatch(/error: Cannot do resetPhone/);
      expect(said).not.toContain("Option 150");
    });
  });

  test("a phone that restarted by itself while others moved is there, and is not reset", async () => {
    fleet.bootSteps = 2;
    source.onRequest = () => {
      if (fleet.resets.length === 2 && fleet.where()[PHONES[4]!] === "source")
        fleet.put(PHONES[4]!, "destination", true);
    };
    expect((await wave.apply(forward())).join()).not.toMatch(/error/);
    expect([...fleet.resets].sort()).toEqual(PHONES.filter((p) => p !== PHONES[4]).map((p) => `source ${p}`));
  });

  test("when a reset fails, those of its batch that still wait for their turn are not sent", async () => {
    const reset = source.resetPhone.bind(source);
    jest.spyOn(source, "resetPhone").mockImplementation(async (name, op) => {
      if (name !== one) await sleep(20, undefined, { signal: op.signal });
      else source.fail("resetPhone");
      await reset(name, op).finally(() => source.mend());
    });
    const said = (await wave.apply(forward({ limits: { ...limits, batch_size: 6 } }))).join();
    expect(said).toMatch(/error: .*Cannot do resetPhone/);
    await sleep(60);
    expect(fleet.resets).toEqual([]);
  });

  test("a clock of a cluster that is an hour ahead does not make a phone that is off hold up the way back", async () => {
    await wave.apply(forward());
    fleet.serves = "source";
    fleet.ahead = 3600;
    fleet.put(one, null, true);
    const began = Date.now();
    const said = await wave.apply(on("source", { limits: { ...limits, timeout: 900 } }));
    expect(said.join()).not.toMatch(/error/);
    expect(Date.now() - began).toBeLessThan(200_000);
  });

  test("a list that was changed after a kill: only the difference", async () => {
    await prepared("source");
    const restore = wave.save();
    source.onRequest = (method) => {
      if (method === "resetPhone" && fleet.resets.length === 2) throw new Error("killed");
    };
    await flip("source");
    restore();
    source.onRequest = () => {};
    fleet.add("SEP000000000007");
    const phones = [...PHONES.slice(0, 5), "SEP000000000007"];
    expect((await wave.apply(forward({ phones }))).join()).not.toMatch(/error/);
    expect([...fleet.resets].sort()).toEqual(phones.map((p) => `source ${p}`));
    expect(fleet.where()[PHONES[5]!]).toBe("source");
  });
});
