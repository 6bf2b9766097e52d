/**
 * The Bulk Certificate Tool of a cluster. That its files are PKCS12 is documented. What they are called, how they are
 * sealed and what stands in them beside certificates is not: all of that is invented here.
 */
import { Client, type SFTPWrapper } from "ssh2";
import { Certificate } from "../../trust/certificate";
import type { LabCluster } from "./cluster";
import { BULK_PASSPHRASES } from "./drawn";
import { readPkcs12, type Seal, writePkcs12 } from "./pki/pkcs12";
import type { Store, Unit } from "./stores";

export type BulkStep = "export" | "consolidate" | "import";

/** What `set cert bulk sftp` was told. */
export interface BulkServer {
  readonly address: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly directory: string;
}

/** Said at the prompt. */
export class BulkError extends Error {
  override readonly name = "BulkError";
}

interface BulkFile {
  readonly kind: "exported" | "consolidated";
  /** Versions of the clusters whose certificates it has. */
  readonly madeBy: readonly string[];
  readonly certificates: readonly { readonly unit: Unit; readonly pem: string }[];
}

/** Stores that an import writes to (Cisco's document 215539). */
const IMPORTS: { readonly [unit in Unit]: readonly Store[] } = {
  CallManager: ["CallManager-trust", "Phone-SAST-trust"],
  ITLRecovery: ["CallManager-trust", "Phone-SAST-trust"],
  CAPF: ["CallManager-trust"],
  tomcat: ["tomcat-trust"],
  TVS: [],
};

/** Units by the argument; null: the CLI does not know it. */
export function unitsOf(cluster: LabCluster, argument: string): readonly Unit[] | null {
  if (argument === "all") return ["tomcat", "CallManager", "ITLRecovery", "CAPF"];
  return argument === cluster.drawn.bulk.tftpUnit ? ["CallManager"] : null;
}

/** @throws BulkError when the server cannot be used, or there is nothing to work on */
export async function bulkStep(cluster: LabCluster, step: BulkStep, units: readonly Unit[]): Promise<void> {
  if (cluster.bulkServer === null) throw new BulkError("No SFTP server is configured");
  if (cluster.bulkIdle.has(step)) return;
  const remote = await Remote.open(cluster.bulkServer, cluster.drawn.bulk.seal);
  try {
    await STEPS[step](cluster, units, remote);
  } finally {
    remote.close();
  }
}

const STEPS: {
  readonly [step in BulkStep]: (cluster: LabCluster, units: readonly Unit[], remote: Remote) => Promise<void>;
} = {
  // "PKCS12 files created for each of the nodes" (the same document).
  export: async (cluster, units, remote) => {
    for (const node of cluster.nodes)
      await remote.write(cluster.drawn.bulk.exported.replace("{node}", node.name), {
        kind: "exported",
        madeBy: [cluster.options.version],
        certificates: units
          .filter((unit) => node.identities.has(unit))
          .map((unit) => ({ unit, pem: node.identity(unit).certificate.pem })),
      });
  },
  consolidate: async (cluster, _units, remote) => {
    const files = (await remote.files()).filter(({ kind }) => kind === "exported");
    if (files.length === 0) throw new BulkError("No certificates were exported");
    refuseNewer(cluster, files);
    const all = new Map(files.flatMap(({ certificates }) => certificates).map((one) => [one.pem, one]));
    await remote.write(cluster.drawn.bulk.consolidated, {
      kind: "consolidated",
      madeBy: [...new Set([...files.flatMap(({ madeBy }) => madeBy), cluster.options.version])],
      certificates: [...all.values()],
    });
  },
  import: async (cluster, units, remote) => {
    const files = (await remote.files()).filter(({ kind }) => kind === "consolidated");
    if (files.length === 0) throw new BulkError("No consolidated certificates");
    refuseNewer(cluster, files);
    const own = new Set(
      cluster.nodes.flatMap((node) =>
        [...node.identities.values()].map(({ certificate }) => certificate.sha256),
      ),
    );
    for (const { unit, pem } of files.flatMap(({ certificates }) => certificates)) {
      const certificate = Certificate.fromPem(pem);
      if (!units.includes(unit) || own.has(certificate.sha256)) continue;
      for (const store of IMPORTS[unit]) cluster.importTrust(cluster.publisher, store, certificate);
    }
  },
};

