import { randomUUID } from "node:crypto";
import type { Certificate } from "../../trust/certificate";
import type { CapfMode } from "../capf";
import type { SecurityMode } from "../registration";
import type { BulkServer, BulkStep } from "./bulk";
import type { Drawn } from "./drawn";
import type { LabNode } from "./node";
import { type ClusterName, type ClusterOptions, type Delays, draw, type Ports } from "./options";
import type { Identity } from "./pki/issue";
import { ReplicationChannel } from "./replication";
import { IMPORT_REPLICATES, type Store } from "./stores";

export interface LabPhone {
  readonly pkid: string;
  /** `SEP` and 12 hex digits. */
  readonly name: string;
  readonly description: string;
  /** Who is logged in at it. */
  readonly loginUser: string;
  readonly model: string;
  readonly securityMode: SecurityMode;
  readonly load: string;
  /** Its web server; off since 8.x unless an administrator wants it. */
  readonly webAccess: boolean;
  /** "TFTP Encrypted Config" of its security profile. */
  readonly encryptedConfig: boolean;
  /** CAPF operation that waits; null: none. */
  readonly enrolment: CapfMode | null;
  /** That this cluster's CAPF has issued last: its key is the one that the database knows. */
  readonly lsc: Certificate | null;
}

export type ImportResult = "stored" | "duplicate" | "older" | "database-down";

/** What happens to one certificate on one node. */
type Change =
  | { readonly kind: "put"; readonly store: Store; readonly certificate: Certificate; readonly pkid: string }
  | { readonly kind: "remove"; readonly store: Store; readonly sha256: string };

interface Channels {
  readonly rows: ReplicationChannel<Change>;
  readonly files: ReplicationChannel<Change>;
}

/** Databases reach the other nodes before the files do. */
const ROW_SHARE = 0.4;

/** "Cisco Certificate Change Notification" compares everything this often: CN_SYNC_TIMER of certM.conf, seconds. */
const SYNC_TIMER = 1800;

/** The state of one cluster and what CertMgr and replication do to it. Knows nothing of how it is asked. */
export class LabCluster {
  readonly phones = new Map<string, LabPhone>();
  readonly parameters = new Map<string, string>();
  /** The USB token that signs the CTL of a cluster whose administrator uses the CTL client. */
  token: Identity | null = null;
  bulkServer: BulkServer | null = null;
  /** Steps of a bulk exchange that say that they were done and do nothing. */
  readonly bulkIdle = new Set<BulkStep>();
  /** Updates of the CTL say that they were done and do nothing. */
  ctlIdle = false;
  /** Registered for export-controlled functionality, without which the CLI renews no CTL. */
  exportAllowed = true;
  private readonly channels: ReadonlyMap<LabNode, Channels>;
  private readonly syncTimer: NodeJS.Timeout;

  constructor(
    readonly name: ClusterName,
    readonly options: ClusterOptions,
    readonly drawn: Drawn,
    readonly delays: Delays,
    readonly ports: Ports,
    /** Publisher first. */
    readonly nodes: readonly LabNode[],
  ) {
    this.parameters.set("ClusterSecurityMode", (options.securityMode ?? "mixed") === "mixed" ? "1" : "0");
    const { rollbackParameter, rollbackTrue, rollbackFalse } = drawn.spellings;
    this.parameters.set(rollbackParameter, (options.rollbackToPre8 ? rollbackTrue : rollbackFalse)[0]!);
    this.parameters.set("ClusterID", "StandAloneCluster");
    this.channels = new Map(
      nodes.map((node) => [
        node,
        {
          rows: new ReplicationChannel<Change>(node, (change) => applyToRows(node, change)),
          files: new ReplicationChannel<Change>(node, (change) => applyToFiles(node, change)),
        },
      ]),
    );
    this.syncTimer = setInterval(() => this.syncEverything(), SYNC_TIMER * 1000);
    this.syncTimer.unref();
  }

  get publisher(): LabNode {
    return this.nodes[0]!;
  }

  node(name: string): LabNode | undefined {
    return this.nodes.find((node) => node.name === name || node.address === name || node.fqdn === name);
  }

