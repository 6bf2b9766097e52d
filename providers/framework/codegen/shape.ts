import type { Attribute, Nesting } from "../schema/attribute";
import type { CtyType } from "../schema/value";
import { lowerFirst, memberName, pascalCase } from "./names";
import { quote } from "./text";

/** How one attribute appears in a binding: the pieces of source text that its kind decides. */
export interface Shape {
  readonly attribute: Attribute;
  /** As Terraform spells it. */
  readonly name: string;
  /** As the binding spells it. */
  readonly member: string;
  /** A user may set it. */
  readonly assignable: boolean;
  readonly required: boolean;
  /** The type of what a user gives. */
  readonly input: string;
  /** The expression that refers to the attribute. */
  readonly read: string;
  /** The object that stands for the attribute for good, where an expression is not enough. */
  readonly stored?: string;
  /** The nested structure, when there is one. */
  readonly struct?: { readonly name: string; readonly nesting: Nesting; readonly shapes: readonly Shape[] };
  /** The function that turns an input into Terraform JSON. */
  readonly toTerraform: string;
  /** The same for HCL. */
  readonly toHcl: string;
  /** What CDKTF's HCL writer must know of it at the top level of a resource. */
  readonly hcl: { readonly type: string; readonly storageClassType: string };
}

/** The shapes of a schema whose structures are called after `owner`. */
export const shapesOf = (
  attributes: { readonly [name: string]: Attribute },
  owner: string,
): readonly Shape[] => Object.entries(attributes).map(([name, attribute]) => shapeOf(name, attribute, owner));

function shapeOf(name: string, attribute: Attribute, owner: string): Shape {
  const assignable = attribute.mode !== "computed";
  const common = {
    attribute,
    name,
    member: memberName(name),
    assignable,
    required: attribute.mode === "required",
  };
  const kind = attribute.nested
    ? nestedKind(name, attribute.nested, owner + pascalCase(name))
    : plainKind(name, attribute, assignable);
  return { ...common, ...kind };
}

type Kind = Omit<Shape, "attribute" | "name" | "member" | "assignable" | "required">;

const PRIMITIVES = {
  string: { type: "string", input: "string", list: "getListAttribute" },
  number: { type: "number", input: "number", list: "getNumberListAttribute" },
  bool: { type: "boolean", input: "boolean | cdktf.IResolvable", list: undefined },
} as const;
type Primitive = (typeof PRIMITIVES)[keyof typeof PRIMITIVES];

function plainKind(name: string, attribute: Attribute, assignable: boolean): Kind {
  const { type } = attribute;
  if (type === "dynamic") return anything(quote(name));
  const [collection, element] = Array.isArray(type) ? [type[0], type[1]] : ["single", type];
  if (Array.isArray(element)) return collectionOfCollections(quote(name), type, assignable);
  const primitive = PRIMITIVES[element as keyof typeof PRIMITIVES];
  const kind = COLLECTIONS[collection as keyof typeof COLLECTIONS];
  if (!primitive || !kind) {
    throw new Error(`Attribute "${name}": there is no binding for the type ${JSON.stringify(type)}.`);
  }
  return kind(quote(name), primitive, assignable, attribute);
}

/** Whatever Terraform takes. (`cdktf get` makes a map of it, which no string or list fits in.) */
const anything = (name: string): Kind => ({
  input: "any",
  read: `this.interpolationForAttribute(${name})`,
  toTerraform: "cdktf.anyToTerraform",
  toHcl: "cdktf.anyToHclTerraform",
  hcl: { type: "any", storageClassType: "any" },
});

/** Lists, sets and maps of lists, sets and maps. */
function collectionOfCollections(name: string, type: CtyType, assignable: boolean): Kind {
  const { input, toTerraform, toHcl, words } = nestedType(type);
  const outer = String(type[0]);
  const whole = `this.interpolationForAttribute(${name})`;
  // CDKTF has classes for two levels.
  const stored =
    assignable || words.length > 3
      ? undefined
      : `new cdktf.${words.map(pascalCase).join("")}(this, ${name}${outer === "map" ? "" : `, ${outer === "set"}`})`;
  return {
    input: `${input} | cdktf.IResolvable`,
    read: outer === "set" ? `cdktf.Token.asAny(cdktf.Fn.tolist(${whole}))` : whole,
    ...(stored && { stored }),
    toTerraform,
    toHcl,
    hcl: { type: outer, storageClassType: lowerFirst(words.map(pascalCase).join("")) },
  };
}

interface NestedType {
  readonly input: string;
  readonly toTerraform: string;
  readonly toHcl: string;
  /** From the inside out, as CDKTF names its classes: `string`, `list`, `map`. */
  readonly words: readonly string[];
}

function nestedType(type: CtyType): NestedType {
  if (typeof type === "string") {
    const primitive = PRIMITIVES[type as keyof typeof PRIMITIVES];
    if (!primitive) throw new Error(`There is no binding for a collection of ${type}.`);
    const [toTerraform, toHcl] = mappers(primitive);
    return { input: primitive.input, toTerraform, toHcl, words: [primitive.type] };
  }
  const inner = nestedType(type[1] as CtyType);
  const isMap = type[0] === "map";
  const list = inner.input.includes("|") ? `Array<${inner.input}> | cdktf.IResolvable` : `${inner.input}[]`;
  return {
    input: isMap ? `{ [key: string]: ${inner.input} }` : list,
    toTerraform: isMap
      ? `cdktf.hashMapper(${inner.toTerraform})`
      : `cdktf.listMapper(${inner.toTerraform}, false)`,
    toHcl: isMap ? `hclMap(${inner.toHcl})` : `cdktf.listMapperHcl(${inner.toHcl}, false)`,
    words: [...inner.words, isMap ? "map" : "list"],
  };
}

