import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cucmProvider } from "../../providers/cucm/provider";
import { dhcpProvider } from "../../providers/dhcp/provider";
import { run } from "./command";

const ROOT = join(__dirname, "../..");
const program = (name: string) => `terraform.d/programs/terraform-provider-${name}.js`;

let folder: string;
beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], {
    stdio: "ignore",
  });
  folder = mkdtempSync(join(tmpdir(), "pm-providers-"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("lays both providers, and prints what to declare", async () => {
  const { status, out } = await run("providers", "--into", folder);
  expect(status).toBe(0);
  for (const { name, source, version } of [cucmProvider, dhcpProvider]) {
    expect(out).toContain(
      `    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }`,
    );
    expect(readFileSync(join(folder, program(name)), "utf8")).toContain(`dist/terraform-provider-${name}.js`);
    expect(existsSync(join(folder, "terraform.d/plugins", source, version))).toBe(true);
  }
  expect(existsSync(join(folder, "terraform.d/plugins/registry.terraform.io"))).toBe(false);
});

// Beside its bundle the command is nearer to the providers' than in the sources.
test("so it does as it is built", () => {
  const other = join(folder, "built");
  mkdirSync(other);
  execFileSync(process.execPath, [join(ROOT, "dist/phone-migration.js"), "providers", "--into", other]);
  const laid = readFileSync(join(other, program("dhcp")), "utf8");
  expect(laid).toBe(`require(${JSON.stringify(join(ROOT, "dist/terraform-provider-dhcp.js"))});\n`);
});

test("may be run again", async () => {
  writeFileSync(join(folder, program("cucm")), "something else");
  expect((await run("providers", "--into", folder)).status).toBe(0);
  expect(readFileSync(join(folder, program("cucm")), "utf8")).toContain("require(");
});

test.each(["missing", "file"])(
  "a folder that is none (%s) is an error, and nothing is laid",
  async (name) => {
    writeFileSync(join(folder, "file"), "");
    const { status, err } = await run("providers", "--into", join(folder, name));
    expect({ status, err }).toEqual({
      status: 2,
      err: `phone-migration: There is no folder ${join(folder, name)}. Make it, or name another with --into.`,
    });
  },
);

test("what cannot be written is one line", async () => {
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "terraform.d"), "");
  const { status, out, err } = await run("providers", "--into", other);
  expect({ status, out, err }).toEqual({
    status: 1,
    out: "",
    err: expect.stringMatching(
      /^phone-migration: The providers are not laid: (ENOTDIR|EEXIST).*terraform\.d.*$/,
    ),
  });
});
