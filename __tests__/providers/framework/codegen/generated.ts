import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "../../../..");

/** Writes generated files to a folder of their own from where this repository's packages can be imported. */
export function writeGenerated(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "binding-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
