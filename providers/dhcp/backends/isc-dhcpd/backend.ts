import {
  type Answer,
  type Change,
  type DhcpBackend,
  DhcpError,
  type DhcpErrorKind,
  type Finding,
  type Operation,
  type Reading,
  type Scope,
  sameAnswer,
  scopeText,
} from "../backend";
import { Shared } from "../kea/shared";
import { shown } from "../kea/value";
import { type FileEdit, ServerChange } from "./change";
import type { IscDhcpdConfig } from "./config";
import { type Configuration, withFile } from "./configuration";
import { blockingFinding, byText, findingsOf, peersDiffer, sameFinding } from "./findings";
import type { Original } from "./managed-file";
import { Queue } from "./queue";
import { DhcpdServer, NEVER } from "./server";
import type { HostSession } from "./session";
import { openSession } from "./ssh-session";
import { type ScopeView, viewScope } from "./view";

interface Request {
  readonly scope: Scope;
  readonly change: Change;
  readonly op: Operation;
}

/** One request may be to blame for what fails them all. */
const MENDABLE: readonly DhcpErrorKind[] = ["refused", "rival"];

type Outcome = { readonly reading: Reading } | { readonly error: Error };

/**
 * ISC dhcpd over SSH and SFTP. dhcpd reads its files only when it starts: a change replaces files that its
 * configuration includes, tests, and restarts it. Its configuration itself is never edited.
 */
export class IscDhcpdBackend implements DhcpBackend {
  readonly name: string;
  /** Terraform reads many scopes at once; the files are the same for all of them. */
  private readonly reading = new Shared((signal) => this.configurations(signal));
  /** Each restart is an outage: changes that come together share one. */
  private readonly queue = new Queue((requests: readonly Request[]) => this.applyAll(requests));

  constructor(
    private readonly config: IscDhcpdConfig,
    private readonly open: (
      config: IscDhcpdConfig,
      host: string,
      signal: AbortSignal,
    ) => Promise<HostSession> = openSession,
  ) {
    this.name = config.name;
  }

  async read(scope: Scope, op: Operation): Promise<Reading> {
    const configurations = await this.reading.ask(op.signal, () => this.cancelled());
    return this.describe(this.look(configurations, scope));
  }

  async apply(scope: Scope, change: Change, op: Operation): Promise<Reading> {
    if (op.signal.aborted) throw this.cancelled();
    const outcome = await this.queue.add({ scope, change, op });
    if ("error" in outcome) throw outcome.error;
    return outcome.reading;
  }

  async close(): Promise<void> {}

