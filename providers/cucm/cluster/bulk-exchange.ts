/**
 * The exchange of certificates through an SFTP directory (Cisco's "Method 1"): both clusters export, one
 * consolidates, and each that has to trust the other imports. Names of files and what is in them are not in the public
 * record: files are counted and compared by name, size and time, and nothing depends on what they are called or hold.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Shared } from "./budget";
import { bulkProblem, compareVersions } from "./bulk-versions";
import { type Cluster, ClusterError, type ClusterNode, type Operation } from "./cluster";
import type { SftpServer } from "./config";
import { lookAt } from "./exchange-look";
import {
  HELD_MINUTES,
  isHeld,
  type Marker,
  MOST_MARKER_BYTES,
  parseMarker,
  pidsOf,
  type Run,
  strangers,
} from "./exchange-marker";
import { asClusterError, codeOf, excerpt } from "./failure";
import { linesToSet } from "./lines-to-set";
import { graceMs } from "./memberships";
import { bulkUnits } from "./plausible";
import type { ExchangeDirectory, ExchangeFile } from "./transports/sftp";

/** Our own, in the directory: folders are no files of an exchange. */
const FOLDER = "phone-migration";
/** Written before the first export: what is in the directory from then on is of this exchange. */
const MARKER = `${FOLDER}/exchange.json`;
const MIB = 1024 * 1024;
/** Far more than the certificates of two clusters take. */
const LEAST_FREE = MIB;
const PROBE = "phone-migration-probe";
const RUN: Run = { id: randomUUID(), host: hostname(), pid: process.pid, ...pidsHere() };

type Done = Pick<Marker, "between" | "done" | "files">;

export interface ExchangeOptions {
  /** Move what others left in the directory into a folder, instead of refusing. */
  readonly archiveLeftovers: boolean;
}

export type OpenDirectory = (server: SftpServer, signal: AbortSignal) => Promise<ExchangeDirectory>;

/**
 * One exchange between two clusters in one run: whoever needs it first drives it, everybody else waits for it and
 * imports the same files. What failed once is not tried again in this process.
 */
export class BulkExchange {
  readonly #consolidated = new Shared<void>();
  #failed: ClusterError | null = null;
  /** The look into the files, which goes on while others import. */
  #looked: Promise<void> = Promise.resolve();

  constructor(
    private readonly clusters: readonly [Cluster, Cluster],
    private readonly server: SftpServer,
    private readonly options: ExchangeOptions,
    private readonly open: OpenDirectory,
  ) {}

  peerOf(cluster: Cluster): Cluster {
    return this.clusters.find((each) => each !== cluster)!;
  }

  /**
   * Imports what both clusters exported on the publisher of one of them. What arrived, its stores tell.
   *
   * @returns what the CLI said, for people
   * @throws ClusterError
   */
  async importInto(cluster: Cluster, op: Operation): Promise<string> {
    await refuseVersions(cluster, this.peerOf(cluster), op);
    await this.#consolidate(op);
    op.progress?.(`${cluster.name}: importing what both clusters exported to ${this.#place}`);
    const said = await cluster.bulk("import", op);
    await this.#looked;
    return said;
  }

  async #consolidate(op: Operation): Promise<void> {
    if (this.#failed) throw this.#failed;
    try {
      await this.#consolidated.get(op.signal, (signal) => this.#run({ ...op, signal }));
    } catch (error) {
      const at = { cluster: this.server.name, address: this.server.address, names: [] };
      const failed = asClusterError(at, "The bulk exchange on SFTP server", error);
      if (failed.kind !== "cancelled") this.#failed ??= failed;
      throw failed;
    }
  }

