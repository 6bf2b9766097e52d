import {
  type BulkStep,
  type Cluster,
  ClusterError,
  type ClusterNode,
  type IdentityUnit,
  type Operation,
  type ServiceName,
  type StoreFile,
  type TrustEntry,
  type TrustStore,
  type TvsAnswer,
} from "../../../providers/cucm/cluster/cluster";
import type { Side } from "../../../providers/cucm/phones";
import { Certificate } from "../../../trust/certificate";
import { Role } from "../../../trust/roles";
import { buildTrustList, type RecordInput } from "../../../trust/trust-list";
import type { Identity } from "../../trust/authority";
import type { FakeDirectory } from "./fake-directory";
import { FakePhones } from "./fake-phones";
import { FakeStores } from "./fake-stores";

type Method = Exclude<
  keyof Cluster,
  "name" | "replicationTimeout" | "generation" | "replicates" | "refresh" | "close"
>;

interface Fault {
  readonly method: Method | "*";
  /** Name of the node; null: any. */
  readonly node: string | null;
  readonly kind: ClusterError["kind"];
}

interface Known {
  readonly certificate: Certificate;
  readonly roles: readonly number[];
}

/**
 * A cluster in memory that behaves as a real one where the resources depend on it: stores per node that replicate
 * late (CAPF-trust never), hold one certificate per name, and a TVS that knows what its store held when it started.
 */
export class FakeCluster extends FakePhones implements Cluster {
  replicationTimeout = 1;
  generation = 0;
  /** Questions that were really asked: `askTvs <node> <sha256>`, `servedFile <node> <name>`. */
  readonly questions: string[] = [];
  /** Every write, in order. */
  readonly writes: string[] = [];
  readonly facts = { version: "10.5.2.11900-3", mode: "mixed" as "mixed" | "non-secure", rollback: false };
  readonly identities = new Map<string, Certificate>();
  readonly files = new Map<string, Buffer>();
  /** Answers of TVS that are not what its store says: `<node> <sha256>`. */
  readonly tvsSays = new Map<string, TvsAnswer>();
  /** Where bulk exchanges take place: `bulkSftp` points there. */
  directory: FakeDirectory | null = null;
  /** Steps of a bulk exchange that say that they were done and do nothing. */
  readonly idle = new Set<BulkStep>();
  /** Since when services run, on every node. @default for ever */
  readonly started = new Map<ServiceName, Date>();
  /** Updates of the CTL say that they were done and do nothing. */
  ctlIdle = false;
  /** What the CLI says instead of renewing it. */
  ctlRefusal: string | null = null;
  /** Is told of every request before it is answered. */
  onRequest: (method: string) => void = () => {};
  /** The run is killed after so many writes: from then on nothing answers until {@link revive}. */
  killAfter = Number.POSITIVE_INFINITY;

  readonly stores: FakeStores;
  private readonly tvs = new Map<string, ReadonlyMap<string, Known>>();
  private faults: Fault[] = [];
  private ownCtl: { readonly key: Identity; readonly bytes: Buffer } | null = null;
  private restarting = 0;

  constructor(
    readonly name: Side,
    readonly table: readonly ClusterNode[] = threeNodes(name),
  ) {
    super();
    this.stores = new FakeStores(table);
    for (const node of table) this.startTvs(node);
  }

  // What tests do to it

  fail(method: Method | "*", node: string | null = null, kind: ClusterError["kind"] = "unreachable"): void {
    this.faults.push({ method, node, kind });
  }
  /** Everything answers again. */
  mend(): void {
    this.faults = [];
  }
  revive(): void {
    this.killAfter = Number.POSITIVE_INFINITY;
  }
  /** Somebody puts a certificate into a store of every node, or of one, and restarts TVS. */
  seed(store: TrustStore, certificate: Certificate, node?: string): void {
    for (const n of this.table) {
      if (node !== undefined && node !== n.name) continue;
      this.stores.put(n.name, store, certificate);
      this.startTvs(n);
    }
  }
  /** Somebody deletes a certificate on one node by hand. */
  remove(store: TrustStore, certificate: Certificate, node: string): void {
    this.stores.remove(node, store, certificate);
  }
  /** A node restarts its TVS, or it forgets all, until the next start. */
  startTvs(node: ClusterNode): void {
    const known = new Map<string, Known>();
    const learn = (certificate: Certificate, roles: readonly number[]) =>
      known.set(certificate.mapId, { certificate, roles });
    for (const certificate of this.stores.certificates(node.name, "Phone-SAST-trust"))
      learn(certificate, [0, 3]);
    for (const [key, certificate] of this.identities)
      if (key.endsWith(" CallManager")) learn(certificate, [0, 2]);
    this.tvs.set(node.name, known);
  }
  /** In mixed mode: the publisher has that CallManager key, and TFTP nodes serve the CTL that it signed. */
  giveCtl(key: Identity, more: readonly RecordInput[] = []): void {
    this.identities.set(`${this.publisher.name} CallManager`, key.certificate);
    this.buildCtl(key, more);
    for (const node of this.table) if (node.tftp) this.serveCtl(node);
  }
  forgetTvs(node: string): void {
    this.tvs.set(node, new Map());
  }
  /** Every store of every node: `<node> <store>/<file>`, sorted. */
  contents(): string[] {
    return this.stores.contents();
  }

