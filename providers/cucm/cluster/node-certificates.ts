/** Which way the certificates of one node are read and written: as the release offers it, or as it is set. */
import type { Certificate } from "../../../trust/certificate";
import type { CertificateAccess, ListedCertificate } from "./certificate-access";
import { ClusterError, type TrustEntry, type TrustStore } from "./cluster";
import type { CertificateTransport } from "./config";
import type { Log } from "./log";
import { NotOffered } from "./transports/platform-server";

type Way = Exclude<CertificateTransport, "auto">;
/** The first release with Certificate Management REST. */
export const REST_SINCE = 14;

export class NodeCertificates implements CertificateAccess {
  #restIsOffered = true;
  #written: CertificateAccess | null = null;
  /** What one way has listed is shown by the same. */
  readonly #listedBy = new WeakMap<ListedCertificate, Way>();

  constructor(
    private readonly setting: CertificateTransport,
    private readonly ways: { readonly [way in Way]: CertificateAccess },
    /** The cluster's version; asked only where the choice depends on it. */
    private readonly release: (signal: AbortSignal) => Promise<string>,
    private readonly log: Log,
  ) {}

  get lastAnswer(): string | null {
    return this.#written?.lastAnswer ?? null;
  }

  list(which: "own" | "trust", signal: AbortSignal): Promise<readonly ListedCertificate[]> {
    return this.#by(signal, async (way) => {
      const listed = await this.ways[way].list(which, signal);
      for (const each of listed) this.#listedBy.set(each, way);
      return listed;
    });
  }

  show(which: "own" | "trust", listed: ListedCertificate, signal: AbortSignal): Promise<Certificate | null> {
    const way = this.#listedBy.get(listed);
    const show = (by: Way) => this.ways[by].show(which, listed, signal);
    return way === undefined ? this.#by(signal, show) : this.#hinting(way, false, () => show(way));
  }

  importTrust(store: TrustStore, certificate: Certificate, signal: AbortSignal): Promise<void> {
    return this.#by(signal, (way) => this.#write(way).importTrust(store, certificate, signal));
  }

  deleteTrust(entry: TrustEntry, signal: AbortSignal): Promise<void> {
    return this.#by(signal, (way) => this.#write(way).deleteTrust(entry, signal));
  }

  refresh(): void {
    for (const way of Object.values(this.ways)) way.refresh();
  }

  #write(way: Way): CertificateAccess {
    this.#written = this.ways[way];
    return this.#written;
  }

  async #by<T>(signal: AbortSignal, work: (way: Way) => Promise<T>): Promise<T> {
    const way = this.setting === "auto" ? await this.#chosen(signal) : this.setting;
    try {
      return await this.#hinting(way, this.setting === "auto", () => work(way));
    } catch (error) {
      if (!(error instanceof NotOffered)) throw error;
      if (error.lasting) this.#restIsOffered = false;
      this.log(`certificates by CLI: ${error.message}`, {});
      return this.#hinting("cli", false, () => work("cli"));
    }
  }

  /** The CLI is there in every release, so it is taken too when the release cannot be told. */
  async #chosen(signal: AbortSignal): Promise<Way> {
    if (!this.#restIsOffered) return "cli";
    try {
      return Number.parseInt(await this.release(signal), 10) >= REST_SINCE ? "rest" : "cli";
    } catch (error) {
      if (signal.aborted || !(error instanceof ClusterError)) throw error;
      return "cli";
    }
  }

  /**
   * An error that another way could do without says how to take that one.
   * @throws ClusterError; NotOffered as it is if somebody `fallsBack` on it
   */
  async #hinting<T>(way: Way, fallsBack: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotOffered && fallsBack) throw error;
      const reason = error instanceof NotOffered ? error.reason : error;
      if (!(reason instanceof ClusterError) || !HINTS[way].kinds.includes(reason.kind)) throw reason;
      if (reason.detail.includes("certificate_transport")) throw reason;
      const { cluster, node, summary, detail, kind } = reason;
      throw new ClusterError(cluster, node, summary, `${detail} ${HINTS[way].otherwise}`, kind);
    }
  }
}

const HINTS: {
  readonly [way in Way]: { readonly kinds: readonly ClusterError["kind"][]; readonly otherwise: string };
} = {
  cli: {
    kinds: ["refused", "authorization", "answer"],
    otherwise:
      'Other ways to the same store: certificate_transport = "rest" (14 and later) or "web" of this cluster.',
  },
  rest: {
    kinds: ["refused", "authorization", "answer", "timeout", "unreachable"],
    otherwise: 'The CLI may do it: certificate_transport = "cli" of this cluster.',
  },
  web: {
    kinds: ["refused", "authorization", "answer", "timeout", "unreachable"],
    otherwise: 'The CLI may do it: certificate_transport = "cli" of this cluster.',
  },
};
