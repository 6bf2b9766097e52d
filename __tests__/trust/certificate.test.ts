import { X509Certificate } from "node:crypto";
import { Certificate, CertificateError, mapId, serialText } from "../../trust/certificate";
import { type Identity, identity, type NamePart, name, OID } from "./authority";

const SUBJECT = "CN=ucm11pub.stormin.local;OU=IST;O=Stormin;L=Brisbane;ST=QLD;C=AU";
let authority: Identity;
let leaf: Identity;

beforeAll(() => {
  authority = identity({ subject: name({ CN: "stormin-WIN2012-CA" }), key: 2048, serial: "01" });
  leaf = identity({ issuer: { name: name({ CN: "stormin-WIN2012-CA" }), key: authority.privateKey } });
});

test("names, serial number and map id as the TVS log of Cisco's document 213407 prints them", () => {
  const { certificate } = leaf;
  expect(certificate.subject).toBe(SUBJECT);
  expect(certificate.issuer).toBe("CN=stormin-WIN2012-CA");
  expect(certificate.serial).toBe("24000000179479B8F124AC3F3B000000000017");
  expect(certificate.mapId).toBe("24000000179479B8F124AC3F3B000000000017CN=stormin-WIN2012-CA");
  expect(mapId("ab", "CN=x")).toBe("ABCN=x");
  expect(certificate.commonName).toBe("ucm11pub.stormin.local");
  expect(certificate.notBefore.toISOString()).toBe("2024-01-01T00:00:00.000Z");
  expect(certificate.isExpired(new Date("2044-01-01T00:00:00Z"))).toBe(false);
  expect(certificate.isExpired(new Date("2044-01-01T00:00:01Z"))).toBe(true);
  expect(certificate.isSignedBy(authority.certificate)).toBe(true);
  expect(certificate.isSignedBy(certificate)).toBe(false);
});

test("agrees with OpenSSL on what both can say", () => {
  const x509 = new X509Certificate(leaf.certificate.der);
  expect(leaf.certificate.sha256).toBe(x509.fingerprint256.replaceAll(":", "").toLowerCase());
  expect(leaf.certificate.serial).toBe(x509.serialNumber);
  expect(leaf.certificate.publicKeyBytes).toEqual(
    x509.publicKey.export({ format: "der", type: "pkcs1" }) as Buffer,
  );
  expect(leaf.certificate.signature).toHaveLength(256);
});

test("PEM: any white space, text around it, normalised on the way out", () => {
  const { certificate } = leaf;
  const untidy = `[\n Version: V3\n]${certificate.pem.replace(/\n/g, "\r\n  ")}\n\n`;
  expect(Certificate.fromPem(untidy).pem).toBe(certificate.pem);
  expect(certificate.pem).toMatch(
    /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{64}\n)+[A-Za-z0-9+/=]{1,64}\n-----END CERTIFICATE-----\n$/,
  );
});

test("a serial number with its high bit set, a short one, and zero bytes in front", () => {
  const high = identity({ serial: "83E908000000005545AF31" });
  expect(high.certificate.serial).toBe("83E908000000005545AF31");
  expect(authority.certificate.serial).toBe("01");
  expect(high.certificate.serialBytes.toString("hex")).toBe("83e908000000005545af31");
  expect(serialText(Buffer.from([0, 0, 5]))).toBe("05");
  expect(serialText(Buffer.from([0]))).toBe("00");
});

test("an EC certificate carries its point", () => {
  const { certificate } = identity({ key: "P-384" });
  expect(certificate.publicKeyBytes).toHaveLength(97);
  expect(certificate.publicKeyBytes[0]).toBe(4);
});