  async #run(op: Operation): Promise<void> {
    const publishers = await Promise.all(this.clusters.map((cluster) => publisherOf(cluster, op)));
    const between = publishers.map(({ address }) => address).sort();
    const directory = await this.open(this.server, op.signal);
    try {
      await this.#clear(directory, between, op);
      await this.#mark(directory, { between, done: "nothing", files: {} }, op);
      const files = await this.#exchange(directory, between, op).catch(async (error: unknown) => {
        // A run that is cancelled is closing the connection, which would leave half a marker.
        if (!op.signal.aborted) await this.#release(directory);
        throw error;
      });
      this.#looked = lookAt(directory, files, op)
        .then(() => directory.close())
        .catch(() => {});
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  /** @returns what both exported and consolidation made */
  async #exchange(
    directory: ExchangeDirectory,
    between: readonly string[],
    op: Operation,
  ): Promise<readonly ExchangeFile[]> {
    await Promise.all(this.clusters.map((cluster) => cluster.bulkSftp(this.server, op)));
    const files: { [who: string]: readonly string[] } = {};
    const exported: { readonly cluster: Cluster; readonly grown: readonly ExchangeFile[] }[] = [];
    // One after the other, so that it shows which files are whose.
    for (const cluster of this.clusters) {
      const grown = await this.#export(cluster, directory, op);
      files[cluster.name] = grown.map(({ name }) => name);
      exported.push({ cluster, grown });
      await this.#go(directory, { between, done: "nothing", files: {} }, op);
    }
    const there = await directory.files(op.signal);
    for (const { cluster, grown } of exported) {
      const lost = changed(grown, there);
      if (lost.length > 0) throw this.#overwritten(cluster, lost);
    }
    await this.#go(directory, { between, done: "exported", files }, op);
    const consolidator = await this.#newer(op);
    op.progress?.(`${consolidator.name}: consolidating ${there.length} files in ${this.#place}`);
    await consolidator.bulk("consolidate", op);
    const made = changed(await directory.files(op.signal), there);
    op.progress?.(`${consolidator.name}: consolidation made ${names(made) || "no file that is seen here"}`);
    await this.#go(
      directory,
      { between, done: "consolidated", files: { ...files, consolidated: made.map(({ name }) => name) } },
      op,
    );
    return [...there.filter(({ name }) => !made.some((file) => file.name === name)), ...made];
  }

  /** Empty and writable afterwards; nothing of anybody's is deleted. */
  async #clear(directory: ExchangeDirectory, between: readonly string[], { signal, progress }: Operation) {
    const files = (await directory.files(signal)).filter(({ name }) => name !== PROBE);
    const marker = await this.#marker(directory, signal);
    if (marker !== null && isHeld(marker, RUN, new Date(), isAlive)) throw this.#inUse(marker);
    const others = strangers(files, marker, between);
    if (others.length > 0 && !this.options.archiveLeftovers) throw this.#leftovers(others);
    const free = await directory.freeBytes(signal);
    progress?.(
      `${this.#place}: free space ${free === null ? "is not told" : `${Math.floor(free / MIB)} MiB`}`,
    );
    if (free !== null && free < LEAST_FREE) throw this.#full(free);
    await directory.write(PROBE, "May be deleted.\n", signal);
    await directory.remove(PROBE, signal);
    await directory.makeFolder(FOLDER, signal);
    if (files.length === 0) return;
    const archive = `${FOLDER}/before-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    progress?.(`${this.#place}: moving ${files.length} files of an earlier exchange to ${archive}`);
    await directory.makeFolder(archive, signal);
    for (const { name } of files) await directory.rename(name, `${archive}/${name}`, signal);
  }

  #mark(
    directory: ExchangeDirectory,
    done: Done,
    { signal }: Pick<Operation, "signal">,
    at: string | null = new Date().toISOString(),
  ): Promise<void> {
    return directory.write(
      MARKER,
      `${JSON.stringify({ ...done, run: RUN, at } satisfies Marker, null, 2)}\n`,
      signal,
    );
  }

  async #marker(directory: ExchangeDirectory, signal: AbortSignal): Promise<Marker | null> {
    return parseMarker(await directory.read(MARKER, MOST_MARKER_BYTES, signal));
  }

  /** The next step, if the directory is still ours: two runs that began at once have both written their marker. */
  async #go(directory: ExchangeDirectory, done: Done, op: Operation): Promise<void> {
    const marker = await this.#marker(directory, op.signal);
    if (marker?.run.id !== RUN.id) throw this.#taken(marker);
    await this.#mark(directory, done, op);
  }

  /** So that nobody has to wait for a run that has failed. Nothing is said if it cannot be. */
  async #release(directory: ExchangeDirectory): Promise<void> {
    const signal = AbortSignal.timeout(RELEASE_MS);
    try {
      const marker = await this.#marker(directory, signal);
      if (marker?.run.id === RUN.id) await this.#mark(directory, marker, { signal }, null);
    } catch {
      // The marker grows old by itself.
    }
  }

  async #export(cluster: Cluster, directory: ExchangeDirectory, op: Operation) {
    const before = await directory.files(op.signal);
    op.progress?.(`${cluster.name}: exporting to ${this.#place}`);
    const said = await cluster.bulk("export", op);
    const grown = await grownFiles(directory, before, cluster, op.signal);
    if (grown.length === 0) throw this.#nothing(cluster, said);
    const nodes = await cluster.nodes(op);
    op.progress?.(
      `${cluster.name}: exported ${grown.length} files (it has ${nodes.length} nodes): ${names(grown, ({ name, size }) => `${shown(name)} (${size} bytes)`)}`,
    );
    return grown;
  }

  /** A release reads what an earlier one exported, not always the other way round. */
  async #newer(op: Operation): Promise<Cluster> {
    const [first, second] = this.clusters;
    const [a, b] = await Promise.all([first.version(op), second.version(op)]);
    return (compareVersions(a, b) ?? 0) < 0 ? second : first;
  }

  get #place(): string {
    return `${this.server.address}:${this.server.directory}`;
  }

  #leftovers(files: readonly ExchangeFile[]): ClusterError {
    return this.#error(
      `Directory ${this.server.directory} of SFTP server ${this.server.address} is not empty`,
      `It has ${names(files)}, of another exchange or of something else, and consolidation would take them along. ` +
        "Name a directory for these two clusters alone, empty it, or set archive_leftovers (constructs: archiveLeftovers) " +
        `to move such files into its folder ${FOLDER}. Nothing was sent to a cluster.`,
    );
  }

  #inUse({ run, at }: Marker): ClusterError {
    return this.#error(
      `Another run uses directory ${this.server.directory} of SFTP server ${this.server.address}`,
      `By ${MARKER} there, process ${run.pid} on ${excerpt(run.host, 60)} exchanges certificates in it, and did its last step at ${at}. ` +
        "Two at once would take each other's files. Wait until it has ended and deploy again; if it was stopped, delete that file, " +
        `or wait until ${HELD_MINUTES} minutes after that time. Nothing was sent to a cluster.`,
    );
  }

  #taken(marker: Marker | null): ClusterError {
    const other = marker && `, but of process ${marker.run.pid} on ${excerpt(marker.run.host, 60)}`;
    return this.#error(
      `Another run has taken directory ${this.server.directory} of SFTP server ${this.server.address}`,
      `${MARKER} there is not this run's any more${other ?? ""}: files of two exchanges may be mixed. ` +
        "Nothing was imported. Let the other run end, then deploy again.",
    );
  }

  #full(bytes: number): ClusterError {
    return this.#error(
      `Directory ${this.server.directory} of SFTP server ${this.server.address} is full`,
      `${bytes} bytes are free there, and an exchange may take up to ${LEAST_FREE}. Make room, or name another directory. Nothing was sent to a cluster.`,
    );
  }

  #nothing(cluster: Cluster, said: string): ClusterError {
    return this.#error(
      `The export of cluster "${cluster.name}" wrote nothing into ${this.#place}`,
      `Its publisher answered: ${said || "(nothing)"}. Nothing was consolidated or imported. Can the publisher reach the server ` +
        "by this address, and log in with these credentials? Is the directory the same one from there? " +
        'You may also import one by one: method = "manual". Or this release spells the unit otherwise. ' +
        linesToSet(cluster.name, bulkUnits(cluster.bulkUnit)),
    );
  }

  #overwritten(cluster: Cluster, lost: readonly ExchangeFile[]): ClusterError {
    return this.#error(
      `What cluster "${cluster.name}" exported is not in ${this.#place} any more`,
      `${names(lost)} ${lost.length === 1 ? "is" : "are"} gone or changed: the other cluster's export has replaced it, or ` +
        'somebody works in this directory. Nothing was consolidated or imported. Use a directory for these two clusters alone, or method = "manual".',
    );
  }

  #error(summary: string, detail: string): ClusterError {
    return new ClusterError(this.server.name, this.server.address, summary, detail, "refused");
  }
}

