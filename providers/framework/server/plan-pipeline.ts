import type { Attribute, Schema } from "../schema/attribute";
import { completeDefault } from "../schema/complete";
import { arrayOrNull, equal, member, type ObjectValue, objectOrNull } from "../schema/equality";
import { isComputed, typeOfSchema } from "../schema/schema-type";
import { UNKNOWN, type Value } from "../schema/value";
import { matchSet, means, rebuildPlanned, type Visit } from "./nested";

/**
 * What is planned before the resource's own hook has a say: defaults, no write-only value, the prior spelling
 * where it means the same; and only if that differs from the prior state, unknown for every computed attribute
 * that is not kept. (Unknown always would be a diff for ever; unknown never, an inconsistent result of apply.)
 */
export function pipeline(schema: Schema, prior: Value, proposed: Value, config: Value): ObjectValue {
  const aligned = rebuildPlanned(schema, { config, prior, planned: proposed }, alignSet);
  const settled = rebuildPlanned(schema, { config, prior, planned: aligned }, settle);
  if (equal(typeOfSchema(schema), settled, prior)) return settled;
  return rebuildPlanned(schema, { config, prior, planned: settled }, markComputed);
}

/** The first that decides; null is a decision. */
const firstOf =
  (...visits: readonly Visit[]): Visit =>
  (attribute, at) => {
    for (const visit of visits) {
      const decided = visit(attribute, at);
      if (decided !== undefined) return decided;
    }
    return undefined;
  };

/** The configuration with the defaults filled in, for where there is no plan: provider and data sources. */
export const withDefaults = (schema: Schema, config: Value): Value =>
  objectOrNull(config)
    ? rebuildPlanned(schema, { config, prior: null, planned: config }, useDefault)
    : config;

/** A set's elements in the configuration's order, computed parts taken from the prior element that matches. */
const alignSet: Visit = (attribute, { config, prior, planned }) => {
  const configs = arrayOrNull(config);
  if (attribute.nested?.nesting !== "set" || !configs || !arrayOrNull(planned)) return undefined;
  const { attributes } = attribute.nested;
  const matches = matchSet(attributes, configs, prior);
  return configs.map((element, i) => fromPrior(attributes, element, matches[i]!));
};

function fromPrior(attributes: Schema, config: Value, prior: Value): Value {
  const [c, p] = [objectOrNull(config), objectOrNull(prior)] as const;
  if (!c || !p) return config;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const [configured, was] = [member(c, name), member(p, name)] as const;
      if (configured === null) return [name, isComputed(attribute) ? was : null];
      return [name, attribute.nested ? fromPriorNested(attribute, configured, was) : configured];
    }),
  );
}

function fromPriorNested(attribute: Attribute, config: Value, prior: Value): Value {
  const { nesting, attributes } = attribute.nested!;
  if (config === UNKNOWN || prior === null) return config;
  if (nesting === "single") return fromPrior(attributes, config, prior);
  if (nesting === "map") {
    const was = objectOrNull(prior) ?? {};
    return Object.fromEntries(
      Object.entries(objectOrNull(config) ?? {}).map(([k, v]) => [
        k,
        fromPrior(attributes, v, member(was, k)),
      ]),
    );
  }
  const configs = arrayOrNull(config) ?? [];
  const priors = nesting === "set" ? matchSet(attributes, configs, prior) : (arrayOrNull(prior) ?? []);
  return configs.map((v, i) => fromPrior(attributes, v, priors[i] ?? null));
}

const useDefault: Visit = (attribute, { config }) =>
  config === null && attribute.options.default !== undefined
    ? completeDefault(attribute, attribute.options.default as Value)
    : undefined;

const nullWriteOnly: Visit = (attribute) => (attribute.options.writeOnly ? null : undefined);

const keepPriorSpelling: Visit = (attribute, { config, prior }) => {
  // Only what is configured and was there before can be spelled as before.
  if (!attribute.sameMeaning || config === null || prior === null) return undefined;
  return means(attribute, prior, config) ? prior : undefined;
};

const markComputed: Visit = (attribute, { config, prior, existed }) => {
  // Configured values and defaults are known.
  if (config !== null || !isComputed(attribute) || attribute.options.default !== undefined) return undefined;
  const { keepPriorValue, nullable } = attribute.options;
  // Kept: but a null is no value to keep, unless the attribute may have none.
  if (keepPriorValue && (prior !== null || (existed && nullable))) return prior;
  return UNKNOWN;
};

const settle = firstOf(nullWriteOnly, useDefault, keepPriorSpelling);
