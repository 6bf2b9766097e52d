/** Writes the directories of phones that are registered with the source: what each one carries when the lab starts. */
import { join } from "node:path";
import { parseSignedFile } from "../trust/signed-file";
import type { PhoneProvisioning } from "./cluster/provisioning";
import { Flash, type StatusFile } from "./phone/flash";

/**
 * @param tftp option 150 as the phones last heard it
 * @param asksForItl whether the model has Security By Default: others never asked for an ITL
 */
export function preparePhones(
  directory: string,
  phones: readonly PhoneProvisioning[],
  tftp: readonly string[],
  asksForItl: boolean,
): void {
  for (const phone of phones) {
    const flash = new Flash(join(directory, phone.name));
    flash.keep("lsc.pem", phone.lsc.certificate);
    flash.keep("lsc.key", phone.lsc.key);
    if (phone.ctl !== null) flash.keep("ctl.tlv", Buffer.from(phone.ctl, "base64"));
    if (asksForItl) flash.keep("itl.tlv", Buffer.from(phone.itl, "base64"));
    flash.keep("config.xml", parseSignedFile(Buffer.from(phone.config, "base64")).payload);
    const status: StatusFile = {
      address: null,
      tftp,
      tftpInUse: phone.tftpServer,
      status: "Trust List updated",
      reason: null,
      step: null,
    };
    flash.keep("status.json", JSON.stringify(status));
  }
}
