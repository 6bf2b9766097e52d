/** What a failure of the OS administration pages means. */
import { deviates, notTried, type Result, spelling, unknown } from "../check";
import { type Patient, reasonOf } from "../patient";

/** Pages that nobody uses may be out of reach. */
export async function onForms(patient: Patient, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    const reason = reasonOf(error);
    if (/ has no page for /.test(reason))
      return deviates(reason, spelling("web_forms", "...").replace('"..."', '{ list_path = "..." }'));
    if (patient.config.certificateTransport === "web") return unknown(reason);
    return notTried(`certificate_transport is not "web", and ${reason}`);
  }
}
