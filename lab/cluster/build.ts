import { randomUUID } from "node:crypto";
import { LabCluster, type LabPhone } from "./cluster";
import { drawUnknowns } from "./drawn";
import { Host } from "./host";
import { LabNode } from "./node";
import {
  type ClusterName,
  type ClusterOptions,
  DEFAULT_LOAD,
  type Delays,
  type LabOptions,
  listSignerOf,
  type Ports,
} from "./options";
import { enterpriseCa, installIdentities, type Organisation, usbToken } from "./pki/identities";
import type { Identity } from "./pki/issue";
import type { KeyPool } from "./pki/keys";
import { buildCtl } from "./pki/trust-files";
import type { Requests } from "./requests";
import { RisRate } from "./servers/ris";
import { Services } from "./services";
import { strangely } from "./strange";

/** What differs between the two clusters apart from the options: as in Cisco's document 213407. */
const SITES: {
  readonly [name in ClusterName]: {
    readonly prefix: string;
    readonly octet: number;
    readonly organisation: Organisation;
    /** Days since installation. */
    readonly age: number;
    /** Company CA that signed the CallManager certificates; null: self-signed. */
    readonly ca: string | null;
  };
} = {
  source: {
    prefix: "cucm10",
    octet: 10,
    organisation: { OU: "Voice", O: "Example", L: "Sydney", ST: "NSW", C: "AU" },
    age: 900,
    ca: null,
  },
  destination: {
    prefix: "cucm11",
    octet: 20,
    organisation: { OU: "Voice", O: "Example", L: "Brisbane", ST: "QLD", C: "AU" },
    age: 60,
    ca: "lab-ENTERPRISE-CA",
  },
};

const NODES = [
  { suffix: "pub", host: 11, role: "publisher", tftp: true },
  { suffix: "sub1", host: 12, role: "subscriber", tftp: true },
  { suffix: "sub2", host: 13, role: "subscriber", tftp: false },
] as const;

/** What a cluster has besides the publisher: a second TFTP node, and others that have none. */
function nodesOf(count: number) {
  const more = Array.from(
    { length: count - NODES.length },
    (_, i) => ({ suffix: `sub${i + NODES.length}`, host: 14 + i, role: "subscriber", tftp: false }) as const,
  );
  return [...NODES, ...more];
}

const DOMAIN = "lab.example";

export interface RunningCluster {
  readonly cluster: LabCluster;
  readonly hosts: readonly Host[];
  readonly organisation: Organisation;
  readonly keys: KeyPool;
  readonly risRate: RisRate;
}

export function nodeAddresses(network: string, name: ClusterName, count: number = NODES.length): string[] {
  return nodesOf(count).map(({ host }) => `${network}.${SITES[name].octet}.${host}`);
}

export interface Shared {
  readonly keys: KeyPool;
  readonly requests: Requests;
  readonly ports: Ports;
  readonly delays: Delays;
  readonly network: string;
  readonly lab: LabOptions;
  /** Of MICs, where phones have no LSC. */
  readonly maker: Identity | null;
}

/** Builds one cluster as it stands after installation, its certificates made and its ports still closed. */
export async function buildCluster(
  name: ClusterName,
  options: ClusterOptions,
  shared: Shared,
): Promise<RunningCluster> {
  const site = SITES[name];
  const { keys, delays, lab } = shared;
  const usual = drawUnknowns(options.version, lab.drawn?.[name]);
  const drawn = lab.strange ? { ...usual, spellings: strangely(usual.spellings) } : usual;
  const addresses = nodeAddresses(shared.network, name, lab.nodes);
  const nodes = nodesOf(addresses.length).map(({ suffix, role, tftp }, i) => {
    const hostname = `${site.prefix}-${suffix}`;
    const node = new LabNode(
      { name: hostname, address: addresses[i]!, fqdn: `${hostname}.${DOMAIN}`, role, tftp },
      drawn.fileNames,
    );
    node.services = new Services(role, tftp, delays);
    return node;
  });
  const cluster = new LabCluster(name, options, drawn, delays, shared.ports, nodes);
  for (const phone of lab.phones) {
    if (!options.unknownPhones?.includes(phone))
      cluster.phones.set(phone, labPhone(phone, options, lab.webAccess?.includes(phone) ?? false));
  }
  const ca = site.ca === null ? null : await enterpriseCa(keys, site.ca);
  await installIdentities(cluster, keys, site.organisation, site.age, ca);
  if (shared.maker !== null)
    for (const store of ["CallManager-trust", "CAPF-trust"] as const)
      cluster.plant(store, shared.maker.certificate, cluster.publisher.name);
  if (listSignerOf(options) === "token") cluster.token = await usbToken(keys);
  if ((options.securityMode ?? "mixed") === "mixed") {
    const ctl = buildCtl(cluster);
    for (const node of nodes) node.ctl = ctl;
  }
  const risRate = new RisRate(options.risPerMinute ?? 15);
  const hosts: Host[] = [];
  const reset = (device: string, kind: "reset" | "restart" | "apply") => {
    shared.requests.ordered({ cluster: name, device, kind });
    for (const host of hosts) if (host.callManager.reset(device, kind)) return;
  };
  const hostKeys = await Promise.all(nodes.map((node) => keys.rsa(`${node.fqdn}-ssh`)));
  for (const [i, node] of nodes.entries()) {
    hosts.push(
      new Host(cluster, node, {
        hostKey: hostKeys[i]!,
        requests: shared.requests,
        risRate,
        keepalive: lab.keepalive ?? 30,
        logs: lab.logs ?? null,
        organisation: site.organisation,
        reset,
      }),
    );
  }
  return { cluster, hosts, organisation: site.organisation, keys, risRate };
}

/** People whose names are words too. */
const OWNERS = [
  { loginUser: "j.white", owner: "Jo White" },
  { loginUser: "max", owner: "Max Long" },
  { loginUser: "101", owner: "Grace Page" },
] as const;

function labPhone(name: string, options: ClusterOptions, webAccess: boolean): LabPhone {
  const { loginUser, owner } = OWNERS[Number.parseInt(name.slice(-4), 16) % OWNERS.length]!;
  return {
    pkid: randomUUID(),
    name,
    description: `${owner} ${name.slice(-3)} / Reading`,
    loginUser,
    model: options.model ?? "Cisco 8861",
    securityMode: (options.securityMode ?? "mixed") === "mixed" ? 3 : 1,
    load: options.load ?? DEFAULT_LOAD,
    webAccess,
    encryptedConfig: options.encryptedConfig?.includes(name) ?? false,
    enrolment: options.enrolments?.[name] ?? null,
    lsc: null,
  };
}
