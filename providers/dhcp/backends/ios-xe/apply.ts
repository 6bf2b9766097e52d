/** Changes that come together: one look at each device, each change by itself, one save. */
import { all } from "../all";
import { answerText } from "../answer-text";
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
import { changedBySomebody, changedSincePlan } from "../rival";
import { EntryChange } from "./change";
import type { AddressLeaf } from "./config";
import type { Device, Snapshot } from "./device";
import { answerOf, areAddresses, type Entry, newEntry } from "./entry";

/** What the changes of one backend need of it. */
export interface Site {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly saveConfig: boolean;
  /** All, or an error that names one which could not be read: a pair is read and written as one. */
  snapshots(signal: AbortSignal): Promise<readonly Snapshot[]>;
  describe(snapshots: readonly Snapshot[], scope: Scope): Reading;
  cancelled(): DhcpError;
}

/** Whether a job may be saved together with others. */
export const together = (job: Job, others: readonly Job[]): boolean =>
  others.every((o) => o.change.unsaved === job.change.unsaved && scopeText(o.scope) !== scopeText(job.scope));

/** What one job has written. */
interface Done {
  readonly job: Job;
  readonly changes: readonly EntryChange[];
}

/** Settles each of the jobs, and never throws. */
export async function applyJobs(site: Site, jobs: readonly Job[]): Promise<void> {
  const open = new Set(jobs);
  const reject = (job: Job, error: unknown) => {
    open.delete(job);
    job.reject(error);
  };
  const stop = new AbortController();
  const onAbort = () => {
    if ([...open].every(({ op }) => op.signal.aborted)) stop.abort();
  };
  for (const { op } of jobs) op.signal.addEventListener("abort", onAbort);
  try {
    onAbort();
    const before = await site.snapshots(stop.signal);
    const done: Done[] = [];
    for (const job of jobs) {
      try {
        done.push({ job, changes: await writeOne(site, job, before) });
      } catch (error) {
        reject(job, error);
        if (endsAll(error))
          for (const other of jobs.slice(jobs.indexOf(job) + 1)) reject(other, notTried(error));
      }
      if (open.size === done.length) break;
    }
    try {
      await save(site, done);
    } catch (error) {
      for (const { job, changes } of done) if (changes.length > 0 || job.change.save) reject(job, error);
    }
    if (open.size === 0) return;
    const after = await site.snapshots(NEVER);
    for (const job of [...open]) {
      try {
        const reading = proven(site, job, after);
        open.delete(job);
        job.resolve(reading);
      } catch (error) {
        reject(job, error);
      }
    }
  } catch (error) {
    for (const job of [...open]) reject(job, error);
  } finally {
    for (const { op } of jobs) op.signal.removeEventListener("abort", onAbort);
  }
}

/** A device that is gone would let each of the others wait for it, and a refused password is not tried again. */
const endsAll = (error: unknown): boolean =>
  !(error instanceof DhcpError) ||
  ["unreachable", "timeout", "identity", "credentials", "broken", "left"].includes(error.kind);

function notTried(error: unknown): unknown {
  if (!(error instanceof DhcpError)) return error;
  const { server, summary, detail, kind } = error;
  return new DhcpError(
    server,
    summary,
    `Nothing was written for this scope. Another one of this run ended so: ${detail}`,
    kind,
  );
}

/** All devices, or none. @throws DhcpError */
async function writeOne(site: Site, { scope, change, op }: Job, snapshots: readonly Snapshot[]) {
  const seen = site.devices.map((device, i) => ({
    device,
    view: device.view(snapshots[i]!, scope),
    release: snapshots[i]!.release,
  }));
  for (const [i, { device, view }] of seen.entries()) {
    const was = change.expected[i] ?? change.expected[0];
    if (was === undefined || !sameAnswer(view.answer, was))
      throw changedSincePlan(device, view.where, was === undefined ? [] : [was], view.answer);
  }
  const originals = parseOriginals(change.restore, seen.length, isEntry);
  const changes = seen.flatMap(({ device, view, release }, i) => {
    if (sameAnswer(view.answer, change.answer)) return [];
    const { pool, where } = view;
    const candidates = candidatesFor(change, originals?.[i], release.leaf, device);
    return [
      new EntryChange(device, {
        pool: pool.id,
        where,
        before: pool.entry,
        candidates,
        back: candidatesFor(view, pool.entry, release.leaf, device),
        answer: change.answer,
      }),
    ];
  });
  // A rival on the second device is found before the first one is written.
  if (changes.length > 1) await all(changes.map((each) => each.check(op.signal)));
  if (op.signal.aborted) throw site.cancelled();
  const done: EntryChange[] = [];
  try {
    for (const each of changes) {
      await each.commit();
      done.push(each);
      op.progress?.(`${each.device.label}: option 150 of ${scopeText(scope)} changed, and read back`);
    }
  } catch (failure) {
    throw withMore(failure, await undoAll(done, failure as Error));
  }
  return changes;
}

