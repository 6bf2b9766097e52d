import { mkdir } from "node:fs/promises";
import type { SiteCluster, SiteSftp } from "../site";
import { buildCluster, nodeAddresses, type RunningCluster, type Shared } from "./build";
import { Control } from "./control";
import { CLUSTER_NAMES, DEFAULT_DELAYS, type LabOptions, type Ports } from "./options";
import { manufacturingCa } from "./pki/identities";
import { KeyPool } from "./pki/keys";
import { type PhoneProvisioning, provisionPhones } from "./provisioning";
import { hasOldCryptography, hasRest } from "./releases";
import { Requests } from "./requests";
import { freePort } from "./servers/listener";
import { LabSftp } from "./servers/sftp";

export type { LabOptions } from "./options";
export type { PhoneProvisioning } from "./provisioning";

/** What `lab up` needs to know once the clusters answer. Holds the phones' private keys. */
export interface ClustersReady {
  readonly source: SiteCluster;
  readonly destination: SiteCluster;
  /** null without {@link LabOptions.sftp}. */
  readonly sftp: SiteSftp | null;
  /** Addresses of the nodes that run TFTP, publisher first: what option 150 of each cluster says. */
  readonly tftp: { readonly source: readonly string[]; readonly destination: readonly string[] };
  /** Port of CallManager for phones, the same on every node. */
  readonly registrationPort: number;
  /** `http://127.0.0.1:port` */
  readonly control: string;
  readonly phones: readonly PhoneProvisioning[];
  /** What was drawn, in words, for people. */
  readonly drawn: readonly string[];
}

export interface RunningClusters {
  readonly ready: ClustersReady;
  /** For tests in the same process. */
  readonly sftp: LabSftp | null;
  close(): Promise<void>;
}

/**
 * Starts both clusters.
 * @throws Error when a port is taken, an address is not loopback, or the key directory is open to others
 */
export async function startClusters(options: LabOptions): Promise<RunningClusters> {
  const network = options.network ?? "127.83";
  if (!/^127\.\d{1,3}$/.test(network))
    throw new Error(`the lab stays on loopback: "${network}" is not 127.x`);
  if (options.logs) await mkdir(options.logs, { recursive: true, mode: 0o700 });
  const requests = new Requests();
  const keys = await KeyPool.open(options.pki ?? null);
  const shared: Shared = {
    keys,
    maker: options.withoutLsc?.length ? await manufacturingCa(keys) : null,
    requests,
    ports: await choosePorts(
      options.ports ?? {},
      CLUSTER_NAMES.flatMap((name) => nodeAddresses(network, name, options.nodes)),
    ),
    delays: { ...DEFAULT_DELAYS, ...options.delays },
    network,
    lab: options,
  };
  const [source, destination] = await Promise.all(
    CLUSTER_NAMES.map((name) => buildCluster(name, options.clusters[name], shared)),
  );
  const clusters = { source: source!, destination: destination! };
  const everyHost = [...clusters.source.hosts, ...clusters.destination.hosts];
  const sftp = options.sftp ? new LabSftp(options.sftp, await shared.keys.rsa("sftp-ssh")) : null;
  const control = new Control(clusters, requests, sftp);
  const close = async () => {
    await control.close();
    await sftp?.close();
    for (const { cluster } of Object.values(clusters)) cluster.close();
    await Promise.all(everyHost.map((host) => host.close()));
  };
  try {
    await Promise.all(everyHost.map((host) => host.refresh()));
    const place = sftp && (await openSftp(sftp, `${network}.0.2`));
    const phones = await provisionPhones(clusters.source, options.phones, {
      stale: new Set(options.stale ?? []),
      withoutLsc: new Set(options.withoutLsc ?? []),
      maker: shared.maker,
      lscKeys: options.lscKeys ?? null,
    });
    const url = await control.listen(options.controlPort ?? 0);
    return { ready: { ...describe(clusters, url, phones), sftp: place }, sftp, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function choosePorts(asked: Partial<Ports>, addresses: readonly string[]): Promise<Ports> {
  const taken = new Set(Object.values(asked).filter((port) => port !== 0));
  const chosen: { -readonly [port in keyof Ports]: number } = {
    ssh: 0,
    https: 0,
    tftpHttp: 0,
    tvs: 0,
    registration: 0,
    capf: 0,
    platform: 0,
    ...asked,
  };
  for (const name of Object.keys(chosen) as (keyof Ports)[]) {
    if (chosen[name] === 0) chosen[name] = await freePort(addresses, taken);
    taken.add(chosen[name]);
  }
  return chosen;
}

async function openSftp(sftp: LabSftp, address: string): Promise<SiteSftp> {
  const port = await freePort([address], new Set());
  await sftp.listen(address, port);
  return { address, port, directory: LabSftp.DIRECTORY, hostKeySha256: [sftp.fingerprint] };
}

function describe(
  clusters: { readonly source: RunningCluster; readonly destination: RunningCluster },
  control: string,
  phones: readonly PhoneProvisioning[],
): Omit<ClustersReady, "sftp"> {
  const tftpOf = ({ cluster }: RunningCluster) =>
    cluster.nodes.filter((node) => node.tftp).map((node) => node.address);
  return {
    source: siteCluster(clusters.source),
    destination: siteCluster(clusters.destination),
    tftp: { source: tftpOf(clusters.source), destination: tftpOf(clusters.destination) },
    registrationPort: clusters.source.cluster.ports.registration,
    control,
    phones,
    drawn: Object.entries(clusters).flatMap(([name, { cluster }]) => drawnWords(name, cluster)),
  };
}

function siteCluster({ cluster, hosts, risRate }: RunningCluster): SiteCluster {
  const { ssh, https, tftpHttp, tvs, platform } = cluster.ports;
  return {
    publisher: cluster.publisher.address,
    nodeAddresses: Object.fromEntries(cluster.nodes.map((node) => [node.name, node.address])),
    ports: { ssh, https, tftpHttp, tvs, platform },
    tlsSha256: Object.fromEntries(
      cluster.nodes.map((node) => [node.address, [node.identity("tomcat").certificate.sha256]]),
    ),
    sshSha256: Object.fromEntries(hosts.map((host) => [host.node.address, [host.ssh.fingerprint]])),
    spellings: cluster.drawn.spellings,
    cryptography: hasOldCryptography(cluster.options.version) ? "legacy" : "modern",
    risPerMinute: risRate.perMinute,
  };
}

function drawnWords(name: string, { drawn, options }: RunningCluster["cluster"]): string[] {
  const { rest, web } = drawn;
  return [
    `${name}: files of trust stores are named ${drawn.fileNames === "cn" ? "<CN>.pem" : "<CN>_<serial>.pem"}`,
    `${name}: TVS ${drawn.tvsNoticesChanges ? "notices changes of the database by itself" : "shows changes only after a restart"}`,
    `${name}: an import of an older namesake ${drawn.olderImport === "says-success" ? "reports success and stores nothing" : "reports an error"}`,
    `${name}: certificate REST ${
      hasRest(options.version)
        ? `names stores ${rest.storeNames === "bare" ? "without" : "with"} -trust and answers ${rest.duplicate} to a duplicate`
        : "is not there before 14"
    }`,
    `${name}: OS administration lists ${web.list}, ${web.rows} to a page; PEM ${web.pem}, delete by a ${web.delete}`,
  ];
}
