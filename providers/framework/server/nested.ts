import type { Attribute, Schema } from "../schema/attribute";
import { completeDefault } from "../schema/complete";
import {
  arrayOrNull,
  equal,
  isWhollyKnown,
  member,
  type ObjectValue,
  objectOrNull,
} from "../schema/equality";
import { toHook } from "../schema/hook-view";
import { attributeOf, indexOf, keyOf } from "../schema/path";
import { isComputed } from "../schema/schema-type";
import { type AttributePath, UNKNOWN, type Value } from "../schema/value";

/** What is said of one attribute by the three that take part in a plan. */
export interface Triple {
  readonly config: Value;
  readonly prior: Value;
  readonly planned: Value;
  /** Whether the object that holds the attribute has a prior at all (null attributes have one too). */
  readonly existed: boolean;
}
type Objects = Omit<Triple, "existed">;

/** Decides an attribute's planned value; undefined leaves it, and goes on inside it when it is nested. */
export type Visit = (attribute: Attribute, at: Triple, path: AttributePath) => Value | undefined;

/**
 * Rebuilds a planned object attribute by attribute. Inside a configured nested attribute, objects correspond to
 * their prior by list index, by map key, and in a set by what they have in common.
 */
export function rebuildPlanned(
  schema: Schema,
  at: Objects,
  visit: Visit,
  path: AttributePath = [],
): ObjectValue {
  const [config, prior, planned] = [at.config, at.prior, at.planned].map(membersOf);
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]): [string, Value] => {
      const inner: Triple = {
        config: member(config!, name),
        prior: member(prior!, name),
        planned: member(planned!, name),
        existed: objectOrNull(at.prior) !== null,
      };
      const here = attributeOf(path, name);
      const decided = visit(attribute, inner, here);
      if (decided !== undefined) return [name, decided];
      return [name, attribute.nested ? rebuildNested(attribute.nested, inner, visit, here) : inner.planned];
    }),
  );
}

const membersOf = (value: unknown): ObjectValue => objectOrNull(value as Value) ?? {};

function rebuildNested(
  { nesting, attributes }: NonNullable<Attribute["nested"]>,
  { config, prior, planned }: Objects,
  visit: Visit,
  path: AttributePath,
): Value {
  // What is not configured, or not yet known, has nothing inside that could be decided here.
  if (config === null || config === UNKNOWN || planned === null || planned === UNKNOWN) return planned;
  const rebuild = (at: Objects, here: AttributePath): Value =>
    objectOrNull(at.config) && objectOrNull(at.planned)
      ? rebuildPlanned(attributes, at, visit, here)
      : at.planned;

  if (nesting === "single") return rebuild({ config, prior, planned }, path);
  if (nesting === "map") {
    const [configs, priors] = [objectOrNull(config) ?? {}, objectOrNull(prior) ?? {}] as const;
    return Object.fromEntries(
      Object.entries(objectOrNull(planned) ?? {}).map(([key, value]) => [
        key,
        rebuild(
          { config: member(configs, key), prior: member(priors, key), planned: value },
          keyOf(path, key),
        ),
      ]),
    );
  }
  const configs = arrayOrNull(config) ?? [];
  const priors = nesting === "set" ? matchSet(attributes, configs, prior) : (arrayOrNull(prior) ?? []);
  return (arrayOrNull(planned) ?? []).map((value, i) =>
    rebuild({ config: configs[i] ?? null, prior: priors[i] ?? null, planned: value }, indexOf(path, i)),
  );
}

/**
 * For each configured element of a set, the prior element that says the same where both are configured; null for
 * a new one. Pairs that the defaults agree with come first.
 */
export function matchSet(attributes: Schema, configs: readonly Value[], prior: Value): Value[] {
  const priors = arrayOrNull(prior) ?? [];
  const strict = (c: Value, p: Value) => corresponds(attributes, c, p, true);
  const lenient = (c: Value, p: Value) => corresponds(attributes, c, p, false);
  return pairUp(configs, priors, strict, lenient).map((partner) =>
    partner === null ? null : priors[partner]!,
  );
}

