// Runs a TypeScript program of this repository: `node scripts/run.mjs scripts/demo.ts [arguments]`.
// Needs nothing but Node and npm: what is missing is installed, and the bundles are built, first.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

if (!existsSync(join(root, "node_modules/.package-lock.json"))) {
  console.error("Installing what this needs (npm ci), once ...");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) {
    console.error("npm ci failed; see above. Mend it and run this again.");
    process.exit(1);
  }
}
const [program, ...rest] = process.argv.slice(2);
const build = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
if (build.status !== 0) process.exit(1);
const child = spawn(process.execPath, ["--import", "tsx", join(root, program), ...rest], {
  cwd: root,
  stdio: "inherit",
});
// Ctrl-C reaches the whole group; the child cleans up and says how it ended.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
