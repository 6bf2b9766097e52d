import {
  type Answer,
  type Change,
  type DhcpBackend,
  DhcpError,
  type Finding,
  type Operation,
  type Reading,
  type Scope,
  sameAnswer,
  scopeText,
} from "../backend";
import { ServerChange } from "./change";
import { parseEndpoint } from "./endpoint";
import { byText, configBackend, findingsOf, peersDiffer, sameFinding } from "./findings";
import { type HttpSecurity, HttpTransport } from "./http-transport";
import { withLocks } from "./lock";
import { originalOf, parseOriginals, type ScopeView } from "./scope-view";
import { KeaServer, type Snapshot } from "./server";
import { Shared } from "./shared";
import type { Transport } from "./transport";
import { UnixTransport } from "./unix-transport";
import { shown } from "./value";

export interface KeaConfig {
  /** The name that the declaration gives to this server, or pair. */
  readonly name: string;
  /** All servers that must agree: Kea's high availability synchronises leases, not configuration. */
  readonly endpoints: readonly string[];
  readonly security: HttpSecurity;
  readonly persist: "none" | "config-write";
}

interface Seen {
  readonly server: KeaServer;
  readonly snapshot: Snapshot;
  readonly view: ScopeView;
}

/**
 * ISC Kea through its control channel: a unix socket, the control agent, or (3.0) the daemon's own HTTP socket.
 * Needs no hook library: it edits the document that config-get gives and sends it back with config-set.
 */
export class KeaBackend implements DhcpBackend {
  readonly name: string;
  private readonly servers: readonly KeaServer[];
  /** Terraform reads many scopes at once; the document of the server is the same for all of them. */
  private readonly reading = new Shared((signal) => this.snapshots(signal));

  /** @throws DhcpError for an endpoint that cannot be used. Does not touch the network. */
  constructor(private readonly config: KeaConfig) {
    this.name = config.name;
    this.servers = config.endpoints.map((e) => new KeaServer(config.name, transportTo(e, config)));
  }

  async read(scope: Scope, op: Operation): Promise<Reading> {
    const snapshots = await this.reading.ask(op.signal, () => this.cancelled());
    return this.describe(await this.look(snapshots, scope, op));
  }

  apply(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    return withLocks(this.config.endpoints, () => this.applyLocked(scope, change, op));
  }

  async close(): Promise<void> {}

  private async applyLocked(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    const seen = await this.look(await this.snapshots(op.signal), scope, op);
    this.compare(seen, change.expected, scope);
    this.refuseConfigBackend(seen);

    const originals = parseOriginals(change.restore, seen.length);
    const changes = new Map<Seen, ServerChange>();
    for (const [i, s] of seen.entries()) {
      const wish = { scope, answer: change.answer, original: originals?.[i] };
      const prepared = await ServerChange.prepare(s.server, s.snapshot, s.view, wish, op);
      if (prepared) changes.set(s, prepared);
    }
    for (const prepared of changes.values()) await prepared.test(op.signal);
    for (const prepared of changes.values()) await prepared.recheck(op.signal);

    const done = await commitAll(seen, changes);
    const result = await this.look(done.after, scope, { signal: NEVER });
    if (this.config.persist === "config-write" && changes.size > 0)
      await this.persist(seen, done, change, op);
    return this.describe(result);
  }

  /** All, or an error that names one which could not be read: a pair is read and written as one. */
  private async snapshots(signal: AbortSignal): Promise<readonly Snapshot[]> {
    const all = await Promise.allSettled(this.servers.map((s) => s.snapshot(signal)));
    return all.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  }

  private look(snapshots: readonly Snapshot[], scope: Scope, op: Operation): Promise<Seen[]> {
    return Promise.all(
      this.servers.map(async (server, i) => {
        const snapshot = snapshots[i]!;
        return { server, snapshot, view: await server.view(snapshot, scope, op.signal) };
      }),
    );
  }

