import type { Shape } from "./shape";
import { docComment, indent } from "./text";

/** Source text that resources, providers and nested structures share: what stands for single attributes. */

/** The description of an attribute and what else a user must know of it. */
export function docOf(shape: Shape): string {
  const { description, deprecated, sensitive, writeOnly, requiresReplace } = shape.attribute.options;
  const notes = [
    sensitive &&
      `Sensitive: masked in ${writeOnly ? "what is printed" : "plans, but in the state in clear"}.`,
    writeOnly && "Write-only: never in a plan or state, so it cannot be referred to.",
    typeof requiresReplace === "function" && "Some changes replace the resource.",
    requiresReplace === true && "A change replaces the resource.",
  ].filter((note) => typeof note === "string");
  const tags = [
    shape.attribute.options.default !== undefined &&
      `@default ${JSON.stringify(shape.attribute.options.default)}`,
    deprecated && `@deprecated ${deprecated}`,
  ].filter((tag) => typeof tag === "string");
  const rest = [...notes, ...tags];
  return docComment([description.trim(), ...(rest.length > 0 ? ["", ...rest] : [])]);
}

/** The properties of the interface that a user fills in. */
export const configProperties = (shapes: readonly Shape[]): string =>
  shapes
    .filter((shape) => shape.assignable)
    .map((s) => `${docOf(s)}readonly ${s.member}${s.required ? "" : "?"}: ${s.input};`)
    .join("\n");

/** Where the value that was given is kept. */
export const inputOf = (shape: Shape): string =>
  shape.stored ? `this._${shape.member}.internalValue` : `this._${shape.member}`;

/** Getter, setter, `putX`, `resetX` and `xInput` of each attribute. */
export const accessors = (shapes: readonly Shape[]): string => shapes.map(accessor).join("\n\n");

function accessor(shape: Shape): string {
  const { member, input } = shape;
  const method = member.charAt(0).toUpperCase() + member.slice(1);
  const doc = docOf(shape);
  const parts: string[] = [];
  if (shape.stored) {
    parts.push(
      `private _${member} = ${shape.stored};`,
      `${doc}public get ${member}() {\n  return this._${member};\n}`,
    );
    if (shape.assignable)
      parts.push(`public put${method}(value: ${input}) {\n  ${inputOf(shape)} = value;\n}`);
  } else {
    if (shape.assignable) parts.push(`private _${member}?: ${input};`);
    // There is nothing that a reference to a write-only attribute could give.
    if (!shape.attribute.options.writeOnly) {
      parts.push(
        `${doc}public get ${member}()${shape.attribute.oneOf ? ": string" : ""} {\n  return ${shape.read};\n}`,
      );
    }
    if (shape.assignable)
      parts.push(`public set ${member}(value: ${input}) {\n  this._${member} = value;\n}`);
  }
  if (shape.assignable && !shape.required) {
    parts.push(`public reset${method}() {\n  ${inputOf(shape)} = undefined;\n}`);
  }
  if (shape.assignable) {
    parts.push(`/** What was configured. */\npublic get ${member}Input() {\n  return ${inputOf(shape)};\n}`);
  }
  return parts.join("\n");
}

/** The accessors of a provider, which nothing can refer to: they hold what was configured. */
export const providerAccessors = (shapes: readonly Shape[]): string =>
  shapes
    .map((shape) => {
      const { member, input } = shape;
      const method = member.charAt(0).toUpperCase() + member.slice(1);
      // The one member that CDKTF's base class has too.
      const override = member === "alias" ? "override " : "";
      return [
        `private _${member}?: ${input};`,
        `${docOf(shape)}public ${override}get ${member}(): ${input} | undefined {\n  return this._${member};\n}`,
        `public ${override}set ${member}(value: ${input} | undefined) {\n  this._${member} = value;\n}`,
        ...(shape.required ? [] : [`public reset${method}() {\n  this._${member} = undefined;\n}`]),
        `public get ${member}Input() {\n  return this._${member};\n}`,
      ].join("\n");
    })
    .join("\n\n");

/**
 * `synthesizeAttributes` and `synthesizeHclAttributes` over the values that `value` finds. `wrap` goes
 * around the value of each attribute.
 */
export function synthesis(
  shapes: readonly Shape[],
  value: (shape: Shape) => string,
  wrap: (expression: string) => string = (expression) => expression,
): string {
  const assignable = shapes.filter((shape) => shape.assignable);
  const json = assignable.map((s) => `${s.name}: ${wrap(`${s.toTerraform}(${value(s)})`)},`).join("\n");
  const hcl = assignable
    .map(
      (s) =>
        `${s.name}: {\n  value: ${wrap(`${s.toHcl}(${value(s)})`)},\n  isBlock: false,\n` +
        `  type: "${s.hcl.type}",\n  storageClassType: "${s.hcl.storageClassType}",\n},`,
    )
    .join("\n");
  return [
    `protected override synthesizeAttributes(): { [name: string]: any } {\n  return {\n${indent(json, 4)}\n  };\n}`,
    `protected override synthesizeHclAttributes(): { [name: string]: any } {\n  const attrs = {\n${indent(hcl, 4)}\n  };`,
    `  // What was not configured is not written.`,
    `  return Object.fromEntries(Object.entries(attrs).filter(([, attribute]) => attribute.value !== undefined));\n}`,
  ].join("\n");
}
