/** A wave whose list changes, that ends, is imported, or is declared wrongly. */
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
  settled,
  three,
  two,
  wave,
} from "./wave-of-three";

jest.mock("../../../../providers/cucm/cluster/budget", () => require("../virtual-clock").budget);

describe("the list of phones", () => {
  const four = "SEP000000000004";
  const joined = { phones: [...PHONES, four] };
  beforeEach(async () => {
    await moved();
    fleet.add(four);
  });

  test("a phone that joins moves, under the sentences; the others are not reset", async () => {
    expect((await wave.plan(forward(false, joined))).action).toBe("refused");
    expect(await wave.apply(forward(true, joined))).toEqual([]);
    expect(fleet.resets).toEqual([`source ${four}`]);
    await settled(forward(true, joined));
  });

  test("a phone that joined and did not follow goes on under the sentences", async () => {
    fleet.behave(four, "stays");
    expect((await wave.apply(forward(true, joined))).join()).toMatch(/error: 1 of 4 phones/);
    expect((await wave.plan(forward(false, joined))).action).toBe("refused");
    fleet.behave(four, "follows");
    expect(await wave.apply(forward(true, joined))).toEqual([]);
    await settled(forward(true, joined));
  });

  test("a phone that leaves stays where it is, with a warning", async () => {
    const less = forward(true, { phones: [one, two] });
    const plan = await wave.plan(less);
    expect(plan.action).toBe("update");
    expect(plan.said.join()).toMatch(/^warning: 1 phones leave this wave while it is on the destination/);
    await wave.apply(less);
    expect(fleet.resets).toEqual([]);
    expect(wave.state.counts).toEqual({ source: 0, destination: 2, missing: 0 });
    await settled(less);
  });
});

describe("destroy", () => {
  const REFUSED = /^error on_destroy: Phones are still on the destination or unaccounted for/;

  test("is refused while phones are on the destination, at plan and again in Delete", async () => {
    await moved();
    const refused = (await wave.destroy()).join();
    expect(refused).toMatch(REFUSED);
    expect(refused).toContain("If it was taken out of the declaration, put it back.");
    expect((await wave.remove()).join()).toMatch(REFUSED);
    expect(wave.state.registered_on).toBe("destination");
    expect(fleet.resets).toEqual([]);
  });

  test("is refused while a phone is registered nowhere", async () => {
    await wave.apply(on("source"));
    fleet.put(one, null);
    expect((await wave.destroy()).join()).toMatch(REFUSED);
  });

  test("Delete looks itself: the state may be old, or the cluster not answer", async () => {
    await wave.apply(on("source"));
    fleet.put(one, "destination");
    expect((await wave.remove()).join()).toMatch(REFUSED);
    fleet.put(one, "source");
    destination.fail("registrations");
    expect((await wave.remove()).join()).toMatch(/^error: Cannot do registrations/);
    destination.mend();
    expect(await wave.remove()).toEqual([]);
    expect(wave.state).toBeNull();
    expect(fleet.resets).toEqual([]);
  });

  test("keep, applied first, leaves everything as it is", async () => {
    await moved();
    expect(await wave.apply(forward(true, { on_destroy: "keep" }))).toEqual([]);
    expect(await wave.destroy()).toEqual([]);
    expect(fleet.resets).toEqual([]);
    expect(fleet.where()).toEqual(everywhere("destination"));
  });
});

describe("import", () => {
  const id = (registered_on: string) => ({
    source: "source",
    destination: "destination",
    phones: [...PHONES],
    registered_on,
  });

  test("on the destination: a plan after it says no changes, whatever the sentences say", async () => {
    for (const phone of [one, two]) fleet.put(phone, "destination");
    fleet.put(three, null);
    expect(await wave.import({ ...id("destination"), limits })).toEqual([]);
    expect(wave.state).toMatchObject({ counts: { destination: 2, missing: 1 }, failed: [{ name: three }] });
    await settled(forward(false));
    await settled(forward());
    expect((await wave.destroy()).join()).toMatch(/error on_destroy/);
  });

  test("while a cluster does not answer, every phone is unaccounted for: no destroy", async () => {
    destination.fail("registrations");
    await wave.import(id("destination"));
    expect(wave.state.counts).toEqual({ source: 0, destination: 0, missing: 3 });
    expect((await wave.destroy()).join()).toMatch(/error on_destroy/);
  });

  test("on the source", async () => {
    await wave.import({ ...id("source"), limits, go_if: null });
    await settled(on("source"));
    fleet.serves = "destination";
    expect((await wave.plan(forward(false))).action).toBe("refused");
    expect(await wave.apply(forward())).toEqual([]);
  });

  test("with defaults", async () => {
    await wave.import(id("source"));
    await settled({ ...on("source"), limits: null });
  });

  test.each([
    ["an unknown side", { ...id("elsewhere") }, /registered_on must be "source" or "destination"/],
    ["phones that are none", { ...id("source"), phones: [1] }, /"1" is no device name/],
    ["no phones", { ...id("source"), phones: [] }, /The wave is empty/],
    ["phones that are no list", { ...id("source"), phones: one }, /"phones" must be of kind array/],
  ])("refuses %s", async (_, wrong, message) => {
    expect((await wave.import(wrong)).join()).toMatch(message);
  });
});

describe("configuration", () => {
  test.each([
    ["not sorted", { phones: [two, one] }, /The list is not sorted/],
    ["listed twice", { phones: [one, one] }, /is listed twice/],
    ["no device name", { phones: ["SEP00000000000g"] }, /no device name/],
    ["empty", { phones: [] }, /The wave is empty/],
    ["one cluster", { destination: "source" }, /Source and destination are the same cluster/],
    ["a fraction", { limits: { max_failures: 0.5 } }, /Must be a whole number/],
    ["more than all", { limits: { max_failure_ratio: 1.1 } }, /Must be between 0 and 1/],
    ["another word", { registered_on: "both" }, /registered_on/],
  ])("%s is refused", async (_, more, message) => {
    const plan = await wave.plan(on("source", more));
    expect(plan.action).toBe("refused");
    expect(plan.said.join()).toMatch(message);
  });

  test.each(["source", "destination"])("another %s is refused: nothing is ever replaced", async (which) => {
    await wave.apply(on("source"));
    const plan = await wave.plan(on("source", { [which]: "third" }));
    expect(plan.said.join()).toMatch(new RegExp(`error ${which}: ${which} cannot change`));
  });
});
