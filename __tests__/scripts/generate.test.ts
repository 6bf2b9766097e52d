import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cucmProvider } from "../../providers/cucm/provider";
import { dhcpProvider } from "../../providers/dhcp/provider";
import { cores } from "../../providers/framework/testing/core";

const ROOT = join(__dirname, "../..");
const generate = (...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "scripts/generate.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

test("what is committed is what the declarations yield", () => {
  expect(generate("--check")).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("an orphan is named by --check and removed otherwise; other documentation is left alone", () => {
  const orphan = join(ROOT, "docs/dhcp/resources/orphan_of_a_test.md");
  const guide = join(ROOT, "docs/dhcp/guide-of-a-test.md");
  try {
    writeFileSync(orphan, "");
    writeFileSync(guide, "");
    const check = generate("dhcp", "--check");
    expect(check.status).toBe(1);
    expect(check.stdout).toBe("remove  docs/dhcp/resources/orphan_of_a_test.md\n");
    expect(check.stderr).toContain("These files are stale");
    expect(existsSync(orphan)).toBe(true);
    expect(generate("dhcp").status).toBe(0);
    expect([existsSync(orphan), existsSync(guide)]).toEqual([false, true]);
  } finally {
    rmSync(orphan, { force: true });
    rmSync(guide, { force: true });
  }
}, 60_000);

test("a provider that does not exist is refused", () => {
  expect(generate("smtp")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("there are: cucm, dhcp"),
  });
});

describe("the examples on the pages", () => {
  const described = [cucmProvider, dhcpProvider].flatMap((provider) => [
    { name: `provider ${provider.name}`, example: provider.example },
    ...[...provider.resources, ...provider.dataSources].map(({ type, example }) => ({ name: type, example })),
  ]);
  test.each(described)("$name: is HCL in the canonical format", ({ example }) => {
    const [core] = cores();
    const { status, stdout, stderr } = spawnSync(core!.binary, ["fmt", "-no-color", "-"], {
      input: `${example.trim()}\n`,
      encoding: "utf8",
      env: { TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`${example.trim()}\n`);
  });
});
