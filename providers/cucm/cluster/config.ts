/** What is needed to reach one cluster; the provider builds it from its configuration. */
import type { Cryptography } from "./transports/cryptography";

/** How a server proves who it is. There is no way to switch this off. */
export interface HostIdentity {
  /** SHA-256 of the TLS certificates that are accepted, hex, by node address; `*` for any node. */
  readonly tlsSha256: { readonly [address: string]: readonly string[] };
  /** PEM certificates of a CA that signed the nodes' tomcat certificates; used for nodes without a pin. */
  readonly caPem: string | null;
  /** SSH host keys that are accepted, as `SHA256:<base64>` (what ssh-keygen prints), by node address. */
  readonly sshSha256: { readonly [address: string]: readonly string[] };
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Where they are set, for messages. */
  readonly from?: string;
}

/** A refusal that names the cluster and where its credentials are set: whoever reads it has several. */
export const refusedAccount = (cluster: string, { from }: Credentials): string =>
  `Cluster "${cluster}"${from === undefined ? "" : `, credentials from ${from}`}.`;

/** CUCM's ports; only a lab or a port-forward changes them. */
export interface ClusterPorts {
  readonly ssh: number;
  /** AXL, Control Center and RIS (Tomcat). */
  readonly https: number;
  readonly tftpHttp: number;
  readonly tvs: number;
  /** The web servers of phones. */
  readonly phoneHttp: number;
  /** Certificate Management REST and OS administration (the same Tomcat). */
  readonly platform: number;
}
export const DEFAULT_PORTS: ClusterPorts = {
  ssh: 22,
  https: 8443,
  tftpHttp: 6970,
  tvs: 2445,
  phoneHttp: 80,
  platform: 443,
};

/**
 * What reads and writes the certificates of nodes. `auto`: Certificate Management REST where the release has it (14
 * and later) and the node offers it, otherwise the CLI. `web` (OS administration) is only taken when it is asked for.
 */
export type CertificateTransport = "auto" | "cli" | "rest" | "web";

/**
 * What the pages of OS administration are called, and what is looked for in them. The paths and the fields of the
 * upload are from public programs; the words are a guess.
 */
export interface WebForms {
  /** Takes `j_username` and `j_password`. */
  readonly loginPath: string;
  /** With `{page}` for the number of the page, from 1. */
  readonly listPath: string;
  readonly uploadPath: string;
  /** The upload's choice of a store, and its file. */
  readonly storeField: string;
  readonly fileField: string;
  /** On the page of a certificate: the link or button that deletes it, and the one that fetches it as PEM or DER. */
  readonly deleteButton: string;
  readonly downloadButton: string;
}
export const DEFAULT_WEB_FORMS: WebForms = {
  loginPath: "/cmplatform/j_security_check",
  listPath: "/cmplatform/certificateFindList.do?lookup=false&multiple=true&rowsPerPage=250&pageNumber={page}",
  uploadPath: "/cmplatform/certificateUpload.do",
  storeField: "NAME",
  fileField: "FILE",
  deleteButton: "Delete",
  downloadButton: ".PEM",
};

/** What a publisher asks about an SFTP server. */
export const SFTP_ANSWERS = ["address", "port", "user", "password", "directory"] as const;
export type SftpAnswer = (typeof SFTP_ANSWERS)[number];

/** The server where two clusters exchange certificates in bulk; the publishers and we reach it by one address. */
export interface SftpServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly directory: string;
  /** Accepted host keys, `SHA256:<base64>` as ssh-keygen prints. */
  readonly hostKeys: readonly string[];
  readonly credentials: Credentials;
}

/**
 * Spellings that no public document gives (docs/assumptions.md). Each default is our best guess; a lab draws them
 * at random.
 */
