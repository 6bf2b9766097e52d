import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * The file that `phone-migration lab up` writes (`.lab/site.json`): everything a declaration has to say about the
 * lab, and no secret. Secrets are environment variables to export (`.lab/env.sh`, which also sets `LAB_SITE`).
 */
export interface SiteCluster {
  /** Address of the publisher; a loopback address of its own for each node. */
  readonly publisher: string;
  /** Server-table name -> address. */
  readonly nodeAddresses: { readonly [name: string]: string };
  readonly ports: {
    readonly ssh: number;
    readonly https: number;
    readonly tftpHttp: number;
    readonly tvs: number;
    readonly platform: number;
    /** Phones' web servers; absent when no phone has one. */
    readonly phoneHttp?: number;
  };
  /** SHA-256 (hex) of each node's tomcat certificate, by address. */
  readonly tlsSha256: { readonly [address: string]: readonly string[] };
  /** `SHA256:<base64>` of each node's SSH host key, by address. */
  readonly sshSha256: { readonly [address: string]: readonly string[] };
  /** What its release can negotiate. */
  readonly cryptography: "modern" | "legacy";
  /** The spellings that this lab drew, as `SecureCluster` takes them. */
  readonly spellings: {
    readonly importUnit: { readonly [store: string]: string };
    readonly pasteEnd: "newline" | "empty-line" | "ctrl-d";
    readonly deleteCommand: string;
    readonly restService: { readonly [store: string]: string };
    /** What differs from the usual pages of OS administration. */
    readonly webForms: {
      readonly listPath?: string;
      readonly uploadPath?: string;
      readonly storeField?: string;
      readonly fileField?: string;
      readonly deleteButton: string;
      readonly downloadButton: string;
    };
    readonly bulkUnit: string;
    readonly bulkSftpOrder: readonly ("address" | "port" | "user" | "password" | "directory")[];
    readonly rollbackParameter: string;
    readonly rollbackTrue: readonly string[];
    readonly rollbackFalse: readonly string[];
    readonly trustListPages: readonly string[];
    readonly itlStatusQuery: string;
    readonly itlStatusCurrent: readonly string[];
    readonly itlStatusOther: readonly string[];
  };
  /** What this cluster allows a minute (enterprise parameter "Allowed Device Queries Per Minute"). */
  readonly risPerMinute: number;
}

/** Where the two clusters may exchange certificates in bulk, as `TrustExchange` takes it. */
export interface SiteSftp {
  readonly address: string;
  readonly port: number;
  readonly directory: string;
  readonly hostKeySha256: readonly string[];
}

export interface Site {
  readonly source: SiteCluster;
  readonly destination: SiteCluster;
  readonly sftp: SiteSftp;
  readonly dhcp: {
    /** Which server answers: a real Kea, or the lab's own with the same control API. */
    readonly kind: "kea" | "lab";
    /** Version that it reports. */
    readonly version: string;
    /** `unix:///path/to/socket` */
    readonly endpoints: readonly string[];
    readonly subnet: string;
    /** Every voice subnet with the phones that sit in it; {@link subnet} is the first. */
    readonly subnets: { readonly [subnet: string]: readonly string[] };
    /** UDP address of the DHCP service, for phones. */
    readonly server: { readonly address: string; readonly port: number; readonly clientPort: number };
  };
  /** Device names, sorted. `stale` is the one that was prepared with a stale ITL. */
  readonly phones: { readonly healthy: readonly string[]; readonly stale: readonly string[] };
  /** Control endpoints of the lab's processes, for `lab status` and tests: `http://127.0.0.1:port`. */
  readonly control: { readonly clusters: string; readonly phones: string };
}

/**
 * Reads the site file of the running lab: `$LAB_SITE`, or `.lab/site.json` where the program runs, as `lab up` writes it.
 *
 * @throws NoLabError that says how to start a lab.
 */
export function readSite(file: string = process.env.LAB_SITE ?? resolve(".lab/site.json")): Site {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NoLabError(
      `No lab to declare (${why}). Start one in another terminal: npx phone-migration lab up. Then source its .lab/env.sh here, which says where it is (LAB_SITE).`,
    );
  }
}

/** Its message says all, so its stack is only that: who synthesises without a lab needs no more. */
class NoLabError extends Error {
  override readonly name = "NoLabError";
  constructor(message: string) {
    super(message);
    this.stack = `NoLabError: ${message}`;
  }
}
