/** Starts a lab: clusters, DHCP and phones, each in a process of its own, and resolves when every phone is registered. */
import { randomInt } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ClusterName, ClusterOptions, LabOptions } from "./cluster/options";
import type { ClustersReady } from "./cluster/start";
import type { DhcpProcessOptions, DhcpReady } from "./dhcp/process";
import { DEFAULT_CAPABILITIES } from "./phone/decide";
import type { PhonesOptions, PhonesReady } from "./phone/process";
import { PHONE_NAMES } from "./phone-names";
import { phonesWhen } from "./phones";
import { preparePhones } from "./prepare-phones";
import type { Site } from "./site";
import { drawCredentials, environmentOf, exportLines } from "./supervise/credentials";
import { claimDirectory, forgetLab, keyPoolDirectory } from "./supervise/directory";
import { mark, type ProcessMark, removePidFile, writePidFile } from "./supervise/pidfile";
import { freePort } from "./supervise/ports";
import { type Child, spawnChild } from "./supervise/spawn";

export interface StartOptions {
  /** @default ".lab" */
  readonly directory?: string;
  /** How many of the lab's own ({@link PHONE_NAMES}), or which. @default all of them */
  readonly phones?: number | readonly string[];
  /** How many of them, the last ones, have a stale ITL. @default 1 */
  readonly stale?: number;
  /** @default PHONE_MIGRATION_LAB_DHCP, or a real Kea when it is on the machine and starts */
  readonly dhcp?: DhcpProcessOptions["kind"];
  /** Version that the lab's own DHCP server plays. */
  readonly dhcpVersion?: string;
  /** What differs from the defaults (10.5 and 11.0, 15 RIS requests a minute). */
  readonly clusters?: { readonly [name in ClusterName]?: Partial<ClusterOptions> };
  readonly delays?: LabOptions["delays"];
  readonly drawn?: LabOptions["drawn"];
  readonly strange?: LabOptions["strange"];
  /** Servers of each cluster, three at least. @default 3 */
  readonly nodes?: LabOptions["nodes"];
  /** Seconds between a phone's keepalives. @default 10 */
  readonly keepalive?: number;
  /** Where RSA keys are kept from start to start; null makes new ones. @default a private cache of this user */
  readonly pki?: string | null;
  readonly phone?: Pick<PhonesOptions, "switches" | "caps" | "timing">;
  /** How many of the phones, the first ones, or which have their web access on. @default 0 */
  readonly webAccess?: number | readonly string[];
  /** Phones of which somebody has switched Alternate TFTP on, with the source's TFTP servers typed in. */
  readonly alternateTftp?: readonly string[];
  /** Key pairs that the phones' LSCs share, for labs of many phones: making keys takes long. @default each its own */
  readonly lscKeys?: number;
  /** Voice subnets that the phones are spread over, in the order of their names. @default 1 */
  readonly subnets?: number;
  /** Phones that have a MIC and no LSC. */
  readonly withoutLsc?: readonly string[];
  readonly progress?: (line: string) => void;
  /** Ends the lab, also while it starts. */
  readonly signal?: AbortSignal;
}

export interface Lab {
  readonly site: Site;
  /** Credentials, and where the site file is: what the environment must hold for a plan or an apply against this lab. */
  readonly env: { readonly [name: string]: string };
  readonly directory: string;
  /** What was drawn for this start, in words. */
  readonly drawn: readonly string[];
  /** Why it is the lab's own DHCP server; null for a real Kea. */
  readonly whyNotKea: string | null;
  /** Resolves with a sentence when one of its processes ends that nobody asked to. */
  readonly broken: Promise<string>;
  /** Ends everything and removes what it leaves outside its directory. */
  close(): Promise<void>;
}

const SUBNET = "10.1.20.0/24";
const VERSIONS: { readonly [name in ClusterName]: string } = {
  source: "10.5.2.11900-3",
  destination: "11.0.1.10000-10",
};

/** Something was asked that no lab can be; nothing was started or written. */
export class LabOptionsError extends Error {
  override readonly name = "LabOptionsError";
}

/**
 * @throws LabOptionsError
 * @throws Error when a lab runs in that directory already, or something does not start; nothing is left running.
 */
export async function startLab(options: StartOptions = {}): Promise<Lab> {
  checkCounts(options);
  const directory = resolve(options.directory ?? ".lab");
  claimDirectory(directory);
  const family = new Family(directory);
  const abort = () => void family.close();
  options.signal?.addEventListener("abort", abort);
  try {
    const started = await start(options, directory, family);
    return { ...started, directory, broken: family.broken(), close: () => family.close() };
  } catch (error) {
    await family.close();
    throw options.signal?.aborted ? new Error("the lab was ended while it started", { cause: error }) : error;
  }
}

