/** Phones that are off and were seen on the destination last: whether they are a reason against the others. */
import { LIMITS_SENTENCE } from "../../../../providers/cucm/resources/phone-registration-return";
import { later } from "../virtual-clock";
import {
  fleet,
  forward,
  limits,
  moved,
  on,
  one,
  PHONES,
  SENTENCE,
  settled,
  three,
  two,
  wave,
} from "./wave-of-three";

jest.mock("../../../../providers/cucm/cluster/budget", () => require("../virtual-clock").budget);

const four = "SEP000000000004";
const five = "SEP000000000005";
const six = "SEP000000000006";
const joined = (...more: string[]) => ({
  phones: [...PHONES, ...more],
  limits: { ...limits, batch_size: 1 },
});
const ERROR = /error: \d of \d phones did not move to the destination/;
const offThere = (name: string) => {
  fleet.put(name, "destination");
  fleet.put(name, null);
  later(300);
};
beforeEach(() => {
  fleet.add(four);
  fleet.add(five);
  fleet.add(six);
});

describe("of a wave that has moved, when others join", () => {
  beforeEach(() => moved());

  test.each([
    ["since the last deploy", false],
    ["told by an earlier deploy", true],
  ])("off %s: it has followed", async (_, told) => {
    offThere(three);
    if (told) await wave.apply(forward());
    const config = forward(true, joined(four));
    expect((await wave.plan(config)).said).toEqual([]);
    expect(await wave.apply(config)).toEqual([
      expect.stringMatching(
        /^warning: 1 of 4 phones are not on the destination \/ - SEP0+3: registered nowhere/,
      ),
    ]);
    expect(fleet.resets).toEqual([`source ${four}`]);
    expect(wave.state).toMatchObject({
      counts: { destination: 3, missing: 1 },
      registered_on: "destination",
    });
    await settled(config);
  });

  test.each([
    ["rejected there", () => fleet.rejectedBy("destination", three)],
    ["forgotten by RIS", () => fleet.forget(three)],
    [
      "deleted there",
      () => {
        fleet.add(three, { at: "destination", knownTo: ["source"] });
        fleet.put(three, null);
      },
    ],
  ])("%s: it counts", async (_, happens) => {
    happens();
    later(300);
    const config = forward(true, joined(four));
    expect((await wave.plan(config)).said.join()).toMatch(
      /1 phones of this wave cannot follow, and its limits allow 0/,
    );
    expect((await wave.apply(config)).join()).toMatch(/error: 2 of 4 phones did not move .*SEP0+3: /s);
    expect(fleet.resets).toEqual([]);
  });

  test("one that strayed, is reset and crashes stops them", async () => {
    fleet.put(three, "source");
    fleet.behave(three, "crashes");
    const said = await wave.apply(forward(true, joined(four)));
    expect(said.join()).toMatch(/error: 2 of 4 phones did not move .*SEP0+3: did not follow the reset/s);
    expect(fleet.resets).toEqual([`source ${three}`]);
  });

  test("one that joins and is off counts: nobody knows how it got there", async () => {
    offThere(five);
    expect((await wave.apply(forward(true, joined(four, five)))).join()).toMatch(ERROR);
    expect(fleet.resets).toEqual([]);
  });

  test("one that joins, registers and crashes stops the others, in the next deploy as well", async () => {
    offThere(three);
    fleet.behave(four, "crashes");
    const config = forward(true, joined(four, five));
    const said = (await wave.apply(config)).join("\n");
    expect(said).toMatch(/error: 2 of 5 phones did not move/);
    expect(said).toMatch(/warning: 1 of 5 phones are not on the destination \/ - SEP0+3/);
    later(300);
    expect((await wave.plan(config)).said.join()).toMatch(
      /^warning: 1 phones of this wave are registered nowhere \/ SEP0+4 /,
    );
    expect((await wave.apply(config)).join()).toMatch(/error: 2 of 5 phones did not move/);
    expect(fleet.resets).toEqual([`source ${four}`]);
    fleet.put(four, "destination");
    expect((await wave.apply(config)).join()).not.toMatch(/error/);
    expect(fleet.resets).toEqual([`source ${four}`, `source ${five}`]);
  });

  test("one that crashed in a run that was killed, after one that failed, stops the others", async () => {
    fleet.behave(four, "stays");
    const config = forward(true, joined(four, five));
    await wave.apply(config);
    const restore = wave.save();
    fleet.behave(four, "crashes");
    await wave.apply(config);
    restore();
    later(300);
    expect((await wave.apply(config)).join()).toMatch(/error: 2 of 5 phones/);
    expect(fleet.resets).toEqual([`source ${four}`, `source ${four}`]);
  });

  test("one whose crash the limits allowed goes on to count against them, until it is seen again", async () => {
    fleet.behave(four, "crashes");
    const allowing = (...more: string[]) =>
      forward(true, { ...joined(...more), limits: { ...limits, batch_size: 1, max_failures: 1 } });
    expect((await wave.apply(allowing(four))).join()).not.toMatch(/error/);
    await settled(allowing(four));
    expect((await wave.apply(allowing(four, five))).join()).not.toMatch(/error/);
    fleet.forget(three);
    expect((await wave.apply(allowing(four, five, six))).join()).toMatch(/error: 3 of 6 phones/);
    expect(fleet.resets).toEqual([`source ${four}`, `source ${five}`]);
    fleet.put(four, "destination");
    expect((await wave.apply(allowing(four, five, six))).join()).not.toMatch(/error/);
    offThere(four);
    await wave.plan(allowing(four, five, six));
    fleet.add("SEP000000000007");
    expect((await wave.apply(allowing(four, five, six, "SEP000000000007"))).join()).not.toMatch(/error/);
  });
});

