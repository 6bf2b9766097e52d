import type { AnyProvider } from "../define";
import { attr, type Schema } from "../schema/attribute";
import { RESERVED } from "../schema/check-schema";
import { accessors, configProperties, inputOf, providerAccessors, synthesis } from "./members";
import { kebabCase, pascalCase, withoutProvider } from "./names";
import { type Shape, shapesOf } from "./shape";
import { HELPERS, structs } from "./struct";
import { docComment, indent, paragraphs, quote } from "./text";

/**
 * CDKTF bindings from a provider's declaration: the surface of what `cdktf get` makes of the same schema
 * (`xConfig`, `xInput`, `resetX`, `putX`, `tfResourceType`, `generateConfigForImport`), and what a schema cannot
 * tell it: choices as unions, defaults, marks for sensitive attributes. Classes carry the whole type name
 * (`CucmTrustMemberships`), so that bindings of several providers can be imported side by side.
 */

/** File name (relative to the provider's folder) -> source text. */
export function generateBindings(provider: AnyProvider): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const add = (file: string, name: string, text: string) => {
    if (files.has(`${file}.ts`)) throw new Error(`Two bindings would be called ${file}.ts (${name}).`);
    files.set(`${file}.ts`, text);
  };
  add("provider", provider.name, providerBinding(provider));
  for (const resource of provider.resources) {
    add(fileName(provider, resource.type), resource.type, elementBinding(provider, resource, RESOURCE));
  }
  for (const source of provider.dataSources) {
    add(
      `data-${fileName(provider, source.type)}`,
      source.type,
      elementBinding(provider, source, DATA_SOURCE),
    );
  }
  const modules = [...files.keys()].sort().map((file) => `export * from "./${file.replace(/\.ts$/, "")}";`);
  files.set("index.ts", `${GENERATED}\n${modules.join("\n")}\n`);
  return files;
}

const GENERATED = "// Generated from the provider's declaration. Not to be edited.\n";
const IMPORTS = `import * as cdktf from "cdktf";\nimport type { Construct } from "constructs";`;

const fileName = (provider: AnyProvider, type: string) => kebabCase(withoutProvider(type, provider.name));

interface ElementKind {
  readonly base: string;
  readonly classPrefix: string;
  readonly docs: string;
  /** Data sources take them as well: CDKTF's own bindings pass all seven to both. */
  readonly metaArguments: readonly string[];
}

const META_ARGUMENTS = [
  "provider",
  "dependsOn",
  "count",
  "lifecycle",
  "provisioners",
  "connection",
  "forEach",
];
const RESOURCE: ElementKind = {
  base: "TerraformResource",
  classPrefix: "",
  docs: "resources",
  metaArguments: META_ARGUMENTS,
};
const DATA_SOURCE: ElementKind = {
  base: "TerraformDataSource",
  classPrefix: "Data",
  docs: "data-sources",
  metaArguments: META_ARGUMENTS,
};

function elementBinding(
  provider: AnyProvider,
  element: { readonly type: string; readonly description: string; readonly attributes: Schema },
  kind: ElementKind,
): string {
  // CDKTF gives a data source those of a resource too.
  const reserved = Object.keys(element.attributes).find((name) => RESERVED.resource.includes(name));
  if (reserved)
    throw new Error(`${element.type}: "${reserved}" is a meta-argument and cannot be an attribute.`);

  const name = kind.classPrefix + pascalCase(element.type);
  const shapes = shapesOf(element.attributes, name);
  const page = `docs/${provider.name}/${kind.docs}/${withoutProvider(element.type, provider.name)}.md`;
  const config = shapes.some((shape) => shape.required)
    ? `config: ${name}Config`
    : `config: ${name}Config = {}`;
  const body = paragraphs(
    `public static readonly tfResourceType = ${quote(element.type)};`,
    importConfig(element.type),
    `public constructor(scope: Construct, id: string, ${config}) {
  super(scope, id, {
    terraformResourceType: ${quote(element.type)},
${indent(generatorMetadata(provider), 4)},
${kind.metaArguments.map((argument) => `    ${argument}: config.${argument},`).join("\n")}
  });
${indent(initial(shapes))}
}`,
    accessors(shapes),
    synthesis(shapes, inputOf),
  );
  return file(
    `${docComment([`Configuration of \`${element.type}\` (${page}).`])}export interface ${name}Config extends cdktf.TerraformMetaArguments {
${indent(configProperties(shapes))}
}`,
    structs(shapes, "with references"),
    `${docComment([element.description.trim(), "", `See ${page}.`])}export class ${name} extends cdktf.${kind.base} {\n${indent(body)}\n}`,
  );
}

function providerBinding(provider: AnyProvider): string {
  const name = `${pascalCase(provider.name)}Provider`;
  const alias = attr.string({
    description: "Tells several configurations of this provider apart.",
    optional: true,
  });
  const shapes = shapesOf({ ...provider.attributes, alias }, name);
  const config = shapes.some((shape) => shape.required)
    ? `config: ${name}Config`
    : `config: ${name}Config = {}`;
  const body = paragraphs(
    `public static readonly tfResourceType = ${quote(provider.name)};`,
    importConfig(provider.name),
    `public constructor(scope: Construct, id: string, ${config}) {
  super(scope, id, {
    terraformResourceType: ${quote(provider.name)},
${indent(generatorMetadata(provider), 4)},
    terraformProviderSource: ${quote(provider.source)},
  });
${indent(shapes.map((s) => `this._${s.member} = config.${s.member};`).join("\n"))}
}`,
    providerAccessors(shapes),
    synthesis(
      shapes,
      (shape) => `this._${shape.member}`,
      (mapped) => `verbatim(${mapped})`,
    ),
  );
  return file(
    `${docComment([`Configuration of the provider \`${provider.name}\` (docs/${provider.name}/index.md).`])}export interface ${name}Config {
${indent(configProperties(shapes))}
}`,
    structs(shapes, "input only"),
    `${docComment([provider.description.trim(), "", `See docs/${provider.name}/index.md.`])}export class ${name} extends cdktf.TerraformProvider {\n${indent(body)}\n}`,
  );
}

const file = (...blocks: readonly string[]): string => {
  const text = paragraphs(...blocks);
  const helpers = Object.entries(HELPERS).filter(([name]) => text.includes(`${name}(`));
  return `${paragraphs(GENERATED, IMPORTS, text, ...helpers.map(([, helper]) => helper))}\n`;
};

const generatorMetadata = (provider: AnyProvider) => `terraformGeneratorMetadata: {
  providerName: ${quote(provider.name)},
  providerVersion: ${quote(provider.version)},
  providerVersionConstraint: ${quote(provider.version)},
}`;

const initial = (shapes: readonly Shape[]) =>
  shapes
    .filter((shape) => shape.assignable)
    .map((shape) => `${inputOf(shape)} = config.${shape.member};`)
    .join("\n");

const importConfig = (type: string) => `/**
 * Adds an import block and has \`cdktf plan\` print the configuration of the imported object.
 * @param scope The scope in which to define this construct
 * @param importToId The construct id used in the generated configuration
 * @param importFromId The id of the existing object, in the form that the documentation page shows
 * @param provider The provider's configuration, when there are several
 */
public static generateConfigForImport(
  scope: Construct,
  importToId: string,
  importFromId: string,
  provider?: cdktf.TerraformProvider,
) {
  return new cdktf.ImportableResource(scope, importToId, {
    terraformResourceType: ${quote(type)},
    importId: importFromId,
    provider,
  });
}`;
