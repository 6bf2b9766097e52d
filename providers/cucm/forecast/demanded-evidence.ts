/** What evidence is asked for, and which phones have less of it than is demanded. */
import {
  type EVIDENCE_LEVELS,
  EVIDENCE_READERS,
  type EvidenceReader,
  readersFor,
  requireEvidence,
} from "../../../trust/evidence";
import { UNKNOWN } from "../../framework/schema/value";
import type { PhoneForecast } from "./forecast-phones";

export const isReader = (name: string): name is EvidenceReader =>
  (EVIDENCE_READERS as readonly string[]).includes(name);

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

export function readerProblem(readers: readonly (string | typeof UNKNOWN)[]): string | undefined {
  const stranger = readers.find((one) => one !== UNKNOWN && !isReader(one));
  return stranger === undefined
    ? undefined
    : `evidence has "${String(stranger)}", which is none of ${quoted(EVIDENCE_READERS)}.`;
}

/** Without its reader no phone would ever have that level. */
export function missingReader(
  readers: readonly (string | typeof UNKNOWN)[],
  level: (typeof EVIDENCE_LEVELS)[number],
): string | undefined {
  const [own, ...stronger] = readersFor(level);
  if (
    own === undefined ||
    readers.some((one) => one === UNKNOWN || [own, ...stronger].some((r) => r === one))
  )
    return undefined;
  const others = stronger.length === 0 ? "" : `, or for stronger evidence ${quoted(stronger)}`;
  return `require_evidence: ${level} needs evidence: ["${own}"]${others}. Otherwise nothing is read that shows it, and no phone would ever have it.`;
}

export function weakness(
  { evidence }: PhoneForecast,
  demanded: (typeof EVIDENCE_LEVELS)[number] | null,
): string | null {
  if (demanded === null) return null;
  return evidence === null ? "nothing is known of it" : requireEvidence(evidence, demanded);
}
