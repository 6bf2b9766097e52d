/** Where the phones of a wave are, and that they move when its word does. */
import { UNKNOWN } from "../../../../providers/framework/schema/value";
import { FakeCore } from "../fake-core";
import {
  destination,
  everywhere,
  fleet,
  forward,
  limits,
  moved,
  on,
  one,
  PHONES,
  SENTENCE,
  settled,
  source,
  three,
  two,
  wave,
} from "./wave-of-three";

jest.mock("../../../../providers/cucm/cluster/budget", () => require("../virtual-clock").budget);

describe("create", () => {
  test("on the source, where the phones are, moves nothing", async () => {
    fleet.put(three, null);
    const said = await wave.apply(on("source"));
    expect(said).toEqual([expect.stringMatching(/^warning: 1 of 3 phones are not on the source/)]);
    expect(fleet.resets).toEqual([]);
    expect(wave.state).toMatchObject({
      counts: { source: 2, destination: 0, missing: 1 },
      failed: [{ name: three, reason: expect.stringMatching(/^registered nowhere; last seen on node/) }],
      on_destroy: "refuse",
      limits: { max_failures: null, max_failure_ratio: null, batch_size: 25, settle_time: 0, timeout: 3 },
    });
    await settled(on("source"));
  });

  test("on the source brings home what is on the destination", async () => {
    fleet.put(two, "destination");
    expect(await wave.apply(on("source"))).toEqual([]);
    expect(fleet.resets).toEqual([`destination ${two}`]);
    expect(fleet.where()).toEqual(everywhere("source"));
  });

  test("on the destination adopts what is there, whatever the sentences say", async () => {
    for (const phone of PHONES) fleet.put(phone, "destination");
    expect(await wave.apply(forward(false))).toEqual([]);
    expect(fleet.resets).toEqual([]);
    expect(wave.state.counts).toEqual({ source: 0, destination: 3, missing: 0 });
    await settled(forward(false));
  });

  test("on the destination moves only if every sentence holds", async () => {
    fleet.serves = "destination";
    expect((await wave.plan(forward(false))).said.join()).toMatch(/error go_if: .*must not move/);
    expect((await wave.apply(forward(false), forward(UNKNOWN) as never)).join()).toMatch(/error go_if/);
    expect(fleet.resets).toEqual([]);
    expect(wave.state).toBeNull();
    expect(await wave.apply(forward(true), forward(UNKNOWN) as never)).toEqual([]);
    expect(fleet.where()).toEqual(everywhere("destination"));
  });

  test("that fails records nothing; the next one goes on and resets nobody twice", async () => {
    fleet.serves = "destination";
    fleet.behave(two, "stays");
    expect((await wave.apply(forward())).join()).toMatch(/error: 1 of 3 phones did not move/);
    expect(wave.state).toBeNull();
    fleet.behave(two, "follows");
    fleet.resets.length = 0;
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.resets).toEqual([`source ${two}`]);
  });

  test("plans with a RIS that does not answer: the sentences decide", async () => {
    destination.fail("registrations");
    const plan = await wave.plan(forward(UNKNOWN));
    expect(plan.action).toBe("create");
    expect(plan.said).toEqual([expect.stringMatching(/^warning: Not read/)]);
    expect((await wave.plan(forward(false))).action).toBe("refused");
  });

  test("plans with phones that are not known yet", async () => {
    const plan = await wave.plan(forward(true, { phones: [one, UNKNOWN] }) as never);
    expect(plan.action).toBe("create");
  });
});

describe("a stop that is reported instead of failing", () => {
  const report = (more: object = {}) => forward(true, { on_stop: "report", ...more });
  beforeEach(async () => {
    await wave.apply(on("source"));
    fleet.serves = "destination";
    fleet.behave(two, "stays");
    // Once: what the warning of a stop says needs no other one.
    expect(await wave.apply(report())).toEqual([
      expect.stringMatching(/^warning: 1 of 3 phones did not move to the destination/),
    ]);
    fleet.resets.length = 0;
  });

  test("is in the state, and the next deploy goes on from there", async () => {
    expect(wave.state).toMatchObject({ stopped: true, registered_on: "destination" });
    expect(await wave.plan(report())).toMatchObject({ action: "update", planned: { stopped: UNKNOWN } });
    fleet.behave(two, "follows");
    expect(await wave.apply(report())).toEqual([]);
    expect(fleet.resets).toEqual([`source ${two}`]);
    expect(wave.state).toMatchObject({ stopped: false });
    await settled(report());
  });

  test("the way back is an ordinary one, and fails as one", async () => {
    fleet.serves = "source";
    fleet.behave(one, "stays");
    const said = (await wave.apply(on("source", { on_stop: "report" }))).join();
    expect(said).toMatch(/error: 1 of 3 phones did not move to the source/);
    fleet.behave(one, "follows");
    expect(await wave.apply(on("source"))).toEqual([]);
    expect(wave.state).toMatchObject({ stopped: false, registered_on: "source" });
  });

  test("a phone that strays later is no stop: its scope is not everybody's", async () => {
    fleet.behave(two, "follows");
    await wave.apply(report());
    fleet.put(one, "source");
    fleet.behave(one, "stays");
    expect((await wave.apply(report())).join()).toMatch(/error: 1 of 3 phones did not move/);
    expect(wave.state).toMatchObject({ stopped: false });
  });

  test("a create that is stopped is recorded", async () => {
    const other = (await FakeCore.with(source, destination)).resource("cucm_phone_registration");
    fleet.put(one, "source");
    fleet.behave(one, "stays");
    expect((await other.apply(report())).join()).toMatch(/warning: 2 of 3 phones did not move/);
    expect(other.state).toMatchObject({ stopped: true, counts: { source: 2, destination: 1 } });
  });
});