/** The source's own spelling first, where it means the same; a release may have come that does not take it any more. */
function candidatesFor(
  { answer }: { readonly answer: Answer },
  original: Entry | undefined,
  leaf: AddressLeaf | null,
  device: Device,
): readonly Entry[] {
  if (answer === "inherited") return [null];
  const restored = original !== undefined && sameAnswer(answerOf(original), answer) ? [original] : [];
  if (leaf !== null && areAddresses(answer)) return [...restored, newEntry(answer, leaf)];
  if (restored.length > 0) return restored;
  throw device.error(
    "refused",
    "does not tell its version",
    "the leaf that option 150 is written into differs between releases. Set address_leaf; nothing was written",
  );
}

const isEntry = (each: unknown): each is Entry => typeof each === "object" && !Array.isArray(each);

/** Once for all. Changes that cannot be saved are undone, or stand, as their callers want: an error either way. */
async function save(site: Site, done: readonly Done[]): Promise<void> {
  const changes = done.flatMap((each) => each.changes);
  const asked = done.some(({ job }) => job.change.save);
  const devices = site.devices.filter((device) => asked || changes.some((each) => each.device === device));
  if (!site.saveConfig || devices.length === 0) return;
  const undo = done[0]!.job.change.unsaved === "undo";
  const progress = (line: string) => {
    for (const { job } of done) job.op.progress?.(line);
  };
  /** Whose startup has the change, or may have it. */
  const saved: Device[] = [];
  const failures: DhcpError[] = [];
  for (const device of devices) {
    try {
      await device.save(NEVER);
      saved.push(device);
      progress(`${device.label}: running configuration saved to startup`);
    } catch (cause) {
      if (!(cause instanceof DhcpError)) throw cause;
      failures.push(cause);
      if (isUnreachable(cause)) saved.push(device);
      if (undo) break;
    }
  }
  const [failure] = failures;
  if (!failure) return;
  const stale = undo ? await undone(changes, saved, failure) : [];
  throw new DhcpError(
    site.name,
    `DHCP server "${site.name}" cannot save its configuration`,
    `${failures.map(({ detail }) => detail).join(" ")} ${outcomeOf(undo, stale)}`,
    undo && stale.length === 0 ? "refused" : "unsaved",
  );
}

/** @returns devices whose startup may have what was undone. @throws DhcpError that says what was left */
async function undone(
  changes: readonly EntryChange[],
  saved: readonly Device[],
  failure: Error,
): Promise<readonly Device[]> {
  await undoAll(changes, failure);
  const stale: Device[] = [];
  for (const device of saved) await device.save(NEVER).catch(() => stale.push(device));
  return stale;
}

function outcomeOf(undo: boolean, stale: readonly Device[]): string {
  if (!undo)
    return "The change stands, but a reload brings back what startup says: save it by hand (write memory), or deploy again.";
  const undid = "The change was undone, since a reload would have undone it unnoticed.";
  if (stale.length === 0) return undid;
  return `${undid} The startup configuration of ${stale.map(({ label }) => label).join(" and ")} may have it, though, and could not be written again: a reload brings it back. Save it by hand (write memory), or deploy again.`;
}

/** @returns what was done, in sentences. @throws DhcpError that says what was left */
async function undoAll(changes: readonly EntryChange[], failure: Error): Promise<string> {
  const said: string[] = [];
  for (const change of [...changes].reverse()) said.push(await change.undoAfter(failure));
  return said.join(" ");
}

function withMore(failure: unknown, more: string): unknown {
  if (!(failure instanceof DhcpError) || more === "") return failure;
  return new DhcpError(failure.server, failure.summary, `${failure.detail} ${more}`, failure.kind);
}

function proven(site: Site, { scope, change }: Job, after: readonly Snapshot[]): Reading {
  const reading = site.describe(after, scope);
  const other = reading.answers.find((answer) => !sameAnswer(answer, change.answer));
  if (other === undefined) return reading;
  throw changedBySomebody(
    site.name,
    scopeText(scope),
    `It was written and read back, but then somebody changed it to ${answerText(other)}. That was left alone: plan again.`,
  );
}
