/** A node that is powered off: reading goes on with a warning, the way back works, and the way there fails closed. */
import { phonesWhen, rebootPhone } from "../../lab/phones";
import { cores } from "../../providers/framework/testing/core";
import { expectError, expectNoChanges, expectWarning } from "../../providers/framework/testing/expect";
import { tftpOf } from "../lab/phone/lab-tools";
import type { Declared } from "./support/declaration";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(180_000);

const [core] = cores();
const OPTION = "dhcp_option_150.move_hq_option-150-hq_3E20B1C0";
const there: Declared = { registeredOn: "destination", limits: { settleTime: 1, timeout: 20 } };
const back: Declared = { registeredOn: "source" };
let journey: Journey;
/** The last subscriber of the source: it runs TVS, and no TFTP. */
let subscriber: string;
let dhcp: string;

beforeAll(async () => {
  journey = await Journey.start(core!, { ...QUICK, phones: 2, stale: 0 });
  subscriber = Object.keys(journey.lab.site.source.nodeAddresses).at(-1)!;
  dhcp = await journey.keaConfiguration();
});
afterAll(() => journey?.close());

const power = (cluster: "source" | "destination", node: string, up: boolean) =>
  journey.fault({ kind: "node", cluster, node, up });

const everyoneOn = async (side: string) =>
  expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set([side]));

/** Fails, and neither DHCP nor a phone was touched. */
async function failsClosed(pattern: RegExp): Promise<void> {
  const before = await untouched();
  await expectError(journey.deploy(there), pattern);
  expect(await untouched()).toEqual(before);
  await everyoneOn("source");
}
const untouched = async () => ({
  kea: await journey.keaConfiguration(),
  boots: (await journey.phones()).map(({ name, boots }) => `${name} ${boots}`),
});

/** Warnings name the node by its address, or by its name in the server table. */
const named = (node: string) =>
  new RegExp(`${node}|${journey.lab.site.source.nodeAddresses[node]!.replaceAll(".", "\\.")}\\b`);

describe("a source subscriber is down", () => {
  test("the first deploy fails closed and names it; with the node back it goes on", async () => {
    await power("source", subscriber, false);
    await failsClosed(named(subscriber));
    await power("source", subscriber, true);
    await journey.deploy(there);
    await everyoneOn("destination");
    expectNoChanges(await journey.workspace.plan());
  });

  test("plan works and names it; the way back works", async () => {
    await power("source", subscriber, false);
    expectWarning(await journey.declare(there).plan(), named(subscriber));
    const plan = await journey.declare(back).plan();
    expectWarning(plan, named(subscriber));
    await journey.workspace.apply(plan);
    await everyoneOn("source");
  });

  test("a wave does not move without it; with the node back everything converges", async () => {
    await failsClosed(
      /must not move to the destination(.|\n)*every TVS node of "source" vouches for every signer of "destination": no/,
    );
    await power("source", subscriber, true);
    await journey.deploy(there);
    await everyoneOn("destination");
    expectNoChanges(await journey.workspace.plan());
  });
});

describe("a publisher is down while the phones are on the destination", () => {
  test("the source's: the plan of the way back keeps the addresses that nobody can read now", async () => {
    const publisher = Object.keys(journey.lab.site.source.nodeAddresses)[0]!;
    await power("source", publisher, false);
    const plan = await journey.declare(back).plan();
    expectWarning(plan, named(publisher));
    expect(plan.change(OPTION).after).toMatchObject({
      serve: "source",
      source_addresses: tftpOf(journey.lab, "source"),
    });
    await power("source", publisher, true);
  });

  test("the destination's: DHCP goes back, and so does every phone that boots", async () => {
    const publisher = Object.keys(journey.lab.site.destination.nodeAddresses)[0]!;
    await power("destination", publisher, false);
    // Nobody can reset phones of a cluster whose publisher is off; that is an error, but not before DHCP is back.
    const address = journey.lab.site.destination.publisher.replaceAll(".", "\\.");
    await expectError(journey.deploy(back), new RegExp(address));
    expect(await journey.keaConfiguration()).toBe(dhcp);
    const { phones } = journey.lab.site.control;
    for (const { name } of await journey.phones()) await rebootPhone(phones, name);
    await phonesWhen(phones, ({ boots, registered }) => boots > 0 && registered !== null);
    // The source has them all: there is nothing left to ask the destination.
    await journey.deploy(back);
    await everyoneOn("source");

    await power("destination", publisher, true);
    await journey.deploy(back);
    expectNoChanges(await journey.workspace.plan());
  });
});

describe("the source is switched off for good", () => {
  const finished: Declared = { ...there, clusters: { source: { decommissioned: true }, destination: {} } };

  test("plans say no changes and nothing else, and what is kept is let go of", async () => {
    await journey.deploy(there);
    await everyoneOn("destination");
    for (const node of Object.keys(journey.lab.site.source.nodeAddresses)) await power("source", node, false);

    const plan = await journey.declare(finished).plan();
    expectNoChanges(plan);
    expect(plan.diagnostics).toEqual([]);
    const kea = await journey.keaConfiguration();
    await journey.deploy({ ...finished, onDestroy: "keep" });
    const { diagnostics } = await journey.workspace.destroy();
    expect(diagnostics.map(({ summary }) => summary)).toContain(
      'Trust of cluster "source" is only forgotten',
    );
    expect(await journey.keaConfiguration()).toBe(kea);
    await everyoneOn("destination");
  });
});
