import { type KeyObject, X509Certificate } from "node:crypto";

/** An X.509 certificate, identified by the SHA-256 of its DER: file names and CNs lie. */
export class Certificate {
  readonly der: Buffer;
  /** Lower-case hex of the DER. */
  readonly sha256: string;
  private readonly x509: X509Certificate;

  private constructor(x509: X509Certificate) {
    this.x509 = x509;
    this.der = x509.raw;
    this.sha256 = x509.fingerprint256.replaceAll(":", "").toLowerCase();
  }

  /** @throws CertificateError when it is not exactly one well-formed certificate. */
  static fromDer(der: Uint8Array): Certificate {
    return new Certificate(parse(Buffer.from(der)));
  }

  /** Any white space, text before and after. @throws CertificateError unless the text holds exactly one certificate. */
  static fromPem(text: string): Certificate {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length !== 1) throw new CertificateError(`expected one PEM certificate, found ${blocks.length}`);
    return new Certificate(parse(blocks[0]!));
  }

  /** Normalised PEM: 64 columns, LF, one final LF. */
  get pem(): string {
    const base64 = this.der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
    return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
  }

  /** Upper-case hex of the serial number's magnitude, as TVS logs print it. */
  get serial(): string {
    return this.x509.serialNumber;
  }
  /** Distinguished name as CUCM's lists spell it: `CN=..;OU=..;O=..;L=..;ST=..;C=..`. */
  get subject(): string {
    return dnText(this.x509.subject);
  }
  get issuer(): string {
    return dnText(this.x509.issuer);
  }
  /** Common name of the subject; empty when there is none. */
  get commonName(): string {
    return /^CN=(.*)$/m.exec(this.x509.subject)?.[1] ?? "";
  }
  get notBefore(): Date {
    return new Date(this.x509.validFrom);
  }
  get notAfter(): Date {
    return new Date(this.x509.validTo);
  }
  get publicKey(): KeyObject {
    return this.x509.publicKey;
  }
  isExpired(at: Date): boolean {
    return at > this.notAfter;
  }
}

export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

function parse(input: Buffer | string): X509Certificate {
  try {
    return new X509Certificate(input);
  } catch (cause) {
    throw new CertificateError("not a well-formed X.509 certificate", { cause });
  }
}

const ORDER = ["CN", "OU", "O", "L", "ST", "C"];

/** Node prints one RDN a line in the certificate's order; CUCM's lists begin with the CN. */
function dnText(lines: string): string {
  const parts = lines.split("\n").filter((line) => line !== "");
  const rank = (part: string) => {
    const i = ORDER.indexOf(part.slice(0, part.indexOf("=")));
    return i < 0 ? ORDER.length : i;
  };
  return parts.sort((a, b) => rank(a) - rank(b)).join(";");
}
