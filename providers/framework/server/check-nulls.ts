import type { Attribute, Schema } from "../schema/attribute";
import type { Problem } from "../schema/conform";
import { arrayOrNull, member, objectOrNull } from "../schema/equality";
import { attributeOf, indexOf, keyOf } from "../schema/path";
import { type AttributePath, UNKNOWN, type Value } from "../schema/value";

/**
 * Attributes that are null although their declaration (and so the type that hooks see) says that they never are.
 * A null that the hook was given is not its fault: a state that was upgraded or imported has such.
 */
export function checkNulls(schema: Schema, given: Value, state: Value, path: AttributePath = []): Problem[] {
  const [was, is] = [objectOrNull(given), objectOrNull(state)] as const;
  if (!is) return [];
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const [before, now, here] = [
      was ? member(was, name) : undefined,
      member(is, name),
      attributeOf(path, name),
    ] as const;
    if (now === null)
      return mayBeNull(attribute) || before === null
        ? []
        : [{ path: here, message: "is null, and is not declared `nullable`" }];
    return attribute.nested && now !== UNKNOWN ? inside(attribute.nested, before ?? null, now, here) : [];
  });
}

const mayBeNull = ({ mode, options }: Attribute): boolean =>
  mode === "optional" || options.nullable === true || options.writeOnly === true;

function inside(
  { nesting, attributes }: NonNullable<Attribute["nested"]>,
  given: Value,
  state: Value,
  path: AttributePath,
): Problem[] {
  if (nesting === "single") return checkNulls(attributes, given, state, path);
  if (nesting === "map") {
    const [was, is] = [objectOrNull(given) ?? {}, objectOrNull(state) ?? {}] as const;
    return Object.keys(is).flatMap((k) =>
      checkNulls(attributes, member(was, k), member(is, k), keyOf(path, k)),
    );
  }
  const was = arrayOrNull(given) ?? [];
  return (arrayOrNull(state) ?? []).flatMap((v, i) =>
    checkNulls(attributes, was[i] ?? null, v, indexOf(path, i)),
  );
}
