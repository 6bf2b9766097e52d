import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { issue, type Name } from "../../../../lab/cluster/pki/issue";

/** A certificate with its key, for TLS between us and a DHCP server. */
export interface Issued {
  readonly name: Name;
  readonly pem: string;
  readonly key: string;
  readonly sha256: string;
}

/** Valid for an hour, for `localhost`; a CA of its own without `by`. */
export function issued(cn: string, by?: Issued): Issued {
  const name: Name = [["CN", cn]];
  const { certificate, key } = issue({
    subject: name,
    key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    isCa: by === undefined,
    dnsNames: ["localhost"],
    ...(by ? { issuer: { name: by.name, key: createPrivateKey(by.key) } } : {}),
  });
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return { name, pem: certificate.pem, key: pem, sha256: certificate.sha256 };
}
