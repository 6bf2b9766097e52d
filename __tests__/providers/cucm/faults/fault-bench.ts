/** The source of a lab behind proxies, and one run of the provider against it, in process. */

import { generateKeyPairSync } from "node:crypto";
import { issue } from "../../../../lab/cluster/pki/issue";
import { freePort } from "../../../../lab/cluster/servers/listener";
import type { RunningClusters } from "../../../../lab/cluster/start";
import type { ClusterState, State } from "../../../../lab/cluster/state";
import { ClusterError, type Operation } from "../../../../providers/cucm/cluster/cluster";
import type { CertificateTransport, ClusterConfig } from "../../../../providers/cucm/cluster/config";
import { type ConnectedCluster, connectCluster } from "../../../../providers/cucm/cluster/connect";
import { makeCucmProvider } from "../../../../providers/cucm/provider";
import type { Certificate } from "../../../../trust/certificate";
import { Role } from "../../../../trust/roles";
import { parseTrustList } from "../../../../trust/trust-list";
import { identity } from "../cluster/fakes/identities";
import { labConfig, startBoth } from "../cluster/fakes/lab-cluster";
import { FakeCore, type FakeInstance, providerFor } from "../fake-core";
import { BenchPhone } from "./bench-phone";
import { Director, type Exchange, type FaultCase } from "./director";
import { HttpProxy } from "./http-proxy";
import { type PortName, type Ports, SpoiledNode } from "./spoiled-node";
import { newHostKey, SshProxy } from "./ssh-proxy";
import { TvsProxy } from "./tvs-proxy";

/** Shorter than elsewhere: hundreds of runs wait for them. */
const SWIFT = {
  replication: [0.02, 0.05],
  serviceStop: [0.02, 0.05],
  serviceStart: [0.02, 0.05],
  tvsReload: [0.1, 0.2],
  cliBanner: [0, 0.01],
  cliCommand: [0, 0.01],
} as const;
/** Its password is the same wherever it is written, so that it is found if it leaks. */
export const ACCOUNT = { username: "someone", password: "s0mething-S3cret" };
const PHONE = "SEP001122334455";
export const STORES = ["Phone-SAST-trust", "CAPF-trust"] as const;
const PORTS: readonly PortName[] = ["ssh", "https", "platform", "tftpHttp", "tvs"];
/** Seconds: what a run may take is some of these. */
const TIMEOUTS = { replication: 4, restart: 5, request: 3 } as const;

/** What a step read, as one line that can be compared; null: it says itself that something could not be read. */
type Reading = string | null;

export interface Ran {
  /** Diagnostics as core shows them, and errors of the facade likewise. */
  readonly said: readonly string[];
  readonly proven: boolean;
  /** What was read by the steps that did not say that it could not be: whoever reads it takes it for the truth. */
  readonly readings: ReadonlyMap<Step, string>;
}

interface Proxy {
  listen(port: number): Promise<void>;
  close?(): void;
  forget?(): void;
}

export class FaultBench {
  readonly director = new Director();
  private readonly opened: ConnectedCluster[] = [];

  private constructor(
    readonly lab: RunningClusters,
    private readonly nodes: readonly SpoiledNode[],
    private readonly proxies: readonly Proxy[],
    private readonly through: Partial<ClusterConfig>,
    /** What is imported. */
    readonly certificate: Certificate,
    /** Registered on the publisher, which it reaches without a proxy. */
    readonly phone: BenchPhone,
    /** What TVS is asked about beside it: the publisher's own. */
    readonly known: Certificate,
  ) {}

