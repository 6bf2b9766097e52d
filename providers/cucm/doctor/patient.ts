/** One cluster under examination: its connections, and what was read of it already. Each question is asked once. */
import { isIPv4 } from "node:net";
import type { Certificate } from "../../../trust/certificate";
import { RateWindow } from "../cluster/budget";
import type { ListedCertificate } from "../cluster/certificate-access";
import { ClusterError, type ClusterNode, type IdentityUnit, type TrustStore } from "../cluster/cluster";
import type { ClusterConfig } from "../cluster/config";
import { messageOf } from "../cluster/failure";
import type { Log } from "../cluster/log";
import { clusterNodes } from "../cluster/names";
import { REST_SINCE } from "../cluster/node-certificates";
import { NodeConnections } from "../cluster/node-connections";
import { RefusedCredentials } from "../cluster/refused-credentials";
import { Axl } from "../cluster/transports/axl";
import type { WebFacts } from "../cluster/transports/certificate-web";
import type { LogFile } from "../cluster/transports/log-collection";
import { PhoneWeb } from "../cluster/transports/phone-web";
import { NotOffered } from "../cluster/transports/platform-server";
import { Ris } from "../cluster/transports/ris";
import { WIRE, type Wire } from "../cluster/transports/wire";

export class Patient {
  readonly axl: Axl;
  readonly #publisher: NodeConnections;
  readonly #nodes = new Map<string, NodeConnections>();
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #refused = { platform: new RefusedCredentials(), application: new RefusedCredentials() };
  readonly #ris: Ris;
  readonly #phones: PhoneWeb;

  constructor(
    readonly config: ClusterConfig,
    readonly signal: AbortSignal,
    private readonly log: Log,
    private readonly wire: Wire = WIRE,
  ) {
    this.#publisher = this.#connect(config.publisher, null);
    this.axl = new Axl(this.#publisher.axl, this.#publisher.at, log);
    this.#ris = new Ris(this.#publisher.ris, this.#publisher.at, new RateWindow(config.risPerMinute), log);
    const { trustListPages } = config.spellings;
    this.#phones = new PhoneWeb({ port: config.ports.phoneHttp, trustListPages }, log, wire);
  }

  /** Failures are kept, too: what was refused once is not asked again. */
  once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.#answers.set(question, answer);
    return answer;
  }

  /** As AXL tells it. */
  release = (): Promise<string> => this.once("release", () => this.axl.version(this.signal));

  /** Where AXL does not tell it, as the publisher's CLI does. @throws what AXL answered, when neither does */
  installed = (): Promise<string> =>
    this.once("installed", () =>
      this.release().catch(async (error: unknown) => {
        const told = await this.#publisher.versionOnCli(this.signal).catch(() => null);
        if (told === null) throw error;
        return told;
      }),
    );

  /** First number of the release. */
  async major(): Promise<number> {
    return Number.parseInt(await this.installed(), 10);
  }

  services = () => this.once("services", () => this.axl.nodeServices("%", this.signal));
  table = () => this.once("table", () => this.axl.processNodes(this.signal));

  nodes = (): Promise<readonly ClusterNode[]> =>
    this.once("nodes", async () => {
      const [table, services] = await Promise.all([this.table(), this.services()]);
      return clusterNodes(this.config, table, services, this.signal);
    });

  /** Enterprise parameter ClusterSecurityMode; undefined when there is none. */
  securityMode = (): Promise<string | undefined> =>
    this.once("security mode", async () => {
      const name = "ClusterSecurityMode";
      return (await this.axl.parameters([name], this.signal)).get(name);
    });

  sql = (statement: string) => this.once(statement, () => this.axl.sql(statement, this.signal));

  of(node: ClusterNode): NodeConnections {
    if (node.role === "publisher") return this.#publisher;
    const known = this.#nodes.get(node.address) ?? this.#connect(node.address, node.name);
    this.#nodes.set(node.address, known);
    return known;
  }

  /** As the CLI lists them. */
  listed = (node: ClusterNode, which: "own" | "trust"): Promise<readonly ListedCertificate[]> =>
    this.once(`${which} of ${node.name}`, () => this.of(node).ways.cli.list(which, this.signal));

  identity = (node: ClusterNode, unit: IdentityUnit): Promise<Certificate | null> =>
    this.once(`${unit} of ${node.name}`, () => this.of(node).identityCertificate(unit, this.signal));