  // What the facade does

  async version(op: Operation): Promise<string> {
    this.check("version", this.publisher, op);
    return this.facts.version;
  }
  async nodes(op: Operation): Promise<readonly ClusterNode[]> {
    this.check("nodes", this.publisher, op);
    return this.table;
  }
  async securityMode(op: Operation): Promise<"mixed" | "non-secure"> {
    this.check("securityMode", this.publisher, op);
    return this.facts.mode;
  }
  async rollbackToPre8(op: Operation): Promise<boolean> {
    this.check("rollbackToPre8", this.publisher, op);
    return this.facts.rollback;
  }
  async identityCertificate(
    node: ClusterNode,
    unit: IdentityUnit,
    op: Operation,
  ): Promise<Certificate | null> {
    this.check("identityCertificate", node, op);
    return this.identities.get(`${node.name} ${unit}`) ?? null;
  }

  async trustEntries(
    node: ClusterNode,
    store: TrustStore,
    candidates: readonly Certificate[],
    op: Operation,
  ): Promise<readonly TrustEntry[]> {
    this.check("trustEntries", node, op);
    return this.stores
      .listed(node.name, store)
      .filter(({ certificate: stored }) =>
        candidates.some((c) => c.sha256 === stored.sha256 || c.commonName === stored.commonName),
      )
      .map((found) => ({ store, ...found }));
  }

  async storeFiles(node: ClusterNode, store: TrustStore, op: Operation): Promise<readonly StoreFile[]> {
    this.check("storeFiles", node, op);
    return this.stores.files(node.name, store);
  }

  async capfCertificates(node: ClusterNode, op: Operation): Promise<readonly Certificate[]> {
    this.check("capfCertificates", node, op);
    const all = (["CAPF-trust", "CallManager-trust"] as const).flatMap((store) =>
      this.stores.certificates(node.name, store),
    );
    const capf = all.filter(({ commonName }) => commonName.startsWith("CAPF-"));
    return [...new Map(capf.map((one) => [one.sha256, one])).values()];
  }

  refresh(): void {
    this.generation += 1;
    this.stores.refresh();
  }

  replicates(store: TrustStore): boolean {
    return store !== "CAPF-trust";
  }

  async importTrust(node: ClusterNode, store: TrustStore, certificate: Certificate, op: Operation) {
    this.check("importTrust", node, op);
    this.writes.push(`import ${node.name} ${store}/${certificate.commonName}`);
    this.import(node, store, certificate);
  }

  async deleteTrust(node: ClusterNode, entry: TrustEntry, op: Operation) {
    this.check("deleteTrust", node, op);
    if (!this.stores.has(node.name, entry)) throw this.error("deleteTrust", node, "refused");
    this.writes.push(`delete ${node.name} ${entry.store}/${entry.certificate.commonName}`);
    this.stores.delete(node.name, entry, !this.replicates(entry.store));
    this.generation += 1;
  }

  readonly bulkUnit = "tftp";
  async bulkSftp(_server: object, op: Operation): Promise<string> {
    this.check("bulkSftp", this.publisher, op);
    this.writes.push(`bulk sftp ${this.publisher.name}`);
    return "";
  }

  /** The unit of the CallManager certificates: each file is a JSON list of PEMs. */
  async bulk(step: BulkStep, op: Operation): Promise<string> {
    this.check("bulk", this.publisher, op);
    this.writes.push(`bulk ${step} ${this.publisher.name}`);
    const directory = this.directory!;
    const said = "Successfully done.";
    if (this.idle.has(step)) return said;
    if (step === "export")
      directory.put(`${this.name}.p12`, JSON.stringify(this.own("CallManager").map(({ pem }) => pem)));
    if (step === "consolidate") {
      const files = await directory.files();
      const pems = files.flatMap(({ name }) => JSON.parse(directory.contents.get(name)!.text));
      directory.put("all.p12", JSON.stringify(pems));
    }
    if (step !== "import") return said;
    const mine = new Set(this.own("CallManager").map(({ sha256 }) => sha256));
    for (const pem of JSON.parse(directory.contents.get("all.p12")?.text ?? "[]")) {
      const certificate = Certificate.fromPem(pem);
      if (mine.has(certificate.sha256)) continue;
      for (const store of ["CallManager-trust", "Phone-SAST-trust"] as const)
        this.import(this.publisher, store, certificate);
    }
    return said;
  }

