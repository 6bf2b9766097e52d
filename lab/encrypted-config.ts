/**
 * The content of the lab's `.cnf.xml.enc.sgn` files: AES-256-GCM under a key that is wrapped for the phone's public
 * key (RSA-OAEP). That CUCM encrypts to the phone's public key is documented, its format is not: this one is ours.
 *
 * `LABENC1`, two bytes of length and the wrapped key, 12 bytes of IV, 16 bytes of tag, the ciphertext.
 */
import {
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";

const MAGIC = Buffer.from("LABENC1", "latin1");
const IV = 12;
const TAG = 16;

export function encryptConfig(plain: Uint8Array, publicKey: KeyObject): Buffer {
  const key = randomBytes(32);
  const wrapped = publicEncrypt(publicKey, key);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  const iv = randomBytes(IV);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([MAGIC, length, wrapped, iv, cipher.getAuthTag(), text]);
}

/** Null when it is not such a file, or is encrypted for another key. */
export function decryptConfig(bytes: Buffer, privateKey: KeyObject): Buffer | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const start = MAGIC.length + 2;
  try {
    const end = start + bytes.readUInt16BE(MAGIC.length);
    const key = privateDecrypt(privateKey, bytes.subarray(start, end));
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(end, end + IV));
    decipher.setAuthTag(bytes.subarray(end + IV, end + IV + TAG));
    return Buffer.concat([decipher.update(bytes.subarray(end + IV + TAG)), decipher.final()]);
  } catch {
    return null;
  }
}
