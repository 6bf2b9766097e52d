/** Phones that cannot follow, whatever they hold, against the limits of their wave. */
import {
  type Config,
  type ForecastCluster,
  forecastClusters,
  imports,
  OTHER,
  PHONE,
  readForecast,
} from "./forecast-clusters";

let source: ForecastCluster;
let destination: ForecastCluster;
let fleet: ReturnType<typeof forecastClusters>["fleet"];
beforeEach(() => {
  ({ source, destination, fleet } = forecastClusters());
});

const read = (config: Config = {}) =>
  readForecast(source, destination, {
    phones: [OTHER, PHONE],
    assume_trusted: imports(source, destination),
    ...config,
  });
const allowing = (max_failures: number) => ({ limits: { max_failures, max_failure_ratio: null } });
const told = (said: readonly string[]) => said.filter((line) => /cannot follow, and the limits/.test(line));

test("registered nowhere, and not in the destination's database: named, with what to do", async () => {
  fleet.put(PHONE, null);
  fleet.add(OTHER, { knownTo: ["source"] });
  const { state, said } = await read();
  expect(state.cannot_follow).toEqual([
    {
      name: PHONE,
      reason: expect.stringMatching(/^registered nowhere; last seen on node source-sub1 as UnRegistered/),
    },
    { name: OTHER, reason: "the database of the destination does not have it" },
  ]);
  expect(state.within_limits).toBe(false);
  expect(told(said)).toEqual([
    expect.stringMatching(
      /^warning: 2 of 2 phones cannot follow, and the limits of their wave allow 0, from "source" to "destination" \/ SEP0+1: registered nowhere.*SEP0+2: the database/s,
    ),
  ]);
});

test("limits are those of the wave: as a number, as a ratio, and by default none", async () => {
  fleet.put(PHONE, null);
  const allows = async (config: Config) => {
    const { state, said } = await read(config);
    expect(told(said)).toHaveLength(state.within_limits ? 0 : 1);
    return state.within_limits;
  };
  expect(await allows({})).toBe(false);
  expect(await allows(allowing(0))).toBe(false);
  expect(await allows(allowing(1))).toBe(true);
  expect(await allows({ limits: { max_failures: null, max_failure_ratio: 0.5 } })).toBe(true);
  expect(await allows({ limits: { max_failures: null, max_failure_ratio: 0.4 } })).toBe(false);
});

test("who is rebooting is on his way", async () => {
  fleet.put(PHONE, null, true);
  const { state } = await read();
  expect(state).toMatchObject({ cannot_follow: [], within_limits: true });
});

test("who was seen on the destination last has followed: off now, it stops nothing of a wave that has moved", async () => {
  fleet.put(PHONE, "destination");
  fleet.put(PHONE, null);
  const { state, said } = await read();
  expect(state).toMatchObject({ cannot_follow: [], within_limits: true });
  expect(told(said)).toEqual([]);
});

test("it has not while its place is not known, or when the destination does not have it any more", async () => {
  fleet.put(PHONE, "destination");
  fleet.put(PHONE, null);
  source.silentToRis.add("source-sub2");
  expect((await read()).state).toMatchObject({ cannot_follow: [], within_limits: null });
  source.silentToRis.clear();
  fleet.add(PHONE, { at: "destination", knownTo: ["source"] });
  fleet.put(PHONE, null);
  const { state } = await read();
  expect(state.cannot_follow).toEqual([
    { name: PHONE, reason: "the database of the destination does not have it" },
  ]);
  expect(state.within_limits).toBe(false);
});

test("a wave that has moved is not told again and again of phones that are off and that RIS forgot", async () => {
  fleet.put(OTHER, "destination");
  fleet.forget(PHONE);
  const { state, said } = await read();
  expect(state).toMatchObject({ cannot_follow: [{ name: PHONE }], within_limits: false });
  expect(told(said)).toEqual([]);
  // One that joins and is off is news, and so is any while somebody may be reset.
  const third = "SEP000000000003";
  fleet.add(third);
  fleet.put(third, null);
  expect(told((await read({ phones: [OTHER, PHONE, third] })).said)).toHaveLength(1);
  fleet.put(OTHER, "source");
  expect(told((await read()).said)).toHaveLength(1);
});

test("who was rejected there has not followed", async () => {
  fleet.put(PHONE, null);
  fleet.rejectedBy("destination", PHONE);
  const { state } = await read();
  expect(state.cannot_follow).toEqual([
    { name: PHONE, reason: expect.stringContaining("the destination rejected it") },
  ]);
  expect(state.within_limits).toBe(false);
});

test("a wave that has moved is asked nothing but where its phones are", async () => {
  for (const phone of [PHONE, OTHER]) fleet.put(phone, "destination");
  const asked: string[] = [];
  source.onRequest = destination.onRequest = (method) => asked.push(method);
  const { state } = await read();
  expect(state.within_limits).toBe(true);
  expect(asked).toEqual(["registrations", "registrations"]);
});

test("where it hangs on what could not be read, that is said; what is known to be too many stays so", async () => {
  fleet.put(PHONE, null);
  source.silentToRis.add("source-sub2");
  expect((await read()).state).toMatchObject({ cannot_follow: [], within_limits: null });
  expect((await read(allowing(1))).state.within_limits).toBe(true);

  source.silentToRis.clear();
  destination.fail("phoneDevices");
  expect((await read()).state.within_limits).toBe(false);
  expect((await read(allowing(1))).state.within_limits).toBeNull();
});

test("it is no question of the way back", async () => {
  fleet.put(PHONE, null);
  expect((await read({ to: "source" })).state).toMatchObject({ cannot_follow: [], within_limits: true });
});
