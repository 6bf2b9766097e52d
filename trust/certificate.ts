import { type KeyObject, X509Certificate } from "node:crypto";
import { bitStringBytes, childrenOf, DerTag, expectTag, readDer } from "./der";
import { nameText, parseName, type Rdn } from "./name";

/** Far above any certificate that a phone takes, far below what could hurt. */
const MAX_DER_BYTES = 65_535;

/**
 * Certificates that were read before, by the end of their DER (part of the signature, so as good as random); the
 * whole DER is compared. A fleet's trust lists repeat a few certificates over and over, and OpenSSL takes longer to
 * read one than to verify a list's signature.
 */
const seen = new Map<number, { readonly der: Buffer; readonly certificate: Certificate }>();
const MAX_SEEN = 512;
/** Bytes at the end: as many as one number holds. */
const SEEN_BY = 6;

/** An X.509 certificate, identified by the SHA-256 of its DER: file names and CNs lie. */
export class Certificate {
  readonly der: Buffer;
  /** Lower-case hex of the DER. */
  readonly sha256: string;
  /** Upper-case hex of the serial number's magnitude, as TVS logs print it; always whole bytes. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  private readonly x509: X509Certificate;
  private readonly fields: Fields;

  private constructor(der: Buffer) {
    try {
      this.x509 = new X509Certificate(der);
      this.fields = readFields(der);
      // Read at once: OpenSSL takes a certificate whose key it cannot read, and would fail at the first use.
      this.publicKey = this.x509.publicKey;
    } catch (cause) {
      throw new CertificateError("not a well-formed X.509 certificate", { cause });
    }
    // OpenSSL ignores what follows the certificate, and repairs some encodings: then the fingerprint would lie.
    if (!this.x509.raw.equals(der)) {
      throw new CertificateError(
        "not exactly one DER-encoded X.509 certificate: bytes were added or re-encoded",
      );
    }
    this.der = der;
    this.sha256 = this.x509.fingerprint256.replaceAll(":", "").toLowerCase();
    this.serial = serialText(this.fields.serial);
    this.notBefore = new Date(this.x509.validFrom);
    this.notAfter = new Date(this.x509.validTo);
    if (Number.isNaN(this.notBefore.getTime()) || Number.isNaN(this.notAfter.getTime())) {
      throw new CertificateError("the certificate's validity is not a pair of dates");
    }
  }

  /** @throws CertificateError when it is not exactly one well-formed certificate. */
  static fromDer(der: Uint8Array): Certificate {
    if (der.length > MAX_DER_BYTES) {
      throw new CertificateError(
        `a certificate of ${der.length} bytes; at most ${MAX_DER_BYTES} are accepted`,
      );
    }
    const bytes = Buffer.isBuffer(der) ? der : Buffer.from(der);
    const key = bytes.length < SEEN_BY ? 0 : bytes.readUIntBE(bytes.length - SEEN_BY, SEEN_BY);
    const known = seen.get(key);
    if (known?.der.equals(bytes)) return known.certificate;
    const certificate = new Certificate(Buffer.from(der));
    if (seen.size >= MAX_SEEN) seen.delete(seen.keys().next().value!);
    seen.set(key, { der: Buffer.from(der), certificate });
    return certificate;
  }

  /** Any white space, text before and after. @throws CertificateError unless the text holds exactly one certificate. */
  static fromPem(text: string): Certificate {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length !== 1)
      throw new CertificateError(`expected one PEM certificate, found ${blocks.length}`);
    const base64 = blocks[0]!.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
      throw new CertificateError("the PEM block is not base64");
    }
    return Certificate.fromDer(Buffer.from(base64, "base64"));
  }

  /** Normalised PEM: 64 columns, LF, one final LF. */
  get pem(): string {
    const base64 = this.der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
    return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
  }

  /** Distinguished name as CUCM's lists spell it: `CN=..;OU=..;O=..;L=..;ST=..;C=..`. */
  get subject(): string {
    return nameText(this.fields.subject);
  }
  get issuer(): string {
    return nameText(this.fields.issuer);
  }
  /** Common name of the subject; empty when there is none. */
  get commonName(): string {
    return this.fields.subject.flat().find(({ type }) => type === "CN")?.value ?? "";
  }
  /** What TVS looks a certificate up by: see {@link mapId}. */
  get mapId(): string {
    return mapId(this.serial, this.issuer);
  }
  /** As trust list records carry it: PKCS#1 `RSAPublicKey` of an RSA key, the point of an EC key. */
  get publicKeyBytes(): Buffer {
    return this.fields.publicKey;
  }
  /** The issuer's signature under this certificate. */
  get signature(): Buffer {
    return this.fields.signature;
  }
  /** Magnitude of the serial number, as the lists and TVS messages carry it. */
  get serialBytes(): Buffer {
    return Buffer.from(this.serial, "hex");
  }

  isExpired(at: Date): boolean {
    return at > this.notAfter;
  }
  /** Whether `issuer`'s key really signed this certificate. Names and dates are not looked at. */
  isSignedBy(issuer: Certificate): boolean {
    try {
      return this.x509.verify(issuer.publicKey);
    } catch {
      return false;
    }
  }
}

export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/**
 * Key of TVS's certificate cache, as its log prints it: "Looking up the certificate cache using Unique MAP ID :
 * <serial, upper-case hex><issuer>". The issuer is taken literally.
 */
export function mapId(serial: string, issuer: string): string {
  return serial.toUpperCase() + issuer;
}

/** Upper-case hex without leading zero bytes (DER puts one before a high bit); zero is `00`. */
export function serialText(bytes: Buffer, start = 0, end = bytes.length): string {
  let first = start;
  while (first < end - 1 && bytes[first] === 0) first++;
  return bytes.toString("hex", first, end).toUpperCase();
}

interface Fields {
  readonly serial: Buffer;
  readonly issuer: readonly Rdn[];
  readonly subject: readonly Rdn[];
  readonly publicKey: Buffer;
  readonly signature: Buffer;
}

/** RFC 5280, section 4.1. @throws DerError */
function readFields(der: Buffer): Fields {
  const [tbs, , signature] = childrenOf(expectTag(readDer(der, 0), DerTag.SEQUENCE, "certificate"));
  const parts = childrenOf(expectTag(tbs, DerTag.SEQUENCE, "body of the certificate"));
  // The version is the only optional part in front, [0].
  const [serial, , issuer, , subject, keyInfo] = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  const key = childrenOf(expectTag(keyInfo, DerTag.SEQUENCE, "public key"))[1];
  return {
    serial: expectTag(serial, DerTag.INTEGER, "serial number").content,
    issuer: parseName(expectTag(issuer, DerTag.SEQUENCE, "issuer")),
    subject: parseName(expectTag(subject, DerTag.SEQUENCE, "subject")),
    publicKey: bitStringBytes(expectTag(key, DerTag.BIT_STRING, "public key"), "public key"),
    signature: bitStringBytes(expectTag(signature, DerTag.BIT_STRING, "signature"), "signature"),
  };
}
