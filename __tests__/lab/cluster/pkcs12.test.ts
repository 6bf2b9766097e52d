import { createSecureContext } from "node:tls";
import { BULK_PASSPHRASES } from "../../../lab/cluster/drawn";
import { readPkcs12, writePkcs12 } from "../../../lab/cluster/pki/pkcs12";
import { certificateOf } from "../../providers/cucm/certificates";

const certificates = ["cucm11-pub", "cucm11-sub1"].map((cn) => ({
  der: certificateOf({ cn }).certificate.der,
  name: `exported CallManager of ${cn}`,
}));

/** Node lets OpenSSL open it, and then misses a private key, which these files do not have. */
const saidByOpenSsl = (pfx: Buffer, passphrase: string) => {
  try {
    return createSecureContext({ pfx, passphrase });
  } catch (error) {
    return (error as Error).message;
  }
};

describe.each(["3des", "aes256"] as const)("%s", (cipher) => {
  test.each(BULK_PASSPHRASES.map((passphrase) => [passphrase]))(
    "a file with passphrase %j is read again",
    async (passphrase) => {
      const file = await writePkcs12(certificates, { passphrase, cipher });
      expect(await readPkcs12(file, [undefined, "", "built-into-the-lab"])).toEqual(certificates);
      if (passphrase !== null) expect(await readPkcs12(file, ["other"])).toBeNull();
    },
  );

  test("OpenSSL opens it, with this passphrase only", async () => {
    const file = await writePkcs12(certificates, { passphrase: "secret", cipher });
    expect(saidByOpenSsl(file, "secret")).toMatch(/^Unable to load .*PFX/);
    expect(saidByOpenSsl(file, "other")).toMatch(/mac verify failure/);
  });
});

test("anything else is passed over", async () => {
  expect(await readPkcs12(Buffer.from("{}"), [undefined, ""])).toBeNull();
});
