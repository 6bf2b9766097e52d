import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestCounts } from "../lab/cluster/requests";
import { freePort } from "../lab/cluster/servers/listener";
import { type RunningClusters, startClusters } from "../lab/cluster/start";
import type { SiteCluster } from "../lab/site";
import {
  type ClusterConfig,
  DEFAULT_PORTS,
  DEFAULT_TIMEOUTS,
  DEFAULT_WEB_FORMS,
  type Spellings,
} from "../providers/cucm/cluster/config";
import { connectCluster } from "../providers/cucm/cluster/connect";
import { makeCucmProvider } from "../providers/cucm/provider";
import { cores } from "../providers/framework/testing/core";
import { resident } from "../providers/framework/testing/resident";
import { Workspace } from "../providers/framework/testing/workspace";
import { DelayedPorts } from "./delayed";
import { row, timed } from "./numbers";

const NODES = 8;
const LATENCY_MS = 200;
const AIM = 2.5;
const SIDES = ["source", "destination"] as const;
type Side = (typeof SIDES)[number];
/** By certificate REST, and by the CLI. */
const VERSIONS = { source: "10.5.2.10000-5", destination: "14.0.1.10000-20" };
const ACCOUNT = { username: "bench", password: "bench" };
const PHONES = Array.from({ length: 20 }, (_, i) => `SEP0011223344${(16 + i).toString(16).toUpperCase()}`);
const DELAYED = ["ssh", "https", "platform", "tftpHttp", "tvs"] as const;

/**
 * What a plan and a deploy of two clusters of eight nodes ask of each node, and what a plan takes when every node is
 * 200 ms away, compared with one for which a single node is: the slowest one's own sequence, which nothing can shorten
 * but fewer questions.
 */
export async function transports(): Promise<void> {
  const pki = mkdtempSync(join(tmpdir(), "pm-bench-keys-"));
  const account = { platform: ACCOUNT, application: ACCOUNT, risPerMinute: 6000 };
  const lab = await startClusters({
    clusters: {
      source: { ...account, version: VERSIONS.source },
      destination: { ...account, version: VERSIONS.destination },
    },
    network: `127.${200 + Math.floor(Math.random() * 50)}`,
    nodes: NODES,
    phones: PHONES,
    pki,
    delays: { cliBanner: [0, 0], cliCommand: [0, 0] },
  });
  let far: (address: string) => boolean = () => false;
  const delayed = new DelayedPorts((address) => (far(address) ? LATENCY_MS : 0));
  const core = cores()[0]!;
  const ports = await delayedPorts(lab, delayed);
  const configs = Object.fromEntries(
    SIDES.map((side) => [side, configOf(side, lab.ready[side], ports[side])]),
  );
  for (const side of SIDES)
    for (const what of [
      "PLATFORM_USERNAME",
      "PLATFORM_PASSWORD",
      "APPLICATION_USERNAME",
      "APPLICATION_PASSWORD",
    ])
      process.env[`CUCM_${side.toUpperCase()}_${what}`] = "bench";
  const provider = await resident(makeCucmProvider(({ name }) => connectCluster(configs[name]!)));
  const workspace = new Workspace({ core, providers: { cucm: provider } }).configure(declaration());
  try {
    await workspace.plan();
    console.log(`Requests by node: two clusters of ${NODES} nodes, ${core.name}`);
    tell("plan of a deploy", await counted(lab, () => workspace.plan()));
    tell("deploy", await counted(lab, () => workspace.apply()));
    tell("plan without changes", await counted(lab, () => workspace.plan()));

    console.log(`Plan without changes, ${LATENCY_MS} ms to a node`);
    const nearBy = await timed(() => workspace.plan());
    row("no node is far", nearBy);
    const alone: number[] = [];
    for (const [what, address] of each(lab)) {
      far = (one) => one === address;
      alone.push(await timed(() => workspace.plan()));
      row(`only ${what} is`, alone.at(-1)!);
    }
    far = () => true;
    const all = await timed(() => workspace.plan());
    const ratio = all / Math.max(...alone);
    row(`all ${2 * NODES} are`, all, `${ratio.toFixed(2)} of the slowest alone (aim ${AIM})`);
  } finally {
    workspace.remove();
    await provider.close();
    delayed.close();
    await lab.close();
    rmSync(pki, { recursive: true, force: true });
  }
}

