import { all } from "../all";
import { answerText } from "../answer-text";
import {
  type Answer,
  type Change,
  type DhcpBackend,
  DhcpError,
  type Operation,
  type Reading,
  type Scope,
  sameAnswer,
  scopeText,
} from "../backend";
import { findingsOfAll } from "../findings";
import { NEVER } from "../never";
import { parseOriginals } from "../originals";
import { Queue } from "../queue";
import { changedBySomebody, changedSincePlan } from "../rival";
import { SharedWork } from "../shared-work";
import { differentScopes, inHalves, type Job, type Outcome, type Request, whileWanted } from "./batch";
import { type FileEdit, ServerChange } from "./change";
import { commitAll } from "./commit";
import type { IscDhcpdConfig } from "./config";
import type { Configuration } from "./configuration";
import { blockingFinding, findingsOf, interrupted } from "./findings";
import type { Original } from "./managed-file";
import { Pace } from "./pace";
import type { Pending, PendingFile } from "./pending";
import { isOriginal, prepareScope } from "./prepare";
import { recover } from "./recover";
import { DhcpdServer } from "./server";
import type { HostSession } from "./session";
import { openSession } from "./ssh-session";
import { answerWith, type ScopeView, viewScope } from "./view";

/** A server's files at one moment. */
interface Snapshot {
  readonly configuration: Configuration;
  readonly pending: Pending | null;
}

/**
 * ISC dhcpd over SSH and SFTP. dhcpd reads its files only when it starts: a change replaces files that its
 * configuration includes, tests, and restarts it. Its configuration itself is never edited.
 */
export class IscDhcpdBackend implements DhcpBackend {
  readonly name: string;
  /** Terraform reads many scopes at once; the files are the same for all of them. */
  private readonly reading = new SharedWork((signal) => this.snapshots(signal));
  /** Each restart is an outage: changes that come together share one. */
  private readonly writing = new Queue<Job>(async (jobs) => {
    const outcomes = await inHalves(jobs, (some) => this.applyTogether(some));
    for (const [i, job] of jobs.entries()) job.settle(outcomes[i]!);
  }, differentScopes);
  /** A change of this run ended so that dhcpd may be down. */
  private inDoubt = false;

  private readonly paces = new Map<string, Pace>();

  constructor(
    private readonly config: IscDhcpdConfig,
    private readonly open: (
      config: IscDhcpdConfig,
      host: string,
      signal: AbortSignal,
    ) => Promise<HostSession> = openSession,
    private readonly pace = () => new Pace(),
  ) {
    this.name = config.name;
  }

  async read(scope: Scope, op: Operation): Promise<Reading> {
    const snapshots = await this.reading.ask(op.signal, () => this.cancelled());
    return this.describe(snapshots, scope);
  }

  async apply(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    if (op.signal.aborted) throw this.cancelled();
    const outcome = await new Promise<Outcome>((settle) => this.writing.add({ scope, change, op, settle }));
    this.reading.renew();
    if ("error" in outcome) throw outcome.error;
    return outcome.reading;
  }

  async close(): Promise<void> {}

  private async snapshots(signal: AbortSignal): Promise<readonly Snapshot[]> {
    return this.connected(signal, (servers) => all(servers.map((server) => snapshotOf(server, signal))));
  }

  /** A login on every server, or an error that names one which has none: a pair is read and written as one. */
  private async connected<T>(
    signal: AbortSignal,
    work: (servers: readonly DhcpdServer[]) => Promise<T>,
  ): Promise<T> {
    const opening = this.config.hosts.map((host) => this.open(this.config, host, signal));
    const settled = await Promise.allSettled(opening);
    const sessions = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    try {
      await all(opening);
      return await work(sessions.map((session) => this.server(session)));
    } finally {
      for (const session of sessions) session.close();
    }
  }

