import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { Certificate } from "../../../trust/certificate";
import * as der from "./der";

/** A key and the certificate that goes with it. */
export interface Identity {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

/** As node:tls takes them. */
export const pemsOf = ({ certificate, key }: Identity) => ({
  cert: certificate.pem,
  key: key.export({ type: "pkcs8", format: "pem" }) as string,
});

/** Attribute and value, in the order of the encoded name. */
export type Name = readonly (readonly [attribute: keyof typeof ATTRIBUTES, value: string])[];

const ATTRIBUTES = {
  CN: "2.5.4.3",
  serialNumber: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
} as const;

export interface CertificateRequest {
  readonly subject: Name;
  readonly key: KeyObject;
  /** Self-signed when absent. */
  readonly issuer?: { readonly name: Name; readonly key: KeyObject };
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Big-endian; by default 16 random bytes with the high bit clear, as CUCM's self-signed ones have. */
  readonly serial?: Uint8Array;
  readonly isCa?: boolean;
  readonly dnsNames?: readonly string[];
}

type SignedRequest = Omit<CertificateRequest, "key" | "issuer"> &
  Required<Pick<CertificateRequest, "issuer">>;

/** Issues a v3 certificate, sha256WithRSAEncryption. */
export function issue(request: CertificateRequest): Identity {
  const issuer = request.issuer ?? { name: request.subject, key: request.key };
  return { certificate: certify({ ...request, issuer }, createPublicKey(request.key)), key: request.key };
}

/** A certificate for a key of which the issuer sees only the public half. */
export function certify(request: SignedRequest, forKey: KeyObject): Certificate {
  const { issuer } = request;
  const algorithm = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.nothing());
  const publicKey = forKey.export({ type: "spki", format: "der" });
  const tbs = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(request.serial ?? randomSerial()),
    algorithm,
    name(issuer.name),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    name(request.subject),
    publicKey,
    der.explicit(3, der.sequence(...extensions(request, publicKey))),
  );
  const signature = sign("sha256", tbs, issuer.key);
  return Certificate.fromDer(der.sequence(tbs, algorithm, der.bitString(signature)));
}

/** A serial number as a Microsoft enterprise CA gives: template byte, counter, eight random bytes, counter again. */
export function enterpriseSerial(counter: number): Buffer {
  const serial = Buffer.alloc(19);
  serial[0] = 0x24;
  serial.writeUInt32BE(counter, 1);
  randomBytes(8).copy(serial, 5);
  serial.writeUInt32BE(counter, 15);
  return serial;
}

function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}

function name(parts: Name): Buffer {
  return der.sequence(
    ...parts.map(([attribute, value]) => {
      const text = attribute === "C" || attribute === "serialNumber" ? der.printable(value) : der.utf8(value);
      return der.set(der.sequence(der.oid(ATTRIBUTES[attribute]), text));
    }),
  );
}

function extensions(request: SignedRequest, publicKey: Buffer): Buffer[] {
  const extension = (id: string, critical: boolean, value: Buffer) =>
    der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
  // digitalSignature, keyEncipherment, dataEncipherment, keyAgreement and (CUCM sets it everywhere) keyCertSign
  const usage = der.bitString(Buffer.from([request.isCa ? 0x06 : 0xbc]), request.isCa ? 1 : 2);
  const list = [
    extension("2.5.29.15", request.isCa === true, usage),
    extension("2.5.29.14", false, der.octetString(createHash("sha1").update(publicKey).digest())),
  ];
  if (request.isCa) list.push(extension("2.5.29.19", true, der.sequence(der.boolean(true))));
  else {
    const purposes = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"), der.oid("1.3.6.1.5.5.7.3.2"));
    list.push(extension("2.5.29.37", false, purposes));
  }
  if (request.dnsNames?.length) {
    const names = request.dnsNames.map((dns) => der.tlv(0x82, Buffer.from(dns, "latin1")));
    list.push(extension("2.5.29.17", false, der.sequence(...names)));
  }
  return list;
}
