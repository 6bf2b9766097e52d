/**
 * A programme of 200 phones in four waves, ten of which cannot follow: it stops at the wave that has them, goes on
 * when they are mended, and comes back; nobody is reset twice, by the log of the clusters themselves.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { VoiceScope, type Wave } from "../../constructs";
import type { DeviceOrder } from "../../lab/cluster/requests";
import { phonesWhen, rebootPhone } from "../../lab/phones";
import { cores } from "../../providers/framework/testing/core";
import { expectError, expectWarning } from "../../providers/framework/testing/expect";
import type { CoreError } from "../../providers/framework/testing/run";
import type { Declared } from "./support/declaration";
import { Journey, QUICK } from "./support/journey";

jest.setTimeout(180_000);

const PHONES = Array.from({ length: 200 }, (_, i) => `SEP0011223${(0x10000 + i).toString(16).toUpperCase()}`);
const LOAD = "sip88xx.11-0-1";
/** Phones that have an ITL from before TVS's certificates were renewed. They are of the third wave, and so the last. */
const BAD = 10;
const NAMES = ["first", "second", "fourth", "third"] as const;
type Name = (typeof NAMES)[number];
const DECLARED: readonly Name[] = ["first", "second", "third", "fourth"];

let journey: Journey;
let phonesOf: { readonly [name in Name]: readonly string[] };
beforeAll(async () => {
  journey = await Journey.startResident(cores()[0]!, {
    ...QUICK,
    delays: {
      replication: [0.05, 0.15],
      serviceStop: [0.02, 0.05],
      serviceStart: [0.05, 0.1],
      cliBanner: [0, 0.02],
      cliCommand: [0.005, 0.01],
    },
    phones: PHONES,
    stale: BAD,
    subnets: 4,
    lscKeys: 4,
    dhcp: "lab",
    clusters: {
      source: { risPerMinute: 600 },
      destination: { risPerMinute: 600, load: LOAD, lacksLoad: true },
    },
    phone: { timing: { reset: 20, retry: 200 } },
  });
  const groups = Object.values(journey.lab.site.dhcp.subnets);
  phonesOf = Object.fromEntries(NAMES.map((name, i) => [name, groups[i]!])) as typeof phonesOf;
});
afterAll(() => journey?.close());

/** The four waves, each with the scope of its subnet. */
function declared(registeredOn: Wave["registeredOn"]): Declared {
  const subnets = Object.keys(journey.lab.site.dhcp.subnets);
  const waves = (hq: VoiceScope): Wave[] =>
    DECLARED.map((name) => {
      const place = NAMES.indexOf(name);
      const scope =
        place === 0
          ? hq
          : new VoiceScope(hq.node.scope!, name, { server: hq.server, subnet: subnets[place]! });
      return {
        name,
        scopes: [scope],
        phones: phonesOf[name],
        registeredOn,
        limits: { maxFailures: 20, maxFailureRatio: 0.1, batchSize: 50, settleTime: 1, timeout: 30 },
      };
    });
  return {
    registeredOn,
    waves,
    clusters: { source: { resetsPerMinute: 1000 }, destination: { resetsPerMinute: 1000 } },
  };
}

/** How many times each cluster was told to reset each phone. */
async function resets(): Promise<{ readonly [name: string]: number }> {
  const answer = await fetch(`${journey.lab.site.control.clusters}/device-orders`);
  const counted: { [name: string]: number } = {};
  for (const { cluster, device } of (await answer.json()) as readonly DeviceOrder[])
    counted[`${cluster} ${device}`] = (counted[`${cluster} ${device}`] ?? 0) + 1;
  return counted;
}
const once = (cluster: string, phones: readonly string[]) =>
  Object.fromEntries(phones.map((name) => [`${cluster} ${name}`, 1]));

async function where(name: Name): Promise<{ readonly [side: string]: number }> {
  const places = await journey.whereabouts();
  const counted: { [side: string]: number } = {};
  for (const phone of phonesOf[name]) counted[places[phone]!] = (counted[places[phone]!] ?? 0) + 1;
  return counted;
}

test("it stops at the third wave, goes on when its phones are mended, and comes back", async () => {
  const bad = journey.lab.site.phones.stale;
  await journey.deploy(declared("source"));
  expect(await resets()).toEqual({});

  const stopped = await journey.deploy(declared("destination")).catch((error: CoreError) => error);
  const { summary, detail } = await expectError(Promise.reject(stopped), /did not move/);
  // What the destination does not have was told at plan, and stopped nobody.
  const { output } = stopped as CoreError;
  expectWarning(output, /Firmware of 50 phones of this wave is missing on the destination/);
  expect(summary).toBe("10 of 50 phones did not move to the destination");
  expect(detail).toContain("Allowed: 5 by limits (max_failures 20, max_failure_ratio 0.1 of 50 phones)");
  for (const phone of bad)
    expect(detail).toContain(
      `- ${phone}: did not follow the reset (its firmware load ${LOAD} is not on TFTP node `,
    );
  expect(await where("first")).toEqual({ destination: 50 });
  expect(await where("second")).toEqual({ destination: 50 });
  expect(await where("third")).toEqual({ destination: 40, source: 10 });
  expect(await where("fourth")).toEqual({ source: 50 });
  const sent = [...phonesOf.first, ...phonesOf.second, ...phonesOf.third];
  expect(await resets()).toEqual(once("source", sent));

  // Somebody erases the trust lists of the ten at the phones, which boot and follow.
  for (const phone of bad) {
    for (const list of ["ctl.tlv", "itl.tlv"])
      rmSync(join(journey.lab.directory, "phones", phone, list), { force: true });
    await rebootPhone(journey.lab.site.control.phones, phone);
  }
  const destination = Object.values(journey.lab.site.destination.nodeAddresses);
  await phonesWhen(
    journey.lab.site.control.phones,
    ({ name, registered }) => !bad.includes(name) || destination.includes(registered?.address ?? ""),
  );
  await journey.deploy(declared("destination"));
  expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set(["destination"]));
  expect(await resets()).toEqual(once("source", PHONES));

  await journey.deploy(declared("source"));
  expect(new Set(Object.values(await journey.whereabouts()))).toEqual(new Set(["source"]));
  expect(await resets()).toEqual({ ...once("source", PHONES), ...once("destination", PHONES) });
});
