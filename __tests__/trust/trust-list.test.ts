import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { addressBytes } from "../../trust/ip-address";
import { Role } from "../../trust/roles";
import {
  buildTrustList,
  type Digest,
  encodeTrustList,
  findRecord,
  findSigner,
  parseTrustList,
  TrustListError,
  type TrustListInput,
  verifyTrustList,
} from "../../trust/trust-list";
import { type Identity, identity, name } from "./authority";
import { elliptic, hex, input, publisher, recordOf, recovery, TIMESTAMP, text, tlv, tvs } from "./lists";

describe("lengths of the transcripts in Cisco's documents 118892 and 118893", () => {
  test("a header of 336 bytes with SIGNERID 149, SIGNATUREINFO 15 and 3 bytes of padding", () => {
    const list = parseTrustList(buildTrustList(input()));
    expect(list.headerLength).toBe(336);
    const length = (tag: number) => list.tlvs.find((tlv) => tlv.tag === tag)?.value?.length;
    expect([length(3), length(7), length(12), length(14), length(15)]).toEqual([149, 15, 128, 12, 4]);
    expect(list.tlvs.filter((tlv) => tlv.value === null)).toHaveLength(3);
    expect(list.modulusCode).toBe(1);
  });

  test("a record of 1156 bytes when its certificate has 694, and one of 33 without certificate", () => {
    const [first, , , , , bare] = parseTrustList(buildTrustList(input())).records;
    expect(first!.length - first!.certificate!.der.length).toBe(1156 - 694);
    expect(first!.tlvs.map((tlv) => tlv.value!.length).slice(1, 8)).toEqual([16, 62, 2, 62, 16, 140, 128]);
    expect(bare!.length).toBe(33);
    expect(bare).toMatchObject({ role: 2, dnsName: "10.48.47.153", issuer: "", serial: "" });
  });

  test("a header of 312 bytes needs one byte of padding", () => {
    const gigantic = identity({
      subject: name(
        { C: "US" },
        { ST: "CA" },
        { L: "SJ" },
        { O: "Alpha" },
        { OU: "VTG" },
        { CN: "gigantic-6.cisco.com" },
      ),
      serial: "0102030405060708",
    });
    const list = parseTrustList(
      buildTrustList(input({ signer: gigantic.certificate, privateKey: gigantic.privateKey, records: [] })),
    );
    expect(list.headerLength).toBe(312);
    expect(list.tlvs.filter((tlv) => tlv.value === null)).toHaveLength(1);
  });

  test("a header signed by a USB token: 304 bytes, names in lower case, cut at a comma", () => {
    const signer = 'cn="SAST-ADN0054f509        ";ou=IPCBU;o="Cisco Systems';
    const issuer = "cn=Cisco Manufacturing CA;o=Cisco Systems";
    const body = Buffer.concat([
      tlv(3, tlv(4, text(signer)), tlv(5, hex("3CF927000000AFA2DA45")), tlv(6, text(issuer))),
      tlv(7, tlv(8, hex("01")), tlv(9, tlv(10, hex("00")), tlv(11, hex("01")))),
      tlv(12, Buffer.alloc(128, 0x45)),
      hex("0d0d0d"),
      tlv(14, text("CTLFile.tlv")),
      tlv(15, hex("54ec8c2d")),
    ]);
    const file = Buffer.concat([tlv(1, hex("0102")), tlv(2, hex("0130")), body]);
    expect(file).toHaveLength(304);
    const list = parseTrustList(file);
    expect(list.signer).toEqual({ name: signer, issuer, serial: "3CF927000000AFA2DA45" });
    expect(list.kind).toBe("CTL");
    expect(findSigner(list)).toBeUndefined();
    expect(encodeTrustList(list)).toEqual(file);
  });
});

