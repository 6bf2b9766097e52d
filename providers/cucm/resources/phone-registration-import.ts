/** The state that an import id stands for, before it is read. */
import { DiagnosticError } from "../../framework/diagnostic";
import { importArguments, importHint, wrongId } from "../../rules/import-id";
import { DEFAULT_LIMITS } from "./phone-registration-limits";
import { phonesProblem, type State } from "./phone-registration-schema";

export const ID_FORM =
  '{"source":"source","destination":"destination","phones":["SEP001122334455"],"registered_on":"destination"}';
/** Optional: the other arguments. */
const ID_SHAPE = {
  required: { source: "string", destination: "string", phones: "array", registered_on: "string" },
  optional: {
    go_if: "object",
    limits: "object",
    scopes: "array",
    on_stop: "string",
    evidence: "array",
    on_destroy: "string",
  },
} as const;
export const ID_HINT = importHint(ID_SHAPE, ID_FORM);
type Imported = Pick<State, "source" | "destination" | "phones" | "registered_on"> &
  Partial<
    Pick<State, "go_if" | "scopes" | "on_stop" | "evidence" | "on_destroy"> & {
      limits: Partial<State["limits"]> | null;
    }
  >;

/** @throws DiagnosticError when the id does not name a wave */
export function imported(id: string): State {
  const given = importArguments<Imported>(id, ID_SHAPE, ID_FORM);
  const { source, destination, phones, registered_on } = given;
  const problem = phonesProblem(phones);
  if (problem) throw new DiagnosticError("The import id names wrong phones", problem);
  if (registered_on !== "source" && registered_on !== "destination")
    throw wrongId('registered_on must be "source" or "destination"', ID_FORM);
  return {
    source,
    destination,
    phones,
    registered_on,
    // Some sentences, no matter which: those of a move that is done are never looked at again.
    go_if: given.go_if ?? (registered_on === "destination" ? {} : null),
    limits: { ...DEFAULT_LIMITS, ...given.limits },
    scopes: given.scopes ?? null,
    on_stop: given.on_stop ?? "error",
    evidence: given.evidence ?? null,
    on_destroy: given.on_destroy ?? "refuse",
    stopped: false,
    // Until they are found, by the read that follows.
    counts: { source: 0, destination: 0, missing: phones.length },
    failed: [],
  };
}
