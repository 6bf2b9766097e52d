/** The facade over all transports: one connection per node and service, one budget, one cache. */
import type { Certificate } from "../../../trust/certificate";
import type { TvsRefusal } from "../../../trust/tvs-refusals";
import { RateWindow, Shared, unlimited } from "./budget";
import type { CertificateAccess } from "./certificate-access";
import {
  type BulkStep,
  type Cluster,
  ClusterError,
  type ClusterNode,
  type IdentityUnit,
  type ItlStatuses,
  type ListedPhone,
  type Operation,
  type PhoneCertificateFacts,
  type PhoneDevice,
  type PhoneFeatures,
  type PhonePages,
  type Registrations,
  type ServiceName,
  type StoreFile,
  type TrustEntry,
  type TrustStore,
  type TvsAnswer,
  type TvsQuestions,
} from "./cluster";
import { type ClusterConfig, RESETS_PER_MINUTE, type SftpServer } from "./config";
import { EnterpriseParameters } from "./enterprise-parameters";
import { asClusterError } from "./failure";
import { itlStatuses } from "./itl-statuses";
import type { Log } from "./log";
import { checkedAddresses, checkedDeviceNames, clusterNodes } from "./names";
import { NodeConnections, type Refused } from "./node-connections";
import { phoneCertificates } from "./phone-certificates";
import { type DeviceDirectory, deviceDirectory, listedPhones, phoneDevices } from "./phone-devices";
import { phoneFeatures } from "./phone-features";
import { phoneLoads } from "./phone-loads";
import { RefusedCredentials } from "./refused-credentials";
import { Axl } from "./transports/axl";
import { PhoneWeb } from "./transports/phone-web";
import { Ris } from "./transports/ris";

/**
 * Nothing is contacted before the first question.
 *
 * @param log debugging: what was asked where and how long it took; never a credential
 */
export function connectCluster(config: ClusterConfig, log: Log = () => {}): ConnectedCluster {
  return new ConnectedCluster(config, log);
}

/**
 * A core starts one process to plan and another to apply, and the second knows nothing of what the first has asked
 * within the same minute: half is left for that. Two seconds more than a minute, since requests may be on their way
 * for longer or shorter.
 */
const risRate = ({ risPerMinute }: ClusterConfig) =>
  new RateWindow(risPerMinute, 62_000, Math.ceil(risPerMinute / 2));

export class ConnectedCluster implements Cluster {
  readonly #nodes = new Map<string, NodeConnections>();
  readonly #refused: Refused = { platform: new RefusedCredentials(), application: new RefusedCredentials() };
  readonly #publisher: NodeConnections;
  readonly #axl: Axl;
  readonly #ris: Ris;
  readonly #resets: RateWindow;
  readonly #phones: PhoneWeb;
  readonly #version = new Shared<string>();
  readonly #table = new Shared<readonly ClusterNode[]>();
  readonly #directory = new Shared<DeviceDirectory>();
  readonly #parameters: EnterpriseParameters;
  readonly #features = new Shared<PhoneFeatures>();
  #generation = 0;

  constructor(
    private readonly config: ClusterConfig,
    private readonly log: Log,
  ) {
    this.#publisher = this.#connections(config.publisher, null);
    this.#axl = new Axl(this.#publisher.axl, this.#publisher.at, log);
    this.#parameters = new EnterpriseParameters(this.#axl, config);
    const { trustListPages } = config.spellings;
    this.#phones = new PhoneWeb({ port: config.ports.phoneHttp, trustListPages }, log);
    this.#ris = new Ris(this.#publisher.ris, this.#publisher.at, risRate(config), log);
    this.#resets = new RateWindow(config.resetsPerMinute ?? RESETS_PER_MINUTE);
  }

  get name(): string {
    return this.config.name;
  }
  get replicationTimeout(): number {
    return this.config.timeouts.replication;
  }

  get bulkUnit(): string {
    return this.config.spellings.bulkUnit;
  }
  get generation(): number {
    return this.#generation;
  }

  version(op: Operation): Promise<string> {
    return this.#guard(op, () => this.#release(op.signal));
  }

