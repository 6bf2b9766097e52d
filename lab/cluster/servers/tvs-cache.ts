import { Certificate } from "../../../trust/certificate";
import { parseTrustList } from "../../../trust/trust-list";
import type { LabNode } from "../node";
import { rolesOf } from "../stores";

export interface TvsEntry {
  readonly certificate: Certificate;
  readonly roles: readonly number[];
  readonly from: "database" | "ctl";
}

/**
 * What TVS of one node knows since it last read: first the certificates of the database with a role, then those
 * of the node's own CTL file (Cisco's document 118893). Both by serial number and issuer, literally.
 */
export class TvsCache {
  private database = new Map<string, TvsEntry>();
  private ctl = new Map<string, TvsEntry>();

  constructor(private readonly node: LabNode) {}

  reload(): void {
    this.database = new Map();
    for (const row of this.node.rows.values()) {
      const roles = rolesOf(row);
      if (roles.length === 0) continue;
      this.database.set(row.certificate.mapId, { certificate: row.certificate, roles, from: "database" });
    }
    this.ctl = new Map();
    if (this.node.ctl === null) return;
    for (const record of parseTrustList(this.node.ctl).records) {
      if (record.certificate === undefined) continue;
      const key = record.certificate.mapId;
      const roles = [...(this.ctl.get(key)?.roles ?? []), record.role];
      this.ctl.set(key, { certificate: record.certificate, roles, from: "ctl" });
    }
  }

  get(key: string): TvsEntry | null {
    return this.database.get(key) ?? this.ctl.get(key) ?? null;
  }

  /** A certificate that a client holds itself. */
  getByDer(der: Buffer): TvsEntry | null {
    let certificate: Certificate;
    try {
      certificate = Certificate.fromDer(der);
    } catch {
      return null;
    }
    const found = this.get(certificate.mapId);
    return found !== null && found.certificate.sha256 === certificate.sha256 ? found : null;
  }

  entries(): TvsEntry[] {
    return [...this.database.values()];
  }
}
