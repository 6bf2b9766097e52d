import { randomInt } from "node:crypto";
import type { SiteCluster } from "../site";

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
  /** What an import answers that was not stored because the store has a later certificate of the same name. */
  readonly olderImport: "says-success" | "says-error";
  readonly rest: DrawnRest;
  readonly web: DrawnWeb;
}

/** Certificate Management REST. */
export interface DrawnRest {
  /** Stores in the snapshot, e.g. `Phone-SAST` or `Phone-SAST-trust`. */
  readonly storeNames: "bare" | "with-trust";
  readonly fileNames: "as-the-cli" | "without-extension";
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

const ROLLBACK_VALUES = [
  { true: "T", false: "F" },
  { true: "t", false: "f" },
  { true: "1", false: "0" },
  { true: "true", false: "false" },
] as const;

export function drawUnknowns(fixed: Partial<Drawn> = {}): Drawn {
  const rollback = one(ROLLBACK_VALUES);
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
      rollbackParameter: "RollBackToPreGrayback",
      rollbackTrue: [rollback.true],
      rollbackFalse: [rollback.false],
    },
    fileNames: one(["cn", "cn-serial"] as const),
    tvsNoticesChanges: one([true, false]),
    deletePrompt: one(DELETE_PROMPTS),
    olderImport: one(["says-success", "says-error"] as const),
    rest: {
      storeNames: one(["bare", "with-trust"] as const),
      fileNames: one(["as-the-cli", "without-extension"] as const),
      duplicate: one([200, 400, 409, 500] as const),
    },
    web: {
      list: one(["file names", "common names"] as const),
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
