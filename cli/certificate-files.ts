/** Certificates that a command is given as files. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Certificate } from "../trust/certificate";
import { CommandError } from "./command-error";

const GIVE = "Give a file that `openssl x509 -in` reads.";

/** Far above what certificates need. */
const MAX_BYTES = 1_048_576;

/** The certificates of a file: PEM, one or more, or one in DER. @throws CommandError */
export function readCertificates(file: string): Certificate[] {
  const bytes = readBytes(file, MAX_BYTES);
  const text = bytes.toString("latin1");
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  try {
    if (blocks !== null) return blocks.map((block) => Certificate.fromPem(block));
    if (bytes[0] === 0x30) return [Certificate.fromDer(bytes)];
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}. ${GIVE}`, 2);
  }
  throw new CommandError(`${file} holds no certificate, neither PEM nor DER. ${GIVE}`, 2);
}

/** @throws CommandError unless the file holds exactly one. */
export function readCertificate(file: string, option: string): Certificate {
  const all = readCertificates(file);
  if (all.length === 1) return all[0]!;
  throw new CommandError(
    `${option} ${file}: one certificate is expected, ${all.length} are there. Give a file with that one alone.`,
    2,
  );
}

/** A certificate, with its chain if there is one, and the private key that belongs to it. @throws CommandError */
export function readClient(certificateFile: string, keyFile: string): { cert: string; key: string } {
  const cert = readCertificates(certificateFile)
    .map(({ pem }) => pem)
    .join("");
  const key = readBytes(keyFile, MAX_BYTES).toString("latin1");
  const belongs = (() => {
    try {
      return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    } catch {
      // What OpenSSL says of a key may quote it.
      throw new CommandError(
        `--client-key ${keyFile} is not a private key that can be read. Give one in PEM, not encrypted.`,
        2,
      );
    }
  })();
  if (!belongs)
    throw new CommandError(
      `--client-key ${keyFile} is not the key of the certificate in ${certificateFile}. Give the one that belongs to it.`,
      2,
    );
  return { cert, key };
}

/** @throws CommandError when it cannot be read or is larger. */
export function readBytes(file: string, limit: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new CommandError(`${file} cannot be read: ${why}. Give a file that is there and may be read.`, 2);
  }
  if (bytes.length > limit)
    throw new CommandError(
      `${file} has ${bytes.length} bytes; at most ${limit} are read. Name the file itself.`,
      2,
    );
  return bytes;
}