describe("forward", () => {
  beforeEach(async () => {
    await wave.apply(on("source"));
    fleet.serves = "destination";
  });

  test("resets every phone through the source and says what is true", async () => {
    const plan = await wave.plan(forward());
    expect(plan).toMatchObject({ action: "update", planned: { counts: UNKNOWN, failed: UNKNOWN } });
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.resets).toEqual(PHONES.map((p) => `source ${p}`));
    expect(wave.state).toMatchObject({
      registered_on: "destination",
      counts: { source: 0, destination: 3, missing: 0 },
      failed: [],
    });
    await settled(forward());
  });

  test.each([
    ["false", false, `- ${SENTENCE}: no`],
    ["null", null, `- ${SENTENCE}: could not be read`],
  ])("a sentence that is %s refuses the plan and is named", async (_, holds, line) => {
    const plan = await wave.plan(forward(holds));
    expect(plan.action).toBe("refused");
    expect(plan.said.join()).toContain(line);
  });

  test("a sentence that is unknown is checked when it is known", async () => {
    expect((await wave.plan(forward(UNKNOWN))).action).toBe("update");
    const said = await wave.apply(forward(false), forward(UNKNOWN) as never);
    expect(said.join()).toMatch(/error go_if: The phones of this wave must not move to the destination/);
    // What is offered on the wire is known only when the scopes have switched.
    expect(said.join()).toContain(
      "No phone was reset. Where option 150 of its scopes serves the destination",
    );
    expect(said.join()).not.toContain("Nothing was changed");
    expect(fleet.resets).toEqual([]);
    expect(wave.state.registered_on).toBe("source");
  });

  test("sentences of a move that is done are not looked at again", async () => {
    await wave.apply(forward());
    await settled(forward(false));
    await settled(forward(UNKNOWN));
    await settled(on("destination", { go_if: { "another sentence": false } }));
    expect(wave.state.go_if).toEqual({ [SENTENCE]: true });
  });

  test("a phone that the destination does not know is not reset", async () => {
    fleet.add("SEP000000000004", { knownTo: ["source"] });
    const phones = [...PHONES, "SEP000000000004"];
    const said = await wave.apply(forward(true, { phones, limits: { ...limits, max_failures: 1 } }));
    expect(said).toEqual([
      expect.stringMatching(
        /^warning: 1 phones of this wave do not exist in the database of the destination/,
      ),
      expect.stringMatching(/^warning: 1 of 4 phones are not on the destination/),
    ]);
    expect(fleet.resets).toEqual(PHONES.map((p) => `source ${p}`));
    expect(wave.state.failed).toEqual([
      {
        name: "SEP000000000004",
        reason:
          "does not exist in the database of the destination, so it was not reset: still registered on the source, node source-sub1",
      },
    ]);
    await settled(forward(true, { phones, limits: { ...limits, max_failures: 1 } }));
  });

  test.each([
    ["stays", /^did not follow the reset: still registered on the source/],
    ["lost", /^did not follow the reset: registered nowhere/],
    ["ignores", /^did not follow the reset: still registered on the source/],
    ["refuses", /^its reset was refused \(AXL of source does not reset SEP0+2\): still registered/],
  ] as const)("a phone that %s, within the limit: recorded and accepted", async (behaviour, reason) => {
    fleet.behave(two, behaviour);
    const config = forward(true, { limits: { ...limits, timeout: 1, max_failures: 1 } });
    const said = await wave.apply(config);
    expect(said).toEqual([expect.stringMatching(/^warning: 1 of 3 phones are not on the destination/)]);
    expect(wave.state.failed).toEqual([{ name: two, reason: expect.stringMatching(reason) }]);
    await settled(config);
  });

  test("more failures than allowed: an error, what is true now, and the next deploy goes on", async () => {
    fleet.behave(two, "stays");
    const said = await wave.apply(forward());
    expect(said.join("\n")).toMatch(
      /error: 1 of 3 phones did not move to the destination .*SEP0+2: did not follow/,
    );
    expect(wave.state).toMatchObject({
      registered_on: "source",
      go_if: null,
      counts: { source: 1, destination: 2, missing: 0 },
    });

    fleet.behave(two, "follows");
    fleet.resets.length = 0;
    expect((await wave.plan(forward(false))).action).toBe("refused");
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.resets).toEqual([`source ${two}`]);
    expect(wave.state.registered_on).toBe("destination");
  });

  test.each([
    ["a ratio that allows it", { max_failure_ratio: 0.34 }, true],
    ["a ratio that allows none", { max_failure_ratio: 0.33 }, false],
    ["a stricter ratio", { max_failures: 2, max_failure_ratio: 0.1 }, false],
    ["a stricter number", { max_failures: 0, max_failure_ratio: 1 }, false],
  ])("one of three fails: %s", async (_, more, holds) => {
    fleet.behave(two, "stays");
    const said = (await wave.apply(forward(true, { limits: { ...limits, ...more } }))).join("\n");
    expect(said).toMatch(holds ? /^warning: 1 of 3 phones are not on/ : /error: 1 of 3 phones did not move/);
    if (!holds) expect(said).toContain("Allowed: 0 by limits (");
    expect(wave.state.registered_on).toBe(holds ? "destination" : "source");
  });

  test("too many failures in one batch: no further batch is reset", async () => {
    fleet.behave(one, "stays");
    const said = await wave.apply(forward(true, { limits: { ...limits, batch_size: 1 } }));
    expect(fleet.resets).toEqual([`source ${one}`]);
    expect(said.join()).toMatch(
      /SEP0+2: not reset, since too many of the wave do not follow: still registered/,
    );
    expect(fleet.where()).toEqual(everywhere("source"));
  });

  test("a phone that was reset by a killed run is waited for, not reset again", async () => {
    fleet.bootSteps = 2;
    fleet.reset("source", one);
    fleet.resets.length = 0;
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.resets).toEqual([`source ${two}`, `source ${three}`]);
  });

  test.each([1, 2, 3])("killed after reset %i: the next deploy goes on", async (resets) => {
    const restore = wave.save();
    source.killAfter = source.writes.length + resets;
    await wave.apply(forward());
    restore();
    source.revive();
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.where()).toEqual(everywhere("destination"));
    expect(new Set(fleet.resets).size).toBe(fleet.resets.length);
  });

  test("a cluster that fails stops it; the state stays", async () => {
    source.fail("resetPhone", null, "credentials");
    expect((await wave.apply(forward())).join()).toMatch(/error: Cannot do resetPhone/);
    expect(wave.state.registered_on).toBe("source");
  });
});

