import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTrustList } from "../../trust/describe";
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

const TIMESTAMP = new Date("2015-03-06T18:45:13Z");
const KRAKOW = name(
  { C: "PL" },
  { ST: "Malopolska" },
  { L: "Krakow" },
  { O: "Cisco" },
  { OU: "TAC" },
  { CN: "cucm-1051-a-pub" },
);
let publisher: Identity;
let recovery: Identity;
let tvs: Identity;
let elliptic: Identity;

beforeAll(() => {
  publisher = identity({ subject: KRAKOW, serial: "70CAF64E090751B9DF22F49F754FC5BB" });
  recovery = identity({
    subject: name({ CN: "ITLRECOVERY_cucm-1051-a-pub" }),
    key: 2048,
    serial: "83E90800",
  });
  tvs = identity({ subject: name({ CN: "tvs" }), serial: "05" });
  elliptic = identity({ subject: name({ CN: "cucm-1051-a-pub-EC" }), key: "P-384", serial: "06" });
});

function input(changes: Partial<TrustListInput> = {}): TrustListInput {
  return {
    kind: "CTL",
    signer: publisher.certificate,
    privateKey: publisher.privateKey,
    digest: "sha1",
    timestamp: TIMESTAMP,
    records: [
      {
        certificate: publisher.certificate,
        role: Role.SAST,
        dnsName: "cucm-1051-a-pub",
        ipAddress: "10.48.47.153",
      },
      { certificate: publisher.certificate, role: Role.CCM_TFTP, dnsName: "cucm-1051-a-pub" },
      { certificate: recovery.certificate, role: Role.SAST },
      { certificate: tvs.certificate, role: Role.TVS, ipAddress: "2001:db8::1" },
      { certificate: elliptic.certificate, role: Role.CCM },
      { role: Role.CCM_TFTP, dnsName: "10.48.47.153", ipAddress: "10.48.47.153" },
    ],
    ...changes,
  };
}

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

describe.each([512, 1024, 2048, 4096])("signed with %i bits", (bits) => {
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
    expect(list.modulusCode).toBe(Math.log2(bits / 512));
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
        input({ signer: signer.certificate, privateKey: signer.privateKey, digest: "sha512", records: [] }),
      );
    if (bits === 512) expect(build).toThrow(TrustListError);
    else expect(build).not.toThrow();
  });
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

describe("what is refused, and where", () => {
  let file: Buffer;
  let header: Buffer;
  let record: Buffer;
  beforeAll(() => {
    file = buildTrustList(input());
    const list = parseTrustList(file);
    header = file.subarray(0, list.headerLength);
    record = file.subarray(list.headerLength, list.headerLength + list.records[0]!.length);
  });
  const patched = (base: Buffer, at: number, ...bytes: number[]) => {
    const copy = Buffer.from(base);
    copy.set(bytes, at);
    return copy;
  };

  test.each<[string, () => Buffer, number | undefined]>([
    ["an empty file", () => Buffer.alloc(0), 0],
    ["a text", () => Buffer.from("<device><fullConfig>"), undefined],
    ["version 2.0", () => patched(file, 3, 2, 0), 3],
    ["version 1.3", () => patched(file, 4, 3), 3],
    ["a header longer than the file", () => patched(header, 8, 0xff, 0xff), 8],
    ["a header shorter than its start", () => patched(file, 8, 0, 9), 8],
    ["a header cut in a field", () => patched(file, 8, 0, 100), undefined],
    ["digest algorithm 4", () => patched(file, 168, 4), 165],
    ["modulus code 2 with a signature of 128 bytes", () => patched(file, 179, 2), 180],
    ["a file name without NUL", () => patched(file, header.indexOf("CTLFile.tlv") + 11, 0x41), undefined],
    ["a record of length 0", () => Buffer.concat([header, hex("0100020000")]), 339],
    ["a record beyond the end", () => file.subarray(0, -1), undefined],
    ["a few bytes after the records", () => Buffer.concat([file, hex("0100")]), undefined],
    ["a record that begins with another field", () => Buffer.concat([header, hex("0400020000")]), 336],
    ["a record without role", () => Buffer.concat([header, recordOf(tlv(2, text("a")))]), 336],
    ["a role of one byte", () => Buffer.concat([header, recordOf(tlv(4, hex("00")))]), 341],
    ["a role twice", () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(4, hex("0002")))]), 346],
    ["a field that leaves its record", () => Buffer.concat([header, hex("010002000a" + "0400040000")]), 341],
    [
      "an address of 5 bytes",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(10, Buffer.alloc(5)))]),
      346,
    ],
    [
      "a certificate that is none",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(9, hex("3000")))]),
      346,
    ],
    [
      "a key that is none",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(7, hex("3000")))]),
      346,
    ],
    [
      "a point off its curve",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(7, Buffer.alloc(65, 4)))]),
      346,
    ],
    [
      "an empty serial number",
      () => Buffer.concat([header, recordOf(tlv(4, hex("0000")), tlv(6, hex("")))]),
      346,
    ],
    [
      "a serial number that is not the certificate's",
      () => {
        const at = record.indexOf(Buffer.concat([hex("060010"), publisher.certificate.serialBytes]));
        return Buffer.concat([header, patched(record, at + 3, 0x71)]);
      },
      undefined,
    ],
    [
      "a key that is not the certificate's",
      () => {
        const key = record.indexOf(hex("07008c"));
        const bytes = Buffer.from(record);
        identity().certificate.publicKeyBytes.copy(bytes, key + 3);
        return Buffer.concat([header, bytes]);
      },
      undefined,
    ],
    ["more than 64 KB", () => Buffer.concat([file, Buffer.alloc(65_536)]), 65_536],
    [
      "more than 1024 records",
      () => Buffer.concat([header, ...Array(1025).fill(recordOf(tlv(4, hex("0000"))))]),
      336 + 10_240,
    ],
  ])("%s", (_, make, offset) => {
    const expected = offset === undefined ? { name: "TrustListError" } : { name: "TrustListError", offset };
    expect(() => parseTrustList(make())).toThrow(expect.objectContaining(expected));
  });

  test("the bound is the caller's", () => {
    expect(() => parseTrustList(file, { maxBytes: file.length - 1 })).toThrow(/at most/);
    expect(parseTrustList(file, { maxBytes: file.length }).records).toHaveLength(6);
  });

  test("a header without signer, or with half of one", () => {
    const bare = Buffer.concat([hex("0100020102" + "020002000a")]);
    expect(() => parseTrustList(bare)).toThrow(/SIGNERID \(tag 3\) in the header, found none/);
    const half = Buffer.concat([hex("0100020102" + "0200020015"), tlv(3, tlv(4, text("CN=a")))]);
    expect(() => parseTrustList(half)).toThrow(TrustListError);
  });
});

