/** Lists what a run asks of the nodes, and says which exchange is spoiled, and how. */
import type { FaultName } from "./fault-table";

export type Transport =
  | "cli"
  | "axl"
  | "control-center"
  | "ris"
  | "log-collection"
  | "rest"
  | "web"
  | "tftp"
  | "tvs";

/** A question and its answer. */
export interface Exchange {
  readonly node: string;
  readonly transport: Transport;
  /** Without what differs from file to file. */
  readonly operation: string;
}

export interface SeenExchange extends Exchange {
  /** The step of the run that asked. */
  readonly step: string;
  /** Whether its answer shows certificates. */
  pem: boolean;
  /** Whether the node was asked all of it, and answered. */
  reached: boolean;
}

export interface FaultCase {
  readonly exchange: SeenExchange;
  readonly fault: FaultName;
  /** Otherwise it meets every exchange of this kind with this node, from then on. */
  readonly once: boolean;
}

/** What is listed late is so for some listings: before an import there is nothing to be late. */
const times = (fault: FaultName) => (fault === "stale" ? 4 : 1);

export class Director {
  step = "";
  seen: SeenExchange[] = [];
  /** How often the case was met. */
  met = 0;
  #order: FaultCase | null = null;

  spoil(order: FaultCase): void {
    this.#order = order;
    this.met = 0;
  }

  get once(): boolean {
    return this.#order?.once ?? true;
  }

  heal(): void {
    this.#order = null;
  }

  /** Called with each question, before it reaches the node. */
  meet(exchange: Exchange): { readonly seen: SeenExchange; readonly fault: FaultName | null } {
    const seen = { ...exchange, step: this.step, pem: false, reached: false };
    this.seen.push(seen);
    const order = this.#order;
    if (order === null || !same(order.exchange, exchange)) return { seen, fault: null };
    if (this.met === 0 && order.exchange.step !== this.step) return { seen, fault: null };
    if (order.once && this.met >= times(order.fault)) return { seen, fault: null };
    this.met++;
    return { seen, fault: order.fault };
  }
}

const same = (a: Exchange, b: Exchange) =>
  a.node === b.node && a.transport === b.transport && a.operation === b.operation;
