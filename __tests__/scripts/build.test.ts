import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const node = (...args: string[]) =>
  spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", env: { PATH: process.env.PATH } });
const build = (...args: string[]) => node("scripts/build.mjs", ...args);

const PROVIDER = "terraform-provider-null-stand-in";

beforeAll(() => {
  const { status, stderr } = build();
  if (status !== 0) throw new Error(stderr);
});

test("what is newer than its sources is left alone", () => {
  const { stdout, status } = build(PROVIDER);
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
});

test("a name that nothing has is an error, not a build of nothing", () => {
  const { stdout, stderr, status } = build(`${PROVIDER}.js`);
  expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  expect(stderr).toContain(`Nothing has ${PROVIDER}.js in its name; there are: terraform-provider-cucm, `);
});

test.each(["cucm", "dhcp", "null-stand-in"])(
  "terraform-provider-%s started by hand says what it is",
  (name) => {
    const { status, stdout, stderr } = node(`dist/terraform-provider-${name}.js`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/It is not run by hand: terraform or tofu starts it/);
  },
);

describe("the code cache", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dist-"));
    const bundle = /bundle\/[^"]+/
      .exec(readFileSync(join(ROOT, `dist/${PROVIDER}.js`), "utf8"))![0]
      .replace(/\.js$/, "");
    for (const file of [`${PROVIDER}.js`, `${bundle}.js`, `${bundle}.cache`]) {
      cpSync(join(ROOT, "dist", file), join(folder, file));
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const cache = () => {
    const [name] = readdirSync(join(folder, "bundle")).filter((file) => file.endsWith(".cache"));
    return join(folder, "bundle", name!);
  };
  const runs = () => {
    const { status, stderr } = node(join(folder, `${PROVIDER}.js`));
    expect(stderr).toMatch(/It is not run by hand/);
    expect(status).toBe(1);
  };

  test("is not needed", () => {
    rmSync(cache());
    runs();
  });

  test("that this Node cannot use does no harm", () => {
    const bytes = readFileSync(cache());
    bytes[4]! ^= 0xff;
    writeFileSync(cache(), bytes);
    runs();
    writeFileSync(cache(), "");
    runs();
  });
});

test("packages that are imported lazily are in files of their own and complete", () => {
  const bundles = readdirSync(join(ROOT, "dist/bundle")).filter((file) => file.endsWith(".js"));
  for (const bundle of bundles) {
    expect(readFileSync(join(ROOT, "dist/bundle", bundle), "utf8")).not.toMatch(
      /ssh2\/lib|fast-xml-parser\/src/,
    );
  }
  const script = `
    const { Client } = require("./dist/lazy/ssh2.js");
    const { XMLParser } = require("./dist/lazy/fast-xml-parser.js");
    console.log(typeof Client, new XMLParser().parse("<a>1</a>").a);`;
  expect(node("-e", script)).toMatchObject({ status: 0, stdout: "function 1\n", stderr: "" });
});
