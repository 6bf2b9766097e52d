/** A wave of three phones between two clusters, made anew for each test. */
import { FakeCluster } from "../fake-cluster";
import { FakeCore, type FakeInstance } from "../fake-core";
import { FakeFleet } from "../fake-fleet";

export const PHONES = ["SEP000000000001", "SEP000000000002", "SEP000000000003"] as const;
export const [one, two, three] = PHONES;
export const SENTENCE = "every source TVS node vouches for every destination signer";
export const limits = { settle_time: 0, timeout: 3 };
export const on = (registered_on: string, more: object = {}) => ({
  source: "source",
  destination: "destination",
  phones: [...PHONES],
  registered_on,
  limits,
  ...more,
});
export const forward = (holds: unknown = true, more: object = {}) =>
  on("destination", { go_if: { [SENTENCE]: holds }, ...more });

export let fleet: FakeFleet;
export let source: FakeCluster;
export let destination: FakeCluster;
export let wave: FakeInstance;
beforeEach(async () => {
  source = new FakeCluster("source");
  destination = new FakeCluster("destination");
  fleet = new FakeFleet();
  for (const phone of PHONES) fleet.add(phone);
  source.fleet = destination.fleet = fleet;
  const core = await FakeCore.with(source, destination);
  wave = core.resource("cucm_phone_registration");
});

/** The wave on the destination, as a deploy left it. */
export async function moved(more: object = {}) {
  await wave.apply(on("source"));
  fleet.serves = "destination";
  expect(await wave.apply(forward(true, more))).toEqual([]);
  fleet.resets.length = 0;
}
export const settled = async (config: object) =>
  expect(await wave.plan(config as never)).toMatchObject({ action: "no-op", said: [] });
export const everywhere = (side: string | null) => Object.fromEntries(PHONES.map((p) => [p, side]));