/** The lab's processes, in the order of their start, on disk too. */
class Family {
  private readonly children: Child<unknown>[] = [];
  private readonly others: ProcessMark[] = [];
  private readonly temporary: string[] = [];
  private closing: Promise<void> | null = null;

  constructor(private readonly directory: string) {
    this.write();
  }

  async spawn<R>(name: string, script: string, options: unknown): Promise<Child<R>> {
    const child = await spawnChild<R>(name, script, options, this.directory);
    if (this.closing !== null) {
      await child.close();
      throw new Error("the lab is ending");
    }
    this.children.push(child);
    this.write();
    return child;
  }

  /** A grandchild and its directory: its own parent ends it, unless that was killed. */
  adopt(name: string, pid: number, directory: string): void {
    this.others.push(mark(name, pid));
    this.temporary.push(directory);
    this.write();
  }

  broken(): Promise<string> {
    return new Promise((report) => {
      for (const { name, ended } of this.children) {
        void ended.then((how) => {
          if (this.closing === null)
            report(`the lab's ${name} process ended (${how}); see ${this.directory}/${name}.log`);
        });
      }
    });
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      for (const child of [...this.children].reverse()) await child.close();
      for (const place of this.temporary) rmSync(place, { recursive: true, force: true });
      forgetLab(this.directory);
      removePidFile(this.directory);
    })();
    return this.closing;
  }

  private write(): void {
    const children = [...this.children.map((child) => mark(child.name, child.pid)), ...this.others];
    writePidFile(this.directory, {
      supervisor: mark("supervisor", process.pid),
      children,
      temporary: this.temporary,
    });
  }
}

async function start(
  options: StartOptions,
  directory: string,
  family: Family,
): Promise<Pick<Lab, "site" | "env" | "drawn" | "whyNotKea">> {
  const progress = options.progress ?? (() => {});
  const phones = phoneNames(options.phones);
  const stale = phones.slice(phones.length - (options.stale ?? 1));
  const webAccess =
    typeof options.webAccess === "object" ? options.webAccess : phones.slice(0, options.webAccess ?? 0);
  const subnets = spread(phones, options.subnets ?? 1);
  const credentials = drawCredentials();
  const network = `127.${randomInt(64, 250)}`;

  progress(
    `Starting two clusters of ${options.nodes ?? 3} nodes (the very first start makes their keys, which takes a while).`,
  );
  const cluster = (name: ClusterName): ClusterOptions => ({
    version: VERSIONS[name],
    ...credentials[name],
    ...options.clusters?.[name],
  });
  const clusters = await family.spawn<ClustersReady>("clusters", "lab/cluster/process.ts", {
    clusters: { source: cluster("source"), destination: cluster("destination") },
    network,
    phones,
    stale,
    webAccess,
    withoutLsc: options.withoutLsc,
    lscKeys: options.lscKeys,
    keepalive: options.keepalive ?? 10,
    sftp: credentials.sftp,
    pki: options.pki === undefined ? keyPoolDirectory() : options.pki,
    delays: options.delays,
    drawn: options.drawn,
    strange: options.strange,
    nodes: options.nodes,
    logs: join(directory, "logs"),
  } satisfies LabOptions);

  const taken = new Set<number>();
  const relay = `${network}.0.1`;
  const sourceTftp = clusters.ready.tftp.source;
  const clientPort = await freePort("udp", ["127.0.0.1", relay], taken);
  const dhcp = await family.spawn<DhcpReady>("dhcp", "lab/dhcp/process.ts", {
    kind: options.dhcp ?? dhcpFromEnvironment(),
    version: options.dhcpVersion,
    subnet: SUBNET,
    more: Object.keys(subnets).slice(1),
    tftp: sourceTftp,
    port: await freePort("udp", ["127.0.0.1"], taken),
    clientPort,
  } satisfies DhcpProcessOptions);
  const { kind, version, endpoint, address, port, why } = dhcp.ready;
  family.adopt(kind === "kea" ? "kea-dhcp4" : "dhcp", dhcp.ready.pid, dhcp.ready.directory);
  progress(
    `DHCP: ${kind === "kea" ? `a real Kea ${version}` : `the lab's own server, as Kea ${version} (${why})`}.`,
  );

  const web = await webServers(webAccess, network, taken);
  const { source, destination } = clusters.ready;
  const phonesDirectory = join(directory, "phones");
  preparePhones(
    phonesDirectory,
    clusters.ready.phones,
    sourceTftp,
    options.phone?.caps?.sbd ?? DEFAULT_CAPABILITIES.sbd,
  );
  const phoneProcess = await family.spawn<PhonesReady>("phones", "lab/phone/process.ts", {
    directory: phonesDirectory,
    phones,
    prepared: true,
    tftpPort: clusters.ready.source.ports.tftpHttp,
    dhcp: { address: relay, port: clientPort, server: { address, port }, link: addressOf(SUBNET) },
    links: Object.fromEntries(
      Object.entries(subnets).flatMap(([subnet, names]) => names.map((name) => [name, addressOf(subnet)])),
    ),
    ...options.phone,
    ...(web !== null && {
      web: {
        ...web,
        trustListPages: [...source.spellings.trustListPages, ...destination.spellings.trustListPages],
      },
    }),
    alternateTftp: Object.fromEntries((options.alternateTftp ?? []).map((name) => [name, sourceTftp])),
  } satisfies PhonesOptions);

  const site: Site = {
    source: { ...source, ports: { ...source.ports, ...(web && { phoneHttp: web.port }) } },
    destination: { ...destination, ports: { ...destination.ports, ...(web && { phoneHttp: web.port }) } },
    sftp: clusters.ready.sftp!,
    dhcp: {
      kind,
      version,
      endpoints: [endpoint],
      subnet: SUBNET,
      subnets,
      server: { address, port, clientPort },
    },
    phones: { healthy: phones.filter((name) => !stale.includes(name)), stale },
    control: { clusters: clusters.ready.control, phones: phoneProcess.ready.control },
  };
  const siteFile = join(directory, "site.json");
  // Also for who runs a program in another folder, or has sourced another lab before.
  const env = { ...environmentOf(credentials), LAB_SITE: siteFile };
  writeFileSync(join(directory, "env.sh"), exportLines(env), { mode: 0o600 });
  writeFileSync(siteFile, `${JSON.stringify(site, null, 2)}\n`);

  progress(`Waiting for ${phones.length} phones to register with the source.`);
  const onSource = new Set(Object.values(site.source.nodeAddresses));
  await phonesWhen(
    site.control.phones,
    (phone) => onSource.has(phone.registered?.address ?? ""),
    60_000 + 150 * phones.length,
  );
  return { site, env, drawn: clusters.ready.drawn, whyNotKea: why };
}

