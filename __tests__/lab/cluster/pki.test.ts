import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as der from "../../../lab/cluster/pki/der";
import { cucmName, validity } from "../../../lab/cluster/pki/identities";
import { enterpriseSerial, issue } from "../../../lab/cluster/pki/issue";
import { KeyPool } from "../../../lab/cluster/pki/keys";

const org = { OU: "Voice", O: "Example", L: "Sydney", ST: "NSW", C: "AU" };
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const caKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

describe("issue", () => {
  it("makes a self-signed certificate that OpenSSL verifies, named as CUCM's lists name it", () => {
    const { certificate } = issue({ subject: cucmName("node.lab.example", org), key, ...validity(10) });
    const x509 = new X509Certificate(certificate.der);
    expect(x509.verify(x509.publicKey)).toBe(true);
    expect(x509.checkPrivateKey(key)).toBe(true);
    expect(certificate.subject).toBe("CN=node.lab.example;OU=Voice;O=Example;L=Sydney;ST=NSW;C=AU");
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.serial).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(certificate.notBefore.getTime()).toBeLessThan(Date.now());
    expect(certificate.notAfter.getTime()).toBeGreaterThan(Date.now());
  });

  it("lets a CA sign, with a serial number of a Microsoft CA", () => {
    const ca = issue({ subject: [["CN", "lab-CA"]], key: caKey, isCa: true, ...validity(10) });
    const { certificate } = issue({
      subject: cucmName("node.lab.example", org),
      key,
      issuer: { name: [["CN", "lab-CA"]], key: caKey },
      serial: enterpriseSerial(0x17),
      ...validity(1),
      dnsNames: ["node.lab.example"],
    });
    expect(certificate.issuer).toBe("CN=lab-CA");
    expect(certificate.serial).toMatch(/^2400000017[0-9A-F]{16}000000000017$/);
    expect(certificate.isSignedBy(ca.certificate)).toBe(true);
    expect(new X509Certificate(ca.certificate.der).ca).toBe(true);
    expect(new X509Certificate(certificate.der).subjectAltName).toBe("DNS:node.lab.example");
  });
});

describe("DER", () => {
  it("writes object identifiers, long lengths and integers with a high bit", () => {
    expect(der.oid("1.2.840.113549.1.1.11").toString("hex")).toBe("06092a864886f70d01010b");
    expect(der.octetString(Buffer.alloc(300)).subarray(0, 4).toString("hex")).toBe("0482012c");
    expect(der.integer(Buffer.from([0x80])).toString("hex")).toBe("02020080");
    expect(der.integer(Buffer.from([0, 0, 1])).toString("hex")).toBe("020101");
  });

  it("writes years from 2050 on as GeneralizedTime", () => {
    expect(der.time(new Date("2049-12-31T23:59:59Z")).toString("latin1")).toBe("\x17\x0d491231235959Z");
    expect(der.time(new Date("2050-01-01T00:00:00Z")).toString("latin1")).toBe("\x18\x0f20500101000000Z");
  });
});

describe("KeyPool", () => {
  const directory = mkdtempSync(join(tmpdir(), "keys-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("gives the same key for the same name, from private files", async () => {
    const first = await (await KeyPool.open(directory)).rsa("a/b c");
    const second = await (await KeyPool.open(directory)).rsa("a/b c");
    expect(first.equals(second)).toBe(true);
    const [file] = readdirSync(directory);
    expect(file).toBe("a_b_c.pem");
    expect(statSync(join(directory, file!)).mode & 0o777).toBe(0o600);
  });

  it("refuses a directory that others can enter", async () => {
    chmodSync(directory, 0o755);
    await expect(KeyPool.open(directory)).rejects.toThrow("0700");
    chmodSync(directory, 0o700);
  });
});
