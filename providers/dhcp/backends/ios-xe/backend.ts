import { all } from "../all";
import {
  type Change,
  type DhcpBackend,
  DhcpError,
  type Operation,
  type Reading,
  type Scope,
} from "../backend";
import { findingsOfAll } from "../findings";
import type { Job } from "../job";
import { Queue } from "../queue";
import { SharedWork } from "../shared-work";
import { applyJobs, type Site, together } from "./apply";
import type { IosXeConfig } from "./config";
import { Device, type Snapshot } from "./device";
import { findingsOf } from "./findings";

/**
 * The DHCP server of Cisco IOS-XE over RESTCONF. A change replaces the one entry of option 150 in one pool, and reads
 * it back. Written from Cisco's YANG files; never tried on a device (docs/ios-xe.md).
 */
export class IosXeBackend implements DhcpBackend, Site {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly saveConfig: boolean;
  /** Terraform reads many scopes at once; the pools of the device are the same for all of them. */
  private readonly reading = new SharedWork((signal) => this.snapshots(signal));
  /** A device takes one change at a time, and saving takes seconds. */
  private readonly writing = new Queue<Job>((jobs) => applyJobs(this, jobs), together);

  /** @throws DhcpError for an endpoint that cannot be used. Does not touch the network. */
  constructor(config: IosXeConfig) {
    this.name = config.name;
    this.saveConfig = config.saveConfig;
    this.devices = config.endpoints.map((endpoint) => new Device(config, endpoint));
  }

  async read(scope: Scope, op: Operation): Promise<Reading> {
    return this.describe(await this.reading.ask(op.signal, () => this.cancelled()), scope);
  }

  apply(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    return new Promise<Reading>((resolve, reject) =>
      this.writing.add({ scope, change, op, resolve, reject }),
    ).finally(() => this.reading.renew());
  }

  async close(): Promise<void> {}

  snapshots(signal: AbortSignal): Promise<readonly Snapshot[]> {
    return all(this.devices.map((device) => device.snapshot(signal)));
  }

  describe(snapshots: readonly Snapshot[], scope: Scope): Reading {
    const views = this.devices.map((device, i) => device.view(snapshots[i]!, scope));
    const answers = views.map(({ answer }) => answer);
    return {
      answer: answers[0]!,
      answers,
      findings: findingsOfAll(
        views.map((view, i) => ({
          label: this.devices[i]!.label,
          answer: view.answer,
          findings: findingsOf(view, snapshots[i]!.release, this.saveConfig),
        })),
      ),
      original: JSON.stringify(views.map(({ pool }) => pool.entry)),
    };
  }

  cancelled(): DhcpError {
    return new DhcpError(
      this.name,
      `DHCP server "${this.name}" was not waited for`,
      "The operation was cancelled",
      "cancelled",
    );
  }
}
