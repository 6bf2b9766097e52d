import type { ValidateContext } from "../define";
import type { Attribute, Schema } from "../schema/attribute";
import {
  arrayOrNull,
  distinct,
  isNull,
  isObject,
  isWhollyKnown,
  member,
  objectOrNull,
} from "../schema/equality";
import { hookView, toHook } from "../schema/hook-view";
import { attributeOf, indexOf, keyOf, showPath } from "../schema/path";
import { isSensitiveAt, typeOfSchema } from "../schema/schema-type";
import { showValue } from "../schema/show";
import { type AttributePath, UNKNOWN, type Value } from "../schema/value";
import { withDefaults } from "./plan-pipeline";
import type { Operation } from "./session";

interface Options {
  readonly schema: Schema;
  readonly config: Value;
  readonly writeOnlyAllowed: boolean;
  /** The definition's own checks between attributes; asked only when each attribute is right by itself. */
  // biome-ignore lint/suspicious/noExplicitAny: the definition's schema is not known here
  readonly validate?: (config: any, ctx: ValidateContext) => void;
}

/** Attribute rules first, each with its path; then the definition's `validate`. */
export async function validateConfig(op: Operation, { schema, config, writeOnlyAllowed, validate }: Options) {
  if (!isObject(config)) return;
  const outcome = await op.guard("validation", () =>
    validateObject({ op, root: schema, writeOnlyAllowed }, schema, config, []),
  );
  if (!outcome.ok || op.failed || !validate) return;
  await op.guard("validation", () => validate(hookView(schema, config), op.reporter()));
}

interface Scope {
  readonly op: Operation;
  readonly root: Schema;
  readonly writeOnlyAllowed: boolean;
}

function validateObject(scope: Scope, schema: Schema, object: Value, path: AttributePath): void {
  if (!isObject(object)) return;
  for (const [name, attribute] of Object.entries(schema)) {
    const [value, here] = [member(object, name), attributeOf(path, name)] as const;
    if (isNull(value)) requireValue(scope, attribute, here);
    else validateAttribute(scope, attribute, value, here);
  }
}

function requireValue({ op }: Scope, { mode }: Attribute, path: AttributePath): void {
  if (mode === "required")
    op.error(`Missing value for "${showPath(path)}"`, "This attribute is required.", path);
}

function validateAttribute(scope: Scope, attribute: Attribute, value: Value, path: AttributePath): void {
  const { op } = scope;
  const { options, mode, nested } = attribute;
  const name = showPath(path);

  if (mode === "computed") {
    op.error(
      `"${name}" is read-only`,
      "The provider decides this value. Remove it from the configuration.",
      path,
    );
    return;
  }
  if (options.deprecated) op.reporter().warn(`"${name}" is deprecated`, options.deprecated, path);
  if (options.writeOnly && !scope.writeOnlyAllowed)
    op.error(
      `"${name}" needs a newer Terraform`,
      "This attribute is write-only, which keeps its value out of plan and state. That needs Terraform 1.11 or OpenTofu 1.11, or later.",
      path,
    );
  if (nested)
    forEachObject(nested.nesting, value, path, (o, at) => validateObject(scope, nested.attributes, o, at));
  if (nested?.nesting === "set") checkDistinct(op, nested.attributes, arrayOrNull(value) ?? [], path);
  if (isWholeAndKnown(value)) checkValue(scope, attribute, value, path);
}

/** Core counts a set's elements as they are configured, and refuses a plan in which the defaults have made two the same. */
function checkDistinct(
  op: Operation,
  attributes: Schema,
  elements: readonly Value[],
  path: AttributePath,
): void {
  const count = (items: readonly Value[]) => distinct(typeOfSchema(attributes), items).length;
  if (count(elements.map((element) => withDefaults(attributes, element))) < count(elements))
    op.error(
      `Two elements of "${showPath(path)}" are the same`,
      "One of them leaves out an attribute whose default is what the other one says. Remove one of the two.",
      path,
    );
}

const isWholeAndKnown = (value: Value): boolean => value !== UNKNOWN && isWhollyKnown(value);

function checkValue(
  { op, root }: Scope,
  { type, oneOf, options }: Attribute,
  value: Value,
  path: AttributePath,
): void {
  const summary = `Invalid value for "${showPath(path)}"`;
  if (oneOf && !oneOf.includes(value as string)) {
    const found = isSensitiveAt(root, path) ? "The value" : showValue(root, path, value);
    op.error(summary, `${found} is none of ${oneOf.map((v) => JSON.stringify(v)).join(", ")}.`, path);
    return;
  }
  for (const validator of options.validate ?? []) {
    const complaint = validator(toHook(type, value));
    if (complaint !== undefined) op.error(summary, complaint, path);
  }
}

function forEachObject(
  nesting: "single" | "list" | "set" | "map",
  value: Value,
  path: AttributePath,
  visit: (object: Value, path: AttributePath) => void,
): void {
  if (nesting === "single") visit(value, path);
  else if (nesting === "map")
    for (const [key, object] of Object.entries(objectOrNull(value) ?? {})) visit(object, keyOf(path, key));
  // An element of a set has no path of its own: core shows the set.
  else
    for (const [i, object] of (arrayOrNull(value) ?? []).entries())
      visit(object, nesting === "set" ? path : indexOf(path, i));
}
