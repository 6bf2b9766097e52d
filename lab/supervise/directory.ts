/** The lab's own directory and the cache of its keys. */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, readPidFile } from "./pidfile";

/** What an earlier lab may have left there. */
const OLD = ["phones", "logs", "site.json", "env.sh"];

/** What would be wrong once the lab has ended: its credentials, and the addresses of what no longer answers. */
export function forgetLab(directory: string): void {
  const options = readdirSync(directory).filter((name) => name.endsWith(".options.json"));
  for (const name of ["site.json", "env.sh", ...options]) rmSync(join(directory, name), { force: true });
}

/** Makes the directory this lab's. @throws Error when another lab runs there. */
export function claimDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = readPidFile(directory);
  if (found !== null && isAlive(found.supervisor)) {
    throw new Error(
      `A lab runs in ${directory} already (process ${found.supervisor.pid}). End it with \`phone-migration lab down\`, or choose another directory with --dir.`,
    );
  }
  const left = found?.children.filter(isAlive).map((one) => one.name) ?? [];
  if (left.length > 0) {
    throw new Error(
      `The lab in ${directory} was not ended properly: ${left.join(", ")} still running. Clean up with \`phone-migration lab down\`.`,
    );
  }
  chmodSync(directory, 0o700);
  for (const name of OLD) rmSync(join(directory, name), { recursive: true, force: true });
}

/**
 * Making RSA keys is the slow part of a start, so labs of this user share them. They are keys of a lab, but keys:
 * only the user may read them.
 */
export function keyPoolDirectory(environment: NodeJS.ProcessEnv = process.env): string | null {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  const uid = process.getuid?.() ?? 0;
  for (const place of [
    join(cache, "phone-migration", "lab-keys"),
    join(tmpdir(), `phone-migration-lab-keys-${uid}`),
  ]) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const { uid: owner, mode } = statSync(place);
      // Somebody else's directory could hold somebody else's keys.
      if (owner === uid && (mode & 0o077) === 0) return place;
    } catch {
      // Read-only home: try the next place.
    }
  }
  return null;
}
