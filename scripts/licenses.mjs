// Writes dist/THIRD-PARTY-LICENSES.txt: the licence of every package that went into a bundle (build.mjs records it).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(ROOT, "dist");

const inputs = readdirSync(DIST)
  .filter((name) => /^\..*\.json$/.test(name))
  .flatMap((name) => JSON.parse(readFileSync(join(DIST, name), "utf8")).inputs);
const folders = inputs.flatMap((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);

const texts = [...new Set(folders)].sort().map((folder) => {
  const { name, version, ...about } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  const license = about.license ?? about.licenses[0].type;
  const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(ROOT, folder, file), "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
});
writeFileSync(join(DIST, "THIRD-PARTY-LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
