import * as crypto from "node:crypto";
import { createIdentity } from "../../../../providers/framework/wire/certificate";

const identity = createIdentity(new Date("2045-06-01T00:00:00Z"));
const certificate = new crypto.X509Certificate(identity.certificatePem);

test("certificate is a self-signed authority for localhost", () => {
  expect(certificate.subject).toBe("CN=localhost");
  expect(certificate.checkIssued(certificate)).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(true);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
});

test("certificate goes with its P-256 key", () => {
  const key = crypto.createPrivateKey(identity.keyPem);
  expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(certificate.checkPrivateKey(key)).toBe(true);
});

test("certificate is valid from a day ago for ten years, beyond 2050 too", () => {
  expect(new Date(certificate.validFrom).toISOString()).toBe("2045-05-31T00:00:00.000Z");
  expect(new Date(certificate.validTo).toISOString()).toBe("2055-05-30T00:00:00.000Z");
});

test("each process has its own", () => {
  const serials = Array.from(
    { length: 20 },
    () => new crypto.X509Certificate(createIdentity().certificatePem).serialNumber,
  );
  expect(new Set(serials).size).toBe(20);
  // Sixteen bytes, none of them lost to a leading zero.
  expect(serials.every((serial) => serial.length === 32)).toBe(true);
});
