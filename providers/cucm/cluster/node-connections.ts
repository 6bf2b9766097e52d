/** Everything that talks to one node, made when it is first needed. */
import type { Certificate } from "../../../trust/certificate";
import type { TvsRefusal } from "../../../trust/tvs-refusals";
import { Shared } from "./budget";
import type { CertificateAccess, ListedCertificate } from "./certificate-access";
import type { IdentityUnit, ServiceName, TvsAnswer, TvsQuestions } from "./cluster";
import type { ClusterConfig, HostIdentity } from "./config";
import { type Endpoint, failure } from "./failure";
import type { Log } from "./log";
import { NodeCertificates } from "./node-certificates";
import type { RefusedCredentials } from "./refused-credentials";
import { BulkCommands } from "./transports/bulk-commands";
import { CertificateCommands } from "./transports/certificate-commands";
import { CertificateRest } from "./transports/certificate-rest";
import { CertificateWeb } from "./transports/certificate-web";
import { activeVersion } from "./transports/cli-text";
import { ControlCenter } from "./transports/control-center";
import { MODERN } from "./transports/cryptography";
import { CtlCommands } from "./transports/ctl-commands";
import { listens } from "./transports/listening";
import { LogCollection } from "./transports/log-collection";
import { PlatformServer } from "./transports/platform-server";
import { SoapServer, type SoapServerOptions } from "./transports/soap";
import { Tftp } from "./transports/tftp";
import { proofOf } from "./transports/verified-tls";
import { type CliChannel, type TvsChannel, WIRE, type Wire } from "./transports/wire";
import { TrustFiles } from "./trust-files";
import { tvsQuestions, tvsRefusals } from "./tvs-questions";

/** Requests at a time to one service of one node. */
const CONCURRENCY = 4;
/** Bytes of all certificates of a node, and of one web page, which takes more work to read. */
const SNAPSHOT_LIMIT = 16 * 1024 * 1024;
const PAGE_LIMIT = 2 * 1024 * 1024;
/** From Started to listening. */
const LISTENING_MS = 15_000;

/** What the cluster has refused, by account. */
export interface Refused {
  readonly platform: RefusedCredentials;
  readonly application: RefusedCredentials;
}

export class NodeConnections {
  readonly at: Endpoint;
  readonly certificates: CertificateAccess;
  /** Each way by itself, whatever {@link certificates} chooses. */
  readonly ways: {
    readonly cli: CertificateCommands;
    readonly rest: CertificateRest;
    readonly web: CertificateWeb;
  };
  readonly bulk: BulkCommands;
  readonly ctl: CtlCommands;
  readonly trustFiles: TrustFiles;
  readonly axl: SoapServer;
  readonly ris: SoapServer;
  readonly tftp: Tftp;
  readonly controlCenter: ControlCenter;
  readonly logs: LogCollection;
  readonly #controlCenterServer: SoapServer;
  readonly #logServer: SoapServer;
  readonly #cli: CliChannel;
  readonly #platform: readonly [PlatformServer, PlatformServer];
  readonly #tvs: TvsChannel;
  readonly #own = new Shared<readonly ListedCertificate[]>();
  readonly #identities = new Map<IdentityUnit, Shared<Certificate | null>>();

