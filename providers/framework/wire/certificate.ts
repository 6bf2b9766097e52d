import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import * as der from "./der";

/** A key and a self-signed certificate that live as long as the process. */
export interface Identity {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
}

const OID = {
  commonName: "2.5.4.3",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  subjectAltName: "2.5.29.17",
} as const;

const DAY = 86_400_000;

/**
 * A P-256 certificate (RFC 5280) for `localhost`, the name under which go-plugin's host verifies us; the host
 * takes it for its only root. Written by hand: Node can use certificates but not issue them.
 */
export function createIdentity(now = new Date()): Identity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der.sequence(der.objectIdentifier(OID.ecdsaWithSha256));
  const name = der.sequence(
    der.set(der.sequence(der.objectIdentifier(OID.commonName), der.utf8String("localhost"))),
  );
  // The first byte is kept from being zero or negative: a serial number is a positive integer.
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))), // version 3
    der.integer(serial),
    algorithm,
    name,
    // A day back for clocks that differ, ten years on for processes that never end.
    der.sequence(der.time(new Date(now.getTime() - DAY)), der.time(new Date(now.getTime() + 3650 * DAY))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, extensions()),
  );
  const signature = sign("sha256", body, privateKey);
  const certificateDer = der.sequence(body, algorithm, der.bitString(signature));
  return {
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: pem(certificateDer),
    certificateDer,
  };
}

function extensions(): Buffer {
  return der.sequence(
    extension(OID.basicConstraints, true, der.sequence(der.boolean(true))),
    // digitalSignature (bit 0) and keyCertSign (bit 5).
    extension(OID.keyUsage, true, der.bitString(Buffer.from([0b1000_0100]), 2)),
    extension(
      OID.extendedKeyUsage,
      false,
      der.sequence(der.objectIdentifier(OID.serverAuth), der.objectIdentifier(OID.clientAuth)),
    ),
    // dNSName is [2] of GeneralName.
    extension(OID.subjectAltName, false, der.sequence(der.implicit(2, Buffer.from("localhost")))),
  );
}

const extension = (oid: string, critical: boolean, value: Buffer): Buffer =>
  der.sequence(der.objectIdentifier(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
