import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { Host } from "../../../providers/framework/testing";
import { layOutReadme, snippets } from "./readme";

/** What the README shows compiles, runs, and does what it says. */

const ROOT = join(__dirname, "../../..");
const { folder, home, remove } = layOutReadme();
afterAll(remove);

test("every block of TypeScript is a file of its own, and imports public entries alone", () => {
  const blocks = snippets.filter(({ language }) => language === "ts");
  expect(blocks.map(({ file }) => file)).toEqual([
    "disk.ts",
    "main.ts",
    "disk.test.ts",
    "disk.core.test.ts",
    "generate.ts",
  ]);
  const imported = blocks.flatMap(({ text }) =>
    [...text.matchAll(/ from "(\.[^"]+)"/g)].map(([, name]) => name),
  );
  expect([...new Set(imported)].sort()).toEqual([
    "../framework",
    "../framework/codegen",
    "../framework/testing",
    "./disk",
  ]);
});

test("every block of TypeScript compiles, as strictly as we do", () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
  const config = { compilerOptions, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { stdout, status } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], {
    encoding: "utf8",
  });
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
}, 60_000);

describe("the test that it shows", () => {
  require(join(folder, "disk.test.ts"));
});

test("the shell's part makes a launcher that starts the provider, whatever is in the paths", async () => {
  const { text } = snippets.find(({ language }) => language === "sh")!;
  execFileSync("sh", ["-euc", text], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
    },
    stdio: "pipe",
  });
  const plugins = join(home, ".terraform.d/plugins/example.internal/acme/disk/1.0.0/linux_amd64");
  const launcher = join(plugins, "terraform-provider-disk_v1.0.0");
  const root = mkdtempSync(join(home, "root-"));
  const host = await Host.launch({ command: [launcher] }, { configuration: { root } });
  await host.resource("disk_text").apply({ path: "a.txt", content: "launched" });
  await host.close();
  expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("launched");
}, 60_000);

test("the generator that it shows writes bindings and pages", () => {
  const output = join(home, "generated");
  const program = join(output, "generate.js");
  buildSync({ entryPoints: [join(folder, "generate.ts")], outfile: program, bundle: true, platform: "node" });
  execFileSync(process.execPath, [program], { cwd: home });
  const made = ["bindings/index.ts", "bindings/text.ts", "docs/index.md", "docs/resources/text.md"];
  expect(made.filter((file) => !existsSync(join(output, file)))).toEqual([]);
});
