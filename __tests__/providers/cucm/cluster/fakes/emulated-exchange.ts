/** Both emulated clusters with an SFTP server between them, and the exchange as the resources do it. */
import type { Drawn } from "../../../../../lab/cluster/drawn";
import type { RequestRecord } from "../../../../../lab/cluster/requests";
import type { RunningClusters } from "../../../../../lab/cluster/start";
import { BulkExchange } from "../../../../../providers/cucm/cluster/bulk-exchange";
import { importInBulk } from "../../../../../providers/cucm/cluster/bulk-import";
import type { Operation } from "../../../../../providers/cucm/cluster/cluster";
import type { SftpServer } from "../../../../../providers/cucm/cluster/config";
import { type ConnectedCluster, connectCluster } from "../../../../../providers/cucm/cluster/connect";
import type { Membership } from "../../../../../providers/cucm/cluster/membership";
import { importMissing } from "../../../../../providers/cucm/cluster/memberships";
import { openSftpDirectory } from "../../../../../providers/cucm/cluster/transports/sftp";
import { ACCOUNTS, labConfig, startBoth } from "./lab-cluster";

export const SFTP = { username: "exchange", password: "xch-s3cret" };

export type Side = "source" | "destination";
const SIDES = ["source", "destination"] as const;
const BOTH_12 = { source: "12.0.1.10000-10", destination: "12.0.1.10000-10" };

export interface Start {
  /** @default 12.0 */
  readonly versions?: { readonly [side in Side]: string };
  readonly drawn?: Partial<Drawn>;
  /** @default what the lab drew */
  readonly unit?: string;
  /** @default the lab's own */
  readonly sftp?: SftpServer;
}

export class EmulatedExchange {
  readonly said: string[] = [];
  readonly op: Operation = { signal: new AbortController().signal, progress: (line) => this.said.push(line) };
  readonly clusters: { readonly [side in Side]: ConnectedCluster };
  readonly server: SftpServer;
  private exchange: BulkExchange;

  private constructor(
    readonly lab: RunningClusters,
    sftp: SftpServer | undefined,
    private readonly unit: string | undefined,
  ) {
    this.clusters = { source: this.connect("source"), destination: this.connect("destination") };
    const { address, port, directory, hostKeySha256 } = lab.ready.sftp!;
    this.server = sftp ?? {
      name: "exchange",
      address,
      port,
      directory,
      hostKeys: hostKeySha256,
      credentials: SFTP,
    };
    this.exchange = this.newRun();
  }

  static async start({ versions = BOTH_12, drawn, sftp, unit }: Start = {}): Promise<EmulatedExchange> {
    const lab = await startBoth(versions, {
      sftp: SFTP,
      drawn: drawn && { source: drawn, destination: drawn },
    });
    return new EmulatedExchange(lab, sftp, unit);
  }

  /** What failed once is not tried again within a run. */
  newRun(changes: Partial<SftpServer> = {}): BulkExchange {
    const { source, destination } = this.clusters;
    const server = { ...this.server, ...changes };
    this.exchange = new BulkExchange(
      [source, destination],
      server,
      { archiveLeftovers: false },
      openSftpDirectory,
    );
    return this.exchange;
  }

  /** The other cluster's CallManager and ITLRecovery certificates, in both stores. */
  async wanted(side: Side): Promise<readonly Membership[]> {
    const other = this.clusters[side === "source" ? "destination" : "source"];
    const nodes = await other.nodes(this.op);
    const certificates = await Promise.all(
      nodes.flatMap((node) =>
        (["CallManager", "ITLRecovery"] as const).map((unit) =>
          other.identityCertificate(node, unit, this.op),
        ),
      ),
    );
    return certificates.flatMap((certificate) =>
      (["CallManager-trust", "Phone-SAST-trust"] as const).map((store) => ({
        store,
        certificate: certificate!,
      })),
    );
  }

  async importMissing(side: Side, wanted?: readonly Membership[]) {
    return importMissing(
      this.clusters[side],
      wanted ?? (await this.wanted(side)),
      new Set(),
      this.op,
      (before, memberships, ours, op) =>
        importInBulk(this.clusters[side], () => this.exchange, before, memberships, ours, op),
    );
  }

  /** How often each `set cert` command was typed, without its last words. */
  async commands(): Promise<{ readonly [command: string]: number }> {
    const answer = await fetch(`${this.lab.ready.control}/requests/log`);
    const counts: { [command: string]: number } = {};
    for (const { operation, cluster } of (await answer.json()) as RequestRecord[]) {
      if (!operation.startsWith("set cert")) continue;
      const command = `${cluster}: ${operation.split(" ").slice(2, 4).join(" ")}`;
      counts[command] = (counts[command] ?? 0) + 1;
    }
    return counts;
  }

  async fault(body: object): Promise<void> {
    const answer = await fetch(`${this.lab.ready.control}/fault`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async close(): Promise<void> {
    await Promise.all(SIDES.map((side) => this.clusters[side].close()));
    await this.lab.close();
  }

  private connect(name: Side): ConnectedCluster {
    const spelled = this.unit === undefined ? {} : { bulkUnit: this.unit };
    return connectCluster(
      labConfig(name, this.lab.ready[name], ACCOUNTS, spelled, {
        timeouts: { replication: 10, restart: 10, request: 5 },
      }),
      (line, fields) => this.said.push(`${line} ${JSON.stringify(fields)}`),
    );
  }
}
