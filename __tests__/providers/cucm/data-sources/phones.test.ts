import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";

const nameOf = (i: number) => `SEP0011223344${i.toString(16).toUpperCase().padStart(2, "0")}`;
const NAMES = Array.from({ length: 200 }, (_, i) => nameOf(i));

let cluster: FakeCluster;
let core: FakeCore;
beforeEach(async () => {
  cluster = new FakeCluster("source");
  core = await FakeCore.with(cluster);
  for (const [i, name] of [...NAMES].reverse().entries()) {
    cluster.fleet.add(name);
    cluster.fleet.place(name, `10.1.${20 + (i % 2)}.${i}`);
  }
  for (const name of NAMES.slice(0, 20)) cluster.devicePools.set(name, "HQ");
  for (const name of NAMES.slice(10, 30)) cluster.devices.set(name, { model: "Cisco 7945" });
});

interface Answer {
  readonly names: readonly string[];
  readonly unplaced: readonly string[];
  readonly unfit: readonly string[];
  readonly silent: readonly string[];
}
const read = async (criteria: object) => {
  const { state, said } = await core.readData("cucm_phones", { cluster: "source", ...criteria } as never);
  expect(said).toEqual([]);
  return state as Answer;
};

test("every phone, sorted, without a question to RIS", async () => {
  cluster.fail("registrations");
  expect(await read({})).toMatchObject({ names: NAMES, unplaced: [], unfit: [], silent: [] });
});

test("all criteria have to hold; of several values of one, any", async () => {
  expect((await read({ device_pools: ["HQ"] })).names).toEqual(NAMES.slice(0, 20));
  expect((await read({ device_pools: ["HQ"], models: ["Cisco 7945"] })).names).toEqual(NAMES.slice(10, 20));
  expect((await read({ device_pools: ["HQ", "Default"], exclude: NAMES.slice(3) })).names).toEqual(
    NAMES.slice(0, 3),
  );
  expect((await read({ name: "sep??112233440*", models: ["Cisco 8861"] })).names).toEqual(NAMES.slice(0, 10));
  expect((await read({ name: "SEP0011223344.*" })).names).toEqual([]);
});

test("by the address that RIS tells; phones that are not registered here are named", async () => {
  cluster.fleet.put(NAMES[0]!, null);
  cluster.fleet.put(NAMES[1]!, "destination");
  cluster.fleet.place(NAMES[2]!, "10.1.20.77");
  const { names, unplaced } = await read({ device_pools: ["HQ"], subnets: ["10.1.20.0/24"] });
  // Odd ones from the end are in 10.1.21.0/24.
  expect(names).toEqual(NAMES.slice(2, 20).filter((_, i) => i === 0 || i % 2 === 1));
  expect(unplaced).toEqual(NAMES.slice(0, 2));
  const range = await read({ device_pools: ["HQ"], subnets: ["10.9.0.0/16", "10.1.20.77-10.1.20.77"] });
  expect(range.names).toEqual([NAMES[2]]);
});

test("a silent node is told", async () => {
  cluster.silentToRis.add("source-sub1");
  expect(await read({ subnets: ["10.1.20.0/24"] })).toMatchObject({ names: [], silent: ["source-sub1"] });
});

test("a percentage is a part of a larger one, the same again, and about as much as it says", async () => {
  const of = async (percentage: number) => (await read({ percentage })).names;
  const [ten, twenty, all] = [await of(10), await of(20), await of(100)];
  expect(await of(10)).toEqual(ten);
  expect(ten.length).toBeGreaterThan(5);
  expect(ten.length).toBeLessThan(40);
  expect(twenty.length).toBeGreaterThan(ten.length);
  expect(ten.filter((name) => !twenty.includes(name))).toEqual([]);
  expect(all).toEqual(NAMES);
  // By the name alone, whoever else is there.
  const some = await read({ percentage: 20, device_pools: ["HQ"] });
  expect(some.names).toEqual(twenty.filter((name) => NAMES.indexOf(name) < 20));
});

test("names that no list can hold are told apart", async () => {
  for (const name of ["SEPTEMPLATE", "SEP00112233440a"]) cluster.fleet.add(name);
  const { names, unfit } = await read({});
  expect(names).toEqual(NAMES);
  expect(unfit).toEqual(["SEP00112233440a", "SEPTEMPLATE"]);
});

test.each([
  [{ device_pools: ["hq"] }, /No phone of cluster "source" is in device pool "hq".*"Default", "HQ"/],
  [{ models: ["8861"] }, /No phone of cluster "source" is of model "8861".*"Cisco 7945", "Cisco 8861"/],
])("a slip in %j names what is there", async (criteria, words) => {
  const { said } = await core.readData("cucm_phones", { cluster: "source", ...criteria } as never);
  expect(said.join()).toMatch(words);
});

test.each([
  [{ subnets: ["10.1.20.1/24"] }, /"10\.1\.20\.1\/24" is no subnet/],
  [{ subnets: [] }, /subnets is empty/],
  [{ percentage: 0 }, /The percentage is 0/],
  [{ percentage: 101 }, /The percentage is 101/],
])("%j is refused", async (criteria, words) => {
  expect(
    (await core.validateData("cucm_phones", { cluster: "source", ...criteria } as never)).join(),
  ).toMatch(words);
});
