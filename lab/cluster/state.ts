import { createHash } from "node:crypto";
import type { Certificate } from "../../trust/certificate";
import type { RunningCluster } from "./build";
import type { Clusters } from "./control";
import type { LabNode } from "./node";
import { rolesOf, STORES } from "./stores";

export interface EntryState {
  readonly file: string;
  readonly sha256: string;
  readonly subject: string;
  readonly serial: string;
}

export interface NodeState {
  readonly address: string;
  readonly role: "publisher" | "subscriber";
  readonly up: boolean;
  readonly openPorts: readonly string[];
  readonly services: { readonly [name: string]: string };
  /** SHA-256 by unit. */
  readonly identities: { readonly [unit: string]: string };
  /** Files of each trust store, sorted by name. */
  readonly stores: { readonly [store: string]: readonly EntryState[] };
  /** Rows of the node's replica, `<sha256> <services> roles <roles>`, sorted. */
  readonly database: readonly string[];
  /** What TVS vouches for just now, `<sha256> roles <roles>`, sorted. */
  readonly tvs: readonly string[];
  /** SHA-256 of the served lists, null where this node serves none. */
  readonly files: { readonly ctl: string | null; readonly itl: string | null };
  /** One number for `stores` (names and every byte of the files) and `database`: equal means byte for byte. */
  readonly storesHash: string;
}

export interface Registration {
  readonly node: string;
  readonly status: string;
  readonly statusReason: number;
  readonly ip: string;
  readonly timestamp: number;
}

export interface ClusterState {
  readonly version: string;
  readonly parameters: { readonly [name: string]: string };
  readonly nodes: { readonly [name: string]: NodeState };
  /** The newest record of each device. */
  readonly registrations: { readonly [device: string]: Registration };
  /** Connections of phones that were refused, oldest first. */
  readonly refusals: readonly { node: string; at: string; peer: string; subject: string; why: string }[];
  readonly storesHash: string;
}

export interface State {
  readonly clusters: { readonly source: ClusterState; readonly destination: ClusterState };
}

export function stateOf(clusters: Clusters): State {
  return {
    clusters: { source: clusterState(clusters.source), destination: clusterState(clusters.destination) },
  };
}

function clusterState({ cluster, hosts }: RunningCluster): ClusterState {
  const nodes = Object.fromEntries(
    hosts.map((host): [string, NodeState] => {
      const { node } = host;
      const stores = Object.fromEntries(STORES.map((store) => [store, entries(node.entries(store))]));
      const database = [...node.rows.values()]
        .map(
          (row) =>
            `${row.certificate.sha256} ${[...row.services].sort().join(",")} roles ${rolesOf(row).join(",")}`,
        )
        .sort();
      return [
        node.name,
        {
          address: node.address,
          role: node.role,
          up: node.up,
          openPorts: host.openPorts(),
          services: Object.fromEntries(
            node.services.names().map((name) => [name, node.services.view(name)!.state]),
          ),
          identities: Object.fromEntries(
            node.units().map((unit) => [unit, node.identity(unit).certificate.sha256]),
          ),
          stores,
          database,
          tvs: host.tvs.cache
            .entries()
            .map(({ certificate, roles }) => `${certificate.sha256} roles ${roles.join(",")}`)
            .sort(),
          files: {
            ctl: node.tftp ? hashOf(host.tftp.file("CTLFile.tlv")) : null,
            itl: node.tftp ? hashOf(host.tftp.file("ITLFile.tlv")) : null,
          },
          storesHash: hash(JSON.stringify([stores, database])),
        },
      ];
    }),
  );
  return {
    version: cluster.options.version,
    parameters: Object.fromEntries(cluster.parameters),
    nodes,
    registrations: registrations(cluster.nodes),
    refusals: hosts
      .flatMap(({ node, callManager }) => callManager.refusals.map((one) => ({ node: node.name, ...one })))
      .sort((a, b) => (a.at < b.at ? -1 : 1)),
    storesHash: hash(
      Object.values(nodes)
        .map((node) => node.storesHash)
        .join(),
    ),
  };
}

/** A file's bytes are its certificate's, and the certificate's hash stands for them. */
function entries(files: ReadonlyMap<string, Certificate>): EntryState[] {
  return [...files]
    .map(([file, { sha256, subject, serial }]) => ({ file, sha256, subject, serial }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function registrations(nodes: readonly LabNode[]): ClusterState["registrations"] {
  const newest: { [device: string]: Registration } = {};
  for (const node of nodes) {
    for (const { device, status, statusReason, ip, timestamp } of node.ris.values()) {
      const known = newest[device];
      const newer = known === undefined || timestamp > known.timestamp || status === "Registered";
      if (newer) newest[device] = { node: node.name, status, statusReason, ip, timestamp };
    }
  }
  return newest;
}

const hash = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");
const hashOf = (bytes: Buffer | null): string | null => (bytes === null ? null : hash(bytes));