  static async start(): Promise<FaultBench> {
    const version = "14.0.1.10000-20";
    const lab = await startBoth(
      { source: version, destination: version },
      { account: ACCOUNT, each: { risPerMinute: 6000 }, phones: [PHONE], keepalive: 3600, delays: SWIFT },
    );
    const { source } = lab.ready;
    const real = source.ports as unknown as Ports;
    const addresses = Object.values(source.nodeAddresses);
    const taken = new Set<number>(Object.values(real));
    const ports: { [port in PortName]?: number } = {};
    for (const port of PORTS) {
      ports[port] = await freePort(addresses, taken);
      taken.add(ports[port]);
    }
    const server = identity("proxy");
    const hostKey = newHostKey();
    const { registrationPort } = lab.ready;
    const place = { address: source.publisher, registration: registrationPort, tvs: source.ports.tvs };
    const phone = new BenchPhone(lab.ready.phones[0]!, place);
    await phone.register();
    const bench = new FaultBench(lab, [], [], {}, newcomer(), phone, ownCallManager(lab));
    const nodes: SpoiledNode[] = [];
    const proxies: Proxy[] = [];
    for (const [name, address] of Object.entries(source.nodeAddresses)) {
      const node = new SpoiledNode({ name, address }, bench.director, real);
      nodes.push(node);
      const made: { readonly [port in PortName]: Proxy } = {
        ssh: new SshProxy(node, hostKey, source.sshSha256[address]![0]!),
        https: new HttpProxy(node, "https", server),
        platform: new HttpProxy(node, "platform", server),
        tftpHttp: new HttpProxy(node, "tftpHttp", null),
        tvs: new TvsProxy(node, server),
      };
      for (const port of PORTS) await made[port].listen(ports[port]!);
      proxies.push(...Object.values(made));
    }
    const pins = (pin: string) => Object.fromEntries(addresses.map((address) => [address, [pin]]));
    const through: Partial<ClusterConfig> = {
      ports: { ...(ports as Ports), phoneHttp: 1 },
      identity: {
        tlsSha256: pins(server.certificate.sha256),
        sshSha256: pins(hostKey.fingerprint),
        caPem: null,
      },
      timeouts: TIMEOUTS,
    };
    return Object.assign(bench, { nodes, proxies, through });
  }

  async close(): Promise<void> {
    await this.heal();
    this.phone.close();
    for (const proxy of this.proxies) proxy.close?.();
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.lab.close();
  }

  spoil(order: FaultCase): void {
    this.director.spoil(order);
  }

  /** The proxies answer as the nodes do again, and the last run's connections are gone. */
  async heal(): Promise<void> {
    this.director.heal();
    await Promise.all(this.opened.splice(0).map((cluster) => cluster.close()));
    await Promise.all(this.nodes.map((node) => node.heal()));
    for (const proxy of this.proxies) proxy.forget?.();
  }

  newRun(way: CertificateTransport): Promise<Run> {
    return Run.start(way, this);
  }

  connect(way: CertificateTransport): ConnectedCluster {
    const accounts = { platform: ACCOUNT, application: ACCOUNT };
    const cluster = connectCluster(
      labConfig(
        "source",
        this.lab.ready.source,
        accounts,
        {},
        { ...this.through, certificateTransport: way },
      ),
    );
    this.opened.push(cluster);
    return cluster;
  }

  /** What the nodes have, by the lab itself. */
  async state(): Promise<ClusterState> {
    const state = (await (await fetch(`${this.lab.ready.control}/state`)).json()) as State;
    return state.clusters.source;
  }

  /** As before the import. */
  async takeAway(): Promise<void> {
    for (const store of STORES) {
      const body = JSON.stringify({
        kind: "remove-trust",
        cluster: "source",
        store,
        sha256: this.certificate.sha256,
        scope: "cluster",
        reload: true,
      });
      await fetch(`${this.lab.ready.control}/fault`, { method: "POST", body });
    }
  }
}

/** One process of the provider after the other, with the state between them. */
export class Run {
  private constructor(
    private readonly bench: FaultBench,
    private readonly core: FakeCore,
    private readonly memberships: FakeInstance,
    private readonly proof: FakeInstance,
    private readonly facade: { cluster: ConnectedCluster | null },
  ) {}

  static async start(way: CertificateTransport, bench: FaultBench): Promise<Run> {
    providerFor();
    const facade: { cluster: ConnectedCluster | null } = { cluster: null };
    const provider = makeCucmProvider(() => {
      facade.cluster = bench.connect(way);
      return facade.cluster;
    });
    const core = await FakeCore.over(provider, ["source"]);
    const [memberships, proof] = ["cucm_trust_memberships", "cucm_tvs_proof"].map((type) =>
      core.resource(type),
    );
    return new Run(bench, core, memberships!, proof!, facade);
  }

  /** Reads, imports, restarts TVS, proves, and asks what a forecast would ask; or one of these steps. */
  async go(only?: Step): Promise<Ran> {
    await this.core.configure(["source"]);
    const said: string[] = [];
    const readings = new Map<Step, string>();
    for (const step of only === undefined ? STEPS : [only]) {
      this.bench.director.step = step;
      try {
        const taken = await this.#take(step);
        said.push(...taken.said);
        if (!taken.said.some(tellsOfLoss) && taken.reading !== null) readings.set(step, taken.reading);
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        said.push(`error: ${error.summary} / ${error.detail}`);
      }
    }
    const proven = this.memberships.state !== null && this.proof.state?.proven === true;
    return { said, proven, readings };
  }

