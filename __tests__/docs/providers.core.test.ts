/** The reference of both providers: what a reader copies from it is what a core and the providers accept. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cucmProvider } from "../../providers/cucm/provider";
import { dhcpProvider } from "../../providers/dhcp/provider";
import { cores } from "../../providers/framework/testing/core";
import { type ResidentProvider, resident } from "../../providers/framework/testing/resident";
import { Workspace } from "../../providers/framework/testing/workspace";
import { blocksOf, ROOT, withPins } from "./pages";

const DOCS = join(ROOT, "docs");
const pages = ["cucm", "dhcp"].flatMap((provider) =>
  readdirSync(join(DOCS, provider), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(provider, name)),
);
const read = (page: string) => readFileSync(join(DOCS, page), "utf8");
const hcl = (page: string) =>
  blocksOf(read(page))
    .filter(({ language }) => language === "terraform")
    .map(({ text }) => withPins(text))
    .join("\n");

const providers: { [name: string]: ResidentProvider } = {};
beforeAll(async () => {
  providers.cucm = await resident(cucmProvider);
  providers.dhcp = await resident(dhcpProvider);
});
afterAll(async () => {
  for (const provider of Object.values(providers)) await provider.close();
});

describe.each(cores())("with $name", (core) => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = new Workspace({ core, providers });
    workspace.write("ca.pem", "");
    for (const page of pages)
      workspace.write(
        `${page.replaceAll(/\W/g, "-")}.tf`,
        // Each provider's page requires it, and a module requires all in one place.
        hcl(page).replace(/^terraform \{\n.*?^\}\n/ms, ""),
      );
  });
  afterAll(() => workspace.remove());

  test("examples and import blocks of all pages are valid together, so what one refers to another one declares", async () => {
    const { stdout } = await workspace.validate();
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
  }, 60_000);
});

test.each(pages)("links of %s lead somewhere", (page) => {
  for (const [, target] of read(page).matchAll(/\]\(([^)]+)\)/g)) {
    const [file, anchor] = target!.split("#");
    const text = file === "" ? read(page) : read(join(page, "..", file!));
    expect(text).toContain(anchor === undefined ? "# " : `<a id="${anchor}">`);
  }
});

test.each([cucmProvider, dhcpProvider])(
  "the page of $name says what to require",
  ({ name, source, version }) => {
    expect(hcl(`${name}/index.md`)).toContain(
      `    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n`,
    );
  },
);

test("both indexes name every page", () => {
  const linked = ["cucm", "dhcp"].flatMap((provider) => [
    `${provider}/index.md`,
    ...[...read(`${provider}/index.md`).matchAll(/^- \[`\w+`\]\((.+?)\)/gm)].map(
      ([, to]) => `${provider}/${to}`,
    ),
  ]);
  expect(linked.sort()).toEqual([...pages].sort());
});

test("what can be imported is shown with a command and a block", () => {
  const importable = [...cucmProvider.resources, ...dhcpProvider.resources].filter((r) => r.import);
  expect(importable.length).toBeGreaterThan(3);
  for (const { type } of importable) {
    const [provider, name] = [type.slice(0, type.indexOf("_")), type.slice(type.indexOf("_") + 1)];
    const text = read(`${provider}/resources/${name}.md`);
    expect(text).toMatch(new RegExp(`terraform import ${type}\\.\\w+ '`));
    expect(text).toMatch(new RegExp(`import \\{\n  to = ${type}\\.\\w+\n  id = "`));
  }
});
