/** How old the declaration is that `cdktf synth` laid out, and whether its sources have changed since. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** One line for everybody; a second one when the declaration is older than what it was made from. */
export function synthAge(folder: string, project: string, now: number = Date.now()): string[] {
  const made = madeAt(folder);
  // Terraform files that synth has not written.
  if (made === null) return [];
  const where = relative(project, folder) || folder;
  const age = `This is the declaration in ${where}, ${ageOf(now - made)} old; run \`npx cdktf synth\` to refresh it.`;
  const newer = newerSources(folder, project);
  return newer === null ? [age] : [age, `Warning: ${newer} newer than that declaration.`];
}

/** Which sources have changed since that declaration was made, with their verb ("main.ts is"); null: none is known. */
export function newerSources(folder: string, project: string): string | null {
  const made = madeAt(folder);
  // Of a folder elsewhere nobody knows what it was made from.
  if (made === null || !resolve(folder).startsWith(resolve(project, "cdktf.out"))) return null;
  const newer = sourcesOf(project).filter((file) => statSync(file).mtimeMs > made);
  if (newer.length === 0) return null;
  const names = newer.map((file) => relative(project, file)).sort();
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${names.slice(0, 3).join(", ")}${more} ${names.length === 1 ? "is" : "are"}`;
}

/** Milliseconds since the epoch. What else is written beside what synth laid out (an override) makes that no younger. */
function madeAt(folder: string): number | null {
  const names = readdirSync(folder);
  const declared = names.includes("cdk.tf.json")
    ? ["cdk.tf.json"]
    : names.some((name) => name.endsWith(".tf"))
      ? []
      : names.filter((name) => name.endsWith(".tf.json"));
  const times = declared.map((name) => statSync(join(folder, name)).mtimeMs);
  return times.length === 0 ? null : Math.max(...times);
}

function ageOf(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [count, unit] =
    minutes < 60
      ? [minutes, "minute"]
      : minutes < 48 * 60
        ? [Math.floor(minutes / 60), "hour"]
        : [Math.floor(minutes / 1440), "day"];
  return count === 0 ? "less than a minute" : `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const IMPORT = /(?:\bfrom|\bimport|\brequire\()\s*\(?\s*["'](\.[^"']*)["']/g;
const LIST = /\bcsv\(\s*["']([^"']+)["']/g;
const ENDINGS = ["", ".ts", ".js", ".mjs", ".json", "/index.ts", "/index.js"];

/** The program that cdktf runs, everything of the project that it imports, and the lists of phones that they name. */
function sourcesOf(project: string): string[] {
  const found = new Set<string>();
  const open = [resolve(project, programOf(project))].filter(isFile);
  const add = (file: string | undefined) => {
    if (file !== undefined && !found.has(file) && !file.includes("/node_modules/")) open.push(file);
  };
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    found.add(file);
    if (!/\.[cm]?[jt]s$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    const from = dirname(file);
    for (const [, name] of text.matchAll(IMPORT))
      add(ENDINGS.map((ending) => resolve(from, `${name}${ending}`)).find(isFile));
    for (const [, name] of text.matchAll(LIST)) add([resolve(project, name!)].find(isFile));
  }
  // A declaration over a lab was made from what that lab wrote when it started.
  const site = process.env.LAB_SITE ?? join(project, ".lab/site.json");
  return [...found, ...(found.has(resolve(project, "lab/site.ts")) && isFile(site) ? [site] : [])];
}

/** The last word of `app` in cdktf.json. */
function programOf(project: string): string {
  const file = join(project, "cdktf.json");
  const { app = "" } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { app?: string }) : {};
  return /(\S+\.[cm]?[jt]s)\s*$/.exec(app)?.[1] ?? "main.ts";
}

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
