/**
 * Bundles what is started from outside: the providers, the command line, and the processes of its lab (which are run
 * from these bundles in an installed package only).
 *
 *   npm run build              builds what is older than its sources
 *   npm run build -- --force   builds everything
 *   npm run build -- dhcp      builds what has this in its name
 *
 * A provider is started three to four times in one run of Terraform, so starting is what it is built for: what it
 * needs at once is in one file with a code cache beside it (code-cache.mjs), and packages that it imports lazily are
 * in files of their own, which are not even read until then. An entry point that does not exist is not built.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { loader, recordCodeCache } from "./code-cache.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(ROOT, "dist");

/** Name under dist/ -> entry point. */
const BUNDLES = {
  "terraform-provider-cucm": "providers/cucm/main.ts",
  "terraform-provider-dhcp": "providers/dhcp/main.ts",
  "terraform-provider-null-stand-in": "providers/null-stand-in/main.ts",
  "phone-migration": "cli/main.ts",
  "lab-clusters": "lab/cluster/process.ts",
  "lab-dhcp": "lab/dhcp/process.ts",
  "lab-phones": "lab/phone/process.ts",
};

/** What decides how everything is built: a change of one rebuilds all. */
const RECIPE = ["scripts/build.mjs", "scripts/code-cache.mjs", "package-lock.json", "tsconfig.json"];

/** What makes a provider believe that a plugin host started it (providers/framework/wire/handshake.ts). */
const PLUGIN_HOST = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "6",
};

/**
 * ssh2 tries these when it is loaded and does without when they fail to load, in favour of node:crypto. They are
 * compiled for one machine, so they stay out, and fail here as they do on a machine without them.
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

async function build(names, force) {
  const stale = names.filter((name) => existsSync(join(ROOT, BUNDLES[name])) && (force || isStale(name)));
  await Promise.all(
    stale.map((name) =>
      bundle(name).then(
        (bytes) => console.log(`dist/${name}.js  ${Math.ceil(bytes / 1024)} KiB`),
        (error) => {
          // esbuild has already printed what is wrong, with its place.
          console.error(`dist/${name}.js was not built${"errors" in error ? "" : `: ${error.stack}`}`);
          process.exitCode = 1;
        },
      ),
    ),
  );
}

async function bundle(name) {
  const began = Date.now();
  const packages = new Set();
  const { metafile, outputFiles } = await esbuild.build({
    ...OPTIONS,
    entryPoints: [BUNDLES[name]],
    outfile: `dist/${name}.js`,
    metafile: true,
    plugins: [leaveNativeOut, ownFilesForLazyPackages(packages)],
  });
  const { contents } = outputFiles[0];
  const lazy = await Promise.all([...packages].map(bundlePackage));
  if (name.startsWith("terraform-provider-")) {
    await writeWithCodeCache(name, contents);
  } else {
    replaceFile(join(DIST, `${name}.js`), contents);
  }
  const inputs = [metafile, ...lazy].flatMap((one) => Object.keys(one.inputs)).filter(isFile);
  replaceFile(recordOf(name), JSON.stringify({ began, inputs: [...new Set(inputs)] }));
  return contents.length;
}

async function bundlePackage(name) {
  const outfile = join(DIST, lazyFile(name));
  const { metafile, outputFiles } = await esbuild.build({
    ...OPTIONS,
    metafile: true,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: ROOT },
    outfile,
    plugins: [leaveNativeOut],
  });
  replaceFile(outfile, outputFiles[0].contents);
  return metafile;
}

/** Not what esbuild was given as text: `native:...`, `<stdin>`. */
const isFile = (input) => existsSync(join(ROOT, input));

/** V8 knows a source by its length, so the names hold a hash: a cache must never meet another bundle. */
async function writeWithCodeCache(name, contents) {
  const stem = `${name}-${createHash("sha256").update(contents).digest("hex").slice(0, 12)}`;
  const file = join(DIST, "bundle", stem);
  replaceFile(`${file}.js`, contents);
  const temporary = `${file}.cache.${process.pid}`;
  await recordCodeCache(`${file}.js`, temporary, PLUGIN_HOST);
  renameSync(temporary, `${file}.cache`);
  replaceFile(join(DIST, `${name}.js`), loader(`bundle/${stem}`));
  removeOutdated(name, stem);
}

/** Earlier bundles, but for those that a provider that is being started may be about to read. */
function removeOutdated(name, current) {
  const folder = join(DIST, "bundle");
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${name}-`) || file.startsWith(current)) continue;
    const stat = statSync(join(folder, file), { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > 60_000) rmSync(join(folder, file), { force: true });
  }
}

/** A provider that is started meanwhile reads the old file or the new one, never half of one. */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/** When the last build began and what it read. */
const recordOf = (name) => join(DIST, `.${name}.json`);

/** Whether a source has changed since the last build began, or was removed. */
function isStale(name) {
  if (!existsSync(join(DIST, `${name}.js`)) || !existsSync(recordOf(name))) return true;
  const { began, inputs } = JSON.parse(readFileSync(recordOf(name), "utf8"));
  return [...RECIPE, ...inputs].some((input) => {
    const stat = statSync(join(ROOT, input), { throwIfNoEntry: false });
    return stat === undefined || stat.mtimeMs > began;
  });
}

const args = process.argv.slice(2);
const chosen = args.filter((arg) => arg !== "--force");
const names = Object.keys(BUNDLES).filter(
  (name) => chosen.length === 0 || chosen.some((part) => name.includes(part)),
);
if (names.length === 0) {
  console.error(
    `Nothing has ${chosen.join(" or ")} in its name; there are: ${Object.keys(BUNDLES).join(", ")}.`,
  );
  process.exitCode = 1;
}
await build(names, args.includes("--force"));