  private async configurations(signal: AbortSignal): Promise<readonly Configuration[]> {
    return this.connected(signal, (servers) => all(servers.map((server) => server.configuration(signal))));
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
      return await work(sessions.map((session) => new DhcpdServer(this.config, session)));
    } finally {
      for (const session of sessions) session.close();
    }
  }

  /** What fails together is tried one by one, so that nobody pays for another's mistake. */
  private async applyAll(requests: readonly Request[]): Promise<readonly Outcome[]> {
    const live = requests.filter(({ op }) => !op.signal.aborted);
    const outcomes = new Map<Request, Outcome>();
    for (const request of requests)
      if (!live.includes(request)) outcomes.set(request, { error: this.cancelled() });
    try {
      for (const [request, outcome] of await this.applyTogether(live)) outcomes.set(request, outcome);
    } catch (error) {
      const alone = error instanceof DhcpError && MENDABLE.includes(error.kind) && live.length > 1;
      for (const request of live)
        outcomes.set(request, alone ? (await this.applyAll([request]))[0]! : { error: error as Error });
    }
    return requests.map((request) => outcomes.get(request)!);
  }

  private async applyTogether(requests: readonly Request[]): Promise<ReadonlyMap<Request, Outcome>> {
    const outcomes = new Map<Request, Outcome>();
    if (requests.length === 0) return outcomes;
    const signal = AbortSignal.any(requests.map(({ op }) => op.signal));
    return this.connected(signal, async (servers) => {
      for (const server of servers) await server.lock(signal);
      const before = await all(servers.map((server) => server.configuration(signal)));
      const next = [...before];
      const edits = servers.map(() => new Map<string, FileEdit>());
      const agreed: Request[] = [];
      for (const request of requests) {
        try {
          const prepared = this.prepare(request, servers, next);
          for (const [i, { configuration, edit }] of prepared.entries()) {
            next[i] = configuration;
            if (edit)
              edits[i]!.set(edit.path, { ...edit, before: edits[i]!.get(edit.path)?.before ?? edit.before });
          }
          agreed.push(request);
        } catch (error) {
          outcomes.set(request, { error: error as Error });
        }
      }
      const changes = servers.flatMap((server, i) =>
        edits[i]!.size === 0
          ? []
          : [new ServerChange(server, [...edits[i]!.values()], () => this.again(server.label))],
      );
      await this.commit(changes, agreed, signal);
      const lost = new Set((await all(changes.map((change) => change.lost()))).flat());
      const after = changes.length === 0 ? before : await all(servers.map((s) => s.configuration(NEVER)));
      for (const request of agreed) outcomes.set(request, this.outcome(request, after, lost));
      return outcomes;
    });
  }

  /** What one request makes of each server's configuration. @throws DhcpError with nothing written */
  private prepare(
    { scope, change }: Request,
    servers: readonly DhcpdServer[],
    configurations: readonly Configuration[],
  ) {
    const views = this.look(configurations, scope);
    const originals = parseOriginals(change.restore, views.length);
    for (const [i, view] of views.entries()) {
      const was = change.expected[i] ?? change.expected[0];
      if (was === undefined || !sameAnswer(view.answer, was))
        throw servers[i]!.error(
          `Option 150 of ${view.where} was changed by somebody else`,
          `${servers[i]!.label}: when this change was planned, DHCP server "${this.name}" answered ${was === undefined ? "nothing that was recorded" : answerText(was)}; now it answers ${answerText(view.answer)}. Nothing was written: plan again.`,
          "rival",
        );
    }
    return views.map((view, i) => this.prepareOne(view, servers[i]!, change.answer, originals?.[i]));
  }

  private prepareOne(
    view: ScopeView,
    server: DhcpdServer,
    answer: Answer,
    original: Original | undefined,
  ): { readonly configuration: Configuration; readonly edit: FileEdit | null } {
    const { configuration, where, managed } = view;
    if (sameAnswer(view.answer, answer)) return { configuration, edit: null };
    const refuse = (why: string) =>
      server.error(
        `Option 150 of ${where} cannot be changed on ${server.label}`,
        `${why} Nothing was written.`,
        "refused",
      );
    const blocking = blockingFinding(view);
    if (blocking) throw refuse(`${blocking.value}. ${blocking.advice}`);
    const before = managed.file.kind === "text" ? managed.file.text : null;
    const candidates = [
      ...(original === undefined ? [] : [managed.keeping.restore(before, original)]),
      managed.keeping.write(before, view.definition!.name, answer),
    ];
    for (const after of candidates) {
      const predicted = withFile(configuration, managed.path, after);
      const then = viewScope(predicted, view.scope, this.config.includeDirectory);
      if (then && sameAnswer(then.answer, answer))
        return { configuration: predicted, edit: { path: managed.path, before: managed.file, after, where } };
    }
    const hindrance = findingsOf(view).find((f) => f.kind === "duplicate");
    throw refuse(
      hindrance
        ? `${hindrance.value}. ${hindrance.advice}`
        : `With ${managed.path} changed it would still not answer ${answerText(answer)}: another statement of this scope does, and a run does not edit it.`,
    );
  }

  private async commit(
    changes: readonly ServerChange[],
    requests: readonly Request[],
    signal: AbortSignal,
  ): Promise<void> {
    const begun: ServerChange[] = [];
    const say = (line: string) => {
      for (const { op } of requests) op.progress?.(line);
    };
    try {
      for (const change of changes) {
        begun.push(change);
        // Until the first file is replaced, the run may still be cancelled.
        await change.stage(begun.length === 1 ? signal : NEVER);
      }
      for (const change of changes) {
        await change.activate();
        say(`${change.label}: dhcpd restarted`);
      }
    } catch (failure) {
      const undone = await Promise.allSettled(begun.map((change) => change.undo(failure as Error)));
      for (const one of undone) if (one.status === "rejected") throw one.reason;
      const told = new Set(undone.map((one) => (one as PromiseFulfilledResult<string>).value));
      throw withMore(failure, [...told].filter((text) => text !== "").join(" "));
    }
  }

  private outcome(
    { scope, change }: Request,
    after: readonly Configuration[],
    lost: ReadonlySet<string>,
  ): Outcome {
    try {
      const views = this.look(after, scope);
      const other = views.find(
        ({ answer, managed }) => !sameAnswer(answer, change.answer) || lost.has(managed.path),
      );
      if (!other) return { reading: this.describe(views) };
      const error = new DhcpError(
        this.name,
        `Option 150 of ${other.where} was changed by somebody else`,
        `It was written and dhcpd was restarted with it, but then somebody changed the configuration, which now says ${answerText(other.answer)}. That was left alone: plan again.`,
        "rival",
      );
      return { error };
    } catch (error) {
      return { error: error as Error };
    }
  }

  private async again(host: string): Promise<DhcpdServer> {
    const server = new DhcpdServer(this.config, await this.open(this.config, host, NEVER));
    await server.lock(NEVER);
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

  private describe(views: readonly ScopeView[]): Reading {
    const answers = views.map((view) => view.answer);
    const findings: Finding[] = [];
    for (const view of views)
      for (const finding of findingsOf(view))
        if (!findings.some((f) => sameFinding(f, finding))) findings.push(finding);
    if (answers.some((a) => !sameAnswer(a, answers[0]!)))
      findings.push(peersDiffer(views.map((view, i) => [this.config.hosts[i]!, answerText(view.answer)])));
    return {
      answer: answers[0]!,
      answers,
      findings: findings.sort(byText),
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

/** `[Original, ...]`, one for each server; undefined when it is not that. */
function parseOriginals(text: string | undefined, servers: number): readonly Original[] | undefined {
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    const fits = (each: unknown) => each === null || typeof each === "string";
    return Array.isArray(list) && list.length === servers && list.every(fits) ? list : undefined;
  } catch {
    return undefined;
  }
}

function withMore(failure: unknown, more: string): unknown {
  if (!(failure instanceof DhcpError) || more === "") return failure;
  return new DhcpError(failure.server, failure.summary, `${failure.detail} ${more}`, failure.kind);
}

/** All, or the first error; nothing is left running. */
async function all<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

const answerText = (answer: Answer): string =>
  answer === "inherited" ? "nothing of its own (inherited)" : shown(answer);
