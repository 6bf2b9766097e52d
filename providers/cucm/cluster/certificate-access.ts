/** How certificates of one node are read and written, whatever carries the question. */
import type { Certificate } from "../../../trust/certificate";
import type { TrustEntry, TrustStore } from "./cluster";

/** A certificate as a node lists it. */
export interface ListedCertificate {
  /** Unit or store, e.g. `CallManager-trust`. */
  readonly unit: string;
  /** As this way of access lists it; another one may call the same certificate otherwise. */
  readonly file: string;
  /** Where the list already carries it: nobody need guess from the name whose it is. */
  readonly certificate?: Certificate;
}

/** Every method may throw a ClusterError. Whether a write did what it should is only known by reading back. */
export interface CertificateAccess {
  /** What the node said to the last write: worth showing when a read-back does not find what was written. */
  readonly lastAnswer: string | null;
  list(which: "own" | "trust", signal: AbortSignal): Promise<readonly ListedCertificate[]>;
  /** null when the node says that it has no such certificate (any more). */
  show(which: "own" | "trust", listed: ListedCertificate, signal: AbortSignal): Promise<Certificate | null>;
  /** Returns when the node has answered, whatever it said. */
  importTrust(store: TrustStore, certificate: Certificate, signal: AbortSignal): Promise<void>;
  deleteTrust(entry: TrustEntry, signal: AbortSignal): Promise<void>;
  /** Forgets what an earlier answer said besides what was asked for. */
  refresh(): void;
}