  /**
   * Import of one certificate on one node. A certificate of the same common name gives way when the new one's
   * notBefore is later; otherwise the new one is not stored (security guide, certificate management).
   */
  importTrust(node: LabNode, store: Store, certificate: Certificate): ImportResult {
    if (!this.publisher.up) return "database-down";
    if (node.fileOf(store, certificate.sha256) !== null) return "duplicate";
    const namesake = node.namesake(store, certificate.commonName);
    if (namesake !== null && certificate.notBefore <= namesake.notBefore) return "older";
    const changes: Change[] = [];
    if (namesake !== null) changes.push({ kind: "remove", store, sha256: namesake.sha256 });
    const pkid = this.publisher.rows.get(certificate.sha256)?.pkid ?? randomUUID();
    changes.push({ kind: "put", store, certificate, pkid });
    for (const change of changes) this.applyNow(node, change);
    if (IMPORT_REPLICATES[store]) this.replicate(node, changes);
    return "stored";
  }

  /** Deletes by file name, on every node in the end: a delete is cluster-wide, for CAPF-trust too. */
  deleteTrust(node: LabNode, store: Store, file: string): "deleted" | "no-such-file" | "database-down" {
    const certificate = node.entries(store).get(file);
    if (certificate === undefined) return "no-such-file";
    if (!this.publisher.up) return "database-down";
    const change: Change = { kind: "remove", store, sha256: certificate.sha256 };
    this.applyNow(node, change);
    this.replicate(node, [change]);
    return "deleted";
  }

  /** As it would be after installation: on every node, at once. */
  plant(
    store: Store,
    certificate: Certificate,
    serverName: string,
    nodes: readonly LabNode[] = this.nodes,
  ): void {
    const pkid = this.publisher.rows.get(certificate.sha256)?.pkid ?? randomUUID();
    for (const node of nodes) {
      node.putFile(store, certificate);
      node.putRow(store, { pkid, certificate, serverName });
    }
  }

  /** Damage: everywhere at once, or on one node (its files and its replica, or only its files). */
  damage(store: Store, sha256: string, node: LabNode | null, filesOnly: boolean): void {
    for (const one of node === null ? this.nodes : [node]) {
      one.removeFile(store, sha256);
      if (!filesOnly) one.removeRow(store, sha256);
    }
  }

  /** A node that comes back catches up with what it missed. */
  setUp(node: LabNode, up: boolean): void {
    node.up = up;
    if (!up) return;
    const delay = draw(this.delays.replication);
    const { rows, files } = this.channels.get(node)!;
    rows.resume(delay * ROW_SHARE);
    files.resume(delay);
  }

  close(): void {
    clearInterval(this.syncTimer);
    for (const { rows, files } of this.channels.values()) {
      rows.close();
      files.close();
    }
    for (const node of this.nodes) node.services.close();
  }

  private replicate(from: LabNode, changes: readonly Change[]): void {
    for (const node of this.nodes) {
      if (node === from) continue;
      const delay = draw(this.delays.replication);
      const { rows, files } = this.channels.get(node)!;
      for (const change of changes) {
        // The publisher's database had the row first.
        if (node !== this.publisher) rows.push(change, delay * ROW_SHARE);
        files.push(change, delay);
      }
    }
  }

  private applyNow(node: LabNode, change: Change): void {
    applyToRows(node, change);
    applyToFiles(node, change);
    // The database is the publisher's; a subscriber's write goes there first.
    if (node !== this.publisher) applyToRows(this.publisher, change);
  }

  private syncEverything(): void {
    for (const node of this.nodes) {
      if (!node.up) continue;
      for (const row of node.rows.values()) {
        for (const service of row.services) {
          if (service in IMPORT_REPLICATES && IMPORT_REPLICATES[service as Store]) {
            if (node.fileOf(service as Store, row.certificate.sha256) === null) {
              node.putFile(service as Store, row.certificate);
            }
          }
        }
      }
    }
  }
}

function applyToRows(node: LabNode, change: Change): void {
  if (change.kind === "remove") node.removeRow(change.store, change.sha256);
  else
    node.putRow(change.store, { pkid: change.pkid, certificate: change.certificate, serverName: node.name });
}

function applyToFiles(node: LabNode, change: Change): void {
  if (change.kind === "remove") node.removeFile(change.store, change.sha256);
  else node.putFile(change.store, change.certificate);
}
