import type { Attribute, Schema } from "../schema/attribute";
import { arrayOrNull, equal, isWhollyKnown, member, objectOrNull } from "../schema/equality";
import { toHook } from "../schema/hook-view";
import { attributeOf, indexOf, keyOf, sortedPaths } from "../schema/path";
import { typeOfSchema, walkSchema } from "../schema/schema-type";
import { type AttributePath, UNKNOWN, type Value } from "../schema/value";
import type { Question } from "./asking";
import { type Part, pairUp } from "./set-pairs";

/**
 * The paths whose change replaces the resource: attributes with `requiresReplace` whose planned value differs
 * from the prior one (unknown counts as different). Sorted, each once; none for a create.
 */
export function requiresReplacePaths(
  schema: Schema,
  prior: Value,
  planned: Value,
  replaces: Question,
): AttributePath[] {
  return prior === null || planned === null ? [] : sortedPaths(changed(schema, prior, planned, [], replaces));
}

function changed(
  schema: Schema,
  prior: Value,
  planned: Value,
  path: AttributePath,
  replaces: Question,
): AttributePath[] {
  const [was, will] = [objectOrNull(prior) ?? {}, objectOrNull(planned) ?? {}] as const;
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const [before, after] = [member(was, name), member(will, name)] as const;
    if (equal(attribute.type, before, after)) return [];
    const here = attributeOf(path, name);
    if (replaces(attribute, before, after)) return [here];
    const { nested } = attribute;
    if (!nested || !mayReplace(nested.attributes)) return [];
    if (after === UNKNOWN) return [here];
    const inside = (a: Value, b: Value, at: AttributePath) => changed(nested.attributes, a, b, at, replaces);

    if (nested.nesting === "single")
      return inside(before, after, here).map((p) => existing(p, here, before, after));
    if (nested.nesting === "map") {
      const [b, a] = [objectOrNull(before) ?? {}, objectOrNull(after) ?? {}] as const;
      return [...new Set([...Object.keys(b), ...Object.keys(a)])].flatMap((key) => {
        const at = keyOf(here, key);
        return inside(member(b, key), member(a, key), at).map((p) =>
          existing(p, at, member(b, key), member(a, key)),
        );
      });
    }
    const [b, a] = [arrayOrNull(before) ?? [], arrayOrNull(after) ?? []] as const;
    // An element of a set has no path: the set itself is what changed.
    if (nested.nesting === "set") return keepsElements(nested.attributes, b, a, replaces) ? [] : [here];
    return Array.from({ length: Math.max(b.length, a.length) }, (_, i) => i).flatMap((i) => {
      const [from, to, at] = [b[i] ?? null, a[i] ?? null, indexOf(here, i)] as const;
      return inside(from, to, at).map((p) => existing(p, at, from, to));
    });
  });
}

/** Whether each element of a set has its own on the other side, or none, from which it differs in nothing that replaces. */
function keepsElements(
  attributes: Schema,
  before: readonly Value[],
  after: readonly Value[],
  replaces: Question,
): boolean {
  const type = typeOfSchema(attributes);
  const keeps = (was: Value, will: Value) => changed(attributes, was, will, [], replaces).length === 0;
  const partners = pairUp(after, before, {
    fits: (will, was) => keeps(was, will),
    shared: (will) => replacingParts(attributes, will),
    preferred: (will) => [{ path: [], type, value: will }],
  });
  const paired = new Set(partners);
  return (
    after.every((will, i) => partners[i] !== null || keeps(null, will)) &&
    before.every((was, k) => paired.has(k) || keeps(was, null))
  );
}

/** The parts of which every change replaces. */
const replacingParts = (attributes: Schema, element: Value): Part[] =>
  Object.entries(attributes)
    .filter(([, { options }]) => options.requiresReplace === true)
    .map(([name, { type }]) => ({ path: [name], type, value: member(objectOrNull(element) ?? {}, name) }));

/** What the declaration says of a change; it throws what the code in it throws. */
export function replaces(
  { type, options: { requiresReplace: rule } }: Attribute,
  prior: Value,
  planned: Value,
): boolean {
  if (typeof rule !== "function") return rule === true;
  if (!isWhollyKnown(prior) || !isWhollyKnown(planned)) return true;
  return rule({ prior: toHook(type, prior), planned: toHook(type, planned) });
}

/** Core refuses a path that neither value has: where the object itself came or went, its own path says it. */
const existing = (path: AttributePath, object: AttributePath, before: Value, after: Value): AttributePath =>
  objectOrNull(before) && objectOrNull(after) ? path : object;

function mayReplace(schema: Schema): boolean {
  let found = false;
  walkSchema(schema, (attribute) => (found ||= (attribute.options.requiresReplace ?? false) !== false));
  return found;
}
