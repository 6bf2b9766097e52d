import {
  type Answer,
  DhcpError,
  isUnreachable,
  type Reading,
  type Scope,
  sameAnswer,
  scopeText,
} from "../backend";
import type { Job } from "../job";
import { NEVER } from "../never";
import { parseOriginals } from "../originals";
import { changedSincePlan } from "../rival";
import { ServerChange } from "./change";
import { editAll, type Wish } from "./edit";
import { configBackend } from "./findings";
import { Patch } from "./json-edit";
import { isOriginal, type ScopeView } from "./scope-view";
import type { KeaServer, Snapshot } from "./server";

export interface Seen {
  readonly server: KeaServer;
  readonly snapshot: Snapshot;
  readonly view: ScopeView;
  /** Whether the server knows options for a class in a subnet; null when it does not matter, or it does not say. */
  readonly classTags: boolean | null;
}

/** What the changes of one backend need of it. */
export interface Site {
  readonly name: string;
  readonly servers: readonly KeaServer[];
  readonly persist: "none" | "config-write";
  /** All, or an error that names one which could not be read: a pair is read and written as one. */
  snapshots(signal: AbortSignal): Promise<readonly Snapshot[]>;
  look(snapshots: readonly Snapshot[], scope: Scope, signal: AbortSignal): Promise<Seen[]>;
  describe(seen: readonly Seen[]): Reading;
  cancelled(): DhcpError;
}

/** Whether a job may be written in one document with others. */
export const together = (job: Job, others: readonly Job[]): boolean =>
  others.every((o) => o.change.unsaved === job.change.unsaved && !samePlace(o.scope, job.scope));

/** A phone may have a global reservation, which is the same for all subnets. */
const samePlace = (a: Scope, b: Scope): boolean =>
  a.kind === "reservation" && b.kind === "reservation"
    ? a.mac === b.mac
    : JSON.stringify(a) === JSON.stringify(b);

/** Writes all jobs at once, and settles each of them. One that the server would refuse does not fail the others. */
export async function applyJobs(site: Site, jobs: readonly Job[]): Promise<void> {
  const live = jobs.filter((job) => {
    if (job.op.signal.aborted) job.reject(site.cancelled());
    return !job.op.signal.aborted;
  });
  if (live.length === 0) return;
  const group = new Group(site, live);
  try {
    const again = await group.run();
    // One by one from what the server has now: each compares it with its own plan.
    for (const some of again) await applyJobs(site, some);
  } catch (error) {
    for (const job of group.open) job.reject(error);
  } finally {
    group.end();
  }
}

class Group {
  /** Jobs that are not settled. */
  readonly open: Set<Job>;
  private readonly stop = new AbortController();
  private readonly onAbort = () => {
    if ([...this.open].every((job) => job.op.signal.aborted)) this.stop.abort();
  };

  constructor(
    private readonly site: Site,
    private readonly jobs: readonly Job[],
  ) {
    this.open = new Set(jobs);
    for (const job of jobs) job.op.signal.addEventListener("abort", this.onAbort);
  }

  end(): void {
    for (const job of this.jobs) job.op.signal.removeEventListener("abort", this.onAbort);
  }

  /** @returns jobs that have to be tried again, in these groups; nothing of theirs was written. */
  async run(): Promise<readonly (readonly Job[])[]> {
    const { site } = this;
    const { signal } = this.stop;
    const snapshots = await site.snapshots(signal);
    const wishes: Wishes[] = [];
    for (const job of this.jobs) {
      try {
        wishes.push(await this.wishesOf(job, snapshots, signal));
      } catch (error) {
        this.settle(job, () => job.reject(error));
      }
    }
    const changes = new Map<number, ServerChange>();
    try {
      for (const [i, server] of site.servers.entries()) {
        const wished = wishes.map(({ seen, each }) => ({ view: seen[i]!.view, wish: each[i]! }));
        const change = await ServerChange.prepare(server, snapshots[i]!, wished, signal, this.progress);
        if (change) changes.set(i, change);
      }
      for (const change of changes.values()) await change.test(signal);
    } catch (error) {
      if (this.open.size > 1 && isRefusal(error)) return this.oneByOne();
      throw error;
    }
    if ([...this.open].some((job) => job.op.signal.aborted)) return [[...this.open]];
    for (const change of changes.values()) await change.recheck(signal);
    let after: readonly Snapshot[];
    try {
      const done = await commitAll(snapshots, changes);
      const saves = changes.size > 0 || this.jobs.some((job) => job.change.save);
      if (site.persist === "config-write" && saves) await this.save(done);
      after = done.after;
    } catch (error) {
      // A command refuses what it is about; a whole document, once it was tested, fails for what all have in common.
      if (this.open.size > 1 && isRefusal(error) && [...changes.values()].every((c) => c.single))
        return this.oneByOne();
      throw withLost(this.neverSaved(error), lostBy(changes.values()));
    }
    const lost = lostBy(changes.values());
    if (lost !== "")
      throw new DhcpError(
        site.name,
        `DHCP server "${site.name}" was changed by somebody else`,
        `${lost} Option 150 is as declared.`,
        "rival",
      );
    for (const job of [...this.open]) {
      const reading = site.describe(await site.look(after, job.scope, NEVER));
      this.settle(job, () => job.resolve(reading));
    }
    return [];
  }

  private readonly progress = (line: string) => {
    for (const job of this.open) job.op.progress?.(line);
  };

  private oneByOne = () => [...this.open].map((job) => [job]);

