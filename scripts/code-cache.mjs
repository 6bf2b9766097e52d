/**
 * Starting a provider is mostly V8 reading its source. A code cache holds what V8 made of it the last time: the
 * loader that Terraform starts gives V8 the bundle together with its cache. The cache belongs to one version of Node;
 * V8 refuses that of another, and reads the source instead.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Like Node's own wrapper around a module. It is part of what the cache is made of, and so is the name that stack
 * traces show: without the folder, since a package is not built where it is run. (A name that is cut out of the path
 * when it runs would be kept by V8 as a part of it, and the whole path with it.)
 */
const COMPILE = `
const script = new vm.Script("(function (exports, require, module, __filename, __dirname) {" + source + "\\n})", {
  filename: name,
  cachedData,
});`;

/**
 * The text of a module that runs the bundle, as though it were the bundle itself.
 * @param name the bundle's path from the loader's folder, without extension
 */
export const loader = (name) => `"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const name = ${JSON.stringify(`${basename(name)}.js`)};
const file = require("node:path").join(__dirname, ${JSON.stringify(`${name}.js`)});
let cachedData;
try {
  cachedData = fs.readFileSync(file.slice(0, -3) + ".cache");
} catch {
  // It only takes longer.
}
// Bundles are written in ASCII, which is read faster like this.
const source = fs.readFileSync(file, "latin1");${COMPILE}
script.runInThisContext()(exports, require, module, file, __dirname);
`;

/** Runs the bundle until it ends, and keeps what V8 has made of it by then. */
const RECORD = `
const fs = require("node:fs");
const vm = require("node:vm");
const [, file, cache, name] = process.argv;
const source = fs.readFileSync(file, "latin1");
const cachedData = undefined;${COMPILE}
process.on("exit", () => {
  // The provider has set it (providers/framework/wire/process/memory.ts), and V8 refuses a cache made under flags
  // that its reader does not have: back to V8's own.
  require("node:v8").setFlagsFromString("--semi-space-growth-factor=2");
  fs.writeFileSync(cache, script.createCachedData());
});
script.runInThisContext()(exports, require, module, file, require("node:path").dirname(file));
`;

/**
 * Records the cache of a provider's bundle: starts it as a plugin host does, so that the cache has what a start
 * needs, and ends it when it says that it can be called.
 */
export async function recordCodeCache(bundle, cache, environment) {
  const sockets = await mkdtemp(join(tmpdir(), "code-cache-"));
  try {
    const child = run(process.execPath, ["-e", RECORD, bundle, cache, basename(bundle)], {
      env: { PATH: process.env.PATH, PLUGIN_UNIX_SOCKET_DIR: sockets, ...environment },
    });
    child.child.stdout.once("data", () => child.child.kill("SIGTERM"));
    // It ends with the status of a process that was terminated.
    await child.catch((error) => {
      if (error.code !== 128 + 15) throw error;
    });
  } finally {
    await rm(sockets, { recursive: true, force: true });
  }
}
