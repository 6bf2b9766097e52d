/**
 * One CUCM cluster as the domain sees it. Knows nothing of Terraform; how each answer is fetched (OS CLI, AXL,
 * Control Center, RIS, TFTP, TVS) is decided behind it. Every method may throw {@link ClusterError}.
 */
import type { Certificate } from "../../../trust/certificate";
import type { ShownChecksums } from "../../../trust/phone-page";
import type { TvsRefusal } from "../../../trust/tvs-refusals";
import type { SftpServer } from "./config";

export type TrustStore = "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust";
export const TRUST_STORES: readonly TrustStore[] = ["CallManager-trust", "Phone-SAST-trust", "CAPF-trust"];

export interface ClusterNode {
  /** As in the server table (host name or address). */
  readonly name: string;
  /** What we connect to. */
  readonly address: string;
  readonly role: "publisher" | "subscriber";
  /** Runs (has activated) Cisco Tftp. */
  readonly tftp: boolean;
  /** Runs Cisco Trust Verification Service. */
  readonly tvs: boolean;
  /** Runs Cisco CallManager. */
  readonly callManager: boolean;
}

export const IDENTITY_UNITS = ["CallManager", "ITLRecovery", "TVS", "CAPF"] as const;
export type IdentityUnit = (typeof IDENTITY_UNITS)[number];

/** A certificate in a trust store of one node, as that node's file system has it. */
export interface TrustEntry {
  readonly store: TrustStore;
  /** As listed, e.g. `cucm-pub_7f3a.pem`: what a delete needs. */
  readonly file: string;
  readonly certificate: Certificate;
}

/** A file of a trust store; null: it holds nothing that can be read as a certificate here. */
export interface StoreFile {
  readonly file: string;
  readonly certificate: Certificate | null;
}

/** What a node's TVS answers about a certificate (query by subject, issuer and serial). */
export type TvsAnswer =
  | {
      readonly kind: "vouched";
      readonly certificate: Certificate;
      readonly roles: readonly number[];
      readonly timeToLive: number;
    }
  | { readonly kind: "unknown" };

export type RisStatus = "Registered" | "UnRegistered" | "Rejected" | "PartiallyRegistered" | "Unknown";
export interface PhoneRegistration {
  readonly name: string;
  readonly status: RisStatus;
  readonly statusReason: number;
  /** Address of the node that reported it. */
  readonly node: string;
  /** Epoch seconds of the report; the newest one wins. */
  readonly timestamp: number;
  readonly address: string | null;
  /** RIS `Httpd`: whether its web server is on; absent when RIS does not know. */
  readonly webAccess?: boolean;
  /** RIS `ActiveLoadID`: the firmware that it runs; absent when RIS does not know. */
  readonly activeLoad?: string;
}

/** What a phone's web pages say; its own word, unproven. */
export interface PhonePages {
  /** The status message that tells how its trust lists are. */
  readonly trustMessage?: string;
  readonly checksums?: ShownChecksums;
}

/** In whose name a node's TVS was asked, by its log; names are what the askers wrote. */
export interface TvsQuestions {
  /**
   * By device name in upper case: the last question is not older than this, by the node's clock (see `nodeTime` in
   * `trust/tvs-log.ts`).
   */
  readonly asked: ReadonlyMap<string, number>;
  /** Log files that were read, of those that are plain text with a date, of those that the node has. */
  readonly read: number;
  readonly dated: number;
  readonly listed: number;
}

/** What newer releases record of phones' ITLs. */
export interface ItlStatuses {
  readonly phones: ReadonlyMap<string, "current" | "other">;
  /** Values that no spelling explains, sorted. */
  readonly unexplained: readonly string[];
}

/** A phone as its cluster's database has it. */
export interface PhoneDevice {
  readonly name: string;
  /** As the database names products, e.g. `Cisco 8861`. */
  readonly model: string;
  /** Of its security profile; null when the profile could not be found. */
  readonly mode: "non-secure" | "authenticated" | "encrypted" | null;
  /** Whether the profile encrypts its configuration file. */
  readonly encryptedConfig: boolean;
  /** Addresses of its device pool's CallManager group, first choice first; null when it could not be found. */
  readonly callManagers: readonly string[] | null;
}

