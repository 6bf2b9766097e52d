import { Role } from "../../trust/roles";
import { buildTrustList, parseTrustList, type TrustListInput } from "../../trust/trust-list";
import { judgeTrustList } from "../../trust/verdict";
import { identity, name } from "./authority";
import { elliptic, hex, input, publisher, recordOf, recovery, text, tlv } from "./lists";

const AT = new Date("2026-01-01");
const judge = (changes: Partial<TrustListInput> = {}, signers = [] as (typeof publisher.certificate)[]) =>
  judgeTrustList(parseTrustList(buildTrustList(input(changes))), { signers, at: AT });
const rest = input().records.slice(1);

describe("who verified it", () => {
  test("the list's own SAST record comes first", () => {
    expect(judge({}, [publisher.certificate])).toMatchObject({
      verified: true,
      by: { kind: "record", number: 1, record: { role: Role.SAST } },
      reason: "",
      warnings: [],
    });
  });

  test("a certificate that was given, when the list has not its signer", () => {
    expect(judge({ records: [] }, [recovery.certificate, publisher.certificate])).toMatchObject({
      verified: true,
      by: { kind: "certificate", certificate: publisher.certificate },
    });
  });

  test("a record with certificate but no key, and one with key but no certificate", () => {
    const { certificate } = publisher;
    const named = [
      tlv(3, text(certificate.subject)),
      tlv(4, hex("0000")),
      tlv(5, text(certificate.issuer)),
      tlv(6, certificate.serialBytes),
    ];
    for (const [key, expected] of [
      [[tlv(9, certificate.der)], true],
      [[tlv(7, certificate.publicKeyBytes)], true],
      [[], false],
    ] as const) {
      // The signature is over the records, too: this asks for the key only.
      const list = parseTrustList(
        Buffer.concat([buildTrustList(input({ records: [] })), recordOf(...named, ...key)]),
      );
      const verdict = judgeTrustList(list, { at: AT });
      expect(verdict.reason).toBe(
        expected
          ? "its signature is not the one of its signer, record 1"
          : "record 1, its signer's, has no key",
      );
    }
  });
});

describe("why it does not verify", () => {
  const { privateKey, certificate } = publisher;
  test.each<[string, Partial<TrustListInput>, (typeof certificate)[], string]>([
    ["nobody's", { records: [] }, [], "its signer is not listed"],
    [
      "listed with another role",
      { records: rest },
      [],
      "its signer is listed with role CCM+TFTP only, not as SAST",
    ],
    [
      "a stranger given",
      { records: [] },
      [recovery.certificate],
      "its signer is neither listed nor one of the certificates that were given",
    ],
  ])("%s", (_, changes, signers, reason) => {
    expect(judge(changes, signers)).toMatchObject({ verified: false, by: null, reason });
  });

  test("the given certificate has the name and not the key, or the key and not the name", () => {
    const file = buildTrustList(input({ records: [], privateKey }));
    file[file.length - 1]! ^= 1;
    const changed = parseTrustList(file);
    expect(judgeTrustList(changed, { signers: [certificate], at: AT }).reason).toBe(
      "its signature is not the one of the certificate that was given",
    );
    const list = parseTrustList(buildTrustList(input({ records: [] })));
    const otherName = { ...list, signer: { ...list.signer, serial: "77" } };
    expect(judgeTrustList(otherName, { signers: [certificate], at: AT }).reason).toContain(
      "but its header names another issuer or serial number",
    );
  });
});

describe("what is odd although it verifies", () => {
  test("certificates that ran out or do not begin yet; the signer once", () => {
    const list = parseTrustList(buildTrustList(input()));
    const { warnings, verified } = judgeTrustList(list, { at: new Date("2050-01-01") });
    expect(verified).toBe(true);
    expect(warnings).toEqual([
      "The signer's certificate expired on 2044-01-01.",
      "The certificate of record 3 (SAST) expired on 2044-01-01.",
      "The certificate of record 4 (TVS) expired on 2044-01-01.",
      "The certificate of record 5 (CCM) expired on 2044-01-01.",
    ]);
    expect(judgeTrustList(list, { at: new Date("2020-01-01") }).warnings[0]).toBe(
      "The signer's certificate is not valid before 2024-01-01.",
    );
  });

  test("a time stamp to come, another file name", () => {
    expect(judge({ timestamp: new Date("2026-02-01T00:00:00Z"), filename: "x.tlv" }).warnings).toEqual([
      'The file name in its header is "x.tlv": neither a CTL nor an ITL.',
      "It was signed in the future: 2026-02-01T00:00:00.000Z.",
    ]);
  });

  test("a key of 3072 bits, for which no code is known: read, verified and said", () => {
    const large = identity({ key: 3072, subject: name({ CN: "large" }), serial: "0B" });
    const { certificate: signer, privateKey } = large;
    for (const modulusCode of [2, 3, 4, 9]) {
      const verdict = judge({
        signer,
        privateKey,
        digest: "sha512",
        modulusCode,
        records: [{ certificate: signer, role: Role.SAST }],
      });
      expect(verdict).toMatchObject({
        verified: true,
        warnings: [
          `Its signature has 3072 bits, and no modulus code is known for that; it has code ${modulusCode}.`,
        ],
      });
    }
  });

  test("a modulus code or signature algorithm that nobody knows", () => {
    const file = buildTrustList(input());
    const at = file.indexOf(hex("0a0001000b000101"));
    file[at + 3] = 6;
    file[at + 7] = 5;
    expect(judgeTrustList(parseTrustList(file), { at: AT }).warnings).toEqual([
      "Its modulus code is 5; 1 is the one for 1024 bits.",
      "Its signature algorithm has the number 6; only 0, RSA, is known.",
    ]);
  });

  test("a certificate hash or an issuer that is not the certificate's, tags that are not known", () => {
    const { certificate } = elliptic;
    const record = recordOf(
      tlv(4, hex("0001")),
      tlv(5, text("CN=somebody")),
      tlv(6, certificate.serialBytes),
      tlv(9, certificate.der),
      tlv(11, Buffer.alloc(20)),
      tlv(12, hex("01")),
      tlv(77, hex("00")),
      tlv(78, hex("00")),
    );
    const list = parseTrustList(Buffer.concat([buildTrustList(input({ records: [] })), record]));
    expect(judgeTrustList(list, { at: AT }).warnings).toEqual([
      "The certificate hash of record 1 is not the one of its certificate.",
      "The issuer of record 1 is not its certificate's: CN=cucm-1051-a-pub-EC.",
      "Tags without known meaning in record 1: 77, 78.",
    ]);
  });

  test("nearly as large as phones take", () => {
    const large = identity({ key: 4096, subject: name({ CN: "x".repeat(60) }), serial: "0C" });
    const many = { certificate: large.certificate, role: Role.CCM };
    const { warnings } = judge({ records: Array(25).fill(many) }, [publisher.certificate]);
    expect(warnings.at(-1)).toMatch(/^It has \d+ bytes: phones fail above 65536\.$/);
  });
});