  async updateCtl(op: Operation): Promise<string> {
    this.check("updateCtl", this.publisher, op);
    this.writes.push("update ctl");
    if (this.ctlRefusal !== null) return this.ctlRefusal;
    if (!this.ctlIdle) this.buildCtl(this.ownCtl!.key, []);
    return "CTL file Updated";
  }

  async checkRestart(node: ClusterNode, service: ServiceName, op: Operation): Promise<void> {
    this.check("checkRestart", node, op);
    const { tftp, callManager } = node;
    if (
      { "Cisco Tftp": tftp, "Cisco CallManager": callManager, "Cisco Trust Verification Service": true }[
        service
      ]
    )
      return;
    throw this.error("checkRestart", node, "refused");
  }

  async restartService(node: ClusterNode, service: ServiceName, op: Operation): Promise<void> {
    this.check("restartService", node, op);
    if (++this.restarting > 1) throw new Error("Two nodes restart at once.");
    await new Promise((resolve) => setImmediate(resolve));
    this.restarting -= 1;
    const isTvs = service === "Cisco Trust Verification Service";
    this.writes.push(`restart ${node.name}${isTvs ? "" : ` ${service}`}`);
    this.generation += 1;
    if (isTvs) this.startTvs(node);
    if (service === "Cisco Tftp") this.serveCtl(node);
  }

  async startedAt(node: ClusterNode, service: ServiceName, op: Operation): Promise<Date | null> {
    this.check("startedAt", node, op);
    return this.started.get(service) ?? new Date(0);
  }

  async servedFile(node: ClusterNode, name: string, op: Operation): Promise<Buffer | null> {
    this.check("servedFile", node, op);
    this.questions.push(`servedFile ${node.name} ${name}`);
    return this.files.get(`${node.name} ${name}`) ?? null;
  }

  async askTvs(node: ClusterNode, certificate: Certificate, op: Operation): Promise<TvsAnswer> {
    this.check("askTvs", node, op);
    this.questions.push(`askTvs ${node.name} ${certificate.sha256}`);
    const said = this.tvsSays.get(`${node.name} ${certificate.sha256}`);
    if (said) return said;
    const known = this.tvs.get(node.name)!.get(certificate.mapId);
    return known ? { kind: "vouched", ...known, timeToLive: 86400 } : { kind: "unknown" };
  }

  async resetPhone(name: string, op: Operation): Promise<void> {
    this.check("resetPhone", this.publisher, op);
    this.writes.push(`reset ${name}`);
    this.fleet.reset(this.name, name);
  }
  async close(): Promise<void> {}

  private import(node: ClusterNode, store: TrustStore, certificate: Certificate): void {
    this.stores.import(node.name, store, certificate, !this.replicates(store));
    this.generation += 1;
  }

  /** With what is in Phone-SAST-trust of the publisher as SAST. */
  private buildCtl(key: Identity, more: readonly RecordInput[]): void {
    const stored = this.stores.certificates(this.publisher.name, "Phone-SAST-trust");
    const bytes = buildTrustList({
      kind: "CTL",
      signer: key.certificate,
      privateKey: key.privateKey,
      digest: "sha1",
      timestamp: new Date(0),
      records: [
        { role: Role.SAST, certificate: key.certificate },
        ...stored.map((certificate) => ({ role: Role.SAST, certificate })),
        ...more,
      ],
    });
    this.ownCtl = { key, bytes };
  }

  private serveCtl(node: ClusterNode): void {
    if (this.ownCtl !== null) this.files.set(`${node.name} CTLFile.tlv`, this.ownCtl.bytes);
  }

  private own(unit: IdentityUnit): readonly Certificate[] {
    return [...this.identities].filter(([key]) => key.endsWith(` ${unit}`)).map(([, c]) => c);
  }

  protected override check(method: Method, node: ClusterNode, { signal }: Operation): void {
    this.onRequest(method);
    if (this.writes.length >= this.killAfter || signal.aborted) throw this.error(method, node, "cancelled");
    const fault = this.faults.find(
      (f) => (f.method === "*" || f.method === method) && (f.node === null || f.node === node.name),
    );
    if (fault) throw this.error(method, node, fault.kind);
  }

  private error(method: Method, node: ClusterNode, kind: ClusterError["kind"]): ClusterError {
    return new ClusterError(
      this.name,
      node.address,
      `Cannot do ${method} on ${node.address}`,
      `The test says so (${kind}).`,
      kind,
    );
  }
}

export function threeNodes(cluster: Side): ClusterNode[] {
  const subnet = cluster === "source" ? 10 : 20;
  return ["pub", "sub1", "sub2"].map((short, i) => ({
    name: `${cluster}-${short}`,
    address: `127.1.${subnet}.${11 + i}`,
    role: i === 0 ? "publisher" : "subscriber",
    tftp: i > 0,
    tvs: true,
    callManager: i > 0,
  }));
}