describe("a list, built and read again", () => {
  test("says what was put in", () => {
    const list = parseTrustList(buildTrustList(input({ signerVersion: [1, 1] })));
    const subject = "CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL";
    expect(list).toMatchObject({
      kind: "CTL",
      version: "1.2",
      digest: "sha1",
      filename: "CTLFile.tlv",
      timestamp: TIMESTAMP,
      issuer: subject,
      signer: { name: subject, issuer: subject, serial: "70CAF64E090751B9DF22F49F754FC5BB" },
      signerVersion: Buffer.from([1, 1]),
      unknown: [],
    });
    expect(list.records.map((r) => [r.role, r.certificate?.sha256, r.ipAddress, r.dnsName])).toEqual([
      [0, publisher.certificate.sha256, "10.48.47.153", "cucm-1051-a-pub"],
      [2, publisher.certificate.sha256, "0.0.0.0", "cucm-1051-a-pub"],
      [0, recovery.certificate.sha256, "0.0.0.0", ""],
      [21, tvs.certificate.sha256, "2001:db8::1", ""],
      [1, elliptic.certificate.sha256, "0.0.0.0", ""],
      [2, undefined, "10.48.47.153", "10.48.47.153"],
    ]);
    expect(list.records[4]!.publicKey!.asymmetricKeyType).toBe("ec");
    expect(verifyTrustList(list, publisher.certificate)).toBe(true);
    expect(verifyTrustList(list, recovery.certificate)).toBe(false);
    expect(verifyTrustList(list, elliptic.certificate)).toBe(false);
  });

  test("the signer is the SAST record with the header's issuer and serial number", () => {
    const list = parseTrustList(buildTrustList(input()));
    expect(findSigner(list)).toBe(list.records[0]);
    expect(verifyTrustList(list, findSigner(list)!.publicKey!)).toBe(true);
    expect(findRecord(list, list.signer, [Role.CCM_TFTP, Role.TFTP])).toBe(list.records[1]);
    expect(
      findRecord(
        list,
        { ...list.signer, issuer: "C=PL;ST=Malopolska;L=Krakow;O=Cisco;OU=TAC;CN=cucm-1051-a-pub" },
        [0],
      ),
    ).toBe(list.records[0]);
    expect(findRecord(list, { ...list.signer, serial: "00" }, [0])).toBeUndefined();
    const without = parseTrustList(buildTrustList(input({ records: input().records.slice(1) })));
    expect(findSigner(without)).toBeUndefined();
  });

  test("a record may carry a key and no certificate, RSA or EC", () => {
    const { records } = parseTrustList(buildTrustList(input()));
    for (const record of [records[0]!, records[4]!]) {
      const fields = [
        tlv(3, text(record.subject)),
        tlv(4, hex("0000")),
        tlv(5, text(record.issuer)),
        tlv(6, Buffer.from(record.serial, "hex")),
        tlv(7, record.publicKeyBytes!),
        tlv(11, Buffer.alloc(20, 1)),
        tlv(12, hex("01")),
        tlv(99, hex("beef")),
      ];
      const file = Buffer.concat([buildTrustList(input({ records: [] })), recordOf(...fields)]);
      const list = parseTrustList(file);
      expect(list.records[0]!.publicKey!.equals(record.certificate!.publicKey)).toBe(true);
      expect(list.records[0]).toMatchObject({
        certificateHash: Buffer.alloc(20, 1),
        hashAlgorithm: 1,
        unknown: [{ tag: 99, value: hex("beef") }],
      });
      expect(encodeTrustList(list)).toEqual(file);
    }
  });

  test("what is signed is the file without its SIGNATURE field", () => {
    const file = buildTrustList(input());
    const list = parseTrustList(file);
    const at = file.indexOf(list.signature) - 3;
    expect(list.signedBytes).toEqual(Buffer.concat([file.subarray(0, at), file.subarray(at + 131)]));
    expect(list.signedBytes.readUInt16BE(8)).toBe(336);
  });

  test("every bit counts: any changed byte is refused or does not verify", () => {
    const file = buildTrustList(input({ records: input().records.slice(0, 1) }));
    let verified = 0;
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      try {
        if (verifyTrustList(parseTrustList(changed), publisher.certificate)) verified++;
      } catch (error) {
        if (!(error instanceof TrustListError)) throw error;
      }
    }
    expect(verified).toBe(0);
  });
});

