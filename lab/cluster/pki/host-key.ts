import { createHash, type KeyObject } from "node:crypto";
import { utils } from "ssh2";

export interface HostKey {
  readonly pem: string;
  /** `SHA256:...` as ssh-keygen prints it. */
  readonly fingerprint: string;
}

export function hostKeyOf(key: KeyObject): HostKey {
  const pem = key.export({ type: "pkcs1", format: "pem" }) as string;
  const parsed = utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  const digest = createHash("sha256").update(parsed.getPublicSSH()).digest("base64");
  return { pem, fingerprint: `SHA256:${digest.replace(/=+$/, "")}` };
}
