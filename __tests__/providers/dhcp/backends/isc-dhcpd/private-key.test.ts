import { generateKeyPairSync } from "node:crypto";
import { utils } from "ssh2";
import { DhcpError } from "../../../../../providers/dhcp/backends/backend";
import { openConnection } from "../../../../../providers/dhcp/backends/isc-dhcpd/ssh-connection";
import { config } from "../../support/fake-dhcpd";

const PASSPHRASE = "not-to-be-shown";
const openssh = utils.generateKeyPairSync("ed25519");
/** ssh2 makes a key that nobody can read, OpenSSH neither, once in some hundred. */
const encrypted = (() => {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519", {
      passphrase: PASSPHRASE,
      cipher: "aes256-ctr",
      rounds: 1,
    });
    if (!(utils.parseKey(pair.private, PASSPHRASE) instanceof Error)) return pair;
  }
})();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (type: "pkcs1" | "pkcs8", cipher = {}) =>
  rsa.privateKey.export({ type, format: "pem", ...cipher }).toString();
const locked = { cipher: "aes-256-cbc", passphrase: PASSPHRASE };
const lines = openssh.private.trim().split("\n");

/** Port 1: nobody answers there. */
const login = (privateKey: string, passphrase: string | null) =>
  openConnection(
    config({ hosts: ["127.0.0.1"], port: 1, credentials: { username: "voice", privateKey, passphrase } }),
    "127.0.0.1",
    new AbortController().signal,
  ).then(
    () => null,
    (error: unknown) => error as DhcpError,
  );

test.each<[string, string, string | null, RegExp]>([
  [
    "encrypted, no passphrase",
    encrypted.private,
    null,
    /encrypted: name the variable.*private_key_passphrase_env/,
  ],
  ["encrypted PEM, no passphrase", pem("pkcs1", locked), null, /encrypted: name the variable/],
  ["encrypted, another passphrase", encrypted.private, "other", /passphrase does not open it/],
  ["encrypted PEM, another passphrase", pem("pkcs1", locked), "other", /passphrase does not open it/],
  ["a public key", openssh.public, null, /is a public key/],
  [
    "a public key in PEM",
    rsa.publicKey.export({ type: "spki", format: "pem" }).toString(),
    null,
    /is a public key/,
  ],
  ["PKCS#8", pem("pkcs8"), null, /is in PKCS#8.*ssh-keygen -p/],
  ["PKCS#8, encrypted", pem("pkcs8", locked), PASSPHRASE, /is in PKCS#8/],
  ["a path", "/home/voice/.ssh/id_ed25519", null, /path of a file/],
  ["a path below home", "~/.ssh/id_ed25519", null, /path of a file/],
  ["something else", Buffer.from(openssh.private).toString("base64"), null, /does not begin with/],
  ["in one line", lines.join(" "), null, /line breaks are lost/],
  ["line breaks spelled out", lines.join("\\n"), null, /line breaks are lost/],
  ["cut off", openssh.private.slice(0, 200), null, /end is missing/],
  ["its first line lost", [lines[0], ...lines.slice(2)].join("\n"), null, /is damaged/],
  ["a line lost", [...lines.slice(0, 2), ...lines.slice(3)].join("\n"), null, /is damaged/],
])(
  "%s: said with the attribute, without the key, before anything is sent",
  async (_, text, passphrase, why) => {
    const error = (await login(text, passphrase))!;
    expect(error).toBeInstanceOf(DhcpError);
    expect(error.kind).toBe("credentials");
    expect(error.detail).toMatch(why);
    expect(error.detail).toContain('private_key_env of servers["dhcpd"].isc_dhcpd');
    // Nor what ssh2 made of its bytes.
    for (const part of [...(text.match(/[A-Za-z0-9+/]{8,}/g) ?? []), PASSPHRASE, "sh-ed25519"])
      expect(error.message).not.toContain(part);
  },
);

test.each<[string, string, string | null]>([
  ["OpenSSH's format", openssh.private, null],
  [
    "with the line ends of Windows, and blanks around it",
    `\r\n${openssh.private.replaceAll("\n", "\r\n")}\r\n`,
    null,
  ],
  ["encrypted", encrypted.private, PASSPHRASE],
  ["PEM", pem("pkcs1"), null],
  ["PEM, encrypted", pem("pkcs1", locked), PASSPHRASE],
])("%s is used", async (_, text, passphrase) => {
  expect((await login(text, passphrase))?.kind).toBe("unreachable");
});
