import type {
  Cluster,
  ClusterNode,
  ItlStatuses,
  ListedPhone,
  Operation,
  PhoneCertificateFacts,
  PhoneDevice,
  PhoneFeatures,
  PhonePages,
  PhoneRegistration,
  Registrations,
  TvsQuestions,
} from "../../../providers/cucm/cluster/cluster";
import type { Side } from "../../../providers/cucm/phones";
import type { TvsRefusal } from "../../../trust/tvs-refusals";
import { FakeFleet } from "./fake-fleet";

/** What a cluster shows of phones: by its database, RIS, its logs and the phones' own pages. */
export abstract class FakePhones {
  abstract readonly name: Side;
  abstract readonly table: readonly ClusterNode[];
  /** Questions that were really asked. */
  abstract readonly questions: string[];
  /** What the database says of phones' certificates. */
  readonly certificateFacts = new Map<string, PhoneCertificateFacts>();
  /** Models by feature. */
  readonly features = new Map<string, ReadonlySet<string>>();
  /** Nodes that RIS has no answer from: what is registered there it does not show. */
  readonly silentToRis = new Set<string>();
  fleet = new FakeFleet();
  /** Where a phone's row in the database is not the usual one. */
  readonly devices = new Map<string, Partial<PhoneDevice>>();
  /** By device name. @default `Default` */
  readonly devicePools = new Map<string, string>();
  /** By address. */
  readonly pages = new Map<string, PhonePages | "not asked">();
  /** By the name of the node: when a device asked last. */
  readonly tvsAsked = new Map<string, ReadonlyMap<string, number>>();
  /** By the name of the node: what it did not know, by device. */
  readonly tvsRefused = new Map<string, ReadonlyMap<string, TvsRefusal>>();
  /** Firmware that it tells devices to run. @default nothing is known */
  readonly loads = new Map<string, string>();
  /** Log files of TVS on every node. */
  tvsFiles = { read: 1, dated: 2, listed: 2 };
  /** Null: nobody has said how to ask. */
  recordedItl: ItlStatuses | null = null;
  /** What an address shows by an old report, beside what it shows by the newest ones. */
  readonly oldReports: PhoneRegistration[] = [];

  /** @throws ClusterError when the test wants this request to fail */
  protected abstract check(method: keyof Cluster, node: ClusterNode, op: Operation): void;

  get publisher(): ClusterNode {
    return this.table.find((n) => n.role === "publisher")!;
  }

  async existingPhones(names: readonly string[], op: Operation): Promise<ReadonlySet<string>> {
    this.check("existingPhones", this.publisher, op);
    return this.fleet.existing(this.name, names);
  }
  async phoneDevices(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, PhoneDevice>> {
    this.check("phoneDevices", this.publisher, op);
    const group = this.table.filter((n) => n.callManager).map((n) => n.address);
    return new Map(
      [...this.fleet.existing(this.name, names)].map((name) => [
        name,
        {
          name,
          model: "Cisco 8861",
          mode: "encrypted",
          encryptedConfig: false,
          callManagers: group,
          ...this.devices.get(name),
        },
      ]),
    );
  }
  async phoneCertificates(
    names: readonly string[],
    op: Operation,
  ): Promise<ReadonlyMap<string, PhoneCertificateFacts>> {
    this.check("phoneCertificates", this.publisher, op);
    return new Map([...this.certificateFacts].filter(([name]) => names.includes(name)));
  }
  async phoneFeatures(op: Operation): Promise<PhoneFeatures> {
    this.check("phoneFeatures", this.publisher, op);
    return this.features;
  }
  async phoneLoads(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, string>> {
    this.check("phoneLoads", this.publisher, op);
    return new Map([...this.loads].filter(([name]) => names.includes(name)));
  }
  async registrations(names: readonly string[], op: Operation): Promise<Registrations> {
    this.check("registrations", this.publisher, op);
    const all = [...this.fleet.registrations(this.name, names)];
    return {
      phones: new Map(all.filter(([, { node }]) => !this.silentToRis.has(node))),
      silent: [...this.silentToRis],
    };
  }
  async registrationsAt(addresses: readonly string[], op: Operation): Promise<Registrations> {
    this.check("registrationsAt", this.publisher, op);
    if (addresses.length === 0) return { phones: new Map(), silent: [] };
    this.questions.push(`registrationsAt ${addresses.length}`);
    const { phones, silent } = await this.registrations(this.fleet.names(this.name), op);
    const found = [...this.oldReports, ...phones.values()].filter((one) =>
      addresses.includes(one.address ?? ""),
    );
    return { phones: new Map(found.map((one) => [one.name, one])), silent };
  }
  async listedPhones(op: Operation): Promise<readonly ListedPhone[]> {
    this.check("listedPhones", this.publisher, op);
    return this.fleet.names(this.name).map((name) => {
      const model = this.devices.get(name)?.model ?? "Cisco 8861";
      return { name, model, devicePool: this.devicePools.get(name) ?? "Default" };
    });
  }
  async phonePages(address: string, op: Operation): Promise<PhonePages | null | "not asked"> {
    this.check("phonePages", this.publisher, op);
    return this.pages.get(address) ?? null;
  }
  async tvsQuestions(node: ClusterNode, op: Operation): Promise<TvsQuestions> {
    this.check("tvsQuestions", node, op);
    return { asked: this.tvsAsked.get(node.name) ?? new Map(), ...this.tvsFiles };
  }
  async tvsRefusals(node: ClusterNode, op: Operation): Promise<ReadonlyMap<string, TvsRefusal>> {
    this.check("tvsRefusals", node, op);
    return this.tvsRefused.get(node.name) ?? new Map();
  }
  async itlStatuses(_names: readonly string[], op: Operation): Promise<ItlStatuses | null> {
    this.check("itlStatuses", this.publisher, op);
    return this.recordedItl;
  }
}