/** One node of each kind: the others of a cluster are asked the same. */
function each(lab: RunningClusters): (readonly [string, string])[] {
  return SIDES.flatMap((side) => {
    const addresses = Object.values(lab.ready[side].nodeAddresses);
    return [
      [`${side}'s publisher`, addresses[0]!],
      [`${side}'s TFTP subscriber`, addresses[1]!],
      [`${side}'s other subscriber`, addresses[2]!],
    ] as const;
  });
}

async function delayedPorts(lab: RunningClusters, delayed: DelayedPorts) {
  const ports: { [side in Side]: { [port: string]: number } } = { source: {}, destination: {} };
  for (const side of SIDES) {
    const { nodeAddresses, ports: real } = lab.ready[side];
    const addresses = Object.values(nodeAddresses);
    const taken = new Set<number>(Object.values(real));
    for (const port of DELAYED) {
      const number = await freePort(addresses, taken);
      taken.add(number);
      ports[side][port] = number;
      for (const address of addresses) await delayed.listen(address, number, real[port]);
    }
  }
  return ports;
}

function configOf(name: Side, site: SiteCluster, ports: { [port: string]: number }): ClusterConfig {
  const { publisher, nodeAddresses, tlsSha256, sshSha256, risPerMinute } = site;
  const webForms = { ...DEFAULT_WEB_FORMS, ...site.spellings.webForms };
  return {
    name,
    publisher,
    nodeAddresses,
    identity: { tlsSha256, sshSha256, caPem: null },
    platform: ACCOUNT,
    application: ACCOUNT,
    ports: { ...DEFAULT_PORTS, ...ports },
    spellings: { ...(site.spellings as Spellings), webForms },
    tvsClient: null,
    timeouts: DEFAULT_TIMEOUTS,
    risPerMinute,
  };
}

async function counted(lab: RunningClusters, work: () => Promise<unknown>): Promise<RequestCounts> {
  await fetch(`${lab.ready.control}/requests/reset`, { method: "POST" });
  await work();
  return (await (await fetch(`${lab.ready.control}/requests`)).json()) as RequestCounts;
}

function tell(what: string, counts: RequestCounts): void {
  console.log(`  ${what}`);
  for (const [side, nodes] of Object.entries(counts)) {
    const lines = new Map<string, string[]>();
    for (const [node, kinds] of Object.entries(nodes)) {
      const sum = (operations: { readonly [operation: string]: number }) =>
        Object.values(operations).reduce((a, b) => a + b, 0);
      const { cli = {}, ...others } = kinds;
      const requests = Object.entries(others).map(([kind, operations]) => `${kind} ${sum(operations)}`);
      const line = [`${sum(cli)} CLI commands`, ...requests].join(", ");
      lines.set(line, [...(lines.get(line) ?? []), node]);
    }
    for (const [line, names] of lines) console.log(`    ${side} ${names.join(", ")}: ${line}`);
  }
}

function declaration(): string {
  const assumed = (side: Side, certificates: string) => `    ${side} = ${certificates}`;
  const toSource =
    '{ for sha256, c in data.cucm_signers.destination.certificates : sha256 => { pem = c.pem, stores = ["CallManager-trust", "Phone-SAST-trust"] } if c.signer }';
  const toDestination =
    '{ for sha256, c in data.cucm_signers.source.certificates : sha256 => { pem = c.pem, stores = ["CAPF-trust", "CallManager-trust"] } if !c.signer }';
  return `
provider "cucm" {
  clusters = {
    source      = { publisher = "127.0.0.1" }
    destination = { publisher = "127.0.0.1" }
  }
}
data "cucm_cluster" "source" { cluster = "source" }
data "cucm_cluster" "destination" { cluster = "destination" }
data "cucm_signers" "source" { cluster = "source" }
data "cucm_signers" "destination" { cluster = "destination" }
data "cucm_trust_forecast" "fleet" {
  source      = "source"
  destination = "destination"
  phones      = ${JSON.stringify(PHONES)}
  assume_trusted = {
${assumed("source", toSource)}
${assumed("destination", toDestination)}
  }
}
resource "cucm_trust_memberships" "source" {
  cluster      = "source"
  certificates = ${toSource}
}
resource "cucm_trust_memberships" "destination" {
  cluster      = "destination"
  certificates = ${toDestination}
}
resource "cucm_tvs_proof" "source" {
  cluster    = "source"
  signers    = { for sha256, c in cucm_trust_memberships.source.certificates : sha256 => c.pem if contains(c.stores, "Phone-SAST-trust") }
  generation = cucm_trust_memberships.source.generation
}
`;
}