  private settle(job: Job, how: () => void): void {
    this.open.delete(job);
    how();
  }

  /** What the job wants of each server. @throws what only this job is to blame for. */
  private async wishesOf(job: Job, snapshots: readonly Snapshot[], signal: AbortSignal): Promise<Wishes> {
    const { scope, change } = job;
    const seen = await this.site.look(snapshots, scope, signal);
    compare(seen, change.expected, scope);
    refuseConfigBackend(this.site.name, seen);
    const originals = parseOriginals(change.restore, seen.length, isOriginal);
    const each = seen.map((_, i) => ({ scope, answer: change.answer, original: originals?.[i] }));
    for (const [i, { view, server }] of seen.entries())
      editAll(new Patch(), view.document, [{ view, wish: each[i]! }], server.name);
    return { seen, each };
  }

  /** What is not saved anyway is not left to be saved. */
  private neverSaved(error: unknown): unknown {
    const left = error instanceof DhcpError && error.kind === "left";
    if (!left || this.site.persist === "config-write") return error;
    return new DhcpError(error.server, error.summary, error.detail, "answer");
  }

  private async save(done: Committed): Promise<void> {
    const { name, servers } = this.site;
    const undo = this.jobs[0]!.change.unsaved === "undo";
    /** Those whose file has the change, or may have it. */
    const written: KeaServer[] = [];
    let asked: KeaServer | undefined;
    try {
      for (const server of servers) {
        asked = server;
        await server.write(NEVER);
        written.push(server);
        this.progress(`${server.label}: saved with config-write`);
      }
    } catch (cause) {
      if (!(cause instanceof DhcpError)) throw cause;
      if (asked && isUnreachable(cause)) written.push(asked);
      const all = addresses(servers);
      // Files that have what is not served.
      let stale = all;
      if (undo) {
        await undoAll(done.changes, cause);
        stale = addresses(await this.notWritten(written));
      }
      throw new DhcpError(
        name,
        `DHCP server "${name}" cannot save its configuration`,
        `${cause.detail} ${
          undo
            ? "The change was undone, since a restart would have undone it unnoticed."
            : `Option 150 is as declared on ${all}, but a restart brings back what the file says.`
        } ${undo && stale !== "" ? `The file of ${stale} may have it, though, and could not be written again: a restart brings it back. ` : ""}Let Kea's user write the file that it was started with (an AppArmor profile may forbid it too), and deploy again; or set persist to none and change the file yourself.`,
        stale === "" ? "refused" : "unsaved",
      );
    }
  }

  /** Saves again what was undone. @returns those that could not. */
  private async notWritten(written: readonly KeaServer[]): Promise<readonly KeaServer[]> {
    const failed: KeaServer[] = [];
    for (const server of written) await server.write(NEVER).catch(() => failed.push(server));
    return failed;
  }
}

const addresses = (servers: readonly KeaServer[]) => servers.map((s) => s.label).join(" and ");

interface Wishes {
  readonly seen: readonly Seen[];
  /** One for each server. */
  readonly each: readonly Wish[];
}

/** What rivals lost to our writes; empty when nothing. */
const lostBy = (changes: Iterable<ServerChange>): string =>
  [...changes].flatMap((c) => c.overwrote ?? []).join(" ");

/** A failure after an overwrite tells of both: undoing ours does not bring theirs back. */
function withLost(error: unknown, lost: string): unknown {
  if (lost === "" || !(error instanceof Error)) return error;
  if (!(error instanceof DhcpError)) return new Error(`${error.message} ${lost}`, { cause: error });
  return new DhcpError(error.server, error.summary, `${error.detail} ${lost}`, error.kind);
}

const isRefusal = (error: unknown) => error instanceof DhcpError && error.kind === "refused";

function compare(seen: readonly Seen[], expected: readonly Answer[], scope: Scope): void {
  for (const [i, { server, view }] of seen.entries()) {
    const was = expected[i] ?? expected[0];
    if (was === undefined || !sameAnswer(view.answer, was))
      throw changedSincePlan(server, scopeText(scope), was === undefined ? [] : [was], view.answer);
  }
}

function refuseConfigBackend(name: string, seen: readonly Seen[]): void {
  const managed = seen.find((s) => configBackend(s.snapshot.document));
  if (!managed) return;
  throw new DhcpError(
    name,
    `DHCP server "${name}" takes its configuration from a database`,
    `${managed.server.label}: config-control is set, so a value that is set here can be replaced from there at any time. Change option 150 in the database.`,
    "refused",
  );
}

interface Committed {
  readonly after: readonly Snapshot[];
  /** In the order in which they were made. */
  readonly changes: readonly ServerChange[];
}

async function commitAll(
  snapshots: readonly Snapshot[],
  changes: ReadonlyMap<number, ServerChange>,
): Promise<Committed> {
  const done: ServerChange[] = [];
  const after: Snapshot[] = [];
  for (const [i, snapshot] of snapshots.entries()) {
    const change = changes.get(i);
    if (!change) {
      after.push(snapshot);
      continue;
    }
    try {
      // Checked again for the later ones: the earlier ones took time.
      if (done.length > 0) await change.recheck(NEVER);
      after.push(await change.commit());
      done.push(change);
    } catch (failure) {
      await undoAll(done, failure as Error);
      throw failure;
    }
  }
  return { after, changes: done };
}

async function undoAll(changes: readonly ServerChange[], failure: Error): Promise<void> {
  for (const change of [...changes].reverse())
    await change.undo().catch((cause: Error) => {
      throw change.leftOver(failure, cause);
    });
}