  /** Of the stores, in the way that this cluster takes. */
  trusted = (node: ClusterNode): Promise<readonly ListedCertificate[]> =>
    this.once(`stores of ${node.name}`, async () => {
      const { certificateTransport = "auto" } = this.config;
      const byCli =
        certificateTransport === "cli" ||
        (certificateTransport === "auto" && (await this.major().catch(() => 0)) < REST_SINCE);
      return byCli ? this.listed(node, "trust") : this.of(node).certificates.list("trust", this.signal);
    });

  /** A certificate of that store, with its file; null when the store is empty. */
  firstOf = (node: ClusterNode, store: TrustStore) =>
    this.once(`first of ${store} of ${node.name}`, async () => {
      const listed = (await this.trusted(node)).find(({ unit }) => unit === store);
      if (listed === undefined) return null;
      const certificate = await this.of(node).certificates.show("trust", listed, this.signal);
      return certificate && { file: listed.file, certificate };
    });

  snapshot = (node: ClusterNode) =>
    this.once(`snapshot of ${node.name}`, () => this.of(node).ways.rest.snapshot(this.signal));

  web = (node: ClusterNode): Promise<WebFacts> =>
    this.once(`forms of ${node.name}`, () => this.of(node).ways.web.look(this.signal));

  served = (node: ClusterNode, file: string): Promise<Buffer | null> =>
    this.once(`${file} of ${node.name}`, () => this.of(node).tftp.file(file, this.signal));

  logs = (node: ClusterNode): Promise<readonly LogFile[]> =>
    this.once(`logs of ${node.name}`, () =>
      this.of(node).logs.list("Cisco Trust Verification Service", this.signal),
    );

  /** What TVS says of a certificate that its node has in its own `Phone-SAST-trust`; null when that is empty. */
  vouching = (node: ClusterNode) =>
    this.once(`TVS of ${node.name}`, async () => {
      const known = await this.firstOf(node, "Phone-SAST-trust");
      return known && (await this.of(node).askTvs(known.certificate, this.signal));
    });

  /** Whether TVS, which has answered, shows the node's TVS certificate, and not one that is merely pinned. */
  showsTvsCertificate = async (node: ClusterNode): Promise<boolean> => {
    const known = await this.firstOf(node, "Phone-SAST-trust");
    try {
      if (known === null) return false;
      await this.of(node).askTvs(known.certificate, this.signal, "own");
      return true;
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "identity") return false;
      throw error;
    }
  };

  /** Some phones, and where they are registered: one question to RIS. */
  registrations = () =>
    this.once("registrations", async () => {
      const rows = await this.sql(`select first ${PHONES} name from device where name like 'SEP%'`);
      const names = rows.map(({ name = "" }) => name).filter((name) => /^SEP[0-9A-F]{12}$/i.test(name));
      return { names, ...(await this.#ris.registrations(names, () => {}, this.signal)) };
    });

  /** Whether RIS finds one registered phone by its address; null when there is none among those. */
  foundByAddress = () =>
    this.once("by address", async () => {
      const { phones } = await this.registrations();
      const one = [...phones.values()].find(
        ({ status, address }) => status === "Registered" && address !== null && isIPv4(address),
      );
      if (one === undefined) return null;
      const found = await this.#ris.registrationsAt([one.address!], () => {}, this.signal);
      return found.phones.has(one.name);
    });

  /** The pages of one registered phone whose web access is on; null when there is none among those. */
  phonePages = () =>
    this.once("pages", async () => {
      const { phones } = await this.registrations();
      const open = [...phones.values()].find(
        ({ status, webAccess, address }) => status === "Registered" && webAccess && address !== null,
      );
      return open === undefined ? null : { pages: await this.#phones.pages(open.address!, this.signal) };
    });

  close(): void {
    for (const node of [this.#publisher, ...this.#nodes.values()]) node.close();
  }

  #connect(address: string, name: string | null): NodeConnections {
    return new NodeConnections(
      this.config,
      address,
      name,
      this.#refused,
      () => this.installed(),
      this.log,
      this.wire,
    );
  }
}

/** Enough for one that is registered. */
const PHONES = 25;

/** What an error says, a clause: also one that nobody thought of, which an answer that nobody thought of may make. */
export function reasonOf(thrown: unknown): string {
  const error = thrown instanceof NotOffered ? thrown.reason : thrown;
  return error instanceof ClusterError
    ? `${error.summary}: ${error.detail}`
    : `it failed: ${messageOf(error)}`;
}
