/** Which kea-dhcp4 `npm run test:kea-newer` is about: 2.6 or later, where much is other than in 2.2. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const PLACES = ["/usr/local/sbin", "/usr/sbin", "/opt/kea/sbin"];

/** @returns its path, or the sentences that say why there is none. */
export function newerKea(env: {
  readonly [name: string]: string | undefined;
}): { path: string } | { why: string } {
  const named = env.KEA_BIN;
  const files =
    named === undefined
      ? [...(env.PATH ?? "").split(delimiter), ...PLACES].map((place) => join(place, "kea-dhcp4"))
      : [named];
  const found: string[] = [];
  for (const path of new Set(files)) {
    if (!existsSync(path)) continue;
    const version = versionOf(path);
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > 2 || (major === 2 && minor >= 6)) return { path };
    found.push(`${path} is ${version === "" ? "no kea-dhcp4 that runs" : version}`);
  }
  const what =
    found.length > 0
      ? found.join(", ")
      : `there is none${named === undefined ? " on the PATH" : ` at ${named}`}`;
  return {
    why: `These tests need a kea-dhcp4 of version 2.6 or later, and ${what}. Debian 13 and later have it (kea-dhcp4-server), and ISC's packages (https://cloudsmith.io/~isc/repos). Name one with KEA_BIN=/path/to/kea-dhcp4, and its hook libraries with KEA_HOOKS_PATH where they are not beside it.`,
  };
}

const versionOf = (path: string): string =>
  spawnSync(path, ["-v"], { encoding: "utf8", timeout: 10_000 }).stdout?.trim() ?? "";
