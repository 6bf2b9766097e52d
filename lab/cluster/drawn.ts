import { randomInt } from "node:crypto";
import type { SiteCluster } from "../site";
import type { Echo } from "./cli/terminal";
import type { Seal } from "./pki/pkcs12";
import { documentsCtlCommands, fileNamesOf, listsFileNames, mayLackSastByCli } from "./releases";

/**
 * What no public document tells about CUCM. Each start draws one of the plausible answers, so that a client that
 * guesses is found out.
 */
export interface Drawn {
  readonly spellings: SiteCluster["spellings"];
  /** Files of a trust store are `<CN>.pem` (8.x, 9.x) or `<CN>_<serial>.pem` (seen on 14); between them unknown. */
  readonly fileNames: "cn" | "cn-serial";
  /** TVS notices changes of the database by itself, some seconds later; otherwise only a restart shows them. */
  readonly tvsNoticesChanges: boolean;
  /** What `set cert delete` asks, and the answer that it takes. */
  readonly deletePrompt: DeletePrompt;
  /** Whether the CLI takes certificates for Phone-SAST-trust, on releases of which nobody tells. */
  readonly cliImportsSast: boolean;
  /** How column `lscissuername` (from 11.5) spells the CAPF that issued a phone's LSC. */
  readonly lscIssuerName: "common name" | "distinguished name";
  /** What an import answers that was not stored because the store has a later certificate of the same name. */
  readonly olderImport: "says-success" | "says-error";
  /** Where the database records whether a phone's ITL is the one that is served, if `spellings` tell. */
  readonly itlRecord: ItlRecord;
  /** How a bulk exchange of certificates looks. */
  readonly bulk: BulkManners;
  readonly ctl: CtlWords;
  /** Log collection answers a listing as a SOAP envelope, or as one part of several. */
  readonly logListing: "plain" | "multipart";
  readonly rest: DrawnRest;
  readonly web: DrawnWeb;
}

/** What `utils ctl update CTLFile` says. */
export interface CtlWords {
  readonly done: string;
  /** To a cluster that may not have mixed mode (needs a registration for export-controlled functionality). */
  readonly restricted: string;
}

export interface BulkManners {
  /** What `set cert bulk sftp` asks, in its order. */
  readonly dialogue: readonly { readonly about: SftpAnswer; readonly question: string }[];
  /** What the terminal shows of the password while it is typed. */
  readonly echo: Echo;
  /** A question at the end. */
  readonly confirms: boolean;
  /** Unit of the certificates that TFTP needs, beside `all`. */
  readonly tftpUnit: string;
  /** File names, with `{node}`. */
  readonly exported: string;
  readonly consolidated: string;
  readonly seal: Seal;
}
type SftpAnswer = SiteCluster["spellings"]["bulkSftpOrder"][number];

export interface ItlRecord {
  /** A table of its own, or a column of `device`. */
  readonly table: "device" | "registrationdynamic";
  readonly column: string;
  readonly current: string;
  readonly other: string;
}

/** Certificate Management REST. */
export interface DrawnRest {
  /** Stores in the snapshot, e.g. `Phone-SAST` or `Phone-SAST-trust`. */
  readonly storeNames: "bare" | "with-trust";
  readonly fileNames: "as-the-cli" | "without-extension";
  /** Of a node's own certificates; only `tomcat` is in public use. */
  readonly unitNames: "as-the-cli" | "lower-case";
  /** Status of an import of what is there already. */
  readonly duplicate: 200 | 400 | 409 | 500;
}

/** The pages of OS administration. */
export interface DrawnWeb {
  /** What links to a certificate's page: 8.x and 9.x show file names, later ones common names. */
  readonly list: "file names" | "common names";
  readonly rows: number;
  readonly pem: "on the page" | "as a download";
  readonly delete: "link" | "button";
}

export interface DeletePrompt {
  readonly text: string;
  readonly yes: readonly string[];
}