describe("names", () => {
  const withSubject = (subject: readonly (readonly NamePart[])[]) => identity({ subject }).certificate;

  test("separators and escapes inside values cannot forge another attribute", () => {
    const certificate = withSubject(name({ CN: "a;O=b" }, { OU: "back\\slash" }, { O: "c+CN=d" }));
    expect(certificate.subject).toBe("CN=a\\;O=b;OU=back\\\\slash;O=c\\+CN=d");
    expect(certificate.commonName).toBe("a;O=b");
  });

  test("a line feed inside a value stays inside it", () => {
    const certificate = withSubject(name({ O: "x\nCN=evil" }, { CN: "good" }));
    expect(certificate.commonName).toBe("good");
    expect(certificate.subject).toBe("CN=good;O=x\\0aCN=evil");
  });

  test("multi-valued, UTF-8, and several units in the certificate's order", () => {
    const certificate = withSubject(
      name({ C: "PL" }, { OU: "eins" }, { OU: "zwei" }, { CN: "Kraków", serialNumber: "PID:CP-8861 SN:F" }),
    );
    expect(certificate.subject).toBe("CN=Kraków+serialNumber=PID:CP-8861 SN:F;OU=eins;OU=zwei;C=PL");
  });

  test("string types, types without a name, values that are no strings", () => {
    const certificate = withSubject([
      [{ oid: OID.CN, tag: 30, value: Buffer.from("größe", "utf16le").swap16() }],
      [{ oid: OID.OU, tag: 19, value: "P" }],
      [{ oid: OID.O, tag: 20, value: Buffer.from("ü", "latin1") }],
      [{ oid: OID.L, tag: 28, value: Buffer.from("000000550001f600", "hex") }],
      [{ oid: OID.DC, tag: 22, value: "I" }],
      [{ oid: "1.3.6.1.4.1.99999.1", value: "x" }],
      [{ oid: OID.C, tag: 3, value: Buffer.from("00504c", "hex") }],
    ]);
    expect(certificate.subject).toBe("CN=größe;OU=P;O=ü;L=U😀;C=#00504c;DC=I;1.3.6.1.4.1.99999.1=x");
  });

  test("no common name", () => {
    expect(withSubject(name({ O: "only" })).commonName).toBe("");
  });
});

describe("what is not exactly one certificate is refused", () => {
  test.each([
    ["nothing", () => Certificate.fromDer(Buffer.alloc(0))],
    ["rubbish", () => Certificate.fromDer(Buffer.from("rubbish"))],
    ["PEM where DER is due", () => Certificate.fromDer(Buffer.from(leaf.certificate.pem))],
    ["a cut certificate", () => Certificate.fromDer(leaf.certificate.der.subarray(0, -1))],
    ["a byte after it", () => Certificate.fromDer(Buffer.concat([leaf.certificate.der, Buffer.of(0)]))],
    [
      "two certificates",
      () => Certificate.fromDer(Buffer.concat([leaf.certificate.der, authority.certificate.der])),
    ],
    ["something enormous", () => Certificate.fromDer(Buffer.alloc(70_000))],
    ["no PEM block", () => Certificate.fromPem("text")],
    ["two PEM blocks", () => Certificate.fromPem(leaf.certificate.pem + authority.certificate.pem)],
    [
      "a PEM block of other characters",
      () => Certificate.fromPem(leaf.certificate.pem.replace("MII", "M*I")),
    ],
    ["a cut PEM block", () => Certificate.fromPem(leaf.certificate.pem.slice(0, 200))],
    ["an empty PEM block", () => Certificate.fromPem("-----BEGIN CERTIFICATE----------END CERTIFICATE-----")],
  ])("%s", (_, read) => {
    expect(read).toThrow(CertificateError);
  });

  test("a longer encoding of the same certificate: another fingerprint for the same content", () => {
    const { der } = leaf.certificate;
    const longer = Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]);
    expect(() => Certificate.fromDer(longer)).toThrow(CertificateError);
  });

  test("mutations end in a certificate or a CertificateError", () => {
    const { der } = leaf.certificate;
    for (let at = 0; at < der.length; at++) {
      for (const byte of [0, 0xff, der[at]! ^ 1, 0x80]) {
        const mutated = Buffer.from(der);
        mutated[at] = byte;
        try {
          const read = Certificate.fromDer(mutated);
          expect([read.subject, read.issuer, read.commonName].every((x) => typeof x === "string")).toBe(true);
        } catch (error) {
          if (!(error instanceof CertificateError)) throw error;
        }
      }
    }
  });
});
