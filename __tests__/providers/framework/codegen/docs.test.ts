import { generateDocs } from "../../../../providers/framework/codegen/docs";
import type { Schema } from "../../../../providers/framework/schema/attribute";
import { shopProvider } from "./fixture";

const pages = generateDocs(shopProvider);
const page = (name: string) => pages.get(name)!;

test("there is a page for the provider and for each type", () => {
  expect([...pages.keys()]).toEqual(["index.md", "resources/every_thing.md", "data-sources/stock.md"]);
});

test.each([...pages.keys()])("the text of %s is as last reviewed", (name) => {
  expect(page(name)).toMatchSnapshot();
});

test("the index says what to require, and links each page with the first sentence of what it is", () => {
  expect(page("index.md")).toContain('shop = {\n      source  = "example.internal/acme/shop"\n');
  expect(page("index.md")).toContain(
    "- [`shop_every_thing`](resources/every_thing.md): One of everything.\n",
  );
  expect(page("index.md")).toContain("- [`shop_stock`](data-sources/stock.md): ");
});

test("front matter has the registry's three fields, the description only its first paragraph", () => {
  expect(page("resources/every_thing.md").split("\n").slice(0, 6)).toEqual([
    "---",
    'page_title: "shop_every_thing Resource - shop"',
    'subcategory: ""',
    "description: |-",
    "  One of everything.",
    "---",
  ]);
});

test("every attribute is on its page, nested ones too, with what the declaration knows of it", () => {
  const text = page("resources/every_thing.md");
  const names = (schema: Schema): string[] =>
    Object.entries(schema).flatMap(([name, a]) => [name, ...(a.nested ? names(a.nested.attributes) : [])]);
  for (const name of names(shopProvider.resources[0]!.attributes)) expect(text).toContain(`- \`${name}\` (`);
  expect(text).toContain('The mood. Choices: `calm`, `wild`. Default: `"calm"`.');
  expect(text).toContain("- `secret` (String, Sensitive)");
  expect(text).toContain("- `old` (String, Deprecated) An old one. **Deprecated**: Use `name`.");
  expect(text).toContain("- `name` (String) The name. A change replaces the resource.");
});

test("every link to a nested schema has its anchor, once", () => {
  const text = page("resources/every_thing.md");
  const links = [...text.matchAll(/\(#(nestedatt--[^)]+)\)/g)].map((match) => match[1]);
  const anchors = [...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(5);
  expect([...anchors].sort()).toEqual([...links].sort());
});

test("the import identifier is shown as a command and as a block", () => {
  const text = page("resources/every_thing.md");
  expect(text).toContain('terraform import shop_every_thing.one \'{"name":"one"}\'');
  expect(text).toContain('import {\n  to = shop_every_thing.one\n  id = "{\\"name\\":\\"one\\"}"\n}');
  expect(text).toMatch(/\n\nThe till prints it\.\n$/);
  expect(page("data-sources/stock.md")).not.toContain("## Import");
});