/** A phone in the listing of its cluster's database. */
export interface ListedPhone extends Pick<PhoneDevice, "name" | "model"> {
  readonly devicePool: string;
}

/** What the database of a cluster says of a phone's certificate. */
export interface PhoneCertificateFacts {
  /** Name of who issued its LSC, in the cluster's own spelling; null before 11.5, and where it does not say. */
  readonly lscIssuer: string | null;
  /** No CAPF operation waits for the phone; false also where that is not known. */
  readonly nothingWaits: boolean;
  /** This cluster's CAPF has never had to do with it; false also where that is not known. */
  readonly neverEnrolled: boolean;
}

/** Models as the database names them, by feature. A feature that this release does not have is absent. */
export type PhoneFeatures = ReadonlyMap<string, ReadonlySet<string>>;

export interface Operation {
  readonly signal: AbortSignal;
  /** One short line for a person who waits. */
  readonly progress?: (line: string) => void;
}

export interface Registrations {
  /** Newest report per device; devices that no node knows are absent. */
  readonly phones: ReadonlyMap<string, PhoneRegistration>;
  /** Names of nodes that did not answer their cluster's RIS, sorted: what is registered there is missing. */
  readonly silent: readonly string[];
}

export interface Cluster {
  /** Name in the provider configuration, e.g. `source`. */
  readonly name: string;
  /** Seconds that replication to the other nodes may take. */
  readonly replicationTimeout: number;
  /** Rises whenever the cluster may answer otherwise than before: after a write, a restart and {@link refresh}. */
  readonly generation: number;

  version(op: Operation): Promise<string>;
  nodes(op: Operation): Promise<readonly ClusterNode[]>;
  /** Enterprise parameter ClusterSecurityMode. */
  securityMode(op: Operation): Promise<"mixed" | "non-secure">;
  /** Enterprise parameter "Prepare Cluster for Rollback to Pre 8.0". */
  rollbackToPre8(op: Operation): Promise<boolean>;

  /** A node's own certificate; null when the node has none of that unit. */
  identityCertificate(node: ClusterNode, unit: IdentityUnit, op: Operation): Promise<Certificate | null>;
  /**
   * The entries of a store on one node that could be, or collide with, one of `candidates` (same SHA-256, or same
   * CN). One listing per store and node however often it is asked, until {@link importTrust} or {@link deleteTrust}.
   */
  trustEntries(
    node: ClusterNode,
    store: TrustStore,
    candidates: readonly Certificate[],
    op: Operation,
  ): Promise<readonly TrustEntry[]>;
  /** All of a store on one node. Each certificate is fetched: for what cannot be asked for by name only. */
  storeFiles(node: ClusterNode, store: TrustStore, op: Operation): Promise<readonly StoreFile[]>;
  /** CAPF certificates, present and former, in the stores of one node that a renewal leaves them in. */
  capfCertificates(node: ClusterNode, op: Operation): Promise<readonly Certificate[]>;
  /** Forgets the listings (not the connections), so that the next question reads the nodes again. */
  refresh(): void;
  /** Whether imports into this store replicate by themselves (CAPF-trust does not: write it on each node). */
  replicates(store: TrustStore): boolean;
  /** Imports on one node. Returns when the node took it; read back to know whether it is stored. */
  importTrust(node: ClusterNode, store: TrustStore, certificate: Certificate, op: Operation): Promise<void>;
  deleteTrust(node: ClusterNode, entry: TrustEntry, op: Operation): Promise<void>;
  /** Unit of its bulk steps, as it is set. */
  readonly bulkUnit: string;
  /** Tells the publisher where bulk exchanges take place. Returns what the CLI said, for people. */
  bulkSftp(server: SftpServer, op: Operation): Promise<string>;
  /**
   * One step of a bulk exchange on the publisher. Returns what the CLI said, for people: whether it was done, only the
   * server's directory and the stores tell.
   */
  bulk(step: BulkStep, op: Operation): Promise<string>;
  /**
   * `utils ctl update CTLFile` on the publisher. Returns what the CLI said, for people: whether the CTL is another one,
   * only the file tells that TFTP nodes serve after a restart.
   */
  updateCtl(op: Operation): Promise<string>;