  constructor(
    private readonly config: ClusterConfig,
    address: string,
    name: string | null,
    refused: Refused,
    /** The cluster's version. */
    release: (signal: AbortSignal) => Promise<string>,
    log: Log,
    wire: Wire = WIRE,
  ) {
    const { ports, identity, timeouts, spellings } = config;
    const cryptography = config.cryptography ?? MODERN;
    const requestMs = timeouts.request * 1000;
    this.at = { cluster: config.name, address, names: name === null || name === address ? [] : [name] };
    const soap = (service: string, role: string, options: Partial<SoapServerOptions> = {}) =>
      new SoapServer(
        {
          endpoint: this.at,
          port: ports.https,
          service: `${service} (TCP ${ports.https})`,
          proof: proofOf(identity, address),
          cryptography,
        },
        {
          credentials: config.application,
          refused: refused.application,
          timeoutMs: requestMs,
          concurrency: CONCURRENCY,
          role,
          keepSession: false,
          ...options,
        },
        log,
        wire,
      );
    this.axl = soap("AXL", "Standard AXL API Access", { keepSession: true });
    this.ris = soap("RIS", "Standard CCM Server Monitoring", { raiseBusy: true, concurrency: 1 });
    this.#controlCenterServer = soap("Control Center", "Standard CCM Server Maintenance");
    this.controlCenter = new ControlCenter(this.#controlCenterServer, this.at);
    this.#logServer = soap("Log collection", "Standard RealtimeAndTraceCollection", { concurrency: 1 });
    this.logs = new LogCollection(this.#logServer, this.at);
    this.#cli = wire.cli(
      {
        endpoint: this.at,
        port: ports.ssh,
        credentials: config.platform,
        refused: refused.platform,
        hostKeys: hostKeys(identity, address),
        cryptography,
      },
      log,
    );
    const platform = (service: string, limit: number) =>
      new PlatformServer(
        {
          endpoint: this.at,
          port: ports.platform,
          service: `${service} (TCP ${ports.platform})`,
          proof: proofOf(identity, address),
          cryptography,
        },
        { credentials: config.platform, refused: refused.platform, timeoutMs: requestMs, limit },
        log,
        wire,
      );
    this.#platform = [
      platform("Certificate Management", SNAPSHOT_LIMIT),
      platform("OS administration", PAGE_LIMIT),
    ];
    const cli = new CertificateCommands(this.#cli, this.at, spellings, requestMs);
    const rest = new CertificateRest(this.#platform[0], spellings.restService, cli);
    const web = new CertificateWeb(this.#platform[1], spellings.webForms);
    this.ways = { cli, rest, web };
    this.certificates = new NodeCertificates(config.certificateTransport ?? "auto", this.ways, release, log);
    this.bulk = new BulkCommands(this.#cli, this.at, spellings, requestMs);
    this.ctl = new CtlCommands(this.#cli);
    this.trustFiles = new TrustFiles(this.certificates);
    this.tftp = new Tftp(this.at, ports.tftpHttp, requestMs, log, wire);
    this.#tvs = wire.tvs(
      this.at,
      { port: ports.tvs, cryptography, client: config.tvsClient, timeoutMs: requestMs },
      log,
    );
  }

  /** The release as this node's own CLI tells it, whatever AXL says; null when it does not. @throws ClusterError */
  async versionOnCli(signal: AbortSignal): Promise<string | null> {
    const timeoutMs = this.config.timeouts.request * 1000;
    return activeVersion(await this.#cli.run({ line: "show version active", timeoutMs }, signal));
  }

  /** null when the node has no certificate of that unit. */
  identityCertificate(unit: IdentityUnit, signal: AbortSignal): Promise<Certificate | null> {
    let shared = this.#identities.get(unit);
    if (shared === undefined) {
      shared = new Shared();
      this.#identities.set(unit, shared);
    }
    return shared.get(signal, async (inner) => {
      const own = await this.#own.get(inner, (each) => this.certificates.list("own", each));
      const listed = own.find((each) => each.unit === unit && each.file === `${unit}.pem`);
      if (listed === undefined) return null;
      return listed.certificate ?? this.certificates.show("own", listed, inner);
    });
  }

  /** The server must show the node's TVS certificate, as phones demand by their ITL; or a pinned one, unless `by` is `own`. */
  async askTvs(
    certificate: Certificate,
    signal: AbortSignal,
    by: "own" | "own or pinned" = "own or pinned",
  ): Promise<TvsAnswer> {
    const own = await this.identityCertificate("TVS", signal);
    const pins = proofOf(this.config.identity, this.at.address);
    const pinned = by === "own or pinned" && pins.kind === "pin" ? pins.sha256 : [];
    const accepted = [...(own ? [own.sha256] : []), ...pinned];
    if (accepted.length > 0) return this.#tvs.ask(certificate, accepted, signal);
    throw failure(
      this.at,
      "identity",
      `The TVS of ${this.at.address} cannot be verified`,
      "The node has no TVS certificate.",
    );
  }

  tvsQuestions(signal: AbortSignal): Promise<TvsQuestions> {
    return tvsQuestions(this.logs, signal);
  }

  tvsRefusals(signal: AbortSignal): Promise<ReadonlyMap<string, TvsRefusal>> {
    return tvsRefusals(this.logs, signal);
  }

  checkRestart(service: ServiceName, signal: AbortSignal): Promise<void> {
    return this.controlCenter.check(service, signal);
  }

  async startedAt(service: ServiceName, signal: AbortSignal): Promise<Date | null> {
    const { upTime = -1 } = (await this.controlCenter.status(service, signal)) ?? {};
    return upTime < 0 ? null : new Date(Date.now() - upTime * 1000);
  }

  /** Returns when it is Started again and, as far as it has a port that we know, listens. */
  async restart(service: ServiceName, progress: (line: string) => void, signal: AbortSignal): Promise<void> {
    const { ports, timeouts } = this.config;
    await this.controlCenter.restart(service, timeouts.restart * 1000, progress, signal);
    const port = {
      "Cisco Trust Verification Service": ports.tvs,
      "Cisco Tftp": ports.tftpHttp,
      "Cisco CallManager": null,
    }[service];
    if (port === null || (await listens(this.at.address, port, LISTENING_MS, signal))) return;
    // Perhaps only we cannot reach it; whoever asks the service next will tell.
    progress(`${service} on ${this.at.address} is Started, but TCP ${port} takes no connection from here`);
  }

  close(): void {
    const servers = [this.axl, this.ris, this.#controlCenterServer, this.#logServer];
    for (const open of [...servers, this.#cli, this.tftp, ...this.#platform]) open.close();
  }
}

function hostKeys(identity: HostIdentity, address: string): readonly string[] {
  return [...(identity.sshSha256[address] ?? []), ...(identity.sshSha256["*"] ?? [])];
}