/** What {@link SUBNET} has addresses for. */
const FIRST_POOL = 120;

/** Phones by the subnet that they sit in, evenly as far as there is room. */
function spread(phones: readonly string[], count: number): { readonly [subnet: string]: readonly string[] } {
  const first = count === 1 ? phones.length : Math.min(FIRST_POOL, Math.ceil(phones.length / count));
  const size = Math.ceil((phones.length - first) / Math.max(1, count - 1));
  const others = Array.from({ length: count - 1 }, (_, i) => [
    `10.${41 + i}.0.0/22`,
    phones.slice(first + i * size, first + (i + 1) * size),
  ]);
  return Object.fromEntries([[SUBNET, phones.slice(0, first)], ...others]);
}

const addressOf = (subnet: string) => subnet.split("/")[0]!;

/** An address of its own for each phone, and one port for all; null for nobody. */
async function webServers(phones: readonly string[], network: string, taken: Set<number>) {
  if (phones.length === 0) return null;
  const addresses = phones.map((_, i) => `${network}.${30 + Math.floor(i / 250)}.${1 + (i % 250)}`);
  return {
    addresses: Object.fromEntries(phones.map((name, i) => [name, addresses[i]!])),
    port: await freePort("tcp", addresses, taken),
  };
}

function phoneNames(wanted: StartOptions["phones"]): readonly string[] {
  if (Array.isArray(wanted)) return [...(wanted as readonly string[])].sort();
  const count = (wanted as number | undefined) ?? PHONE_NAMES.length;
  if (count < 1 || count > PHONE_NAMES.length)
    throw new LabOptionsError(`The lab has 1 to ${PHONE_NAMES.length} phones, not ${count}.`);
  return PHONE_NAMES.slice(0, count);
}

/** How many are wanted of the phones must be there. @throws LabOptionsError */
function checkCounts({ phones, stale = 0, webAccess = 0 }: StartOptions): void {
  const all = phoneNames(phones).length;
  const wanted = { "a stale ITL": stale, "web access": typeof webAccess === "number" ? webAccess : 0 };
  for (const [what, count] of Object.entries(wanted))
    if (count > all) throw new LabOptionsError(`${count} phones cannot have ${what}: the lab has ${all}.`);
}

function dhcpFromEnvironment(): DhcpProcessOptions["kind"] {
  const wanted = process.env.PHONE_MIGRATION_LAB_DHCP ?? "";
  if (wanted === "") return "auto";
  if (wanted === "lab" || wanted === "kea") return wanted;
  throw new Error(`PHONE_MIGRATION_LAB_DHCP is "${wanted}"; it may be lab or kea`);
}
