/** TVS logs fetched from nodes by log collection, one file at a time into a folder of their own. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ClusterError } from "../providers/cucm/cluster/cluster";
import { RefusedCredentials } from "../providers/cucm/cluster/refused-credentials";
import { LEGACY, MODERN } from "../providers/cucm/cluster/transports/cryptography";
import { LogCollection, type LogFile } from "../providers/cucm/cluster/transports/log-collection";
import { SoapServer } from "../providers/cucm/cluster/transports/soap";
import { normalFingerprint, type Proof } from "../providers/cucm/cluster/transports/verified-tls";
import { printable } from "../trust/describe";
import { nodeTime } from "../trust/tvs-log";
import { CommandError } from "./command-error";
import { endpoint } from "./endpoint";
import { inScratch } from "./planned";

export const COLLECTION_PORT = 8443;
const TIMEOUT_MS = 60_000;
const SERVICE = "Cisco Trust Verification Service";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Collection {
  /** `host`, or `host:port`. */
  readonly collect: readonly string[];
  /** SHA-256 of the certificates that the nodes' Tomcat may show, see {@link fingerprint}. */
  readonly tlsSha256: readonly string[];
  /** File with the CA that signed them. */
  readonly ca?: string;
  /** The credentials are in `CUCM_<NAME>_APPLICATION_USERNAME` and `..._PASSWORD`. */
  readonly credentials: string;
  /** By the clock of the node, see {@link rangeTime}. */
  readonly from?: number;
  readonly until?: number;
  readonly legacy?: true;
}

/** The value of --tls-sha256. @throws CommandError when it is not 64 hex digits, with or without colons */
export function fingerprint(text: string): string {
  const digits = normalFingerprint(text);
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new CommandError(
    `${printable(text) || '""'} is no SHA-256: 64 hex digits, with or without colons (--tls-sha256). \`phone-migration verify --help\` has the command that prints it.`,
    2,
  );
}

/** What a command line asks for, checked. */
export interface CheckedCollection {
  readonly nodes: readonly { readonly address: string; readonly port: number }[];
  readonly proof: Proof;
  readonly credentials: ReturnType<typeof credentialsOf>;
  /** Whose credentials they are. */
  readonly cluster: string;
  readonly from?: number;
  readonly until?: number;
  readonly legacy: boolean;
}

/** Asks nobody. @throws CommandError when a node, the proof of who it is, or the credentials are not to be had */
export function checkedCollection(collection: Collection): CheckedCollection {
  const { collect, credentials, from, until, legacy } = collection;
  return {
    nodes: collect.map((node) => endpoint(node, COLLECTION_PORT)),
    proof: proofOf(collection),
    credentials: credentialsOf(credentials),
    cluster: credentials,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    legacy: legacy === true,
  };
}

/** @throws CommandError when it is not `2026-11-28 17:00`, with or without seconds */
export function rangeTime(text: string): number {
  const time = nodeTime(/\d\d:\d\d:\d\d/.test(text) ? text : `${text}:00`);
  if (time !== null && !Number.isNaN(time)) return time;
  throw new CommandError(`${text} is not a time such as "2026-11-28 17:00".`, 2);
}

/**
 * Reads the files of each node whose lines may be of that time, the oldest first.
 *
 * @param read is given where a file lies, and its name for people; the file is gone afterwards
 * @throws CommandError when a node cannot be asked
 */
export async function collectLogs(
  collection: CheckedCollection,
  read: (path: string, name: string) => Promise<void>,
): Promise<void> {
  const { nodes, proof, credentials, cluster, legacy } = collection;
  const refused = new RefusedCredentials();
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of SIGNALS) process.once(signal, abort);
  try {
    await inScratch("phone-migration-logs-", async (folder) => {
      for (const { address, port } of nodes) {
        const at = { cluster, address, names: [] };
        const server = new SoapServer(
          {
            endpoint: at,
            port,
            service: `Log collection (TCP ${port})`,
            proof,
            cryptography: legacy ? LEGACY : MODERN,
          },
          {
            credentials,
            refused,
            timeoutMs: TIMEOUT_MS,
            concurrency: 1,
            role: "Standard RealtimeAndTraceCollection",
            keepSession: false,
          },
          () => {},
        );
        try {
          const logs = new LogCollection(server, at);
          for (const file of inRange(await logs.list(SERVICE, stop.signal), collection)) {
            const path = join(folder, "log");
            if (await fetched(logs, file, path, stop.signal)) await read(path, `${address}:${file.path}`);
            rmSync(path, { force: true });
          }
        } finally {
          server.close();
        }
      }
    });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    throw new CommandError(error.message);
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort);
  }
}

/** A file's lines were written before it was finished, and after the next older one was. */
export function inRange(
  files: readonly LogFile[],
  { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: Pick<Collection, "from" | "until">,
): readonly LogFile[] {
  const dated = files
    .map((file) => ({ file, time: nodeTime(file.modified) }))
    .sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || (a.file.path < b.file.path ? -1 : 1));
  return dated
    .filter(({ time }, i) => {
      // Of what has no date that we read, nobody can tell.
      if (time === null) return true;
      const older = dated.slice(0, i).findLast((one) => one.time !== null && one.time < time)?.time;
      return time >= from && (older ?? Number.NEGATIVE_INFINITY) <= until;
    })
    .map(({ file }) => file);
}

/** False when the node has it no more. */
async function fetched(logs: LogCollection, { path }: LogFile, to: string, signal: AbortSignal) {
  const file = openSync(to, "w", 0o600);
  try {
    return await logs.read(path, (chunk) => writeSync(file, chunk), signal);
  } finally {
    closeSync(file);
  }
}

function proofOf({ tlsSha256, ca }: Collection): Proof {
  if (tlsSha256.length > 0) return { kind: "pin", sha256: tlsSha256, whose: "--tls-sha256" };
  if (ca === undefined)
    throw new CommandError(
      "--collect needs --tls-sha256 or --ca: a node proves who it is before credentials are sent.",
      2,
    );
  try {
    return { kind: "ca", pem: readFileSync(ca, "utf8") };
  } catch (error) {
    throw new CommandError(
      `--ca ${ca} cannot be read: ${error instanceof Error ? error.message : error}. Give a file in PEM.`,
      2,
    );
  }
}

function credentialsOf(name: string) {
  const variable = `CUCM_${name.toUpperCase()}_APPLICATION`;
  const username = process.env[`${variable}_USERNAME`];
  const password = process.env[`${variable}_PASSWORD`];
  if (username && password) return { username, password, from: `${variable}_USERNAME` };
  throw new CommandError(
    `--collect needs the environment variables ${variable}_USERNAME and ${variable}_PASSWORD (--credentials names others).`,
    2,
  );
}
