import type { AnyProvider } from "../define";
import type { Attribute, Nesting, Schema } from "../schema/attribute";
import type { CtyType } from "../schema/value";
import { withoutProvider } from "./names";
import { paragraphs } from "./text";

/**
 * Documentation pages from a provider's declaration, in the layout of the Terraform registry
 * (https://developer.hashicorp.com/terraform/registry/providers/docs): front matter, example, schema split into
 * required, optional and read-only with anchors for nested attributes, import.
 */

/** File name (relative to the provider's documentation folder) -> Markdown. */
export function generateDocs(provider: AnyProvider): ReadonlyMap<string, string> {
  const name = (type: string) => withoutProvider(type, provider.name);
  return new Map([
    ["index.md", providerPage(provider)],
    ...provider.resources.map((resource): [string, string] => [
      `resources/${name(resource.type)}.md`,
      elementPage(provider, resource, "Resource", importSection(resource)),
    ]),
    ...provider.dataSources.map((source): [string, string] => [
      `data-sources/${name(source.type)}.md`,
      elementPage(provider, source, "Data Source", ""),
    ]),
  ]);
}

interface Described {
  readonly description: string;
  readonly example: string;
  readonly attributes: Schema;
}

const providerPage = (provider: AnyProvider) =>
  page(
    frontMatter(`${provider.name} Provider`, provider.description),
    `# ${provider.name} Provider`,
    provider.description,
    `## Example Usage\n\n${fence("terraform", paragraphs(required(provider), provider.example))}`,
    contents("Resources", "resources", provider, provider.resources),
    contents("Data Sources", "data-sources", provider, provider.dataSources),
    schemaSection(provider.attributes),
  );

/** How a configuration says which provider it means. */
const required = ({ name, source, version }: AnyProvider) => `terraform {
  required_providers {
    ${name} = {
      source  = "${source}"
      version = "${version}"
    }
  }
}`;

/** Links for readers without a registry's side bar, each with the first sentence of what it is. */
const contents = (
  title: string,
  folder: string,
  provider: AnyProvider,
  elements: readonly (Described & { readonly type: string })[],
) =>
  elements.length === 0
    ? ""
    : `## ${title}\n\n${elements
        .map(
          ({ type, description }) =>
            `- [\`${type}\`](${folder}/${withoutProvider(type, provider.name)}.md): ${firstSentence(description)}`,
        )
        .join("\n")}`;

const firstSentence = (text: string) => /^.*?[.](?=\s|$)/s.exec(text.trim())?.[0] ?? text.trim();

const elementPage = (
  provider: AnyProvider,
  element: Described & { readonly type: string },
  kind: "Resource" | "Data Source",
  importText: string,
) =>
  page(
    frontMatter(`${element.type} ${kind} - ${provider.name}`, element.description),
    `# ${element.type} (${kind})`,
    element.description,
    example(element),
    schemaSection(element.attributes),
    importText,
  );

const page = (...blocks: readonly string[]) => `${paragraphs(...blocks)}\n`;

/** The page's title, and the description's first paragraph as summary. */
const frontMatter = (title: string, description: string) => `---
page_title: ${JSON.stringify(title)}
subcategory: ""
description: |-
${description
  .trim()
  .split(/\n\s*\n/, 1)[0]!
  .split("\n")
  .map((line) => `  ${line}`)
  .join("\n")}
---`;

const example = ({ example: text }: Described) => `## Example Usage\n\n${fence("terraform", text.trim())}`;

const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

const GROUPS = [
  ["Required", (a: Attribute) => a.mode === "required"],
  ["Optional", (a: Attribute) => a.mode === "optional" || a.mode === "optional+computed"],
  ["Read-Only", (a: Attribute) => a.mode === "computed"],
] as const;

function schemaSection(attributes: Schema): string {
  return paragraphs(
    "## Schema",
    groups(attributes, [], (title) => `### ${title}`),
    nestedSections(attributes, []),
  );
}

function groups(attributes: Schema, path: readonly string[], title: (group: string) => string): string {
  return paragraphs(
    ...GROUPS.map(([group, belongs]) => {
      const items = Object.entries(attributes)
        .filter(([, attribute]) => belongs(attribute))
        .map(([name, attribute]) => item(attribute, [...path, name]));
      return items.length === 0 ? "" : `${title(group)}\n\n${items.join("\n")}`;
    }),
  );
}

/** The nested schemas in the order of their parents, each followed by its own. */
function nestedSections(attributes: Schema, path: readonly string[]): string {
  return paragraphs(
    ...Object.entries(attributes).map(([name, { nested }]) => {
      if (!nested) return "";
      const here = [...path, name];
      return paragraphs(
        `<a id="${anchor(here)}"></a>\n### Nested Schema for \`${here.join(".")}\``,
        groups(nested.attributes, here, (group) => `${group}:`),
        nestedSections(nested.attributes, here),
      );
    }),
  );
}

const anchor = (path: readonly string[]) => `nestedatt--${path.join("--")}`;

function item(attribute: Attribute, path: readonly string[]): string {
  const { description, sensitive, writeOnly, deprecated, requiresReplace } = attribute.options;
  const marks = [
    typeName(attribute),
    ...(sensitive ? ["Sensitive"] : []),
    ...(writeOnly ? ["Write-only"] : []),
    ...(deprecated ? ["Deprecated"] : []),
  ];
  const sentences = [
    description.trim().replace(/\s*\n\s*/g, " "),
    attribute.oneOf && `Choices: ${attribute.oneOf.map((choice) => `\`${choice}\``).join(", ")}.`,
    attribute.options.default !== undefined && `Default: \`${JSON.stringify(attribute.options.default)}\`.`,
    typeof requiresReplace === "function" && "Some changes replace the resource.",
    requiresReplace === true && "A change replaces the resource.",
    deprecated && `**Deprecated**: ${deprecated}`,
    attribute.nested && `(see [below for nested schema](#${anchor(path)}))`,
  ].filter((sentence) => typeof sentence === "string");
  return `- \`${path.at(-1)}\` (${marks.join(", ")}) ${sentences.join(" ")}`;
}

const PRIMITIVES = { string: "String", number: "Number", bool: "Boolean", dynamic: "Dynamic" } as const;
const NESTINGS: { readonly [N in Nesting]: string } = {
  single: "Attributes",
  list: "Attributes List",
  set: "Attributes Set",
  map: "Attributes Map",
};

function typeName({ nested, type }: Attribute): string {
  if (nested) return NESTINGS[nested.nesting];
  return plainType(type);
}

/** `Map of List of String` */
function plainType(type: CtyType): string {
  if (typeof type === "string") return PRIMITIVES[type];
  const [collection, element] = type;
  if (collection === "object" || collection === "tuple") return "Object";
  return `${collection.charAt(0).toUpperCase()}${collection.slice(1)} of ${plainType(element)}`;
}

function importSection(resource: AnyProvider["resources"][number]): string {
  if (!resource.import) return "";
  const { idForm, hint = "" } = resource.import;
  const name = new RegExp(`resource "${resource.type}" "([^"]+)"`).exec(resource.example)?.[1] ?? "example";
  const address = `${resource.type}.${name}`;
  return paragraphs(
    "## Import",
    `The import identifier has the form \`${idForm}\`:`,
    fence("shell", `terraform import ${address} '${idForm.replaceAll("'", "'\\''")}'`),
    "or as a block:",
    // In HCL `${` and `%{` start a template.
    fence(
      "terraform",
      `import {\n  to = ${address}\n  id = ${JSON.stringify(idForm).replace(/([$%])\{/g, "$1$1{")}\n}`,
    ),
    hint,
  );
}