  /**
   * Throws unless the node's Control Center proves who it is, takes the credentials and shows the service as
   * activated. Asked before the first write of what ends with a restart. (That an order would be taken as well shows
   * only when it is given: the role is the same.)
   */
  checkRestart(node: ClusterNode, service: ServiceName, op: Operation): Promise<void>;
  /** Restarts a service on one node and returns when Control Center reports it Started again. */
  restartService(node: ClusterNode, service: ServiceName, op: Operation): Promise<void>;

  /** Since when a service runs, by the clock here; null when it does not. To a few seconds. */
  startedAt(node: ClusterNode, service: ServiceName, op: Operation): Promise<Date | null>;

  /** A file as the node's TFTP serves it over HTTP; null for 404. Bounded size. */
  servedFile(node: ClusterNode, name: string, op: Operation): Promise<Buffer | null>;
  askTvs(node: ClusterNode, certificate: Certificate, op: Operation): Promise<TvsAnswer>;

  /** Which of these devices exist in the database of this cluster. */
  existingPhones(names: readonly string[], op: Operation): Promise<ReadonlySet<string>>;
  /** These devices as the database has them; those that it does not have are absent. */
  phoneDevices(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, PhoneDevice>>;
  /** All phones and analog adapters of the database (`SEP...`, `ATA...`), by name. */
  listedPhones(op: Operation): Promise<readonly ListedPhone[]>;
  /** What the database says of these phones' certificates; devices of which it says nothing are absent. */
  phoneCertificates(
    names: readonly string[],
    op: Operation,
  ): Promise<ReadonlyMap<string, PhoneCertificateFacts>>;
  /** The cluster's own phone feature list, as far as trust is concerned. */
  phoneFeatures(op: Operation): Promise<PhoneFeatures>;
  /** The firmware that this cluster tells these devices to run; those of which the database says nothing are absent. */
  phoneLoads(names: readonly string[], op: Operation): Promise<ReadonlyMap<string, string>>;
  registrations(names: readonly string[], op: Operation): Promise<Registrations>;
  /**
   * The reports that RIS has of these IPv4 addresses, the newest of each device. A device may have a newer one with
   * another address, which {@link registrations} tells.
   */
  registrationsAt(addresses: readonly string[], op: Operation): Promise<Registrations>;
  /**
   * What the phone at that address shows on its web pages; null when nothing there answers, which is no error.
   * `not asked`: nothing answered at many addresses before, or it is no IPv4 address.
   */
  phonePages(address: string, op: Operation): Promise<PhonePages | null | "not asked">;
  /** In the name of which devices the node's TVS was asked, by its newest log files. */
  tvsQuestions(node: ClusterNode, op: Operation): Promise<TvsQuestions>;
  /** By device name: what the node's TVS last said that it does not know, by its newest log files. */
  tvsRefusals(node: ClusterNode, op: Operation): Promise<ReadonlyMap<string, TvsRefusal>>;
  /** What this release records of these devices' ITLs; null when the spelling is not set. */
  itlStatuses(names: readonly string[], op: Operation): Promise<ItlStatuses | null>;
  /** Resets one device through AXL, at the rate of this cluster. */
  resetPhone(name: string, op: Operation): Promise<void>;

  close(): Promise<void>;
}

export type BulkStep = "export" | "consolidate" | "import";

export type ServiceName = "Cisco Trust Verification Service" | "Cisco Tftp" | "Cisco CallManager";

/** An error that a voice engineer can act on: what was tried, where, what came back, what to do. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  constructor(
    readonly cluster: string,
    /** The node's address, or null when it concerns the cluster as a whole. */
    readonly node: string | null,
    /** A title, e.g. "AXL of 10.0.0.1 refuses the credentials". */
    readonly summary: string,
    readonly detail: string,
    /** `unreachable`: nothing was changed and asking again later may work. */
    readonly kind:
      | "unreachable"
      | "identity"
      | "credentials"
      | "authorization"
      | "answer"
      /** The connection ended before a write was answered: it may or may not have been done. */
      | "broken off"
      | "refused"
      | "timeout"
      | "cancelled"
      | "configuration",
  ) {
    super(`${summary}: ${detail}`);
  }
}

/** Nothing but the network is to blame, and asking again later may work. A write may have been done. */
export const isUnreachable = (error: unknown): error is ClusterError =>
  error instanceof ClusterError && (error.kind === "unreachable" || error.kind === "timeout");
