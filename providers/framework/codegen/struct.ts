import type { Nesting } from "../schema/attribute";
import { accessors, configProperties, inputOf } from "./members";
import { lowerFirst } from "./names";
import type { Shape } from "./shape";
import { indent, paragraphs } from "./text";

/** The source text of nested structures: what a user fills in, its mappers, and the classes that refer to it. */

/** Every structure below `shapes`, innermost first. */
export function structs(shapes: readonly Shape[], references: "with references" | "input only"): string {
  return paragraphs(
    ...shapes.map(({ struct }) =>
      struct
        ? paragraphs(
            structs(struct.shapes, references),
            configInterface(struct.name, struct.shapes),
            mapper(struct.name, struct.shapes, "ToTerraform"),
            mapper(struct.name, struct.shapes, "ToHclTerraform"),
            ...(references === "with references"
              ? [
                  outputReference(struct.name, struct.nesting, struct.shapes),
                  collection(struct.name, struct.nesting),
                ]
              : []),
          )
        : "",
    ),
  );
}

const configInterface = (name: string, shapes: readonly Shape[]) =>
  `export interface ${name} {\n${indent(configProperties(shapes))}\n}`;

function mapper(name: string, shapes: readonly Shape[], suffix: "ToTerraform" | "ToHclTerraform"): string {
  const fields = shapes
    .filter((shape) => shape.assignable)
    .map(
      (s) => `${s.name}: ${suffix === "ToTerraform" ? s.toTerraform : nestedHcl(s)}(struct!.${s.member}),`,
    );
  return `export function ${lowerFirst(name)}${suffix}(struct?: ${name} | cdktf.IResolvable): any {
  if (!cdktf.canInspect(struct) || cdktf.Tokenization.isResolvable(struct)) return struct;
  if (cdktf.isComplexElement(struct)) {
    throw new Error("A reference to a nested object cannot be used as configuration. Give an object with its values.");
  }
  return {
${indent(fields.join("\n"), 4)}
  };
}`;
}

/** Inside an expression CDKTF's HCL writer does not escape line ends. */
const nestedHcl = (shape: Shape) => shape.toHcl.replace("cdktf.stringToHclTerraform", "hclText");

/** Functions that the text of structures may call, by their names; a file gets those that it uses. */
export const HELPERS: { readonly [name: string]: string } = {
  hclText: `/** A string inside an HCL expression: line ends (of a PEM text, say) must be escaped there. */
const hclText = (value: any) =>
  typeof value === "string" && !cdktf.Token.isUnresolved(value) ? value.replace(/\\n/g, "\\\\n") : value;`,
  hclMap: `/** CDKTF's HCL writer puts quotes around a key and escapes none that are in it. */
const hclMap = (element: (value: any) => any) => (map: any) => {
  const mapped = cdktf.hashMapperHcl(element)(map);
  if (mapped === map) return map;
  const hclKey = (key: string) => (cdktf.Token.isUnresolved(key) ? key : JSON.stringify(key).slice(1, -1));
  return Object.fromEntries(Object.entries(mapped).map(([key, value]) => [hclKey(key), value]));
};`,
  mapKey: `/** CDKTF writes the key of a nested map as it is given, which is no expression unless it has its quotes. */
const mapKey = (key: string) =>
  cdktf.Token.isUnresolved(key) || key.startsWith('"') ? key : JSON.stringify(key).replace(/([$%])\\{/g, "$1$1{");`,
  verbatim: `/** CDKTF puts every key of a provider's configuration in snake case, those of maps too, but looks into no token. */
const verbatim = (value: any) => (value === undefined ? undefined : cdktf.Lazy.anyValue({ produce: () => value }));`,
};

const CONSTRUCTORS: {
  readonly [N in Nesting]: { readonly parameters: string; readonly superArguments: string };
} = {
  single: { parameters: "", superArguments: "false" },
  list: {
    parameters: ", complexObjectIndex: number, complexObjectIsFromSet: boolean",
    superArguments: "complexObjectIsFromSet, complexObjectIndex",
  },
  set: {
    parameters: ", complexObjectIndex: number, complexObjectIsFromSet: boolean",
    superArguments: "complexObjectIsFromSet, complexObjectIndex",
  },
  map: { parameters: ", complexObjectKey: string", superArguments: "false, complexObjectKey" },
};

function outputReference(name: string, nesting: Nesting, shapes: readonly Shape[]): string {
  const { parameters, superArguments } = CONSTRUCTORS[nesting];
  const assignable = shapes.filter((shape) => shape.assignable);
  const collect = assignable.map(
    (s) => `if (${inputOf(s)} !== undefined) result.${s.member} = ${inputOf(s)};`,
  );
  const spread = assignable.map((s) => `${inputOf(s)} = given?.${s.member};`);
  const body = paragraphs(
    "private isEmptyObject = false;\nprivate resolvableValue?: cdktf.IResolvable;",
    `public constructor(terraformResource: cdktf.IInterpolatingParent, terraformAttribute: string${parameters}) {
  super(terraformResource, terraformAttribute, ${superArguments});
}`,
    `public get internalValue(): ${name} | cdktf.IResolvable | undefined {
  if (this.resolvableValue) return this.resolvableValue;
  const result: any = {};
${indent(collect.join("\n"))}
  return this.isEmptyObject || Object.keys(result).length > 0 ? result : undefined;
}`,
    `public set internalValue(value: ${name} | cdktf.IResolvable | undefined) {
  const resolvable = cdktf.Tokenization.isResolvable(value);
  const given = resolvable ? undefined : (value as ${name} | undefined);
  this.resolvableValue = resolvable ? (value as cdktf.IResolvable) : undefined;
  this.isEmptyObject = given !== undefined && Object.keys(given).length === 0;
${indent(spread.join("\n"))}
}`,
    accessors(shapes),
  );
  return `export class ${name}OutputReference extends cdktf.ComplexObject {\n${indent(body)}\n}`;
}

function collection(name: string, nesting: Nesting): string {
  if (nesting === "single") return "";
  if (nesting === "map") {
    return `export class ${name}Map extends cdktf.ComplexMap {
  public internalValue?: { [key: string]: ${name} } | cdktf.IResolvable;

  /** The member with this key. */
  public get(key: string): ${name}OutputReference {
    return new ${name}OutputReference(this.terraformResource, this.terraformAttribute, mapKey(key));
  }
}`;
  }
  return `export class ${name}List extends cdktf.ComplexList {
  public internalValue?: ${name}[] | cdktf.IResolvable;

  /** The element at this index. */
  public get(index: number): ${name}OutputReference {
    return new ${name}OutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}`;
}