  /** Whether nothing is left to do. */
  async isDone(): Promise<boolean> {
    return (await this.memberships.plan(this.#wanted)).action === "no-op";
  }

  get #wanted() {
    const { pem, sha256 } = this.bench.certificate;
    return { cluster: "source", certificates: { [sha256]: { pem, stores: STORES } } };
  }

  async #take(step: Step): Promise<{ readonly said: readonly string[]; readonly reading: Reading }> {
    const { core, memberships, proof, bench } = this;
    const cluster = { cluster: "source" };
    const facade = this.facade.cluster ?? bench.connect("cli");
    const op: Operation = { signal: new AbortController().signal };
    const publisher = async () => (await facade.nodes(op)).find(({ role }) => role === "publisher")!;
    switch (step) {
      case "cluster":
      case "signers": {
        const { said, state } = await core.readData(`cucm_${step}`, cluster);
        return { said, reading: line(state) };
      }
      case "plan": {
        const { said, action, planned } = await memberships.plan(this.#wanted);
        return { said, reading: line([action, planned]) };
      }
      case "memberships":
        return { said: await memberships.apply(this.#wanted), reading: line(memberships.state) };
      case "proof": {
        // What a failed import skips.
        if (memberships.state === null) return { said: [], reading: null };
        const { pem, sha256 } = bench.certificate;
        const { generation } = memberships.state;
        const said = await proof.apply({ ...cluster, signers: { [sha256]: pem }, generation });
        return { said, reading: line(proof.state) };
      }
      case "registrations": {
        const { phones, silent } = await facade.registrations([PHONE], op);
        const seen = [...phones.values()].map(({ timestamp: _, ...phone }) => phone);
        return { said: [], reading: silent.length > 0 ? null : line(seen) };
      }
      case "logs": {
        // A node keeps so many lines and no more.
        await bench.phone.askTvs(bench.known);
        const { asked, read, dated } = await facade.tvsQuestions(await publisher(), op);
        // The oldest is of any time, and never read.
        return { said: [], reading: read < dated - 1 ? null : line([...asked.keys()]) };
      }
      case "tvs": {
        const answer = await facade.askTvs(await publisher(), bench.known, op);
        const told = answer.kind === "vouched" ? [answer.certificate.sha256, answer.roles] : [];
        return { said: [], reading: line([answer.kind, ...told]) };
      }
      case "reset": {
        const before = bench.phone.resets;
        await facade.resetPhone(PHONE, op);
        await bench.phone.after(before);
        return { said: [], reading: `reset ${bench.phone.resets - before} times` };
      }
    }
  }
}

/** A warning may also say what was not so: that a node has no CTL is no word of a CTL that could not be read. */
const tellsOfLoss = (said: string) =>
  /^error|^warning: (Not read|No proof)|not a valid signed file|The signature of .* is wrong|could not be read/.test(
    said,
  );

const line = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "symbol" ? String(part) : part));

export const STEPS = [
  "cluster",
  "signers",
  "plan",
  "memberships",
  "proof",
  "registrations",
  "logs",
  "tvs",
  "reset",
] as const;
export type Step = (typeof STEPS)[number];

/** Imports that a node was told to make. */
export const isImport = ({ transport, operation }: Exchange) =>
  (transport === "cli" && operation.startsWith("set cert import")) ||
  (transport === "rest" && operation.startsWith("POST ")) ||
  (transport === "web" && /^POST .*Upload/.test(operation));

function ownCallManager({ ready }: RunningClusters): Certificate {
  const itl = parseTrustList(Buffer.from(ready.phones[0]!.itl, "base64"));
  return itl.records.find(({ role, certificate }) => role === Role.CCM_TFTP && certificate !== undefined)!
    .certificate!;
}

function newcomer(): Certificate {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const notBefore = new Date(Date.now() - 86_400_000);
  const notAfter = new Date(Date.now() + 86_400_000 * 365);
  return issue({ subject: [["CN", "cucm-of-elsewhere"]], key, notBefore, notAfter }).certificate;
}
