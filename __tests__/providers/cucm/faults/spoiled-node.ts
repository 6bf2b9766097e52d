/** The ports of one node behind proxies that spoil one exchange. */

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Listener } from "../../../../lab/cluster/servers/listener";
import type { Director } from "./director";

/** Long enough for several attempts, short enough for one run. */
const OUTAGE_MS = 500;

export interface NodeTarget {
  readonly name: string;
  readonly address: string;
}

export type PortName = "ssh" | "https" | "platform" | "tftpHttp" | "tvs";
export type Ports = { readonly [port in PortName]: number };

export class SpoiledNode {
  readonly #listeners = new Map<PortName, Listener>();
  #closed = false;

  constructor(
    readonly target: NodeTarget,
    readonly director: Director,
    /** What its own ports are called. */
    readonly real: Ports,
  ) {}

  async listen(port: PortName, number: number, accept: (socket: Socket) => void): Promise<void> {
    const listener = new Listener(this.target.address, number, accept);
    this.#listeners.set(port, listener);
    await listener.set(true);
  }

  /** Connections are ended, and refused for a while or until {@link heal}. */
  async refuse(port: PortName): Promise<void> {
    await this.#down([port], this.director.once);
  }

  /** The whole node is gone for a while, and its connections with it. */
  async restart(): Promise<void> {
    await this.#down([...this.#listeners.keys()], true);
  }

  async heal(): Promise<void> {
    for (const listener of this.#listeners.values()) await listener.set(true);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const listener of this.#listeners.values()) await listener.set(false);
  }

  async #down(ports: readonly PortName[], once: boolean): Promise<void> {
    const listeners = ports.map((port) => this.#listeners.get(port)!);
    for (const listener of listeners) await listener.set(false);
    if (!once) return;
    await sleep(OUTAGE_MS);
    // The outage was the last case's.
    if (this.#closed) return;
    for (const listener of listeners) await listener.set(true);
  }
}
