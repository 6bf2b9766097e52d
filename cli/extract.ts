/** Certificates of trust list records as PEM files, named by role and SHA-256. */
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../trust/certificate";
import { roleName } from "../trust/roles";
import type { TrustRecord } from "../trust/trust-list";
import { CommandError } from "./command-error";

interface Wanted {
  readonly file: string;
  readonly certificate: Certificate;
}

/**
 * Writes what is not there yet, or nothing at all when a file is in the way.
 *
 * @returns the files, once each, in the order of the records
 * @throws CommandError when a file of that name holds something else, or the folder cannot be written
 */
export function extract(records: readonly TrustRecord[], folder: string): readonly string[] {
  const wanted = new Map<string, Wanted>();
  for (const { role, certificate } of records)
    if (certificate !== undefined) {
      const file = join(folder, nameOf(role, certificate));
      wanted.set(file, { file, certificate });
    }
  const all = [...wanted.values()];
  const missing = all.filter((one) => !isThere(one));
  try {
    mkdirSync(folder, { recursive: true });
    // Exclusive: neither a file that came meanwhile nor a link is written through.
    for (const { file, certificate } of missing) writeFileSync(file, certificate.pem, { flag: "wx" });
  } catch (error) {
    throw new CommandError(
      `${folder} cannot be written: ${(error as Error).message}. Name another folder with --extract.`,
    );
  }
  return all.map(({ file }) => file);
}

/** Nothing but letters, digits and hyphens, whatever number stands for the role: never a path. */
const nameOf = (role: number, { sha256 }: Certificate) =>
  `${roleName(role).replace(/[^A-Za-z0-9]+/g, "-")}_${sha256}.pem`;

/** @throws CommandError when something else is there */
function isThere({ file, certificate }: Wanted): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isFile() && readFileSync(file, "utf8") === certificate.pem) return true;
  throw new CommandError(
    `${file} is there already, and holds something else. Nothing was written. Name an empty folder with --extract.`,
  );
}
