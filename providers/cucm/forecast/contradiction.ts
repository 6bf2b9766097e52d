/** What was seen of a phone's lists and contradicts what it is assumed to hold. */
import type { PhoneForecast } from "./forecast-phones";

/** A phone that holds other lists than those of its forecast registers for no reason that is known. */
export function unlessContradicted(forecast: PhoneForecast): PhoneForecast {
  const { outcome, evidence } = forecast;
  const seen = evidence?.contradicted;
  if (outcome !== "registers" || seen === undefined) return forecast;
  return {
    ...forecast,
    outcome: "uncertain",
    reason: `it presumably holds other lists than those that were looked at: ${seen.join("; ")}. By those: ${outcome}. To do: reset the phone on its present cluster, so that it fetches the lists of today`,
  };
}
