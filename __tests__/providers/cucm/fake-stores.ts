import {
  type ClusterNode,
  TRUST_STORES,
  type TrustEntry,
  type TrustStore,
} from "../../../providers/cucm/cluster/cluster";
import type { Certificate } from "../../../trust/certificate";

type Store = Map<string, Certificate>;
type Stores = { readonly [store in TrustStore]: Store };

interface Stored {
  readonly file: string;
  readonly certificate: Certificate;
}

/** Trust stores of the nodes of a cluster: they hold one certificate per name, and replicate late. */
export class FakeStores {
  /** Rounds of reading after which the other nodes have what was written on one. */
  replicationSteps = 1;
  /** Nodes that nothing is replicated to. */
  readonly cutOff = new Set<string>();
  /** Listings that were really made, by node. */
  readonly listings: string[] = [];
  private readonly nodes: ReadonlyMap<string, Stores>;
  private readonly cached = new Map<string, Stores>();
  private pending: { steps: number; node: string; change: (stores: Stores) => void }[] = [];

  constructor(table: readonly ClusterNode[]) {
    this.nodes = new Map(table.map(({ name }) => [name, emptyStores()]));
  }

  /** On that node alone. */
  put(node: string, store: TrustStore, certificate: Certificate): void {
    put(this.of(node)[store], certificate);
  }
  /** On that node alone. */
  remove(node: string, store: TrustStore, certificate: Certificate): void {
    drop(this.of(node)[store], certificate);
  }
  /** On that node; elsewhere later, unless only there. */
  import(node: string, store: TrustStore, certificate: Certificate, onlyThere: boolean): void {
    this.change(node, onlyThere, (stores) => put(stores[store], certificate));
  }
  delete(node: string, { store, certificate }: TrustEntry, onlyThere: boolean): void {
    this.change(node, onlyThere, (stores) => drop(stores[store], certificate));
  }

  has(node: string, { store, file }: TrustEntry): boolean {
    return this.of(node)[store].has(file);
  }
  certificates(node: string, store: TrustStore): Certificate[] {
    return [...this.of(node)[store].values()];
  }
  files(node: string, store: TrustStore): Stored[] {
    return filesOf(this.of(node)[store]);
  }
  /** By a listing that is kept until the next {@link refresh}. */
  listed(node: string, store: TrustStore): Stored[] {
    let listing = this.cached.get(node);
    if (!listing) {
      this.listings.push(node);
      listing = copyOf(this.of(node));
      this.cached.set(node, listing);
    }
    return filesOf(listing[store]);
  }
  /** Every store of every node: `<node> <store>/<file>`, sorted. */
  contents(): string[] {
    return [...this.nodes]
      .flatMap(([node, stores]) =>
        TRUST_STORES.flatMap((store) => [...stores[store].keys()].map((file) => `${node} ${store}/${file}`)),
      )
      .sort();
  }

  /** A round of reading. */
  refresh(): void {
    this.cached.clear();
    for (const copy of this.pending) {
      copy.steps -= 1;
      if (copy.steps <= 0 && !this.cutOff.has(copy.node)) copy.change(this.of(copy.node));
    }
    this.pending = this.pending.filter((copy) => copy.steps > 0);
  }

  private change(node: string, onlyThere: boolean, change: (stores: Stores) => void): void {
    change(this.of(node));
    this.cached.clear();
    if (onlyThere) return;
    for (const other of this.nodes.keys())
      if (other !== node) this.pending.push({ steps: this.replicationSteps, node: other, change });
  }

  private of(node: string): Stores {
    return this.nodes.get(node)!;
  }
}

const emptyStores = (): Stores =>
  Object.fromEntries(TRUST_STORES.map((store) => [store, new Map()])) as unknown as Stores;
const copyOf = (stores: Stores): Stores =>
  Object.fromEntries(TRUST_STORES.map((store) => [store, new Map(stores[store])])) as unknown as Stores;
const filesOf = (store: Store): Stored[] => [...store].map(([file, certificate]) => ({ file, certificate }));

/** One certificate per name: the one that is valid later stays, and nobody is told. */
function put(store: Store, certificate: Certificate): void {
  for (const [file, stored] of store) {
    if (stored.commonName !== certificate.commonName) continue;
    if (stored.sha256 !== certificate.sha256 && stored.notBefore >= certificate.notBefore) return;
    store.delete(file);
  }
  store.set(`${certificate.commonName}_${certificate.serial.toLowerCase()}.pem`, certificate);
}

function drop(store: Store, certificate: Certificate): void {
  for (const [file, stored] of store) if (stored.sha256 === certificate.sha256) store.delete(file);
}
