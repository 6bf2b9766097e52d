/** What a failure means of a way to certificates that this cluster may not use: then it may be closed. */
import { deviates, notTried, type Result, TO_FIND, unknown, webForms } from "../check";
import { type Patient, reasonOf } from "../patient";

/** The pages of OS administration, which are taken only where they are asked for. */
export async function onForms(patient: Patient, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    const reason = reasonOf(error);
    if (/ has no page for /.test(reason))
      return deviates(reason, webForms({ login_path: TO_FIND, list_path: TO_FIND }));
    if (patient.config.certificateTransport === "web") return unknown(reason);
    return notTried(`certificate_transport is not "web", and ${reason}`);
  }
}

/** The CLI, which everything but the pages falls back on. */
export async function onCli(patient: Patient, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (patient.config.certificateTransport !== "web") throw error;
    return notTried(`certificate_transport is "web", and ${reasonOf(error)}`);
  }
}
