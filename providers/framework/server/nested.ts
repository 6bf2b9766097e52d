import type { Attribute, Schema } from "../schema/attribute";
import { completeDefault } from "../schema/complete";
import {
  arrayOrNull,
  equal,
  identity,
  isNull,
  isWhollyKnown,
  member,
  type ObjectValue,
  objectOrNull,
} from "../schema/equality";
import { toHook } from "../schema/hook-view";
import { isComputed } from "../schema/schema-type";
import { UNKNOWN, type Value } from "../schema/value";
import { type Part, pairUp, type Test } from "./set-pairs";

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
export type Visit = (attribute: Attribute, at: Triple) => Value | undefined;

/**
 * Rebuilds a planned object attribute by attribute. Inside a configured nested attribute, objects correspond to
 * their prior by list index, by map key, and in a set by what they have in common.
 */
export function rebuildPlanned(schema: Schema, at: Objects, visit: Visit): ObjectValue {
  const [config, prior, planned] = [at.config, at.prior, at.planned].map(membersOf);
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]): [string, Value] => {
      const inner: Triple = {
        config: configured(attribute, config!, name),
        prior: member(prior!, name),
        planned: member(planned!, name),
        existed: objectOrNull(at.prior) !== null,
      };
      const decided = visit(attribute, inner);
      if (decided !== undefined) return [name, decided];
      return [name, attribute.nested ? rebuildNested(attribute.nested, inner, visit) : inner.planned];
    }),
  );
}

/** For core a computed attribute is not configured with a null of whatever type; for others the type counts. */
export function configured(attribute: Attribute, config: ObjectValue, name: string): Value {
  const value = member(config, name);
  return isComputed(attribute) && isNull(value) ? null : value;
}

const membersOf = (value: unknown): ObjectValue => objectOrNull(value as Value) ?? {};

function rebuildNested(
  { nesting, attributes }: NonNullable<Attribute["nested"]>,
  { config, prior, planned }: Objects,
  visit: Visit,
): Value {
  // What is not configured, or not yet known, has nothing inside that could be decided here.
  if (config === null || config === UNKNOWN || planned === null || planned === UNKNOWN) return planned;
  const rebuild = (at: Objects): Value =>
    objectOrNull(at.config) && objectOrNull(at.planned) ? rebuildPlanned(attributes, at, visit) : at.planned;

  if (nesting === "single") return rebuild({ config, prior, planned });
  if (nesting === "map") {
    const [configs, priors] = [objectOrNull(config) ?? {}, objectOrNull(prior) ?? {}] as const;
    return Object.fromEntries(
      Object.entries(objectOrNull(planned) ?? {}).map(([key, value]) => [
        key,
        rebuild({ config: member(configs, key), prior: member(priors, key), planned: value }),
      ]),
    );
  }
  const configs = arrayOrNull(config) ?? [];
  const priors = nesting === "set" ? matchSet(attributes, configs, prior) : (arrayOrNull(prior) ?? []);
  return (arrayOrNull(planned) ?? []).map((value, i) =>
    rebuild({ config: configs[i] ?? null, prior: priors[i] ?? null, planned: value }),
  );
}

/**
 * For each configured element of a set, the prior element that says the same where both are configured; null for
 * a new one. Pairs that the defaults agree with come first.
 */
export function matchSet(attributes: Schema, configs: readonly Value[], prior: Value): Value[] {
  const priors = arrayOrNull(prior) ?? [];
  const [strict, lenient] = [correspondence(attributes, true), correspondence(attributes, false)];
  return pairUp(configs, priors, strict, lenient).map((partner) =>
    partner === null ? null : priors[partner]!,
  );
}

const correspondence = (attributes: Schema, withDefaults: boolean): Test => ({
  fits: (config, prior) => corresponds(attributes, config, prior, withDefaults),
  shared: (config) => configuredParts(attributes, config, withDefaults, false),
  preferred: (config) => configuredParts(attributes, config, withDefaults, true),
});

/**
 * The parts of a configured object that every prior which {@link corresponds} has just so.
 * @param spelled also those that may be spelled otherwise.
 */
function configuredParts(
  attributes: Schema,
  config: Value,
  withDefaults: boolean,
  spelled: boolean,
  path: readonly string[] = [],
): Part[] {
  const c = objectOrNull(config);
  if (!c) return [];
  return Object.entries(attributes).flatMap(([name, attribute]): Part[] => {
    const { writeOnly, default: initial } = attribute.options;
    const [configured, here] = [member(c, name), [...path, name]] as const;
    const same = (value: Value): Part[] => [{ path: here, type: attribute.type, value }];
    if (writeOnly) return [];
    if (configured === null && initial !== undefined)
      return withDefaults ? same(completeDefault(attribute, initial as Value)) : [];
    if (configured === null) return isComputed(attribute) ? [] : same(null);
    if (attribute.sameMeaning)
      return spelled
        ? same(configured)
        : meaning(attribute).map((part) => ({ ...part, path: here, value: configured }));
    const { nested } = attribute;
    if (!nested || isExact(nested.attributes)) return same(configured);
    return nested.nesting === "single"
      ? configuredParts(nested.attributes, configured, withDefaults, spelled, here)
      : [];
  });
}

/** Whether objects correspond only if they are equal; worked out once for each schema. */
const exact = new WeakMap<Schema, boolean>();

function isExact(schema: Schema): boolean {
  const before = exact.get(schema);
  if (before !== undefined) return before;
  const found = Object.values(schema).every(
    (attribute) =>
      !isComputed(attribute) &&
      !attribute.options.writeOnly &&
      !attribute.sameMeaning &&
      (!attribute.nested || isExact(attribute.nested.attributes)),
  );
  exact.set(schema, found);
  return found;
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
  return pairUp(c, p, correspondence(nested.attributes, withDefaults)).every((partner) => partner !== null);
}

/**
 * By what a value of an attribute with `sameMeaning` finds those that mean the same: its canonical form, if there
 * is one. Only what is known has one.
 */
export function meaning(attribute: Attribute): readonly Pick<Part, "type" | "keyOf">[] {
  const { type, options } = attribute;
  const { canonical } = options;
  if (!canonical) return [];
  const keyOf = (value: Value): string => {
    if (isNull(value) || !isWhollyKnown(value)) return identity(type, value);
    try {
      return `means ${canonical(toHook(type, value))}`;
    } catch {
      // What has none means itself alone. The comparison throws too, where that is reported.
      return identity(type, value);
    }
  };
  return [{ type, keyOf }];
}

/** True when two values are equal, or the attribute says that they mean the same. */
export function means(attribute: Attribute, before: Value, now: Value): boolean {
  if (equal(attribute.type, before, now)) return true;
  const same = attribute.sameMeaning;
  if (!same || isNull(before) || isNull(now) || !isWhollyKnown(before) || !isWhollyKnown(now)) return false;
  return same(toHook(attribute.type, before), toHook(attribute.type, now));
}
