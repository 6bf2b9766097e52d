import type { Certificate } from "../../../trust/certificate";

/** `show cert own|trust`: a dump in the manner of RSA's library, with the PEM glued to its last bracket. */
export function certificateDump(certificate: Certificate): string {
  const key = certificate.publicKey.export({ type: "spki", format: "der" }) as Buffer;
  return `[
  Version: V3
  Serial Number: ${certificate.serial}
  SignatureAlgorithm: SHA256withRSA (1.2.840.113549.1.1.11)
  Issuer Name: ${dumpName(certificate.issuer)}
  Validity From: ${dumpDate(certificate.notBefore)}
           To:   ${dumpDate(certificate.notAfter)}
  Subject Name: ${dumpName(certificate.subject)}
  Key: RSA (1.2.840.113549.1.1.1)
    Key value: ${key.subarray(24).toString("hex")}
  Extensions: 1 present
  [
     Extension: KeyUsage (OID.2.5.29.15)
     Critical: false
     Usages: digitalSignature, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign,
  ]

  Signature:
${hexLines(certificate.signature)}

]${certificate.pem}`;
}

/** `L=.., ST=.., CN=.., OU=.., O=.., C=..`: the encoded order backwards. */
function dumpName(text: string): string {
  const order = ["L", "ST", "CN", "OU", "O", "C"];
  const rank = (part: string) => order.indexOf(part.slice(0, part.indexOf("=")));
  return text
    .split(";")
    .sort((a, b) => rank(a) - rank(b))
    .join(", ");
}

/** `Sun Jul 08 13:05:19 UTC 2018` */
export function dumpDate(at: Date): string {
  const [day, date, month, year, time] = at.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

function hexLines(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    const shown = [...part]
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    lines.push(
      `  ${at.toString(16).padStart(4, "0")}: ${part.toString("hex").replace(/..(?=.)/g, "$& ")} [${shown}]`,
    );
  }
  return lines.join("\n");
}
