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
  /** How column `lscissuername` (from 11.5) spells the CAPF that issued a phone's LSC. */
  readonly lscIssuerName: "common name" | "distinguished name";
  /** What an import answers that was not stored because the store has a later certificate of the same name. */
  readonly olderImport: "says-success" | "says-error";
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
      rollbackParameter: "RollBackToPreGrayback",
      rollbackTrue: [rollback.true],
      rollbackFalse: [rollback.false],
    },
    fileNames: one(["cn", "cn-serial"] as const),
    tvsNoticesChanges: one([true, false]),
    deletePrompt: one(DELETE_PROMPTS),
    lscIssuerName: one(["common name", "distinguished name"] as const),
    olderImport: one(["says-success", "says-error"] as const),
    ...fixed,
  };
}

function one<T>(choices: readonly T[]): T {
  return choices[randomInt(choices.length)]!;
}