describe("the way back", () => {
  beforeEach(() => moved());

  test.each([
    ["no sentences", on("source")],
    ["sentences that do not hold", on("source", { go_if: { [SENTENCE]: false } })],
    ["unknown ones", on("source", { go_if: { [SENTENCE]: UNKNOWN } })],
  ])("never looks at go_if: %s", async (_, config) => {
    fleet.serves = "source";
    const plan = await wave.plan(config as never);
    expect(plan).toMatchObject({ action: "update", planned: { registered_on: "source" } });
    expect(plan.said).toEqual([]);
    expect(await wave.apply(on("source"))).toEqual([]);
    expect(fleet.resets).toEqual(PHONES.map((p) => `destination ${p}`));
    expect(fleet.where()).toEqual(everywhere("source"));
    await settled(on("source"));
  });

  test("is not held up by a phone that is off", async () => {
    fleet.serves = "source";
    fleet.put(three, null);
    expect(await wave.apply(on("source"))).toEqual([
      expect.stringMatching(/^warning: 1 of 3 phones are not on the source/),
    ]);
    expect(wave.state.registered_on).toBe("source");
    await settled(on("source"));
  });

  test("needs no answer of the destination once the source has every phone; until then it is an error", async () => {
    fleet.serves = "source";
    destination.fail("registrations");
    for (const phone of [one, two]) fleet.put(phone, "source", true);
    expect((await wave.apply(on("source"))).join()).toMatch(/error: Cannot do registrations/);
    expect(wave.state.registered_on).toBe("destination");
    fleet.put(three, "source", true);
    expect((await wave.apply(on("source"))).join()).not.toMatch(/error/);
    expect(wave.state).toMatchObject({ registered_on: "source", counts: { source: 3 }, failed: [] });
  });

  test("a phone that was known to be off does not make it wait for a destination that is gone", async () => {
    fleet.put(three, null);
    const allowing = { limits: { ...limits, max_failures: 1 } };
    await wave.apply(on("destination", { go_if: { [SENTENCE]: true }, ...allowing }));
    fleet.serves = "source";
    destination.fail("registrations");
    for (const phone of [one, two]) fleet.put(phone, "source", true);
    expect((await wave.apply(on("source", allowing))).join()).not.toMatch(/error/);
    expect(wave.state).toMatchObject({ registered_on: "source", counts: { source: 2, missing: 1 } });
  });

  test("is not done while phones may be on a node of the destination that is silent to RIS", async () => {
    fleet.serves = "source";
    destination.silentToRis.add("destination-sub1");
    const said = (await wave.apply(on("source"))).join("\n");
    expect(said).toMatch(/error: 3 of 3 phones did not move to the source/);
    expect(said).toContain("not to be found while RIS has no answer from destination-sub1");
    expect(wave.state.registered_on).toBe("destination");

    destination.silentToRis.clear();
    expect(await wave.apply(on("source"))).toEqual([]);
    expect(fleet.where()).toEqual(everywhere("source"));
  });

  test("goes on batch after batch, and says who did not come", async () => {
    fleet.serves = "source";
    fleet.behave(one, "stays");
    const back = on("source", { limits: { ...limits, batch_size: 1 } });
    expect((await wave.apply(back)).join()).toMatch(/error: 1 of 3 phones did not move to the source/);
    expect(fleet.where()).toEqual({ [one]: "destination", [two]: "source", [three]: "source" });
    expect(wave.state).toMatchObject({ registered_on: "destination", counts: { source: 2, destination: 1 } });
    fleet.behave(one, "follows");
    fleet.resets.length = 0;
    expect(await wave.apply(back)).toEqual([]);
    expect(fleet.resets).toEqual([`destination ${one}`]);
  });
});