export interface Spellings {
  /** Unit argument of `set cert import trust` for each store. */
  readonly importUnit: {
    readonly [store in "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust"]: string;
  };
  /** What ends a pasted PEM: after the last line's newline, an empty line, or Ctrl-D. */
  readonly pasteEnd: "newline" | "empty-line" | "ctrl-d";
  /** `set cert delete` with `{store}`, `{unit}` (the import unit) and `{file}` filled in. */
  readonly deleteCommand: string;
  /** `service` in `POST config/trust/certificates` of the REST interface, for each store. */
  readonly restService: {
    readonly [store in "CallManager-trust" | "Phone-SAST-trust" | "CAPF-trust"]: string;
  };
  readonly webForms: WebForms;
  /** Unit of `set cert bulk export`, `consolidate` and `import`. */
  readonly bulkUnit: string;
  /** What `set cert bulk sftp` asks for, in its order; empty: each question is answered by its words. */
  readonly bulkSftpOrder: readonly SftpAnswer[];
  /** Name of the rollback parameter in table processconfig. */
  readonly rollbackParameter: string;
  /** Values (case-insensitive) of it that mean True and False. Any other value is an error. */
  readonly rollbackTrue: readonly string[];
  readonly rollbackFalse: readonly string[];
  /** Paths of the web page where a phone shows its CTL and ITL; the first that shows a checksum counts. */
  readonly trustListPages: readonly string[];
  /**
   * SELECT that answers `name` and `status` of devices, with `{phones}` for their quoted names; null: this release
   * records no ITL status, or nobody knows where.
   */
  readonly itlStatusQuery: string | null;
  /** Values (case-insensitive) of that status that mean the ITL is the one served, and that it is not. */
  readonly itlStatusCurrent: readonly string[];
  readonly itlStatusOther: readonly string[];
}
export const DEFAULT_SPELLINGS: Spellings = {
  importUnit: {
    "CallManager-trust": "CallManager",
    "Phone-SAST-trust": "Phone-SAST-trust",
    "CAPF-trust": "CAPF",
  },
  pasteEnd: "empty-line",
  deleteCommand: "set cert delete {store} {file}",
  restService: {
    "CallManager-trust": "CallManager",
    "Phone-SAST-trust": "Phone-SAST",
    "CAPF-trust": "CAPF",
  },
  webForms: DEFAULT_WEB_FORMS,
  bulkUnit: "tftp",
  bulkSftpOrder: [],
  rollbackParameter: "RollBackToPreGrayback",
  rollbackTrue: ["T", "true", "1"],
  rollbackFalse: ["F", "false", "0"],
  trustListPages: ["/CGI/Java/Serviceability?adapter=device.settings.security", "/SecurityConfigurationX"],
  itlStatusQuery: null,
  itlStatusCurrent: [],
  itlStatusOther: [],
};

export interface ClusterConfig {
  readonly name: string;
  readonly publisher: string;
  /** Addresses of nodes whose server-table name cannot be resolved from here: name -> address. */
  readonly nodeAddresses: { readonly [name: string]: string };
  readonly identity: HostIdentity;
  /** OS platform administrator: SSH, Certificate Management REST, OS administration. */
  readonly platform: Credentials;
  /** Application user: AXL, Control Center, RIS. */
  readonly application: Credentials;
  readonly ports: ClusterPorts;
  readonly spellings: Spellings;
  /** Client certificate shown to TVS (PEM of certificate and key), or null: whether CUCM demands one is unknown. */
  readonly tvsClient: { readonly cert: string; readonly key: string } | null;
  /** Seconds that replication to the other nodes may take, and that a service restart may take. */
  readonly timeouts: { readonly replication: number; readonly restart: number; readonly request: number };
  /** Allowed Device Queries Per Minute (RIS). */
  readonly risPerMinute: number;
  /** Phones that are reset within a minute. @default RESETS_PER_MINUTE */
  readonly resetsPerMinute?: number;
  /** What TLS and SSH may negotiate, for releases that know only old algorithms. @default MODERN */
  readonly cryptography?: Cryptography;
  /** @default "auto" */
  readonly certificateTransport?: CertificateTransport;
}
/**
 * Ours, for politeness: no document names a rate. Each reset phone fetches its files, asks TVS and registers, all at
 * the cluster that it goes to.
 */
export const RESETS_PER_MINUTE = 120;
export const DEFAULT_TIMEOUTS = { replication: 2400, restart: 600, request: 60 } as const;
