/** Deploy the trust, flip the word, go back, destroy: the order in which a user meets the rules. */
import { cores } from "../../providers/framework/testing/core";
import { expectNoChanges } from "../../providers/framework/testing/expect";
import { draw } from "./support/draw";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(300_000);

/** One of the cores: the demo goes this way with Terraform. */
describe.each(draw(cores(), 1, ({ name }) => name))("with $name", (core) => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await Journey.start(core, { ...QUICK, phones: 5, stale: 1 });
  });
  afterAll(() => journey?.close());

  test("there, no changes, destroy refused, back, destroy: option 150 and every store as before", async () => {
    const { healthy, stale } = journey.lab.site.phones;
    const everyoneOn = (side: string) =>
      Object.fromEntries([...healthy, ...stale].map((name) => [name, side]));
    const before = await journey.clusters();
    const dhcpBefore = await journey.keaConfiguration();

    await journey.declare({ registeredOn: "source" }).apply();
    expect(await journey.whereabouts()).toEqual(everyoneOn("source"));

    await journey.declare({ registeredOn: "destination" }).apply();
    expect(await journey.whereabouts()).toEqual({ ...everyoneOn("destination"), [stale[0]!]: "source" });
    const locked = (await journey.phones()).find((phone) => phone.name === stale[0]);
    expect(locked?.failed).toMatchObject({ step: "ctl", reason: "tvs-not-in-itl" });
    expectNoChanges(await journey.workspace.plan());

    const moved = await journey.keaConfiguration();
    await expect(journey.workspace.destroy()).rejects.toThrow("Phones are still on the destination");
    expect(await journey.keaConfiguration()).toBe(moved);
    expect(await journey.whereabouts()).toEqual({ ...everyoneOn("destination"), [stale[0]!]: "source" });

    await journey.declare({ registeredOn: "source" }).apply();
    expect(await journey.whereabouts()).toEqual(everyoneOn("source"));
    expectNoChanges(await journey.workspace.plan());

    await journey.workspace.destroy();
    const after = await journey.clusters();
    for (const name of ["source", "destination"] as const)
      expect(after.clusters[name].storesHash).toBe(before.clusters[name].storesHash);
    expect(await journey.keaConfiguration()).toBe(dhcpBefore);
  });
});
