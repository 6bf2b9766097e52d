/** Certificates with their keys, real in every byte, made anew for each test file. */
import { generateKeyPairSync } from "node:crypto";
import { type Identity, issue } from "../../../../../lab/cluster/pki/issue";
import type { Certificate } from "../../../../../trust/certificate";

export interface ServerIdentity {
  readonly certificate: Certificate;
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly pem: string;
  readonly identity: Identity;
  readonly commonName: string;
}

const VALID = { notBefore: new Date("2024-01-01T00:00:00Z"), notAfter: new Date("2044-01-01T00:00:00Z") };
const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

export function authority(commonName = "Test CA"): Authority {
  const identity = issue({ subject: [["CN", commonName]], key: newKey(), isCa: true, ...VALID });
  return { pem: identity.certificate.pem, identity, commonName };
}

export interface IdentityRequest {
  readonly by?: Authority;
  readonly dnsNames?: readonly string[];
  readonly serial?: string;
}

export function identity(commonName: string, { by, dnsNames, serial }: IdentityRequest = {}): ServerIdentity {
  const { certificate, key } = issue({
    subject: [
      ["O", "Test"],
      ["CN", commonName],
    ],
    key: newKey(),
    ...(by ? { issuer: { name: [["CN", by.commonName]], key: by.identity.key } } : {}),
    ...(dnsNames ? { dnsNames } : {}),
    ...(serial ? { serial: Buffer.from(serial, "hex") } : {}),
    ...VALID,
  });
  return { certificate, cert: certificate.pem, key: key.export({ type: "pkcs8", format: "pem" }) as string };
}