describe("drift", () => {
  beforeEach(() => moved());

  test("a strayed phone is planned and brought back", async () => {
    fleet.put(two, "source");
    const plan = await wave.plan(forward());
    expect(wave.state).toMatchObject({ counts: { source: 1, destination: 2 }, failed: [{ name: two }] });
    expect(plan.action).toBe("update");
    expect(await wave.apply(forward())).toEqual([]);
    expect(fleet.resets).toEqual([`source ${two}`]);
    await settled(forward());
  });

  test("a strayed phone does not move while a sentence does not hold, and holds up nothing", async () => {
    fleet.put(two, "source");
    const plan = await wave.plan(forward(false));
    expect(plan.action).toBe("no-op");
    expect(plan.said.join()).toMatch(/^warning: 1 phones are no longer on the destination/);
    expect((await wave.apply(forward(false), forward(UNKNOWN) as never)).join()).toMatch(
      /^warning: 1 phones/,
    );
    expect(fleet.resets).toEqual([]);
  });

  test("a phone that is switched off is said once, and is no error", async () => {
    fleet.put(two, null);
    expect((await wave.plan(forward())).action).toBe("update");
    expect(await wave.apply(forward())).toEqual([
      expect.stringMatching(/^warning: 1 of 3 phones are not on the destination/),
    ]);
    await settled(forward());
    fleet.put(two, "destination");
    await settled(forward());
    expect(wave.state.failed).toEqual([]);
  });

  test("a phone that was off during the way back and is on the destination again is brought back", async () => {
    fleet.put(two, null);
    fleet.serves = "source";
    expect((await wave.apply(on("source"))).join()).toMatch(/^warning: 1 of 3 phones are not on the source/);
    await settled(on("source"));
    fleet.put(two, "destination");
    fleet.resets.length = 0;
    expect((await wave.plan(on("source"))).action).toBe("update");
    expect(await wave.apply(on("source"))).toEqual([]);
    expect(fleet.resets).toEqual([`destination ${two}`]);
    await settled(on("source"));
  });

  test("a cluster that does not answer is a warning, and what was known is kept", async () => {
    source.fail("registrations", null, "timeout");
    const before = wave.state;
    const plan = await wave.plan(forward());
    expect(plan.action).toBe("no-op");
    expect(plan.said).toEqual([
      expect.stringMatching(/^warning: Not read: node 127.1.10.11 of cluster "source"/),
    ]);
    expect(wave.state).toEqual(before);
  });

  test("while a node is silent to RIS and a phone is not to be found, what was known is kept", async () => {
    destination.silentToRis.add("destination-sub1");
    const before = wave.state;
    const plan = await wave.plan(forward());
    expect(plan.action).toBe("no-op");
    expect(plan.said).toEqual([
      expect.stringMatching(/^warning: Not read: where 3 of 3 phones .*no answer from destination-sub1/),
    ]);
    expect(wave.state).toEqual(before);
  });

  test("a silent node that no phone is missing for does not matter", async () => {
    source.silentToRis.add("source-sub2");
    await settled(forward());
  });
});
