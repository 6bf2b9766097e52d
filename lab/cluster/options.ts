/** What `lab up` decides about the clusters; everything has a default but the credentials and the phones. */
import type { CapfMode } from "../capf";
import { usualListSigner } from "./releases";

export type ClusterName = "source" | "destination";
export const CLUSTER_NAMES: readonly ClusterName[] = ["source", "destination"];

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface ClusterOptions {
  /** As `getCCMVersion` reports it. */
  readonly version: string;
  /** OS administrator: SSH, certificate REST and OS administration. */
  readonly platform: Account;
  /** Application user: AXL, Control Center, RIS and log collection only. */
  readonly application: Account;
  /** Further application users and what they may use; anything else answers 403. */
  readonly users?: readonly (Account & { readonly roles: readonly ApplicationRole[] })[];
  /** Enterprise parameter "Prepare Cluster for Rollback to Pre 8.0". @default false */
  readonly rollbackToPre8?: boolean;
  /** Enterprise parameter ClusterSecurityMode. A non-secure cluster serves no CTL. @default "mixed" */
  readonly securityMode?: "mixed" | "non-secure";
  /**
   * Who signs the CTL, and with `ITLRecovery` also the ITLs; otherwise each TFTP node signs its own. A token is a USB
   * token of the CTL client.
   * @default by release: "token" before 10.0, "ITLRecovery" from 12.0 on, "CallManager" between them
   */
  readonly listSigner?: ListSigner;
  /** Model of the phones as the database names it. @default "Cisco 8861" */
  readonly model?: string;
  /** Digest of the signatures of CTL, ITL and configurations. @default "sha1" */
  readonly digest?: "sha1" | "sha512";
  /** TVS refuses a client that shows no certificate. Whether CUCM does is not documented. @default false */
  readonly tvsRequiresClientCertificate?: boolean;
  /** "Allowed Device Queries Per Minute". @default 15 */
  readonly risPerMinute?: number;
  /** The database knows none of the phones in this list although the other cluster does. @default [] */
  readonly unknownPhones?: readonly string[];
  /** Phones whose security profile has "TFTP Encrypted Config". @default [] */
  readonly encryptedConfig?: readonly string[];
  /** CAPF operations that wait, by phone: "Install/Upgrade" in that authentication mode. @default {} */
  readonly enrolments?: { readonly [device: string]: CapfMode };
  /** Firmware of its device default. Lab phones say that they run it and fetch none. @default DEFAULT_LOAD */
  readonly load?: string;
  /** Its TFTP nodes do not have that firmware. @default false */
  readonly lacksLoad?: boolean;
}

/** What phones run when a lab starts. */
export const DEFAULT_LOAD = "sip88xx.10-3-1-20";

export type ListSigner = "CallManager" | "ITLRecovery" | "token";

export function listSignerOf({ listSigner, version }: ClusterOptions): ListSigner {
  return listSigner ?? usualListSigner(version);
}

export const APPLICATION_ROLES = ["axl", "control-center", "ris", "log-collection"] as const;
export type ApplicationRole = (typeof APPLICATION_ROLES)[number];

/** Seconds; each is drawn anew from its range every time it is used. */
export type Range = readonly [min: number, max: number];

export interface Delays {
  /** From the import on one node to the file on another. */
  readonly replication: Range;
  /** A service on its way down, and on its way up again. */
  readonly serviceStop: Range;
  readonly serviceStart: Range;
  /** From the change of the database to TVS's cache, where this start's TVS listens to changes at all. */
  readonly tvsReload: Range;
  /** The CLI's start-up message, and a command that works on certificates. */
  readonly cliBanner: Range;
  readonly cliCommand: Range;
}

export const DEFAULT_DELAYS: Delays = {
  replication: [1, 3],
  serviceStop: [0.3, 0.8],
  serviceStart: [0.5, 1.5],
  tvsReload: [3, 8.5],
  cliBanner: [0.4, 1],
  cliCommand: [0.05, 0.15],
};

export interface Ports {
  readonly ssh: number;
  readonly https: number;
  readonly tftpHttp: number;
  readonly tvs: number;
  readonly registration: number;
  readonly capf: number;
  /** Certificate REST and OS administration; the same Tomcat as `https`. */
  readonly platform: number;
}

export interface LabOptions {
  readonly clusters: { readonly [name in ClusterName]: ClusterOptions };
  /** First two octets of the nodes' addresses; 127.x only. @default "127.83" */
  readonly network?: string;
  /** 0 takes a port that is free on the address of every node. @default all 0 */
  readonly ports?: Partial<Ports>;
  /** Who may log in to an SFTP server for bulk exchanges. @default none, and there is no server */
  readonly sftp?: Account;
  /** Port of the control endpoint on 127.0.0.1. @default 0 */
  readonly controlPort?: number;
  /** Device names that both clusters know. */
  readonly phones: readonly string[];
  /** Servers of each cluster, the publisher among them; three at least. @default 3 */
  readonly nodes?: number;
  /** Those of `phones` whose ITL comes from before the source's TVS certificates were regenerated. @default [] */
  readonly stale?: readonly string[];
  /** Those of `phones` that have a MIC and no LSC. The clusters then trust the MICs' issuer. @default [] */
  readonly withoutLsc?: readonly string[];
  /** Private directory where RSA keys are kept from start to start. @default none, new keys at each start */
  readonly pki?: string | null;
  /** Key pairs that the phones' LSCs share, for labs of many phones. @default each has its own */
  readonly lscKeys?: number;
  /** Those of `phones` whose web access is on, at both clusters. @default [] as phones are since 8.x */
  readonly webAccess?: readonly string[];
  /** Seconds between a phone's keepalives. @default 30 */
  readonly keepalive?: number;
  readonly delays?: Partial<Delays>;
  /** Draws from what nobody expects as well: the names in `lab/cluster/strange.ts`. @default false */
  readonly strange?: boolean;
  /** Fixes what would be drawn at random, for tests of one branch. */
  readonly drawn?: { readonly [name in ClusterName]?: Partial<import("./drawn").Drawn> };
  /** Directory for each node's TVS trace. @default kept in memory only */
  readonly logs?: string | null;
}

/** A duration in milliseconds from a range in seconds. */
export function draw(range: Range): number {
  return Math.round(1000 * (range[0] + Math.random() * (range[1] - range[0])));
}
