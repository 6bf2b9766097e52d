import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { diskProvider } from "../../../../examples/provider-in-40-lines/provider";
import { bundled, type Core, Host, installLauncher } from "../../../../providers/framework/testing";

const ENTRY = join(__dirname, "../../../../examples/provider-in-40-lines/provider.ts");
const core: Core = { name: "tofu", binary: "", registry: "registry.opentofu.org" };

const folder = mkdtempSync(join(tmpdir(), "it's a kit "));
afterAll(() => rmSync(folder, { recursive: true }));

test("a bundle is one file that starts through its launcher, whatever is in the paths", async () => {
  const { source, version, bundle, remove } = await bundled(diskProvider, ENTRY);
  expect(readdirSync(dirname(bundle))).toEqual(["provider.js"]);
  const odd = join(folder, `"$HOME" it's.js`);
  copyFileSync(bundle, odd);
  remove();
  expect(existsSync(dirname(bundle))).toBe(false);

  installLauncher(join(folder, "mirror"), core, { source, version, bundle: odd });
  const [platform, ...others] = readdirSync(join(folder, "mirror", source, version));
  expect(others).toEqual([]);
  const launcher = join(folder, "mirror", source, version, platform!, "terraform-provider-disk_v1.0.0");
  const host = await Host.launch({ command: [launcher] });
  expect([...host.schemas.resources.keys()]).toEqual(["disk_text"]);
  await host.close();
}, 30_000);

test("what does not compile is said with its place, and leaves nothing", async () => {
  const broken = join(folder, "broken.ts");
  writeFileSync(broken, 'import "./none";\n');
  const before = bundles();
  await expect(bundled({ ...diskProvider, name: "broken" }, broken)).rejects.toThrow(
    /broken\.ts:1:7: ERROR: Could not resolve "\.\/none"/,
  );
  expect(bundles()).toEqual(before);
});

const bundles = () => readdirSync(tmpdir()).filter((name) => name.startsWith("broken-"));