  #release(signal: AbortSignal): Promise<string> {
    return this.#version.get(signal, (inner) => this.#axl.version(inner));
  }

  nodes(op: Operation): Promise<readonly ClusterNode[]> {
    return this.#guard(op, () => this.#table.get(op.signal, (signal) => this.#readTable(signal)));
  }

  async #readTable(signal: AbortSignal): Promise<readonly ClusterNode[]> {
    const [table, all] = await Promise.all([
      this.#axl.processNodes(signal),
      this.#axl.nodeServices("%", signal),
    ]);
    const missing = table.filter(({ name }) => !all.some(({ node }) => node === name));
    const rest = await Promise.all(missing.map(({ name }) => this.#axl.nodeServices(name, signal)));
    return clusterNodes(this.config, table, [...all, ...rest.flat()], signal);
  }

  securityMode(op: Operation): Promise<"mixed" | "non-secure"> {
    return this.#guard(op, () => this.#parameters.securityMode(op.signal));
  }

  rollbackToPre8(op: Operation): Promise<boolean> {
    return this.#guard(op, () => this.#parameters.rollbackToPre8(op.signal));
  }

  identityCertificate(node: ClusterNode, unit: IdentityUnit, op: Operation): Promise<Certificate | null> {
    return this.#guard(op, () => this.#of(node).identityCertificate(unit, op.signal));
  }

  trustEntries(
    node: ClusterNode,
    store: TrustStore,
    candidates: readonly Certificate[],
    op: Operation,
  ): Promise<readonly TrustEntry[]> {
    return this.#guard(op, () => this.#of(node).trustFiles.entries(store, candidates, op.signal));
  }

  storeFiles(node: ClusterNode, store: TrustStore, op: Operation): Promise<readonly StoreFile[]> {
    return this.#guard(op, () => this.#of(node).trustFiles.all(store, op.signal));
  }

  capfCertificates(node: ClusterNode, op: Operation): Promise<readonly Certificate[]> {
    return this.#guard(op, () => this.#of(node).trustFiles.capf(op.signal));
  }

  /** Cisco's certificate manager: these units are in its CHANGE_NOTIFICATION_UNIT, CAPF-trust is not. */
  replicates(store: TrustStore): boolean {
    return store !== "CAPF-trust";
  }

  importTrust(node: ClusterNode, store: TrustStore, certificate: Certificate, op: Operation): Promise<void> {
    return this.#write(node, `import into ${store}`, op, (access) =>
      access.importTrust(store, certificate, op.signal),
    );
  }

  deleteTrust(node: ClusterNode, entry: TrustEntry, op: Operation): Promise<void> {
    return this.#write(node, `delete of ${entry.store}/${entry.file}`, op, (access) =>
      access.deleteTrust(entry, op.signal),
    );
  }

  bulkSftp(server: SftpServer, op: Operation): Promise<string> {
    return this.#guard(op, () => this.#publisher.bulk.sftp(server, op.signal));
  }

  async bulk(step: BulkStep, op: Operation): Promise<string> {
    try {
      return await this.#guard(op, () => this.#publisher.bulk.step(step, op.signal));
    } finally {
      this.refresh();
    }
  }

  async updateCtl(op: Operation): Promise<string> {
    try {
      return await this.#guard(op, () => this.#publisher.ctl.update(op.signal));
    } finally {
      this.#generation += 1;
    }
  }

  /** Forgets what was listed: somebody else, or replication, may have written since. */
  refresh(): void {
    this.#generation += 1;
    this.#axl.drop();
    for (const node of this.#nodes.values()) node.trustFiles.drop();
  }

  checkRestart(node: ClusterNode, service: ServiceName, op: Operation): Promise<void> {
    return this.#guard(op, () => this.#of(node).checkRestart(service, op.signal));
  }

  async restartService(node: ClusterNode, service: ServiceName, op: Operation): Promise<void> {
    try {
      await this.#guard(op, () => this.#of(node).restart(service, this.#progress(op), op.signal));
    } finally {
      this.#generation += 1;
    }
  }

  startedAt(node: ClusterNode, service: ServiceName, op: Operation): Promise<Date | null> {
    return this.#guard(op, () => this.#of(node).startedAt(service, op.signal));
  }

  servedFile(node: ClusterNode, name: string, op: Operation): Promise<Buffer | null> {
    return this.#guard(op, () => this.#of(node).tftp.file(name, op.signal));
  }

  askTvs(node: ClusterNode, certificate: Certificate, op: Operation): Promise<TvsAnswer> {
    return this.#guard(op, () => this.#of(node).askTvs(certificate, op.signal));
  }

  existingPhones(names: readonly string[], op: Operation): Promise<ReadonlySet<string>> {
    return this.#guard(op, async () =>
      this.#axl.existingPhones(checkedDeviceNames(this.name, names), op.signal),
    );
  }

  phoneDevices(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, PhoneDevice>> {
    return this.#guard(op, async () => {
      const checked = checkedDeviceNames(this.name, names);
      const directory = await this.#directory.get(op.signal, async (signal) =>
        deviceDirectory(this.#axl, await this.nodes({ ...op, signal }), signal),
      );
      return phoneDevices(this.#axl, checked, directory, op.signal);
    });
  }

  listedPhones(op: Operation): Promise<readonly ListedPhone[]> {
    return this.#guard(op, () => listedPhones(this.#axl, op.signal));
  }

  phoneCertificates(
    names: readonly string[],
    op: Operation,
  ): Promise<ReadonlyMap<string, PhoneCertificateFacts>> {
    return this.#guard(op, async () =>
      phoneCertificates(this.#axl, checkedDeviceNames(this.name, names), op.signal),
    );
  }

  phoneFeatures(op: Operation): Promise<PhoneFeatures> {
    return this.#guard(op, () => this.#features.get(op.signal, (signal) => phoneFeatures(this.#axl, signal)));
  }

  phoneLoads(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, string>> {
    return this.#guard(op, async () =>
      phoneLoads(this.#axl, checkedDeviceNames(this.name, names), op.signal),
    );
  }

  registrations(names: readonly string[], op: Operation): Promise<Registrations> {
    return this.#guard(op, async () =>
      this.#ris.registrations(checkedDeviceNames(this.name, names), this.#progress(op), op.signal),
    );
  }

  registrationsAt(addresses: readonly string[], op: Operation): Promise<Registrations> {
    return this.#guard(op, async () =>
      this.#ris.registrationsAt(checkedAddresses(this.name, addresses), this.#progress(op), op.signal),
    );
  }

  phonePages(address: string, op: Operation): Promise<PhonePages | null | "not asked"> {
    return this.#guard(op, () => this.#phones.pages(address, op.signal));
  }

  tvsQuestions(node: ClusterNode, op: Operation): Promise<TvsQuestions> {
    return this.#guard(op, () => this.#of(node).tvsQuestions(op.signal));
  }

  tvsRefusals(node: ClusterNode, op: Operation): Promise<ReadonlyMap<string, TvsRefusal>> {
    return this.#guard(op, () => this.#of(node).tvsRefusals(op.signal));
  }

  itlStatuses(names: readonly string[], op: Operation): Promise<ItlStatuses | null> {
    return this.#guard(op, async () =>
      itlStatuses(this.#axl, checkedDeviceNames(this.name, names), this.config.spellings, op.signal),
    );
  }

  resetPhone(name: string, op: Operation): Promise<void> {
    return this.#guard(op, async () => {
      checkedDeviceNames(this.name, [name]);
      await this.#resets.take(op.signal, (ms) =>
        this.#progress(op)(`waiting ${Math.ceil(ms / 1000)} s: enough phones were reset within a minute`),
      );
      await this.#axl.resetPhone(name, op.signal);
    });
  }

  async close(): Promise<void> {
    for (const node of this.#nodes.values()) node.close();
  }

  async #write(
    node: ClusterNode,
    what: string,
    op: Operation,
    work: (access: CertificateAccess) => Promise<void>,
  ): Promise<void> {
    const { certificates } = this.#of(node);
    try {
      await this.#guard(op, () => work(certificates));
    } finally {
      // Whether it failed or not, and on every node: stores replicate.
      this.refresh();
    }
    if (certificates.lastAnswer)
      this.#progress(op)(`${node.name} answered the ${what}: ${certificates.lastAnswer}`);
  }

  #of(node: ClusterNode): NodeConnections {
    // The publisher as it is configured, so that it has one set of connections and its pins apply.
    return node.role === "publisher" ? this.#publisher : this.#connections(node.address, node.name);
  }

  #connections(address: string, name: string | null): NodeConnections {
    let node = this.#nodes.get(address);
    if (node === undefined) {
      node = new NodeConnections(
        this.config,
        address,
        name,
        this.#refused,
        (signal) => this.#release(signal),
        this.log,
      );
      this.#nodes.set(address, node);
    }
    return node;
  }

  #progress(op: Operation): (line: string) => void {
    return (line) => {
      this.log(line, {});
      op.progress?.(`${this.name}: ${line}`);
    };
  }

  /** Whatever comes out is a ClusterError. */
  async #guard<T>(op: Operation, work: () => Promise<T>): Promise<T> {
    unlimited(op.signal);
    try {
      return await work();
    } catch (error) {
      if (op.signal.aborted) {
        throw new ClusterError(
          this.name,
          null,
          `Cancelled while asking cluster "${this.name}"`,
          "Run it again to go on.",
          "cancelled",
        );
      }
      throw asClusterError(this.#publisher.at, `cluster "${this.name}"`, error);
    }
  }
}
