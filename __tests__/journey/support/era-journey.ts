/** One era's whole journey, from default spellings: there, back, destroy. */
import { randomInt } from "node:crypto";
import { writeSync } from "node:fs";
import type { ClusterOptions } from "../../../lab/cluster/options";
import type { RequestCounts } from "../../../lab/cluster/requests";
import type { State } from "../../../lab/cluster/state";
import { cores } from "../../../providers/framework/testing/core";
import { CoreError } from "../../../providers/framework/testing/run";
import type { Declared } from "./declaration";
import { choosesDigest, type Era, readsBulk, VERSIONS } from "./eras";
import { FirstContact } from "./first-contact";
import { Journey, SWIFT } from "./journey";
import { broughtInBulk, namedIn, storeChanges } from "./store-changes";

type Name = "source" | "destination";
const NAMES: readonly Name[] = ["source", "destination"];

export const words = ({ source, destination, method, sourceWay, destinationWay, digest, ctl }: Era) =>
  `${source} to ${destination}, ${method}, certificates by ${sourceWay} and ${destinationWay}, ${digest}, CTL ${ctl}`;

export async function travel(era: Era): Promise<void> {
  const began = Date.now();
  const nodes = 3 + randomInt(2);
  const strange = randomInt(2) === 1;
  const journey = await Journey.startResident(cores().at(era.core === "first" ? 0 : -1)!, {
    phones: 1,
    stale: 0,
    nodes,
    strange,
    clusters: { source: cluster(era, "source"), destination: cluster(era, "destination") },
    delays: SWIFT,
  });
  const kind = `${nodes} nodes${strange ? ", strange spellings" : ""}`;
  const contact = new FirstContact({ timeouts: { request: 5, replication: 20 } }, journey.lab.site);
  try {
    const left = await thereAndBack(era, journey, contact);
    tell(
      era,
      journey,
      contact,
      `${kind}, ${((Date.now() - began) / 1000).toFixed(0)} s, ${left} left in the stores`,
    );
  } catch (error) {
    tell(era, journey, contact, `${kind}, failed`);
    throw error;
  } finally {
    await journey.close();
  }
}

/** @returns how many memberships stay in the stores, for a reason that is known */
async function thereAndBack(era: Era, journey: Journey, contact: FirstContact): Promise<number> {
  const [phone] = journey.lab.site.phones.healthy;
  const before = await journey.clusters();
  const dhcpBefore = await journey.keaConfiguration();
  const way = { source: era.sourceWay, destination: era.destinationWay };
  const settings = (name: Name) => ({
    spellings: undefined,
    cryptography: undefined,
    certificateTransport: way[name],
    ...contact.settings(name),
  });
  const declared = (registeredOn: Declared["registeredOn"]): Declared => ({
    registeredOn,
    clusters: { source: settings("source"), destination: settings("destination") },
    limits: { settleTime: 1 },
    ...(era.ctl === "renewed" && { preProvisionCtl: true }),
    ...(era.method === "bulk" && !contact.bulkIsRefused && { method: "bulk" }),
  });

  await contact.until(() => journey.deploy(declared("destination")));
  expect(await journey.whereabouts()).toEqual({ [phone!]: "destination" });
  await expectNothingToDo(journey);
  expect(contact.bulkIsRefused).toBe(era.method === "bulk" && !readsBulk(era.source));
  expect(await exportsOf(journey)).toBe(era.method === "bulk" && readsBulk(era.source));
  const named = (name: Name) => namedIn(journey.workspace.stateFile(), name);
  const trust = { source: named("source"), destination: named("destination") };
  const everything = NAMES.every((name) => contact.settings(name).spellings?.bulkUnit === "all");
  const brought = (name: Name) =>
    era.method === "bulk" && !contact.bulkIsRefused
      ? broughtInBulk(before, name, everything)
      : new Set<string>();
  const declaredOrBrought = (name: Name) => new Set([...trust[name].declared, ...brought(name)]);
  await expectNamed(journey, before, declaredOrBrought);

  await contact.until(() => journey.deploy(declared("source")));
  expect(await journey.whereabouts()).toEqual({ [phone!]: "source" });
  await expectNothingToDo(journey);
  await expectNamed(journey, before, declaredOrBrought);

  await contact.until(async () => {
    journey.declare(declared("source"));
    await journey.workspace.run(["apply", "-destroy", "-json", "-input=false", "-auto-approve"]);
  });
  expect(await journey.keaConfiguration()).toBe(dhcpBefore);
  // What was not declared came in bulk, and is nobody's to delete. A deploy that failed half-way says nothing of what it
  // imported: the next one finds it there, and leaves it.
  return expectNamed(journey, before, (name) => {
    const { declared, adopted } = trust[name];
    return new Set([...adopted, ...[...brought(name)].filter((key) => !declared.has(key))]);
  });
}

/** @returns how many memberships have come to the stores, every one of them allowed */
async function expectNamed(
  journey: Journey,
  before: State,
  allowed: (name: Name) => ReadonlySet<string>,
): Promise<number> {
  const now = await journey.clusters();
  let added = 0;
  for (const name of NAMES) {
    const [was, is] = [before.clusters[name], now.clusters[name]];
    const changes = storeChanges(was, is, allowed(name));
    expect(changes.unnamed).toEqual([]);
    if (changes.added.size === 0) expect(is.storesHash).toBe(was.storesHash);
    added += changes.added.size;
  }
  return added;
}

function cluster({ source, destination, digest }: Era, name: Name): Partial<ClusterOptions> {
  const release = name === "source" ? source : destination;
  return {
    version: VERSIONS[release],
    risPerMinute: 600,
    ...(choosesDigest(release) && { digest }),
  };
}

async function expectNothingToDo({ workspace }: Journey): Promise<void> {
  const plan = await workspace.start(["plan", "-detailed-exitcode", "-json", "-input=false"]).output;
  if (plan.exitCode !== 0) throw new CoreError("plan -detailed-exitcode", plan);
}

/** Whether anything was exported in bulk. */
async function exportsOf({ lab }: Journey): Promise<boolean> {
  const counts = (await (await fetch(`${lab.site.control.clusters}/requests`)).json()) as RequestCounts;
  return Object.values(counts).some((nodes) =>
    Object.values(nodes).some(({ cli = {} }) =>
      Object.keys(cli).some((line) => line.startsWith("set cert bulk export")),
    ),
  );
}

/** Not console.log, which adds the place in the test to every line. */
function tell(era: Era, { workspace }: Journey, contact: FirstContact, end: string): void {
  const lines = [
    `${words(era)}, ${workspace.core.name}: ${contact.rounds} runs, ${end}${contact.bulkIsRefused ? ", bulk refused" : ""}`,
    ...contact.said.map((line) => `  had to be set, ${line}`),
    ...(contact.said.length > 0 ? [] : [`  nothing had to be set`]),
  ];
  writeSync(2, `${lines.join("\n")}\n`);
}
