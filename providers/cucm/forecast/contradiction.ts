/** What was seen of a phone's lists and contradicts what it is assumed to hold. */
import { type Evidence, evidenceOf } from "../../../trust/evidence";
import type { PhoneForecast } from "./forecast-phones";

/** That lists were made after it registered is so of ordinary phones, and nobody has looked at them. */
const BY_AGE_ALONE = evidenceOf({
  registered: { secure: false, since: new Date(0) },
  listsMadeAt: new Date(1),
}).against;

export const contradictions = ({ against }: Evidence): readonly string[] =>
  against.filter((one) => !BY_AGE_ALONE.includes(one));

/** A phone that holds other lists than those of its forecast registers for no reason that is known. */
export function unlessContradicted(forecast: PhoneForecast): PhoneForecast {
  const { outcome, evidence } = forecast;
  const seen = evidence === null ? [] : contradictions(evidence);
  if (outcome !== "registers" || seen.length === 0) return forecast;
  return {
    ...forecast,
    outcome: "uncertain",
    reason: `it presumably holds other lists than those that were looked at: ${seen.join("; ")}. By those: ${outcome}. To do: reset the phone on its present cluster, so that it fetches the lists of today`,
  };
}