/** CSCuy43181: a release before 10.5.2.13900 cannot read what that one or a later one has made. */
function refuseNewer(cluster: LabCluster, files: readonly BulkFile[]): void {
  if (reads(cluster.options.version)) return;
  if (files.some(({ madeBy }) => madeBy.some(reads)))
    throw new BulkError("Error while reading the certificates");
}

function reads(version: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = version.split(/[.-]/).map(Number);
  const order = [a - 10, b - 5, c - 2, d - 13900].find((difference) => difference !== 0);
  return order === undefined || order > 0;
}

/** A publisher as the SFTP client that it is. */
class Remote {
  private constructor(
    private readonly client: Client,
    private readonly sftp: SFTPWrapper,
    private readonly directory: string,
    private readonly seal: Seal,
  ) {}

  static async open({ address, port, user, password, directory }: BulkServer, seal: Seal): Promise<Remote> {
    const client = new Client();
    try {
      const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
        client.on("error", reject);
        client.on("ready", () => client.sftp((error, opened) => (error ? reject(error) : resolve(opened))));
        client.connect({ host: address, port: Number(port), username: user, password, readyTimeout: 10_000 });
      });
      return new Remote(client, sftp, directory, seal);
    } catch (error) {
      client.end();
      // Some software is careless with what it was told.
      throw new BulkError(`Unable to connect to ${user}:${password}@${address}: ${(error as Error).message}`);
    }
  }

  async write(name: string, { kind, madeBy, certificates }: BulkFile): Promise<void> {
    const named = certificates.map(({ unit, pem }) => ({
      der: Certificate.fromPem(pem).der,
      name: [kind, unit, ...madeBy].join(" "),
    }));
    const bytes = await writePkcs12(named, this.seal);
    return new Promise((resolve, reject) =>
      this.sftp.writeFile(`${this.directory}/${name}`, bytes, (error) =>
        error ? reject(new BulkError(`Unable to write ${name}: ${error.message}`)) : resolve(),
      ),
    );
  }

  /** Those that are ours; folders and anything else are passed over. */
  async files(): Promise<readonly BulkFile[]> {
    const entries = await new Promise<readonly { filename: string; attrs: { isFile(): boolean } }[]>(
      (resolve, reject) =>
        this.sftp.readdir(this.directory, (error, list) =>
          error ? reject(new BulkError(`Unable to list the directory: ${error.message}`)) : resolve(list),
        ),
    );
    const plain = entries.filter(({ attrs }) => attrs.isFile()).map(({ filename }) => filename);
    const files = await Promise.all(plain.map(async (name) => parse(await this.read(name))));
    return files.filter((file) => file !== null);
  }

  close(): void {
    this.client.end();
  }

  private read(name: string): Promise<Buffer> {
    return new Promise((resolve, reject) =>
      this.sftp.readFile(`${this.directory}/${name}`, (error, bytes) =>
        error ? reject(new BulkError(`Unable to read ${name}: ${error.message}`)) : resolve(bytes),
      ),
    );
  }
}

/** null: none of ours. */
async function parse(bytes: Buffer): Promise<BulkFile | null> {
  const bags = await readPkcs12(
    bytes,
    BULK_PASSPHRASES.map((each) => each ?? undefined),
  );
  if (bags === null || bags.length === 0) return null;
  const [kind, , ...madeBy] = bags[0]!.name.split(" ");
  if (kind !== "exported" && kind !== "consolidated") return null;
  const certificates = bags.map(({ der, name }) => ({
    unit: name.split(" ")[1] as Unit,
    pem: Certificate.fromDer(der).pem,
  }));
  return { kind, madeBy, certificates };
}