describe("of a wave that moves", () => {
  const careful = forward(true, { limits: { ...limits, batch_size: 1 } });
  beforeEach(() => {
    fleet.serves = "destination";
  });

  test("known to be off since before: it has followed, and an error does not forget that", async () => {
    offThere(three);
    await wave.apply(on("source"));
    fleet.behave(two, "stays");
    const said = (await wave.apply(careful)).join("\n");
    expect(said).toMatch(/error: 1 of 3 phones did not move to the destination \/ - SEP0+2/);
    fleet.behave(two, "follows");
    expect((await wave.apply(careful)).join()).not.toMatch(/error/);
    expect(fleet.where()).toMatchObject({ [one]: "destination", [two]: "destination", [three]: null });
    expect(fleet.resets).toEqual([`source ${one}`, `source ${two}`, `source ${two}`]);
  });

  test("of a run that was killed nothing is remembered: who is off then counts", async () => {
    await wave.apply(on("source"));
    const restore = wave.save();
    fleet.behave(one, "crashes");
    await wave.apply(careful);
    restore();
    expect((await wave.apply(careful)).join()).toMatch(ERROR);
    expect(fleet.resets).toEqual([`source ${one}`]);
  });

  test("one that crashed counts after the way back, until it is seen again", async () => {
    await wave.apply(on("source"));
    fleet.behave(one, "crashes");
    expect((await wave.apply(careful)).join()).toMatch(ERROR);
    fleet.serves = "source";
    expect((await wave.apply(on("source"))).join()).not.toMatch(/error/);
    fleet.serves = "destination";
    expect((await wave.apply(careful)).join()).toMatch(ERROR);
    expect(fleet.resets).toEqual([`source ${one}`]);
    fleet.behave(one, "follows");
    fleet.put(one, "source");
    expect(await wave.apply(careful)).toEqual([]);
  });
});

describe("the sentence on limits and a repair", () => {
  beforeEach(() => moved());
  const saying = (holds: boolean | null, first = true) =>
    on("destination", { go_if: { [SENTENCE]: first, [LIMITS_SENTENCE]: holds } });

  test.each([false, null])("%s: who strayed is brought back", async (holds) => {
    fleet.forget(three);
    fleet.put(two, "source");
    expect((await wave.apply(saying(holds))).join()).not.toMatch(/error|not brought back/);
    expect(fleet.resets).toEqual([`source ${two}`]);
    await settled(saying(holds));
  });

  test("another one that does not hold is obeyed, and named alone", async () => {
    fleet.put(two, "source");
    const { action, said } = await wave.plan(saying(false, false));
    expect(action).toBe("no-op");
    expect(said.join()).toContain(`- ${SENTENCE}: no`);
    expect(said.join()).not.toContain(LIMITS_SENTENCE);
  });

  test("who joins is no repair", async () => {
    const config = { ...saying(false), phones: [...PHONES, four] };
    expect((await wave.plan(config)).action).toBe("refused");
  });
});
