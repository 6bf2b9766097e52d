import { EventEmitter } from "node:events";
import type { Certificate } from "../../trust/certificate";
import type { Identity } from "./pki/issue";
import type { Services } from "./services";
import { fileName, type Row, STORES, type Store, UNITS, type Unit } from "./stores";

/** What RIS of a node remembers of a device: its last registration there, however old. */
export interface RisRecord {
  readonly device: string;
  readonly status: "Registered" | "UnRegistered" | "Rejected";
  readonly statusReason: number;
  readonly ip: string;
  readonly load: string;
  readonly downloadServer: string;
  readonly httpd: boolean;
  /** SHA-256 of the ITL that it came with; empty when it had none. */
  readonly itl: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

export interface NodeDescription {
  /** As in the server table. */
  readonly name: string;
  readonly address: string;
  readonly fqdn: string;
  readonly role: "publisher" | "subscriber";
  /** Has Cisco Tftp activated. */
  readonly tftp: boolean;
}

/**
 * One server: its identity certificates, the files of its trust stores and its replica of the database. Files and
 * replica can differ, and both can differ from other nodes': replication is not instant.
 *
 * Emits `rows` when its replica of the certificate tables changed and `identity` with the unit.
 */
export class LabNode extends EventEmitter<{ rows: []; identity: [Unit] }> {
  readonly name: string;
  readonly address: string;
  readonly fqdn: string;
  readonly role: "publisher" | "subscriber";
  readonly tftp: boolean;
  up = true;
  readonly identities = new Map<Unit, Identity>();
  readonly files = new Map<Store, Map<string, Certificate>>(STORES.map((store) => [store, new Map()]));
  /** By SHA-256. */
  readonly rows = new Map<string, Row>();
  readonly ris = new Map<string, RisRecord>();
  /** CTLFile.tlv of this node, which its TFTP reads when it starts; null on a cluster that never was in mixed mode. */
  ctl: Buffer | null = null;
  /** SHA-256 of the ITL that its TFTP serves; empty when it runs none. */
  itl = "";
  services!: Services;

  constructor(
    description: NodeDescription,
    private readonly fileForm: "cn" | "cn-serial",
  ) {
    super();
    this.name = description.name;
    this.address = description.address;
    this.fqdn = description.fqdn;
    this.role = description.role;
    this.tftp = description.tftp;
  }

  identity(unit: Unit): Identity {
    const found = this.identities.get(unit);
    if (found === undefined) throw new Error(`${this.name} has no ${unit} certificate`);
    return found;
  }

  /** Those of {@link UNITS} that it has, in that order. */
  units(): readonly Unit[] {
    return UNITS.filter((unit) => this.identities.has(unit));
  }

  entries(store: Store): Map<string, Certificate> {
    return this.files.get(store)!;
  }

  fileOf(store: Store, sha256: string): string | null {
    for (const [file, certificate] of this.entries(store)) if (certificate.sha256 === sha256) return file;
    return null;
  }

  /** The certificate of that common name in a store: CUCM keeps one for each entity. */
  namesake(store: Store, commonName: string): Certificate | null {
    for (const certificate of this.entries(store).values()) {
      if (certificate.commonName.toLowerCase() === commonName.toLowerCase()) return certificate;
    }
    return null;
  }

  putFile(store: Store, certificate: Certificate): void {
    const stale = this.namesake(store, certificate.commonName);
    if (stale !== null) this.removeFile(store, stale.sha256);
    this.entries(store).set(fileName(certificate, this.fileForm), certificate);
  }

  removeFile(store: Store, sha256: string): void {
    const file = this.fileOf(store, sha256);
    if (file !== null) this.entries(store).delete(file);
  }

  putRow(service: Unit | Store, row: { pkid: string; certificate: Certificate; serverName: string }): void {
    const existing = this.rows.get(row.certificate.sha256);
    if (existing === undefined)
      this.rows.set(row.certificate.sha256, { ...row, services: new Set([service]) });
    else existing.services.add(service);
    this.emit("rows");
  }

  removeRow(service: Unit | Store, sha256: string): void {
    const row = this.rows.get(sha256);
    if (row === undefined) return;
    row.services.delete(service);
    if (row.services.size === 0) this.rows.delete(sha256);
    this.emit("rows");
  }
}