  /** @throws DhcpError that is about all of them */
  private async applyTogether(requests: readonly Request[]): Promise<readonly Outcome[]> {
    const outcomes = new Map<Request, Outcome>();
    const wanted = () =>
      requests.filter((request) => {
        if (request.op.signal.aborted) outcomes.set(request, { error: this.cancelled() });
        return !outcomes.has(request);
      });
    const live = wanted();
    if (live.length > 0)
      await whileWanted(live, (signal) =>
        this.connected(signal, async (servers) => {
          for (const server of servers) await server.lock(signal);
          await this.clearUp(servers);
          // What a run left half done is taken back first, and dhcpd restarted in any case.
          const interrupted = await all(servers.map(recover));
          const before = await all(servers.map((server) => server.configuration(signal)));
          // The last moment at which one may give up: from here on all of them are written.
          const { edits, agreed } = this.editsOf(wanted(), servers, before, outcomes);
          if (agreed.length === 0) return;
          const changes = servers.flatMap((server, i) =>
            edits[i]!.length === 0 && !interrupted[i]
              ? []
              : [new ServerChange(server, edits[i]!, interrupted[i] ?? null, () => this.again(server.label))],
          );
          await this.commit(changes, signal, agreed);
          const lost = new Set((await all(changes.map((change) => change.lost()))).flat());
          const after = await all(servers.map((server) => snapshotOf(server, NEVER)));
          for (const request of agreed) outcomes.set(request, this.outcome(request, after, lost));
        }),
      );
    return requests.map((request) => outcomes.get(request)!);
  }

  /** Nobody restarts a dhcpd that is down since an earlier change of this run: that would be one outage after another. */
  private async clearUp(servers: readonly DhcpdServer[]): Promise<void> {
    if (!this.inDoubt) return;
    for (const server of servers) {
      const down = await server.down();
      if (down === null) continue;
      throw server.error(
        `dhcpd of ${server.label} does not run`,
        `${down}. An earlier change of this run ended badly there, and its error says more. Nothing more was tried: look at that machine, test dhcpd's configuration and start it, then deploy again.`,
        "broken",
      );
    }
    this.inDoubt = false;
  }

  private async commit(changes: readonly ServerChange[], signal: AbortSignal, requests: readonly Request[]) {
    try {
      await commitAll(changes, signal, (line) => {
        for (const { op } of requests) op.progress?.(line);
      });
    } catch (error) {
      this.inDoubt ||= error instanceof DhcpError && error.kind === "broken";
      throw error;
    }
    for (const change of changes) await change.finish();
  }

  /** Those that cannot be made have their outcome, and do not keep the others. */
  private editsOf(
    requests: readonly Request[],
    servers: readonly DhcpdServer[],
    before: readonly Configuration[],
    outcomes: Map<Request, Outcome>,
  ) {
    const edits = servers.map(() => new Map<string, FileEdit>());
    const agreed: Request[] = [];
    for (const request of requests) {
      try {
        for (const [i, edit] of this.prepare(request, servers, before, edits).entries())
          if (edit) edits[i]!.set(edit.path, edit);
        agreed.push(request);
      } catch (error) {
        outcomes.set(request, { error: error as Error });
      }
    }
    return { agreed, edits: edits.map((each) => [...each.values()]) };
  }

  /** What one request makes of each server's configuration. @throws DhcpError with nothing written */
  private prepare(
    { scope, change }: Request,
    servers: readonly DhcpdServer[],
    configurations: readonly Configuration[],
    edits: readonly ReadonlyMap<string, FileEdit>[],
  ): readonly (FileEdit | null)[] {
    const views = this.look(configurations, scope);
    const originals = parseOriginals(change.restore, views.length, isOriginal);
    for (const [i, view] of views.entries()) {
      if (wasExpected(view.answer, change.expected, i, views.length)) continue;
      const server = { name: this.name, label: servers[i]!.label };
      throw changedSincePlan(server, view.where, change.expected, view.answer);
    }
    return views.map((view, i) =>
      prepareScope(view, change.answer, originals?.[i], edits[i]!, {
        name: this.name,
        label: servers[i]!.label,
      }),
    );
  }