/** @throws ClusterError kind "refused" when the cluster could not import what the other one exports (CSCuy43181). */
export async function refuseVersions(cluster: Cluster, other: Cluster, op: Operation): Promise<void> {
  const [importer, exporter] = await Promise.all([cluster.version(op), other.version(op)]);
  const problem = bulkProblem(importer, exporter);
  if (problem === null) return;
  throw new ClusterError(
    cluster.name,
    null,
    `Cluster "${cluster.name}" cannot import in bulk what cluster "${other.name}" exports`,
    `${problem} Import the certificates one by one: method = "manual" (TrustExchange: method: "manual"), which is Cisco's "Method 2". Nothing was exported.`,
    "refused",
  );
}

const RELEASE_MS = 5000;

/** Linux tells. Elsewhere the host's name alone has to do. */
function pidsHere(): Pick<Run, "pids"> {
  try {
    return {
      pids: pidsOf(
        readFileSync("/proc/sys/kernel/random/boot_id", "utf8"),
        readlinkSync("/proc/self/ns/pid"),
      ),
    };
  } catch {
    return {};
  }
}

/** Whether a process of this host runs, as far as it can be seen from here. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

async function publisherOf(cluster: Cluster, op: Operation): Promise<ClusterNode> {
  return (await cluster.nodes(op)).find(({ role }) => role === "publisher")!;
}

/**
 * How long nothing may change in the directory until an export is finished, in milliseconds: SFTP's times are whole
 * seconds, and a publisher may pause between the files of two nodes. Shorter where the cluster's timeout is short.
 */
