/** Which of a node's interfaces a request came to. */
export type RequestKind =
  | "axl"
  | "cli"
  | "ris"
  | "control-center"
  | "log-collection"
  | "tftp"
  | "tvs"
  | "registration"
  | "capf"
  | "rest"
  | "web";

export interface RequestRecord {
  readonly at: string;
  readonly cluster: string;
  readonly node: string;
  readonly kind: RequestKind;
  readonly operation: string;
}

export type RequestCounts = {
  [cluster: string]: { [node: string]: { [kind: string]: { [operation: string]: number } } };
};

interface Drop {
  readonly cluster: string;
  readonly node: string | null;
  readonly kind: RequestKind;
  readonly operation: string | null;
  remaining: number;
}

/** What AXL has told a device to do. */
export interface DeviceOrder {
  readonly cluster: string;
  readonly device: string;
  readonly kind: "reset" | "restart" | "apply";
}

/** How many are remembered in order; counts go on beyond it. */
const LOG_LENGTH = 200_000;

/** Counts what every node is asked, for tests and reports, and loses requests on demand. */
export class Requests {
  private counted: RequestCounts = {};
  private inOrder: RequestRecord[] = [];
  private drops: Drop[] = [];
  private carriedOut: DeviceOrder[] = [];

  /** @returns false when the request has to be lost: close the connection and answer nothing. */
  record(cluster: string, node: string, kind: RequestKind, operation: string): boolean {
    this.counted[cluster] ??= {};
    this.counted[cluster][node] ??= {};
    this.counted[cluster][node][kind] ??= {};
    const byOperation = this.counted[cluster][node][kind];
    byOperation[operation] = (byOperation[operation] ?? 0) + 1;
    if (this.inOrder.length < LOG_LENGTH) {
      this.inOrder.push({ at: new Date().toISOString(), cluster, node, kind, operation });
    }
    const drop = this.drops.find(
      (one) =>
        one.remaining > 0 &&
        one.cluster === cluster &&
        one.kind === kind &&
        (one.node === null || one.node === node) &&
        (one.operation === null || operation.startsWith(one.operation)),
    );
    if (drop === undefined) return true;
    drop.remaining -= 1;
    return false;
  }

  /** Requests of AXL that were carried out; one that it refused is not among them. */
  get orders(): readonly DeviceOrder[] {
    return this.carriedOut;
  }
  ordered(order: DeviceOrder): void {
    this.carriedOut.push(order);
  }

  drop(order: {
    cluster: string;
    node?: string;
    kind: RequestKind;
    operation?: string;
    count: number;
  }): void {
    this.drops.push({
      cluster: order.cluster,
      node: order.node ?? null,
      kind: order.kind,
      operation: order.operation ?? null,
      remaining: order.count,
    });
  }

  heal(): void {
    this.drops = [];
  }

  get counts(): RequestCounts {
    return this.counted;
  }
  get log(): readonly RequestRecord[] {
    return this.inOrder;
  }

  reset(): void {
    this.counted = {};
    this.inOrder = [];
    this.carriedOut = [];
  }
}
