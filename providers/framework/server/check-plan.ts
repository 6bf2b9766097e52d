import type { Attribute, Schema } from "../schema/attribute";
import type { Problem } from "../schema/conform";
import { arrayOrNull, distinct, equal, member, type ObjectValue, objectOrNull } from "../schema/equality";
import { attributeOf, indexOf, keyOf } from "../schema/path";
import { isComputed, typeOfSchema } from "../schema/schema-type";
import { showValue } from "../schema/show";
import { type AttributePath, UNKNOWN, type Value } from "../schema/value";
import { configured, matchSet } from "./nested";

/**
 * The rules by which core judges a planned object (Terraform's "Resource Instance Change Lifecycle" document,
 * PlanResourceChange). Broken, core's message blames the provider without saying why; ours names the rule. The
 * same rules hold for what a data source returns, without a prior.
 */
export function checkPlan(schema: Schema, prior: Value, config: Value, planned: Value): Problem[] {
  return checkObject({ root: schema, schema, prior, config, planned, path: [] });
}

interface At {
  readonly root: Schema;
  readonly schema: Schema;
  readonly prior: Value;
  readonly config: Value;
  readonly planned: Value;
  readonly path: AttributePath;
}

function checkObject({ root, schema, path, ...values }: At): Problem[] {
  const [config, planned] = [membersOf(values.config), membersOf(values.planned)] as const;
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const [is, asked] = [member(planned, name), configured(attribute, config, name)] as const;
    if (!attribute.options.writeOnly && equal(attribute.type, is, asked)) return [];
    return checkAttribute(attribute, {
      root,
      schema,
      prior: member(membersOf(values.prior), name),
      config: asked,
      planned: is,
      path: attributeOf(path, name),
    });
  });
}

function checkAttribute(attribute: Attribute, at: At): Problem[] {
  const { root, prior, config, planned, path } = at;
  const show = (value: Value) => showValue(root, path, value);
  const problem = (message: string): Problem[] => [{ path, message }];

  if (attribute.options.writeOnly) return planned === null ? [] : problem("is write-only and must be null");
  // Keeping a prior value for a configured attribute says that both mean the same.
  if (prior !== null && config !== null && equal(attribute.type, planned, prior)) return [];
  if (config === null) {
    if (isComputed(attribute)) return [];
    return problem(`is not configured and not computed, so it must be null, and is ${show(planned)}`);
  }
  if (config === UNKNOWN)
    return problem(
      `is configured with a value that is not known yet, so it must be unknown, and is ${show(planned)}`,
    );
  if (!attribute.nested || planned === null || planned === UNKNOWN)
    return problem(
      `must be the configured value ${show(config)} or, when that means the same, the prior one; it is ${show(planned)}`,
    );
  return checkNested(attribute.nested, at);
}

function checkNested({ nesting, attributes }: NonNullable<Attribute["nested"]>, at: At): Problem[] {
  const { root, prior, config, planned, path } = at;
  const inside = (p: Value, c: Value, n: Value, here: AttributePath): Problem[] =>
    checkElement({ root, schema: attributes, prior: p, config: c, planned: n, path: here });

  if (nesting === "single") return inside(prior, config, planned, path);
  if (nesting === "map") {
    const [p, c, n] = [prior, config, planned].map(membersOf);
    const keys = [...new Set([...Object.keys(c!), ...Object.keys(n!)])];
    return keys.flatMap((key) => {
      const here = keyOf(path, key);
      if (!Object.hasOwn(n!, key))
        return [{ path: here, message: "is configured and missing from the plan" }];
      if (!Object.hasOwn(c!, key)) return [{ path: here, message: "is planned and not configured" }];
      return inside(member(p!, key), member(c!, key), member(n!, key), here);
    });
  }
  const [p, c, n] = [prior, config, planned].map(itemsOf);
  const count = (items: readonly Value[]): number =>
    nesting === "set" ? distinct(typeOfSchema(attributes), items).length : items.length;
  const [wanted, found] = [count(c!), count(n!)] as const;
  if (wanted !== found)
    return [{ path, message: `must have as many elements as configured (${wanted}), and has ${found}` }];
  if (nesting === "list")
    return c!.flatMap((_, i) => inside(p![i] ?? null, c![i] ?? null, n![i] ?? null, indexOf(path, i)));
  const fits = (was: Value, k: Value, v: Value) => inside(was, k, v, path).length === 0;
  return hasStray(attributes, fits, p!, c!, n!)
    ? [{ path, message: "has an element that corresponds to no configured one" }]
    : [];
}

/** Whether there is a planned element that fits no configured one, beside whichever prior. */
function hasStray(
  attributes: Schema,
  fits: (prior: Value, config: Value, planned: Value) => boolean,
  priors: readonly Value[],
  configs: readonly Value[],
  planned: readonly Value[],
): boolean {
  // Nearly every plan consists of pairs: only what is in none of them is compared with everything.
  const partners = new Map(matchSet(attributes, configs, planned).map((v, i) => [v, i]));
  const befores = matchSet(attributes, configs, priors);
  const anyFits = (v: Value, k: Value) => [null, ...priors].some((was) => fits(was, k, v));
  return planned.some((v) => {
    if (!objectOrNull(v)) return !configs.includes(v);
    const i = partners.get(v);
    if (i !== undefined && (fits(null, configs[i]!, v) || fits(befores[i]!, configs[i]!, v))) return false;
    return !configs.some((k) => anyFits(v, k));
  });
}

const membersOf = (value: unknown): ObjectValue => objectOrNull(value as Value) ?? {};
const itemsOf = (value: unknown): readonly Value[] => arrayOrNull(value as Value) ?? [];

/** One object inside a nested attribute: null and unknown ones must be what is configured. */
function checkElement(at: At): Problem[] {
  if (objectOrNull(at.config) && objectOrNull(at.planned)) return checkObject(at);
  return at.config === at.planned
    ? []
    : [{ path: at.path, message: "must be the configured object (null and unknown ones too)" }];
}
