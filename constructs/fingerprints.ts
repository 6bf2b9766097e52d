import { Token } from "cdktf";

const KINDS = {
  /** Of a certificate, as openssl and browsers print it. */
  tls: {
    pattern: /^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i,
    fix: "Write the SHA-256 of the certificate in hex: 64 digits, with or without colons.",
  },
  /** Of an SSH host key. */
  ssh: {
    pattern: /^SHA256:[A-Za-z0-9+/]{43}=?$/,
    fix: "Write SHA256: and 43 characters, as ssh-keygen -l prints it.",
  },
} as const;

/** What is wrong with the first of these pins that is none, and what one looks like. `name` is the property. */
export function wrongPin(
  kind: keyof typeof KINDS,
  name: string,
  pins: readonly (string | undefined)[],
): { readonly problem: string; readonly fix: string } | undefined {
  const { pattern, fix } = KINDS[kind];
  const wrong = pins.filter((pin) => !Token.isUnresolved(pin) && !pattern.test(pin ?? ""));
  if (wrong.length === 0) return undefined;
  const [pin] = wrong;
  // What `process.env` has of a variable that is not set, or is set to nothing.
  if (pin === undefined || pin === "")
    return {
      problem: `${name} has an empty pin.`,
      fix: `If it comes from an environment variable, set that. ${fix}`,
    };
  return { problem: `${name} has "${pin}".`, fix };
}
