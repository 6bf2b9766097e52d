import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Root of the project, from a source file as well as from a bundle in `dist/`. */
export const ROOT = findRoot(__dirname);

function findRoot(start: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (dirname(directory) === directory) throw new Error(`no package.json above ${start}`);
  }
}