const mappers = (p: Primitive) => [`cdktf.${p.type}ToTerraform`, `cdktf.${p.type}ToHclTerraform`] as const;
const className = (p: Primitive) => pascalCase(p.type);

const COLLECTIONS = {
  single: (name: string, p: Primitive, _assignable: boolean, attribute: Attribute): Kind => {
    const [toTerraform, toHcl] = mappers(p);
    return {
      // A union cannot hold a token, which is any string, so an expression comes as IResolvable.
      input: attribute.oneOf ? [...attribute.oneOf.map(quote), "cdktf.IResolvable"].join(" | ") : p.input,
      read: `this.get${className(p)}Attribute(${name})`,
      toTerraform,
      toHcl,
      hcl: { type: "simple", storageClassType: p.type },
    };
  },
  list: (name: string, p: Primitive, assignable: boolean): Kind => ({
    ...sequence("list", p),
    read: p.list ? `this.${p.list}(${name})` : `this.interpolationForAttribute(${name})`,
    stored: p.list || assignable ? undefined : `new cdktf.${className(p)}List(this, ${name}, false)`,
  }),
  // A set has no index, so it is read as a list.
  set: (name: string, p: Primitive, assignable: boolean): Kind => ({
    ...sequence("set", p),
    read: {
      string: `cdktf.Fn.tolist(this.getListAttribute(${name}))`,
      number: `cdktf.Token.asNumberList(cdktf.Fn.tolist(this.getNumberListAttribute(${name})))`,
      boolean: `cdktf.Token.asAny(cdktf.Fn.tolist(this.interpolationForAttribute(${name})))`,
    }[p.type],
    stored: p.list || assignable ? undefined : `new cdktf.${className(p)}List(this, ${name}, true)`,
  }),
  map: (name: string, p: Primitive, assignable: boolean): Kind => {
    const [toTerraform, toHcl] = mappers(p);
    return {
      input: `{ [key: string]: ${p.input} }${p.type === "boolean" ? " | cdktf.IResolvable" : ""}`,
      read: `this.get${className(p)}MapAttribute(${name})`,
      stored: assignable ? undefined : `new cdktf.${className(p)}Map(this, ${name})`,
      toTerraform: `cdktf.hashMapper(${toTerraform})`,
      toHcl: `hclMap(${toHcl})`,
      hcl: { type: "map", storageClassType: `${p.type}Map` },
    };
  },
};

function sequence(type: "list" | "set", p: Primitive) {
  const [toTerraform, toHcl] = mappers(p);
  return {
    input: p.list ? `${p.input}[]` : `Array<${p.input}> | cdktf.IResolvable`,
    toTerraform: `cdktf.listMapper(${toTerraform}, false)`,
    toHcl: `cdktf.listMapperHcl(${toHcl}, false)`,
    hcl: { type, storageClassType: `${p.type}List` },
  };
}

const NESTINGS: {
  readonly [N in Nesting]: {
    readonly input: (struct: string) => string;
    readonly stored: (struct: string, name: string) => string;
    readonly mapper: (element: string, hcl: "" | "Hcl") => string;
  };
} = {
  single: {
    input: (struct) => struct,
    stored: (struct, name) => `new ${struct}OutputReference(this, ${name})`,
    mapper: (element) => element,
  },
  list: {
    input: (struct) => `${struct}[]`,
    stored: (struct, name) => `new ${struct}List(this, ${name}, false)`,
    mapper: (element, hcl) => `cdktf.listMapper${hcl}(${element}, false)`,
  },
  set: {
    input: (struct) => `${struct}[]`,
    stored: (struct, name) => `new ${struct}List(this, ${name}, true)`,
    mapper: (element, hcl) => `cdktf.listMapper${hcl}(${element}, false)`,
  },
  map: {
    input: (struct) => `{ [key: string]: ${struct} }`,
    stored: (struct, name) => `new ${struct}Map(this, ${name})`,
    mapper: (element, hcl) => (hcl === "" ? `cdktf.hashMapper(${element})` : `hclMap(${element})`),
  },
};

function nestedKind(name: string, nested: NonNullable<Attribute["nested"]>, struct: string): Kind {
  const nesting = NESTINGS[nested.nesting];
  const stored = nesting.stored(struct, quote(name));
  return {
    input: `${nesting.input(struct)} | cdktf.IResolvable`,
    read: stored,
    stored,
    struct: { name: struct, nesting: nested.nesting, shapes: shapesOf(nested.attributes, struct) },
    toTerraform: nesting.mapper(`${lowerFirst(struct)}ToTerraform`, ""),
    toHcl: nesting.mapper(`${lowerFirst(struct)}ToHclTerraform`, "Hcl"),
    // Nested attributes are written `name = {...}`. CDKTF's own generator marks them as blocks, which
    // neither core accepts; "any" makes the writer print the value as an expression.
    hcl: { type: "any", storageClassType: "any" },
  };
}
