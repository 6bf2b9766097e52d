import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/**
 * RSA 2048 keys by name. Making them is the slow part of a start, so a private directory may keep them: they are
 * keys of a lab, but keys nevertheless, hence 0700 and 0600.
 */
export class KeyPool {
  private constructor(private readonly directory: string | null) {}

  /** @throws Error when the directory exists and others can enter it. */
  static async open(directory: string | null): Promise<KeyPool> {
    if (directory !== null) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const { mode } = await stat(directory);
      if ((mode & 0o077) !== 0) throw new Error(`${directory} holds private keys: its mode must be 0700`);
    }
    return new KeyPool(directory);
  }

  /** The same name gives the same key as long as the directory lives. */
  async rsa(name: string): Promise<KeyObject> {
    if (this.directory === null) return generateRsa();
    const file = join(this.directory, `${name.replace(/[^\w.-]/g, "_")}.pem`);
    const existing = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (existing !== null) return createPrivateKey(existing);
    const key = await generateRsa();
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    await rename(temporary, file);
    return key;
  }
}

async function generateRsa(): Promise<KeyObject> {
  return (await generate("rsa", { modulusLength: 2048 })).privateKey;
}
