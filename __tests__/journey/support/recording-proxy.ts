/**
 * Proxies between the providers and a lab that list every outbound write of a run. A declaration that is made from
 * {@link RecordingProxy.site} goes through them: the same addresses on other ports, and another control socket of
 * Kea. They end TLS and SSH with identities of their own, which that site pins, so they see what is said; what they
 * know of no protocol (TFTP's GET, the questions to TVS) has no writes and stays direct.
 *
 * Whatever is not known to be a read counts as a write. Writes go one at a time: one is let through when the one
 * before it was answered, so that a run can be stopped after exactly this one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site, SiteCluster } from "../../../lab/site";
import { freePort } from "../../../lab/supervise/ports";
import { HttpsProxy } from "./recording-proxy-https";
import { KeaProxy } from "./recording-proxy-kea";
import { SshProxy } from "./recording-proxy-ssh";

export interface Write {
  /** For people: where, and what. */
  readonly words: string;
  /** The provider that made it. */
  readonly by: "cucm" | "dhcp";
  /** The configuration that Kea was told to take. */
  readonly document?: unknown;
}

/** Called when the far side has answered a write, before its client hears of it. */
export type OnWrite = (write: Write, index: number) => Promise<void>;

/** What the proxies tell of. */
export class WriteLog {
  private writes: Write[] = [];
  private onWrite: OnWrite = async () => {};
  private turn: Promise<unknown> = Promise.resolve();
  private dead: Write["by"] | null = null;

  /**
   * Lets one write through.
   * @param wanted whether its client still lives when its turn has come; a write that waited is not made otherwise
   * @param make sends it, and resolves to its words when it is answered or its connection has ended; to null when
   *   the answer shows that it was none
   */
  pass(
    by: Write["by"],
    wanted: () => boolean,
    make: () => Promise<Pick<Write, "words" | "document"> | null>,
  ): Promise<void> {
    const mine = this.turn.then(async () => {
      if (this.dead === by || !wanted()) return;
      const made = await make();
      if (made === null) return;
      const write = { by, ...made };
      this.writes.push(write);
      await this.onWrite(write, this.writes.length);
    });
    this.turn = mine.catch(() => {});
    return mine;
  }

  /** A provider was killed: what it had begun to send goes nowhere. The end of a connection is noticed too late. */
  bury(by: Write["by"]): void {
    this.dead = by;
  }

  /** Begins a new list. */
  restart(onWrite: OnWrite): void {
    this.writes = [];
    this.onWrite = onWrite;
    this.dead = null;
  }

  get list(): readonly Write[] {
    return this.writes;
  }
}

export class RecordingProxy {
  private constructor(
    /** The lab as a declaration should see it. */
    readonly site: Site,
    readonly log: WriteLog,
    private readonly parts: readonly { close(): void }[],
  ) {}

  static async start(site: Site): Promise<RecordingProxy> {
    const directory = mkdtempSync(join(tmpdir(), "pm-proxy-"));
    const log = new WriteLog();
    const nodes = [...nodesOf(site.source), ...nodesOf(site.destination)];
    const taken = new Set<number>();
    const addresses = nodes.map(({ address }) => address);
    const ports = {
      ssh: await freePort("tcp", addresses, taken),
      https: await freePort("tcp", addresses, taken),
    };
    const kea = new KeaProxy(join(directory, "kea.sock"), site.dhcp.endpoints[0]!, log);
    const https = new HttpsProxy(log);
    const ssh = new SshProxy(log);
    await Promise.all([
      kea.listen(),
      ...nodes.flatMap((node) => [https.listen(node, ports.https), ssh.listen(node, ports.ssh)]),
    ]);
    const seenThrough = (cluster: SiteCluster): SiteCluster => {
      const all = (pin: string) =>
        Object.fromEntries(Object.values(cluster.nodeAddresses).map((address) => [address, [pin]]));
      return {
        ...cluster,
        ports: { ...cluster.ports, ...ports },
        tlsSha256: all(https.sha256),
        sshSha256: all(ssh.fingerprint),
      };
    };
    const seen: Site = {
      ...site,
      source: seenThrough(site.source),
      destination: seenThrough(site.destination),
      dhcp: { ...site.dhcp, endpoints: [kea.endpoint] },
    };
    const files = { close: () => rmSync(directory, { recursive: true, force: true }) };
    return new RecordingProxy(seen, log, [kea, https, ssh, files]);
  }

  close(): void {
    for (const part of this.parts) part.close();
  }
}

/** One node behind the proxies, with the identity that it must show to them. */
export interface ProxiedNode {
  readonly name: string;
  readonly address: string;
  readonly sshPort: number;
  readonly httpsPort: number;
  readonly tlsSha256: readonly string[];
  readonly sshSha256: readonly string[];
}

function nodesOf(cluster: SiteCluster): ProxiedNode[] {
  return Object.entries(cluster.nodeAddresses).map(([name, address]) => ({
    name,
    address,
    sshPort: cluster.ports.ssh,
    httpsPort: cluster.ports.https,
    tlsSha256: cluster.tlsSha256[address] ?? [],
    sshSha256: cluster.sshSha256[address] ?? [],
  }));
}