  private outcome(
    { scope, change }: Request,
    after: readonly Snapshot[],
    lost: ReadonlySet<string>,
  ): Outcome {
    try {
      const views = this.look(
        after.map(({ configuration }) => configuration),
        scope,
      );
      const other = views.find(
        ({ answer, managed }) => !sameAnswer(answer, change.answer) || lost.has(managed.path),
      );
      if (!other) return { reading: this.describe(after, scope) };
      const error = changedBySomebody(
        this.name,
        other.where,
        `It was written and dhcpd was restarted with it, but then somebody changed the configuration, which now says ${answerText(other.answer)}. That was left alone: plan again.`,
      );
      return { error };
    } catch (error) {
      return { error: error as Error };
    }
  }

  private server(session: HostSession): DhcpdServer {
    const pace = this.paces.get(session.label) ?? this.pace();
    this.paces.set(session.label, pace);
    return new DhcpdServer(this.config, session, pace);
  }

  private async again(host: string): Promise<DhcpdServer> {
    const server = this.server(await this.open(this.config, host, NEVER));
    try {
      await server.lock(NEVER);
    } catch (error) {
      server.close();
      throw error;
    }
    return server;
  }

  private look(configurations: readonly Configuration[], scope: Scope): readonly ScopeView[] {
    return configurations.map((configuration, i) => {
      const view = viewScope(configuration, scope, this.config.includeDirectory);
      if (view) return view;
      throw new DhcpError(
        this.name,
        `DHCP server "${this.name}" has no ${scopeText(scope)}`,
        `${this.config.hosts[i]}: ${this.config.configFile} and what it includes do not declare it. A pool is a block pool { range ...; }, found by its first and last address; a phone needs its subnet to be declared.`,
        "scope",
      );
    });
  }

  private describe(snapshots: readonly Snapshot[], scope: Scope): Reading {
    const views = this.look(
      snapshots.map(({ configuration }) => configuration),
      scope,
    );
    const halves = views.map((view, i) => halfDone(view, snapshots[i]!.pending));
    const answers = views.flatMap((view, i) => answersOf(view, halves[i]!));
    return {
      answer: answers[0]!,
      answers,
      findings: findingsOfAll(
        views.map((view, i) => ({
          label: this.config.hosts[i]!,
          answer: view.answer,
          findings: [...findingsOf(view), ...(halves[i] ? [interrupted(view)] : [])],
        })),
      ),
      original: JSON.stringify(views.map(originalOf)),
    };
  }

  private cancelled(): DhcpError {
    return new DhcpError(
      this.name,
      `DHCP server "${this.name}" was not waited for`,
      "The operation was cancelled",
      "cancelled",
    );
  }
}

/** Nothing that others wrote: then there is nothing to restore from. */
function originalOf(view: ScopeView): Original {
  const { file, keeping } = view.managed;
  if (file.kind !== "text" || blockingFinding(view)) return null;
  return keeping.original(file.text);
}

async function snapshotOf(server: DhcpdServer, signal: AbortSignal): Promise<Snapshot> {
  const [configuration, pending] = await all<Configuration | Pending | null>([
    server.configuration(signal),
    server.pending(signal),
  ]);
  return { configuration: configuration as Configuration, pending: pending as Pending | null };
}

/** The part of an interrupted run that concerns this scope; null when somebody has written the file since. */
function halfDone({ managed }: ScopeView, pending: Pending | null): PendingFile | null {
  const now = managed.file.kind === "text" ? managed.file.text : null;
  const isHalf = ({ path, before, after }: PendingFile) =>
    path === managed.path && (now === before || now === after);
  return pending?.files.find(isHalf) ?? null;
}

/** dhcpd may serve either, when a run was ended before it was restarted: then they are as of two servers. */
function answersOf(view: ScopeView, half: PendingFile | null): readonly Answer[] {
  if (!half) return [view.answer];
  const before = answerWith(view, half.before ?? "");
  const after = answerWith(view, half.after);
  return sameAnswer(before, after) ? [before] : [before, after];
}

/** By their order, unless a run that was ended in between made them more than there are servers. */
function wasExpected(answer: Answer, expected: readonly Answer[], i: number, servers: number): boolean {
  const was = expected.length > servers ? expected : [expected[i] ?? expected[0]];
  return was.some((each) => each !== undefined && sameAnswer(each, answer));
}
