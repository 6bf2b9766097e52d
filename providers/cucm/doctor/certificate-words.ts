/** What may be said of a certificate: its kind of key, and by which digest it was signed. */
import type { Certificate } from "../../../trust/certificate";
import { childrenOf, readDer } from "../../../trust/der";

/** RFC 8017, RFC 5758. */
const DIGESTS: { readonly [oid: string]: string } = {
  "2a864886f70d010104": "MD5",
  "2a864886f70d010105": "SHA-1",
  "2a864886f70d01010b": "SHA-256",
  "2a864886f70d01010c": "SHA-384",
  "2a864886f70d01010d": "SHA-512",
  "2a8648ce3d0401": "SHA-1",
  "2a8648ce3d040302": "SHA-256",
  "2a8648ce3d040303": "SHA-384",
  "2a8648ce3d040304": "SHA-512",
};

/** `RSA 2048, SHA-256` */
export function keyWords({ der, publicKey }: Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const algorithm = childrenOf(readDer(der, 0))[1];
  const oid = algorithm === undefined ? undefined : childrenOf(algorithm)[0]?.content.toString("hex");
  const kind =
    publicKey.asymmetricKeyType === "rsa" ? "RSA" : publicKey.asymmetricKeyType === "ec" ? "EC" : "other";
  return `${kind} ${modulusLength ?? namedCurve ?? "key"}, ${DIGESTS[oid ?? ""] ?? "other digest"}`;
}
