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
import { applyJobs, type Seen, type Site, together } from "./apply";
import { parseEndpoint } from "./endpoint";
import { asksForClassTags, findingsOf } from "./findings";
import { type HttpSecurity, HttpTransport } from "./http-transport";
import { withLocks } from "./lock";
import { originalOf } from "./scope-view";
import { KeaServer, type Snapshot } from "./server";
import type { Transport } from "./transport";
import { UnixTransport } from "./unix-transport";

export interface KeaConfig {
  /** The name that the declaration gives to this server, or pair. */
  readonly name: string;
  /** All servers that must agree: Kea's high availability synchronises leases, not configuration. */
  readonly endpoints: readonly string[];
  readonly security: HttpSecurity;
  readonly persist: "none" | "config-write";
  /** What gives one phone an option 150 of its own. */
  readonly pilotsBy: "reservation" | "class";
}

/**
 * ISC Kea through its control channel: a unix socket, the control agent, or (3.0) the daemon's own HTTP socket.
 * Needs no hook library: it edits the document that config-get gives and sends it back with config-set. Where the
 * daemon has commands for single options and reservations, these are used.
 */
export class KeaBackend implements DhcpBackend, Site {
  readonly name: string;
  readonly servers: readonly KeaServer[];
  readonly persist: KeaConfig["persist"];
  /** Terraform reads many scopes at once; the document of the server is the same for all of them. */
  private readonly reading = new SharedWork((signal) => this.snapshots(signal));
  /** And writes them. */
  private readonly writing = new Queue<Job>(
    (jobs) => withLocks(this.config.endpoints, () => applyJobs(this, jobs)),
    together,
  );

  /** @throws DhcpError for an endpoint that cannot be used. Does not touch the network. */
  constructor(private readonly config: KeaConfig) {
    this.name = config.name;
    this.persist = config.persist;
    this.servers = config.endpoints.map(
      (e) => new KeaServer(config.name, transportTo(e, config), config.pilotsBy),
    );
  }

  async read(scope: Scope, op: Operation): Promise<Reading> {
    const snapshots = await this.reading.ask(op.signal, () => this.cancelled());
    return this.describe(await this.look(snapshots, scope, op.signal));
  }

  apply(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    return new Promise<Reading>((resolve, reject) =>
      this.writing.add({ scope, change, op, resolve, reject }),
    ).finally(() => this.reading.renew());
  }

  async close(): Promise<void> {}

  /** All, or an error that names one which could not be read: a pair is read and written as one. */
  snapshots(signal: AbortSignal): Promise<readonly Snapshot[]> {
    return all(this.servers.map((s) => s.snapshot(signal)));
  }

  look(snapshots: readonly Snapshot[], scope: Scope, signal: AbortSignal): Promise<Seen[]> {
    return Promise.all(
      this.servers.map(async (server, i) => {
        const snapshot = snapshots[i]!;
        const view = await server.view(snapshot, scope, signal);
        // Only where it decides something: it is a request more.
        const asks = asksForClassTags(view);
        return { server, snapshot, view, classTags: asks ? await server.knowsClassTags(signal) : null };
      }),
    );
  }

  describe(seen: readonly Seen[]): Reading {
    const answers = seen.map((s) => s.view.answer);
    return {
      answer: answers[0]!,
      answers,
      findings: findingsOfAll(
        seen.map(({ server: { label }, view, classTags }) => ({
          label,
          answer: view.answer,
          findings: findingsOf(view, { persist: this.persist, classTags }),
        })),
      ),
      original: JSON.stringify(seen.map((s) => originalOf(s.view))),
    };
  }

  cancelled(): DhcpError {
    return new DhcpError(
      this.name,
      `DHCP server "${this.name}" was not read to the end`,
      "The operation was cancelled",
      "cancelled",
    );
  }
}

function transportTo(text: string, config: KeaConfig): Transport {
  const endpoint = parseEndpoint(config.name, text);
  return endpoint.kind === "unix"
    ? new UnixTransport(config.name, endpoint.label, endpoint.path)
    : new HttpTransport(config.name, endpoint, config.security);
}
