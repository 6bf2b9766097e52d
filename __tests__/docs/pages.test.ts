/** The pages: the tests that SECURITY.md names exist, and links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const TESTS = readdirSync(join(ROOT, "__tests__"), { recursive: true, encoding: "utf8" });

test("every test that SECURITY.md names is there, and is one", () => {
  const named = [...read("SECURITY.md").matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(20);
  const found = (name: string) => TESTS.filter((path) => path === name || path.endsWith(`/${name}`));
  expect(named.filter((name) => found(name).length !== 1)).toEqual([]);
});

const anchors = (path: string) =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );

test.each([
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
])("links of %s lead somewhere", (page) => {
  const prose = read(page)
    .replaceAll(/^```.*?^```$/gms, "")
    .replaceAll(/`[^`]*`/g, "");
  for (const [link, path, anchor] of prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
    const target = path === "" ? page : join(dirname(page), path!);
    expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
    if (anchor !== "" && anchor !== undefined)
      expect([link, ...anchors(target)]).toEqual(expect.arrayContaining([anchor]));
  }
});
