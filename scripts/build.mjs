/**
 * Bundles what is started from outside into one file each under dist/: the providers and the command line.
 *
 *   npm run build            builds what is older than its sources
 *   npm run build -- --force builds everything
 *
 * A provider is started three to four times in one run of Terraform, so what it needs at once is in one file, and
 * packages that it imports lazily are in files of their own, which are not even read until then.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Output -> entry point. */
const BUNDLES = {
  "dist/terraform-provider-cucm.js": "providers/cucm/main.ts",
  "dist/terraform-provider-dhcp.js": "providers/dhcp/main.ts",
  "dist/terraform-provider-null-stand-in.js": "providers/null-stand-in/main.ts",
  "dist/phone-migration.js": "cli/main.ts",
};

/** What decides how everything is built: a change of one rebuilds all. */
const RECIPE = ["scripts/build.mjs", "package-lock.json", "tsconfig.json"];

/**
 * ssh2 tries these at start-up and does without when they fail to load, in favour of node:crypto. They are compiled
 * for one machine, so they stay out; the name that is left in the bundle must then fail as it does on a machine
 * without them.
 */
const leaveNativeOut = {
  name: "leave-native-out",
  setup(build) {
    build.onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, namespace: "native" }));
    build.onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => ({
      contents: `throw Object.assign(new Error(${JSON.stringify(`${path} is not part of the bundle`)}), { code: "MODULE_NOT_FOUND" });`,
    }));
  },
};

/** `await import("ssh2")` becomes a `require` of lazy/ssh2.js beside the bundle, at that time. */
const ownFilesForLazyPackages = (found) => ({
  name: "own-files-for-lazy-packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind !== "dynamic-import" || isBuiltin(path)) return undefined;
      found.add(path);
      return { path: `./${lazyFile(path)}`, external: true };
    });
  },
});
const lazyFile = (name) => `lazy/${name.replace(/[@/]/g, "_")}.js`;

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Names are kept: stack traces should read like the sources.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  supported: { "dynamic-import": false },
  logLevel: "warning",
  write: false,
};

/** A provider that is started meanwhile reads the old file or the new one, never half of one. */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

async function build(outputs, force) {
  const wanted = outputs.filter((output) => existsSync(join(ROOT, BUNDLES[output])));
  const stale = wanted.filter((output) => force || isStale(output));
  const results = await Promise.all(stale.map(bundle));
  for (const { output, bytes } of results) console.log(`${output}  ${Math.ceil(bytes / 1024)} KiB`);
}

async function bundle(output) {
  const packages = new Set();
  const { metafile, outputFiles } = await esbuild.build({
    ...OPTIONS,
    entryPoints: [BUNDLES[output]],
    outfile: output,
    metafile: true,
    plugins: [leaveNativeOut, ownFilesForLazyPackages(packages)],
  });
  // The bundle comes last: it is what tells that all is up to date.
  await Promise.all([...packages].map(bundlePackage));
  replaceFile(join(ROOT, `${output}.inputs.json`), JSON.stringify(Object.keys(metafile.inputs)));
  replaceFile(join(ROOT, output), outputFiles[0].contents);
  return { output, bytes: metafile.outputs[output].bytes };
}

async function bundlePackage(name) {
  const outfile = join(ROOT, "dist", lazyFile(name));
  const { outputFiles } = await esbuild.build({
    ...OPTIONS,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: ROOT },
    outfile,
    plugins: [leaveNativeOut],
  });
  replaceFile(outfile, outputFiles[0].contents);
}

/** Whether a source that went into the output the last time has changed since, or was removed. */
function isStale(output) {
  const inputs = join(ROOT, `${output}.inputs.json`);
  if (!existsSync(join(ROOT, output)) || !existsSync(inputs)) return true;
  const built = statSync(join(ROOT, output)).mtimeMs;
  const sources = JSON.parse(readFileSync(inputs, "utf8")).filter((source) => !source.startsWith("native:"));
  return [...RECIPE, ...sources].some((source) => {
    const stat = statSync(join(ROOT, source), { throwIfNoEntry: false });
    return stat === undefined || stat.mtimeMs > built;
  });
}

const args = process.argv.slice(2);
const chosen = args.filter((arg) => arg !== "--force");
const outputs = Object.keys(BUNDLES).filter(
  (o) => chosen.length === 0 || chosen.some((name) => o.includes(name)),
);
await build(outputs, args.includes("--force")).catch((error) => {
  // esbuild has already printed what is wrong, with its place.
  if (!("errors" in error)) console.error(error);
  process.exitCode = 1;
});
