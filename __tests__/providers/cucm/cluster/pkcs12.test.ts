import forge from "node-forge";
import { lookInto } from "../../../../providers/cucm/cluster/pkcs12";
import { FILES, SHA256 } from "./fakes/pkcs12-files";

const file = (name: keyof typeof FILES) => Buffer.from(FILES[name], "base64");
const { asn1, pki } = forge;
const { Class, Type } = asn1;
const sequence = (...inside: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, inside);
const oid = (name: string) =>
  asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(pki.oids[name]!).getBytes());
const octets = (bytes: string) => asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
const number = (bytes: string) => asn1.create(Class.UNIVERSAL, Type.INTEGER, false, bytes);
const tagged = (...inside: forge.asn1.Asn1[]) => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, inside);
const data = (...inside: forge.asn1.Asn1[]) =>
  sequence(oid("data"), tagged(octets(asn1.toDer(sequence(...inside)).getBytes())));
const pfx = (...contents: forge.asn1.Asn1[]) =>
  Buffer.from(asn1.toDer(sequence(number("\x03"), data(...contents))).getBytes(), "latin1");
/** A part that asks for so many rounds. */
const sealed = (rounds: string) =>
  sequence(
    oid("encryptedData"),
    tagged(
      sequence(
        number("\x00"),
        sequence(
          oid("data"),
          sequence(oid("pbeWithSHAAnd3-KeyTripleDES-CBC"), sequence(octets("12345678"), number(rounds))),
          asn1.create(Class.CONTEXT_SPECIFIC, 0, false, "x".repeat(16)),
        ),
      ),
    ),
  );

test.each(["aes256WithKey", "tripleDes", "rc2", "plain"] as const)(
  "shows the certificates of a file of OpenSSL's, whose keys stay closed: %s",
  async (name) => {
    expect(await lookInto(file(name))).toEqual({
      certificates: [{ commonName: "cucm11-pub", sha256: SHA256 }],
      privateKeys: name === "aes256WithKey" ? 1 : 0,
      closed: 0,
    });
  },
);

test("a part that no passphrase opens is counted", async () => {
  expect(await lookInto(file("otherPassphrase"))).toEqual({ certificates: [], privateKeys: 0, closed: 1 });
  expect(await lookInto(pfx(data(), sealed("\x01"), sealed("\x00")))).toMatchObject({ closed: 2 });
});

test("what it wants us to compute is bounded before anything is computed, over all its parts", async () => {
  await expect(lookInto(file("slow"))).rejects.toThrow(
    /takes 600\d\d rounds .* more than 50000 are not made/,
  );
  for (const hostile of [
    pfx(sealed("\x7f\xff\xff\xff")),
    pfx(sealed("\x00\xff\xff\xff\xff")),
    pfx(sealed("\x80".repeat(300))),
    pfx(...Array.from({ length: 100 }, () => sealed("\x7f\xff"))),
  ])
    await expect(lookInto(hostile)).rejects.toThrow(/rounds of key derivation/);
});

test("a certificate that we cannot read is shown by its SHA-256", async () => {
  const bag = sequence(oid("certBag"), tagged(sequence(oid("x509Certificate"), tagged(octets("no DER")))));
  expect(await lookInto(pfx(data(bag)))).toMatchObject({
    certificates: [{ commonName: "(not readable)", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["text", Buffer.from("{}")],
  ["zeros", Buffer.alloc(1000)],
  ["half a file", file("aes256WithKey").subarray(0, 400)],
  ["deep nesting", Buffer.from("3080".repeat(50_000), "hex")],
  ["a length beyond the end", Buffer.from("3084ffffffff00", "hex")],
  ["another structure", pfx(sequence(oid("x509Certificate")))],
])("%s is no PKCS12 file", async (_, bytes) => {
  await expect(lookInto(bytes)).rejects.toThrow("no PKCS12 file that is understood here");
});

test("an encryption that the library does not know is named as such", async () => {
  const strange = Buffer.from(
    file("quick").toString("hex").replace("2a864886f70d010c0103", "2a864886f70d010c017f"),
    "hex",
  );
  await expect(lookInto(strange)).rejects.toThrow("encrypted in a way that is not known here");
});

test("whatever bytes are changed, it is looked into or refused", async () => {
  const whole = file("quick");
  for (let i = 0; i < whole.length; i += 3) {
    const bytes = Buffer.from(whole);
    bytes[i]! ^= 0x55;
    await lookInto(bytes).catch((error) => expect(error.name).toBe("Pkcs12Problem"));
  }
});
