/** A private key that cannot be used is told before anything is sent: a server would only say that it refuses it. */
import type { ParsedKey, utils } from "ssh2";
import { DhcpError } from "../backend";
import type { IscDhcpdConfig, PrivateKey } from "./config";

/** @throws DhcpError without a byte of the key: what ssh2 says may quote it */
export function usableKey(
  parse: typeof utils.parseKey,
  { name }: IscDhcpdConfig,
  { privateKey, passphrase }: PrivateKey,
): ParsedKey {
  const parsed = parse(privateKey, passphrase ?? undefined);
  if (!(parsed instanceof Error) && parsed.isPrivateKey()) return parsed;
  const failure = parsed instanceof Error ? parsed.message : "";
  const [, why] = PROBLEMS.find(([has]) => has(privateKey.trim(), failure))!;
  throw new DhcpError(
    name,
    `The private key for DHCP server "${name}" cannot be used`,
    `${why} The key is the text in the variable that private_key_env of servers["${name}"].isc_dhcpd names. Nothing was sent.`,
    "credentials",
  );
}

/** The first that holds. */
const PROBLEMS: readonly (readonly [(text: string, failure: string) => boolean, string])[] = [
  [
    (_, failure) => /no passphrase given/i.test(failure),
    "It is encrypted: name the variable with its passphrase as private_key_passphrase_env.",
  ],
  [
    (_, failure) => /bad passphrase/i.test(failure),
    "The passphrase does not open it: check the variable that private_key_passphrase_env names.",
  ],
  [
    (text) => /^(?:-+ ?BEGIN [\w ]*PUBLIC KEY|(?:ssh|ecdsa|sk)-\S+ )/.test(text),
    "It is a public key: give the private one, the file without .pub.",
  ],
  [
    (text) => /^-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text),
    "It is in PKCS#8 (BEGIN PRIVATE KEY): write it in OpenSSH's format with ssh-keygen -p -f <file>.",
  ],
  [
    (text) => text.length < 256 && !text.includes("-----BEGIN ") && /^[^\n]*[/\\][^\n]*$/.test(text),
    "It looks like the path of a file: give the text that is in the file.",
  ],
  [
    (text) => !/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text),
    "It does not begin with a line -----BEGIN ... PRIVATE KEY-----.",
  ],
  [
    (text) => !/^-----BEGIN [^\n]*-----\r?\n/.test(text),
    "Its line breaks are lost: the first line has to end after -----BEGIN ... PRIVATE KEY-----.",
  ],
  [
    (text) => !/-----END [A-Z0-9 ]*PRIVATE KEY-----$/.test(text),
    "Its end is missing: the last line has to be -----END ... PRIVATE KEY-----.",
  ],
  [
    () => true,
    "It is damaged, a part of it is missing, or its kind is not known here (ed25519, ECDSA and RSA are).",
  ],
];
