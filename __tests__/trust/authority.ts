import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { Certificate } from "../../trust/certificate";

/** A certificate with its key: made anew for each test file, real in every byte, any name and serial number. */
export interface Identity {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/** Type (dotted OID) and value; the string type by its DER tag. @default tag 12, UTF8String */
export interface NamePart {
  readonly oid: string;
  readonly value: string | Buffer;
  readonly tag?: number;
}

export interface IdentityOptions {
  /** RDNs in the order of the certificate. @default ucm11pub of Cisco's document 213407 */
  readonly subject?: readonly (readonly NamePart[])[];
  /** @default self-signed */
  readonly issuer?: { readonly name: readonly (readonly NamePart[])[]; readonly key: KeyObject };
  /** Hex of the magnitude. */
  readonly serial?: string;
  /** Bits of an RSA key, or a curve. @default 1024 */
  readonly key?: number | "P-256" | "P-384" | "P-521";
}

export const OID = {
  CN: "2.5.4.3",
  serialNumber: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  DC: "0.9.2342.19200300.100.1.25",
} as const;

/** `name({ C: "AU" }, { CN: "x" })`: one RDN each, in the certificate's order. */
export function name(...parts: { readonly [type in keyof typeof OID]?: string }[]): NamePart[][] {
  return parts.map((part) =>
    Object.entries(part).map(([type, value]) => ({ oid: OID[type as keyof typeof OID], value })),
  );
}

const UCM11PUB = name(
  { C: "AU" },
  { ST: "QLD" },
  { L: "Brisbane" },
  { O: "Stormin" },
  { OU: "IST" },
  { CN: "ucm11pub.stormin.local" },
);

export function identity(options: IdentityOptions = {}): Identity {
  const { key = 1024, subject = UCM11PUB, serial = "24000000179479B8F124AC3F3B000000000017" } = options;
  const { publicKey, privateKey } =
    typeof key === "number"
      ? generateKeyPairSync("rsa", { modulusLength: key })
      : generateKeyPairSync("ec", { namedCurve: key });
  const issuerKey = options.issuer?.key ?? privateKey;
  // sha256WithRSAEncryption or ecdsa-with-SHA256
  const algorithm =
    issuerKey.asymmetricKeyType === "rsa"
      ? der(0x30, oid("1.2.840.113549.1.1.11"), Buffer.from("0500", "hex"))
      : der(0x30, oid("1.2.840.10045.4.3.2"));
  const body = der(
    0x30,
    Buffer.from("a003020102", "hex"),
    integer(Buffer.from(serial, "hex")),
    algorithm,
    derName(options.issuer?.name ?? subject),
    der(0x30, der(0x17, Buffer.from("240101000000Z")), der(0x17, Buffer.from("440101000000Z"))),
    derName(subject),
    publicKey.export({ format: "der", type: "spki" }) as Buffer,
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", body, issuerKey));
  return { certificate: Certificate.fromDer(der(0x30, body, algorithm, signature)), privateKey };
}

function derName(rdns: readonly (readonly NamePart[])[]): Buffer {
  return der(
    0x30,
    ...rdns.map((rdn) =>
      der(
        0x31,
        ...rdn.map(({ oid: type, value, tag = 12 }) =>
          der(0x30, oid(type), der(tag, Buffer.from(value as string))),
        ),
      ),
    ),
  );
}

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function integer(magnitude: Buffer): Buffer {
  return der(0x02, ...(magnitude[0]! >= 0x80 ? [Buffer.of(0)] : []), magnitude);
}

function oid(text: string): Buffer {
  const [a, b, ...rest] = text.split(".").map(Number) as [number, number, ...number[]];
  const bytes = [a * 40 + b, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) {
      digits.unshift((high & 0x7f) | 0x80);
    }
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}
