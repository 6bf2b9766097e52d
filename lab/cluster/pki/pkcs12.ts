/** PKCS12 files (RFC 7292) that hold named certificates, as OpenSSL reads them. */
import type NodeForge from "node-forge";

export interface Seal {
  /** null: the file is neither encrypted nor authenticated. */
  readonly passphrase: string | null;
  readonly cipher: "3des" | "aes256";
}

export interface NamedCertificate {
  readonly der: Buffer;
  readonly name: string;
}

/** Few, as they take the time of tests; OpenSSL makes 2048. */
const ROUNDS = 32;
const SHA1_BYTES = 20;
type Asn1 = NodeForge.asn1.Asn1;

/** Loaded when a cluster exchanges certificates: most labs never do. */
const load = async () => (await import("node-forge")).default;

export async function writePkcs12(
  certificates: readonly NamedCertificate[],
  { passphrase, cipher }: Seal,
): Promise<Buffer> {
  const forge = await load();
  const { create, Class, Type, toDer, oidToDer, integerToDer } = forge.asn1;
  const sequence = (...inside: Asn1[]) => create(Class.UNIVERSAL, Type.SEQUENCE, true, inside);
  const set = (...inside: Asn1[]) => create(Class.UNIVERSAL, Type.SET, true, inside);
  const tagged = (...inside: Asn1[]) => create(Class.CONTEXT_SPECIFIC, 0, true, inside);
  const oid = (name: string) =>
    create(Class.UNIVERSAL, Type.OID, false, oidToDer(forge.pki.oids[name]!).getBytes());
  const octets = (bytes: string) => create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
  const number = (value: number) =>
    create(Class.UNIVERSAL, Type.INTEGER, false, integerToDer(value).getBytes());
  const bytesOf = (node: Asn1) => toDer(node).getBytes();

  const bags = sequence(
    ...certificates.map(({ der, name }) =>
      sequence(
        oid("certBag"),
        tagged(sequence(oid("x509Certificate"), tagged(octets(der.toString("latin1"))))),
        set(sequence(oid("friendlyName"), set(create(Class.UNIVERSAL, Type.BMPSTRING, false, name)))),
      ),
    ),
  );
  const data = (bytes: string) => sequence(oid("data"), tagged(octets(bytes)));
  const encrypted = (secret: string) => {
    // An encrypted key is an algorithm and the bytes, as encrypted content is.
    const options = { algorithm: cipher, count: ROUNDS };
    const [algorithm, sealed] = forge.pki.encryptPrivateKeyInfo(bags, secret, options).value as Asn1[];
    const content = create(Class.CONTEXT_SPECIFIC, 0, false, sealed!.value);
    return sequence(
      oid("encryptedData"),
      tagged(sequence(number(0), sequence(oid("data"), algorithm!, content))),
    );
  };
  const safe = bytesOf(sequence(passphrase === null ? data(bytesOf(bags)) : encrypted(passphrase)));
  const mac = (secret: string) => {
    const salt = forge.random.getBytesSync(8);
    const key = forge.pkcs12.generateKey(secret, forge.util.createBuffer(salt), 3, ROUNDS, SHA1_BYTES);
    const hmac = forge.hmac.create();
    hmac.start("sha1", key);
    hmac.update(safe);
    const algorithm = sequence(oid("sha1"), create(Class.UNIVERSAL, Type.NULL, false, ""));
    return sequence(sequence(algorithm, octets(hmac.digest().getBytes())), octets(salt), number(ROUNDS));
  };
  const file = sequence(number(3), data(safe), ...(passphrase === null ? [] : [mac(passphrase)]));
  return Buffer.from(bytesOf(file), "latin1");
}

/** null: no PKCS12, or none of the passphrases (`undefined`: none) opens it. */
export async function readPkcs12(
  file: Buffer,
  passphrases: readonly (string | undefined)[],
): Promise<readonly NamedCertificate[] | null> {
  const forge = await load();
  for (const passphrase of passphrases)
    try {
      const asn1 = forge.asn1.fromDer(file.toString("latin1"));
      const { safeContents } = forge.pkcs12.pkcs12FromAsn1(asn1, true, passphrase);
      return safeContents
        .flatMap(({ safeBags }) => safeBags)
        .map((bag) => {
          // The library takes RSA certificates apart, and gives others as they are.
          const certificate = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1;
          return {
            der: Buffer.from(forge.asn1.toDer(certificate).getBytes(), "latin1"),
            name: String(bag.attributes.friendlyName?.[0] ?? ""),
          };
        });
    } catch {}
  return null;
}
