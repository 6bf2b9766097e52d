/** Writes the directories of phones that are registered with the source: what each one carries when the lab starts. */
import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { parseSignedFile } from "../trust/signed-file";
import type { PhoneProvisioning } from "./cluster/provisioning";
import { decryptConfig } from "./encrypted-config";
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
    for (const kind of ["lsc", "mic"] as const) {
      const own = phone[kind];
      if (own === null) continue;
      flash.keep(`${kind}.pem`, own.certificate);
      flash.keep(`${kind}.key`, own.key);
    }
    if (phone.ctl !== null) flash.keep("ctl.tlv", Buffer.from(phone.ctl, "base64"));
    if (asksForItl) flash.keep("itl.tlv", Buffer.from(phone.itl, "base64"));
    flash.keep("config.xml", plainConfig(phone, flash.privateKey()));
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

function plainConfig({ name, config, configName }: PhoneProvisioning, key: KeyObject | null): Buffer {
  const { payload } = parseSignedFile(Buffer.from(config, "base64"));
  if (!configName.endsWith(".enc.sgn")) return payload;
  const plain = key && decryptConfig(payload, key);
  if (plain === null) throw new Error(`${configName} is not encrypted for ${name}`);
  return plain;
}
