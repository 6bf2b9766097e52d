/** One era's whole journey, from default spellings: there, back, destroy. */
import { writeSync } from "node:fs";
import type { ClusterOptions } from "../../../lab/cluster/options";
import type { RequestCounts } from "../../../lab/cluster/requests";
import type { ClusterState, State as ClustersState } from "../../../lab/cluster/state";
import { cores } from "../../../providers/framework/testing/core";
import { CoreError } from "../../../providers/framework/testing/run";
import type { Declared } from "./declaration";
import { choosesDigest, type Era, readsBulk, VERSIONS } from "./eras";
import { FirstContact } from "./first-contact";
import { Journey, SWIFT } from "./journey";

type Name = "source" | "destination";
const NAMES: readonly Name[] = ["source", "destination"];

export const words = ({ source, destination, method, sourceWay, destinationWay, digest }: Era) =>
  `${source} to ${destination}, ${method}, certificates by ${sourceWay} and ${destinationWay}, ${digest}`;

export async function travel(era: Era): Promise<void> {
  const began = Date.now();
  const journey = await Journey.startResident(cores().at(era.core === "first" ? 0 : -1)!, {
    phones: 1,
    stale: 0,
    clusters: { source: cluster(era, "source"), destination: cluster(era, "destination") },
    delays: SWIFT,
  });
  const contact = new FirstContact({ timeouts: { request: 5, replication: 20 } }, journey.lab.site);
  try {
    const left = await thereAndBack(era, journey, contact);
    tell(era, journey, contact, `${((Date.now() - began) / 1000).toFixed(0)} s, ${left} left in the stores`);
  } catch (error) {
    tell(era, journey, contact, "failed");
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
    ...(era.method === "bulk" && !contact.bulkIsRefused && { method: "bulk" }),
  });

  await contact.until(() => journey.deploy(declared("destination")));
  expect(await journey.whereabouts()).toEqual({ [phone!]: "destination" });
  await expectNothingToDo(journey);
  expect(contact.bulkIsRefused).toBe(era.method === "bulk" && !readsBulk(era.source));
  expect(await exportsOf(journey)).toBe(era.method === "bulk" && readsBulk(era.source));
  const adopted = alreadyPresent(journey);

  await contact.until(() => journey.deploy(declared("source")));
  expect(await journey.whereabouts()).toEqual({ [phone!]: "source" });
  await expectNothingToDo(journey);

  await contact.until(async () => {
    journey.declare(declared("source"));
    await journey.workspace.run(["apply", "-destroy", "-json", "-input=false", "-auto-approve"]);
  });
  expect(await journey.keaConfiguration()).toBe(dhcpBefore);
  const after = await journey.clusters();
  let stay = 0;
  for (const name of NAMES) {
    const [was, is] = [before, after].map((state) => memberships(state.clusters[name]));
    expect([...was!].filter((one) => !is!.has(one))).toEqual([]);
    const others = era.method === "bulk" ? undeclared(before, name) : new Set();
    // A deploy that failed half-way says nothing of what it imported: the next one finds it there, and leaves it.
    const explained = ([, key, sha256]: readonly string[]) => adopted.has(key!) || others.has(sha256);
    const left = [...is!].filter((one) => !was!.has(one)).map((one) => one.split(" "));
    stay += new Set(left.map(([, key]) => key)).size;
    expect(left.filter((one) => !explained(one))).toEqual([]);
    if (left.length === 0) expect(after.clusters[name].storesHash).toBe(before.clusters[name].storesHash);
  }
  return stay;
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

/** `<store>/<sha256>` of what the trust found in the stores. */
function alreadyPresent({ workspace }: Journey): ReadonlySet<string> {
  const { resources } = JSON.parse(workspace.stateFile() ?? '{"resources":[]}') as {
    readonly resources: readonly {
      readonly type: string;
      readonly instances: readonly {
        readonly attributes: { readonly already_present?: readonly string[] };
      }[];
    }[];
  };
  return new Set(
    resources
      .filter(({ type }) => type === "cucm_trust_memberships")
      .flatMap(({ instances }) => instances.flatMap(({ attributes }) => attributes.already_present ?? [])),
  );
}

/** `<node> <store>/<sha256> <sha256>` of a whole cluster. */
const memberships = ({ nodes }: ClusterState): ReadonlySet<string> =>
  new Set(
    Object.entries(nodes).flatMap(([node, { stores }]) =>
      Object.entries(stores).flatMap(([store, entries]) =>
        entries.map(({ sha256 }) => `${node} ${store}/${sha256} ${sha256}`),
      ),
    ),
  );

/** Certificates of the other cluster that a bulk import may bring beside those that are declared. */
function undeclared({ clusters }: ClustersState, name: Name): ReadonlySet<string | undefined> {
  const { nodes } = clusters[name === "source" ? "destination" : "source"];
  return new Set(Object.values(nodes).map(({ identities }) => identities.CallManager));
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
