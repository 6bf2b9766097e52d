import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
const README = join(ROOT, "providers/framework/README.md");

interface Snippet {
  readonly language: string;
  /** The file that it is, after the language: `ts main.ts`. */
  readonly file: string;
  readonly text: string;
}

/** The blocks of code of the framework's README. */
export const snippets: readonly Snippet[] = [
  ...readFileSync(README, "utf8").matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms),
].map(([, language, file, text]) => ({ language: language!, file: file!, text: text! }));

/** A folder as the README describes it, with a name that a careless launcher stumbles over. */
export interface ReadmeProvider {
  /** `providers/disk`, with each snippet in its file. */
  readonly folder: string;
  /** Beside it: nobody's yet. */
  readonly home: string;
  remove(): void;
}

export function layOutReadme(): ReadmeProvider {
  const root = mkdtempSync(join(tmpdir(), "it's a readme "));
  const folder = join(root, "providers/disk");
  const home = join(root, "home");
  for (const made of [folder, home]) mkdirSync(made, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  symlinkSync(join(ROOT, "providers/framework"), join(root, "providers/framework"));
  for (const { file, text } of snippets) if (file !== "") writeFileSync(join(folder, file), text);
  return { folder, home, remove: () => rmSync(root, { recursive: true, force: true }) };
}