/** Pairs by the first test as many as there can be; what is left over, by the next. Indices into `right`. */
export function pairUp(
  left: readonly Value[],
  right: readonly Value[],
  ...tests: readonly ((l: Value, r: Value) => boolean)[]
): (number | null)[] {
  const partners = new Array<number | null>(left.length).fill(null);
  for (const fits of tests) {
    const restLeft = [...left.keys()].filter((l) => partners[l] === null);
    const restRight = [...right.keys()].filter((r) => !partners.includes(r));
    const found = maximumMatching(restLeft, restRight, (l, r) => fits(left[l]!, right[r]!));
    for (const [i, k] of found.entries()) if (k !== null) partners[restLeft[i]!] = restRight[k]!;
  }
  return partners;
}

/** For each left one the index of its right partner: as many pairs as there can be (augmenting paths). */
function maximumMatching<L, R>(left: readonly L[], right: readonly R[], fits: (l: L, r: R) => boolean) {
  const owner = new Array<number | null>(right.length).fill(null);
  const take = (l: number, tried: Set<number>): boolean =>
    right.some((r, k) => {
      if (tried.has(k) || !fits(left[l]!, r)) return false;
      tried.add(k);
      if (owner[k] !== null && !take(owner[k]!, tried)) return false;
      owner[k] = l;
      return true;
    });
  for (const l of left.keys()) take(l, new Set());
  const partners = new Array<number | null>(left.length).fill(null);
  for (const [k, l] of owner.entries()) if (l !== null) partners[l] = k;
  return partners;
}

function corresponds(attributes: Schema, config: Value, prior: Value, withDefaults: boolean): boolean {
  const [c, p] = [objectOrNull(config), objectOrNull(prior)] as const;
  if (!c || !p) return false;
  return Object.entries(attributes).every(([name, attribute]) => {
    const { writeOnly, default: initial } = attribute.options;
    const [was, configured] = [member(p, name), member(c, name)] as const;
    if (writeOnly) return true;
    if (configured === null && initial !== undefined)
      return !withDefaults || equal(attribute.type, was, completeDefault(attribute, initial as Value));
    if (configured === null) return isComputed(attribute) || was === null;
    return means(attribute, was, configured) || nestedCorresponds(attribute, configured, was, withDefaults);
  });
}

/** Inside a nested attribute the computed parts of the prior are no difference either. */
function nestedCorresponds(
  attribute: Attribute,
  configured: Value,
  was: Value,
  withDefaults: boolean,
): boolean {
  const { nested } = attribute;
  if (!nested || configured === UNKNOWN || was === null) return false;
  if (nested.nesting === "single") return corresponds(nested.attributes, configured, was, withDefaults);
  if (nested.nesting === "map") {
    const [c, p] = [objectOrNull(configured) ?? {}, objectOrNull(was) ?? {}] as const;
    const keys = Object.keys(c);
    return (
      keys.length === Object.keys(p).length &&
      keys.every((k) => corresponds(nested.attributes, member(c, k), member(p, k), withDefaults))
    );
  }
  const [c, p] = [arrayOrNull(configured) ?? [], arrayOrNull(was) ?? []] as const;
  if (c.length !== p.length) return false;
  if (nested.nesting === "list")
    return c.every((v, i) => corresponds(nested.attributes, v, p[i]!, withDefaults));
  const fits = (one: Value, other: Value) => corresponds(nested.attributes, one, other, withDefaults);
  return maximumMatching(c, p, fits).every((partner) => partner !== null);
}

/** True when two values are equal, or the attribute says that they mean the same. */
export function means(attribute: Attribute, before: Value, now: Value): boolean {
  if (equal(attribute.type, before, now)) return true;
  const same = attribute.options.semanticallyEqual;
  if (!same || before === null || now === null || !isWhollyKnown(before) || !isWhollyKnown(now)) return false;
  return same(toHook(attribute.type, before), toHook(attribute.type, now));
}
