import type { LabNode } from "./node";

/** Work for one node that is done some time later, in the order in which it came. */
interface Entry<T> {
  due: number;
  readonly item: T;
}

/**
 * What reaches one node late: in order, however the delays fall, and not while the node is down. A node that comes
 * back gets what it missed.
 */
export class ReplicationChannel<T> {
  private readonly queue: Entry<T>[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly node: LabNode,
    private readonly apply: (item: T) => void,
  ) {}

  /** @param delay milliseconds */
  push(item: T, delay: number): void {
    const last = this.queue.at(-1)?.due ?? 0;
    this.queue.push({ due: Math.max(Date.now() + delay, last), item });
    this.arm();
  }

  /** The node is up again. @param delay milliseconds until it has what it missed */
  resume(delay: number): void {
    const due = Date.now() + delay;
    for (const entry of this.queue) entry.due = Math.max(entry.due, due);
    this.disarm();
    this.arm();
  }

  close(): void {
    this.disarm();
    this.queue.length = 0;
  }

  private arm(): void {
    const head = this.queue[0];
    if (head === undefined || this.timer !== null || !this.node.up) return;
    this.timer = setTimeout(() => this.drain(), Math.max(0, head.due - Date.now()));
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private drain(): void {
    this.timer = null;
    while (this.node.up && this.queue.length > 0 && this.queue[0]!.due <= Date.now()) {
      this.apply(this.queue.shift()!.item);
    }
    this.arm();
  }
}
