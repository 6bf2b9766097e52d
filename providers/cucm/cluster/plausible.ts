/** What a release may say where no document tells, the likeliest first: what the errors of a wrong spelling propose. */
import type { TrustStore } from "./cluster";
import type { Spellings } from "./config";
import type { Settings } from "./lines-to-set";

type ByStore = { readonly [store in TrustStore]: readonly string[] };

const IMPORT_UNITS: ByStore = {
  "CallManager-trust": ["CallManager", "CallManager-trust"],
  "Phone-SAST-trust": ["Phone-SAST-trust", "Phone-SAST", "phone-sast-trust"],
  "CAPF-trust": ["CAPF", "CAPF-trust"],
};
const REST_SERVICES: ByStore = {
  "CallManager-trust": ["CallManager", "CallManager-trust"],
  "Phone-SAST-trust": ["Phone-SAST", "Phone-SAST-trust"],
  "CAPF-trust": ["CAPF", "CAPF-trust"],
};
// An empty line begins with a newline: who does not take the one does not take the other.
const PASTE_ENDS: readonly Spellings["pasteEnd"][] = ["empty-line", "ctrl-d", "newline"];
const DELETE_COMMANDS = [
  "set cert delete {store} {file}",
  "set cert delete {unit} {file}",
  "set cert delete trust {store}/{file}",
  "set cert delete trust {unit} {file}",
];
const BULK_UNITS = ["tftp", "TFTP", "all"];

const others = (all: readonly string[], wrong: string) => all.filter((each) => each !== wrong);

export const importUnits = (store: TrustStore, wrong: string): readonly Settings[] =>
  others(IMPORT_UNITS[store], wrong).map((unit) => ({ spellings: { import_unit: { [store]: unit } } }));

export const restServices = (store: TrustStore, wrong: string): readonly Settings[] =>
  others(REST_SERVICES[store], wrong).map((name) => ({ spellings: { rest_service: { [store]: name } } }));

export const pasteEnds = (wrong: string): readonly Settings[] =>
  others(PASTE_ENDS, wrong).map((end) => ({ spellings: { paste_end: end } }));

export const bulkUnits = (wrong: string): readonly Settings[] =>
  others(BULK_UNITS, wrong).map((unit) => ({ spellings: { bulk_unit: unit } }));

/**
 * The unit too: where REST imports, no import has shown that it is right.
 *
 * @param works whether the command has deleted from another store. Then its form is right, but where a unit is
 *   spelled like its store nothing has shown which of the two it takes.
 */
export function deleteCommands(
  store: TrustStore,
  { deleteCommand, importUnit }: Pick<Spellings, "deleteCommand" | "importUnit">,
  works: boolean,
): readonly Settings[] {
  const now = importUnit[store];
  const form = (command: string) => command.replace(/\{(store|unit)\}/, "{}");
  const commands = works
    ? [...DELETE_COMMANDS].sort(
        (a, b) => Number(form(b) === form(deleteCommand)) - Number(form(a) === form(deleteCommand)),
      )
    : DELETE_COMMANDS;
  return [now, ...others(IMPORT_UNITS[store], now)].flatMap((unit) =>
    commands
      .filter((command) => (unit === now ? command !== deleteCommand : command.includes("{unit}")))
      .map((command) => ({
        spellings: {
          delete_command: command,
          ...(unit !== now && { import_unit: { [store]: unit } }),
        },
      })),
  );
}

export const OTHER_WAY: Settings = { certificate_transport: "web" };
export const LEGACY_LINE: Settings = { cryptography: "legacy" };