const IMPORT_UNITS = {
  "Phone-SAST-trust": ["Phone-SAST-trust", "Phone-SAST", "phone-sast-trust"],
  // `set cert import trust CallManager` is in public use, hence no choice.
  "CallManager-trust": ["CallManager"],
  "CAPF-trust": ["CAPF", "CAPF-trust"],
} as const;

const PASTE_ENDS = ["newline", "empty-line", "ctrl-d"] as const;

// The CLI reference describes the first argument as `own|trust` and shows a unit in its example.
const DELETE_COMMANDS = [
  "set cert delete {store} {file}",
  "set cert delete {unit} {file}",
  "set cert delete trust {store}/{file}",
  "set cert delete trust {unit} {file}",
] as const;

const REST_SERVICES = {
  "Phone-SAST-trust": ["Phone-SAST-trust", "Phone-SAST"],
  "CallManager-trust": ["CallManager", "CallManager-trust"],
  "CAPF-trust": ["CAPF", "CAPF-trust"],
} as const;

const DELETE_PROMPTS: readonly DeletePrompt[] = [
  { text: "Do you want to delete this certificate (yes|no)? ", yes: ["yes"] },
  { text: "This operation deletes the certificate. Do you want to continue? (y/n):", yes: ["y", "yes"] },
];

const RESTART =
  "Please Restart the TFTP and Cisco CallManager services on all nodes in the cluster that run these services";
const CTL_DONE = [
  `CTL file Updated\n${RESTART}`,
  "The CTL file was updated successfully. Restart Cisco Tftp and Cisco CallManager on every node.",
  "",
] as const;
// Whether the CLI ends a refusal as it ends other failures, or only says why, is not in the public record either.
const CTL_RESTRICTED = [
  "The operation is not allowed: the product is not registered for export-controlled functionality.\nExecuted command unsuccessfully",
  "Unable to update the CTL file. Check the Smart Licensing registration of this cluster.",
  "Executed command unsuccessfully",
] as const;

const ROLLBACK_VALUES = [
  { true: "T", false: "F" },
  { true: "t", false: "f" },
  { true: "1", false: "0" },
  { true: "true", false: "false" },
] as const;

const TRUST_LIST_PAGES = [
  "/CGI/Java/Serviceability?adapter=device.settings.security",
  "/CGI/Java/Serviceability?adapter=device.settings.trustlist",
  "/SecurityConfigurationX",
  "/TrustList",
] as const;

const ITL_RECORDS: readonly ItlRecord[] = [
  { table: "device", column: "itlstatus", current: "1", other: "0" },
  { table: "device", column: "tkitlstate", current: "2", other: "3" },
  { table: "registrationdynamic", column: "itlstatus", current: "Current", other: "Mismatch" },
];

// The first is what `file get` asks; the last says nothing, so that only its order tells.
const DIALOGUES: readonly BulkManners["dialogue"][] = [
  [
    { about: "address", question: "SFTP server IP: " },
    { about: "port", question: "SFTP server port [22]: " },
    { about: "user", question: "User ID: " },
    { about: "password", question: "Password: " },
    { about: "directory", question: "Upload directory: " },
  ],
  [
    { about: "directory", question: "Enter the path of the folder on the SFTP server :" },
    { about: "address", question: "Enter host name or address of the SFTP server :" },
    { about: "port", question: "Enter port of the SFTP server :" },
    { about: "user", question: "Enter user name for this server :" },
    { about: "password", question: "Enter password for this user :" },
  ],
  (["port", "address", "directory", "user", "password"] as const).map((about, i) => ({
    about,
    question: `${i + 1}/5: `,
  })),
];
const WORDLESS = DIALOGUES[2]!;

const BULK_FILES = [
  { exported: "tftp_{node}.p12", consolidated: "tftp_consolidated.p12" },
  { exported: "{node}.certs", consolidated: "AllClusters.certs" },
] as const;

/** Passphrases that every release has built into it, as far as anybody knows. */
export const BULK_PASSPHRASES = [null, "", "built-into-the-lab"] as const;