test("a mutation fuzz never crashes, never hangs, and never changes what it reads", () => {
  const base = buildTrustList(input());
  const seed = (Number(process.env.FUZZ_SEED) || Date.now()) >>> 0;
  const random = generator(seed);
  let read = 0;
  const started = process.hrtime.bigint();
  for (let run = 0; run < 20_000; run++) {
    const file = mutate(base, random);
    try {
      const list = parseTrustList(file);
      read++;
      if (!encodeTrustList(list).equals(file)) throw new Error("written differently");
      const signer = findSigner(list);
      if (signer?.publicKey !== undefined) verifyTrustList(list, signer.publicKey);
    } catch (error) {
      if (error instanceof TrustListError && error.offset >= 0 && error.offset <= 70_000) continue;
      throw new Error(`FUZZ_SEED=${seed}, run ${run}`, { cause: error });
    }
  }
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  process.stdout.write(
    `trust list fuzz: FUZZ_SEED=${seed}, 20000 files, ${read} still well-formed, ${ms.toFixed(0)} ms\n`,
  );
  expect(read).toBeGreaterThan(0);
}, 60_000);

describe("shown as show ctl does", () => {
  test("a list that verifies", () => {
    const shown = describeTrustList(parseTrustList(buildTrustList(input({ signerVersion: [1, 1] }))));
    for (const line of [
      /^The checksum value of the CTL file:\n[0-9a-f]{32}\(MD5\)\n[0-9a-f]{40}\(SHA1\)\n/,
      /\nLength of CTL file: \d+\nThe CTL File was last modified on Fri Mar 06 18:45:13 UTC 2015\n/,
      "\nVersion:        1.2\n",
      "\n3       SIGNERID        2       149\n",
      "\n4       SIGNERNAME      62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL\n",
      "\n5       SERIALNUMBER    16      70:CA:F6:4E:09:07:51:B9:DF:22:F4:9F:75:4F:C5:BB\n",
      "\n7       SIGNATUREINFO   2       15\n",
      "\n4       FUNCTION        2       System Administrator Security Token\n",
      "\n10      IPADDRESS       16      2001:db8::1\n",
      "\nThis etoken was used to sign the CTL file.\n",
      "\nThis etoken was not used to sign the CTL file.\n",
      /\nThe CTL file was verified successfully.\n$/,
    ]) {
      expect(shown).toMatch(line);
    }
  });

  test("a list that does not verify, with a name that would steer a terminal", () => {
    const evil = identity({ subject: name({ CN: "a\u001b[2Jb" }) });
    const file = buildTrustList(
      input({
        kind: "ITL",
        signer: evil.certificate,
        privateKey: evil.privateKey,
        records: [{ role: 0, certificate: evil.certificate, dnsName: "x\u001b[2J" }],
      }),
    );
    file[file.length - 1]! ^= 1;
    const shown = describeTrustList(parseTrustList(file));
    expect(shown).not.toContain("\u001b");
    expect(shown).toContain("Verification of the ITL file failed: its signature is not the signer's.");
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

function tlv(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, value.length >> 8, value.length & 0xff]), value]);
}
function recordOf(...fields: Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(5 + body.length);
  return Buffer.concat([tlv(1, length), body]);
}
function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}
function hex(value: string): Buffer {
  return Buffer.from(value, "hex");
}

/** mulberry32: small, and the same everywhere for one seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function mutate(base: Buffer, random: () => number): Buffer {
  let file = Buffer.from(base);
  for (let i = 1 + Math.floor(random() * 4); i > 0; i--) {
    const at = Math.floor(random() * file.length);
    const kind = random();
    if (kind < 0.5) file[at] = Math.floor(random() * 256);
    else if (kind < 0.7) file[at]! ^= 1 << Math.floor(random() * 8);
    else if (kind < 0.8) file = file.subarray(0, at);
    else if (kind < 0.9)
      file = Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + Math.floor(random() * 40))]);
    else
      file = Buffer.concat([
        file.subarray(0, at),
        file.subarray(0, Math.floor(random() * 400)),
        file.subarray(at),
      ]);
    if (file.length === 0) break;
  }
  return file;
}
