import { describeTrustList } from "../../trust/describe";
import { buildTrustList, parseTrustList } from "../../trust/trust-list";
import { identity, name } from "./authority";
import { input } from "./lists";

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
    expect(shown).toContain(
      "Verification of the ITL file failed: its signature is not the one of its signer, record 1.",
    );
  });
});