  private describe(seen: readonly Seen[]): Reading {
    const answers = seen.map((s) => s.view.answer);
    const findings: Finding[] = [];
    for (const { view } of seen)
      for (const finding of findingsOf(view, this.config.persist))
        if (!findings.some((f) => sameFinding(f, finding))) findings.push(finding);
    if (answers.some((a) => !sameAnswer(a, answers[0]!)))
      findings.push(peersDiffer(seen.map((s) => [s.server.label, answerText(s.view.answer)])));
    return {
      answer: answers[0]!,
      answers,
      findings: findings.sort(byText),
      original: JSON.stringify(seen.map((s) => originalOf(s.view))),
    };
  }

  private cancelled(): DhcpError {
    return new DhcpError(
      this.name,
      `DHCP server "${this.name}" was not read to the end`,
      "The operation was cancelled",
      "cancelled",
    );
  }

  private compare(seen: readonly Seen[], expected: readonly Answer[], scope: Scope): void {
    for (const [i, { server, view }] of seen.entries()) {
      const was = expected[i] ?? expected[0];
      if (was !== undefined && sameAnswer(view.answer, was)) continue;
      throw new DhcpError(
        this.name,
        `Option 150 of ${scopeText(scope)} was changed by somebody else`,
        `${server.label}: when this change was planned, DHCP server "${this.name}" answered ${was === undefined ? "nothing that was recorded" : answerText(was)}; now it answers ${answerText(view.answer)}. Nothing was written: plan again.`,
        "rival",
      );
    }
  }

  private refuseConfigBackend(seen: readonly Seen[]): void {
    const managed = seen.find((s) => configBackend(s.snapshot.document));
    if (!managed) return;
    throw new DhcpError(
      this.name,
      `DHCP server "${this.name}" takes its configuration from a database`,
      `${managed.server.label}: config-control is set, so a value that is set here can be replaced from there at any time. Change option 150 in the database.`,
      "refused",
    );
  }

  private async persist(
    seen: readonly Seen[],
    done: Committed,
    change: Change,
    op: Operation,
  ): Promise<void> {
    const written: KeaServer[] = [];
    try {
      for (const server of this.servers) {
        await server.write(NEVER);
        written.push(server);
        op.progress?.(`${server.label}: saved with config-write`);
      }
    } catch (cause) {
      if (!(cause instanceof DhcpError)) throw cause;
      const undo = change.unsaved === "undo";
      if (undo) {
        await undoAll(done, cause);
        for (const server of written) await server.write(NEVER).catch(() => {});
      }
      const addresses = seen.map((s) => s.server.label).join(" and ");
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" cannot save its configuration`,
        `${cause.detail} ${
          undo
            ? "The change was undone, since a restart would have undone it unnoticed."
            : `The change stands on ${addresses}, but a restart brings back what the file says.`
        } Let Kea's user write the file that it was started with (an AppArmor profile may forbid it too), or set persist to none and change the file yourself.`,
        "refused",
      );
    }
  }
}

const NEVER = new AbortController().signal;

interface Committed {
  readonly after: readonly Snapshot[];
  /** In the order in which they were made. */
  readonly changes: readonly ServerChange[];
}

async function commitAll(
  seen: readonly Seen[],
  changes: ReadonlyMap<Seen, ServerChange>,
): Promise<Committed> {
  const done: ServerChange[] = [];
  const after: Snapshot[] = [];
  for (const s of seen) {
    const change = changes.get(s);
    if (!change) {
      after.push(s.snapshot);
      continue;
    }
    try {
      // Checked again for the later ones: the earlier ones took time.
      if (done.length > 0) await change.recheck(NEVER);
      after.push(await change.commit());
      done.push(change);
    } catch (failure) {
      await undoAll({ after, changes: done }, failure as Error);
      throw failure;
    }
  }
  return { after, changes: done };
}

async function undoAll({ changes }: Committed, failure: Error): Promise<void> {
  for (const change of [...changes].reverse())
    await change.undo().catch((cause: Error) => {
      throw change.leftOver(failure, cause);
    });
}

function transportTo(text: string, config: KeaConfig): Transport {
  const endpoint = parseEndpoint(config.name, text);
  return endpoint.kind === "unix"
    ? new UnixTransport(config.name, endpoint.label, endpoint.path)
    : new HttpTransport(config.name, endpoint, config.security);
}

export const answerText = (answer: Answer): string =>
  answer === "inherited" ? "nothing of its own (inherited)" : shown(answer);
