import { UNKNOWN, type Value } from "../../schema/value";
import type { HostAttribute, HostSchema } from "./schema";
import { at, isMembers, itemsOf, type Members, same } from "./value";

/**
 * `proposed_new_state`: the configuration, with the prior value of what is computed and not configured. Objects in a
 * nested attribute correspond by index or key; in a set, by everything that is configured.
 */
export function propose(schema: HostSchema, prior: Value, config: Value): Value {
  if (!isMembers(config)) return config;
  return Object.fromEntries(
    Object.entries(schema).map(([name, attribute]): [string, Value] => {
      const [was, wanted] = [at(prior, name), at(config, name)] as const;
      if (wanted === null) return [name, attribute.computed ? was : null];
      return [name, attribute.nested ? proposeNested(attribute.nested, was, wanted) : wanted];
    }),
  );
}

function proposeNested(
  { nesting, attributes }: NonNullable<HostAttribute["nested"]>,
  prior: Value,
  config: Value,
): Value {
  if (config === UNKNOWN || config === null) return config;
  if (nesting === "single") return propose(attributes, prior, config);
  if (nesting === "map")
    return Object.fromEntries(
      Object.entries(config as Members).map(([key, v]) => [key, propose(attributes, at(prior, key), v)]),
    );
  const was = [...itemsOf(prior)];
  if (nesting === "list") return itemsOf(config).map((v, i) => propose(attributes, was[i] ?? null, v));
  return itemsOf(config).map((v) => {
    const found = was.findIndex((p) => matches(attributes, p, v));
    const partner = found < 0 ? null : was.splice(found, 1)[0]!;
    return propose(attributes, partner, v);
  });
}

const matches = (attributes: HostSchema, prior: Value, config: Value): boolean =>
  isMembers(prior) &&
  isMembers(config) &&
  Object.entries(attributes).every(
    ([name, { type, computed, writeOnly }]) =>
      writeOnly || (computed && at(config, name) === null) || same(type, at(prior, name), at(config, name)),
  );
