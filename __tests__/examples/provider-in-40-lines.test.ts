import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskProvider } from "../../examples/provider-in-40-lines/provider";
import { Host } from "../../providers/framework/testing";

const ROOT = join(__dirname, "../..");
const SOURCE = join(ROOT, "examples/provider-in-40-lines/provider.ts");

const folder = mkdtempSync(join(tmpdir(), "disk-"));
const path = join(folder, "deep/hello.txt");
afterAll(() => rmSync(folder, { recursive: true }));

test("has at most 40 lines, formatted as everything here is", () => {
  expect(readFileSync(SOURCE, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  execFileSync(join(ROOT, "node_modules/.bin/biome"), ["check", SOURCE], { cwd: ROOT, stdio: "pipe" });
});

test("lives a whole life on the host", async () => {
  const host = await Host.start(diskProvider);
  const file = host.resource("disk_text");
  expect((await file.apply({ path, content: "a" })).action).toBe("create");
  expect(readFileSync(path, "utf8")).toBe("a");
  expect((await file.apply({ path, content: "b" })).action).toBe("update");
  expect(readFileSync(path, "utf8")).toBe("b");
  await file.drifts(() => writeFileSync(path, "somebody else"));
  await file.disappears(() => rmSync(path));
  await file.importVerify(path);
  const moved = join(folder, "moved.txt");
  expect(await file.apply({ path: moved, content: "b" })).toMatchObject({
    action: "replace",
    replaces: ["path"],
  });
  expect(() => readFileSync(path)).toThrow("ENOENT");
  await file.destroy();
  expect(() => readFileSync(moved)).toThrow("ENOENT");
});

test("a path that cannot be read is an error, and not a file that is gone", async () => {
  const host = await Host.start(diskProvider);
  const file = host.resource("disk_text");
  await file.fails({ path: join(SOURCE, "no-folder"), content: "" }, /ENOTDIR|EEXIST/);
  expect(file.state).toBeNull();
});