export const settleMs = (cluster: Cluster) => Math.min(2, cluster.replicationTimeout / 20) * 1000;

/** An export may still be writing, or not yet, when the prompt is back. */
async function grownFiles(
  directory: ExchangeDirectory,
  before: readonly ExchangeFile[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly ExchangeFile[]> {
  const begun = Date.now();
  const settle = settleMs(cluster);
  let last: readonly ExchangeFile[] = [];
  for (let since = begun; ; ) {
    const grown = changed(await directory.files(signal), before);
    if (grown.length !== last.length || changed(grown, last).length > 0) since = Date.now();
    last = grown;
    const filled = grown.filter(({ size }) => size > 0);
    const now = Date.now();
    const late = now - begun >= graceMs(cluster);
    const settled = now - since >= settle && (late || (filled.length > 0 && filled.length === grown.length));
    if (settled || now - begun >= cluster.replicationTimeout * 1000) return filled;
    await sleep(settle / 4, undefined, { signal });
  }
}

/** Those of `now` that are not in `known` as they are. */
export function changed(now: readonly ExchangeFile[], known: readonly ExchangeFile[]): ExchangeFile[] {
  const same = (a: ExchangeFile, b: ExchangeFile) =>
    a.name === b.name && a.size === b.size && a.modified === b.modified;
  return now.filter((file) => !known.some((each) => same(each, file)));
}

/** A name may be anything. The marker alone has it as it is, to be compared. */
const shown = (name: string) => excerpt(name, 100);

const MANY = 10;
function names(files: readonly ExchangeFile[], each = ({ name }: ExchangeFile) => shown(name)): string {
  const more = files.length > MANY ? [`${files.length - MANY} more`] : [];
  return [...files.slice(0, MANY).map(each), ...more].join(", ");
}