/** Where its questions alone do not tell. */
const needsOrder = ({ dialogue, echo }: BulkManners) => dialogue === WORDLESS || echo === "not even the end";

function bulkManners(): BulkManners {
  return {
    dialogue: one(DIALOGUES),
    echo: one(["all", "stars", "none", "not even the end"] as const),
    confirms: one([true, false]),
    tftpUnit: one(["tftp", "TFTP"] as const),
    seal: { passphrase: one(BULK_PASSPHRASES), cipher: one(["3des", "aes256"] as const) },
    ...one(BULK_FILES),
  };
}

function itlStatusQuery({ table, column }: ItlRecord): string {
  return table === "device"
    ? `select name,${column} as status from device where name in ({phones})`
    : `select d.name as name,r.${column} as status from ${table} r inner join device d on r.fkdevice=d.pkid where d.name in ({phones})`;
}

export function drawUnknowns(version: string, fixed: Partial<Drawn> = {}): Drawn {
  const rollback = one(ROLLBACK_VALUES);
  const itlRecord = fixed.itlRecord ?? one(ITL_RECORDS);
  const bulk = fixed.bulk ?? bulkManners();
  return {
    spellings: {
      importUnit: {
        "CallManager-trust": one(IMPORT_UNITS["CallManager-trust"]),
        "Phone-SAST-trust": one(IMPORT_UNITS["Phone-SAST-trust"]),
        "CAPF-trust": one(IMPORT_UNITS["CAPF-trust"]),
      },
      pasteEnd: one(PASTE_ENDS),
      deleteCommand: one(DELETE_COMMANDS),
      restService: {
        "CallManager-trust": one(REST_SERVICES["CallManager-trust"]),
        "Phone-SAST-trust": one(REST_SERVICES["Phone-SAST-trust"]),
        "CAPF-trust": one(REST_SERVICES["CAPF-trust"]),
      },
      webForms: {
        deleteButton: one(["Delete", "Delete Certificate", "Remove"] as const),
        downloadButton: one(["Download .PEM File", "Download"] as const),
      },
      bulkUnit: one([bulk.tftpUnit, "all"]),
      bulkSftpOrder: needsOrder(bulk) ? bulk.dialogue.map(({ about }) => about) : [],
      rollbackParameter: "RollBackToPreGrayback",
      rollbackTrue: [rollback.true],
      rollbackFalse: [rollback.false],
      trustListPages: [one(TRUST_LIST_PAGES)],
      itlStatusQuery: itlStatusQuery(itlRecord),
      itlStatusCurrent: [itlRecord.current],
      itlStatusOther: [itlRecord.other],
    },
    itlRecord,
    bulk,
    ctl: {
      done: documentsCtlCommands(version) ? CTL_DONE[0] : one(CTL_DONE),
      restricted: one(CTL_RESTRICTED),
    },
    logListing: one(["plain", "multipart"] as const),
    fileNames: fileNamesOf(version) ?? one(["cn", "cn-serial"] as const),
    cliImportsSast: mayLackSastByCli(version) ? one([true, false]) : true,
    tvsNoticesChanges: one([true, false]),
    deletePrompt: one(DELETE_PROMPTS),
    lscIssuerName: one(["common name", "distinguished name"] as const),
    olderImport: one(["says-success", "says-error"] as const),
    rest: {
      storeNames: one(["bare", "with-trust"] as const),
      fileNames: one(["as-the-cli", "without-extension"] as const),
      unitNames: one(["as-the-cli", "lower-case"] as const),
      duplicate: one([200, 400, 409, 500] as const),
    },
    web: {
      list: listsFileNames(version) ? "file names" : one(["file names", "common names"] as const),
      rows: one([10, 250] as const),
      pem: one(["on the page", "as a download"] as const),
      delete: one(["link", "button"] as const),
    },
    ...fixed,
  };
}

function one<T>(choices: readonly T[]): T {
  return choices[randomInt(choices.length)]!;
}
