import { sign } from "node:crypto";
import { Certificate } from "../../../trust/certificate";
import { type Identity, identity, name } from "../../trust/authority";

/** A self-signed certificate of any name and dates (`YYMMDD`), real in every byte. */
export function certificateOf(options: {
  readonly cn: string;
  readonly serial?: string;
  readonly from?: string;
  readonly to?: string;
}): Identity {
  const made = identity({ subject: name({ CN: options.cn }), serial: options.serial ?? nextSerial() });
  return redated(made, options.from ?? "240101", options.to ?? "440101");
}

let serials = 0x5a000000;
function nextSerial(): string {
  serials += 1;
  return serials.toString(16).toUpperCase();
}

/** Dates are of fixed length, and so is an RSA signature: both are written over. */
function redated({ certificate, privateKey }: Identity, from: string, to: string): Identity {
  const der = Buffer.from(certificate.der);
  der.write(`${from}000000Z`, der.indexOf("240101000000Z"));
  der.write(`${to}000000Z`, der.indexOf("440101000000Z"));
  const body = der.subarray(4, 8 + der.readUInt16BE(6));
  sign("sha256", body, privateKey).copy(der, der.length - 128);
  return { certificate: Certificate.fromDer(der), privateKey };
}
