import type { Diagnostic } from "../../diagnostic";
import { dynamicOf } from "../../schema/dynamic";
import { isNumberValue } from "../../schema/number";
import { attributeOf, indexOf, keyOf, showPath } from "../../schema/path";
import {
  type AttributePath,
  type CtyType,
  DynamicValue,
  type Json,
  UNKNOWN,
  type Value,
} from "../../schema/value";
import type { HostAttribute, HostSchema } from "./schema";
import { elementType, isMembers } from "./value";

/** A value that is unknown when the user plans and known at apply, as references to new resources are. */
export class Later {
  constructor(readonly value: unknown) {}
}
export const later = (value: unknown): Later => new Later(value);

/** What a test writes: attributes may be left out, and values may be {@link later}. */
export type Configuration = { readonly [name: string]: unknown };

/** A configuration as core hands it over, in both phases. */
export interface Phases {
  readonly planning: Value;
  readonly applying: Value;
}

/** Fills in what was left out. @throws TypeError for what the schema does not know, as core's HCL decoder would. */
export const phasesOf = (schema: HostSchema, config: Configuration): Phases => ({
  planning: complete(schema, config, [], (value) => (value instanceof Later ? UNKNOWN : value)),
  applying: complete(schema, config, [], (value) => (value instanceof Later ? value.value : value)),
});

type Resolve = (value: unknown) => unknown;

function complete(schema: HostSchema, given: unknown, path: AttributePath, resolve: Resolve): Value {
  const object = resolve(given);
  if (object === null || object === undefined) return null;
  if (object === UNKNOWN) return UNKNOWN;
  if (!isMembers(object)) throw new TypeError(`"${showPath(path)}" must be an object.`);
  for (const name of Object.keys(object)) {
    if (!Object.hasOwn(schema, name))
      throw new TypeError(`There is no attribute "${showPath(attributeOf(path, name))}".`);
  }
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]) => [
      name,
      completeAttribute(attribute, object[name], attributeOf(path, name), resolve),
    ]),
  );
}

function completeAttribute(
  { nested, type }: HostAttribute,
  given: unknown,
  path: AttributePath,
  resolve: Resolve,
): Value {
  const value = resolve(given);
  if (!nested || value === null || value === undefined || value === UNKNOWN)
    return convert(type, value, path, resolve);
  const inside = (v: unknown, here: AttributePath) => complete(nested.attributes, v, here, resolve);
  if (nested.nesting === "single") return inside(value, path);
  if (nested.nesting === "map")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inside(v, keyOf(path, k))]));
  if (!Array.isArray(value)) throw new TypeError(`"${showPath(path)}" must be an array.`);
  return value.map((v, i) => inside(v, indexOf(path, i)));
}

function convert(type: CtyType, given: unknown, path: AttributePath, resolve: Resolve): Value {
  const value = resolve(given);
  if (value === null || value === undefined) return null;
  if (value === UNKNOWN || value instanceof DynamicValue) return value;
  if (type === "dynamic") return dynamicOf(value as Json);
  const fits = {
    string: typeof value === "string",
    bool: typeof value === "boolean",
    number: isNumberValue(value),
  };
  if (typeof type === "string") {
    if (!fits[type]) throw new TypeError(`"${showPath(path)}" must be a ${type}.`);
    return value as Value;
  }
  if (type[0] === "map" || type[0] === "object") {
    if (!isMembers(value)) throw new TypeError(`"${showPath(path)}" must be an object.`);
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, convert(elementType(type), v, keyOf(path, k), resolve)]),
    );
  }
  if (!Array.isArray(value)) throw new TypeError(`"${showPath(path)}" must be an array.`);
  return value.map((v, i) => convert(elementType(type, i), v, indexOf(path, i), resolve));
}

/** What core itself says of a configuration before it asks the provider. */
export function ownDiagnostics(schema: HostSchema, config: Value, path: AttributePath = []): Diagnostic[] {
  if (!isMembers(config)) return [];
  return Object.entries(schema).flatMap(([name, { required, optional, nested }]): Diagnostic[] => {
    const [value, here] = [config[name] ?? null, attributeOf(path, name)] as const;
    const error = (summary: string, detail: string): Diagnostic[] => [
      { severity: "error", summary, detail, path: here },
    ];
    if (value === null)
      return required
        ? error(
            "Missing required argument",
            `The argument "${showPath(here)}" is required, but no value was given.`,
          )
        : [];
    if (!required && !optional)
      return error("Value for read-only attribute", `"${showPath(here)}" is decided by the provider.`);
    if (!nested) return [];
    const inside = (v: Value, at: AttributePath) => ownDiagnostics(nested.attributes, v, at);
    if (nested.nesting === "single") return inside(value, here);
    if (Array.isArray(value)) return value.flatMap((v: Value, i) => inside(v, indexOf(here, i)));
    return isMembers(value) ? Object.entries(value).flatMap(([k, v]) => inside(v, keyOf(here, k))) : [];
  });
}