describe.each([512, 1024, 2048, 3072, 4096])("signed with %i bits", (bits) => {
  let signer: Identity;
  let folder: string;
  beforeAll(() => {
    signer = identity({ key: bits, subject: name({ CN: `signer ${bits}` }), serial: "0A" });
    folder = mkdtempSync(join(tmpdir(), "trust-list-"));
    writeFileSync(
      join(folder, "key.pem"),
      signer.certificate.publicKey.export({ format: "pem", type: "spki" }),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // An RSA key of 512 bits is too short for PKCS#1 with SHA-512.
  const digests: Digest[] = bits === 512 ? ["sha1", "sha256"] : ["sha1", "sha256", "sha512"];
  test.each(digests)("%s: verifies, the same bytes when built again, and openssl agrees", (digest) => {
    const options = input({
      kind: "ITL",
      signer: signer.certificate,
      privateKey: signer.privateKey,
      digest,
      // No code is known for 3072 bits.
      ...(bits === 3072 ? { modulusCode: 7 } : {}),
      records: [{ certificate: signer.certificate, role: Role.SAST }],
    });
    const file = buildTrustList(options);
    const list = parseTrustList(file);
    expect(verifyTrustList(list, signer.certificate)).toBe(true);
    expect(
      verifyTrustList(
        { ...list, signedBytes: Buffer.concat([list.signedBytes, hex("00")]) },
        signer.certificate,
      ),
    ).toBe(false);
    expect(list.modulusCode).toBe(bits === 3072 ? 7 : Math.log2(bits / 512));
    expect(encodeTrustList(list)).toEqual(file);
    expect(buildTrustList({ ...options, timestamp: list.timestamp!, filename: list.filename })).toEqual(file);

    writeFileSync(join(folder, "signature"), list.signature);
    writeFileSync(join(folder, "signed"), list.signedBytes);
    expect(openssl(folder, digest)).toBe("Verified OK\n");
    writeFileSync(join(folder, "signed"), Buffer.concat([list.signedBytes, hex("00")]));
    expect(() => openssl(folder, digest)).toThrow();
  });

  test("512 bits cannot carry SHA-512", () => {
    const build = () =>
      buildTrustList(
        input({
          signer: signer.certificate,
          privateKey: signer.privateKey,
          digest: "sha512",
          modulusCode: 7,
          records: [],
        }),
      );
    if (bits === 512) expect(build).toThrow(TrustListError);
    else expect(build).not.toThrow();
  });
});

test("parse(build(x)) is x, for any records", () => {
  const record = fc.record({
    role: fc.nat(0xffff),
    dnsName: fc.string({ unit: "grapheme", maxLength: 40 }).filter((s) => !s.includes("\0")),
    ipAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    certificate: fc.constantFrom(undefined, publisher, recovery, tvs, elliptic).map((x) => x?.certificate),
  });
  const options = fc.record({
    kind: fc.constantFrom("CTL" as const, "ITL" as const),
    digest: fc.constantFrom<Digest>("sha1", "sha256", "sha512"),
    filename: fc.string({ minLength: 1, maxLength: 30 }).filter((s) => !s.includes("\0")),
    timestamp: fc.nat(0xffffffff).map((s) => new Date(s * 1000)),
    version: fc.constantFrom("1.0" as const, "1.1" as const, "1.2" as const),
    signerVersion: fc.option(fc.tuple(fc.nat(255), fc.nat(255)), { nil: undefined }),
    records: fc.array(record, { maxLength: 12 }),
  });
  fc.assert(
    fc.property(options, (x) => {
      const file = buildTrustList(input(x));
      const list = parseTrustList(file);
      expect(list).toMatchObject({
        digest: x.digest,
        filename: x.filename,
        timestamp: x.timestamp,
        version: x.version,
        headerLength: expect.any(Number),
      });
      expect(list.headerLength % 4).toBe(0);
      expect(list.signerVersion && [...list.signerVersion]).toEqual(x.signerVersion);
      expect(list.records.map((r) => [r.role, r.dnsName, r.certificate?.sha256])).toEqual(
        x.records.map((r) => [r.role, r.dnsName, r.certificate?.sha256]),
      );
      expect(list.records.map((r) => addressBytes(r.ipAddress!))).toEqual(
        x.records.map((r) => addressBytes(r.ipAddress)),
      );
      expect(verifyTrustList(list, publisher.certificate)).toBe(true);
      expect(encodeTrustList(list)).toEqual(file);
    }),
    { numRuns: 100 },
  );
});

describe("what cannot be built", () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  test.each<[string, () => Partial<TrustListInput>]>([
    ["another's key", () => ({ privateKey: other })],
    ["a public key", () => ({ privateKey: createPublicKey(publisher.privateKey) })],
    ["an EC signer", () => ({ signer: elliptic.certificate, privateKey: elliptic.privateKey })],
    ["a NUL in a name", () => ({ records: [{ role: 0, dnsName: "a\0b" }] })],
    ["an address that is none", () => ({ records: [{ role: 0, ipAddress: "10.1.2.256" }] })],
    ["a role that does not fit", () => ({ records: [{ role: 65_536 }] })],
    ["a file name that does not fit", () => ({ filename: "x".repeat(65_535) })],
    ["a time before 1970", () => ({ timestamp: new Date(-1000) })],
    ["no time", () => ({ timestamp: new Date(Number.NaN) })],
  ])("%s", (_, changes) => {
    expect(() => buildTrustList(input(changes()))).toThrow(TrustListError);
  });

  test("a key of 3072 bits: no code for such a modulus is known", () => {
    const odd = identity({ key: 3072 });
    expect(() => buildTrustList(input({ signer: odd.certificate, privateKey: odd.privateKey }))).toThrow(
      /RSA key of 512, 1024, 2048 or 4096 bits, found rsa of 3072 bits/,
    );
  });
});

function openssl(folder: string, digest: Digest): string {
  const args = ["dgst", `-${digest}`, "-verify", "key.pem", "-signature", "signature", "signed"];
  try {
    return execFileSync("openssl", args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Error("openssl is not on this machine: install it to run this test");
    throw error;
  }
}
