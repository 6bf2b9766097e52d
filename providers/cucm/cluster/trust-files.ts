/**
 * The trust stores of one node as its file system has them. One listing serves all stores and all callers, and a
 * certificate is only fetched when its file could be one that somebody asked about.
 */
import type { Certificate } from "../../../trust/certificate";
import { Shared } from "./budget";
import type { CertificateAccess, ListedCertificate } from "./certificate-access";
import { ClusterError, type StoreFile, type TrustEntry, type TrustStore } from "./cluster";

interface Listing {
  readonly files: readonly ListedCertificate[];
  /** Certificates fetched under this listing; a file name may stand for another certificate after the next one. */
  readonly certificates: Map<string, Shared<Certificate | null>>;
}

/** CUCM names each CAPF certificate `CAPF-` and eight hex digits, and keeps the former ones. */
const CAPF_NAME = "CAPF-";
const CAPF_STORES: readonly string[] = ["CAPF-trust", "CallManager-trust"] satisfies TrustStore[];

export class TrustFiles {
  readonly #listing = new Shared<Listing>();
  constructor(private readonly access: CertificateAccess) {}

  /** Entries with the SHA-256 or the CN of one of `candidates`. */
  async entries(
    store: TrustStore,
    candidates: readonly Certificate[],
    signal: AbortSignal,
  ): Promise<readonly TrustEntry[]> {
    const listing = await this.#list(signal);
    const files = listing.files.filter(
      (each) => each.unit === store && candidates.some((candidate) => mayMatter(each, candidate)),
    );
    const entries = await Promise.all(
      files.map(async (each): Promise<TrustEntry | null> => {
        const certificate = await this.#certificate(listing, each, signal);
        if (certificate === null || !candidates.some((candidate) => sameName(certificate, candidate)))
          return null;
        return { store, file: each.file, certificate };
      }),
    );
    return entries.filter((entry) => entry !== null);
  }

  async all(store: TrustStore, signal: AbortSignal): Promise<readonly StoreFile[]> {
    const listing = await this.#list(signal);
    const files = listing.files.filter(({ unit }) => unit === store);
    const all = await Promise.all(
      files.map(async (each): Promise<StoreFile | null> => {
        try {
          const certificate = await this.#certificate(listing, each, signal);
          // Deleted since it was listed.
          return certificate && { file: each.file, certificate };
        } catch (error) {
          // One that nobody asked about by name need not be one that we can read.
          if (!(error instanceof ClusterError) || error.kind !== "answer") throw error;
          return { file: each.file, certificate: null };
        }
      }),
    );
    return all.filter((one) => one !== null);
  }

  /** CAPF certificates in the two stores that a renewal leaves them in, once each. */
  async capf(signal: AbortSignal): Promise<readonly Certificate[]> {
    const listing = await this.#list(signal);
    const files = listing.files.filter(
      ({ unit, file }) => CAPF_STORES.includes(unit) && file.startsWith(CAPF_NAME),
    );
    const all = await Promise.all(files.map((each) => this.#certificate(listing, each, signal)));
    const named = all.filter((one) => one?.commonName.startsWith(CAPF_NAME)) as Certificate[];
    return [...new Map(named.map((one) => [one.sha256, one])).values()];
  }

  /** After a write, or when somebody else may have written. */
  drop(): void {
    this.#listing.drop();
    this.access.refresh();
  }

  #list(signal: AbortSignal): Promise<Listing> {
    return this.#listing.get(signal, async (inner) => ({
      files: await this.access.list("trust", inner),
      certificates: new Map(),
    }));
  }

  #certificate(
    listing: Listing,
    listed: ListedCertificate,
    signal: AbortSignal,
  ): Promise<Certificate | null> {
    if (listed.certificate !== undefined) return Promise.resolve(listed.certificate);
    const key = `${listed.unit}/${listed.file}`;
    let shared = listing.certificates.get(key);
    if (shared === undefined) {
      shared = new Shared();
      listing.certificates.set(key, shared);
    }
    return shared.get(signal, (inner) => this.access.show("trust", listed, inner));
  }
}

function mayMatter({ file, certificate }: ListedCertificate, candidate: Certificate): boolean {
  return certificate === undefined ? couldBe(file, candidate) : sameName(certificate, candidate);
}

function sameName(stored: Certificate, candidate: Certificate): boolean {
  return (
    stored.sha256 === candidate.sha256 ||
    (candidate.commonName !== "" && stored.commonName === candidate.commonName)
  );
}

/**
 * Whether a file of this name could hold the candidate or one of the same CN: `<CN>_<serial>.pem` (14 and 15),
 * `<CN>.pem` (8.x, 9.x) or the bare CN, spaces written as `_`; or any name that carries the serial number.
 */
export function couldBe(file: string, candidate: Certificate): boolean {
  const name = normal(file);
  const commonName = normal(candidate.commonName);
  if (
    commonName !== "" &&
    name.startsWith(commonName) &&
    /^($|[^a-z0-9])/.test(name.slice(commonName.length))
  ) {
    return true;
  }
  const serial = candidate.serial.toLowerCase().replace(/^0+(?=.)/, "");
  return serial.length >= 8
    ? name.includes(serial)
    : new RegExp(`(^|[^0-9a-f])0*${serial}\\.pem$`).test(name);
}

/** Characters that a file name cannot carry are replaced, most often by `_`. */
function normal(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.-]/g, "_");
}
